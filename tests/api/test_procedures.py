"""`GET /procedures`: what a kiosk, a phone and a clerk's page are told when somebody asks in their own words."""

import asyncio
import threading

import msgspec
import pytest

from queue_server.api import procedures as api
from queue_server.procedures import Hit, Index, Procedure, Words, index, load, search
from queue_server.wire.procedures import LIMIT_DEFAULT, LIMIT_MAX, QUERY_LENGTH_MAX
from tests.api.halls import TestHall


async def test_everybody_finds_a_procedure_with_all_that_is_known_of_it(hall: TestHall) -> None:
    """A citizen asks before they come; what they read must be what the source says, and where it is from."""
    answer = await hall.get("/procedures?q=khai%20sinh&limit=3")
    assert answer.status == 200
    first = answer.body["procedures"][0]
    assert first["code"] == "1.001193"
    assert first["short_name"] == {"vi": "Đăng\u00a0ký khai\u00a0sinh", "en": "Birth registration"}
    assert (first["fee"], first["online"], first["decision"]) == ("Miễn phí", True, "163/QĐ-BTP")
    assert first["same_day_cutoff"] == "15:00"
    assert len(first["papers"]) == 3
    assert (answer.body["source"], answer.body["snapshot_date"]) == (load().source, "2026-07-20")
    assert answer.body["cut"] is False


async def test_what_nobody_has_told_us_is_null_and_not_empty(hall: TestHall) -> None:
    """An empty fee on a screen reads as "free"."""
    unknown = Procedure(code="1.000001", name="Thủ tục lạ", short_name=Words("Thủ tục lạ"))
    catalogue = msgspec.structs.replace(load(), procedures=(unknown,))
    hall.parts.live.procedures = index(catalogue)
    (found,) = (await hall.get("/procedures?q=1.000001")).body["procedures"]
    assert [found[name] for name in ("fee", "time_limit", "field", "level", "decision", "decision_date")] == [None] * 6
    assert found["short_name"] == {"vi": "Thủ tục lạ", "en": "Thủ tục lạ"}


async def test_nothing_asked_gives_the_most_common_ones(hall: TestHall) -> None:
    """A page is of use before anything is typed."""
    common = [one.code for one in load().procedures[:LIMIT_DEFAULT]]
    for query in ("", "?q=", "?q=%20%0a"):
        found = (await hall.get(f"/procedures{query}")).body["procedures"]
        assert [one["code"] for one in found] == common


async def test_limits_and_lengths_out_of_bounds_are_named(hall: TestHall) -> None:
    """A program that asks for everything is told how much it may ask for."""
    for limit in ("0", "-1", str(LIMIT_MAX + 1), "ten", "", "9" * 400):
        answer = await hall.get(f"/procedures?limit={limit}")
        assert (answer.status, answer.detail["field"]) == (422, "limit"), limit
    assert len((await hall.get(f"/procedures?limit={LIMIT_MAX}")).body["procedures"]) == len(
        load().procedures[:LIMIT_MAX]
    )
    assert (await hall.get(f"/procedures?q={'a' * (QUERY_LENGTH_MAX + 1)}")).detail["field"] == "q"


async def test_a_letter_that_was_pasted_is_answered_by_its_beginning(hall: TestHall) -> None:
    """The person is told that only the beginning counts."""
    answer = await hall.get(f"/procedures?q=khai+sinh+{'x' * 900}")
    assert (answer.status, answer.body["cut"]) == (200, True)


async def test_no_text_is_a_fault_of_ours(hall: TestHall) -> None:
    """The box is public: halves of letters, signs that turn the direction, markup."""
    for query in ("%ff%fe", "%00", "%ed%a0%80", "%E2%80%AE", "<script>", "'%22;--", "%F0%9F%98%80" * 100):
        assert (await hall.get(f"/procedures?q={query}")).status == 200, query


async def test_searches_hold_nobody_up(hall: TestHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls and tickets go on while many search: never in the loop's thread, and one at a time."""
    threads: list[int] = []
    at_once: list[int] = []

    def watched(ready: Index, query: str, limit: int) -> list[Hit]:
        threads.append(threading.get_ident())
        at_once.append(1)
        most.append(len(at_once))
        found = search(ready, query, limit)
        at_once.pop()
        return found

    most: list[int] = []
    monkeypatch.setattr(api, "search", watched)
    async with asyncio.TaskGroup() as group:
        for _ in range(40):
            group.create_task(hall.get("/procedures?q=dang+ky+cap+giay+chung+nhan&limit=50"))
    assert (len(threads), max(most)) == (40, 1)
    assert threading.get_ident() not in threads


async def test_pages_are_told_that_there_are_names(hall: TestHall) -> None:
    """Else they show codes."""
    assert (await hall.get("/hall", role="clerk")).body["procedures"] is True

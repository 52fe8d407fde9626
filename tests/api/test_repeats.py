"""Idempotency-Key: what was answered once is answered the same again, also after a restart."""

import asyncio
import sqlite3
from pathlib import Path

from tests.api.halls import Json, TestHall, a_hall

LIVE = ("head", "ahead", "expected_wait_s", "wait_p90_s")


def _kept(ticket: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in ticket.items() if name not in LIVE}


async def test_a_ticket_asked_for_twice_is_given_once(hall: TestHall) -> None:
    """A kiosk that lost the answer asks again; the citizen must not hold two numbers."""
    first = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-1")
    again = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert _kept(first.body) == _kept(again.body)
    assert first.body["key"] is not None
    assert len(hall.parts.engine.board.tickets) == 1


async def test_a_repeat_is_known_after_a_restart(tmp_path: Path) -> None:
    """Power fails between the commit and the answer."""
    async with a_hall(tmp_path / "hall") as before:
        first = await before.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-1")
        refused = await before.post("/counters/1/next", role="clerk", key="n-1")
        tokens = before.tokens
    async with a_hall(tmp_path / "hall", tokens=tokens) as after:
        again = await after.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-1")
        assert _kept(again.body) == _kept(first.body)
        assert (await after.post("/counters/1/next", role="clerk", key="n-1")).raw == refused.raw
        assert (await after.get(f"/tickets/{first.body['id']}", role="observer")).body["number"] == 1001


async def test_many_at_once_with_one_key_are_one(hall: TestHall) -> None:
    """A double tap sends two requests in the same instant."""
    answers = await asyncio.gather(
        *(hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="same") for _ in range(20))
    )
    assert {answer.body["id"] for answer in answers} == {answers[0].body["id"]}
    assert {answer.body["key"] for answer in answers} == {answers[0].body["key"]}


async def test_a_key_with_another_body_is_a_mistake(hall: TestHall) -> None:
    """A client that reuses keys must hear of it before it matters."""
    await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-1")
    other = await hall.post("/tickets", {"service": "dat-dai"}, role="kiosk", key="k-1")
    assert (other.status, other.code) == (422, "key-reused")


async def test_a_key_belongs_to_its_token_method_and_path(hall: TestHall) -> None:
    """Two kiosks may count their keys from one."""
    kiosk = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="1")
    guide = await hall.post("/tickets", {"service": "ho-tich"}, role="guide", key="1")
    assert kiosk.body["number"] != guide.body["number"]
    await hall.serving(1)
    one = await hall.post("/counters/1/next", role="clerk", key="1")
    assert one.body["ticket"]["number"] == kiosk.body["number"]


async def test_a_refusal_of_the_rules_is_repeated_even_when_it_no_longer_holds(hall: TestHall) -> None:
    """The first answer is the answer: else a retry would do what the clerk gave up."""
    refused = await hall.post("/counters/1/next", role="clerk", key="n-1")
    assert (refused.status, refused.code) == (409, "counter-closed")
    await hall.serving(1)
    again = await hall.post("/counters/1/next", role="clerk", key="n-1")
    assert (again.status, again.raw) == (409, refused.raw)


async def test_what_is_no_answer_of_the_rules_is_not_kept(hall: TestHall) -> None:
    """A request that was never understood may be mended and sent again under its key."""
    wrong = await hall.post("/tickets", {"service": "nothing"}, role="kiosk", key="k-9")
    assert (wrong.status, wrong.detail["field"]) == (422, "service")
    assert (await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k-9")).status == 201


async def test_numbers_that_ran_out_are_refused_and_repeated(hall: TestHall) -> None:
    """The refusal stands in the journal once, however often the kiosk asks."""
    for _ in range(3):
        await hall.ticket("dat-dai")
    answers = [await hall.post("/tickets", {"service": "dat-dai"}, role="kiosk", key="k") for _ in range(3)]
    assert {(answer.status, answer.code) for answer in answers} == {(409, "no-numbers")}
    assert hall.parts.engine.board.services["dat-dai"].refused == 1  # type: ignore[index]  # An id, literally.


async def test_keys_have_a_form(hall: TestHall) -> None:
    """A key of a thousand signs, or with a line end in it, is a mistake of the client."""
    for key in ("", "x" * 65, "a b", "khóa"):
        answer = await hall.call(
            "POST", "/api/v1/tickets", {"service": "ho-tich"}, role="kiosk", headers={"Idempotency-Key": key}
        )
        assert (answer.status, answer.detail["field"]) == (422, "Idempotency-Key")


async def test_the_next_call_is_not_made_twice(hall: TestHall) -> None:
    """A retried `next` would send away the citizen who was just called."""
    for _ in range(3):
        await hall.ticket()
    await hall.serving(1)
    answers = [await hall.post("/counters/1/next", role="clerk", key="press-1") for _ in range(3)]
    assert {answer.body["ticket"]["number"] for answer in answers} == {1001}


async def test_what_is_kept_for_repeats_holds_no_words(tmp_path: Path) -> None:
    """Once the side table is deleted, what citizens said stands nowhere; until then a repeat tells it."""
    said = {"priority": "cao-tuoi", "language": "km", "dossiers": ["H08-1", "H08-2"], "person": "hash-of-today"}
    folder = tmp_path / "hall"
    async with a_hall(folder) as before:
        tokens = before.tokens
        calls: tuple[tuple[str, str, object], ...] = (
            ("/tickets", "kiosk", {"service": "ho-tich", **said}),
            ("/tickets", "guide", {"service": "ho-tich", **said}),
            ("/counters/1/open", "clerk", None),
            ("/counters/1/next", "clerk", None),
            ("/counters/1/hold", "clerk", None),
            ("/counters/1/pause", "clerk", {"reason": "other words"}),
        )
        first = [await before.post(path, body, role=role, key="k") for path, role, body in calls]
        assert [answer.status for answer in first] == [201, 201, 200, 200, 200, 200]
        assert first[3].body["ticket"]["staff"]["dossiers"] == ["H08-1", "H08-2"]
    with sqlite3.connect(folder / "journal.db") as journal:
        kept = [answer for (answer,) in journal.execute("SELECT answer FROM kept")]
    assert len(kept) == len(calls)
    assert not [word for word in (b"cao-tuoi", b'"km"', b"H08", b"hash-of") for answer in kept if word in answer]
    async with a_hall(folder, tokens=tokens) as after:
        again = [await after.post(path, body, role=role, key="k") for path, role, body in calls]
        assert again[0].body["priority"] == "cao-tuoi"
        for one, other in zip(first, again, strict=True):
            assert _without_live(other.body) == _without_live(one.body)


def _without_live(value: Json) -> Json:
    match value:
        case dict():
            return {name: _without_live(one) for name, one in value.items() if name not in LIVE}
        case list():
            return [_without_live(one) for one in value]
        case _:
            return value

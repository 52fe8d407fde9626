"""The calls of a counter, one after the other, and what only the API can know about them."""

import json

import pytest

from tests.api.halls import Json, TestHall


async def _called(hall: TestHall, counter: int = 1) -> Json:
    await hall.ticket()
    if not (await hall.get(f"/counters/{counter}", role="clerk")).body["clerk"]:
        await hall.serving(counter)
    return (await hall.post(f"/counters/{counter}/next", role="clerk")).body["ticket"]


async def test_the_day_of_a_counter(hall: TestHall) -> None:
    """Every key of the clerk's page."""
    first = await _called(hall)
    assert (await hall.post("/counters/1/recall", role="clerk")).body["staff"]["recalls"] == 1
    assert (await hall.post("/counters/1/start", role="clerk")).body["state"] == "serving"
    assert (await hall.post("/counters/1/start", role="clerk")).body["number"] == first["number"]
    assert (await hall.post("/counters/1/hold", role="clerk")).body["state"] == "held"
    held = await hall.get("/counters/1", role="clerk")
    assert [one["number"] for one in held.body["held"]] == [first["number"]]
    assert held.body["held"][0]["head"]
    second = await _called(hall)
    assert (await hall.post("/counters/1/absent", role="clerk")).body["state"] == "absent"
    assert (await hall.post("/counters/1/return", {"number": second["number"]}, role="clerk")).body[
        "state"
    ] == "waiting"
    called = await hall.post("/counters/1/call", {"number": first["number"], "reason": "came-back"}, role="clerk")
    assert (called.body["number"], called.body["state"]) == (first["number"], "called")
    away = await hall.post("/counters/1/away", {"reason": "photo", "procedures": ["1.01"]}, role="guide")
    assert away.body["state"] == "away"
    assert (await hall.post("/counters/1/pause", {"reason": "break"}, role="clerk")).body["state"] == "paused"
    paused = await hall.post("/counters/1/next", role="clerk")
    assert (paused.status, paused.code) == (409, "counter-paused")
    assert (await hall.post("/counters/1/resume", role="clerk")).body["state"] == "open"
    assert (await hall.post("/counters/1/help", role="clerk")).status == 200
    assert (await hall.post("/counters/1/close", role="clerk")).body["state"] == "closed"


async def test_a_transfer_goes_to_a_service_or_a_counter(hall: TestHall) -> None:
    """The number never changes on the way."""
    ticket = await _called(hall)
    await hall.post("/counters/3/open", role="admin")
    moved = await hall.post(
        "/counters/1/transfer", {"counter": 3, "reason": "next-step", "then": "return"}, role="clerk"
    )
    assert (moved.body["number"], moved.body["state"], moved.body["counter"]) == (ticket["number"], "waiting", 3)
    await _called(hall)
    for body, field in (
        ({"service": "none"}, "service"),
        ({"counter": 88}, "counter"),
        ({"counter": 3, "service": "dat-dai"}, "service"),
    ):
        refused = await hall.post("/counters/1/transfer", body, role="clerk")
        assert (refused.status, refused.detail["field"]) == (422, field)
    same = await hall.post("/counters/1/transfer", {"counter": 1}, role="clerk")
    assert (same.status, same.code) == (409, "same-counter")


async def test_a_call_out_of_order_needs_a_reason_of_the_list(hall: TestHall) -> None:
    """Calls by number are counted against the clerk, so their reasons are not free text."""
    await hall.ticket()
    await hall.serving(1)
    unknown = await hall.post("/counters/1/call", {"number": 1001, "reason": "quen biết"}, role="clerk")
    assert (unknown.status, unknown.code) == (422, "reason-unknown")
    assert "came-back" in unknown.detail["known"]
    missing = await hall.post("/counters/1/call", {"number": 1001}, role="clerk")
    assert (missing.status, missing.code) == (422, "reason-needed")
    nobody = await hall.post("/counters/1/call", {"number": 1999, "reason": "urgent"}, role="clerk")
    assert (nobody.status, nobody.code) == (409, "unknown-number")
    assert (await hall.post("/counters/1/call", {"number": 1001}, role="device")).body["state"] == "called"


async def test_free_text_reasons_stay_beside_the_journal(hall: TestHall) -> None:
    """A clerk writes about people; an event is for ever."""
    await _called(hall)
    await hall.post("/counters/1/away", {"reason": "Chị Hoa thiếu giấy kết hôn"}, role="clerk")
    journal = (await hall.get("/events?limit=5000", role="auditor")).raw.decode()
    assert "Hoa" not in journal
    assert '\\"reason\\":\\"other\\"' in journal
    assert [row.value for row in await hall.parts.journal.side_since(0)] == ["Chị Hoa thiếu giấy kết hôn"]


async def test_a_manager_changes_what_a_counter_serves(hall: TestHall) -> None:
    """Today only; `hall.toml` stays as it is."""
    body = {"services": ["dat-dai"], "reason": "load"}
    changed = await hall.call("PUT", "/api/v1/counters/2/services", body, role="manager")
    assert changed.body["services"] == ["dat-dai"]
    for services, problem in ((["none"], "services"), ([], "services"), (["dat-dai", "dat-dai"], "services")):
        refused = await hall.call(
            "PUT", "/api/v1/counters/2/services", {"services": services, "reason": "load"}, role="manager"
        )
        assert (refused.status, refused.detail["field"]) == (422, problem)


async def test_a_service_pauses_and_is_caught_up(hall: TestHall) -> None:
    """What a manager does when a desk is short of people, or after the server was dead."""
    await hall.ticket()
    await hall.ticket()
    paused = await hall.post("/services/ho-tich/pause", {"reason": "absence"}, role="manager")
    assert (paused.body["paused"], paused.body["waiting"]) == (True, 2)
    refused = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")
    assert (refused.status, refused.code) == (409, "service-paused")
    assert (await hall.post("/services/ho-tich/resume", {"reason": "absence"}, role="manager")).status == 200
    caught = await hall.post("/services/ho-tich/catch-up", {"through": 1001, "reason": "mất điện"}, role="manager")
    assert (caught.body["caught_up"], caught.body["waiting"]) == (1, 1)
    beyond = await hall.post("/services/ho-tich/catch-up", {"through": 99999, "reason": "mất điện"}, role="manager")
    assert (beyond.status, beyond.code, beyond.detail["field"]) == (422, "number-elsewhere", "through")


async def test_the_day_is_sealed_once(hall: TestHall) -> None:
    """The seal on the closing report is the hash of the day's last event."""
    await hall.ticket()
    closed = await hall.post("/day/close", {"reason": "hết giờ"}, role="manager")
    assert (closed.body["day"], closed.body["seal"]) == ("2026-11-23", hall.parts.engine.head)
    assert (await hall.post("/day/close", {"reason": "hết giờ"}, role="manager")).body["seal"] == closed.body["seal"]
    refused = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")
    assert (refused.status, refused.code) == (409, "day-sealed")


@pytest.mark.parametrize("role", ["clerk", "auditor", "observer", "display"])
async def test_the_board_says_why_to_those_who_may_know(hall: TestHall, role: str) -> None:
    """The public learns that rules were followed; the staff learn which."""
    await _called(hall)
    board = (await hall.get("/board", role=role)).body
    reason = board["calls"][0]["reason"]["vi"]
    assert reason.startswith("Chờ lâu nhất") == (role in {"clerk", "auditor"})
    assert board["counters"][0]["state"] == "calling"


async def test_the_closed_lists_can_be_offered(hall: TestHall) -> None:
    """A page that offers a reason must know its text."""
    lists = (await hall.get("/reasons", role="clerk")).body
    assert {"code": "came-back", "text": {"vi": "đã quay lại", "en": "came back"}} in lists["call"]
    assert all(one["text"]["vi"] != one["code"] for name in lists for one in lists[name])


async def test_whatever_a_manager_does_for_a_clerk_stands_in_the_journal_with_its_reason(hall: TestHall) -> None:
    """A reason that is asked for and then thrown away protects nobody; the deed would stand there unexplained."""
    for _ in range(4):
        await hall.ticket()
    deeds: tuple[tuple[str, Json], ...] = (
        ("open", {}),
        ("next", {}),
        ("recall", {}),
        ("start", {}),
        ("finish", {"outcome": "received", "dossiers": ["H38.12-261122-0042"]}),
        ("next", {}),
        ("hold", {}),
        ("return", {"number": 1002}),
        ("next", {}),
        ("absent", {}),
        ("next", {}),
        ("finish", {}),
        ("help", {}),
        ("close", {}),
    )
    unexplained = []
    for deed, body in deeds:
        before = len(await hall.parts.journal.read())
        answer = await hall.post(f"/counters/1/{deed}", {**body, "reason": "cán bộ ốm"}, role="manager")
        assert answer.status == 200, (deed, answer.body)
        new = [json.loads(row.body) for row in (await hall.parts.journal.read())[before:]]
        if not any("reason" in one.get("commitments", {}) for one in new):
            unexplained.append(deed)
    assert unexplained == []

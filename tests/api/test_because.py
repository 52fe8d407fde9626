"""What a ticket's expected wait rests on, and the time that was booked: told where one ticket is asked for."""

from tests.api.halls import TestHall


async def test_whoever_waits_is_told_what_the_wait_rests_on(hall: TestHall) -> None:
    """A figure that can be checked by looking at the hall is believed."""
    await hall.post("/counters/2/open", {"reason": "x"}, role="manager")
    for _ in range(2):
        await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")
    mine = (await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")).body
    assert "expected_because" not in mine
    by_key = (await hall.get(f"/tickets/{mine['id']}?key={mine['key']}")).body
    assert by_key["expected_because"] == {
        "vi": "Quầy 2A làm Hộ tịch; còn 2 người trước",
        "en": "Counter 2A serves Civil status; 2 ahead",
    }
    by_role = (await hall.get(f"/tickets/{mine['id']}", role="clerk")).body
    assert by_role["expected_because"] == by_key["expected_because"]


async def test_whoever_no_longer_waits_is_told_nothing(hall: TestHall) -> None:
    """After the call the question is another one."""
    mine = (await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")).body
    await hall.post("/counters/2/open", {"reason": "x"}, role="manager")
    await hall.post("/counters/2/next", {"reason": "x"}, role="manager")
    assert "expected_because" not in (await hall.get(f"/tickets/{mine['id']}?key={mine['key']}")).body


async def test_staff_see_the_time_that_was_booked(hall: TestHall) -> None:
    """Why somebody who came later is called before others."""
    table = "code,service,at\nA-1,ho-tich,2026-11-23T08:30:00\n"
    await hall.call("PUT", "/api/v1/bookings", raw=table.encode(), role="manager")
    booked = (await hall.post("/checkin", {"code": "A-1"}, role="guide")).body
    assert booked["staff"]["booked_at"] == "2026-11-23T08:30:00+07:00"
    plain = (await hall.post("/tickets", {"service": "ho-tich"}, role="clerk")).body
    assert plain["staff"]["booked_at"] is None
    counter = (await hall.get("/counters/2", role="clerk")).body
    assert {one["number"]: one["booked_at"] for one in counter["waiting"]} == {
        booked["number"]: "2026-11-23T08:30:00+07:00",
        plain["number"]: None,
    }

"""Bookings: a table is taken line by line, and a code becomes one ticket."""

from pathlib import Path

import pytest

from tests.api.halls import Answer, TestHall, a_hall

TABLE = """code,service,at
A-1,ho-tich,2026-11-23T08:30:00
a-2,ho-tich,2026-11-24T08:30:00+07:00
A-1,ho-tich,2026-11-23T09:30:00
A-3,none,2026-11-23T08:30:00
A-4,ho-tich,half past eight
A-5,ho-tich,2026-11-22T08:30:00
"""


async def put(hall: TestHall, text: str = TABLE) -> Answer:
    """Hand in a table."""
    return await hall.call("PUT", "/api/v1/bookings", raw=text.encode(), role="manager")


async def test_good_lines_are_taken_and_bad_ones_named(hall: TestHall) -> None:
    """One wrong line among two hundred must not cost the others their appointment."""
    answer = await put(hall)
    assert answer.body["taken"] == 2
    assert [(row["row"], row["code"]) for row in answer.body["refused"]] == [
        (4, "booking-repeated"),
        (5, "unknown-service"),
        (6, "booking-time"),
        (7, "booking-past"),
    ]
    assert (await put(hall)).body["taken"] == 2


@pytest.mark.parametrize("separator", [";", "\t"], ids=["semicolon", "tab"])
async def test_a_table_from_excel_is_taken(hall: TestHall, separator: str) -> None:
    """What a Vietnamese Excel saves as CSV, byte order mark and all, is what a manager has at hand."""
    answer = await put(hall, "\ufeff" + TABLE.replace(",", separator).replace("\n", "\r\n"))
    assert (answer.status, answer.body["taken"], len(answer.body["refused"])) == (200, 2, 4)
    assert (await hall.post("/checkin", {"code": "A-1"}, role="kiosk")).status == 201


async def test_a_stray_tab_in_a_table_of_commas_is_a_space(hall: TestHall) -> None:
    """It cannot be seen, and costs nobody an appointment."""
    answer = await put(hall, TABLE.replace("A-1,", "A-1\t,", 1))
    assert answer.body["taken"] == 2


async def test_a_booking_becomes_one_ticket(hall: TestHall) -> None:
    """A code that is shown twice, or photographed, is worth one place."""
    await put(hall)
    first = await hall.post("/checkin", {"code": " a-1 "}, role="kiosk", key="c")
    assert (first.status, first.body["number"]) == (201, 1001)
    assert first.body["key"] is not None
    assert (await hall.post("/checkin", {"code": " a-1 "}, role="kiosk", key="c")).body["id"] == first.body["id"]
    used = await hall.post("/checkin", {"code": "A-1"}, role="kiosk")
    assert (used.status, used.code, used.detail["number"]) == (409, "booking-used", 1001)
    tomorrow = await hall.post("/checkin", {"code": "A-2"}, role="guide")
    assert (tomorrow.status, tomorrow.code) == (409, "booking-other-day")
    unknown = await hall.post("/checkin", {"code": "Z-9"}, role="guide")
    assert (unknown.status, unknown.code) == (409, "booking-unknown")
    events = (await hall.get("/events?limit=5000", role="auditor")).raw
    assert b'\\"booked_at\\":\\"2026-11-23T08:30:00+07:00\\"' in events


async def test_bookings_outlive_a_restart(tmp_path: Path) -> None:
    """Appointments are handed in the evening before."""
    async with a_hall(tmp_path / "hall") as before:
        await put(before)
        tokens = before.tokens
    async with a_hall(tmp_path / "hall", tokens=tokens) as after:
        assert (await after.post("/checkin", {"code": "A-1"}, role="kiosk")).status == 201


async def test_what_is_no_table_is_refused_whole(hall: TestHall) -> None:
    """A spreadsheet saved in another form must be noticed at once."""
    for text, status in (
        ("", 422),
        ("a;b;c\n1;2;3", 422),
        ('code,service,at\n"A-1,x', 422),
        ("code,service,at\n\u200b", 422),
    ):
        assert (await put(hall, text)).status == status
    binary = await hall.call("PUT", "/api/v1/bookings", raw=b"\xff\xfe", role="manager")
    assert binary.status == 400

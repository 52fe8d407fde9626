"""Tables of bookings, line by line."""

from contextlib import suppress
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.bookings.table import Booking, NoTable, parse
from queue_server.core.ids import ServiceId

NOW = datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=7)))
SERVICES = [ServiceId("ho-tich")]


def test_columns_may_come_in_any_order_and_times_are_local() -> None:
    """Booking systems export as they please."""
    taken, refused = parse("At, Service ,CODE\n2026-11-23 09:00,ho-tich,ab-1\n", SERVICES, NOW)
    assert refused == ()
    assert taken == (Booking("AB-1", ServiceId("ho-tich"), NOW.replace(hour=9)),)


def test_a_time_with_an_offset_is_turned_into_the_halls_own() -> None:
    """09:00 in Hà Nội is two at night in Greenwich."""
    [booking], _ = parse("code,service,at\nA,ho-tich,2026-11-23T02:00:00Z\n", SERVICES, NOW)
    assert booking.at == NOW.replace(hour=9)
    assert booking.at.date() == date(2026, 11, 23)


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_a_table_is_read_as_excel_writes_it(separator: str, quote: str) -> None:
    """Where the comma is the decimal sign, as in Việt Nam, Excel parts the cells of a CSV by semicolons."""
    lines = [("at", "code", "service"), ("2026-11-23 09:30", "AB-2", "ho-tich")]
    text = "\r\n".join(separator.join(f"{quote}{cell}{quote}" for cell in line) for line in lines)
    assert parse(text, SERVICES, NOW) == ((Booking("AB-2", ServiceId("ho-tich"), NOW.replace(hour=9, minute=30)),), ())


def test_the_header_alone_says_what_parts_the_cells() -> None:
    """A table read by two rules at once would put a time where a code belongs."""
    taken, refused = parse(
        "code;service;at\nA-1,ho-tich,2026-11-23 09:00\nA-2;ho-tich;2026-11-23 09:00\n", SERVICES, NOW
    )
    assert [one.code for one in taken] == ["A-2"]
    assert [(one.row, one.code) for one in refused] == [(2, "booking-code")]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a spreadsheet writes, there is a table or a reason."""
    with suppress(NoTable):
        parse(text, SERVICES, NOW)
    try:
        taken, refused = parse("code,service,at\n" + text, SERVICES, NOW)
    except NoTable:
        return
    assert len(taken) + len(refused) <= len(text.splitlines()) + 1


@pytest.mark.parametrize(
    "header",
    ["", "code,service", "code,service,at,name", "a,b,c", "code;service,at", "code|service|at", '"code,service'],
)
def test_other_columns_are_refused_whole(header: str) -> None:
    """A table with names in it must not be taken by half."""
    with pytest.raises(NoTable):
        parse(header + "\n1,2,3\n", SERVICES, NOW)

"""Tables of bookings, line by line."""

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


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a spreadsheet writes, there is a table or a reason."""
    try:
        taken, refused = parse("code,service,at\n" + text, SERVICES, NOW)
    except NoTable:
        return
    assert len(taken) + len(refused) <= len(text.splitlines()) + 1


@pytest.mark.parametrize("header", ["", "code,service", "code,service,at,name", "a,b,c"])
def test_other_columns_are_refused_whole(header: str) -> None:
    """A table with names in it must not be taken by half."""
    with pytest.raises(NoTable):
        parse(header + "\n1,2,3\n", SERVICES, NOW)

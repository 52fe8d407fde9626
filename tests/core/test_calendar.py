"""Opening hours, holidays and swapped days, to the minute."""

from datetime import date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from queue_server.core import calendar
from queue_server.core.rules import Calendar, Holiday, SwappedDay
from tests.factories import MONDAY, a_calendar, clock

TUESDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 28)
SESSIONS = calendar.sessions_on(a_calendar(), MONDAY)


@pytest.mark.parametrize(
    ("time", "session", "desks"),
    [
        ("6:59:59.999", None, False),
        ("7:00", 0, False),
        ("7:30", 0, True),
        ("11:14:59", 0, True),
        ("11:15", None, True),
        ("11:30", None, False),
        ("12:59", None, False),
        ("13:00", 1, False),
        ("16:29", 1, True),
        ("16:59", None, True),
        ("17:00", None, False),
    ],
)
def test_tickets_and_desks_open_and_close_on_the_minute(time: str, session: int | None, desks: bool) -> None:
    """People stand at the door at these very minutes."""
    assert calendar.ticket_session(SESSIONS, clock(time)) == session
    assert calendar.desk_is_open(SESSIONS, clock(time)) == desks


def test_a_holiday_has_no_sessions_even_where_the_day_was_swapped() -> None:
    """A wrong holiday sends people home, or lets them wait before a locked door."""
    closed = a_calendar(holidays=(Holiday(day=MONDAY, name="Nghỉ"),), swapped=(SwappedDay(day=MONDAY, weekday=2),))
    assert calendar.sessions_on(closed, MONDAY) == ()
    assert calendar.next_working_day(closed, MONDAY - timedelta(days=3)) == TUESDAY


def test_a_swapped_saturday_works_like_the_weekday_it_stands_for() -> None:
    """Bridge days are made up for on Saturdays by yearly decision."""
    swapped = a_calendar(swapped=(SwappedDay(day=SATURDAY, weekday=1),))
    assert calendar.sessions_on(swapped, SATURDAY) == SESSIONS
    assert calendar.sessions_on(a_calendar(), SATURDAY) == ()


def test_waiting_begins_when_desks_open_and_not_before() -> None:
    """The early bird's wait counts from opening, in every report."""
    assert calendar.desk_opening(SESSIONS, 0, clock("7:05")) == clock("7:30")
    assert calendar.desk_opening(SESSIONS, 0, clock("8:05")) == clock("8:05")
    assert calendar.desk_opening((), 0, clock("8:05")) == clock("8:05")
    assert calendar.closing(SESSIONS, clock("8:00")) == clock("17:00")
    assert calendar.closing((), clock("8:00")) is None


def test_a_hall_that_never_closes_is_open_at_every_minute() -> None:
    """Benches and demonstrations run at night too."""
    always = Calendar(always_open=1)
    sessions = calendar.sessions_on(always, SATURDAY)
    assert calendar.ticket_session(sessions, clock("23:59:59", SATURDAY)) == 0
    assert calendar.desk_is_open(sessions, clock("0:00", SATURDAY))


def test_a_calendar_without_sessions_has_no_next_opening() -> None:
    """A refusal then names no day, rather than a wrong one."""
    assert calendar.next_opening(Calendar(), clock("8:00")) is None
    assert calendar.next_working_day(Calendar(), MONDAY) is None


INSTANTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: clock("0:00") + timedelta(minutes=minutes))


@given(INSTANTS, st.sets(st.integers(0, 20), max_size=6))
def test_the_next_opening_is_the_first_minute_that_gives_tickets(at: datetime, holidays: set[int]) -> None:
    """The answer stands on the refusal slip; people come back at that minute."""
    days = tuple(Holiday(day=MONDAY + timedelta(days=one), name="x") for one in sorted(holidays))
    some = a_calendar(holidays=days)
    opening = calendar.next_opening(some, at)
    assert opening is not None
    assert opening.at > at
    sessions = calendar.sessions_on(some, opening.at.date())
    assert calendar.ticket_session(sessions, opening.at) == opening.session
    before = opening.at - timedelta(minutes=1)
    assert calendar.ticket_session(calendar.sessions_on(some, before.date()), before) is None

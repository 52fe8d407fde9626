"""Which session of the day an instant is in, and when the next one begins. Instants are in the hall's local time."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from queue_server.core.rules import Calendar, Session

DAYS_AHEAD_MAX = 60
"""How far the next opening is looked for; beyond it the answer is None."""

ALL_DAY = Session(weekday=1, ticket_from=0, ticket_to=24 * 60, desk_from=0, desk_to=24 * 60)


class NextOpening(Struct, frozen=True):
    """The next instant at which tickets are given."""

    at: datetime
    session: int


def sessions_on(calendar: Calendar, day: date) -> tuple[Session, ...]:
    """The sessions of one day in order; none on holidays."""
    if calendar.always_open:
        return (ALL_DAY,)
    if any(holiday.day == day for holiday in calendar.holidays):
        return ()
    weekday = next((swap.weekday for swap in calendar.swapped if swap.day == day), day.isoweekday())
    todays = [session for session in calendar.sessions if session.weekday == weekday]
    return tuple(sorted(todays, key=lambda session: session.desk_from))


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def ticket_session(sessions: tuple[Session, ...], at: datetime) -> int | None:
    """The index of today's session that tickets are given for at this instant, or None when none are given."""
    minute = _minute(at)
    for index, session in enumerate(sessions):
        if session.ticket_from <= minute < session.ticket_to:
            return index
    return None


def desk_is_open(sessions: tuple[Session, ...], at: datetime) -> bool:
    """Whether desks work at this instant."""
    minute = _minute(at)
    return any(session.desk_from <= minute < session.desk_to for session in sessions)


def desk_opening(sessions: tuple[Session, ...], index: int, at: datetime) -> datetime:
    """When the desks of today's session `index` open, or `at` where they are open already."""
    if index >= len(sessions) or sessions[index].desk_from <= _minute(at):
        return at
    return _instant(at, at.date(), sessions[index].desk_from)


def closing(sessions: tuple[Session, ...], at: datetime) -> datetime | None:
    """When the last desk of today closes, or None on a day without sessions."""
    return _instant(at, at.date(), max(session.desk_to for session in sessions)) if sessions else None


def next_opening(calendar: Calendar, at: datetime) -> NextOpening | None:
    """When tickets are given next after this instant, at most sixty days ahead."""
    for ahead in range(DAYS_AHEAD_MAX):
        day = at.date() + timedelta(days=ahead)
        for index, session in enumerate(sessions_on(calendar, day)):
            opens = _instant(at, day, session.ticket_from)
            if opens > at:
                return NextOpening(at=opens, session=index)
    return None


def next_working_day(calendar: Calendar, day: date) -> date | None:
    """The next day after this one that has a session."""
    for ahead in range(1, DAYS_AHEAD_MAX):
        if sessions_on(calendar, day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return None


def _instant(like: datetime, day: date, minute: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=like.tzinfo)
    return midnight + timedelta(minutes=minute)

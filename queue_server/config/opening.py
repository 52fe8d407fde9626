"""When the hall is open: the sessions of `hall.toml` and the days of `holidays.toml`."""

from datetime import date

from queue_server.config.table import Table
from queue_server.core.rules import Calendar, Holiday, Session, SwappedDay

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SESSIONS_MAX = 42
"""Entries in the file; six for each day of the week."""
SPECIAL_DAYS_MAX = 400
"""Holidays, and swapped days: years ahead."""


def calendar(root: Table, days: Table) -> Calendar:
    """Sessions that do not overlap, and special days that stand only once."""
    table = root.table("calendar")
    always_open = table.yes_no("always_open", False)
    sessions = _sessions(table)
    has_entries = bool(table.raw("session"))
    table.done()
    if always_open and has_entries:
        table.warn("always_open", "sessions-ignored")
    elif not always_open and not has_entries:
        table.error("session", None, "no-session")
    holidays, swapped = _special_days(days)
    if not holidays and not always_open:
        days.warn("holiday", "no-holidays")
    return Calendar(always_open=1 if always_open else 0, sessions=sessions, holidays=holidays, swapped=swapped)


def _sessions(table: Table) -> tuple[Session, ...]:
    found: list[tuple[Session, Table]] = []
    for entry in table.tables("session", SESSIONS_MAX):
        weekdays = _weekdays(entry)
        hours = [entry.clock(key) for key in ("ticket_from", "ticket_to", "desk_from", "desk_to")]
        entry.done()
        match hours:
            case [int(ticket_from), int(ticket_to), int(desk_from), int(desk_to)]:
                _in_order(entry, ticket_from, ticket_to, desk_from, desk_to)
            case _:
                continue
        for weekday in weekdays:
            session = Session(
                weekday=weekday, ticket_from=ticket_from, ticket_to=ticket_to, desk_from=desk_from, desk_to=desk_to
            )
            _apart(session, entry, found)
            found.append((session, entry))
    sessions = [session for session, _ in found]
    return tuple(sorted(sessions, key=lambda session: (session.weekday, session.desk_from)))


def _weekdays(entry: Table) -> list[int]:
    days = entry.words("days", None, len(WEEKDAYS))
    if entry.raw("days") == []:
        entry.error("days", [], "too-few")
    return [WEEKDAYS.index(day) + 1 for day in days if entry.is_one_of("days", day, WEEKDAYS)]


def _in_order(entry: Table, ticket_from: int, ticket_to: int, desk_from: int, desk_to: int) -> None:
    for key, start, other, end in (
        ("ticket_from", ticket_from, "ticket_to", ticket_to),
        ("desk_from", desk_from, "desk_to", desk_to),
    ):
        if start >= end:
            entry.error(key, clock_words(start), "reversed", other=other, limit=clock_words(end))
    if ticket_to > desk_to:
        entry.error("ticket_to", clock_words(ticket_to), "tickets-late", limit=clock_words(desk_to))


def _apart(session: Session, entry: Table, others: list[tuple[Session, Table]]) -> None:
    for other, its in others:
        tickets = session.ticket_from < other.ticket_to and other.ticket_from < session.ticket_to
        desks = session.desk_from < other.desk_to and other.desk_from < session.desk_to
        if session.weekday == other.weekday and (tickets or desks):
            where = f"{its.place()} ({WEEKDAYS[session.weekday - 1]})"
            entry.error("ticket_from" if tickets else "desk_from", None, "sessions-overlap", other=where)
            return


def clock_words(minutes: int) -> str:
    """Minutes of the day as people write them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _special_days(days: Table) -> tuple[tuple[Holiday, ...], tuple[SwappedDay, ...]]:
    taken: dict[date, tuple[str, str]] = {}
    holidays: list[Holiday] = []
    for entry in days.tables("holiday", SPECIAL_DAYS_MAX):
        day, name = entry.day("day", None), entry.text("name", None)
        entry.done()
        if day is not None and _is_free(entry, "holiday", day, taken):
            holidays.append(Holiday(day=day, name=name or ""))
    swapped: list[SwappedDay] = []
    for entry in days.tables("swapped", SPECIAL_DAYS_MAX):
        day, works_as = entry.day("day", None), entry.choice("works_as", WEEKDAYS, None)
        entry.done()
        if day is not None and _is_free(entry, "swapped", day, taken) and works_as is not None:
            swapped.append(SwappedDay(day=day, weekday=WEEKDAYS.index(works_as) + 1))
    days.done()
    by_day = sorted(holidays, key=lambda holiday: holiday.day)
    return tuple(by_day), tuple(sorted(swapped, key=lambda swap: swap.day))


def _is_free(entry: Table, kind: str, day: date, taken: dict[date, tuple[str, str]]) -> bool:
    if day not in taken:
        taken[day] = (kind, entry.place())
        return True
    other_kind, place = taken[day]
    entry.error("day", day.isoformat(), "duplicate" if kind == other_kind else "holiday-and-swapped", other=place)
    return False

"""The service index of contract section 6, computed from the journal alone, day by day."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal

from msgspec import Struct, field

from queue_server.core.events import AnyEvent, DayOpened, HallConfigured
from queue_server.core.rules import HallRules, RatingScale
from queue_server.reports.cases import ticket_case, visit_case
from queue_server.reports.definitions import Definitions
from queue_server.reports.figures import Row, Tally
from queue_server.reports.journeys import Journey
from queue_server.reports.ledger import DayLedger, Scales

By = Literal["", "service", "procedure", "counter", "clerk", "hour", "weekday", "day", "month", "quarter", "year"]
"""What the rows are grouped by; empty gives one row for everything."""

Story = tuple[AnyEvent, datetime, int]
"""One event of the journal, its instant and its sequence."""


class ServiceIndex(Struct, frozen=True, kw_only=True):
    """The figures of the days from `first_day` to `last_day`, both included."""

    first_day: date = field(name="from")
    last_day: date = field(name="to")
    by: By
    definitions: str
    """The version of the definitions."""
    journal_head: str
    rows: tuple[Row, ...]
    """In the order of their groups: numbers by size, the empty group last. Without `by` always exactly one."""


def service_index(
    events: Iterable[Story],
    *,
    first_day: date,
    last_day: date,
    by: By,
    definitions: Definitions,
    journal_head: str = "",
) -> ServiceIndex:
    """The index of some days, from events in journal order.

    The events must begin no later than the `day-opened` of the first day (which the rules in force follow) and may
    begin and end anywhere beyond. Memory holds one day's tickets, and eight bytes for each time in each group.
    """
    tallies: dict[str, Tally] = {"": Tally()} if by == "" else {}
    for ledger in _days(events, first_day, last_day):
        _count(ledger, by, tallies)
    rows = tuple(tallies[group].row(group) for group in sorted(tallies, key=_order))
    return ServiceIndex(
        first_day=first_day,
        last_day=last_day,
        by=by,
        definitions=definitions.version,
        journal_head=journal_head,
        rows=rows,
    )


def _days(events: Iterable[Story], first_day: date, last_day: date) -> Iterator[DayLedger]:
    rules: HallRules | None = None
    scales: Scales = {}
    ledger: DayLedger | None = None
    for event, at, _ in events:
        if isinstance(event, HallConfigured):
            rules = event.rules
            scales = {**scales, **meaning_of(rules.scale)}
            if ledger is not None:
                ledger.configure(rules, scales)
        elif isinstance(event, DayOpened):
            # A day is complete only here: ratings may still come after its seal.
            if ledger is not None:
                yield ledger
            ledger = DayLedger(event.day) if first_day <= event.day <= last_day else None
            if ledger is not None and rules is not None:
                ledger.configure(rules, scales)
        elif ledger is not None:
            ledger.follow(event, at)
    if ledger is not None:
        yield ledger


def meaning_of(scale: RatingScale) -> Scales:
    """What each score of this scale counts as."""
    return {(scale.id, scale.version): {level.score: level.counts_as for level in scale.levels}}


def _count(ledger: DayLedger, by: By, tallies: dict[str, Tally]) -> None:
    for service, hour in ledger.refused:
        tallies.setdefault(_refusal_group(by, ledger.day, service, hour), Tally()).refuse()
    for journey in ledger.journeys.values():
        match by:
            case "service" | "counter" | "clerk":
                _count_visits(journey, by, tallies)
            case "procedure":
                for procedure in journey.procedures():
                    tallies.setdefault(procedure, Tally()).add(ticket_case(journey, procedure))
            case _:
                group = _period(by, journey.day, journey.hour)
                tallies.setdefault(group, Tally()).add(ticket_case(journey))


def _count_visits(journey: Journey, by: Literal["service", "counter", "clerk"], tallies: dict[str, Tally]) -> None:
    for visit in journey.visits:
        match by:
            case "service":
                group = str(visit.service)
            case "counter":
                group = "" if visit.counter is None else str(visit.counter)
            case "clerk":
                group = visit.clerk
        tallies.setdefault(group, Tally()).add(visit_case(journey, visit))


def _refusal_group(by: By, day: date, service: str, hour: int) -> str:
    match by:
        case "service":
            return service
        case "procedure" | "counter" | "clerk":
            return ""  # Nobody got as far as a desk.
        case _:
            return _period(by, day, hour)


def _period(by: Literal["", "hour", "weekday", "day", "month", "quarter", "year"], day: date, hour: int) -> str:
    match by:
        case "":
            return ""
        case "hour":
            return f"{hour:02}"
        case "weekday":
            return str(day.isoweekday())
        case "day":
            return day.isoformat()
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "year":
            return str(day.year)


def _order(group: str) -> tuple[bool, int, str]:
    return (group == "", int(group) if group.isdecimal() else 0, group)

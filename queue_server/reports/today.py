"""The figures of the day so far, kept up event by event; at every moment those of the service index for today.

Only tickets that something happened to are counted anew, so a turn costs as much as its news and not as the day.
"""

from bisect import bisect_left, insort
from collections import Counter
from datetime import date, datetime

from msgspec import Struct

from queue_server.core.events import (
    AnyEvent,
    HallConfigured,
    TicketCalled,
    TicketFinished,
    TicketHandedLate,
    TicketIssued,
    TicketRefused,
)
from queue_server.core.ids import ServiceId, TicketId
from queue_server.reports.cases import ticket_case, visit_case
from queue_server.reports.figures import WITHIN_MS, Case, mean_s, percentile_s, share
from queue_server.reports.journeys import Journey
from queue_server.reports.ledger import DayLedger, Scales
from queue_server.reports.service_index import meaning_of
from queue_server.wire.manager import DayFigures, Step

STEP_MINUTES = 15
UNTIMED = frozenset({"catch-up", "day-end"})
"""Ends of visits whose instant nobody knows."""


class Group:
    """One row while it grows and shrinks again.

    Lifetime: one day. Concurrency: none; one fold owns it.
    """

    def __init__(self) -> None:
        self._ends: Counter[str] = Counter()
        self._waits: list[int] = []  # Sorted.
        self._within = self._inaccurate = self._asked = self._rated = self._satisfied = 0
        self.refused = 0

    def count(self, case: Case, sign: int) -> None:
        """Add a case, or with -1 take the same one out again."""
        self._ends[case.end] += sign
        self._inaccurate += sign * case.is_inaccurate
        self._asked += sign * case.is_asked
        self._rated += sign * case.is_rated
        self._satisfied += sign * (case.is_rated and case.answer == "satisfied")
        if case.wait is None:
            return
        self._within += sign * (case.wait <= WITHIN_MS)
        if sign > 0:
            insort(self._waits, case.wait)
        else:
            del self._waits[bisect_left(self._waits, case.wait)]

    def figures(self) -> DayFigures:
        """The row now."""
        n = len(self._waits)
        return DayFigures(
            tickets=self._ends.total(),
            served=self._ends["served"],
            absent=self._ends["absent"],
            cancelled=self._ends["cancelled"],
            expired=self._ends["expired"],
            open=self._ends["open"],
            inaccurate=self._inaccurate,
            refused_no_numbers=self.refused,
            wait_n=n,
            wait_mean_s=mean_s(self._waits),
            wait_p90_s=percentile_s(self._waits, 90),
            wait_within_15min_share=share(self._within, n),
            ratings_asked=self._asked,
            ratings=self._rated,
            satisfied=self._satisfied,
        )


class _Quarter(Struct):
    issued: int = 0
    called: int = 0
    served: int = 0
    waiting: int | None = None
    """None where nothing happened: then it is what it was before."""


class _Counted(Struct, frozen=True):
    """What one ticket has added to the rows."""

    ticket: Case
    visits: tuple[tuple[ServiceId, Case], ...]


class Today:
    """The figures of one service day that is not over.

    Lifetime: from one day-opened event to the next. Concurrency: none; one fold owns it.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self._ledger = DayLedger(day)
        self._scales: Scales = {}
        self._hall = Group()
        self._services: dict[ServiceId, Group] = {}
        self._counted: dict[TicketId, _Counted] = {}
        self._news: set[TicketId] = set()
        self._refused = 0
        self._quarters: dict[int, _Quarter] = {}
        self._waiting = 0

    def follow(self, event: AnyEvent, at: datetime) -> None:
        """Take in one event of the day."""
        if isinstance(event, HallConfigured):
            self._scales = {**self._scales, **meaning_of(event.rules.scale)}
            self._ledger.configure(event.rules, self._scales)
            return
        ticket: TicketId | None = getattr(event, "ticket", None)
        if ticket is None or isinstance(event, TicketHandedLate):
            self._ledger.follow(event, at)
            self._refuse(event)
            return
        before = _waits(self._ledger.journeys.get(ticket))
        self._ledger.follow(event, at)
        journey = self._ledger.journeys.get(ticket)
        if journey is None:  # Rated today, asked on an earlier day.
            return
        self._news.add(ticket)
        self._draw(event, at, journey, _waits(journey) - before)

    def _refuse(self, event: AnyEvent) -> None:
        if isinstance(event, TicketRefused) and len(self._ledger.refused) > self._refused:
            self._refused = len(self._ledger.refused)
            self._hall.refused += 1
            self._group(event.service).refused += 1

    def _draw(self, event: AnyEvent, at: datetime, journey: Journey, more: int) -> None:
        quarter = self._quarter(at)
        match event:
            case TicketIssued():
                self._quarter(_came_at(event, at, journey)).issued += 1
            case TicketCalled():
                quarter.called += 1
            case TicketFinished() if event.ended_by not in UNTIMED:
                quarter.served += 1
            case _:
                pass
        self._waiting += more
        quarter.waiting = self._waiting

    def _quarter(self, at: datetime) -> _Quarter:
        return self._quarters.setdefault((at.hour * 60 + at.minute) // STEP_MINUTES, _Quarter())

    def _group(self, service: ServiceId) -> Group:
        return self._services.setdefault(service, Group())

    def _recount(self) -> None:
        for ticket in self._news:
            known = self._counted.get(ticket)
            if known is not None:
                self._count(known, -1)
            journey = self._ledger.journeys[ticket]
            visits = tuple((visit.service, visit_case(journey, visit)) for visit in journey.visits)
            fresh = self._counted[ticket] = _Counted(ticket_case(journey), visits)
            self._count(fresh, 1)
        self._news.clear()

    def _count(self, counted: _Counted, sign: int) -> None:
        self._hall.count(counted.ticket, sign)
        for service, case in counted.visits:
            self._group(service).count(case, sign)

    def figures(self) -> tuple[DayFigures, dict[str, DayFigures]]:
        """The row of the whole hall, and the rows by service."""
        self._recount()
        return self._hall.figures(), {service: group.figures() for service, group in self._services.items()}

    def steps(self, at: datetime) -> tuple[Step, ...]:
        """The day in quarters of an hour, from the first in which something happened to that of `at`."""
        if not self._quarters:
            return ()
        now = (at.hour * 60 + at.minute) // STEP_MINUTES if at.date() == self.day else 24 * 60 // STEP_MINUTES - 1
        steps, waiting, nothing = [], 0, _Quarter()
        for index in range(min(self._quarters), max(now, *self._quarters) + 1):
            quarter = self._quarters.get(index, nothing)
            waiting = waiting if quarter.waiting is None else quarter.waiting
            steps.append(
                Step(
                    minute=index * STEP_MINUTES,
                    issued=quarter.issued,
                    called=quarter.called,
                    served=quarter.served,
                    waiting=waiting,
                )
            )
        return tuple(steps)


def _waits(journey: Journey | None) -> int:
    """1 while the citizen waits to be called, else 0."""
    if journey is None or journey.end != "open" or journey.is_at_desk:
        return 0
    return 1 if journey.visits[-1].end == "open" else 0


def _came_at(event: TicketIssued, at: datetime, journey: Journey) -> datetime:
    if event.origin != "promise":
        return event.issued_at or at
    opening = journey.visits[0].first_from
    return at if opening is None else datetime.fromtimestamp(opening / 1000, at.tzinfo)

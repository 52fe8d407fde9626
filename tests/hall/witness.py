"""A second pair of eyes on the journal, written without the hall's own code: numbers, calls and lines.

It knows less than the board on purpose. What it sees must be true whatever the policy is.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from queue_server.core.events import (
    AnyEvent,
    DayOpened,
    LeaseGranted,
    PriorityDecided,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    TicketHeld,
    TicketIssued,
    TicketMoved,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
    TomorrowPromised,
)
from tests.hall.facts import Fact
from tests.hall.violation import Violation

Spot = tuple[datetime, int, str]
"""A place in a line: the instant, the event that gave it, the ticket."""


class _Visit(Struct):
    """What the witness remembers of one ticket."""

    service: str
    rank_class: int
    place: datetime
    place_sequence: int
    stands_in: tuple[str, int] | None = None


class Witness:
    """Watches event after event.

    Lifetime: one walk over a journal.
    """

    def __init__(self) -> None:
        """Before the first event."""
        self._day: date | None = None
        self._holder_of_number: dict[tuple[date, int], str] = {}
        self._issued: set[str] = set()
        self._visits: dict[str, _Visit] = {}
        self._lines: dict[tuple[str, int], list[Spot]] = {}
        self._at_counter: dict[str, int] = {}
        self._held_by: dict[int, str] = {}

    def watch(self, fact: Fact) -> Iterator[Violation]:
        """Take one more event; tell what cannot be right about it."""
        event = fact.event
        match event:
            case DayOpened():
                self._day = event.day
                self._visits, self._lines, self._at_counter, self._held_by = {}, {}, {}, {}
            case LeaseGranted():
                for one in event.numbers:
                    yield from self._number(fact.sequence, event.day, one.number, one.ticket)
            case TicketIssued():
                yield from self._issue(fact, event)
            case TicketCalled():
                yield from self._call(fact, event)
            case _:
                self._follow(fact, event)

    def _number(self, sequence: int, day: date, number: int, ticket: str) -> Iterator[Violation]:
        holder = self._holder_of_number.setdefault((day, number), ticket)
        if holder != ticket:
            yield Violation("number-twice", f"event {sequence} gives {number} of {day} to {ticket}; {holder} has it")

    def _issue(self, fact: Fact, event: TicketIssued) -> Iterator[Violation]:
        assert self._day is not None, f"event {fact.sequence} issues a ticket before any day is open"
        if event.ticket in self._issued:
            yield Violation("ticket-twice", f"event {fact.sequence} issues ticket {event.ticket} again")
        self._issued.add(event.ticket)
        yield from self._number(fact.sequence, self._day, event.number, event.ticket)
        place = event.place or event.issued_at or fact.at
        self._visits[event.ticket] = _Visit(event.service, event.rank_class, place, fact.sequence)
        self._join(event.ticket)

    def _call(self, fact: Fact, event: TicketCalled) -> Iterator[Violation]:
        words = f"event {fact.sequence} calls {event.ticket} to counter {event.counter}"
        if event.ticket in self._at_counter:
            yield Violation("double-call", f"{words}; it is at counter {self._at_counter[event.ticket]}")
        if event.counter in self._held_by:
            yield Violation("double-call", f"{words}, which still has {self._held_by[event.counter]}")
        visit = self._visits.get(event.ticket)
        if visit is None:
            yield Violation("double-call", f"{words}; no such ticket was issued today")
            return
        if visit.stands_in is not None and event.reason.code != "by-number":
            first = self._lines[visit.stands_in][0]
            if first[2] != event.ticket:
                yield Violation("overtaken", f"{words}; {first[2]} stands before it in {visit.stands_in}")
        self._leave(event.ticket)
        self._at_counter[event.ticket] = event.counter
        self._held_by[event.counter] = event.ticket

    def _follow(self, fact: Fact, event: AnyEvent) -> None:
        match event:
            case TicketFinished() | TicketAbsent() | TicketHeld() | TicketSentAway():
                self._free(event.ticket)
            case TicketCancelled() | TicketExpired() | TicketCaughtUp() | TomorrowPromised():
                self._leave(event.ticket)
                self._free(event.ticket)
            case TicketTransferred():
                self._free(event.ticket)
                self._go(event.ticket, event.service, event.place, fact.sequence)
                if event.counter is None:
                    self._join(event.ticket)
            case TicketReturned():
                self._leave(event.ticket)
                if event.counter is None and not event.due_calls:
                    self._join(event.ticket)
            case TicketMoved():
                self._leave(event.ticket)
                self._go(event.ticket, event.service, event.place, fact.sequence)
                self._join(event.ticket)
            case PriorityDecided():
                was_waiting = self._leave(event.ticket)
                self._visits[event.ticket].rank_class = event.rank_class
                if was_waiting:
                    self._join(event.ticket)
            case _:
                pass

    def _go(self, ticket: str, service: str, place: datetime | None, sequence: int) -> None:
        visit = self._visits[ticket]
        visit.service = service
        if place is not None:
            visit.place, visit.place_sequence = place, sequence

    def _join(self, ticket: str) -> None:
        visit = self._visits[ticket]
        visit.stands_in = (visit.service, visit.rank_class)
        insort(self._lines.setdefault(visit.stands_in, []), (visit.place, visit.place_sequence, ticket))

    def _leave(self, ticket: str) -> bool:
        visit = self._visits[ticket]
        if visit.stands_in is None:
            return False
        line = self._lines[visit.stands_in]
        del line[bisect_left(line, (visit.place, visit.place_sequence, ticket))]
        visit.stands_in = None
        return True

    def _free(self, ticket: str) -> None:
        counter = self._at_counter.pop(ticket, None)
        if counter is not None:
            self._held_by.pop(counter, None)

"""What must be true of a whole history, checked event by event."""

from collections.abc import Iterable
from datetime import date, datetime

from queue_server.core import lanes, numbers
from queue_server.core.board import BULK, ORDINARY, RETURNED, Board, State, Ticket, lane_at, milliseconds_of, rules_of
from queue_server.core.events import (
    AnyEvent,
    ClockConfirmed,
    DayOpened,
    DaySealed,
    HallConfigured,
    LeaseGranted,
    NumbersUnused,
    PriorityDecided,
    RatingGiven,
    RatingOffered,
    SlipPrinted,
    TicketCalled,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    TicketHandedLate,
    TicketIssued,
    TomorrowPromised,
)
from queue_server.core.ids import ServiceId, TicketId
from queue_server.core.rules import ServiceRules

AFTER_THE_END = (RatingOffered, RatingGiven, SlipPrinted, TicketHandedLate)
ENDS = (TicketFinished, TicketCancelled, TicketExpired, TicketCaughtUp, TomorrowPromised)


class Chronicle:
    """A witness of every event, who remembers what the board of one day forgets.

    Lifetime: one history. Call `before` with the board that the event meets and `after` with the board it makes.
    """

    def __init__(self) -> None:
        self.numbers: dict[tuple[date, int], TicketId] = {}
        self.ended: dict[TicketId, str] = {}
        self.overtaken: dict[tuple[TicketId, ServiceId], tuple[int, int]] = {}
        """For an ordinary ticket in its line: (priority tickets of a later place that went first, ordinary calls)."""
        self.last_at: datetime | None = None
        self.last_day: date | None = None
        self.previous: AnyEvent | None = None
        self.rank: int | None = None
        """The place of the event's ticket before the event."""

    def before(self, board: Board, event: AnyEvent, at: datetime) -> None:
        """Check what an event may do to this board."""
        if self.last_at is not None and not isinstance(event, ClockConfirmed):
            assert at >= self.last_at, f"time ran back to {at} at {event}"
        self.last_at = at
        self._check_ends(board, event)
        known = board.tickets.get(getattr(event, "ticket", TicketId("")))
        self.rank = None if known is None else known.rank
        match event:
            case TicketCalled():
                check_call(board, event)
                self._count_overtaking(board, event)
            case TicketIssued():
                assert board.day is not None
                self._give(board.day, event.number, event.ticket)
            case LeaseGranted():
                for one in event.numbers:
                    self._give(event.day, one.number, one.ticket)
            case TomorrowPromised():
                self._give(event.promise.day, event.promise.number, event.promise.ticket)
            case NumbersUnused():
                issued = {one.number for one in board.tickets.values()}
                assert not issued & set(event.numbers), f"{event} names numbers that citizens hold"
            case DayOpened():
                self._open_day(event)
            case HallConfigured():
                self.overtaken.clear()
            case _:
                pass

    def after(self, board: Board, event: AnyEvent, at: datetime) -> None:
        """Check what it made of it."""
        if isinstance(event, TicketIssued):
            place = event.place or event.issued_at or at
            assert milliseconds_of(board.tickets[event.ticket].rank) == round(place.timestamp() * 1000)
        elif self.rank is not None and getattr(event, "place", None) is None:
            now = board.tickets[getattr(event, "ticket", TicketId(""))].rank
            assert now == self.rank, f"a place changed from {self.rank} to {now} by {event}"
        if isinstance(event, PriorityDecided):
            assert board.tickets[event.ticket].rank_class == event.rank_class
        for identity, service in list(self.overtaken):
            ticket = board.tickets.get(identity)
            if ticket is None or ticket.lane != (service, ORDINARY):
                del self.overtaken[identity, service]
        self.previous = event

    def given_on(self, day: date, services: Iterable[ServiceRules]) -> tuple[dict[str, int], dict[str, int]]:
        """How far the numbers of a day were used, desk and leased tail, as `ConfirmClock` needs it."""
        used = [number for (of, number) in self.numbers if of == day]
        given: dict[str, int] = {}
        leased: dict[str, int] = {}
        for rules in services:
            desk = numbers.desk_numbers(rules)
            positions = [one for number in used if (one := numbers.index_of(rules.ranges, number)) is not None]
            given[rules.id] = max((one + 1 for one in positions if one < desk), default=0)
            leased[rules.id] = max((one + 1 - desk for one in positions if one >= desk), default=0)
        return given, leased

    def _give(self, day: date, number: int, ticket: TicketId) -> None:
        holder = self.numbers.setdefault((day, number), ticket)
        assert holder == ticket, f"number {number} of {day} was given to {holder} and then to {ticket}"

    def _open_day(self, event: DayOpened) -> None:
        if self.last_day is not None and event.day <= self.last_day:
            assert isinstance(self.previous, ClockConfirmed | DaySealed), f"{event.day} came again by {self.previous}"
            # A later day that is reached twice begins its numbers anew; see the note on clock faults in the machine.
            self.numbers = {key: one for key, one in self.numbers.items() if key[0] <= event.day}
        self.last_day = event.day
        self.ended.clear()
        self.overtaken.clear()

    def _check_ends(self, board: Board, event: AnyEvent) -> None:
        ticket: TicketId | None = getattr(event, "ticket", None)
        if ticket in self.ended and not isinstance(event, AFTER_THE_END):
            raise AssertionError(f"{ticket} ended by {self.ended[ticket]}, and now {event}")
        if isinstance(event, ENDS) and ticket is not None:
            self.ended[ticket] = event.KIND
        if isinstance(event, DaySealed):
            for one in board.tickets.values():
                assert (one.id in self.ended) != (one.state is State.ABSENT), f"{one} has no end, or two"
            finished = sum(1 for one in board.tickets.values() if one.state is State.FINISHED)
            assert (event.tickets, event.served) == (len(board.tickets), finished)

    def _count_overtaking(self, board: Board, event: TicketCalled) -> None:
        called = board.tickets[event.ticket]
        policy = rules_of(board).policy
        for place in lanes.places(lane_at(board, called.service, ORDINARY)):
            waiting = board.tickets[place.ticket]
            passed, ordinary = self.overtaken.get((waiting.id, called.service), (0, 0))
            if called.rank_class == ORDINARY:
                ordinary += 1
            elif _overtakes(called, waiting, event.reason.code, is_carried=bool(policy.carry_over)):
                passed += 1
            self.overtaken[waiting.id, called.service] = (passed, ordinary)
            bound = {
                "none": 0,
                "interleaved": ordinary // policy.ordinary_per_priority + 1,
                "strict": policy.priority_in_row_max * (ordinary + 1),
            }[policy.priority]
            assert passed <= bound, (
                f"{waiting} was overtaken {passed} times, over {bound}, at {ordinary} ordinary calls"
            )


def _overtakes(called: Ticket, waiting: Ticket, code: str, *, is_carried: bool) -> bool:
    by_priority = code in {"priority-turn", "priority-first", "longest-wait"} and called.rank_class < BULK
    is_of_earlier_session = is_carried and called.session < waiting.session
    return by_priority and called.rank > waiting.rank and not is_of_earlier_session


def check_call(board: Board, event: TicketCalled) -> None:
    """Whoever is called is the oldest of its line, unless the reason says why not."""
    ticket, counter, code = board.tickets[event.ticket], board.counters[event.counter], event.reason.code
    assert counter.is_open, f"closed counter {event.counter} calls"
    assert counter.ticket is None, f"counter {event.counter} calls two"
    if code == "by-number":
        assert event.reason.why, "a call out of order says why"
        return
    assert ticket.state is State.WAITING, f"{ticket} is called by policy"
    if ticket.lane is None:
        assert (code, ticket.counter) == ("directed", event.counter)
        first = lanes.head(counter.directed)
    else:
        service, rank_class = ticket.lane
        assert service in counter.services, f"counter {event.counter} does not serve {service}"
        first = lanes.head(lane_at(board, service, rank_class))
        match code:
            case "returned":
                assert rank_class == RETURNED
            case "priority-turn" | "priority-first":
                assert (0 < rank_class < BULK, event.reason.rank) == (True, rank_class)
            case "bulk-turn":
                assert rank_class == BULK
            case _:
                assert code in {"longest-wait", "escalated"}
                assert rank_class != RETURNED
    assert first is not None
    assert first.ticket == ticket.id, f"{ticket} is called before {first} of the same line"

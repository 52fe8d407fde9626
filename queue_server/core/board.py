"""The board: everything the hall knows right now, as one frozen value, and how to look things up on it.

Only `evolve` makes a new board. A board belongs to one service day; yesterday is in the journal alone.
"""

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from immutables import Map
from msgspec import Struct

from queue_server.core import lanes
from queue_server.core.events import Lease, Promise, Reason, UsedDay
from queue_server.core.ids import Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.core.lanes import Lane
from queue_server.core.rules import CounterRules, HallRules, ServiceRules, Session

ORDINARY = 0
"""Classes 1 to 9 are priority ranks."""
BULK = 90
RETURNED = 91
"""A line of its own for absent visitors who came back."""

PLACE_BITS = 24
"""A rank is the milliseconds of the place, then this many bits of the event's position in the day."""


class State(StrEnum):
    """The states of a ticket, as in the state table of the docs."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    FINISHED = "finished"
    HELD = "held"
    AWAY = "away"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FINAL = frozenset({State.FINISHED, State.ABSENT, State.CANCELLED, State.EXPIRED})
"""A ticket in one of these at day end has had its one end."""


class Ticket(Struct, frozen=True, kw_only=True, gc=False):
    """One visit today."""

    id: TicketId
    number: int
    service: ServiceId
    rank_class: int
    claimed_rank: int
    is_confirmed: bool = False
    """Whether a desk confirmed the priority."""
    state: State
    rank: int
    """Its original place, kept through calls, transfers and returns."""
    session: int
    items: int
    issued_at: datetime
    waits_from: datetime
    """Issued, booked or desk opening, whichever is latest: where its waiting time begins."""
    called_at: datetime | None = None
    """The first announcement of the call in force; a recall never moves it."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    absent_at: datetime | None = None
    counter: CounterNumber | None = None
    """Where it is called, served or held, or the only counter that may call it."""
    back_to: CounterNumber | None = None
    """The counter that gets the citizen back afterwards."""
    back_service: ServiceId | None = None
    lane: tuple[ServiceId, int] | None = None
    """The line it waits in by service and class; None while it waits for one counter or does not wait."""
    lane_rank: int = 0
    """Its rank in that line."""
    recalls: int = 0
    call_sequence: int = 0
    """The journal's sequence of the last announcement."""
    reason: Reason | None = None
    is_slip_owed: bool = False
    slips: int = 0
    """Slips known to be printed."""
    ask: AskId | None = None
    is_warned: bool = False
    procedures: tuple[str, ...] = ()
    """What the citizen came for, by code, where the kiosk or the desk asked."""
    left_at: datetime | None = None
    """Since when it is held, away or absent; kept while it waits again, until its next call."""
    left_why: str = ""
    """The reason of the closed list with which it was sent away."""
    booked_at: datetime | None = None
    """The time that was booked, where it came from a booking."""


class Tally(Struct, frozen=True):
    """What a service's calls add up to, for the policies that share turns."""

    calls: int = 0
    ordinary_since_priority: int = 0
    priority_in_row: int = 0
    others_since_bulk: int = 0


class Service(Struct, frozen=True, kw_only=True):
    """One service today."""

    rules: ServiceRules
    is_paused: bool = False
    given: int = 0
    """Numbers given at the desk and kiosks, leases apart."""
    leased: int = 0
    """Numbers of the tail that were ever leased today."""
    counted: int = 0
    """What the daily limit counts: given and leased, less what came back."""
    numbers_max: int = 0
    """Positions of its ranges that desks and kiosks give; the rest is the tail for leases."""
    by_session: tuple[tuple[int, int], ...] = ()
    """(session, tickets counted for its limit)."""
    tally: Tally = Tally()
    refused: int = 0


class Visits(Struct, frozen=True):
    """What a counter did today, for its clerk's own page."""

    served: int = 0
    timed: int = 0
    """Visits with a service time: doubtful ones are left out."""
    service_ms: int = 0
    absent: int = 0


class Counter(Struct, frozen=True, kw_only=True):
    """One counter today."""

    rules: CounterRules
    services: tuple[ServiceId, ...]
    is_open: bool = False
    is_paused: bool = False
    clerk: Actor | None = None
    ticket: TicketId | None = None
    held: tuple[TicketId, ...] = ()
    directed: Lane = lanes.EMPTY
    """Who waits for this counter alone."""
    called_at: datetime | None = None
    """This counter's own last call."""
    device_called_at: datetime | None = None
    """The same, where a device asked for it."""
    opened_at: datetime | None = None
    """When it was opened first today."""
    visits: Visits = Visits()


class Ask(Struct, frozen=True, kw_only=True):
    """An open invitation to rate."""

    ask: AskId
    ticket: TicketId
    counter: CounterNumber
    expires_at: datetime
    is_answered: bool = False


class Call(Struct, frozen=True, kw_only=True):
    """One announcement, for the list of last calls."""

    sequence: int
    ticket: TicketId
    number: int
    counter: CounterNumber
    at: datetime
    reason: Reason
    repeat: bool


CALLS_KEPT = 32
"""Announcements kept on the board for screens that come late."""


class Board(Struct, frozen=True, kw_only=True):
    """Everything the hall knows, as of the event `sequence`."""

    sequence: int = 0
    at: datetime | None = None
    rules: HallRules | None = None
    sessions: tuple[Session, ...] = ()
    """Today's sessions, from the calendar in force."""
    closes_at: datetime | None = None
    """When the last desk of today closes; None on a day without sessions."""
    day: date | None = None
    is_sealed: bool = False
    day_sequence: int = 0
    """The sequence of the event that opened the day."""
    tickets: Map[TicketId, Ticket] = Map()
    by_number: Map[int, TicketId] = Map()
    """Every number given today, those that a kiosk holds on lease and those promised before included."""
    lanes: dict[ServiceId, dict[int, Lane]] = {}
    """Lines by service and class; a line is there only while somebody stands in it."""
    services: dict[ServiceId, Service] = {}
    counters: dict[CounterNumber, Counter] = {}
    away: tuple[TicketId, ...] = ()
    absent: tuple[TicketId, ...] = ()
    leases: Map[LeaseId, Lease] = Map()
    """Leases of today whose numbers are not all handed over or back."""
    leased: Map[TicketId, LeaseId] = Map()
    later_leases: tuple[Lease, ...] = ()
    """Leases of days to come."""
    promises: tuple[Promise, ...] = ()
    """First places of this day, until they are issued, and of days to come."""
    used_days: tuple[UsedDay, ...] = ()
    """Days to come that a wrong clock opened too early, and what was given on them."""
    carried_given: dict[str, int] = {}
    carried_leased: dict[str, int] = {}
    """Numbers of this day that were given before its board began, by service."""
    asks: Map[AskId, Ask] = Map()
    asks_due: tuple[tuple[datetime, TicketId], ...] = ()
    """Tickets being served, by the instant at which their rating is offered at the latest."""
    calls: tuple[Call, ...] = ()
    slips_owed: tuple[TicketId, ...] = ()
    ratings_refused: int = 0


def rules_of(board: Board) -> HallRules:
    """The rules in force; only a board whose day is open is ever asked."""
    assert board.rules is not None, "no rules are in force: the day is not open"
    return board.rules


def day_of(board: Board) -> date:
    """The day of this board; only a board whose day is open is ever asked."""
    assert board.day is not None, "no day is open"
    return board.day


def rank_of(board: Board, place: datetime, sequence: int) -> int:
    """The rank of a place: by instant, and by order in the journal within one millisecond."""
    return milliseconds_at(place) << PLACE_BITS | sequence - board.day_sequence


@lru_cache(maxsize=8)  # All commands of a batch share one instant.
def milliseconds_at(at: datetime) -> int:
    """An instant in milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def milliseconds_of(rank: int) -> int:
    """The instant of a rank, in milliseconds since 1970."""
    return rank >> PLACE_BITS


def ticket_by_number(board: Board, number: int) -> Ticket | None:
    """Today's ticket of this number, or None."""
    ticket_id = board.by_number.get(number)
    return None if ticket_id is None else board.tickets.get(ticket_id)


def lanes_of(board: Board, service: ServiceId) -> list[tuple[int, Lane]]:
    """The lines of one service as (class, lane), lowest class first."""
    return sorted(board.lanes.get(service, {}).items())


def lane_at(board: Board, service: ServiceId, rank_class: int) -> Lane:
    """One line, empty where nobody stands in it."""
    return board.lanes.get(service, {}).get(rank_class, lanes.EMPTY)


def waiting_count(board: Board, service: ServiceId) -> int:
    """How many wait for this service, those for one counter alone included."""
    in_lanes = sum(lane.size for _, lane in lanes_of(board, service))
    directed = (place for counter in board.counters.values() for place in lanes.places(counter.directed))
    return in_lanes + sum(1 for place in directed if board.tickets[place.ticket].service == service)

"""What happened in the hall. An event is a fact: it is written once, never edited, and read for ever.

Each class owns two literals, `KIND` and `VERSION`, which the journal stores; renaming a class changes no byte.
Fields are integers, strings, days and instants; a field is only ever added, with a default. The instant of the event
itself is a column of the journal and not a field. Nothing personal is in an event: where a person said something,
`commitments` holds a salted SHA-256 of it by name, and the words are in the deletable side table.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from msgspec import Struct

from queue_server.core.ids import Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.core.rules import Flag, HallRules

Origin = Literal["desk", "kiosk", "guide", "booking", "lease", "promise"]
EndedBy = Literal["finish", "next", "close", "transfer", "day-end", "catch-up", "absent", "hold", "away", "cancel"]
NoTicket = Literal["no-numbers", "daily-limit", "session-limit", "would-pass-closing"]
Outcome = Literal["received", "supplement", "refused", "extended", "result", "guidance"]


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all events."""

    KIND: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why this ticket was called: a code and the figures the rule used."""

    code: Literal[
        "longest-wait", "priority-turn", "priority-first", "bulk-turn", "escalated", "returned", "directed", "by-number"
    ]
    services: tuple[ServiceId, ...] = ()
    """The services that the counter chose between."""
    ratio: int = 0
    """Ordinary calls per priority or other calls per bulk call; for a strict rule the longest run."""
    rank: int = 0
    """The priority rank class, 0 for none."""
    why: str = ""
    """For `by-number`: the clerk's reason from the closed list."""


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done for one procedure; the dossier's code is committed to as `dossier.N`, N counting from 0."""

    procedure: str = ""
    outcome: Outcome | Literal[""] = ""


class LeasedNumber(Struct, frozen=True):
    """A number that a kiosk may issue, and the ticket it will become."""

    number: int
    ticket: TicketId


class Lease(Struct, frozen=True, kw_only=True):
    """A block of numbers of one service, for one kiosk and one day."""

    lease: LeaseId
    service: ServiceId
    kiosk: Actor
    day: date
    granted_at: datetime
    numbers: tuple[LeasedNumber, ...]


class Promise(Struct, frozen=True, kw_only=True):
    """A first place at the next opening, given to a visitor who could not be served."""

    ticket: TicketId
    """The ticket it becomes on that day."""
    day: date
    number: int
    service: ServiceId
    rank_class: int


class UsedDay(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the numbers of a day were used when a wrong clock opened it too early, by service."""

    day: date
    given: dict[str, int] = {}
    """Numbers given directly."""
    leased: dict[str, int] = {}
    """Numbers of the leased tail."""


# The hall


class HallCreated(Event, frozen=True, kw_only=True):
    """The first event of every journal; the hash before it is that of these two fields."""

    KIND = "hall-created"
    hall: str
    created: str


class HallConfigured(Event, frozen=True, kw_only=True):
    """From here these rules hold."""

    KIND = "hall-configured"
    rules: HallRules
    by: Actor
    commitments: dict[str, str] = {}


class ClockConfirmed(Event, frozen=True, kw_only=True):
    """A person vouched for the clock; only here may time run back."""

    KIND = "clock-confirmed"
    by: Actor
    journal_at: datetime
    """The instant of the event before this one."""
    reason: str = ""
    commitments: dict[str, str] = {}


class DayOpened(Event, frozen=True, kw_only=True):
    """A service day begins with an empty board; what crosses midnight is named here."""

    KIND = "day-opened"
    day: date
    leases: tuple[Lease, ...] = ()
    promises: tuple[Promise, ...] = ()
    given: dict[str, int] = {}
    """Numbers already given on this very day by service, when a day is opened again after a clock fault."""
    leased: dict[str, int] = {}
    """The same for numbers of the leased tail."""
    used: tuple[UsedDay, ...] = ()
    """Days to come that were opened already."""


class DaySealed(Event, frozen=True, kw_only=True):
    """The day is over: every ticket has its one end. The hash of this event is the day's seal."""

    KIND = "day-sealed"
    day: date
    tickets: int
    served: int
    by: Actor
    reason: str = ""
    """Why a person ended the day before midnight."""
    commitments: dict[str, str] = {}


class ServicePaused(Event, frozen=True, kw_only=True):
    """No new tickets for a service today; those already given are still called."""

    KIND = "service-paused"
    service: ServiceId
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class ServiceResumed(Event, frozen=True, kw_only=True):
    """Tickets are given again."""

    KIND = "service-resumed"
    service: ServiceId
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class TicketRefused(Event, frozen=True, kw_only=True):
    """Somebody asked for a ticket and got none; the scandal no other system records."""

    KIND = "ticket-refused"
    service: ServiceId
    why: NoTicket
    session: int
    by: Actor


# Numbers and leases


class LeaseGranted(Event, frozen=True, kw_only=True):
    """A kiosk holds numbers of its own for one day."""

    KIND = "lease-granted"
    lease: LeaseId
    service: ServiceId
    kiosk: Actor
    day: date
    numbers: tuple[LeasedNumber, ...]


class NumbersUnused(Event, frozen=True, kw_only=True):
    """Leased numbers that no citizen received: the gaps of the day."""

    KIND = "numbers-unused"
    lease: LeaseId
    service: ServiceId
    numbers: tuple[int, ...]
    why: Literal["handed-back", "day-end"]
    by: Actor


class TicketHandedLate(Event, frozen=True, kw_only=True):
    """A kiosk handed in a ticket of a day that is over; it is counted and no more."""

    KIND = "ticket-handed-late"
    ticket: TicketId
    issued_at: datetime
    by: Actor


# A ticket's way


class TicketIssued(Event, frozen=True, kw_only=True):
    """A citizen holds a number."""

    KIND = "ticket-issued"
    ticket: TicketId
    number: int
    service: ServiceId
    session: int
    origin: Origin
    by: Actor
    rank_class: int = 0
    """The class it waits in: 0 ordinary, 1 to 9 priority, 90 bulk."""
    claimed_rank: int = 0
    """The priority rank claimed, whether or not it counts already."""
    items: int = 1
    place: datetime | None = None
    """The instant that orders it, where that is not the event's own."""
    issued_at: datetime | None = None
    """When the citizen received it, where that is not the event's own instant."""
    booked_at: datetime | None = None
    lease: LeaseId | None = None
    clock_error_ms: int = 0
    """Kiosk clock minus hall clock at hand-over."""
    procedures: tuple[str, ...] = ()
    warned: Flag = 0
    """1 when the forecast passed closing and the citizen was told."""
    slip: Literal["", "owed"] = ""
    """`owed` when a printer of the server must print it."""
    commitments: dict[str, str] = {}


class SlipPrinted(Event, frozen=True, kw_only=True):
    """Paper left a printer, or is known not to have."""

    KIND = "slip-printed"
    ticket: TicketId
    result: Literal["printed", "failed", "shown"]
    copy: int = 1
    by: Actor


class TicketMoved(Event, frozen=True, kw_only=True):
    """A waiting ticket changes its service, keeping its number."""

    KIND = "ticket-moved"
    ticket: TicketId
    service: ServiceId
    place: datetime | None = None
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class PriorityDecided(Event, frozen=True, kw_only=True):
    """A desk confirmed, gave or refused priority with the proof seen or not."""

    KIND = "priority-decided"
    ticket: TicketId
    rank_class: int
    confirmed: Flag
    proof_seen: Flag
    by: Actor
    commitments: dict[str, str] = {}


class TicketCalled(Event, frozen=True, kw_only=True):
    """A ticket is called to a counter, for a reason that can be checked."""

    KIND = "ticket-called"
    ticket: TicketId
    counter: CounterNumber
    reason: Reason
    by_device: Flag = 0
    """1 when a keypad or call box asked for it; its guard against bouncing keys counts from here."""
    by: Actor
    commitments: dict[str, str] = {}


class TicketRecalled(Event, frozen=True, kw_only=True):
    """The same call is announced again."""

    KIND = "ticket-recalled"
    ticket: TicketId
    counter: CounterNumber
    by: Actor


class ServiceStarted(Event, frozen=True, kw_only=True):
    """The citizen is at the desk."""

    KIND = "service-started"
    ticket: TicketId
    counter: CounterNumber
    by: Actor


class TicketFinished(Event, frozen=True, kw_only=True):
    """The visit is over; without items the outcome is unknown."""

    KIND = "ticket-finished"
    ticket: TicketId
    counter: CounterNumber
    ended_by: EndedBy
    items: tuple[Item, ...] = ()
    doubtful: Flag = 0
    inaccurate: Flag = 0
    by: Actor
    commitments: dict[str, str] = {}


class TicketAbsent(Event, frozen=True, kw_only=True):
    """The called citizen did not come."""

    KIND = "ticket-absent"
    ticket: TicketId
    counter: CounterNumber
    by: Actor


class TicketHeld(Event, frozen=True, kw_only=True):
    """The citizen waits for this desk, which goes on with others."""

    KIND = "ticket-held"
    ticket: TicketId
    counter: CounterNumber
    by: Actor


class TicketSentAway(Event, frozen=True, kw_only=True):
    """The citizen fetches or mends papers and may come back without queueing."""

    KIND = "ticket-sent-away"
    ticket: TicketId
    counter: CounterNumber
    reason: str
    procedures: tuple[str, ...] = ()
    by: Actor
    commitments: dict[str, str] = {}


class TicketReturned(Event, frozen=True, kw_only=True):
    """A held, away or absent ticket waits again."""

    KIND = "ticket-returned"
    ticket: TicketId
    counter: CounterNumber | None = None
    """Set when only this counter may call it."""
    due_calls: int = 0
    """It is placed after this many more calls of its service; 0 gives the original place."""
    why: Literal["came-back", "counter-closed"] = "came-back"
    by: Actor


class TicketTransferred(Event, frozen=True, kw_only=True):
    """A desk passes the citizen on; the number never changes."""

    KIND = "ticket-transferred"
    ticket: TicketId
    from_counter: CounterNumber
    service: ServiceId
    counter: CounterNumber | None = None
    """Set when only this counter may call it."""
    back_to: CounterNumber | None = None
    """The counter that gets the citizen back when the next one is done."""
    back_service: ServiceId | None = None
    """The service under which it comes back."""
    place: datetime | None = None
    """Set when the original place is not kept."""
    reason: str
    items: tuple[Item, ...] = ()
    """What was done at the counter it leaves."""
    by: Actor
    commitments: dict[str, str] = {}


class TicketCancelled(Event, frozen=True, kw_only=True):
    """The citizen or staff gave the ticket up."""

    KIND = "ticket-cancelled"
    ticket: TicketId
    channel: Literal["kiosk", "staff", "citizen"]
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class TicketExpired(Event, frozen=True, kw_only=True):
    """The day ended before the ticket was served."""

    KIND = "ticket-expired"
    ticket: TicketId
    by: Actor


class TicketCaughtUp(Event, frozen=True, kw_only=True):
    """Served by hand while the server was dead: when and where is unknown."""

    KIND = "ticket-caught-up"
    ticket: TicketId
    by: Actor
    reason: str = ""
    commitments: dict[str, str] = {}
    """On the first of the tickets that were caught up together."""


class TomorrowPromised(Event, frozen=True, kw_only=True):
    """An unserved visitor has a first place at the next opening; today's ticket expires with this event."""

    KIND = "tomorrow-promised"
    ticket: TicketId
    promise: Promise
    by: Actor
    reason: str = ""
    commitments: dict[str, str] = {}


# Counters


class CounterOpened(Event, frozen=True, kw_only=True):
    """A counter begins to call, with the clerk who signed in there, if any."""

    KIND = "counter-opened"
    counter: CounterNumber
    clerk: Actor | None = None
    channel: Literal["page", "device", "hall"] = "page"
    taken_over: Flag = 0
    """1 when the clerk took the counter from another on purpose."""
    by: Actor


class CounterClosed(Event, frozen=True, kw_only=True):
    """A counter stops for the day or until it is opened again."""

    KIND = "counter-closed"
    counter: CounterNumber
    by: Actor


class CounterPaused(Event, frozen=True, kw_only=True):
    """A short break with a reason."""

    KIND = "counter-paused"
    counter: CounterNumber
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class CounterResumed(Event, frozen=True, kw_only=True):
    """The break is over."""

    KIND = "counter-resumed"
    counter: CounterNumber
    by: Actor


class HelpAsked(Event, frozen=True, kw_only=True):
    """A counter asks for a colleague."""

    KIND = "help-asked"
    counter: CounterNumber
    by: Actor


class CounterServicesSet(Event, frozen=True, kw_only=True):
    """What a counter serves today."""

    KIND = "counter-services-set"
    counter: CounterNumber
    services: tuple[ServiceId, ...]
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


# Ratings


class RatingOffered(Event, frozen=True, kw_only=True):
    """A citizen is asked how the visit was."""

    KIND = "rating-offered"
    ask: AskId
    ticket: TicketId
    counter: CounterNumber
    scale: str
    scale_version: int
    expires_at: datetime


class RatingGiven(Event, frozen=True, kw_only=True):
    """A citizen answered, once."""

    KIND = "rating-given"
    ask: AskId
    ticket: TicketId
    score: int
    reasons: tuple[str, ...] = ()
    by: Actor


class RatingRefused(Event, frozen=True, kw_only=True):
    """An answer that could not count, counted."""

    KIND = "rating-refused"
    why: Literal["late", "repeated", "unasked"]
    by: Actor


AnyEvent = (
    HallCreated
    | HallConfigured
    | ClockConfirmed
    | DayOpened
    | DaySealed
    | ServicePaused
    | ServiceResumed
    | TicketRefused
    | LeaseGranted
    | NumbersUnused
    | TicketHandedLate
    | TicketIssued
    | SlipPrinted
    | TicketMoved
    | PriorityDecided
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | TicketFinished
    | TicketAbsent
    | TicketHeld
    | TicketSentAway
    | TicketReturned
    | TicketTransferred
    | TicketCancelled
    | TicketExpired
    | TicketCaughtUp
    | TomorrowPromised
    | CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterResumed
    | HelpAsked
    | CounterServicesSet
    | RatingOffered
    | RatingGiven
    | RatingRefused
)
"""Every kind of event there is; a new one must be handled in `evolve` before it type-checks."""

"""A ticket's way outside the desks: how it came to be, what it waits for, and how it ended unserved."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from queue_server.core.events.base import Event
from queue_server.core.ids import Actor, LeaseId, ServiceId, TicketId
from queue_server.core.rules import Flag

Origin = Literal["desk", "kiosk", "guide", "booking", "lease", "promise"]


class Promise(Struct, frozen=True, kw_only=True):
    """A first place at the next opening, given to a visitor who could not be served."""

    ticket: TicketId
    """The ticket it becomes on that day."""
    day: date
    number: int
    service: ServiceId
    rank_class: int


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

"""A ticket at a desk: called, served, sent on."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from queue_server.core.events.base import Event
from queue_server.core.ids import Actor, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import Flag

EndedBy = Literal["finish", "next", "close", "transfer", "day-end", "catch-up", "absent", "hold", "away", "cancel"]
Outcome = Literal["received", "supplement", "refused", "extended", "result", "guidance"]


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
    commitments: dict[str, str] = {}


class ServiceStarted(Event, frozen=True, kw_only=True):
    """The citizen is at the desk."""

    KIND = "service-started"
    ticket: TicketId
    counter: CounterNumber
    by: Actor
    commitments: dict[str, str] = {}


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
    commitments: dict[str, str] = {}


class TicketHeld(Event, frozen=True, kw_only=True):
    """The citizen waits for this desk, which goes on with others."""

    KIND = "ticket-held"
    ticket: TicketId
    counter: CounterNumber
    by: Actor
    commitments: dict[str, str] = {}


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
    commitments: dict[str, str] = {}


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

"""The hall itself: its rules, its clock, its days, its services."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from queue_server.core.events.base import Event
from queue_server.core.events.leases import Lease
from queue_server.core.events.tickets import Promise
from queue_server.core.ids import Actor, ServiceId
from queue_server.core.rules import HallRules

NoTicket = Literal["no-numbers", "daily-limit", "session-limit", "would-pass-closing"]


class UsedDay(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the numbers of a day were used when a wrong clock opened it too early, by service."""

    day: date
    given: dict[str, int] = {}
    """Numbers given directly."""
    leased: dict[str, int] = {}
    """Numbers of the leased tail."""


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

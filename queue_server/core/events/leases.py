"""Numbers that a kiosk may give by itself, and what became of them."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from queue_server.core.events.base import Event
from queue_server.core.ids import Actor, LeaseId, ServiceId, TicketId


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

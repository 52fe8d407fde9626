"""The rules in force: what `hall.toml` says, as values that stand in the journal.

Leaves are integers and strings only, because these values are the body of a `hall-configured` event
and its text must be the same on every machine. A yes is 1 and a no is 0. Minutes of the day count from midnight.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from queue_server.core.ids import CounterNumber, ServiceId

Flag = Literal[0, 1]
Order = Literal["first-come", "service-order"]
PriorityRule = Literal["none", "strict", "interleaved"]


class Name(Struct, frozen=True, omit_defaults=True):
    """A text for people, Vietnamese first."""

    vi: str
    en: str = ""


class NumberRange(Struct, frozen=True):
    """Numbers from `first` to `last`, both included."""

    first: int
    last: int


class ServiceRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service: its names, its numbers and its limits."""

    id: ServiceId
    name: Name
    ranges: tuple[NumberRange, ...]
    """Numbers are given in this order; ranges of all services never overlap."""
    prefix: str = ""
    """Printed and shown before the number; it is no part of the number's identity."""
    lease_reserve: int = 0
    """This many numbers at the tail are kept for kiosks' leases."""
    daily_limit: int = 0
    """Tickets a day; 0 means no limit but the range."""
    session_limit: int = 0
    """Tickets a session; 0 means no limit."""
    expected_service_s: int = 600
    """What a service is assumed to take before the hall has measured it."""
    elsewhere: Name = Name(vi="")
    """Where citizens may go when no numbers are left."""


class CounterRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One counter and the services it starts the day with, in its own order."""

    number: CounterNumber
    label: str
    services: tuple[ServiceId, ...]
    zone: str = ""
    opens_with_hall: Flag = 0
    """1 opens the counter as the day opens, for halls and benches without sign-in."""


class PriorityGroup(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the dated priority table; there is no national list with an order, so it is the hall's own."""

    group: str
    label: Name
    rank: int
    """1 goes first, 9 last; equal ranks wait in one line."""
    proof: Name = Name(vi="")
    from_day: date = date(2000, 1, 1)
    to_day: date = date(9999, 12, 31)
    """First and last day on which the row is in force."""
    legal_basis: str = ""


class PolicyRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is next."""

    order: Order = "first-come"
    """Between the services of one counter: longest wait first, or the counter's own order of services."""
    priority: PriorityRule = "interleaved"
    ordinary_per_priority: int = 5
    """Interleaved: after this many ordinary calls the next priority visitor may go ahead."""
    priority_in_row_max: int = 5
    """Strict: after this many priority calls in a row one ordinary visitor is called."""
    priority_counts: Literal["claimed", "confirmed"] = "claimed"
    bulk_from: int = 5
    """A ticket with this many items joins the bulk class; 0 switches the class off."""
    others_per_bulk: int = 4
    """After this many other calls one bulk ticket is called."""
    escalate_after_s: int = 0
    """A wait longer than this goes before everything else, longest first; 0 switches it off."""
    carry_over: Flag = 1
    """1 puts tickets of an earlier session before those of a later one."""


class Session(Struct, frozen=True, kw_only=True):
    """One stretch of opening on one weekday, in minutes of the local day."""

    weekday: int
    """1 is Monday, 7 is Sunday (ISO 8601)."""
    ticket_from: int
    ticket_to: int
    desk_from: int
    desk_to: int


class Holiday(Struct, frozen=True, kw_only=True):
    """A day without sessions."""

    day: date
    name: str


class SwappedDay(Struct, frozen=True, kw_only=True):
    """A day that works like another weekday, as the yearly decisions on bridge days order."""

    day: date
    weekday: int


class Calendar(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When tickets are given and desks are open."""

    always_open: Flag = 0
    sessions: tuple[Session, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    swapped: tuple[SwappedDay, ...] = ()


class ScaleLevel(Struct, frozen=True, kw_only=True):
    """One answer of a rating scale and what it counts as."""

    score: int
    label: Name
    counts_as: Literal["satisfied", "neutral", "dissatisfied"]


class RatingScale(Struct, frozen=True, kw_only=True):
    """The set of faces a citizen chooses from; stored with each rating by id and version."""

    id: str
    version: int
    levels: tuple[ScaleLevel, ...]
    reasons: tuple[str, ...] = ()


class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything else that the rules of a ticket depend on."""

    min_service_s: int = 20
    """A called ticket that is ended by `next` sooner than this is doubtful."""
    next_guard_ms: int = 1500
    """A device's `next` this soon after its own last call shows that call again."""
    absent_return_minutes: int = 30
    absent_after_calls: int = 2
    booking_grace_s: int = 600
    """A booked visitor this late still has the booked place."""
    kiosk_cancel_s: int = 60
    lease_max: int = 200
    """Numbers in one lease."""
    person_daily_limit: int = 0
    """Tickets one person may hold a day; 0 means no limit."""
    person_service_limit: int = 0
    first_tomorrow: Flag = 0
    """1 lets staff promise unserved visitors the first places of the next opening."""
    stop_by_forecast: Flag = 0
    """1 stops tickets that would be called after closing; 0 only warns."""
    rating_after_start_s: int = 900
    rating_open_s: int = 120
    default_transfer: str = ""
    """The service a lone transfer key sends to."""


class HallRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All rules of one hall; the body of a `hall-configured` event."""

    hall: str
    name: Name
    services: tuple[ServiceRules, ...]
    counters: tuple[CounterRules, ...]
    policy: PolicyRules = PolicyRules()
    priority: tuple[PriorityGroup, ...] = ()
    calendar: Calendar = Calendar()
    settings: Settings = Settings()
    scale: RatingScale
    languages: tuple[str, ...] = ("vi", "en")

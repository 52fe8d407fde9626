"""Whole views for screens. A view is everything that one kind of screen draws; there are no deltas.

The view of a counter is `answers.Counter`. Fields are only ever added, each with a default.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from queue_server.wire.fields import Bilingual, CounterState, ServiceState, TicketState
from queue_server.wire.manager import GOAL_S


class Notice(Struct, frozen=True, gc=False):
    """A sentence that the public should read now, such as when the hall opens again."""

    code: str
    text: Bilingual


class LobbyService(Struct, frozen=True, kw_only=True, gc=False):
    """One service on the strip of the lobby screen."""

    id: str
    name: Bilingual
    waiting: int
    expected_wait_s: int | None
    wait_p90_s: int | None
    next: tuple[str, ...] = ()
    """Who would be called next if nobody else came, as shown; a few."""


class LobbyHours(Struct, frozen=True, gc=False):
    """One session of today: when the desks work, such as 07:30 and 11:30."""

    opens: str
    closes: str


class LobbyCounter(Struct, frozen=True, kw_only=True, gc=False):
    """One counter on the lobby screen."""

    number: int
    label: str
    state: CounterState
    ticket: int | None
    shown: str | None


class LobbyCall(Struct, frozen=True, kw_only=True, gc=False):
    """One call on the lobby screen; it names nothing but the number and where to go."""

    sequence: int
    """The sequence of its last announcement."""
    number: int
    shown: str
    counter: int
    label: str
    at: datetime
    calling: bool
    """Whether the citizen is still on the way."""


class LobbyView(Struct, frozen=True, kw_only=True):
    """What everybody in the hall may see; calls come newest first."""

    name: Bilingual
    at: datetime
    open: bool
    opens_at: datetime | None
    calls: tuple[LobbyCall, ...]
    counters: tuple[LobbyCounter, ...]
    services: tuple[LobbyService, ...]
    notices: tuple[Notice, ...]
    hours: tuple[LobbyHours, ...] = ()
    """Today's sessions in order; none on holidays and in a hall that never closes."""
    wait_mean_s: int | None = None
    """Today's mean wait as in the service index, a minute or two old; None before the first visit has ended."""
    goal_s: int = GOAL_S


class KioskService(Struct, frozen=True, kw_only=True, gc=False):
    """One tile of the kiosk."""

    id: str
    name: Bilingual
    prefix: str
    state: ServiceState
    opens_at: datetime | None
    """When tickets are given again, where they are not given now and it is known."""
    waiting: int
    expected_wait_s: int | None
    wait_p90_s: int | None
    elsewhere: Bilingual | None
    """Where else the citizen may go when no numbers are left."""
    notice: Bilingual | None
    """Why no ticket is given now."""


class KioskPriority(Struct, frozen=True, kw_only=True, gc=False):
    """One row of the priority table in force today."""

    group: str
    label: Bilingual
    proof: Bilingual
    legal_basis: str


class KioskView(Struct, frozen=True, kw_only=True):
    """Everything that the kiosk offers."""

    name: Bilingual
    at: datetime
    open: bool
    opens_at: datetime | None
    services: tuple[KioskService, ...]
    priority: tuple[KioskPriority, ...]
    languages: tuple[str, ...]
    bulk_from: int
    """From this many items on a ticket waits in the bulk class; 0 means there is none."""
    cancel_s: int
    """So long the kiosk may take a ticket back."""
    notices: tuple[Notice, ...]


class Alert(Struct, frozen=True, kw_only=True, gc=False):
    """Somebody calls for a person: a clerk at a counter, or a citizen at a kiosk."""

    id: str
    """The counter's number or the kiosk's opaque id, after its kind: `counter-4`."""
    kind: Literal["counter", "kiosk"]
    counter: int | None
    label: str
    """The counter's label, or the kiosk's name."""
    since: datetime


class GuideCounter(Struct, frozen=True, kw_only=True):
    """One counter on the guide's page."""

    number: int
    label: str
    zone: str
    state: CounterState
    services: tuple[str, ...]
    shown: str | None


class GuideWaiting(Struct, frozen=True, kw_only=True, gc=False):
    """One line of the guide's waiting list."""

    id: str
    number: int
    shown: str
    service: str
    priority: str | None
    rank_class: int
    claimed_rank: int
    confirmed: bool
    waits_from: datetime
    items: int
    counter: int | None
    """The one counter that it waits for, if any."""


class GuideOut(Struct, frozen=True, kw_only=True, gc=False):
    """Somebody who is held, away or absent, and may come back."""

    id: str
    number: int
    shown: str
    service: str
    state: TicketState
    left_at: datetime | None
    counter: int | None


class GuideView(Struct, frozen=True, kw_only=True):
    """Everything that the guide's tablet draws; `waiting` and `out` are cut, their counts are not."""

    at: datetime
    open: bool
    opens_at: datetime | None
    services: tuple[KioskService, ...]
    counters: tuple[GuideCounter, ...]
    waiting: tuple[GuideWaiting, ...]
    waiting_count: int
    out: tuple[GuideOut, ...]
    out_count: int
    alerts: tuple[Alert, ...]
    """Who calls for help, the oldest first."""
    bulk_from: int
    notices: tuple[Notice, ...]

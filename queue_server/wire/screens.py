"""Whole views for screens. A view is everything that one kind of screen draws; there are no deltas.

The view of a counter is `answers.Counter`. Fields are only ever added, each with a default.
"""

from datetime import datetime

from msgspec import Struct

from queue_server.wire.fields import Bilingual, CounterState, ServiceState


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

"""The manager's view: every service and counter, what needs somebody, and the figures of the day so far.

Fields are only ever added, each with a default. The figures are those of `/service-index` for today, to the second.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from queue_server.wire.fields import Bilingual, CounterState, ServiceState

GOAL_S = 15 * 60
"""The mean wait that QĐ 468/QĐ-TTg asks for at most; the one target line of the page."""

AlertCode = Literal[
    "help",
    "help-kiosk",
    "no-clerk",
    "no-clerk-many",
    "long-wait",
    "forgotten",
    "forgotten-held",
    "past-closing",
    "no-numbers",
    "settings-refused",
    "forecast-stale",
    "figures-stale",
]


class DayFigures(Struct, frozen=True, kw_only=True, gc=False):
    """Rows of the service index, as far as the page shows them. Meanings stand in `reports/figures.py`."""

    tickets: int
    served: int
    absent: int
    cancelled: int
    expired: int
    open: int
    inaccurate: int
    refused_no_numbers: int
    wait_n: int
    wait_mean_s: int | None
    wait_p90_s: int | None
    wait_within_15min_share: float | None
    ratings_asked: int
    ratings: int
    satisfied: int


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """A quarter of an hour of the day."""

    minute: int
    """Its first minute, from midnight."""
    issued: int
    """Tickets that citizens received in it."""
    called: int
    """First announcements of calls."""
    served: int
    """Visits that were finished; those caught up or ended by the day are left out, because nobody knows when."""
    waiting: int
    """Who waited at its end, or now."""


class Day(Struct, frozen=True, kw_only=True):
    """The day so far."""

    day: date
    sequence: int
    """The last event that is in these figures."""
    hall: DayFigures
    services: dict[str, DayFigures]
    """By service; as in the index these count visits to desks."""
    steps: tuple[Step, ...]


class ManagerService(Struct, frozen=True, kw_only=True, gc=False):
    """One service now."""

    id: str
    name: Bilingual
    state: ServiceState
    paused: bool
    waiting: int
    late: int
    """Who has waited longer than the goal."""
    longest_wait_s: int | None
    expected_wait_s: int | None
    wait_p90_s: int | None
    counters: tuple[int, ...]
    """Open counters that serve it and do not rest."""


class ManagerCounter(Struct, frozen=True, kw_only=True, gc=False):
    """One counter now."""

    number: int
    label: str
    zone: str
    state: CounterState
    paused: bool
    """Whether it rests, or will when the visit at it ends."""
    clerk: str | None
    services: tuple[str, ...]
    ticket: str | None
    """The number at the desk, as it is shown."""
    since: datetime | None
    """Since when it is in this state: called, serving, resting, free, closed. None before anything happened today."""
    pause: Bilingual | None
    """Why it rests."""
    held: int
    is_long: bool
    """The visit lasts so long that somebody may have forgotten to end it."""


class Alert(Struct, frozen=True, kw_only=True, gc=False):
    """Something that needs somebody. It stands as long as it is so."""

    id: str
    """The same for the same matter, so that a page can put it aside."""
    code: AlertCode
    is_urgent: bool
    service: str | None = None
    counter: int | None = None
    number: str | None = None
    count: int | None = None
    seconds: int | None = None
    """How long, or how far past closing."""
    since: datetime | None = None
    text: str = ""
    """What a program says, such as a mistake in a file."""


class ManagerView(Struct, frozen=True, kw_only=True):
    """Everything that the manager's page draws."""

    name: Bilingual
    at: datetime
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    goal_s: int
    waiting: int
    longest_wait_s: int | None
    services: tuple[ManagerService, ...]
    counters: tuple[ManagerCounter, ...]
    alerts: tuple[Alert, ...]
    day: Day | None
    """None until today's journal has been read for the first time."""


class AuditLine(Struct, frozen=True, kw_only=True, gc=False):
    """One event in plain words."""

    sequence: int
    at: datetime
    kind: str
    counter: int | None
    number: int | None
    who: str
    """A name, or empty for the hall itself and for whoever cannot be named."""
    what: Bilingual
    why: Bilingual | None
    """The reason: of a call by its rule, of what a person did as they gave it."""


class AuditLines(Struct, frozen=True, kw_only=True):
    """Lines, newest first."""

    sequence: int
    """The last event that was looked at; ask for what came after it."""
    lines: tuple[AuditLine, ...]

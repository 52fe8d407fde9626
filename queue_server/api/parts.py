"""What the application is built from, handed in by the composition root."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from queue_server.core.commands import ConfirmClock
from queue_server.core.rules import HallRules
from queue_server.engine import Engine, Outcome
from queue_server.journal.port import Journal, Word
from queue_server.people.people import People
from queue_server.presenting.texts import Texts

if TYPE_CHECKING:
    from queue_server.views.waits import TicketWaits, Waits


class HallKey(Protocol):
    """The hall's secret, shown nowhere."""

    def reveal(self) -> bytes:
        """The bytes, for the one place that needs them."""
        ...


class ServerLimits(Protocol):
    """How the server listens and where it says no; `[server]` of `hall.toml`."""

    @property
    def host(self) -> str: ...  # noqa: D102  # The names are those of `[server]`, and explained there.
    @property
    def port(self) -> int: ...  # noqa: D102
    @property
    def public_url(self) -> str: ...  # noqa: D102
    @property
    def inbox_max(self) -> int: ...  # noqa: D102
    @property
    def body_bytes_max(self) -> int: ...  # noqa: D102
    @property
    def rate_per_s(self) -> int: ...  # noqa: D102
    @property
    def rate_burst(self) -> int: ...  # noqa: D102
    @property
    def public_rate_per_s(self) -> int: ...  # noqa: D102
    @property
    def public_rate_burst(self) -> int: ...  # noqa: D102
    @property
    def screens_max(self) -> int: ...  # noqa: D102
    @property
    def screens_per_address_max(self) -> int: ...  # noqa: D102
    @property
    def drain_s(self) -> int: ...  # noqa: D102


class Settings(Protocol):
    """As much of the configuration as the API needs; `config` stands above us and may not be imported."""

    @property
    def rules(self) -> HallRules: ...  # noqa: D102  # Explained at `HallConfig`, as the next two.
    @property
    def server(self) -> ServerLimits: ...  # noqa: D102
    @property
    def key(self) -> HallKey: ...  # noqa: D102


class Live:
    """What changes while the hall is open and is no fact of the journal.

    Lifetime: of the hall. Concurrency: the loop's thread; each attribute is replaced whole.
    """

    def __init__(self, config: Settings) -> None:
        self.config = config
        self.problems: tuple[str, ...] = ()
        """Mistakes in the edited files, which are therefore not in force."""
        self.waits: Waits = {}
        """The last forecast by service, of somebody who comes now."""
        self.ticket_waits: TicketWaits = {}
        """The same by waiting ticket, for those among the next few hundred calls."""


class Parts(Struct, frozen=True, kw_only=True):
    """The parts of one running hall."""

    folder: Path
    engine: Engine
    journal: Journal
    people: People
    live: Live
    texts: Texts
    confirm_clock: Callable[[ConfirmClock, Mapping[str, tuple[Word, ...]]], Awaitable[Outcome]]
    """Vouch for the clock, with what an earlier opening of the same day has given."""

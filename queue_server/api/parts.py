"""What the application is built from, handed in by the composition root."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from queue_server.api.settings import Settings
from queue_server.core.commands import ConfirmClock
from queue_server.engine import Engine, Outcome
from queue_server.journal.port import Journal, Word
from queue_server.people.people import People
from queue_server.presenting.texts import Texts

if TYPE_CHECKING:
    from queue_server.procedures import Index
    from queue_server.views.waits import TicketWaits, Waits
    from queue_server.wire.screens import Alert


class Live:
    """What changes while the hall is open and is no fact of the journal.

    Lifetime: of the hall. Concurrency: the loop's thread; each attribute is replaced whole.
    """

    def __init__(self, config: Settings, procedures: "Index") -> None:
        self.config = config
        self.procedures = procedures
        """The catalogue in force, ready to be searched."""
        self.search_turn = asyncio.Lock()
        """Held by the one search that runs; the others wait."""
        self.problems: tuple[str, ...] = ()
        """Mistakes in the edited files, which are therefore not in force."""
        self.waits: Waits = {}
        """The last forecast by service, of somebody who comes now."""
        self.alerts: tuple[Alert, ...] = ()
        """Who calls for help; see `alerts`."""
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

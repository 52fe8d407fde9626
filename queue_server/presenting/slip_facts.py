"""What a slip tells, as values; nothing personal has a field here. Pure."""

from datetime import datetime

from msgspec import Struct

from queue_server.presenting.texts import Tongue
from queue_server.wire.fields import Bilingual


class Waiting(Struct, frozen=True, kw_only=True):
    """It waits today; what nobody knows is None, and the slip says so."""

    ahead: int | None = None
    """People in front."""
    expected: datetime | None = None
    bound: datetime | None = None
    """Nine in ten are called before this instant; only where `expected` is known."""


class WaitingOffline(Struct, frozen=True):
    """It was given without the server: place and time are unknown, the number is good, the journal has it later."""


class FirstNextTime(Struct, frozen=True):
    """It has one of the first places at the next opening."""

    opens: datetime


Standing = Waiting | WaitingOffline | FirstNextTime


class SlipFacts(Struct, frozen=True, kw_only=True):
    """Everything on one slip."""

    hall: Bilingual
    shown: str
    """The number as it stands on every screen."""
    services: tuple[Bilingual, ...]
    issued_at: datetime
    standing: Standing
    counters: tuple[str, ...] = ()
    """Labels of the counters that serve it, best first."""
    bring: tuple[Bilingual, ...] = ()
    """Papers to bring, one a line."""
    follow: str | None = None
    """What the QR code says: the address of the citizen's page; None where the hall has no public address."""
    hotline: str = ""
    head: str = ""
    """The journal's head when it was given; empty while it is unknown."""
    given_by: str = ""
    """The kiosk's or printer's name, as `Kiosk 1`."""
    languages: tuple[Tongue, ...] = ("vi",)
    """The citizen's language first; a second one stands smaller beside it."""
    copy: int = 1
    """2 and above say on the paper that it is printed again."""

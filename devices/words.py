"""What devices report, and what they can be ordered to do: frozen values that know no queue."""

from typing import Literal, NewType

from msgspec import Struct

UnitId = NewType("UnitId", str)
"""One device as its owner enrolled it: a keypad, a board, a box. Several may share one link."""

KEYS = (
    *("next", "recall", "absent", "hold", "away", "transfer", "start", "finish", "open", "close", "pause", "help"),
    *(f"digit:{digit}" for digit in range(10)),
)
"""Every key that a table of keys may name."""


class KeyPressed(Struct, frozen=True, kw_only=True):
    """A person pressed a key, once. Repeats of the wire have been recognised by the driver."""

    unit: UnitId
    key: str
    """One of KEYS, by the unit's own table."""
    number: int | None = None
    """The number typed before the key, where the keypad sends both together."""
    boot: int = 0
    """Which life of the device this is, where it says so: sequence numbers begin anew with each."""
    seq: int = 0
    """The device's own count of presses, where it keeps one; (boot, seq) names a press for ever."""
    heard_at: float
    """Monotonic seconds of the clock that the link was given. An old press must not act."""


class Rated(Struct, frozen=True, kw_only=True):
    """A visitor chose a score on a rating box."""

    unit: UnitId
    ask: str
    score: int
    boot: int = 0
    seq: int = 0
    heard_at: float


class Scanned(Struct, frozen=True, kw_only=True):
    """A code was held before a scanner. The text may be a person's card: it is in no repr, so in no log."""

    unit: UnitId
    text: str
    heard_at: float

    def __repr__(self) -> str:
        return f"Scanned(unit={self.unit!r}, text=***, {len(self.text)} characters)"


class Printed(Struct, frozen=True, kw_only=True):
    """A print job came to its end."""

    unit: UnitId
    job: str
    outcome: Literal["done", "failed", "unknown"]
    """`unknown`: it may or may not be on paper; a person decides, no program prints it again."""
    code: str = ""


Report = KeyPressed | Rated | Scanned | Printed


class ShowNumber(Struct, frozen=True, kw_only=True):
    """Show this until told otherwise. It is shown again by itself when a link or a device comes back."""

    number: int | None = None
    """None shows no number."""
    state: Literal["calling", "serving", "paused", "closed", "open"] = "open"
    blink: bool = False
    counter: int | None = None
    """For boards that show the counter beside the number."""


class Ask(Struct, frozen=True, kw_only=True):
    """Open a rating box for one answer; an empty `ask` shuts it."""

    ask: str
    number: int | None = None
    expires_s: int = 60


class Print(Struct, frozen=True, kw_only=True):
    """Print these bytes once. A job that was told before is not printed again."""

    job: str
    page: bytes


class Answer(Struct, frozen=True, kw_only=True):
    """What became of a press; the device shows it to whoever pressed."""

    boot: int
    seq: int
    result: Literal["done", "repeat", "refused", "late"]


class Beep(Struct, frozen=True, kw_only=True):
    """Make one short sound. It is never made late: a device that is away misses it."""


Order = ShowNumber | Ask | Print | Answer | Beep


class Health(Struct, frozen=True, kw_only=True):
    """How one unit is, as far as anybody can know."""

    unit: UnitId
    state: Literal["starting", "up", "unheard", "lost", "failed"]
    """`up`: it answered lately. `unheard`: the link is open, the unit says nothing (or cannot speak). `lost`: no link.
    `failed`: its driver met a bug of ours and is started again."""
    since: float
    """Monotonic seconds at which this state began."""
    heard_at: float | None = None
    """When the unit last said anything that was whole."""
    noise: int = 0
    """Bytes on its link that were part of no whole frame, since the start."""
    losses: int = 0
    """How often its link was lost since the start."""
    detail: str = ""
    """The last cause, in plain words."""

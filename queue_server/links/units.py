"""What the hall knows of a unit: where it stands, what it is for, and what was lately pressed on it."""

from typing import Literal

from msgspec import Struct

from devices.words import UnitId
from queue_server.core.ids import Actor, CounterNumber

Result = Literal["done", "repeat", "refused", "late"]


class UnitAtCounter(Struct, frozen=True, kw_only=True):
    """One enrolled unit and its place in the hall. A counter may have several."""

    unit: UnitId
    by: Actor
    """Who asks when this unit is pressed."""
    counter: CounterNumber | None = None
    """None for what belongs to no counter, such as a board over the hall's door."""
    zone: str = ""
    """For a unit without a counter: the zone whose calls it shows; empty for the whole hall."""
    digits: int = 0
    """How wide a number it can show; 0 where it shows none."""
    asks: bool = False
    """Whether it asks for ratings."""
    beeps: bool = False
    answers: bool = False
    """Whether it can show what became of a press."""


class Verdict(Struct, frozen=True):
    """What became of a press, for whoever pressed."""

    result: Result
    code: str = ""
    """Why not, or what else there is to say; empty where it was simply done."""


class PressId(Struct, frozen=True):
    """A press by its name: the unit's life it fell into and its place in that life."""

    life: str
    seq: int


class Remembered(Struct, frozen=True):
    """A press that was settled, so that its repeat is known."""

    press: PressId
    verdict: Verdict
    heard_at: float


class Pad(Struct, frozen=True, kw_only=True):
    """What one unit said lately. A value: each press gives a new one."""

    epoch: int = 0
    """Counts the lives of a unit that does not tell its own."""
    typed: str = ""
    """Digits that wait for the key they belong to."""
    typed_at: float = 0.0
    """When the last of them was heard, in monotonic seconds."""
    settled: tuple[Remembered, ...] = ()
    """The last presses, newest last."""
    heard: tuple[float, ...] = ()
    """When the presses of the last second were heard."""

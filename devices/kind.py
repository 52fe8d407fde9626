"""What a device type is: options, driver, simulator, and the narrow doors through which they see the world."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from msgspec import Struct

from devices.words import Order, Report, UnitId


class Unit(Struct, frozen=True, kw_only=True):
    """One enrolled device, with options that were checked against its kind."""

    id: UnitId
    address: int = 0
    """Its place on a shared line; 0 where the kind has no addresses."""
    options: Struct


class Turn(Protocol):
    """The line is ours until the turn ends: nobody else speaks, and all that is heard is for us."""

    def send(self, data: bytes) -> float:
        """Put these bytes on the wire. Gives at once when the last of them will have left, from which `read` counts."""
        ...

    async def read(self, within_s: float) -> bytes:
        """What was heard next, at least one byte; b"" when nothing came in time. Raises LinkLost."""
        ...


class Line(Protocol):
    """An open link, shared by drivers. It ends by LinkLost, in whatever is waiting on it."""

    def turn(self) -> AbstractAsyncContextManager[Turn]:
        """Wait for the line to be free, first come first served. Leaving waits until all that was sent has left."""
        ...

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    async def rest(self, seconds: float) -> None:
        """Let time pass without holding the line, or until `wake`. Raises LinkLost."""
        ...

    def wake(self) -> None:
        """End the rest of whoever rests: there is something to send."""
        ...


class Ears(Protocol):
    """Where a driver tells what it learns. None of these blocks or raises."""

    def report(self, report: Report) -> None:
        """Something happened at a device."""
        ...

    def heard(self, unit: UnitId) -> None:
        """The unit said something whole: it lives."""
        ...

    def silent(self, unit: UnitId, why: str) -> None:
        """The unit did not answer when it should have."""
        ...

    def noise(self, count: int) -> None:
        """Bytes were heard that belong to no frame."""
        ...


class Driver(Protocol):
    """All units of one kind on one line. It outlives the line: it is run anew each time the line opens.

    Concurrency: `run` and `order` are called on one event loop; `run` never twice at once.
    """

    async def run(self, line: Line) -> None:
        """Talk until the line is lost, which comes out as LinkLost. What was last shown is shown again first."""
        ...

    def order(self, unit: UnitId, order: Order) -> None:
        """Take an order; it leaves at the next turn. Raises DeviceRefused where the device can never do it."""
        ...


class Simulator(Protocol):
    """How units of a kind behave, without any wire: bytes in, bytes out."""

    def say(self, report: Report) -> bytes:
        """A person does this at the device. Gives what is sent at once: b"" where the device waits to be asked."""
        ...

    def hear(self, data: bytes) -> bytes:
        """These bytes arrive, in any slicing. Gives what the units answer."""
        ...

    def shown(self, unit: UnitId) -> str:
        """What eyes see on the unit: digits as they stand there, "" when dark."""
        ...


class Kind(Struct, frozen=True, kw_only=True):
    """A device type, whole. A file in `drivers/` ends with one, named KIND; nothing else has to be told of it."""

    name: str
    """What stands in settings and on the health page; never renamed."""
    baud: int
    """What a serial link is set to unless its address says otherwise; always 8 bits, no parity, 1 stop bit."""
    addresses: range
    """The places on a line that a unit may have; range(1) where there are none."""
    options: type[Struct]
    """Refuses unknown fields; every field has a default, or the message of its absence says what to find out."""
    reports: tuple[type[Report], ...]
    orders: tuple[type[Order], ...]
    driver: Callable[[tuple[Unit, ...], Ears], Driver]
    simulator: Callable[[tuple[Unit, ...]], Simulator]
    sample_options: tuple[Struct, ...]
    """Options for the conformance suite: one unit of each is put on one line."""
    digits: int = 4
    """How wide a number its units can show; 0 where they show none."""
    tells_life: bool = True
    """Whether a unit that is well is heard without anybody pressing anything; if not, its best state is `unheard`."""

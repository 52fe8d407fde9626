"""Keeping links open and drivers alive, for as long as the hall runs: the one place that knows how each unit is."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from devices.errors import DeviceRefused, LinkLost
from devices.kind import Driver, Kind, Line, Unit
from devices.links.address import Address
from devices.links.line import SharedLine
from devices.links.opening import Opener
from devices.words import Health, Order, Report, UnitId

Done = TypeVar("Done")
OPEN_WITHIN_S = 5.0  # A port or converter that does not open in this time counts as away.
STEADY_AFTER_S = 10.0  # A link that held this long was well: the next wait begins short again.


class _Bug(Exception):
    """A fault that nobody foresaw, in words."""


async def _supervised(doing: Awaitable[Done]) -> Done:
    """The same, where every fault but a lost link comes out as `_Bug`."""
    try:
        return await doing
    except LinkLost:
        raise
    except Exception as fault:
        raise _Bug(repr(fault)) from fault


class Clock(Protocol):
    """Time, handed in so that tests own it."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class LoopClock:
    """The time of the running event loop; the same that lines go by."""

    def now(self) -> float:
        """Monotonic seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)


class BackOff(Struct, frozen=True):
    """How long to wait after each failure in a row: doubling, up to a cap."""

    first_s: float = 0.1
    cap_s: float = 2.0

    def after(self, failures: int) -> float:
        """The wait after so many failures in a row, from 1 on."""
        return float(min(self.first_s * 2 ** min(failures - 1, 30), self.cap_s))


class Channel:
    """Everything on one link: it is opened, its drivers run, and both are brought back whenever they fall.

    Lifetime: the hall's. `run` ends by cancellation alone.
    Concurrency: one event loop. `hear` and `changed` are called on it; they must neither block nor raise.
    """

    def __init__(
        self,
        address: Address,
        units: Sequence[tuple[Kind, Sequence[Unit]]],
        *,
        open_link: Opener,
        clock: Clock,
        hear: Callable[[Report], None],
        changed: Callable[[Health], None] = lambda health: None,
        back_off: BackOff = BackOff(),  # noqa: B008  # A frozen value.
    ) -> None:
        self.address = address
        self._open_link, self._clock, self._hear, self._changed, self._back_off = (
            open_link, clock, hear, changed, back_off
        )  # fmt: skip
        began = clock.now()
        self._health = {
            unit.id: Health(unit=unit.id, state="starting", since=began) for _, many in units for unit in many
        }
        self._drivers = [(kind, tuple(many), kind.driver(tuple(many), self)) for kind, many in units]
        self._driver_by_unit: dict[UnitId, Driver] = {
            unit.id: driver for _, many, driver in self._drivers for unit in many
        }

    def health(self) -> tuple[Health, ...]:
        """How every unit of this link is."""
        return tuple(self._health.values())

    def order(self, unit: UnitId, order: Order) -> None:
        """Hand an order to its driver; it leaves when the line is free. Raises DeviceRefused."""
        driver = self._driver_by_unit.get(unit)
        if driver is None:
            raise DeviceRefused("unknown-unit", f"{self.address} has no unit {unit}")
        driver.order(unit, order)

    async def run(self) -> NoReturn:
        """Open, talk, wait, and again, until cancelled. No fault of a device or driver comes out of here."""
        failures = 0
        while True:
            began = self._clock.now()
            why = await self._once()
            failures = 1 if self._clock.now() - began >= STEADY_AFTER_S else failures + 1
            for health in self.health():
                was_open = health.state not in {"starting", "lost"}
                self._become(health.unit, "lost", why, losses=health.losses + was_open)
            await self._clock.sleep(self._back_off.after(failures))

    async def _once(self) -> str:
        """One life of the link. Gives why it ended."""
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                link = await _supervised(self._open_link(self.address))
        except LinkLost as lost:
            return str(lost)
        except TimeoutError:
            return f"{self.address} did not open within {OPEN_WITHIN_S:.0f} s"
        except _Bug as bug:
            return f"{self.address} cannot be opened: {bug}"
        try:
            return await self._talk(SharedLine(link, self.address.baud))
        finally:
            await link.close()

    async def _talk(self, line: Line) -> str:
        why = ""
        for unit in self._health:
            self._become(unit, "unheard", "")
        try:
            async with asyncio.TaskGroup() as group:
                for kind, many, driver in self._drivers:
                    group.create_task(self._drive(many, driver, line), name=f"{kind.name} on {self.address}")
        except* LinkLost as lost:
            why = str(lost.exceptions[0])
        return why

    async def _drive(self, units: tuple[Unit, ...], driver: Driver, line: Line) -> NoReturn:
        """Run one driver until the link is lost; a bug in it is shown on its units, and it begins again."""
        failures = 0
        while True:
            try:
                await _supervised(driver.run(line))
                why = "its driver stopped by itself"
            except _Bug as bug:
                why = f"its driver met a bug: {bug}"
            failures += 1
            for unit in units:
                self._become(unit.id, "failed", why)
            await self._clock.sleep(self._back_off.after(failures))

    def report(self, report: Report) -> None:
        """See Ears."""
        self.heard(report.unit)
        self._hear(report)

    def heard(self, unit: UnitId) -> None:
        """See Ears."""
        self._become(unit, "up", "")
        self._health[unit] = replace(self._health[unit], heard_at=self._clock.now())

    def silent(self, unit: UnitId, why: str) -> None:
        """See Ears."""
        self._become(unit, "unheard", why)

    def noise(self, count: int) -> None:
        """See Ears."""
        if count:
            for unit, health in self._health.items():
                self._health[unit] = replace(health, noise=health.noise + count)

    def _become(self, unit: UnitId, state: str, detail: str, *, losses: int | None = None) -> None:
        before = self._health[unit]
        health = replace(
            before,
            state=state,
            since=before.since if before.state == state else self._clock.now(),
            losses=before.losses if losses is None else losses,
            detail=detail,
        )
        self._health[unit] = health
        if before.state != state:
            self._changed(health)

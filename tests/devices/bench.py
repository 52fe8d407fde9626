"""One kind on one line: simulated units, a far end that can be pulled, and the channel that drives them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from devices.kind import Kind, Unit
from devices.links.address import read_address
from devices.links.memory import MemoryPlugs
from devices.links.opening import Opener, open_link
from devices.simulation.ends import End, Knobs, MemoryEnd, Player, PtyEnd, TcpEnd
from devices.supervision import BackOff, Channel, LoopClock
from devices.words import Health, KeyPressed, Report, ShowNumber, UnitId

SOON_S = 4.0  # What has not happened by then on this machine does not happen.
PLACES = ("memory", "pty", "tcp")


def units_of(kind: Kind, count: int = 0) -> tuple[Unit, ...]:
    """One unit for each set of sample options; or so many with the first one."""
    many = kind.sample_options if not count else kind.sample_options[:1] * count
    first = kind.addresses[0]
    return tuple(
        Unit(id=UnitId(f"unit-{place}"), address=first + place, options=options) for place, options in enumerate(many)
    )


class Bench:
    """What a test holds."""

    def __init__(self, kind: Kind, units: tuple[Unit, ...], knobs: Knobs) -> None:
        self.kind, self.units = kind, units
        self.player = Player(kind.simulator(units), knobs)
        self.reports: list[Report] = []
        self.changes: list[Health] = []
        self._stirred = asyncio.Event()

    def build(self, end: End, opener: Opener) -> None:
        self.end = end
        self.channel = Channel(
            read_address(end.url, baud=self.kind.baud),
            [(self.kind, self.units)],
            open_link=opener,
            clock=LoopClock(),
            hear=self.reports.append,
            changed=self.changes.append,
            back_off=BackOff(first_s=0.005, cap_s=0.02),
        )

    def state(self, unit: Unit) -> str:
        return {health.unit: health.state for health in self.channel.health()}[unit.id]

    def states(self) -> set[str]:
        return {self.state(unit) for unit in self.units}

    def press(self, unit: Unit, key: str = "next", number: int | None = None) -> None:
        self.player.say(KeyPressed(unit=unit.id, key=key, number=number, heard_at=0.0))

    def shown(self, unit: Unit) -> str:
        return self.player.simulator.shown(unit.id)

    def show(self, number: int) -> None:
        """Order the first unit to show this, where its kind shows numbers at all."""
        if ShowNumber in self.kind.orders:
            self.channel.order(self.units[0].id, ShowNumber(number=number))

    def sees(self, number: int) -> bool:
        """Whether the first unit shows this; kinds that show nothing have nothing to be late with."""
        return ShowNumber not in self.kind.orders or self.shown(self.units[0]) == str(number)

    async def showing(self, number: int) -> None:
        """Order it, and wait until eyes see it."""
        self.show(number)
        await self.until(lambda: self.sees(number))

    async def until(self, holds: Callable[[], bool], within_s: float = SOON_S) -> None:
        """Wait until this holds; a test that waits in vain says what it waited for."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():  # noqa: ASYNC110  # Eyes on a simulated device send no event.
                    await asyncio.sleep(0.001)
        except TimeoutError:
            raise AssertionError(f"not within {within_s} s: {self.channel.health()}, {self.reports}") from None

    async def settled(self, rounds_s: float = 0.15) -> None:
        """Time enough for several rounds, in which a second report would come."""
        await asyncio.sleep(rounds_s)


@asynccontextmanager
async def a_bench(
    kind: Kind, place: str, folder: Path, *, knobs: Knobs | None = None, units: tuple[Unit, ...] = ()
) -> AsyncIterator[Bench]:
    """The kind's units behind a far end in this place, and its channel running."""
    bench = Bench(kind, units or units_of(kind), knobs or Knobs())
    plugs = MemoryPlugs()
    end: End
    match place:
        case "memory":
            end = MemoryEnd(bench.player, plugs, kind.name)
        case "pty":
            end = PtyEnd(bench.player, folder / f"usb-{kind.name}")
        case _:
            end = TcpEnd(bench.player)
    await end.plug()
    bench.build(end, plugs.open if place == "memory" else open_link)
    run = asyncio.create_task(bench.channel.run(), name=f"channel {kind.name}")
    try:
        yield bench
    finally:
        run.cancel()
        await asyncio.wait((run,))
        await end.unplug()
    assert run.cancelled(), f"the channel ended by itself: {run}"

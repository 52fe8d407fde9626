"""Links and drivers fall and come back, and the health of each unit says so; on a clock that the test owns."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec import Struct

from devices.errors import DeviceRefused, LinkLost
from devices.kind import Ears, Kind, Line, Unit
from devices.links.address import Address, read_address
from devices.links.link import Link
from devices.links.memory import MemoryLink, MemoryPlugs
from devices.supervision import BackOff, Channel
from devices.words import Beep, KeyPressed, Order, Report, UnitId

PLACE = read_address("memory://desk", baud=9600)


class HeldClock:
    """Sleeps are noted, and take no time but a round of the loop."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds
        await asyncio.sleep(0)


class NoOptions(Struct, frozen=True):
    pass


class Script:
    """A driver that does what the test says at each run."""

    def __init__(self, runs: list[Callable[[Line, Ears], None]]) -> None:
        self.runs = runs
        self.ran = 0
        self.ears: Ears | None = None

    async def run(self, line: Line) -> None:
        assert self.ears is not None
        step = self.runs[min(self.ran, len(self.runs) - 1)]
        self.ran += 1
        step(line, self.ears)
        while True:
            await line.rest(60)

    def order(self, unit: UnitId, order: Order) -> None:
        raise DeviceRefused("not-able", f"{unit} cannot do {order}")


def _kind(script: Script) -> Kind:
    def driver(_units: tuple[Unit, ...], ears: Ears) -> Script:
        script.ears = ears
        return script

    return Kind(
        name="scripted", baud=9600, addresses=range(9), options=NoOptions, reports=(), orders=(), driver=driver,
        simulator=lambda _: pytest.fail("not simulated"), sample_options=(),
    )  # fmt: skip


def _channel(*scripts: Script, opener: Callable[[Address], object], clock: HeldClock) -> tuple[Channel, list[Report]]:
    heard: list[Report] = []

    async def open_it(address: Address) -> Link:
        found = opener(address)
        if isinstance(found, BaseException):
            raise found
        assert isinstance(found, MemoryLink)
        return found

    units = [
        (_kind(script), [Unit(id=UnitId(f"u{place}"), options=NoOptions())]) for place, script in enumerate(scripts)
    ]
    return Channel(PLACE, units, open_link=open_it, clock=clock, hear=heard.append, back_off=BackOff(0.1, 2.0)), heard


async def _rounds(channel: Channel, count: int = 200) -> None:
    """Run it for so many rounds of the loop, and end it."""
    task = asyncio.create_task(channel.run(), name="channel")
    for _ in range(count):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    assert task.cancelled(), f"the channel ended by itself: {task}"


def quiet(_line: Line, _ears: Ears) -> None:
    """Nothing to do."""


def broken(_line: Line, _ears: Ears) -> None:
    """Fall at once."""
    raise ZeroDivisionError("a bug of ours")


async def test_waits_double_up_to_a_cap() -> None:
    """A converter that is off all night must not be called a thousand times a second, nor be forgotten for an hour."""
    clock = HeldClock()
    channel, _ = _channel(Script([quiet]), opener=lambda _: LinkLost("no such port"), clock=clock)
    await _rounds(channel)
    assert clock.slept[:8] == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]
    (health,) = channel.health()
    assert (health.state, health.detail, health.losses) == ("lost", "no such port", 0)
    assert health.since == 100.0, "lost since the first try, not since the last"


async def test_a_bug_in_opening_is_a_state_and_not_the_end() -> None:
    """One odd adapter must not take the hall's other devices with it."""
    clock = HeldClock()
    channel, _ = _channel(Script([quiet]), opener=lambda _: RuntimeError("odd"), clock=clock)
    await _rounds(channel)
    assert len(clock.slept) > 5
    assert "odd" in channel.health()[0].detail


async def test_a_bug_in_one_driver_leaves_the_others_on_the_line() -> None:
    """Two kinds share an adapter; the faulty one is named, tried again, and the other never notices."""
    clock, plugs = HeldClock(), MemoryPlugs()
    plugs.plug("desk")
    faulty, sound = Script([broken, broken, quiet]), Script([quiet])
    link = await plugs.open(PLACE)
    channel, _ = _channel(faulty, sound, opener=lambda _: link, clock=clock)
    await _rounds(channel)
    states = {health.unit: health.state for health in channel.health()}
    assert states == {"u0": "failed", "u1": "unheard"}
    assert (faulty.ran, sound.ran) == (3, 1)
    assert "a bug of ours" in channel.health()[0].detail
    assert clock.slept == [0.1, 0.2]


async def test_reports_pass_and_make_a_unit_well() -> None:
    """What a device says is handed on as it is, and is the proof that it lives."""
    clock = HeldClock()
    near = MemoryLink("desk")
    pressed = KeyPressed(unit=UnitId("u0"), key="next", heard_at=1.0)

    def press(_line: Line, ears: Ears) -> None:
        ears.report(pressed)
        ears.noise(3)

    channel, heard = _channel(Script([press]), opener=lambda _: near, clock=clock)
    await _rounds(channel, 20)
    assert heard == [pressed]
    (health,) = channel.health()
    assert (health.state, health.heard_at, health.noise) == ("up", 100.0, 3)


async def test_the_wait_is_short_again_after_a_steady_link() -> None:
    """A plug that falls out once a day is back at once each time, and not after the longest wait."""
    clock = HeldClock()
    far_ends: list[MemoryLink] = []

    def opener(_: Address) -> object:
        if len(clock.slept) < 4:
            return LinkLost("away")
        near = MemoryLink("desk")
        far_ends.append(near)
        return near

    def held_an_hour(_line: Line, _ears: Ears) -> None:
        clock.at += 3600
        far_ends[-1].end("pulled")

    channel, _ = _channel(Script([held_an_hour, quiet]), opener=opener, clock=clock)
    await _rounds(channel)
    assert clock.slept == [0.1, 0.2, 0.4, 0.8, 0.1]
    assert channel.health()[0].losses == 1


async def test_an_order_that_nobody_can_take_is_refused() -> None:
    """The staff hears of it at once; an order that vanishes is found out by a citizen."""
    channel, _ = _channel(Script([quiet]), opener=lambda _: LinkLost(""), clock=HeldClock())
    with pytest.raises(DeviceRefused, match="cannot do"):
        channel.order(UnitId("u0"), Beep())
    with pytest.raises(DeviceRefused, match="has no unit ghost") as refused:
        channel.order(UnitId("ghost"), Beep())
    assert refused.value.code == "unknown-unit"

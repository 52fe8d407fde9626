"""What every kind keeps, over memory, a real pty and real TCP. A new file in `drivers/` is tested by being there."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from devices.catalogue import kinds
from devices.errors import DeviceRefused
from devices.kind import Kind
from devices.simulation.ends import Knobs
from devices.words import KeyPressed, ShowNumber, UnitId
from tests.devices.bench import PLACES, a_bench, units_of

KINDS = tuple(kinds().values())
WITH_KEYS = tuple(kind for kind in KINDS if KeyPressed in kind.reports)
SHOWING = tuple(kind for kind in KINDS if ShowNumber in kind.orders)
REPLUGS = {"memory": 5, "pty": 20, "tcp": 20}


def _named(many: tuple[Kind, ...]) -> list[ParameterSet]:
    return [pytest.param(kind, id=kind.name) for kind in many]


def _well(kind: Kind) -> str:
    return "up" if kind.tells_life else "unheard"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", _named(WITH_KEYS))
async def test_a_press_is_reported_once(kind: Kind, place: str, tmp_path: Path) -> None:
    """Lost, a citizen waits for nothing; said twice, somebody's number is called to an empty chair."""
    async with a_bench(kind, place, tmp_path) as bench:
        for unit in bench.units:
            bench.press(unit)
        await bench.until(lambda: len(bench.reports) >= len(bench.units))
        await bench.settled()
        assert sorted((report.unit, report.key) for report in bench.reports if isinstance(report, KeyPressed)) == [
            (unit.id, "next") for unit in bench.units
        ]


@pytest.mark.parametrize("kind", _named(WITH_KEYS))
async def test_a_stammering_device_is_understood_once(kind: Kind, tmp_path: Path) -> None:
    """A bouncing contact, or an adapter that gives bytes one by one with rubbish between, must not call anybody."""
    knobs = Knobs(says_times=2, slice_bytes=1, noise=0.5)
    async with a_bench(kind, "pty", tmp_path, knobs=knobs) as bench:
        bench.press(bench.units[0])
        await bench.until(lambda: len(bench.reports) >= 1)
        await bench.settled()
        assert len(bench.reports) == 1
        assert sum(health.noise for health in bench.channel.health()) > 0, "the noise was not counted"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", _named(SHOWING))
async def test_an_order_is_shown_on_its_unit_alone(kind: Kind, place: str, tmp_path: Path) -> None:
    """A number at the wrong counter sends a citizen to the wrong desk."""
    async with a_bench(kind, place, tmp_path) as bench:
        for number, unit in enumerate(bench.units, start=105):
            bench.channel.order(unit.id, ShowNumber(number=number, state="calling"))
        for number, unit in enumerate(bench.units, start=105):
            await bench.until(lambda unit=unit, number=number: bench.shown(unit) == str(number))  # type: ignore[misc]
        bench.channel.order(bench.units[0].id, ShowNumber(number=9, state="calling"))
        await bench.until(lambda: bench.shown(bench.units[0]) == "9")
        assert [bench.shown(unit) for unit in bench.units[1:]] == [
            str(number) for number, _ in enumerate(bench.units[1:], start=106)
        ]


@pytest.mark.parametrize("kind", _named(SHOWING))
async def test_a_number_too_wide_is_refused_and_nothing_is_shown(kind: Kind, tmp_path: Path) -> None:
    """Half a number is somebody else's number."""
    async with a_bench(kind, "memory", tmp_path) as bench:
        unit = bench.units[0]
        with pytest.raises(DeviceRefused, match="does not fit") as refused:
            bench.channel.order(unit.id, ShowNumber(number=10**kind.digits, state="calling"))
        assert refused.value.code == "too-wide"
        with pytest.raises(DeviceRefused, match="has no unit"):
            bench.channel.order(UnitId("stranger"), ShowNumber(number=1))
        bench.channel.order(unit.id, ShowNumber(number=10**kind.digits - 1, state="calling"))
        await bench.until(lambda: bench.shown(unit) == "9" * kind.digits)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", _named(KINDS))
async def test_a_pulled_cable_is_seen_and_forgiven(kind: Kind, place: str, tmp_path: Path) -> None:
    """Cables are pulled by cleaners. The page must say so, and nobody should have to restart anything afterwards."""
    async with a_bench(kind, place, tmp_path) as bench:
        await bench.until(lambda: bench.states() == {_well(kind)})
        await bench.showing(7)
        await bench.end.unplug()
        await bench.until(lambda: bench.states() == {"lost"})
        bench.show(8)  # Nobody can see it now; it is there when the cable is back.
        assert all(health.detail for health in bench.channel.health()), "a loss without a cause"
        await bench.end.plug()
        await bench.until(lambda: bench.states() == {_well(kind)})
        await bench.until(lambda: bench.sees(8))
        assert {health.losses for health in bench.channel.health()} == {1}
        if KeyPressed in kind.reports:
            bench.press(bench.units[-1])
            await bench.until(lambda: len(bench.reports) == 1)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", _named(KINDS))
async def test_a_loose_plug_is_borne_all_day(kind: Kind, place: str, tmp_path: Path) -> None:
    """A plug that falls out twenty times must leave no half-open port, and lose nothing afterwards."""
    async with a_bench(kind, place, tmp_path) as bench:
        for turn in range(1, REPLUGS[place] + 1):
            await bench.until(lambda: bench.states() == {_well(kind)})
            await bench.showing(turn)
            await bench.end.unplug()
            await bench.until(lambda: bench.states() == {"lost"})
            await bench.end.plug()
        await bench.until(lambda: bench.states() == {_well(kind)})
        assert {health.losses for health in bench.channel.health()} == {REPLUGS[place]}


@pytest.mark.parametrize("kind", _named(tuple(kind for kind in KINDS if kind.tells_life)))
async def test_a_dead_unit_on_a_living_link_is_told_apart(kind: Kind, tmp_path: Path) -> None:
    """A keypad without power behind a good adapter: the page must not say that all is well."""
    async with a_bench(kind, "pty", tmp_path) as bench:
        await bench.until(lambda: bench.states() == {"up"})
        bench.player.knobs.is_mute = True
        await bench.until(lambda: bench.states() == {"unheard"})
        bench.player.knobs.is_mute = False
        await bench.until(lambda: bench.states() == {"up"})
        assert {health.losses for health in bench.channel.health()} == {0}


@pytest.mark.parametrize("kind", _named(KINDS))
async def test_babble_does_not_stop_a_driver(kind: Kind, tmp_path: Path) -> None:
    """One broken device that talks without end must not take the others with it for good."""
    async with a_bench(kind, "pty", tmp_path) as bench:
        for _ in range(50):
            bench.player.send(bytes(range(256)))
        await bench.until(lambda: bench.states() == {_well(kind)})
        await bench.showing(42)
        assert bench.states() == {_well(kind)}


@pytest.mark.parametrize("kind", _named(KINDS))
def test_a_kind_is_whole(kind: Kind) -> None:
    """A kind that lies about itself is found here, and not in a hall."""
    units = units_of(kind)
    assert all(unit.address in kind.addresses for unit in units)
    assert all(isinstance(options, kind.options) for options in kind.sample_options)
    assert kind.reports or kind.orders, "a device that neither reports nor obeys"
    assert (kind.digits > 0) == (ShowNumber in kind.orders)


@pytest.mark.parametrize("kind", _named(SHOWING))
async def test_what_was_shown_is_shown_again_after_a_power_cut(kind: Kind, tmp_path: Path) -> None:
    """The power of a whole row fails and comes back: nobody should have to call the number once more."""
    async with a_bench(kind, "pty", tmp_path) as bench:
        await bench.showing(7)
        await bench.end.unplug()
        await bench.until(lambda: bench.states() == {"lost"})
        bench.player.simulator = kind.simulator(bench.units)
        await bench.end.plug()
        await bench.until(lambda: bench.sees(7))

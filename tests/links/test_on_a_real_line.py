"""A simulated call box on a real pty, and a whole hall behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.catalogue import kinds
from devices.drivers.cobs_box import Boxes
from devices.errors import DeviceRefused
from devices.kind import Unit
from devices.words import Beep, UnitId
from queue_server.journal.memory import MemoryJournal
from queue_server.links.channels import OnChannels
from queue_server.links.hall_devices import HallDevices
from queue_server.links.units import UnitAtCounter
from tests.devices.bench import Bench, a_bench
from tests.factories import ONE
from tests.links.hall_with_units import ACTOR, Running, an_ask, running

BOX = kinds()["cobs_box"]
UNIT = Unit(id=UnitId("box-1"), address=BOX.addresses[0], options=BOX.sample_options[0])
AT_COUNTER = UnitAtCounter(unit=UNIT.id, by=ACTOR, counter=ONE, digits=4, answers=True, beeps=True)


@asynccontextmanager
async def a_box_in_a_hall(
    folder: Path, journal: MemoryJournal | None = None
) -> AsyncIterator[tuple[Bench, Boxes, Running]]:
    """A hall whose counter 1 has one box that keys, shows, answers and beeps."""
    async with running(journal, units=()) as hall, a_bench(BOX, "pty", folder, units=(UNIT,)) as bench:
        devices = HallDevices(
            hall.engine,
            OnChannels([bench.channel]),
            new_ask=an_ask,
            monotonic=asyncio.get_running_loop().time,
        )
        devices.place([AT_COUNTER])
        bench.channel._hear = devices.hear  # The bench keeps reports; this test lets them act.
        joining = asyncio.create_task(devices.run(), name="devices of the box")
        hall.devices = devices
        assert isinstance(bench.player.simulator, Boxes)
        try:
            await bench.until(lambda: bench.states() == {"up"})
            yield bench, bench.player.simulator, hall
        finally:
            joining.cancel()
            await asyncio.gather(joining, return_exceptions=True)


async def test_a_press_on_a_box_calls_and_the_box_shows_it(tmp_path: Path) -> None:
    """The whole way: contact, wire, engine, journal, wire, digits and lamp."""
    async with a_box_in_a_hall(tmp_path) as (bench, box, hall):
        await hall.take(2)
        await bench.until(lambda: box.beeps(UNIT.id) == 1)
        bench.press(UNIT)
        await bench.until(lambda: box.shown(UNIT.id) == "1001")
        await bench.until(lambda: box.lamp(UNIT.id) == "done")
        for key in ("digit:1", "digit:0", "digit:0", "digit:2"):
            bench.press(UNIT, key)
        await bench.until(lambda: hall.devices.counts[UNIT.id, "done"] == 5)
        bench.press(UNIT)
        await bench.until(lambda: box.shown(UNIT.id) == "1002")
        assert len(await hall.calls()) == 2


async def test_a_box_whose_power_was_cut_may_press_again(tmp_path: Path) -> None:
    """It comes back dark and counts from one: the number is shown again, and its first press is no repeat."""
    async with a_box_in_a_hall(tmp_path) as (bench, box, hall):
        await hall.take(2)
        bench.press(UNIT)
        await bench.until(lambda: box.shown(UNIT.id) == "1001")
        box.cut_power(UNIT.id)
        await bench.until(lambda: box.shown(UNIT.id) == "1001")
        bench.press(UNIT)
        await bench.until(lambda: box.shown(UNIT.id) == "1002")
        assert len(await hall.calls()) == 2


async def test_an_order_to_a_unit_that_no_channel_has_is_refused() -> None:
    """It was enrolled with a mistake; the log must name it."""
    with pytest.raises(DeviceRefused, match="no channel has unit stranger"):
        OnChannels(()).order(UnitId("stranger"), Beep())

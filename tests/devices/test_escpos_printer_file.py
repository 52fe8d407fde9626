"""A printer behind a device file, as USB printers are: no serial port, no network. A pty stands in for the file."""

import asyncio
import os
from pathlib import Path

import pytest

from devices.drivers.escpos_printer import KIND
from devices.drivers.escpos_printer.composing import image_page
from devices.errors import LinkLost
from devices.kind import Unit
from devices.links.address import Address
from devices.links.device_file import DeviceFileLink, open_device_file
from devices.links.link import UNSENT_BYTES_MAX
from devices.simulation.ends import Knobs, PtyEnd
from devices.supervision import Channel, LoopClock
from devices.words import Print, Printed
from tests.devices.bench import Bench
from tests.devices.printing import PRINTER, QUICK, Desk, a_picture, inked_rows, printed_rows


async def _open(address: Address) -> DeviceFileLink:
    return await open_device_file(address.place)


async def test_a_usb_printer_prints_and_survives_its_cable(tmp_path: Path) -> None:
    """Most kiosks have their printer on USB, where cleaners find the cable."""
    unit = Unit(id=PRINTER, options=QUICK)
    bench = Bench(KIND, (unit,), Knobs())
    end = PtyEnd(bench.player, tmp_path / "lp0")
    await end.plug()
    bench.end = end
    bench.channel = Channel(
        Address(scheme="serial", place=end.url, baud=0),
        [(KIND, (unit,))],
        open_link=_open,
        clock=LoopClock(),
        hear=bench.reports.append,
    )
    desk = Desk(bench)
    run = asyncio.create_task(bench.channel.run())
    try:
        for turn in range(3):
            await desk.fault("")
            bench.channel.order(PRINTER, Print(job=f"job-{turn}", page=image_page(a_picture(turn))))
            await desk.ended(turn + 1)
            assert printed_rows(desk.printer.sheets[-1]) == inked_rows(a_picture(turn))
            await end.unplug()
            await bench.until(lambda: bench.states() == {"lost"})
            await end.plug()
        assert [one.outcome for one in bench.reports if isinstance(one, Printed)] == ["done"] * 3
    finally:
        run.cancel()
        await asyncio.wait((run,))
        await end.unplug()


async def test_a_missing_file_is_a_lost_link(tmp_path: Path) -> None:
    """The file is there only while the printer is plugged in and switched on."""
    with pytest.raises(LinkLost, match="No such file"):
        await open_device_file(str(tmp_path / "lp9"))


async def test_a_printer_that_takes_nothing_ends_the_link(tmp_path: Path) -> None:
    """Bytes that pile up are slips that come out much later, or a server without memory."""
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    link = await open_device_file(str(pipe))
    for _ in range(2):  # A pipe holds the first 64 kB itself.
        link.write(bytes(UNSENT_BYTES_MAX))
    with pytest.raises(LinkLost, match="takes no bytes"):
        link.write(b"one more")
    await link.close()

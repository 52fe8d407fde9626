"""Pictures for the tests of the ticket printer, and a bench with one."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from PIL import Image, ImageDraw

from devices.drivers.escpos_printer import KIND
from devices.drivers.escpos_printer.composing import image_page
from devices.drivers.escpos_printer.driver import PrinterDriver
from devices.drivers.escpos_printer.options import Options
from devices.drivers.escpos_printer.simulated_paper import Sheet
from devices.drivers.escpos_printer.simulator import SimulatedPrinter
from devices.kind import Unit
from devices.simulation.ends import Knobs
from devices.words import Print, Printed, UnitId
from tests.devices.bench import Bench, a_bench

WIDTH = 576
PRINTER = UnitId("printer-1")
QUICK = Options(expires_s=0.6, patience_s=0.6, answer_ms=40, ask_every_ms=40)


def a_picture(seed: int = 1, height: int = 700) -> Image.Image:
    """A slip as slips are: a few lines, much white, one dense square, and a large number in coarse dots."""
    chance = random.Random(seed)
    picture = Image.new("1", (WIDTH, height), 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 16, 540, 18), fill=0)
    for row in range(60, 160, 2):
        for column in range(100, 400, 2):
            if chance.random() < 0.4:
                draw.rectangle((column, row, column + 1, row + 1), fill=0)
    for row in range(200, 300, 3):
        for column in range(24, 350, 3):
            if chance.random() < 0.5:
                picture.putpixel((column, row), 0)
    draw.rectangle((300, height - 120, 420, height - 20), fill=0)
    return picture


def a_dense_picture() -> Image.Image:
    """One command of 22 kB: torn, it swallows whatever comes next."""
    picture = a_picture(9, 320)
    picture.paste(Image.frombytes("1", (WIDTH, 300), random.Random(9).randbytes(WIDTH // 8 * 300)), (0, 10))
    return picture


def inked_rows(picture: Image.Image) -> list[bytes]:
    """The rows that must be on paper, down to the last ink: a set bit is ink."""
    data = bytes(byte ^ 0xFF for byte in picture.tobytes())
    return _without_white_end([data[start : start + WIDTH // 8] for start in range(0, len(data), WIDTH // 8)])


def printed_rows(sheet: Sheet) -> list[bytes]:
    """What is on the paper, without the white that the cut needs."""
    return _without_white_end(list(sheet.rows))


def _without_white_end(rows: list[bytes]) -> list[bytes]:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


class Desk:
    """One printer and those who watch it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @property
    def printer(self) -> SimulatedPrinter:
        return cast("SimulatedPrinter", self.bench.player.simulator)

    @property
    def driver(self) -> PrinterDriver:
        return cast("PrinterDriver", self.bench.channel._driver_by_unit[PRINTER])  # Nothing public shows its status.

    @property
    def outcomes(self) -> list[tuple[str, str, str]]:
        return [(one.job, one.outcome, one.code) for one in self.bench.reports if isinstance(one, Printed)]

    def print(self, job: str, picture: Image.Image | None = None) -> None:
        page = image_page(picture or a_picture())
        self.bench.channel.order(PRINTER, Print(job=job, page=page))

    def turn(self, **knobs: bool | int | None) -> None:
        if said := self.printer.turn(**knobs):
            self.bench.player.send(said)

    async def ended(self, count: int = 1) -> None:
        await self.bench.until(lambda: len(self.outcomes) >= count, within_s=8.0)

    async def fault(self, fault: str) -> None:
        await self.bench.until(lambda: self.driver.status.fault == fault)


@asynccontextmanager
async def a_desk(
    folder: Path, place: str = "memory", *, options: Options = QUICK, knobs: Knobs | None = None
) -> AsyncIterator[Desk]:
    """A printer that is asked and answers."""
    unit = Unit(id=PRINTER, options=options)
    async with a_bench(KIND, place, folder, units=(unit,), knobs=knobs) as bench:
        desk = Desk(bench)
        if options.end_mark != "none":
            await desk.fault("")
        yield desk

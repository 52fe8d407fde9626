"""A hall with devices in memory, for tests: real engine, memory journal, units that write down what they are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from msgspec.structs import replace

from devices.errors import DeviceRefused
from devices.words import Answer, KeyPressed, Order, UnitId
from queue_server.clock import HallClock
from queue_server.core.commands import TakeTicket
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, ServiceId, TicketId
from queue_server.core.rules import Calendar, HallRules
from queue_server.engine import Engine, Request
from queue_server.journal.memory import MemoryJournal
from queue_server.links.hall_devices import HallDevices
from queue_server.links.units import UnitAtCounter
from queue_server.restoring import create_if_new, restore
from tests.engine.test_engine import MORNING, ZONE
from tests.factories import CERTIFY, ONE, TWO, a_counter, a_hall_rules, changed

PAD, PAD_2, PANEL, BOX = UnitId("pad-1"), UnitId("pad-2"), UnitId("panel-1"), UnitId("rate-1")
ACTOR = Actor("t-units")
UNITS = (
    UnitAtCounter(unit=PAD, by=ACTOR, counter=ONE, answers=True, beeps=True),
    UnitAtCounter(unit=PAD_2, by=ACTOR, counter=TWO, answers=True),
    UnitAtCounter(unit=PANEL, by=ACTOR, counter=ONE, digits=4),
    UnitAtCounter(unit=BOX, by=ACTOR, counter=ONE, asks=True, answers=True),
)
RULES = changed(
    replace(
        a_hall_rules(),
        calendar=Calendar(always_open=1),
        counters=tuple(a_counter(number, opens_with_hall=1) for number in (1, 2)),
    ),
    next_guard_ms=0,
)
_ids = count()


def an_ask() -> AskId:
    """An id that no test used."""
    return AskId(f"q{next(_ids)}")


class MemoryUnits:
    """Units that write down what they are told; `refusing` is told nothing."""

    def __init__(self) -> None:
        self.told: list[tuple[UnitId, Order]] = []
        self.refusing: UnitId | None = None

    def order(self, unit: UnitId, order: Order) -> None:
        if unit == self.refusing:
            raise DeviceRefused("unknown-unit", f"no unit {unit}")
        self.told.append((unit, order))

    def of(self, unit: UnitId) -> list[Order]:
        """What one unit was told, oldest first."""
        return [order for told, order in self.told if told == unit]

    def answers(self, unit: UnitId = PAD) -> list[tuple[int, str]]:
        """(count of the press, result) as they came."""
        return [(order.seq, order.result) for order in self.of(unit) if isinstance(order, Answer)]


class Running:
    """A hall with devices, under test."""

    def __init__(
        self, engine: Engine, clock: HallClock, units: MemoryUnits, devices: HallDevices, journal: MemoryJournal
    ) -> None:
        self.engine, self.clock, self.units, self.devices, self.journal = engine, clock, units, devices, journal
        self.now = 100.0
        self.sleeps: list[tuple[float, asyncio.Event]] = []
        self.joining = asyncio.create_task(devices.run(), name="devices")

    async def start_again(self) -> None:
        """Stop the devices' task and start it again, as a supervisor does."""
        await self.stop()
        self.joining = asyncio.create_task(self.devices.run(), name="devices")
        await self.quiet()

    async def stop(self) -> None:
        """End the devices' task."""
        self.joining.cancel()
        await asyncio.gather(self.joining, return_exceptions=True)

    async def quiet(self) -> None:
        """Until nothing moves any more, with a journal that answers at once."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def press(self, *keys: str, unit: UnitId = PAD, first: int = 1, boot: int = 1) -> None:
        """Keys, one after another, then quiet."""
        for seq, key in enumerate(keys, first):
            self.devices.hear(KeyPressed(unit=unit, key=key, boot=boot, seq=seq, heard_at=self.now))
        await self.quiet()

    async def take(self, tickets: int = 1) -> None:
        """So many citizens take a number."""
        for _ in range(tickets):
            command = TakeTicket(
                by=Actor("t-kiosk"), ticket=TicketId(f"k{next(_ids)}"), service=ServiceId(CERTIFY), origin="kiosk"
            )
            await self.engine.submit(Request(command=command))
        await self.quiet()

    async def calls(self) -> list[str]:
        """The tickets called, as the journal has them."""
        rows = await self.journal.read(limit=100_000)
        return [row.body for row in rows if row.kind == "ticket-called"]

    async def sleep(self, seconds: float) -> None:
        """Time that passes when the test says so."""
        waker = asyncio.Event()
        self.sleeps.append((seconds, waker))
        await waker.wait()


@asynccontextmanager
async def running(
    journal: MemoryJournal | None = None, rules: HallRules = RULES, units: tuple[UnitAtCounter, ...] = UNITS
) -> AsyncIterator[Running]:
    """A hall with devices that goes on from what the journal holds."""
    journal = journal or MemoryJournal()
    clock = HallClock(ZONE, wall=MORNING)
    engine = Engine(journal, clock, an_ask)
    await create_if_new(journal, rules.hall, clock.now())
    restored = await restore(journal, "")
    if restored.board.at is not None:
        clock.not_before(restored.board.at)
    engine.adopt(restored.board, restored.head, restored.words, restored.kept)
    memory = MemoryUnits()
    hall: Running
    devices = HallDevices(
        engine, memory, new_ask=an_ask, monotonic=lambda: hall.now, sleep=lambda seconds: hall.sleep(seconds)
    )
    writing = asyncio.create_task(engine.run(), name="engine")
    await engine.configure(rules, HALL_ITSELF)
    devices.place(units)
    hall = Running(engine, clock, memory, devices, journal)
    await hall.quiet()
    try:
        yield hall
    finally:
        await hall.stop()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

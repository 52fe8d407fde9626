"""Driving one ticket printer: it is asked how it is, and is given a page only when it says that all is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.drivers.escpos_printer import composing
from devices.drivers.escpos_printer.jobs import Ended, Job, JobBook
from devices.drivers.escpos_printer.options import Options, longest_page
from devices.drivers.escpos_printer.paper import Roll, length_mm, new_roll
from devices.drivers.escpos_printer.status import LONGEST, STOPPING, Fault, Status, cut
from devices.drivers.escpos_printer.talking import Talk
from devices.errors import DeviceRefused
from devices.framing import FrameReader
from devices.kind import Ears, Line, Unit
from devices.words import Order, Print, Printed, UnitId

WAITING_S = 0.25  # Between two questions while somebody wants paper.
CHUNK_BYTES = 1024  # 89 ms at 115,200 baud; then it is heard whether it has stopped.
SLOWEST_MM_S = 40
TWO_LOOKS_S = 2.0  # Time enough to hear twice why it stopped, behind bytes that are still leaving.
_OUTCOMES = {"printed": "done", "failed": "failed", "unknown": "unknown"}


class PrinterDriver:
    """See Driver. Orders are pages of raster or text commands, without start-up, feed and cut.

    A page leaves once. It is `printed` when the printer answers the mark behind it; `failed` when nothing of it was
    sent, or the printer has stopped and has emptied its buffers; in all other cases `unknown`.
    """

    def __init__(self, units: tuple[Unit, ...], ears: Ears) -> None:
        (unit,) = units
        assert isinstance(unit.options, Options), f"{unit.id} has options of another kind"
        self.id, self._options, self._ears = unit.id, unit.options, ears
        self._book = JobBook()
        self._line: Line | None = None
        self._reader = FrameReader(cut, longest=LONGEST)
        self._marks = 0
        self._idle_s = unit.options.ask_every_ms / 1000
        self._waiting_s = min(self._idle_s, WAITING_S)
        self._is_torn = False
        """A part of a page hangs out of the printer or lies in its buffers."""
        self._torn_bytes = 0
        """As many bytes may it still take for the rest of a picture that never came."""
        self.status = Status()
        """How the printer is; unknown until it said so, and again when the link is lost."""
        self.roll: Roll = new_roll(unit.options)
        """The estimate of its paper."""
        self._lacks = _what_is_missing()

    def order(self, unit: UnitId, order: Order) -> None:
        """See Driver. A job that was told before is not printed again; its outcome, if there is one, is reported again.

        Further codes: `too-long` for a page beyond the limit, `too-many` where more wait than should.
        """
        if not isinstance(order, Print):
            raise DeviceRefused("not-able", f"{unit} is a printer and cannot do {type(order).__name__}")
        if (known := self._book.find(order.job)) is not None:
            self._tell_again(known)
            return
        self._check(order)
        loop = asyncio.get_running_loop()
        expires_at = loop.time() + self._options.expires_s
        self._book.tell(Job(id=order.job, page=order.page, expires_at=expires_at))
        loop.call_at(expires_at, self._expire)
        if self._line is not None:
            self._line.wake()

    def _check(self, order: Print) -> None:
        longest = longest_page(self._options)
        if self._lacks:
            raise DeviceRefused("not-able", f"{self.id} cannot print: {self._lacks}")
        if not order.page:
            raise DeviceRefused("not-able", f"job {order.job} has nothing to print")
        if self._options.pages == "text" and b"\x1dv0" in order.page:
            raise DeviceRefused("not-able", f"{self.id} is on a slow wire: it prints letters, not pictures")
        if len(order.page) > longest:
            raise DeviceRefused("too-long", f"job {order.job} has {len(order.page)} bytes; {longest} are the limit")
        if self._book.is_full:
            raise DeviceRefused("too-many", f"{self.id} has too many pages waiting")

    def _tell_again(self, job: Job) -> None:
        if job.state not in {"waiting", "sending"}:
            self._report(job)

    def _expire(self) -> None:
        code = "link-lost" if self._line is None else self.status.fault or "busy"
        for job in self._book.expire(asyncio.get_running_loop().time(), code):
            self._report(job)

    def _report(self, job: Job) -> None:
        outcome = _OUTCOMES[job.state]
        self._ears.report(
            Printed(
                unit=self.id,
                job=job.id,
                outcome="done" if outcome == "done" else "failed" if outcome == "failed" else "unknown",
                code=job.code,
            )
        )

    async def run(self, line: Line) -> None:
        """See Driver."""
        self._line = line
        self._reader = FrameReader(cut, longest=LONGEST)
        try:
            if self._options.end_mark == "none":
                await self._run_blindly(line)
            await self._run(line)
        finally:
            self._line = None
            self.status = Status()
            if self._book.sending is not None:
                self._tear(len(self._book.sending.page))
                self._end("unknown", "link-lost")

    async def _run(self, line: Line) -> None:
        async with self._talk(line) as talk:
            talk.send(composing.TELL_CHANGES)
        while True:
            async with self._talk(line) as talk:
                await self._look(talk)
                if self._is_torn and self.status.fault not in {"unknown", *STOPPING}:
                    await self._recover(talk)
                job = None if self.status.fault or self._is_torn else self._book.start(line.now())
                if job is not None:
                    await self._print(talk, job, line)
            if job is None:
                await line.rest(self._waiting_s if self._book.waits else self._idle_s)

    async def _run_blindly(self, line: Line) -> None:
        """For a printer that cannot speak: pages leave, and nobody knows what became of them."""
        while True:
            job = self._book.start(line.now())
            if job is None:
                await line.rest(self._idle_s)
                continue
            async with line.turn() as turn:
                turn.send(composing.job_bytes(job.page, b""))
            self.roll = self.roll.printed(length_mm(job.page))
            self._end("unknown", "cannot-tell")

    @asynccontextmanager
    async def _talk(self, line: Line) -> AsyncIterator[Talk]:
        """A turn. What was noise in it is told afterwards."""
        noise = self._reader.noise
        async with line.turn() as turn:
            try:
                yield Talk(turn, self._reader, line.now, self._options.answer_ms / 1000)
            finally:
                self._ears.noise(self._reader.noise - noise)

    async def _look(self, talk: Talk) -> Fault:
        """Ask, and keep what it says."""
        status = await talk.ask()
        if status is None or (status.fault == "unknown"):
            self._ears.silent(self.id, "it does not say how it is")
        else:
            self._ears.heard(self.id)
        self._note(status or Status())
        return self.status.fault

    def _note(self, status: Status) -> None:
        self.status = status
        self.roll = self.roll.noticed(status)

    async def _print(self, talk: Talk, job: Job, line: Line) -> None:
        self._marks += 1
        mark, name = composing.end_mark(self._options.end_mark, self._marks)
        mm = length_mm(job.page)
        talk.marks.clear()
        talk.changed = None
        is_whole = await self._send(talk, composing.job_bytes(job.page, mark))
        patience_s = self._options.patience_s + mm / SLOWEST_MM_S if is_whole else TWO_LOOKS_S
        fault = await self._await_end(talk, name, line.now() + patience_s, line)
        self.roll = self.roll.printed(mm)
        if name in talk.marks:
            self._end("printed")
        else:
            await self._give_up(talk, job, name, fault, is_whole=is_whole)

    async def _send(self, talk: Talk, data: bytes) -> bool:
        """Whether all was sent. No question may come in between: its bytes would become dots of the picture."""
        for start in range(0, len(data), CHUNK_BYTES):
            talk.send(data[start : start + CHUNK_BYTES])
            await talk.listen(0.0)  # On a wire with a speed this waits until the bytes have left.
            if talk.changed is not None and talk.changed.fault in STOPPING:
                return False  # What it has not got cannot come out later.
        return True

    async def _await_end(self, talk: Talk, name: bytes, until: float, line: Line) -> Fault:
        """Wait for the mark. Gives why it will not come, said twice in a row: one word may be noise; or unknown."""
        before: Fault = ""
        while name not in talk.marks and line.now() < until:
            if not (talk.changed is not None and talk.changed.fault in STOPPING):
                await talk.listen(self._waiting_s)
            if name in talk.marks:
                break
            talk.changed = None
            fault = await self._look(talk)
            if fault in STOPPING and fault == before:
                return fault
            before = fault
        return "unknown"

    async def _give_up(self, talk: Talk, job: Job, name: bytes, fault: Fault, *, is_whole: bool) -> None:
        """The page is not whole: see to it that its rest does not come out when somebody puts paper in."""
        is_cleared = await talk.empty_buffers()
        if name in talk.marks:
            self._end("printed")
            return
        self._tear(0 if is_cleared else len(job.page))
        if is_cleared and (fault in STOPPING or not is_whole):
            self._end("failed", fault if fault in STOPPING else "stopped")
        else:
            self._end("unknown", "no-answer" if fault == "unknown" else fault)

    def _tear(self, size: int) -> None:
        self._is_torn, self._torn_bytes = True, max(self._torn_bytes, size)

    async def _recover(self, talk: Talk) -> None:
        """After a torn page: have the rest forgotten, or else the picture completed with white, and cut it off.

        Until it answers a mark again, nothing is printed: the next page would be swallowed as the rest of a picture.
        """
        self._marks += 1
        mark, name = composing.end_mark(self._options.end_mark, self._marks)
        if self._torn_bytes and not await talk.empty_buffers():
            await self._send(talk, bytes(self._torn_bytes))
        talk.marks.clear()
        await self._send(talk, composing.job_bytes(b"", mark))
        for _ in range(int(self._options.patience_s / self._waiting_s) + 1):
            if name in talk.marks:
                await talk.listen(self._options.answer_ms / 1000)  # The torn page's own mark may come as well.
                self._is_torn, self._torn_bytes = False, 0
                return
            await talk.listen(self._waiting_s)

    def _end(self, outcome: Ended, code: str = "") -> None:
        self._report(self._book.end(outcome, code))


def _what_is_missing() -> str:
    """Import the encoder before there is anything to print; a hall without it still runs all its other devices."""
    try:
        composing.encoder()
    except ImportError as missing:
        return f"{missing}; install denluot[devices]"
    return ""

"""One turn with a printer: questions, answers, and whatever it says by itself in between."""

from collections.abc import Callable

from devices.drivers.escpos_printer.composing import CLEAR
from devices.drivers.escpos_printer.status import QUESTIONS, Heard, Status, from_answers, from_automatic
from devices.framing import FrameReader
from devices.kind import Turn

DRAIN_READS_MAX = 16  # A printer that babbles is not listened to for longer.
READS_MAX = 200  # Slices until one answer is given up.


class Talk:
    """What was heard in this turn. Lifetime: one turn; `reader` lives as long as the link."""

    def __init__(self, turn: Turn, reader: FrameReader[Heard], now: Callable[[], float], answer_s: float) -> None:
        self._turn, self._reader, self._now, self._answer_s = turn, reader, now, answer_s
        self._answers: list[int] = []
        self.changed: Status | None = None
        """What it said by itself last."""
        self.marks: list[bytes] = []
        """End marks that were answered; b"" for the paper sensor."""
        self.is_cleared = False
        self.heard = 0

    def send(self, data: bytes) -> None:
        """Put bytes on the wire."""
        self._turn.send(data)

    async def listen(self, within_s: float) -> bool:
        """Take in what comes next; whether anything came."""
        data = await self._turn.read(within_s)
        for heard in self._reader.feed(data):
            self.heard += 1
            match heard.kind:
                case "answer":
                    self._answers.append(heard.data[0])
                case "automatic":
                    self.changed = from_automatic(heard.data)
                case "sensor":
                    self.marks.append(b"")
                case "ended":
                    self.marks.append(heard.data)
                case "cleared":
                    self.is_cleared = True
        return bool(data)

    async def drain(self) -> None:
        """Hear what lies there from before, so that no old word is taken for an answer."""
        for _ in range(DRAIN_READS_MAX):
            if not await self.listen(0.0):
                return

    async def ask(self) -> Status | None:
        """How it is now; None when it says nothing at all. Asks on only while it answers."""
        answers: dict[int, int] = {}
        for question in QUESTIONS:
            await self.drain()
            self._answers.clear()
            self.send(bytes((0x10, 0x04, question)))
            await self._until(lambda: bool(self._answers))
            if not self._answers:
                self._reader.settle()
                break
            answers[question] = self._answers[-1]
        return from_answers(answers) if answers else None

    async def empty_buffers(self) -> bool:
        """Have it forget what it has not printed. Gives whether it says that it has."""
        self.is_cleared = False
        self.send(CLEAR)
        await self._until(lambda: self.is_cleared)
        return self.is_cleared

    async def _until(self, holds: Callable[[], bool]) -> None:
        ends_at = self._now() + self._answer_s
        for _ in range(READS_MAX):
            left = ends_at - self._now()
            if holds() or not await self.listen(max(left, 0.0)) or left <= 0:
                return

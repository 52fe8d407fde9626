"""A printer as it behaves: what it is sent is kept and comes out as pictures. Shares no code with the encoder.

As real ones do, it obeys DLE EOT and DLE DC4 at once, even inside a picture; it stops without paper, with the cover
open or jammed, and goes on with its buffer when that is mended.
"""

from msgspec import Struct

from devices.drivers.escpos_printer.simulated_paper import Press, Sheet
from devices.kind import Unit
from devices.words import Report, UnitId

BUFFER_BYTES_MAX = 262_144  # A real one has 4 to 64 kB and holds the sender back, which this cannot.
_ASKS = (0x04, 0x05)  # DLE EOT n, DLE ENQ n.
_CLEAR = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))


class Condition(Struct, kw_only=True):
    """The knobs. Turn them by `SimulatedPrinter.turn`, which gives what the printer says of it."""

    has_paper: bool = True
    is_near_end: bool = False
    is_cover_open: bool = False
    is_jammed: bool = False
    is_cutter_stuck: bool = False
    can_clear: bool = True
    """Cheap ones do not know DLE DC4 8."""
    paper_rows: int | None = None
    """So many rows until the paper ends; None is enough."""
    rows_a_turn: int = 0
    """How many rows it prints each time it hears something; 0 is all. A slow one."""


class SimulatedPrinter:
    """See Simulator."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        (self._unit,) = units
        self.condition = Condition()
        self.received = 0
        """Bytes, since it was made."""
        self._coming = bytearray()
        self._press = Press()
        self._tells_changes = 0

    @property
    def sheets(self) -> list[Sheet]:
        """What was cut off, oldest first."""
        return self._press.sheets

    @property
    def uncut(self) -> Sheet:
        """What hangs out of the printer."""
        return self._press.sheet

    @property
    def unknown(self) -> list[bytes]:
        """Commands that it did not understand: a mistake of the sender, or bytes out of step."""
        return self._press.unknown

    def turn(self, **knobs: bool | int | None) -> bytes:
        """Change its condition. Gives what it says by itself, and goes on printing where it now can."""
        for name, value in knobs.items():
            assert name in Condition.__struct_fields__, f"there is no knob {name}"
            setattr(self.condition, name, value)
        said = self._automatic()
        return said + self._work()

    def power_cycle(self) -> None:
        """Switch it off and on: buffers and settings are gone, paper stays."""
        self._coming.clear()
        self._press.forget()
        self._tells_changes = 0

    def say(self, report: Report) -> bytes:
        """See Simulator: there is nothing to press."""
        raise AssertionError(f"a printer has no way to say {report}")

    def hear(self, data: bytes) -> bytes:
        """See Simulator."""
        self.received += len(data)
        self._coming += data
        out = b""
        while (at := self._coming.find(0x10)) >= 0:
            size = self._real_time_size(bytes(self._coming[at : at + len(_CLEAR)]))
            if size == 0:
                break
            command = bytes(self._coming[at : at + size])
            self._buffer(at + size)
            out += self._obey(command)
        else:
            self._buffer(len(self._coming))
        return out + self._work()

    def shown(self, unit: UnitId) -> str:
        """See Simulator: how many slips lie there."""
        del unit
        return str(len(self.sheets)) if self.sheets else ""

    def _buffer(self, size: int) -> None:
        self._press.buffer += self._coming[:size]
        del self._coming[:size]
        assert len(self._press.buffer) <= BUFFER_BYTES_MAX, "more than any printer holds"

    @staticmethod
    def _real_time_size(start: bytes) -> int:
        """How long the real-time command that begins here is: 1 where there is none, 0 where more must come first."""
        if len(start) < 2:
            return 0
        if start[1] in _ASKS:
            return 3 if len(start) >= 3 else 0
        if start[1] == 0x14:
            if start == _CLEAR:
                return len(_CLEAR)
            return 0 if _CLEAR.startswith(start) else 1
        return 1

    def _obey(self, command: bytes) -> bytes:
        if command == _CLEAR and self.condition.can_clear:
            self._press.forget()
            return b"\x37\x25\x00"
        if len(command) == 3 and command[1] == 4 and 1 <= command[2] <= 4:
            return bytes((self._answer(command[2]),))
        return b""

    def _error_bits(self) -> int:
        return (0x04 if self.condition.is_jammed else 0) | (0x08 if self.condition.is_cutter_stuck else 0)

    def _is_stopped(self) -> bool:
        now = self.condition
        return not now.has_paper or now.is_cover_open or bool(self._error_bits())

    def _answer(self, question: int) -> int:
        now = self.condition
        match question:
            case 1:
                return 0x12 | (0x08 if self._is_stopped() else 0)
            case 2:
                is_error = bool(self._error_bits())
                return (
                    0x12
                    | (0x04 if now.is_cover_open else 0)
                    | (0 if now.has_paper else 0x20)
                    | (0x40 if is_error else 0)
                )
            case 3:
                return 0x12 | self._error_bits()
            case _:
                is_low = now.is_near_end or not now.has_paper
                return 0x12 | (0x0C if is_low else 0) | (0 if now.has_paper else 0x60)

    def _automatic(self) -> bytes:
        now = self.condition
        if not self._tells_changes:
            return b""
        first = 0x10 | (0x08 if self._is_stopped() else 0) | (0x20 if now.is_cover_open else 0)
        third = (0x03 if now.is_near_end or not now.has_paper else 0) | (0 if now.has_paper else 0x0C)
        return bytes((first, self._error_bits(), third, 0x0F))

    def _work(self) -> bytes:
        """Print as far as paper and patience go. Gives what is said while doing so."""
        out, rows = b"", self.condition.rows_a_turn or 1_000_000
        while not self._is_stopped() and rows > 0:
            step = self._press.step()
            if step is None:
                break
            rows -= step.rows
            out += self._use_paper(step.rows) + self._reply(step.ask)
        return out

    def _use_paper(self, rows: int) -> bytes:
        now = self.condition
        if now.paper_rows is None or not rows:
            return b""
        now.paper_rows -= rows
        if now.paper_rows > 0:
            return b""
        now.paper_rows, now.has_paper = None, False
        return self._automatic()

    def _reply(self, ask: bytes) -> bytes:
        if ask.startswith(b"\x1da"):
            self._tells_changes = ask[2]
            return self._automatic()
        if ask.startswith(b"\x1dr"):
            is_low = self.condition.is_near_end or not self.condition.has_paper
            return b"\x03" if is_low else b"\x00"
        if ask.startswith(b"\x1d(H"):
            return b"\x37\x22" + ask[7:11] + b"\x00"
        return b""

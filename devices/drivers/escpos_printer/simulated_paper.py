"""Commands in, paper out: the printing half of the simulated printer, by the command tables alone."""

from msgspec import Struct

DOTS = 576
_FIXED = {
    b"\x1b@": 2, b"\x1ba": 3, b"\x1bE": 3, b"\x1b!": 3, b"\x1b-": 3, b"\x1bG": 3, b"\x1bM": 3, b"\x1bt": 3,
    b"\x1bR": 3, b"\x1b2": 2, b"\x1b3": 3, b"\x1bJ": 3, b"\x1bd": 3, b"\x1bV": 3, b"\x1b{": 3,
    b"\x1d!": 3, b"\x1dB": 3, b"\x1dL": 4, b"\x1dW": 4, b"\x1da": 3, b"\x1dr": 3,
    b"\x10\x04": 3, b"\x10\x05": 3, b"\x10\x14": 10,
}  # fmt: skip


class Sheet(Struct, kw_only=True):
    """One piece of paper."""

    rows: list[bytes] = []
    """72 bytes each, a set bit is ink; feeds are rows of zeros."""
    text: list[str] = []
    codes: list[str] = []
    """What QR codes that the printer drew hold."""


class Step(Struct, frozen=True):
    """What one step of work did."""

    rows: int = 0
    ask: bytes = b""
    """A command that wants an answer."""


class _Raster(Struct, kw_only=True):
    is_wide: bool
    is_high: bool
    width: int
    left: int


class Press:
    """Takes commands from `buffer`, one step at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.sheets: list[Sheet] = []
        self.sheet = Sheet()
        self.unknown: list[bytes] = []
        self._raster: _Raster | None = None
        self._line = bytearray()
        self._code = ""
        self._align = 0
        self._size = 1

    def forget(self) -> None:
        """Buffers are emptied, and a picture that was under way is over."""
        self.buffer.clear()
        self._line.clear()
        self._raster = None

    def step(self) -> Step | None:
        """Do the next thing; None where more bytes are needed."""
        if self._raster is not None:
            return self._print_row(self._raster)
        if not self.buffer:
            return None
        if self.buffer[0] not in (0x1B, 0x1D, 0x10):
            return self._letter(self._take(1)[0])
        head = bytes(self.buffer[:2])
        if len(head) < 2:
            return None
        if head in _FIXED:
            return self._fixed(self._take(_FIXED[head])) if len(self.buffer) >= _FIXED[head] else None
        if head == b"\x1dv":
            return self._begin_raster()
        if head == b"\x1d(":
            return self._block()
        if head == b"\x1dV":
            return self._cut()
        self.unknown.append(self._take(1))
        return Step()

    def _take(self, size: int) -> bytes:
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def _feed(self, rows: int) -> Step:
        self.sheet.rows += [bytes(DOTS // 8)] * rows
        return Step(rows)

    def _letter(self, byte: int) -> Step:
        if byte == 0x0A:
            if self._line:
                self.sheet.text.append(self._line.decode("ascii", "replace"))
            self._line.clear()
            return self._feed(30 * self._size)
        if byte >= 0x20:
            self._line.append(byte)
        return Step()

    def _fixed(self, command: bytes) -> Step:
        match command[:2]:
            case b"\x1b@":
                self._align, self._size = 0, 1
                self._line.clear()
            case b"\x1ba":
                self._align = command[2] % 48
            case b"\x1d!":
                self._size = (command[2] & 7) + 1
            case b"\x1bJ":
                return self._feed(command[2])
            case b"\x1bd":
                return self._feed(command[2] * 30)
            case b"\x1da" | b"\x1dr":
                return Step(0, command)
            case _:  # How letters look is not simulated.
                pass
        return Step()

    def _begin_raster(self) -> Step | None:
        if len(self.buffer) < 8:
            return None
        head = self._take(8)
        width, rows = head[4] | head[5] << 8, head[6] | head[7] << 8
        wide, high = bool(head[3] & 1), bool(head[3] & 2)
        if width and rows:
            self._raster = _Raster(is_wide=wide, is_high=high, width=width, left=rows)
        return Step()

    def _print_row(self, raster: _Raster) -> Step | None:
        if len(self.buffer) < raster.width:
            return None
        row = self._take(raster.width)
        if raster.is_wide:
            bits = "".join(bit * 2 for bit in f"{int.from_bytes(row, 'big'):0{len(row) * 8}b}")
            row = int(bits, 2).to_bytes(len(row) * 2, "big")
        side = max(DOTS // 8 - len(row), 0)
        before = {0: 0, 1: side // 2, 2: side}[self._align]
        row = (bytes(before) + row + bytes(side))[: DOTS // 8]
        times = 2 if raster.is_high else 1
        self.sheet.rows += [row] * times
        raster.left -= 1
        if not raster.left:
            self._raster = None
        return Step(times)

    def _block(self) -> Step | None:
        if len(self.buffer) < 5:
            return None
        size = 5 + (self.buffer[3] | self.buffer[4] << 8)
        if len(self.buffer) < size:
            return None
        command = self._take(size)
        if command[2:3] == b"H":
            return Step(0, command)
        if command[2:3] == b"k" and command[5:7] == b"1P":
            self._code = command[8:].decode("ascii", "replace")
        elif command[2:3] == b"k" and command[5:7] == b"1Q":
            self.sheet.codes.append(self._code)
            return self._feed(240)
        return Step()

    def _cut(self) -> Step | None:
        size = 4 if bytes(self.buffer[2:3]) in (b"A", b"B") else 3
        if len(self.buffer) < size:
            return None
        self._take(size)
        self.sheets.append(self.sheet)
        self.sheet = Sheet()
        return Step()

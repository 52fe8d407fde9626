"""The 21-key LCD caller with frames `FF 68 LEN LEN 68 ADDR CMD DATA… SUM 16`, polled.

The frame is known; the command codes are on the maker's own sheet, and differ. So they are settings without defaults,
found with the sheet or by listening to the old system. What stands for SUM is the low byte of the sum of ADDR to DATA.
"""

from string import hexdigits
from typing import Literal

from msgspec import Struct

from devices.errors import DeviceRefused
from devices.framing import FrameReader, bcd, cut_ff68, ff68_frame, unbcd
from devices.kind import Ears, Kind, Line, Turn, Unit
from devices.painting import REPAINT_S, check_width
from devices.polling import Repeats, Schedule
from devices.words import KEYS, KeyPressed, Order, Report, ShowNumber, UnitId

cut = cut_ff68
LONGEST = 262
HIGHEST = 9999
PATIENCE_S = 0.06  # From the question to the whole answer; the slowest seen needed half of it.
GAP_S = 0.004  # Silence after a frame that nobody answers.
ROUND_S = 0.02
REPEAT_S = 0.4


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The command codes of this make, each as two hexadecimal digits."""

    poll: str
    """The command that asks for a key."""
    key: str
    """The command of the answer; its first data byte is the key."""
    idle_key: str
    """The key byte that means none."""
    show: str
    """The command that shows a number."""
    digits: Literal["bcd", "binary"]
    """How the number is written: two BCD bytes, or two binary ones with the high one first."""
    keys: dict[str, str]
    """Key byte to key."""

    def __post_init__(self) -> None:
        """Refuse a table that no frame could follow."""
        for code in (self.poll, self.key, self.idle_key, self.show, *self.keys):
            if len(code) != 2 or not set(code) <= set(hexdigits):
                raise ValueError(f"{code!r} is no code; write two hexadecimal digits such as 0A")
        if unknown := set(self.keys.values()) - set(KEYS):
            raise ValueError(f"{min(unknown)!r} is no key; there are {', '.join(KEYS)}")


class _Caller:
    """What the driver remembers of one caller."""

    def __init__(self, unit: Unit) -> None:
        options = _options(unit)
        self.id, self.address = unit.id, unit.address
        self.question = ff68_frame(bytes((unit.address, int(options.poll, 16))))
        self.key_command = int(options.key, 16)
        self.idle_key = int(options.idle_key, 16)
        self.key_by_code = {int(code, 16): key for code, key in options.keys.items()}


class CallerDriver:
    """See Driver."""

    def __init__(self, units: tuple[Unit, ...], ears: Ears) -> None:
        self._units = {unit.id: unit for unit in units}
        self._callers = {unit.address: _Caller(unit) for unit in units}
        self._ears = ears
        self._shown: dict[UnitId, ShowNumber] = {}
        self._due: dict[UnitId, None] = {}
        self._repeats = Repeats()
        self._round_s = 0.0
        self._line: Line | None = None

    async def run(self, line: Line) -> None:
        """See Driver."""
        self._line = line
        reader = FrameReader(cut, longest=LONGEST)
        schedule = Schedule(tuple(self._callers))
        repaint_at = began = line.now()
        while True:
            if began >= repaint_at:
                self._due |= dict.fromkeys(self._shown)
                repaint_at = began + REPAINT_S
            for address in schedule.next_round():
                async with line.turn() as turn:
                    await self._paint(turn)
                    await self._visit(self._callers[address], line, turn, reader, schedule)
            async with line.turn() as turn:
                await self._paint(turn)
            await line.rest(ROUND_S)
            self._round_s, began = line.now() - began, line.now()

    def order(self, unit: UnitId, order: Order) -> None:
        """See Driver."""
        if not isinstance(order, ShowNumber):
            raise DeviceRefused("not-able", f"{unit} shows numbers, and cannot do {type(order).__name__}")
        check_width(unit, order, HIGHEST)
        self._shown[unit] = order
        self._due[unit] = None
        if self._line is not None:
            self._line.wake()

    async def _paint(self, turn: Turn) -> None:
        while self._due:
            unit = next(iter(self._due))
            turn.send(show(self._units[unit], self._shown[unit].number or 0))
            del self._due[unit]
            self._ears.noise(len(await turn.read(GAP_S)))  # Only echoes of adapters are heard here.

    async def _visit(
        self, caller: _Caller, line: Line, turn: Turn, reader: FrameReader[bytes], schedule: Schedule
    ) -> None:
        noise = reader.noise
        turn.send(caller.question)
        body = None
        while body is None and (data := await turn.read(PATIENCE_S)):
            body = next((one for one in reader.feed(data) if self._is_answer(caller, one)), None)
        if body is None:
            reader.settle()
        self._ears.noise(reader.noise - noise)
        if body is not None:
            schedule.answered(caller.address)
            self._take(caller, body, line.now())
        elif schedule.missed(caller.address):
            self._ears.silent(caller.id, "it does not answer")

    def _is_answer(self, caller: _Caller, body: bytes) -> bool:
        return len(body) >= 3 and body[0] == caller.address and body[1] == caller.key_command

    def _take(self, caller: _Caller, body: bytes, at: float) -> None:
        self._ears.heard(caller.id)
        if body[2] == caller.idle_key:
            self._repeats.released(caller.address)
            return
        is_new = self._repeats.is_new(caller.address, body, at, max(REPEAT_S, 2.5 * self._round_s))
        if is_new and (key := caller.key_by_code.get(body[2])) is not None:
            self._ears.report(KeyPressed(unit=caller.id, key=key, heard_at=at))


def show(unit: Unit, number: int) -> bytes:
    """What makes a caller show a number."""
    options = _options(unit)
    digits = bcd(number) if options.digits == "bcd" else number.to_bytes(2, "big")
    return ff68_frame(bytes((unit.address, int(options.show, 16))) + digits)


def _options(unit: Unit) -> Options:
    assert isinstance(unit.options, Options), f"{unit.id} has options of another kind"
    return unit.options


class Callers:
    """The callers of one line, as they behave: a press is said at the next question, once."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._units = {unit.address: unit for unit in units}
        self._by_id = {unit.id: unit for unit in units}
        self._waiting: dict[int, list[int]] = {}
        self._text: dict[int, str] = {}
        self._reader = FrameReader(cut, longest=LONGEST)

    def say(self, report: Report) -> bytes:
        """See Simulator: a caller waits until it is asked."""
        assert isinstance(report, KeyPressed), f"a caller has no way to say {report}"
        unit = self._by_id[report.unit]
        (code,) = (code for code, key in _options(unit).keys.items() if key == report.key)
        self._waiting.setdefault(unit.address, []).append(int(code, 16))
        return b""

    def hear(self, data: bytes) -> bytes:
        """See Simulator."""
        return b"".join(self._answer(self._units[body[0]], body) for body in self._bodies(data))

    def _bodies(self, data: bytes) -> list[bytes]:
        return [body for body in self._reader.feed(data) if body[0] in self._units]

    def shown(self, unit: UnitId) -> str:
        """See Simulator."""
        return self._text.get(self._by_id[unit].address, "")

    def _answer(self, unit: Unit, body: bytes) -> bytes:
        options = _options(unit)
        if body[1] == int(options.show, 16):
            number = unbcd(body[2:4]) if options.digits == "bcd" else int.from_bytes(body[2:4], "big")
            self._text[unit.address] = str(number) if number else ""
            return b""
        if body[1] != int(options.poll, 16):
            return b""
        waiting = self._waiting.get(unit.address)
        key = waiting.pop(0) if waiting else int(options.idle_key, 16)
        return ff68_frame(bytes((unit.address, int(options.key, 16), key)))


_SAMPLE = {"poll": "01", "key": "81", "idle_key": "00", "show": "02"}
_KEYS = {"0A": "next", "0B": "recall", "0C": "absent"} | {
    f"{digit + 0x10:02X}": f"digit:{digit}" for digit in range(10)
}

KIND = Kind(
    name="ff68_caller",
    baud=9600,
    addresses=range(1, 256),
    options=Options,
    reports=(KeyPressed,),
    orders=(ShowNumber,),
    driver=CallerDriver,
    simulator=Callers,
    sample_options=(
        Options(digits="bcd", keys=_KEYS, **_SAMPLE),
        Options(digits="binary", keys=_KEYS, **_SAMPLE),
    ),
    digits=4,
)

"""The polled RS-485 bus found in Vietnamese halls: keypads, main boards and LED panels; 9600 8N1, `AA addr …`.

The frames are those of a system read in the field, see docs/decisions/0012-devices.md:

    server  AA addr                    asks a keypad
    keypad  AA addr key hi lo          a key, with the number typed before it in BCD, FF where nothing was typed
    server  AA addr hi lo              what the keypad is to show; 00 00 is nothing
    server  AA addr hi lo way          a main board: number, then way and counter in one half byte each
    server  AA hi lo                   a panel without address

There is no checksum. So only enrolled addresses, keys of the table and decimal digits count as a frame.
A keypad without a press may be silent, or answer with a key code of its own, by its make: see `idle_key`.
"""

from collections import deque
from statistics import median
from string import hexdigits
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from devices.errors import DeviceRefused
from devices.framing import FrameReader, bcd, skip_to, unbcd
from devices.kind import Ears, Kind, Line, Turn, Unit
from devices.painting import REPAINT_S, check_width
from devices.polling import Repeats, Schedule
from devices.words import KEYS, KeyPressed, Order, Report, ShowNumber, UnitId

HEAD = 0xAA
LONGEST = 5
HIGHEST = 9999  # Two BCD bytes.
FIRST_BYTE_S = 0.02  # How long a keypad may think that was never heard; the system in the field allows as much.
MARGIN_S = 0.0005  # On top of the usual time to the first byte; timers of a loop add up to a millisecond themselves.
ANSWERS_REMEMBERED = 5
GAP_S = 0.004  # Stations tell where a frame ends by silence; four bytes of it are enough.
PAUSE_S = 0.012  # Within a frame: a byte takes 1 ms at 9600, a USB adapter may hold some back for ten.
REPEAT_S = 0.4  # The same frame again within this time, or two and a half rounds, is the same press.
KEYS_OF_THE_FIELD = {"8B": "next", "8F": "recall", "8A": "hold", "8E": "transfer"}


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One station of the bus."""

    role: Literal["keypad", "main_board", "panel"] = "keypad"
    keys: dict[str, str] = field(default_factory=KEYS_OF_THE_FIELD.copy)
    """Key code in hexadecimal to key. `8C` (*) and `8D` (#) differ from hall to hall, so they are in no default."""
    idle_key: str = ""
    """The code that a keypad without a press answers with; empty where it stays silent, and may as well be away."""
    way: Annotated[int, Meta(ge=0, le=9)] = 0
    """Main boards: the arrow to show."""

    def __post_init__(self) -> None:
        """Refuse a table that no frame could follow."""
        for code in (*self.keys, *filter(None, (self.idle_key,))):
            if len(code) != 2 or not set(code) <= set(hexdigits):
                raise ValueError(f"{code!r} is no key code; write two hexadecimal digits such as 8B")
            if code.upper() == "AA":
                raise ValueError("AA begins a frame and cannot be a key code")
        if unknown := set(self.keys.values()) - set(KEYS):
            raise ValueError(f"{min(unknown)!r} is no key; there are {', '.join(KEYS)}")


class Said(Struct, frozen=True):
    """One frame of a keypad."""

    address: int
    code: int
    typed: int | None


def poll(address: int) -> bytes:
    """What asks a keypad."""
    return bytes((HEAD, address))


def said(address: int, code: int, typed: int | None = None) -> bytes:
    """What a keypad answers."""
    return bytes((HEAD, address, code)) + (b"\xff\xff" if typed is None else bcd(typed))


def show(unit: Unit, order: ShowNumber) -> bytes:
    """What makes a station show a number."""
    options = _options(unit)
    number = bcd(order.number or 0)
    match options.role:
        case "keypad":
            return bytes((HEAD, unit.address)) + number
        case "main_board":
            return bytes((HEAD, unit.address)) + number + bytes((options.way << 4 | (order.counter or 0),))
        case "panel":
            return bytes((HEAD,)) + number


def reader_for(units: tuple[Unit, ...]) -> FrameReader[Said]:
    """Cuts what the keypads of this bus may say, and nothing else."""
    codes = {unit.address: frozenset(_codes(unit)) for unit in units if _options(unit).role == "keypad"}

    def cut(data: bytes | bytearray) -> tuple[int, Said | None]:
        if before := skip_to(bytes((HEAD,)), data):
            return before, None
        if len(data) < 2:
            return 0, None
        if data[1] not in codes:
            return 1, None
        if len(data) < 3:
            return 0, None
        if data[2] not in codes[data[1]]:
            return 1, None
        if len(data) < LONGEST:
            return 0, None
        typed = unbcd(bytes(data[3:5]).lstrip(b"\xff") or b"\0")
        return (1, None) if typed is None else (LONGEST, Said(data[1], data[2], typed or None))

    return FrameReader(cut, longest=LONGEST)


def _options(unit: Unit) -> Options:
    assert isinstance(unit.options, Options), f"{unit.id} has options of another kind"
    return unit.options


def _codes(unit: Unit) -> dict[int, str]:
    options = _options(unit)
    codes = {int(code, 16): key for code, key in options.keys.items()}
    return codes | ({int(options.idle_key, 16): ""} if options.idle_key else {})


class _Keypad:
    """What the driver remembers of one keypad."""

    def __init__(self, unit: Unit) -> None:
        self.id, self.address = unit.id, unit.address
        self.key_by_code = _codes(unit)
        self.answers_idle = bool(_options(unit).idle_key)
        self.first_byte_s = FIRST_BYTE_S
        self._began_s: deque[float] = deque(maxlen=ANSWERS_REMEMBERED)

    def began_after(self, seconds: float) -> None:
        """Its answer began so long after the question; from now on little more than usual is waited.

        The middle one counts: a single late one is more often our own computer's delay than the keypad's.
        """
        self._began_s.append(seconds)
        self.first_byte_s = min(median(self._began_s) + MARGIN_S, FIRST_BYTE_S)


class BusDriver:
    """See Driver."""

    def __init__(self, units: tuple[Unit, ...], ears: Ears) -> None:
        self._units = {unit.id: unit for unit in units}
        self._keypads = {unit.address: _Keypad(unit) for unit in units if _options(unit).role == "keypad"}
        self._ears = ears
        self._shown: dict[UnitId, ShowNumber] = {}
        self._due: dict[UnitId, None] = {}
        self._repeats = Repeats()
        self._round_s = 0.0
        self._line: Line | None = None

    async def run(self, line: Line) -> None:
        """See Driver."""
        self._line = line
        reader = reader_for(tuple(self._units.values()))
        schedule = Schedule(tuple(self._keypads))
        repaint_at = began = line.now()
        while True:
            if began >= repaint_at:
                self._due |= dict.fromkeys(self._shown)
                repaint_at = began + REPAINT_S
            for address in schedule.next_round():
                async with line.turn() as turn:
                    await self._paint(turn)
                    await self._visit(self._keypads[address], line, turn, reader, schedule)
            async with line.turn() as turn:
                await self._paint(turn)
            if not self._keypads:
                await line.rest(max(repaint_at - line.now(), 0.0))
            elif line.now() - began < FIRST_BYTE_S:
                await line.rest(FIRST_BYTE_S - (line.now() - began))  # All are dead, or few: no need to hurry.
            self._round_s, began = line.now() - began, line.now()

    def order(self, unit: UnitId, order: Order) -> None:
        """See Driver."""
        if not isinstance(order, ShowNumber):
            raise DeviceRefused("not-able", f"{unit} shows numbers, and cannot do {type(order).__name__}")
        check_width(unit, order, HIGHEST)
        if _options(self._units[unit]).role == "main_board" and not 0 <= (order.counter or 0) <= 15:
            raise DeviceRefused("too-wide", f"{unit} shows counters up to 15; {order.counter} does not fit")
        self._shown[unit] = order
        self._due[unit] = None
        if self._line is not None:
            self._line.wake()

    async def _paint(self, turn: Turn) -> None:
        while self._due:
            unit = next(iter(self._due))
            turn.send(show(self._units[unit], self._shown[unit]))
            del self._due[unit]
            self._ears.noise(len(await turn.read(GAP_S)))  # Only echoes of adapters are heard here.

    async def _visit(
        self, keypad: _Keypad, line: Line, turn: Turn, reader: FrameReader[Said], schedule: Schedule
    ) -> None:
        noise = reader.noise
        asked_at = turn.send(poll(keypad.address))
        answers, began_s = await self._listen(keypad, line, turn, reader, asked_at)
        self._learn(keypad, answers, began_s, was_noisy=reader.noise > noise)
        self._ears.noise(reader.noise - noise)
        for answer in answers:
            schedule.answered(answer.address)
            self._take(self._keypads[answer.address], answer, line.now())
        if not answers and keypad.answers_idle and schedule.missed(keypad.address):
            self._ears.silent(keypad.id, "it does not answer")

    async def _listen(
        self, keypad: _Keypad, line: Line, turn: Turn, reader: FrameReader[Said], asked_at: float
    ) -> tuple[list[Said], float]:
        """What is said now, by whomever, and how long after the question it began.

        Half a frame is kept for the next visit: its rest may only be late, and nothing that follows can complete it
        wrongly, for AA is no decimal digit.
        """
        data = await turn.read(keypad.first_byte_s)
        began_s = line.now() - asked_at
        answers: list[Said] = []
        while data:
            answers += reader.feed(data)
            data = b"" if answers else await turn.read(PAUSE_S)
        return answers, began_s

    def _learn(self, keypad: _Keypad, answers: list[Said], began_s: float, *, was_noisy: bool) -> None:
        """Wait no longer than a keypad needs; where answers ran into one another, wait the full time again."""
        if was_noisy:
            keypad.first_byte_s = FIRST_BYTE_S
        for answer in answers:
            if answer.address == keypad.address:
                keypad.began_after(began_s)
            else:
                self._keypads[answer.address].began_after(FIRST_BYTE_S)

    def _take(self, keypad: _Keypad, answer: Said, at: float) -> None:
        self._ears.heard(keypad.id)
        key = keypad.key_by_code[answer.code]
        frame = said(answer.address, answer.code, answer.typed)
        is_new = self._repeats.is_new(answer.address, frame, at, max(REPEAT_S, 2.5 * self._round_s))
        if not key:
            self._repeats.released(answer.address)
        elif is_new:
            self._ears.report(KeyPressed(unit=keypad.id, key=key, number=answer.typed, heard_at=at))


class Bus:
    """The stations of one bus, as they behave: a press is said at the next question, once."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._units = units
        self._by_id = {unit.id: unit for unit in units}
        self._waiting: dict[int, list[bytes]] = {}
        self._text: dict[UnitId, str] = {}
        self._heard = bytearray()

    def say(self, report: Report) -> bytes:
        """See Simulator: a keypad waits until it is asked."""
        assert isinstance(report, KeyPressed), f"a keypad has no way to say {report}"
        unit = self._by_id[report.unit]
        (code,) = (code for code, key in _codes(unit).items() if key == report.key)
        self._waiting.setdefault(unit.address, []).append(said(unit.address, code, report.number))
        return b""

    def hear(self, data: bytes) -> bytes:
        """See Simulator. Real stations tell frames apart by the silence between them, so a slice ends one here."""
        self._heard += data
        answer = b""
        while len(self._heard) >= 2:
            answer += self._take_frame()
        return answer

    def shown(self, unit: UnitId) -> str:
        """See Simulator."""
        return self._text.get(unit, "")

    def _take_frame(self) -> bytes:
        """The frame at the front: its length is that of the station that it is for."""
        end = self._heard.find(HEAD, 1)
        frame = bytes(self._heard if end < 0 else self._heard[:end])
        del self._heard[: len(frame)]
        for unit in self._units:
            if (digits := _digits_for(unit, frame)) is not None:
                self._text[unit.id] = str(digits) if digits else ""
        if len(frame) == 2 and frame[0] == HEAD:
            return self._polled(frame[1])
        return b""

    def _polled(self, address: int) -> bytes:
        if waiting := self._waiting.get(address):
            return waiting.pop(0)
        for unit in self._units:
            if unit.address == address and _options(unit).idle_key:
                return said(address, int(_options(unit).idle_key, 16))
        return b""


def _digits_for(unit: Unit, frame: bytes) -> int | None:
    match _options(unit).role:
        case "keypad":
            return unbcd(frame[2:]) if len(frame) == 4 and frame[1] == unit.address else None
        case "main_board":
            return unbcd(frame[2:4]) if len(frame) == 5 and frame[1] == unit.address else None
        case "panel":
            return unbcd(frame[1:]) if len(frame) == 3 else None


KIND = Kind(
    name="bcd_bus",
    baud=9600,
    addresses=range(1, 0x80),
    options=Options,
    reports=(KeyPressed,),
    orders=(ShowNumber,),
    driver=BusDriver,
    simulator=Bus,
    sample_options=(Options(idle_key="80"), Options(idle_key="80")),
    digits=4,
)

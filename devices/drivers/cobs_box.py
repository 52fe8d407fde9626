"""Our own call box: COBS frames with CRC-16, sequence numbers and acknowledgement. See firmware_config/cobs_box.md.

The server asks, the box answers each frame once. So several boxes share one RS-485 pair, and each is known to live.
"""

import struct
from collections import deque
from typing import Annotated, Literal

from msgspec import Meta, Struct

from devices.errors import DeviceRefused
from devices.framing import FrameReader, cobs_frame, cut_cobs
from devices.kind import Ears, Kind, Line, Turn, Unit
from devices.painting import check_width
from devices.polling import Schedule
from devices.words import KEYS, Answer, Beep, KeyPressed, Order, Report, ShowNumber, UnitId

POLL, SHOW, ANSWER, BEEP = 0x01, 0x02, 0x03, 0x04
IDLE, KEY, DONE = 0x81, 0x82, 0x83
STATES: tuple[str, ...] = ("open", "calling", "serving", "paused", "closed")
RESULTS: tuple[str, ...] = ("done", "repeat", "refused", "late")
NO_NUMBER = 0xFFFFFF
HIGHEST = 999_999
LONGEST = 32  # Bytes of the longest frame with its zero; boxes of later firmware have that much room.
ROUND_S = 0.02  # A pause between rounds: keys wait no longer for it than a finger notices.
ANSWERS_KEPT_MAX = 8  # Answers that a box has not taken; older ones no longer interest whoever pressed.
TRIES = 3  # How often a sound or an answer is sent before it is given up; what is shown is never given up.


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs between boxes."""

    patience_ms: Annotated[int, Meta(ge=5, le=500)] = 30
    """How long a box may think before its answer begins and ends; radio links and converters need more."""


class Frame(Struct, frozen=True):
    """One frame, either way."""

    address: int
    kind: int
    seq: int
    data: bytes = b""


def encode(frame: Frame) -> bytes:
    """The frame as it goes over the wire."""
    return cobs_frame(bytes((frame.address, frame.kind, frame.seq)) + frame.data)


def cut(data: bytes | bytearray) -> tuple[int, Frame | None]:
    """One frame from the front of the bytes; see framing.Cut."""
    used, body = _cut_body(data)
    if body is None or len(body) < 3:
        return used, None
    return used, Frame(body[0], body[1], body[2], body[3:])


_cut_body = cut_cobs(LONGEST)


class _Box:
    """What the driver remembers of one box, over lost links."""

    def __init__(self, unit: Unit) -> None:
        assert isinstance(unit.options, Options), f"{unit.id} has options of another kind"
        self.id, self.address = unit.id, unit.address
        self.patience_s = unit.options.patience_ms / 1000
        self.boot: int | None = None
        self.heard_seq = 0
        self.seq = 0
        self.shown: ShowNumber | None = None
        self.is_painted = True
        self.once: deque[Answer | Beep] = deque(maxlen=ANSWERS_KEPT_MAX)

    def next_seq(self) -> int:
        """1 to 255 and around; 0 means no request."""
        self.seq = self.seq % 255 + 1
        return self.seq


class BoxDriver:
    """See Driver."""

    def __init__(self, units: tuple[Unit, ...], ears: Ears) -> None:
        self._boxes = {unit.address: _Box(unit) for unit in units}
        self._box_by_unit = {box.id: box for box in self._boxes.values()}
        self._ears = ears
        self._line: Line | None = None
        self._may_be_late = False

    async def run(self, line: Line) -> None:
        """See Driver."""
        self._line = line
        reader = FrameReader(cut, longest=LONGEST)
        schedule = Schedule(tuple(self._boxes))
        for box in self._boxes.values():
            box.is_painted = box.shown is None
            _forget_beeps(box)
        while True:
            for address in schedule.next_round():
                async with line.turn() as turn:
                    await self._visit(self._boxes[address], line, turn, reader, schedule)
            await line.rest(ROUND_S)

    def order(self, unit: UnitId, order: Order) -> None:
        """See Driver."""
        box = self._box_by_unit[unit]
        match order:
            case ShowNumber():
                check_width(unit, order, HIGHEST)
                box.shown, box.is_painted = order, False
            case Answer() | Beep():
                box.once.append(order)
            case _:
                raise DeviceRefused("not-able", f"{unit} is a call box and cannot do {type(order).__name__}")
        if self._line is not None:
            self._line.wake()

    async def _visit(self, box: _Box, line: Line, turn: Turn, reader: FrameReader[Frame], schedule: Schedule) -> None:
        """Ask for keys, then hand over what is due, as long as the box answers."""
        poll = Frame(box.address, POLL, 0, struct.pack("<HH", box.boot or 0, box.heard_seq))
        answer = await self._ask(box, turn, reader, poll)
        if answer is None:
            if schedule.missed(box.address):
                self._ears.silent(box.id, "it does not answer")
                _forget_beeps(box)
            return
        schedule.answered(box.address)
        self._take(box, answer, line.now())
        await self._hand_over(box, turn, reader)

    async def _hand_over(self, box: _Box, turn: Turn, reader: FrameReader[Frame]) -> None:
        if box.shown is not None and not box.is_painted:
            sent = box.shown
            if not await self._deliver(box, turn, reader, SHOW, _show_data(sent), tries=1):
                return
            box.is_painted = box.shown is sent  # Another order may have come while this one was on the wire.
        while box.once:
            kind, data = _once_data(box.once.popleft())
            if not await self._deliver(box, turn, reader, kind, data, tries=TRIES):
                return

    async def _deliver(
        self, box: _Box, turn: Turn, reader: FrameReader[Frame], kind: int, data: bytes, *, tries: int
    ) -> bool:
        """Whether the box says it is done. A repeat has the same number, so that the box does it once."""
        request = Frame(box.address, kind, box.next_seq(), data)
        for _ in range(tries):
            if await self._ask(box, turn, reader, request) is not None:
                return True
        return False

    async def _ask(self, box: _Box, turn: Turn, reader: FrameReader[Frame], request: Frame) -> Frame | None:
        """The box's answer to this request, or None. What comes too late for its question is passed over."""
        noise = reader.noise
        if self._may_be_late:
            reader.feed(await turn.read(0.0))
            reader.settle()
        turn.send(encode(request))
        answer = None
        while answer is None and (data := await turn.read(box.patience_s)):
            answer = next((frame for frame in reader.feed(data) if _answers(frame, request)), None)
        self._may_be_late = answer is None
        self._ears.noise(reader.noise - noise)
        if answer is not None:
            self._ears.heard(box.id)
            self._note_boot(box, int.from_bytes(answer.data[:2], "little"))
        return answer

    def _note_boot(self, box: _Box, boot: int) -> None:
        if box.boot != boot:
            box.boot, box.heard_seq = boot, 0
            box.is_painted = box.shown is None  # It lost its power, so it shows nothing.

    def _take(self, box: _Box, answer: Frame, at: float) -> None:
        if answer.kind != KEY or len(answer.data) != 7:
            return
        _, seq, key, age_ms = struct.unpack("<HHBH", answer.data)
        if seq == box.heard_seq:
            return  # A repeat: the box has not yet heard that we have heard.
        box.heard_seq = seq
        if key < len(KEYS):
            self._ears.report(
                KeyPressed(unit=box.id, key=KEYS[key], boot=box.boot or 0, seq=seq, heard_at=at - age_ms / 1000)
            )


def _answers(frame: Frame, request: Frame) -> bool:
    """Whether this is what the box says to that. Echoes of our own words, which some adapters give, are not."""
    if frame.address != request.address or len(frame.data) < 2:
        return False
    return frame.kind in {IDLE, KEY} if request.kind == POLL else (frame.kind, frame.seq) == (DONE, request.seq)


def _forget_beeps(box: _Box) -> None:
    answers = [order for order in box.once if isinstance(order, Answer)]
    box.once.clear()
    box.once.extend(answers)


def _show_data(order: ShowNumber) -> bytes:
    number = NO_NUMBER if order.number is None else order.number
    counter = min(order.counter or 0, 255)
    return bytes((STATES.index(order.state), int(order.blink))) + number.to_bytes(3, "little") + bytes((counter,))


def _once_data(order: Answer | Beep) -> tuple[int, bytes]:
    match order:
        case Answer():
            return ANSWER, struct.pack("<HHB", order.boot, order.seq, RESULTS.index(order.result))
        case Beep():
            return BEEP, b""


class _SimulatedBox:
    def __init__(self, address: int) -> None:
        self.address = address
        self.boot, self.pressed, self.last_request = 1, 0, 0
        self.waiting: deque[tuple[int, int]] = deque(maxlen=4)
        self.text, self.lamp, self.beeps = "", "", 0


class Boxes:
    """The boxes of one line, as their firmware behaves."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._boxes = {unit.address: _SimulatedBox(unit.address) for unit in units}
        self._by_unit = {unit.id: self._boxes[unit.address] for unit in units}
        self._reader = FrameReader(cut, longest=LONGEST)

    def say(self, report: Report) -> bytes:
        """See Simulator: a key waits until the box is asked."""
        assert isinstance(report, KeyPressed), f"a call box has keys alone, and no way to say {report}"
        box = self._by_unit[report.unit]
        box.pressed = box.pressed % 0xFFFF + 1
        box.waiting.append((box.pressed, KEYS.index(report.key)))
        return b""

    def hear(self, data: bytes) -> bytes:
        """See Simulator."""
        frames = self._reader.feed(data)
        return b"".join(self._answer(self._boxes[frame.address], frame) for frame in frames if self._is_ours(frame))

    def _is_ours(self, frame: Frame) -> bool:
        return frame.address in self._boxes and not frame.kind & 0x80

    def shown(self, unit: UnitId) -> str:
        """See Simulator."""
        return self._by_unit[unit].text

    def lamp(self, unit: UnitId) -> Literal["done", "repeat", "refused", "late", ""]:
        """What the box last said of a press."""
        lamp = self._by_unit[unit].lamp
        assert lamp in {"", "done", "repeat", "refused", "late"}
        return lamp  # type: ignore[return-value]  # Just checked.

    def beeps(self, unit: UnitId) -> int:
        """How often it made a sound."""
        return self._by_unit[unit].beeps

    def cut_power(self, unit: UnitId) -> None:
        """A power cut: it comes back dark, counts presses from one, and has one life more."""
        box = self._by_unit[unit]
        fresh = _SimulatedBox(box.address)
        fresh.boot = box.boot + 1
        self._boxes[box.address] = self._by_unit[unit] = fresh

    def _answer(self, box: _SimulatedBox, frame: Frame) -> bytes:
        if frame.kind == POLL and len(frame.data) == 4:
            return self._polled(box, *struct.unpack("<HH", frame.data))
        if frame.kind not in {SHOW, ANSWER, BEEP}:
            return b""
        if frame.seq != box.last_request:
            box.last_request = frame.seq
            self._carry_out(box, frame)
        return encode(Frame(box.address, DONE, frame.seq, box.boot.to_bytes(2, "little")))

    def _polled(self, box: _SimulatedBox, boot: int, heard_seq: int) -> bytes:
        if boot == box.boot and box.waiting and box.waiting[0][0] == heard_seq:
            box.waiting.popleft()
        if not box.waiting:
            return encode(Frame(box.address, IDLE, 0, box.boot.to_bytes(2, "little")))
        seq, key = box.waiting[0]
        return encode(Frame(box.address, KEY, 0, struct.pack("<HHBH", box.boot, seq, key, 0)))

    def _carry_out(self, box: _SimulatedBox, frame: Frame) -> None:
        if frame.kind == BEEP:
            box.beeps += 1
        elif frame.kind == ANSWER:
            box.lamp = RESULTS[frame.data[4]]
        else:
            number = int.from_bytes(frame.data[2:5], "little")
            box.text = "" if number == NO_NUMBER else str(number)


KIND = Kind(
    name="cobs_box",
    baud=115_200,
    addresses=range(1, 248),
    options=Options,
    reports=(KeyPressed,),
    orders=(ShowNumber, Answer, Beep),
    driver=BoxDriver,
    simulator=Boxes,
    sample_options=(Options(), Options()),
    digits=6,
)

"""Streams into frames: any slicing, any rubbish, never a raise, never a frame that was not sent."""

import string
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers import bcd_bus, cobs_box, ff68_caller, led_board_3a, led_board_4
from devices.framing import (
    FrameReader,
    bcd,
    cobs,
    cobs_frame,
    crc16,
    cut_cobs,
    cut_ff68,
    ff68_frame,
    skip_to,
    unbcd,
    uncobs,
)  # fmt: skip
from devices.kind import Unit
from devices.words import ShowNumber, UnitId

KEYPADS = tuple(Unit(id=UnitId(f"k{n}"), address=n, options=bcd_bus.Options(idle_key="80")) for n in range(1, 33))
LONGEST_FF68 = 262
BYTES_A_SECOND = 1_000_000

bodies = st.binary(min_size=2, max_size=24)
cuttings = st.lists(st.integers(1, 40), min_size=1, max_size=60)


class Reader(Protocol):
    noise: int

    def feed(self, data: bytes) -> Sequence[object]: ...

    def settle(self) -> None: ...


READERS: dict[str, tuple[Callable[[], Reader], Callable[[int], bytes]]] = {
    "bcd": (lambda: bcd_bus.reader_for(KEYPADS), lambda n: bcd_bus.said(n % 32 + 1, 0x8B, n % 9999 + 1)),
    "cobs": (lambda: FrameReader(cut_cobs(32), longest=32), lambda n: cobs_frame(bytes((n % 32, n & 0xFF, 0, n >> 8)))),
    "ff68": (
        lambda: FrameReader(cut_ff68, longest=LONGEST_FF68),
        lambda n: ff68_frame(bytes((n % 32, n % 9, n & 0xFF, n >> 8))),
    ),
    "led4": (lambda: FrameReader(led_board_4.cut, longest=4), lambda n: led_board_4.frame(n % 200, n)),
    "led3a": (lambda: FrameReader(led_board_3a.cut, longest=7), lambda n: led_board_3a.frame(n % 8, n)),
}


def _sliced(data: bytes, sizes: list[int]) -> list[bytes]:
    slices, at, turn = [], 0, 0
    while at < len(data):
        slices.append(data[at : at + sizes[turn % len(sizes)]])
        at, turn = at + len(slices[-1]), turn + 1
    return slices


@pytest.mark.parametrize("name", READERS)
@given(numbers=st.lists(st.integers(0, 9998), max_size=12), sizes=cuttings)
def test_frames_come_whole_however_they_are_sliced(name: str, numbers: list[int], sizes: list[int]) -> None:
    """One read is never one frame: the system in the field assumes so, and loses presses."""
    make_reader, frame = READERS[name]
    stream = b"".join(frame(number) for number in numbers)
    at_once, in_slices = make_reader(), make_reader()
    wanted = at_once.feed(stream)
    assert [one for data in _sliced(stream, sizes) for one in in_slices.feed(data)] == wanted
    assert len(wanted) == len(numbers)
    assert at_once.noise == in_slices.noise == 0


@pytest.mark.parametrize("name", READERS)
@given(rubbish=st.binary(max_size=300), sizes=cuttings)
def test_rubbish_is_survived_and_the_next_frames_are_heard(name: str, rubbish: bytes, sizes: list[int]) -> None:
    """After a motor starts beside the cable, the keypad works again at once. What no checksum tells may be lost."""
    make_reader, frame = READERS[name]
    reader = make_reader()
    for data in _sliced(rubbish, sizes):
        reader.feed(data)
    reader.settle()
    assert len(reader.feed(frame(77))) == 1


@given(st.binary(max_size=600))
def test_cobs_has_no_zero_and_comes_back(data: bytes) -> None:
    """A zero inside would end the frame too soon."""
    packed = cobs(data)
    assert 0 not in packed
    assert uncobs(packed) == data


@given(st.binary(max_size=40))
def test_what_is_no_cobs_is_none(data: bytes) -> None:
    """Whatever can be unpacked packs to the same bytes: two encodings of one frame would hide errors."""
    plain = uncobs(data)
    assert plain is None or cobs(plain) == data or data.endswith(b"\x01")


def test_the_known_values_of_others() -> None:
    """Figures of the COBS paper and of the Modbus standard: other firmware must agree with us."""
    assert crc16(b"123456789") == 0x4B37
    assert cobs(b"") == b"\x01"
    assert cobs(b"\x11\x22\x00\x33") == b"\x03\x11\x22\x02\x33"
    assert cobs(bytes(range(1, 255))) == b"\xff" + bytes(range(1, 255)) + b"\x01"


@given(body=st.binary(min_size=3, max_size=20), place=st.integers(0, 200), flip=st.integers(1, 255))
def test_a_spoilt_box_frame_is_never_taken(body: bytes, place: int, flip: int) -> None:
    """A CRC-16 finds every burst of up to sixteen bits, so one spoilt byte never becomes a press."""
    frame = bytearray(cobs_frame(body))
    frame[place % (len(frame) - 1)] ^= flip
    taken = FrameReader(cut_cobs(32), longest=32).feed(bytes(frame))
    assert body not in taken


@given(st.integers(0, 9999))
def test_bcd_comes_back(number: int) -> None:
    """The keypad shows decimal digits; a binary number there would be another number."""
    assert unbcd(bcd(number)) == number
    assert bcd(number).hex() == f"{number:04d}"


def test_half_bytes_beyond_nine_are_no_number() -> None:
    """`1A` is noise, not sixteen-something."""
    assert unbcd(b"\x1a\x00") is None
    assert all(letter not in string.digits for letter in "abcdef")


@given(st.binary(max_size=20))
def test_skipping_never_skips_a_mark(data: bytes) -> None:
    """A frame that begins at the end of a slice is kept."""
    skipped = skip_to(b"\xff\x68", data)
    assert b"\xff\x68" not in data[:skipped] + data[skipped : skipped + 1]
    assert skipped == len(data) or data[skipped:].startswith((b"\xff\x68", b"\xff"))


def test_the_vendors_own_frames_are_made_byte_for_byte() -> None:
    """The published examples are all we have of these devices."""
    assert led_board_4.frame(5, 999) == bytes.fromhex("0503E7EF")
    assert led_board_3a.frame(0, 888) == bytes.fromhex("3A00780301B60A")
    keypad = KEYPADS[2]
    assert bcd_bus.poll(3) == bytes.fromhex("AA03")
    assert bcd_bus.said(3, 0x8B) == bytes.fromhex("AA038BFFFF")
    assert bcd_bus.said(3, 0x8B, 105) == bytes.fromhex("AA038B0105")
    assert bcd_bus.show(keypad, ShowNumber(number=1234)) == bytes.fromhex("AA031234")
    assert bcd_bus.show(keypad, ShowNumber()) == bytes.fromhex("AA030000")
    assert ff68_caller.cut is cut_ff68
    assert ff68_frame(bytes((3, 1, 0x0D))) == bytes.fromhex("FF680303 68 03 01 0D 11 16".replace(" ", ""))


@pytest.mark.parametrize(
    ("frame", "typed"),
    [("AA038BFFFF", None), ("AA038BFF12", 12), ("AA038B0105", 105), ("AA038B0000", None), ("AA038B9999", 9999)],
)
def test_what_was_typed_is_read(frame: str, typed: int | None) -> None:
    """`FF` is a place where nothing was typed."""
    assert bcd_bus.reader_for(KEYPADS).feed(bytes.fromhex(frame)) == [bcd_bus.Said(3, 0x8B, typed)]


@pytest.mark.parametrize("frame", ["AA038B1A00", "AA038B01FF", "AA21 8B0105", "AA03410105", "AA03AA04AA05"])
def test_what_no_keypad_says_is_noise(frame: str) -> None:
    """Without a checksum only what an enrolled keypad can say counts; echoes of our own questions do not."""
    reader = bcd_bus.reader_for(KEYPADS)
    assert reader.feed(bytes.fromhex(frame)) == []
    reader.settle()
    assert reader.noise == len(bytes.fromhex(frame))


@pytest.mark.parametrize("name", READERS)
def test_a_stream_is_read_at_a_megabyte_a_second(name: str) -> None:
    """A device that babbles at full speed must not hold the hall up; a sixth of rubbish and small slices included."""
    make_reader, frame = READERS[name]
    chance = Random(7)
    stream = b"".join(frame(number) + chance.randbytes(1) for number in range(9000))
    slices = _sliced(stream, [chance.randrange(1, 400) for _ in range(50)])
    best = min(_seconds(make_reader(), slices) for _ in range(5))
    assert len(stream) / best >= BYTES_A_SECOND, f"{len(stream) / best / 1e6:.2f} MB/s"


def _seconds(reader: Reader, slices: list[bytes]) -> float:
    began = perf_counter()
    for data in slices:
        reader.feed(data)
    return perf_counter() - began


@given(address=st.integers(0, 255), kind=st.integers(0, 255), seq=st.integers(0, 255), data=st.binary(max_size=20))
def test_box_frames_come_back(address: int, kind: int, seq: int, data: bytes) -> None:
    """Both sides write and read the same frame."""
    frame = cobs_box.Frame(address, kind, seq, data)
    assert FrameReader(cobs_box.cut, longest=cobs_box.LONGEST).feed(cobs_box.encode(frame)) == [frame]
    assert len(cobs_box.encode(frame)) <= cobs_box.LONGEST


@pytest.mark.parametrize("before", ["AA", "AA03", "AAAA", "AA038B", "AA038B01", "AA21"])
def test_a_frame_behind_a_cut_off_one_is_heard(before: str) -> None:
    """A keypad that was pulled in the middle of its word must not silence the next one."""
    reader = bcd_bus.reader_for(KEYPADS)
    assert reader.feed(bytes.fromhex(before) + bcd_bus.said(4, 0x8B, 12)) == [bcd_bus.Said(4, 0x8B, 12)]
    assert reader.noise == len(before) // 2

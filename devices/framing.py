"""Cutting a stream of bytes into frames: any slicing goes in, whole frames come out, noise is counted and skipped."""

from collections.abc import Callable
from typing import Generic, TypeVar

FrameT = TypeVar("FrameT")

Cut = Callable[[bytes | bytearray], tuple[int, FrameT | None]]
"""Looks at the front: (0, None) more is needed; (n, None) n bytes are noise; (n, frame) n bytes are a frame."""


class FrameReader(Generic[FrameT]):
    """Whole frames from slices of a stream. It never raises, whatever comes, and keeps at most `longest` bytes.

    Lifetime: one opening of a link; bytes from before a lost cable do not join those from after.
    """

    def __init__(self, cut: Cut[FrameT], *, longest: int) -> None:
        self._cut = cut
        self._longest = longest
        self._kept = bytearray()
        self.noise = 0
        """Bytes that belonged to no frame."""

    def feed(self, data: bytes) -> list[FrameT]:
        """The frames that these bytes complete, in order."""
        frames: list[FrameT] = []
        self._kept += data
        rest = bytes(self._kept)  # Cutting from a copy is one move of the tail for each slice, not one for each frame.
        start = 0
        while start < len(rest):
            used, frame = self._cut(rest[start : start + self._longest])
            if frame is not None:
                frames.append(frame)
            elif used:
                self.noise += used
            elif len(rest) - start >= self._longest:
                used = 1  # The longest frame is here and still not whole: it is none.
                self.noise += used
            else:
                break
            start += used
        del self._kept[:start]
        return frames

    def settle(self) -> None:
        """The line has been silent for longer than a frame may pause: what is half here will never be whole."""
        self.noise += len(self._kept)
        self._kept.clear()


def skip_to(mark: bytes, data: bytes | bytearray) -> int:
    """How many bytes stand before the first place where `mark` is or may begin."""
    found = data.find(mark)
    if found >= 0:
        return found
    kept = max((size for size in range(1, len(mark)) if data.endswith(mark[:size])), default=0)
    return len(data) - kept


def bcd(number: int) -> bytes:
    """0 to 9999 as two bytes of decimal digits: 1234 is 12 34."""
    assert 0 <= number <= 9999, f"{number} does not fit two BCD bytes"
    return bytes.fromhex(f"{number:04d}")


def unbcd(pair: bytes) -> int | None:
    """The number in these bytes, or None where a half byte is no decimal digit."""
    digits = pair.hex()
    return int(digits) if digits.isdecimal() else None


def cobs(data: bytes) -> bytes:
    """The same without any zero byte, so that a zero can end a frame (Cheshire and Baker, 1999); none is appended."""
    out = bytearray()
    for block in data.split(b"\0"):
        while len(block) >= 254:
            out += b"\xff" + block[:254]
            block = block[254:]
        out.append(len(block) + 1)
        out += block
    return bytes(out)


def uncobs(data: bytes) -> bytes | None:
    """What `cobs` was given, or None where these bytes are no such encoding."""
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        block = data[at + 1 : at + code]
        if code == 0 or len(block) != code - 1 or 0 in block:
            return None
        out += block
        at += code
        if code < 255 and at < len(data):
            out.append(0)
    return bytes(out) if data else None


def _table() -> tuple[int, ...]:
    rows = []
    for row in range(256):
        for _ in range(8):
            row = row >> 1 ^ (0xA001 if row & 1 else 0)
        rows.append(row)
    return tuple(rows)


_CRC = _table()


def crc16(data: bytes) -> int:
    """CRC-16 as Modbus has it: 0x4B37 for "123456789"; sent low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def cut_cobs(longest: int) -> Cut[bytes]:
    """Cuts frames of `cobs(payload + crc16) 00`, and gives the payload. `longest` is that of a frame with its zero."""

    def cut(data: bytes | bytearray) -> tuple[int, bytes | None]:
        end = data.find(0)
        if end < 0:
            return (len(data), None) if len(data) >= longest else (0, None)
        plain = uncobs(bytes(data[:end]))
        if plain is None or len(plain) < 3 or crc16(plain[:-2]) != int.from_bytes(plain[-2:], "little"):
            return end + 1, None
        return end + 1, plain[:-2]

    return cut


def cobs_frame(payload: bytes) -> bytes:
    """The payload with its CRC-16, without zeros, ended by one."""
    return cobs(payload + crc16(payload).to_bytes(2, "little")) + b"\0"


def cut_ff68(data: bytes | bytearray) -> tuple[int, bytes | None]:
    """Cuts `FF 68 LEN LEN 68 ADDR CMD DATA… SUM 16`, and gives what ADDR begins and SUM ends."""
    if before := skip_to(b"\xff\x68", data):
        return before, None
    if len(data) < 5:
        return 0, None
    size = data[2]
    if data[3] != size or data[4] != 0x68 or size < 2:
        return 1, None
    if len(data) < size + 7:
        return 0, None
    body = bytes(data[5 : 5 + size])
    if data[5 + size] != sum(body) & 0xFF or data[6 + size] != 0x16:
        return 1, None
    return size + 7, body


def ff68_frame(body: bytes) -> bytes:
    """ADDR CMD DATA… as that caller's frame."""
    assert 2 <= len(body) <= 255, f"a body of {len(body)} bytes has no such frame"
    size = len(body)
    return bytes((0xFF, 0x68, size, size, 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))

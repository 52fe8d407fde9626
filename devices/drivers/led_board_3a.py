"""LED boards with `3A colour LO HI info SUM 0A`; the number in binary, SUM the low byte of the sum before it.

The vendor's own example is `3A 00 78 03 01 B6 0A`: 888 in green. No address, no answer: one board on a line.
What `info` means is not published beyond that example; it is kept at 1.
"""

from typing import Annotated

from msgspec import Meta, Struct

from devices.framing import FrameReader, skip_to
from devices.kind import Ears, Kind, Unit
from devices.painting import Painter
from devices.words import Report, ShowNumber, UnitId

FRAME_BYTES = 7
HEAD, TAIL = 0x3A, 0x0A


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs between boards of this family."""

    colour: Annotated[int, Meta(ge=0, le=255)] = 0
    """0 is green; the codes of other colours are on the board's own sheet."""
    info: Annotated[int, Meta(ge=0, le=255)] = 1


def frame(colour: int, number: int, info: int = 1) -> bytes:
    """What makes the board show this number."""
    body = bytes((HEAD, colour, number & 0xFF, number >> 8, info))
    return body + bytes((sum(body) & 0xFF, TAIL))


def cut(data: bytes | bytearray) -> tuple[int, tuple[int, int] | None]:
    """(colour, number) from the front of the bytes; see framing.Cut."""
    if before := skip_to(bytes((HEAD,)), data):
        return before, None
    if len(data) < FRAME_BYTES:
        return 0, None
    if sum(data[:5]) & 0xFF != data[5] or data[6] != TAIL:
        return 1, None
    return FRAME_BYTES, (data[1], data[2] | data[3] << 8)


def _driver(units: tuple[Unit, ...], ears: Ears) -> Painter:
    del ears  # A board says nothing.
    return Painter(units, frame=_frame_of, highest=_HIGHEST)


def _frame_of(unit: Unit, order: ShowNumber) -> bytes:
    assert isinstance(unit.options, Options), f"{unit.id} has options of another kind"
    return frame(unit.options.colour, order.number or 0, unit.options.info)


class Board:
    """The one board of a line, as it behaves."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        del units  # Without addresses, whatever hangs on the line shows the same.
        self._number: int | None = None
        self._reader = FrameReader(cut, longest=FRAME_BYTES)

    def say(self, report: Report) -> bytes:
        """See Simulator: there is nothing to press."""
        raise AssertionError(f"a board has no way to say {report}")

    def hear(self, data: bytes) -> bytes:
        """See Simulator."""
        for _, number in self._reader.feed(data):
            self._number = number
        return b""

    def shown(self, unit: UnitId) -> str:
        """See Simulator."""
        del unit
        return "" if self._number is None else str(self._number)


_HIGHEST = 9999

KIND = Kind(
    name="led_board_3a",
    baud=9600,
    addresses=range(1),
    options=Options,
    reports=(),
    orders=(ShowNumber,),
    driver=_driver,
    simulator=Board,
    sample_options=(Options(),),
    digits=4,
    tells_life=False,
)

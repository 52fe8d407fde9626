"""LED boards with four bytes: `ID HI LO SUM`, the number in binary, SUM the low byte of the sum. They never answer.

The vendor's own example is `05 03 E7 EF`: board 5 shows 999.
"""

from msgspec import Struct

from devices.framing import FrameReader
from devices.kind import Ears, Kind, Unit
from devices.painting import Painter
from devices.words import Report, ShowNumber, UnitId

FRAME_BYTES = 4


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs between boards of this family."""


def frame(board: int, number: int) -> bytes:
    """What makes this board show this number."""
    body = bytes((board, number >> 8, number & 0xFF))
    return body + bytes((sum(body) & 0xFF,))


def cut(data: bytes | bytearray) -> tuple[int, tuple[int, int] | None]:
    """(board, number) from the front of the bytes; see framing.Cut."""
    if len(data) < FRAME_BYTES:
        return 0, None
    if sum(data[:3]) & 0xFF != data[3]:
        return 1, None
    return FRAME_BYTES, (data[0], data[1] << 8 | data[2])


def _driver(units: tuple[Unit, ...], ears: Ears) -> Painter:
    del ears  # A board says nothing.
    return Painter(units, frame=lambda unit, order: frame(unit.address, order.number or 0), highest=_HIGHEST)


class Board:
    """The boards of one line, as they behave."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._address_by_unit = {unit.id: unit.address for unit in units}
        self._number_by_address: dict[int, int] = {}
        self._reader = FrameReader(cut, longest=FRAME_BYTES)

    def say(self, report: Report) -> bytes:
        """See Simulator: there is nothing to press."""
        raise AssertionError(f"a board has no way to say {report}")

    def hear(self, data: bytes) -> bytes:
        """See Simulator."""
        self._number_by_address |= dict(self._reader.feed(data))
        return b""

    def shown(self, unit: UnitId) -> str:
        """See Simulator."""
        number = self._number_by_address.get(self._address_by_unit[unit])
        return "" if number is None else str(number)


_HIGHEST = 9999

KIND = Kind(
    name="led_board_4",
    baud=9600,
    addresses=range(1, 256),
    options=Options,
    reports=(),
    orders=(ShowNumber,),
    driver=_driver,
    simulator=Board,
    sample_options=(Options(), Options()),
    digits=4,
    tells_life=False,
)

"""A slip's picture as the raster commands of a thermal printer, without its white. Pure.

A whole picture costs 72 bytes a row on 80 mm paper, most of them white. Bands of ink are cut out of it and sent alone:
rows without ink cost one byte each, white beside the ink none, and a band made of squares of two dots a quarter.
"""

from collections.abc import Iterator

from msgspec import Struct
from PIL import Image, ImageChops

DOUBLE = 3
"""The mode of `GS v 0` in which the printer doubles width and height."""
ROWS_MAX = 1024
"""Rows of one command: printers hold so many at least."""
_PAIR = 16  # Dots: an even number of bytes keeps a centred band on the byte it came from.


class Band(Struct, frozen=True, kw_only=True):
    """Rows that hang together."""

    top: int
    height: int
    """Rows on the paper."""
    is_centred: bool
    is_double: bool
    """The data hold every second row and column; the printer doubles them."""
    width_bytes: int
    data: bytes
    """Eight dots a byte, 1 is ink."""


def bands(picture: Image.Image) -> tuple[Band, ...]:
    """The picture from top to bottom, nothing lost; rows without ink are bands of one white byte a row."""
    ink = ImageChops.invert(picture.convert("L"))
    return tuple(_band(ink, top, bottom, inked) for top, bottom, inked in _stretches(ink))


def raster(picture: Image.Image) -> bytes:
    """The picture as `ESC a` and `GS v 0` commands. Feed, cut and start-up are the printer's, not the picture's."""
    out, centred = bytearray(b"\x1ba\x00"), False
    for band in bands(picture):
        if band.is_centred is not centred and any(band.data):
            centred = band.is_centred
            out += b"\x1ba" + bytes([centred])
        rows = len(band.data) // band.width_bytes
        out += b"\x1dv0" + bytes([DOUBLE if band.is_double else 0])
        out += band.width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + band.data
    return bytes(out + (b"\x1ba\x00" if centred else b""))


def _stretches(ink: Image.Image) -> Iterator[tuple[int, int, bool]]:
    """First row, row after the last, and whether there is ink; no longer than one command may be."""
    inked, start = _inked_rows(ink), 0
    for row in range(1, ink.height + 1):
        if row == ink.height or inked[row] is not inked[start] or row - start == ROWS_MAX:
            yield start, row, inked[start]
            start = row


def _inked_rows(ink: Image.Image) -> list[bool]:
    data, width = ink.tobytes(), ink.width
    blank = bytes(width)
    return [data[start : start + width] != blank for start in range(0, len(data), width)]


def _band(ink: Image.Image, top: int, bottom: int, inked: bool) -> Band:
    if not inked:
        rows = bytes(bottom - top)
        return Band(top=top, height=bottom - top, is_centred=False, is_double=False, width_bytes=1, data=rows)
    rows_of_it = ink.crop((0, top, ink.width, bottom))
    box = rows_of_it.getbbox()
    assert box is not None, f"rows {top} to {bottom} have no ink"
    left, _, right, _ = box
    side = min(left, ink.width - right) // (_PAIR // 2) * (_PAIR // 2)
    to_right = -(-right // _PAIR) * _PAIR
    is_centred = ink.width - 2 * side < to_right
    cut = rows_of_it.crop((side, 0, ink.width - side, bottom - top) if is_centred else (0, 0, to_right, bottom - top))
    halved = cut.resize((cut.width // 2, cut.height // 2), Image.Resampling.NEAREST) if cut.height % 2 == 0 else None
    is_double = halved is not None and halved.resize(cut.size, Image.Resampling.NEAREST).tobytes() == cut.tobytes()
    sent = halved if halved is not None and is_double else cut
    return Band(
        top=top,
        height=bottom - top,
        is_centred=is_centred,
        is_double=is_double,
        width_bytes=sent.width // 8,
        data=sent.convert("1", dither=Image.Dither.NONE).tobytes(),
    )

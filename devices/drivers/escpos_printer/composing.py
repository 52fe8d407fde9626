"""Pages and jobs as bytes, by python-escpos over its printer without a wire. Opens nothing.

python-escpos 3.1 sets up logging and leaves a folder behind when it is imported; see `encoder`.
"""

import logging
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Literal, Protocol, cast

from msgspec import Struct
from PIL import Image, ImageChops

ROWS_MAX = 1024  # Rows of one command: printers hold so many at least.
PROFILE = "TM-T20II"  # 576 dots a row and a partial cut, as the printers of 80 mm have; nothing else of it is used.
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
"""DLE DC4 fn 8: empties the buffers, at once, whatever the printer is doing. It answers 37 25 00."""
TELL_CHANGES = b"\x1da\x0e"  # GS a: on line and off, errors, paper.
START = b"\x1b@" + TELL_CHANGES
SENSOR_MARK = b"\x1dr\x01"


class Encoder(Protocol):
    """What we use of `escpos.printer.Dummy`, which has no types."""

    @property
    def output(self) -> bytes: ...  # noqa: D102
    def image(  # noqa: D102
        self, picture: Image.Image, *, high_density_vertical: bool, high_density_horizontal: bool, fragment_height: int
    ) -> None: ...
    def cut(self, mode: str) -> None: ...  # noqa: D102
    def hw(self, action: str) -> None: ...  # noqa: D102
    def set(  # noqa: D102
        self, *, align: str, bold: bool = ..., custom_size: bool = ..., width: int = ..., height: int = ...
    ) -> None: ...
    def textln(self, text: str) -> None: ...  # noqa: D102
    def qr(self, content: str, *, native: bool, size: int) -> None: ...  # noqa: D102


class TextLine(Struct, frozen=True, kw_only=True):
    """A line of a page in the printer's own letters."""

    text: str
    size: int = 1
    """1 to 8 times as wide and high: 576 dots hold 48 letters of size 1."""
    is_bold: bool = False
    align: Literal["left", "center"] = "left"


def encoder() -> Encoder:
    """A fresh one. The first call imports the package, about 0.2 s: call it once before there is anything to print."""
    return _dummy()()


@cache
def _dummy() -> Callable[[], Encoder]:
    root = logging.getLogger()
    handlers, folder = list(root.handlers), tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="escpos-") as own:
        tempfile.tempdir = own  # What it unpickles at the next start, and never removes, is made in here.
        try:
            from escpos.printer import Dummy  # type: ignore[import-untyped,import-not-found,unused-ignore]
        finally:
            tempfile.tempdir = folder
            root.handlers[:] = handlers
    return cast("Callable[[], Encoder]", partial(Dummy, profile=PROFILE))


def job_bytes(page: bytes, mark: bytes) -> bytes:
    """A whole job: start-up, the page, feed and partial cut, and the mark that is answered when all is on paper."""
    end = encoder()
    end.cut("PART")
    return START + page + end.output + mark


def end_mark(how: str, number: int) -> tuple[bytes, bytes]:
    """The mark to send, and what its answer holds; see Options.end_mark."""
    if how == "process-id":
        name = f"{number % 10_000:04d}".encode()
        return b"\x1d(H\x06\x00\x30\x30" + name, name
    return (SENSOR_MARK if how == "paper-sensor" else b""), b""


def text_page(lines: Sequence[TextLine], follow: str = "") -> bytes:
    """A page in the printer's letters, without accents: no code page of printers holds Vietnamese reliably.

    `follow` becomes a QR code that the printer draws by itself.
    """
    page = encoder()
    for line in lines:
        page.set(align=line.align, bold=line.is_bold, custom_size=True, width=line.size, height=line.size)
        page.textln(without_accents(line.text))
    if follow:
        page.set(align="center", bold=False, custom_size=True, width=1, height=1)
        page.qr(follow, native=True, size=6)
    return page.output


def without_accents(text: str) -> str:
    """Vietnamese in ASCII; a letter that has none becomes a question mark."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
    return "".join(
        letter if letter.isascii() and letter.isprintable() else "?"
        for letter in plain
        if not unicodedata.combining(letter)
    )


def image_page(picture: Image.Image) -> bytes:
    """A picture as wide as the paper, 8 dots a millimetre: white rows cost a byte each, white beside the ink nothing.

    Nothing is lost; a picture with much ink is longer than a page may be, and the driver then refuses it.
    """
    ink = ImageChops.invert(picture.convert("L").point(lambda grey: 255 if grey >= 128 else 0))
    page, is_centred = encoder(), False
    for top, bottom in _stretches(ink):
        band, wants_centre = _without_sides(ink.crop((0, top, ink.width, bottom)))
        if wants_centre is not is_centred:
            is_centred = wants_centre
            page.set(align="center" if is_centred else "left")
        halved = _halved(band)
        page.image(
            halved or band,
            high_density_vertical=halved is None,
            high_density_horizontal=halved is None,
            fragment_height=ROWS_MAX,
        )
    if is_centred:
        page.set(align="left")
    return page.output


def _without_sides(ink: Image.Image) -> tuple[Image.Image, bool]:
    """The band, black on white, without white at its right, or at both sides where that is shorter; and whether so."""
    left, _, right, _ = ink.getbbox() or (0, 0, 8, 0)
    to_right = -(-right // 16) * 16 if ink.getbbox() else 8
    side = min(left, ink.width - right) // 8 * 8
    is_centred = ink.width - 2 * side < to_right
    box = (side, 0, ink.width - side, ink.height) if is_centred else (0, 0, to_right, ink.height)
    return ImageChops.invert(ink.crop(box)), is_centred


def _halved(band: Image.Image) -> Image.Image | None:
    """Every second dot of a band made of squares of four; the printer doubles it."""
    if band.width % 16 or band.height % 2:
        return None
    halved = band.resize((band.width // 2, band.height // 2), Image.Resampling.NEAREST)
    return halved if halved.resize(band.size, Image.Resampling.NEAREST).tobytes() == band.tobytes() else None


def _stretches(ink: Image.Image) -> Iterator[tuple[int, int]]:
    """Rows that hang together: with ink, or without."""
    data, width = ink.tobytes(), ink.width
    inked = [any(data[start : start + width]) for start in range(0, len(data), width)]
    start = 0
    for row in range(1, ink.height + 1):
        if row == ink.height or inked[row] is not inked[start] or row - start == ROWS_MAX:
            yield start, row
            start = row

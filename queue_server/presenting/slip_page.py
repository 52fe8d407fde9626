"""Paper under construction: what is put on it goes below what stands there. Pure."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Literal

import segno
from msgspec import Struct
from PIL import Image, ImageDraw

from queue_server.presenting.slip_type import CAP_EM, FALL_EM, RISE_EM, Faces, Weight, balanced, wrap

INK, WHITE = 0, 255
THRESHOLD = 140
"""Of 256 greys the darker ones become ink: strokes of the small sizes keep two dots. No dithering."""
QUIET_MODULES = 4
"""The white that a reader of QR codes needs on every side."""
MODULE_DOTS_MIN = 3
Align = Literal["left", "centre"]
Box = tuple[int, int, int, int]


class Paper(Struct, frozen=True, kw_only=True):
    """Sizes in dots; 8 dots are one millimetre. From the design's tokens."""

    width: int
    margin: int
    number_px_max: int
    title_px: int
    value_px: int
    body_px: int
    small_px: int
    module_dots: int
    qr_max: int
    """The widest code, without its white."""


PAPER_80 = Paper(
    width=576,
    margin=24,
    number_px_max=300,
    title_px=34,
    value_px=51,
    body_px=27,
    small_px=22,
    module_dots=6,
    qr_max=252,
)
PAPER_58 = Paper(
    width=384,
    margin=12,
    number_px_max=200,
    title_px=28,
    value_px=42,
    body_px=24,
    small_px=20,
    module_dots=5,
    qr_max=190,
)

PAPER_80_LEAN = Paper(
    width=576,
    margin=24,
    number_px_max=300,
    title_px=28,
    value_px=42,
    body_px=24,
    small_px=20,
    module_dots=6,
    qr_max=252,
)
"""The letters of the narrow paper on the wide one."""


class Style(Struct, frozen=True):
    """How a line is set."""

    weight: Weight
    px: int
    align: Align = "left"
    lines_max: int = 4


class Code(Struct, frozen=True):
    """A QR code to put on the paper."""

    rows: tuple[bytes, ...]
    dots: int
    """The side of a module."""

    @property
    def side(self) -> int:
        """The whole side, without its white."""
        return len(self.rows) * self.dots

    @property
    def quiet(self) -> int:
        """The white that it needs on every side."""
        return QUIET_MODULES * self.dots


class Page:
    """One slip under construction.

    Lifetime: one drawing. `y` is the first free row; `boxes` are the rooms of the lines set so far, accents included.
    """

    def __init__(self, paper: Paper, faces: Faces) -> None:
        self.paper, self.faces = paper, faces
        self.y = 0
        self.boxes: list[Box] = []
        self._strokes: list[Callable[[Image.Image, ImageDraw.ImageDraw], None]] = []

    @property
    def room(self) -> int:
        """The width between the margins."""
        return self.paper.width - 2 * self.paper.margin

    def gap(self, dots: int) -> None:
        """Leave rows white."""
        self.y += dots

    def lines(self, text: str, style: Style, width: int) -> list[str]:
        """The text as it breaks into lines of `width` dots; not put on the paper."""
        breaks = balanced if style.align == "centre" else wrap
        return breaks(self.faces, self.faces.drawable(text), style.weight, style.px, width)

    def text(self, text: str, style: Style, *, x: int | None = None, width: int | None = None) -> bool:
        """Set a text in as many lines as it needs; past `lines_max` a whole word is the last. Tells if all stands."""
        left, room = self.paper.margin if x is None else x, self.room if width is None else width
        lines = self.lines(text, style, room)
        rise, fall = self._reach(lines[: style.lines_max], style)
        for line in lines[: style.lines_max]:
            self._line(line, style, (left, self.y, left + room, self.y + rise + fall), rise)
        return len(lines) <= style.lines_max

    def rule(self, thick: int = 3, *, dashed: bool = False) -> None:
        """A line from margin to margin."""
        left, right, y = self.paper.margin, self.paper.width - self.paper.margin, self.y
        spans = [(x, min(x + 10, right)) for x in range(left, right, 18)] if dashed else [(left, right)]
        self._strokes += [_filled((start, y, end - 1, y + thick - 1)) for start, end in spans]
        self.y += thick

    def number(self, shown: str, *, coarse: bool) -> None:
        """The number across the paper. `coarse` draws it in squares of two dots, which a printer doubles by itself."""
        step = 2 if coarse else 1
        text = self.faces.drawable(shown)
        px = _fitting(self.faces, text, self.paper.number_px_max // step, self.room // step)
        font = self.faces.font(800, px)
        left, top, right, bottom = (int(edge) for edge in font.getbbox(text, anchor="ls"))
        drawn = Image.new("L", (right - left, bottom - top), WHITE)
        ImageDraw.Draw(drawn).text((-left, -top), text, font=font, fill=INK, anchor="ls")
        drawn = _sharp(drawn).resize((drawn.width * step, drawn.height * step), Image.Resampling.NEAREST)
        x, y = (self.paper.width - drawn.width) // 4 * 2, self.y
        self._strokes.append(lambda image, _: image.paste(drawn, (x, y)))
        self.boxes.append((x, y - 1, x + drawn.width, y + drawn.height + 1))
        self.y += drawn.height

    def plates(self, labels: Sequence[str], x: int) -> None:
        """Counter plates in a row from `x` on, and in more rows where one is too short."""
        height, between = round(self.paper.title_px * 1.75), 10
        left = x
        for label in map(self.faces.drawable, labels):
            px = round(height * 0.72)
            while px > self.paper.small_px and self.faces.width(label, 800, px) > self.room - height // 2:
                px -= 2
            (label, *_) = wrap(self.faces, label, 800, px, self.room - height // 2)
            width = max(height, round(self.faces.width(label, 800, px) + height * 0.46))
            if left > x and left + width > self.paper.width - self.paper.margin:
                left, self.y = x, self.y + height + between
            if left + width > self.paper.width - self.paper.margin:
                left = self.paper.margin
            self._plate(label, px, (left, self.y, left + width, self.y + height))
            left += width + between
        self.y += height

    def code(self, text: str, *, even: bool = False) -> Code:
        """A QR code of level M as large as the paper has room for; `even` makes its modules an even number of dots."""
        matrix = segno.make_qr(text, error="m", boost_error=False).matrix
        rows = tuple(bytes(INK if module else WHITE for module in row) for row in matrix)
        dots = min(self.paper.module_dots, max(MODULE_DOTS_MIN, self.paper.qr_max // len(rows)))
        return Code(rows, -(-dots // 2) * 2 if even else dots)

    def put_code(self, code: Code, x: int) -> None:
        """The code at `x`; the white around it is the caller's."""
        y, modules = self.y, len(code.rows)
        small = Image.frombytes("L", (modules, modules), b"".join(code.rows))
        drawn = small.resize((code.side, code.side), Image.Resampling.NEAREST)
        self._strokes.append(lambda image, _: image.paste(drawn, (x, y)))
        self.y += code.side

    def box(self, side: int, top: int) -> None:
        """An empty square to tick."""
        x = self.paper.margin + 1
        self._strokes.append(lambda _, draw: draw.rectangle((x, top, x + side, top + side), outline=INK, width=2))

    def picture(self) -> Image.Image:
        """The slip so far, one bit a dot: 1 is white."""
        image = Image.new("L", (self.paper.width, self.y), WHITE)
        draw = ImageDraw.Draw(image)
        for stroke in self._strokes:
            stroke(image, draw)
        return _sharp(image).convert("1", dither=Image.Dither.NONE)

    def _reach(self, lines: Sequence[str], style: Style) -> tuple[int, int]:
        """Rows above and below the baseline: alike in all lines of a text, and a dot more than the ink of any."""
        font = self.faces.font(style.weight, style.px)
        edges = [font.getbbox(line, anchor="ls") for line in lines]
        rise = max((ceil(-top) + 1 for _, top, _, _ in edges), default=0)
        fall = max((ceil(bottom) + 1 for _, _, _, bottom in edges), default=0)
        return max(rise, round(style.px * RISE_EM)), max(fall, round(style.px * FALL_EM))

    def _line(self, text: str, style: Style, box: Box, rise: int) -> None:
        font = self.faces.font(style.weight, style.px)
        left, top, right, bottom = box
        x = left if style.align == "left" else left + round((right - left - font.getlength(text)) / 2)
        self._strokes.append(lambda _, draw: draw.text((x, top + rise), text, font=font, fill=INK, anchor="ls"))
        self.boxes.append(box)
        self.y = bottom

    def _plate(self, label: str, px: int, edge: Box) -> None:
        left, top, right, bottom = edge
        height = bottom - top
        round_by, inset, thick = height // 7, max(3, height // 18), max(2, height // 28)
        font = self.faces.font(800, px)
        at = ((left + right) / 2, (top + bottom) / 2 + px * CAP_EM / 2)

        def stroke(_: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            draw.rounded_rectangle((left, top, right - 1, bottom - 1), round_by, fill=INK)
            inner = (left + inset, top + inset, right - 1 - inset, bottom - 1 - inset)
            draw.rounded_rectangle(inner, round_by - inset, outline=WHITE, width=thick)
            draw.text(at, label, font=font, fill=WHITE, anchor="ms")

        self._strokes.append(stroke)


def _filled(box: Box) -> Callable[[Image.Image, ImageDraw.ImageDraw], None]:
    return lambda _, draw: draw.rectangle(box, fill=INK)


def _sharp(image: Image.Image) -> Image.Image:
    return image.point([WHITE if grey > THRESHOLD else INK for grey in range(256)])


def _fitting(faces: Faces, text: str, px_max: int, room: int) -> int:
    """The largest size at which the ink of the text is no wider than the room."""
    low, high = 1, px_max
    while low < high:
        px = (low + high + 1) // 2
        left, _, right, _ = faces.font(800, px).getbbox(text, anchor="ls")
        low, high = (px, high) if right - left <= room else (low, px - 1)
    return low

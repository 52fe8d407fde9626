"""The letters of a slip: the packaged faces, lines, letters that the faces lack. Pure, but `load` reads the faces."""

import unicodedata
from importlib.resources import files
from io import BytesIO
from typing import Literal

from PIL import ImageFont

Weight = Literal[500, 700, 800]
WEIGHTS: tuple[Weight, ...] = (500, 700, 800)
RISE_EM, FALL_EM = 1.06, 0.3
"""The room above and below a baseline; stacked accents get as much more as their ink needs."""
CAP_EM = 0.74
_NEAREST = {"ƀ": "b", "Ƀ": "B", "ŋ": "n", "Ŋ": "N"}
_BALANCE_STEP = 6  # Dots by which centred lines are narrowed until they would need one line more.


class Faces:
    """The packaged weights of Be Vietnam Pro at any size.

    Lifetime: as long as the process; each size is made once. Concurrency: one drawing at a time.
    """

    def __init__(self, faces: dict[Weight, bytes]) -> None:
        self._faces = faces
        self._made: dict[tuple[Weight, int], ImageFont.FreeTypeFont] = {}
        probe = self.font(500, 20)
        self._missing = bytes(probe.getmask("\ue000"))
        self._known: dict[str, bool] = {}

    def font(self, weight: Weight, px: int) -> ImageFont.FreeTypeFont:
        """The face at `px` dots an em."""
        if (weight, px) not in self._made:
            self._made[weight, px] = ImageFont.truetype(BytesIO(self._faces[weight]), px)
        return self._made[weight, px]

    def width(self, text: str, weight: Weight, px: int) -> float:
        """The room of one line, in dots."""
        return self.font(weight, px).getlength(text)

    def lacks(self, text: str) -> frozenset[str]:
        """The letters that the faces cannot draw."""
        return frozenset(sign for sign in text if not self._draws(sign))

    def drawable(self, text: str) -> str:
        """The text as far as the faces go: a letter that they lack loses its mark, or becomes `?`; no empty box."""
        return "".join(sign if self._draws(sign) else self._nearest(sign) for sign in text)

    def _nearest(self, sign: str) -> str:
        base = _NEAREST.get(sign) or unicodedata.normalize("NFKD", sign)[0]
        return base if self._draws(base) else "?"

    def _draws(self, sign: str) -> bool:
        if sign not in self._known:
            self._known[sign] = sign.isspace() or bytes(self.font(500, 20).getmask(sign)) != self._missing
        return self._known[sign]


def load() -> Faces:
    """Read the packaged faces: once for all slips of a process."""
    folder = files(__package__).joinpath("fonts")
    return Faces({weight: folder.joinpath(f"be-vietnam-pro-{weight}.ttf").read_bytes() for weight in WEIGHTS})


def wrap(faces: Faces, text: str, weight: Weight, px: int, width: int) -> list[str]:
    """The text in lines no wider than `width` dots, broken between words; a word wider than a line is broken inside."""
    return _packed(_measured(faces, text, weight, px, width), faces.width(" ", weight, px), width)


def balanced(faces: Faces, text: str, weight: Weight, px: int, width: int) -> list[str]:
    """The same number of lines as `wrap`, of about one length, for centred text."""
    words, space = _measured(faces, text, weight, px, width), faces.width(" ", weight, px)
    lines = _packed(words, space, width)
    widest = max((wide for _, wide in words), default=0.0)
    while len(lines) > 1 and width - _BALANCE_STEP >= widest:
        width -= _BALANCE_STEP
        narrower = _packed(words, space, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _measured(faces: Faces, text: str, weight: Weight, px: int, width: int) -> list[tuple[str, float]]:
    """Each word with its room; what is wider than a line comes in pieces."""
    pieces = (piece for word in text.split(" ") for piece in _pieces(faces, word, weight, px, width))
    return [(piece, faces.width(piece, weight, px)) for piece in pieces]


def _packed(words: list[tuple[str, float]], space: float, width: int) -> list[str]:
    lines: list[list[str]] = []
    used = 0.0
    for word, wide in words:
        if lines and used + space + wide <= width:
            lines[-1].append(word)
            used += space + wide
        else:
            lines.append([word])
            used = wide
    return [" ".join(line) for line in lines]


def _pieces(faces: Faces, word: str, weight: Weight, px: int, width: int) -> list[str]:
    if faces.width(word, weight, px) <= width:
        return [word]
    pieces, piece = [], ""
    for sign in word:
        if piece and faces.width(piece + sign, weight, px) > width:
            pieces.append(piece)
            piece = ""
        piece += sign
    return [*pieces, piece]

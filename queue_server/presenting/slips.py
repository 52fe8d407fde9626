"""A slip as a picture for thermal paper: number, service, time, counters, what to bring, code. Pure.

Measures, anatomy and order are the design's. Printers have no Vietnamese letters worth trusting, so a slip is a
picture.
"""

from collections.abc import Sequence
from typing import Literal

from PIL import Image

from queue_server.presenting.slip_facts import FirstNextTime, SlipFacts
from queue_server.presenting.slip_page import PAPER_58, PAPER_80, PAPER_80_LEAN, Page, Paper, Style
from queue_server.presenting.slip_type import FALL_EM, RISE_EM, Faces, Weight
from queue_server.presenting.slip_words import Said, SlipWords, words_of
from queue_server.presenting.texts import Texts

PaperName = Literal["58", "80"]
Layout = Literal["full", "lean"]
"""`lean` tells the same in fewer bytes, for serial printers; see `slip_bands`."""
PAPERS: dict[tuple[PaperName, Layout], Paper] = {
    ("58", "full"): PAPER_58,
    ("58", "lean"): PAPER_58,
    ("80", "full"): PAPER_80,
    ("80", "lean"): PAPER_80_LEAN,
}
FOLLOW_MAX = 300
"""Characters of a QR code that a telephone still reads from this paper; a longer address is left out."""


def draw(facts: SlipFacts, texts: Texts, faces: Faces, *, paper: PaperName, layout: Layout = "full") -> Image.Image:
    """The slip, one bit a dot (1 is white), as wide as the paper prints and as long as it needs."""
    return compose(facts, texts, faces, paper=paper, layout=layout).picture()


def compose(facts: SlipFacts, texts: Texts, faces: Faces, *, paper: PaperName, layout: Layout = "full") -> Page:
    """The page of the slip, with the room of each line."""
    page, words = Page(PAPERS[paper, layout], faces), words_of(facts, texts)
    is_lean = layout == "lean"
    _top(page, words)
    _number(page, words, is_lean)
    if isinstance(facts.standing, FirstNextTime):
        _next_time(page, words)
    else:
        _when(page, words)
    _counters(page, words)
    _bring(page, words, is_lean)
    if words.follow and len(words.follow) <= FOLLOW_MAX:
        _part(page, is_lean)
        (_code_below if is_lean else _code_beside)(page, words, words.follow)
    elif words.ask:
        _part(page, is_lean)
        _said(page, words.ask, Style(700, page.paper.body_px))
    _foot(page, words)
    return page


def _top(page: Page, words: SlipWords) -> None:
    paper = page.paper
    page.gap(6)
    if words.copy:
        _label(page, words.copy, Style(700, paper.body_px, "centre"), paper.margin, page.room)
        page.rule(dashed=True)
        page.gap(4)
    name, *others = words.hall or ("",)
    if words.place:
        _name(page, name.upper(), ((paper.small_px, 4),), words, weight=700)
        _name(page, words.place.upper(), ((paper.title_px, 2), (paper.small_px, 4)), words)
    else:
        _name(page, name.upper(), ((paper.title_px, 1), (paper.body_px, 2), (paper.small_px, 4)), words)
    for other in others:
        _name(page, other, ((paper.small_px, 3),), words, weight=500)
    page.gap(4)
    page.rule()


def _number(page: Page, words: SlipWords, is_lean: bool) -> None:
    paper = page.paper
    page.gap(4)
    _label(page, words.yours, Style(700, paper.body_px, "centre"), paper.margin, page.room)
    page.gap(14)
    page.number(words.shown, coarse=is_lean)
    page.gap(12)
    for name, *others in words.services:
        _name(page, name, ((paper.title_px, 3), (paper.body_px, 4), (paper.small_px, 8)), words)
        for other in others:
            _name(page, other, ((paper.small_px, 4),), words, weight=500)
    _said(page, words.services_more, Style(500, paper.small_px, "centre"))
    page.gap(6)
    page.rule()
    page.gap(4)


def _when(page: Page, words: SlipWords) -> None:
    paper, top = page.paper, page.y
    half = page.room // 2 + (10 if paper.width == PAPER_80.width else 0)
    ends = []
    for label, value, x, width in (
        (words.about, words.about_value, paper.margin, half - 12),
        (words.ahead, words.ahead_value, paper.margin + half, page.room - half),
    ):
        page.y = top
        _label(page, label, Style(500, paper.small_px), x, width)
        _value(page, value, x, width)
        ends.append(page.y)
    page.y = max(ends)
    _said(page, words.note, Style(500, paper.small_px))


def _value(page: Page, value: Said, x: int, width: int) -> None:
    first, *others = value
    px = page.paper.value_px
    while px > page.paper.body_px and page.faces.width(first, 800, px) > width:
        px -= 1
    page.text(first, Style(800, px), x=x, width=width)
    for other in others:
        page.text(other, Style(500, page.paper.small_px), x=x, width=width)


def _next_time(page: Page, words: SlipWords) -> None:
    _said(page, words.about, Style(500, page.paper.small_px))
    first, *others = words.about_value
    page.text(first, Style(800, page.paper.title_px))
    for other in others:
        page.text(other, Style(500, page.paper.small_px))
    _said(page, words.note, Style(700, page.paper.body_px - 2))


def _counters(page: Page, words: SlipWords) -> None:
    if not words.counters:
        return
    paper, style = page.paper, Style(700, page.paper.body_px)
    page.gap(8)
    title = " · ".join(words.counters_title)
    height = round(paper.title_px * 1.75)
    if len(words.counters_title) == 1 and page.faces.width(title, style.weight, style.px) < page.room // 2:
        top, wide = page.y, round(page.faces.width(title, style.weight, style.px)) + 2
        page.gap(round((height - style.px * (RISE_EM + FALL_EM)) / 2))
        page.text(title, style, width=wide)
        page.y = top
        page.plates(words.counters, paper.margin + wide + 16)
    else:
        page.text(title, style)
        page.gap(4)
        page.plates(words.counters, paper.margin)
    _said(page, words.counters_more, Style(500, paper.small_px))


def _bring(page: Page, words: SlipWords, is_lean: bool) -> None:
    if not words.bring:
        return
    paper, indent = page.paper, round(page.paper.body_px * 1.2)
    _part(page, is_lean)
    _label(page, words.bring_title, Style(700, paper.body_px), paper.margin, page.room)
    for name, *others in words.bring:
        page.box(round(paper.body_px * 0.7), page.y + round(paper.body_px * (RISE_EM - 0.7)) + 1)
        x, width = paper.margin + indent, page.room - indent
        stands = page.text(name, Style(500, paper.body_px, lines_max=3), x=x, width=width)
        for other in others:
            page.text(other, Style(500, paper.small_px, lines_max=2), x=x, width=width)
        if not stands:
            page.text(words.cut[0], Style(700, paper.small_px), x=x, width=width)
    _said(page, words.bring_more, Style(500, paper.small_px))


def _code_beside(page: Page, words: SlipWords, follow: str) -> None:
    paper = page.paper
    code = page.code(follow)
    x = max(paper.margin, code.quiet)
    left = x + code.side + code.quiet
    width = paper.width - paper.margin - left
    page.gap(code.quiet)
    top = page.y
    page.put_code(code, x)
    bottom, page.y = page.y + code.quiet, top
    is_wide = paper.width == PAPER_80.width
    page.text(
        words.follow_title[0],
        Style(700, paper.body_px if is_wide else paper.small_px, lines_max=6),
        x=left,
        width=width,
    )
    for other in words.follow_title[1:]:
        page.text(other, Style(500, paper.small_px), x=left, width=width)
    for sentence in words.follow_more if is_wide else ():
        page.text(sentence, Style(500, paper.small_px), x=left, width=width)
    for sentence in words.ask:
        page.text(sentence, Style(700, paper.body_px if is_wide else paper.small_px, lines_max=3), x=left, width=width)
    page.y = max(page.y, bottom)


def _code_below(page: Page, words: SlipWords, follow: str) -> None:
    """The code in rows of its own, in modules of an even number of dots, so that a printer may double it."""
    paper = page.paper
    code = page.code(follow, even=True)
    _said(page, words.follow_title, Style(700, paper.body_px, "centre"))
    page.gap(code.quiet)
    page.put_code(code, (paper.width - code.side) // 4 * 2)
    page.gap(code.quiet)
    _said(page, words.ask, Style(700, paper.body_px, "centre"))


def _foot(page: Page, words: SlipWords) -> None:
    paper = page.paper
    page.gap(6)
    px = paper.body_px - 2 if paper.width == PAPER_80.width else paper.small_px
    _said(page, words.missed, Style(700, px))
    page.gap(6)
    page.rule(2)
    page.gap(4)
    for said in (words.taken, words.head):
        _said(page, said, Style(500, paper.small_px, "centre", lines_max=3))
    page.gap(8)


def _part(page: Page, is_lean: bool) -> None:
    """The border of a new part."""
    page.gap(12)
    if not is_lean:
        page.rule(dashed=True)
        page.gap(8)


def _said(page: Page, said: Said, style: Style) -> None:
    """A sentence in each language, the first as styled and the others smaller."""
    for place, sentence in enumerate(said):
        small = Style(500, page.paper.small_px, style.align, style.lines_max)
        page.text(sentence, style if place == 0 else small)


def _label(page: Page, said: Said, style: Style, x: int, width: int) -> None:
    """A few words in one line where all languages have room in it, else a line for each."""
    joined = " · ".join(said)
    fits = page.faces.width(joined, style.weight, style.px) <= width
    for words in (joined,) if fits else said:
        page.text(words, style, x=x, width=width)


def _name(page: Page, name: str, sizes: Sequence[tuple[int, int]], words: SlipWords, weight: Weight = 700) -> None:
    """A name at the first size that holds all of it; else a whole word ends it and a line says who knows."""
    small = Style(500, page.paper.small_px, "centre")
    styles = [Style(weight, size, "centre", most) for size, most in sizes]
    style = next((one for one in styles if len(page.lines(name, one, page.room)) <= one.lines_max), styles[-1])
    if not page.text(name, style):
        page.text(words.cut[0], small)

"""The paper in a citizen's hand: everything on it is there, whole and legible.

`make golden` writes the pictures anew; look at each before it is kept. A missing picture fails.
"""

import string
import unicodedata
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from queue_server.presenting import slip_type
from queue_server.presenting.slip_facts import SlipFacts, Waiting, WaitingOffline
from queue_server.presenting.slip_page import Box
from queue_server.presenting.slips import PAPERS, Layout, PaperName, compose, draw
from queue_server.presenting.texts import load
from tests.presenting.slip_scenes import GOLDEN, LAYOUTS, LONGEST, ORDINARY, SCENES, STACKED, a_slip, at, named

FOLDER = Path(__file__).parents[1] / "golden" / "slips"
DOTS_PER_MM = 8
LONGEST_PAPER_MM = 500
each_layout = pytest.mark.parametrize(("paper", "layout"), LAYOUTS)
TEXTS, FACES = load(), slip_type.load()


def drawn(facts: SlipFacts, paper: PaperName = "80", layout: Layout = "full") -> Image.Image:
    """The picture of a slip."""
    return draw(facts, TEXTS, FACES, paper=paper, layout=layout)


def ink_box(picture: Image.Image, box: Box | None = None) -> Box | None:
    """The smallest box around the ink, of the picture or of a part of it."""
    part = picture if box is None else picture.crop(box)
    return ImageChops.invert(part.convert("L")).getbbox()


@pytest.mark.parametrize(("name", "paper", "layout"), GOLDEN, ids=lambda value: str(value))
def test_a_golden_slip_is_printed_dot_by_dot_as_it_was_looked_at(
    name: str, paper: PaperName, layout: Layout, writes_golden: bool
) -> None:
    """Somebody looked at these papers; a change that moves a letter is looked at again."""
    picture = drawn(SCENES[name], paper, layout)
    path = FOLDER / f"{name}-{paper}-{layout}.png"
    if writes_golden:
        picture.save(path, optimize=True)
    with Image.open(path) as kept:
        assert kept.size == picture.size
        assert ImageChops.difference(kept.convert("L"), picture.convert("L")).getbbox() is None


def test_every_golden_slip_belongs_to_a_scene() -> None:
    """A picture that nothing draws any more would be looked at for nothing."""
    assert {path.stem for path in FOLDER.iterdir()} == {"-".join(one) for one in GOLDEN}


@each_layout
@pytest.mark.parametrize("length", [30, 64, 120, 300])
def test_a_telephone_reads_the_code_on_the_paper(paper: PaperName, layout: Layout, length: int) -> None:
    """The code is the only way from the paper to the citizen's page."""
    address = ("https://hangcho.anhoa.example/t/" + "7Q4Kx9Zt" * 40)[:length]
    (read,) = zxingcpp.read_barcodes(drawn(a_slip(follow=address), paper, layout).convert("L"))
    assert (read.text, read.format) == (address, zxingcpp.BarcodeFormat.QRCode)


@each_layout
def test_a_hall_without_a_public_address_prints_no_code(paper: PaperName, layout: Layout) -> None:
    """A code that leads nowhere makes people doubt the rest of the paper."""
    assert zxingcpp.read_barcodes(drawn(a_slip(follow=None), paper, layout).convert("L")) == []


def test_an_address_too_long_for_the_paper_leaves_the_code_out() -> None:
    """A code of tiny modules is read by nobody, and no address may stop a slip from being printed."""
    assert drawn(a_slip(follow="https://a.example/" + "x" * 5000)).height < drawn(ORDINARY).height


@each_layout
@pytest.mark.parametrize("shown", ["1005", "2013", "4444", "1111", "999999", "A-105"])
def test_the_number_is_as_large_as_the_paper_allows(paper: PaperName, layout: Layout, shown: str) -> None:
    """Whoever reads badly still reads the number: it fills the width, or is as high as the largest figures."""
    page = compose(a_slip(shown=shown), TEXTS, FACES, paper=paper, layout=layout)
    number = max(page.boxes, key=lambda box: box[3] - box[1])
    inked = ink_box(page.picture(), number)
    assert inked is not None
    wide, high = inked[2] - inked[0], inked[3] - inked[1]
    assert wide >= 0.95 * page.room or high >= 0.7 * page.paper.number_px_max


@pytest.mark.parametrize(("paper", "millimetres"), [("80", 16.7), ("58", 11.3)])
def test_four_figures_are_as_high_as_the_design_says(paper: PaperName, millimetres: float) -> None:
    """From a wheelchair or at arm's length, this height is read without glasses; 4444 is the widest."""
    page = compose(a_slip(shown="4444"), TEXTS, FACES, paper=paper)
    _, top, _, bottom = max(page.boxes, key=lambda box: box[3] - box[1])
    assert (bottom - top - 2) / DOTS_PER_MM >= millimetres


@each_layout
@pytest.mark.parametrize("name", SCENES)
def test_no_accent_is_cut_or_touched(name: str, paper: PaperName, layout: Layout) -> None:
    """NGUYỄN without its tilde is another name: ink never reaches the first or last row or the side of its line."""
    stacked = a_slip(hall=named(STACKED), services=(named(STACKED),), bring=(named(STACKED),), hotline=STACKED)
    for facts in (SCENES[name], stacked):
        page = compose(facts, TEXTS, FACES, paper=paper, layout=layout)
        picture = page.picture()
        for left, top, right, bottom in page.boxes:
            assert 0 <= left < right <= picture.width
            assert 0 <= top < bottom <= picture.height
            assert ink_box(picture, (0, top, picture.width, bottom)) is not None
            assert ink_box(picture, (left, top, right, top + 1)) is None
            assert ink_box(picture, (left, bottom - 1, right, bottom)) is None


@each_layout
@pytest.mark.parametrize("name", SCENES)
def test_the_margins_stay_white(name: str, paper: PaperName, layout: Layout) -> None:
    """Printers feed a little askew; ink in the margin is ink lost."""
    margin = PAPERS[paper, layout].margin
    inked = ink_box(drawn(SCENES[name], paper, layout))
    assert inked is not None
    assert margin - 2 <= inked[0]
    assert inked[2] <= PAPERS[paper, layout].width - margin + 2


def test_the_faces_draw_every_letter_of_vietnamese_and_of_our_texts() -> None:
    """A box in place of a letter is the oldest complaint about kiosks here."""
    bases, tones = "aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    vowels = "".join(base + tone for base in bases for tone in tones)
    assert (
        FACES.lacks(unicodedata.normalize("NFC", vowels + vowels.upper()) + "đĐ" + string.printable.strip())
        == frozenset()
    )
    ours = [text for tongue in TEXTS.by_tongue.values() for key, text in tongue.items() if key.startswith("slip.")]
    assert FACES.lacks("".join(ours)) == frozenset()


def test_a_letter_that_the_faces_lack_is_never_an_empty_box() -> None:
    """A letter of another language may lose its mark until it comes; a row of boxes says nothing at all."""
    assert FACES.lacks("Êđê ŏ ƀ ខ") == {"ƀ", "ខ"}
    assert FACES.drawable("Čư Êbŏng ƀă Ａ ខ") == "Čư Êbŏng bă A ?"


def test_decomposed_letters_look_like_composed_ones() -> None:
    """Some files come with letters taken apart; a person must not see that."""
    apart = unicodedata.normalize("NFD", LONGEST)
    assert apart != LONGEST
    assert drawn(a_slip(services=(named(apart),))).tobytes() == drawn(a_slip(services=(named(LONGEST),))).tobytes()


@each_layout
def test_the_longest_names_leave_a_paper_of_bearable_length(paper: PaperName, layout: Layout) -> None:
    """Names of 919 characters exist; nobody may pull a metre of paper out of the kiosk."""
    worst = a_slip(
        hall=named(LONGEST),
        services=(named(LONGEST),) * 99,
        bring=(named(LONGEST),) * 60,
        counters=("Quầy số 60A",) * 99,
        hotline=LONGEST,
        given_by=LONGEST,
        shown="W" * 40,
        languages=("vi", "en"),
    )
    one = a_slip(services=(named(LONGEST),))
    assert drawn(worst, paper, layout).height / DOTS_PER_MM <= 2 * LONGEST_PAPER_MM
    assert drawn(one, paper, layout).height / DOTS_PER_MM <= LONGEST_PAPER_MM / 2


def test_what_is_unknown_is_said_and_not_left_blank() -> None:
    """An empty place reads like a fault of the printer, and a guessed time like a promise."""
    offline, no_time, known = (
        drawn(a_slip(standing=standing))
        for standing in (WaitingOffline(), Waiting(ahead=12), Waiting(ahead=12, expected=at(9, 6)))
    )
    assert len({offline.tobytes(), no_time.tobytes(), known.tobytes()}) == 3


def test_a_copy_says_that_it_is_one() -> None:
    """Two papers with one number are otherwise two people at the counter."""
    assert drawn(a_slip(copy=2)).height > drawn(a_slip(copy=1)).height


def test_nothing_personal_has_a_field_on_a_slip() -> None:
    """Slips lie on floors: a new fact is a question about privacy before it is a field."""
    assert set(SlipFacts.__struct_fields__) == {
        *("hall", "shown", "services", "issued_at", "standing", "counters", "bring", "follow", "hotline", "head"),
        *("given_by", "languages", "copy"),
    }


def test_paper_from_the_kiosk_and_from_the_guide_uses_the_same_words() -> None:
    """The guide's page prints through the browser; one hall must not have two vocabularies on paper."""
    pairs = {
        "yours": "slip-yours",
        "about": "slip-about",
        "unknown": "slip-unknown",
        "ahead": "slip-ahead",
        "bound": "slip-bound",
        "counters": "slip-counters",
        "follow": "slip-follow",
        "follow-more": "slip-follow-more",
        "missed": "slip-missed",
        "head": "slip-head",
    }
    for tongue in TEXTS.by_tongue.values():
        ours = {key: tongue[f"slip.{key}"].replace("\u00a0", " ") for key in pairs}
        assert ours == {key: tongue[f"guide.{theirs}"] for key, theirs in pairs.items()}


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=40)
@given(
    hall=words,
    shown=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12),
    services=st.lists(words, max_size=4),
    counters=st.lists(words, max_size=12),
    follow=st.one_of(st.none(), st.text(min_size=1, max_size=400)),
    layout=st.sampled_from(LAYOUTS),
)
def test_whatever_a_hall_is_called_its_slip_comes_out(
    hall: str,
    shown: str,
    services: list[str],
    counters: list[str],
    follow: str | None,
    layout: tuple[PaperName, Layout],
) -> None:
    """An odd name in the settings must not leave a citizen without a number."""
    facts = a_slip(
        hall=named(hall),
        shown=shown,
        services=tuple(map(named, services)),
        counters=tuple(counters),
        follow=follow,
    )
    picture = drawn(facts, *layout)
    assert (picture.mode, picture.width) == ("1", PAPERS[layout].width)
    assert picture.height / DOTS_PER_MM <= LONGEST_PAPER_MM

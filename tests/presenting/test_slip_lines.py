"""A slip without a picture, on links that are too slow for one."""

import pytest

from queue_server.presenting.slip_lines import COLUMNS, TextLine, lines
from queue_server.presenting.texts import load
from tests.presenting.slip_scenes import ORDINARY, SCENES, a_slip

TEXTS = load()
LINES_MAX = 120


@pytest.mark.parametrize("columns", COLUMNS.values())
@pytest.mark.parametrize("name", SCENES)
def test_no_line_is_wider_than_the_paper(name: str, columns: int) -> None:
    """A printer breaks a longer line in the middle of a word, and a large one in the middle of the number."""
    made = lines(SCENES[name], TEXTS, columns=columns)
    assert [line for line in made if len(line.text) * line.scale > columns] == []
    assert len(made) <= LINES_MAX


def test_the_text_tells_what_the_picture_tells() -> None:
    """A citizen at the slow kiosk knows as much as the others; only the code is missing."""
    text = "\n".join(line.text for line in lines(ORDINARY, TEXTS))
    for fact in (
        *("PHƯỜNG AN HÒA", "Số của ông/bà", "1005", "Hộ tịch – Chứng thực", "Gọi vào khoảng: 09:06", "12 người"),
        *("9 trên 10 lượt gọi trước 09:15", "[1] [2] [4]", "- Bản sao của giấy tờ đó", "1900 0000", "Lỡ lượt"),
        *("08:52:07", "19/11/2026", "Kiosk 1", "9f2c 71ab 04de"),
    ):
        assert fact in text


def test_the_number_is_the_largest_line() -> None:
    """The number is what is called."""
    assert max(lines(ORDINARY, TEXTS), key=lambda line: line.scale) == TextLine(
        "1005", 8, is_centred=True, is_bold=True
    )


@pytest.mark.parametrize("name", SCENES)
def test_bare_text_has_only_letters_that_every_printer_has(name: str) -> None:
    """Cheap printers print signs of other scripts in place of Vietnamese letters; without marks it is still read."""
    made = lines(SCENES[name], TEXTS, bare=True)
    assert all(line.text.isascii() for line in made)
    assert "?" not in "".join(line.text for line in made)


def test_a_copy_says_so_in_text_too() -> None:
    """Two papers with one number are otherwise two people at the counter."""
    assert lines(a_slip(copy=3), TEXTS)[0].text == "In lại, lần 3"

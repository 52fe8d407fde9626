"""Text that looks the same is the same, and nothing unseen hides in it."""

import sys
import unicodedata

import pytest

from queue_server.wire.hygiene import Unclean, clean


@pytest.mark.parametrize("text", ["", "plain", "Nguyễn Thị Ẵm", "cụm Ê-đê", "quầy №4 – “A”", "🙂"])
def test_ordinary_text_passes_unchanged(text: str) -> None:
    """Most texts are clean; they must not be touched."""
    assert clean(text) == text


def test_decomposed_vietnamese_is_composed() -> None:
    """Some keyboards send accents apart; screens would draw and searches would miss them."""
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Ẵm")
    assert clean(decomposed) == "Nguyễn Thị Ẵm"


@pytest.mark.parametrize(
    ("character", "named"),
    [("\n", "U+000A"), ("\x7f", "U+007F"), ("\u200b", "U+200B"), ("\u202e", "U+202E"), ("\ufeff", "U+FEFF")],
)
def test_an_unseen_character_is_named(character: str, named: str) -> None:
    """Who must remove it has to know which one it is and where."""
    assert clean(f"ab{character}c") == Unclean(named, 2)


def test_nothing_that_unicode_calls_control_or_format_passes() -> None:
    """The list of ranges is written by hand; this compares it with Unicode itself."""
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    passing = [
        f"U+{point:04X}"
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in unseen and not isinstance(clean(chr(point)), Unclean)
    ]
    assert passing == []


def test_letters_are_never_refused() -> None:
    """A citizen's reason in any script of the country is welcome."""
    refused = [
        f"U+{point:04X}"
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in {"Ll", "Lu", "Nd"} and isinstance(clean(chr(point)), Unclean)
    ]
    assert refused == []

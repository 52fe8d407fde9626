"""What a text in the hall's files may not hold: it is printed, spoken and hashed, so it must look like what it is."""

import unicodedata

from msgspec import Struct

HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, zero-width and direction marks, surrogates, private and unassigned characters, line separators."""


class Flaw(Struct, frozen=True):
    """What is wrong with a text: the code of the sentence and what it names."""

    code: str
    values: dict[str, str | int] = {}


def flaw(text: str, limit: int) -> Flaw | None:
    """The first thing wrong with a text, or None."""
    if not text:
        return Flaw("text-empty")
    if len(text) > limit:
        return Flaw("text-long", {"length": len(text), "limit": limit})
    for letter in text:
        if unicodedata.category(letter) in HIDDEN_CATEGORIES:
            return Flaw("text-hidden", {"code_point": code_point(letter)})
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        first = next((ours for ours, theirs in zip(text, composed, strict=False) if ours != theirs), text[-1])
        return Flaw("text-not-nfc", {"code_point": code_point(_mark_after(text, first))})
    if text != text.strip():
        return Flaw("text-edge")
    return None


def code_point(letter: str) -> str:
    """A character as Unicode names it: `U+200B ZERO WIDTH SPACE`."""
    name = unicodedata.name(letter, "")
    return f"U+{ord(letter):04X} {name}".rstrip()


def _mark_after(text: str, letter: str) -> str:
    rest = text[text.index(letter) :]
    return next((mark for mark in rest if unicodedata.combining(mark)), letter)

"""Clean text: composed, and free of characters that nobody sees but that change what is read or compared."""

import re
from unicodedata import is_normalized, normalize

from msgspec import Struct

# Unicode categories Cc, Cf, Cs, Zl, Zp, and the fillers that are drawn as nothing. A test compares this with Unicode.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


class Unclean(Struct, frozen=True):
    """A text holds a character that may not be there."""

    character: str
    """The code point, as `U+200B`."""
    position: int
    """Counted from 0."""


def clean(text: str) -> str | Unclean:
    """The text in NFC, or which character must go: a control, a zero-width one, or one that turns the direction."""
    if text.isascii() and text.isprintable():
        return text
    found = _UNSEEN.search(text)
    if found is not None:
        return Unclean(f"U+{ord(found.group()):04X}", found.start())
    return text if is_normalized("NFC", text) else normalize("NFC", text)

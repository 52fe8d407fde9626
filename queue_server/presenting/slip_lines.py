"""A slip as lines of text, for printers whose link is too slow for a picture. Pure; knows no printer's commands."""

import unicodedata
from collections.abc import Iterator
from textwrap import wrap

from msgspec import Struct

from queue_server.presenting.slip_facts import SlipFacts
from queue_server.presenting.slip_words import Said, SlipWords, words_of
from queue_server.presenting.texts import Texts

COLUMNS = {"58": 32, "80": 48}
"""Letters of a printer's usual face on one line."""
SCALE_MAX = 8
NAME_LINES_MAX = 6
_BARE = str.maketrans("đĐ–—·“”‘’\u00a0", "dD--*\"\"'' ")


class TextLine(Struct, frozen=True):
    """One line, at most `columns // scale` letters."""

    text: str
    scale: int = 1
    """So many times the usual width and height."""
    is_centred: bool = False
    is_bold: bool = False


def lines(facts: SlipFacts, texts: Texts, *, columns: int = 48, bare: bool = False) -> tuple[TextLine, ...]:
    """The slip from top to end. `bare` gives ASCII without Vietnamese marks, which every printer has.

    The QR code has no place here: a printer that draws codes by itself gets `facts.follow`.
    """
    words = words_of(facts, texts)
    made = (line for part in (_top(words, columns), _when(words, columns), _rest(words, columns)) for line in part)
    return tuple(
        TextLine(_bare(line.text), line.scale, line.is_centred, line.is_bold) if bare else line for line in made
    )


def _top(words: SlipWords, columns: int) -> Iterator[TextLine]:
    yield from _broken(words.copy, columns, is_centred=True, is_bold=True)
    yield from _broken(words.hall, columns, is_centred=True)
    if words.place:
        yield from _broken((words.place.upper(),), columns, is_centred=True, is_bold=True)
    yield _rule(columns)
    yield from _broken(words.yours, columns, is_centred=True)
    scale = max(1, min(SCALE_MAX, columns // max(1, len(words.shown))))
    yield TextLine(words.shown[:columns], scale, is_centred=True, is_bold=True)
    for service in words.services:
        yield from _broken(service, columns, is_centred=True, is_bold=True, cut=words.cut)
    yield from _broken(words.services_more, columns, is_centred=True)
    yield _rule(columns)


def _when(words: SlipWords, columns: int) -> Iterator[TextLine]:
    for label, value in ((words.about, words.about_value), (words.ahead, words.ahead_value)):
        if label:
            yield from _broken((f"{' / '.join(label)}: {' / '.join(value)}",), columns, is_bold=True)
    yield from _broken(words.note, columns)
    if words.counters:
        plates = " ".join(f"[{label}]" for label in words.counters)
        yield from _broken((f"{' / '.join(words.counters_title)}: {plates}",), columns, is_bold=True)
    yield from _broken(words.counters_more, columns)


def _rest(words: SlipWords, columns: int) -> Iterator[TextLine]:
    if words.bring:
        yield _rule(columns)
        yield from _broken(words.bring_title, columns, is_bold=True)
        for name, *others in words.bring:
            yield from _broken((f"- {name}", *others), columns, cut=words.cut)
        yield from _broken(words.bring_more, columns)
    yield _rule(columns)
    yield from _broken(words.ask, columns)
    yield from _broken(words.missed, columns, is_bold=True)
    yield from _broken(words.taken, columns)
    yield from _broken(words.head, columns)


def _broken(
    said: Said, columns: int, *, is_centred: bool = False, is_bold: bool = False, cut: Said = ()
) -> Iterator[TextLine]:
    """A sentence in each language, each in at most as many lines as a name may have."""
    for sentence in said:
        found = wrap(sentence.replace("\u00a0", " "), columns)
        rest = (cut[0],) if cut and len(found) > NAME_LINES_MAX else ()
        for text in (*found[:NAME_LINES_MAX], *(part for words in rest for part in wrap(words, columns))):
            yield TextLine(text, is_centred=is_centred, is_bold=is_bold)


def _rule(columns: int) -> TextLine:
    return TextLine("-" * columns)


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_BARE))
    return "".join(sign if sign.isascii() else "?" for sign in apart if not unicodedata.combining(sign))

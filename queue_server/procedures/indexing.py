"""What is made once from a catalogue, so that a search is only look-ups."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from queue_server.procedures.catalogue import Catalogue, Procedure
from queue_server.procedures.folding import TYPO_LENGTH_MIN, neighbours, words_of

Phrase = tuple[str, ...]
"""A name or synonym as folded words."""

PHRASE_WORDS_MAX = 40
"""Words of a name whose order is looked at; the later ones count only as being in it."""
OPENINGS = (words_of("thủ tục"), words_of("đăng ký"))
"""Many names open with these; a name without them is a name too."""
COMMON_HALF = 20
"""The procedure at this place of the catalogue has half of the advantage that the first one has."""


class Index(Struct, frozen=True, kw_only=True):
    """A catalogue ready to be searched."""

    catalogue: Catalogue
    phrases: tuple[tuple[Phrase, ...], ...]
    """Of each procedure: its short names, synonyms and name."""
    postings: Mapping[str, Sequence[int]]
    """For each word, the places of the procedures that contain it."""
    words: tuple[str, ...]
    """All words in the order of the alphabet, for prefixes."""
    prefixes: Mapping[str, Sequence[int]]
    """For each beginning of one or two letters, the places of the procedures: these would be slow to gather."""
    near: Mapping[str, tuple[str, ...]]
    """What remains of a word without one of its letters, and the words that it may be."""
    codes: tuple[tuple[str, int], ...]
    """The digits of each code and its place, in order."""
    endings: Mapping[str, tuple[int, ...]]
    """The part of a code behind the point, and the places."""
    common: tuple[float, ...]
    """Of each procedure: from 1 for the most common down towards 0."""
    prior: tuple[float, ...]
    """Of each procedure: what its share of a query is multiplied with when candidates are chosen."""
    sayings: Mapping[Phrase, Phrase]
    """Words of citizens, and the words that stand for them in names."""
    saying_words_max: int

    def weight(self, count: int) -> float:
        """How much a word says that stands in so many procedures."""
        return math.log(1 + (len(self.phrases) + 1) / (count + 0.5))

    def with_prefix(self, prefix: str) -> tuple[str, ...]:
        """All words that begin so."""
        return self.words[bisect_left(self.words, prefix) : bisect_left(self.words, prefix + "\x7f")]

    def codes_with(self, digits: str) -> list[int]:
        """The places of the procedures whose code begins so, the most common first."""
        first = bisect_left(self.codes, (digits, -1))
        last = bisect_left(self.codes, (digits + ":", -1))  # A colon comes right after 9.
        return sorted(place for _, place in self.codes[first:last])


def index(catalogue: Catalogue) -> Index:
    """The catalogue, ready to be searched; for 6,000 procedures this takes about a second."""
    phrases = tuple(_phrases(procedure) for procedure in catalogue.procedures)
    containing: dict[str, list[int]] = {}
    beginning: dict[str, list[int]] = {}
    for place, (procedure, own) in enumerate(zip(catalogue.procedures, phrases, strict=True)):
        words = {word for phrase in own for word in phrase}.union(words_of(procedure.name), words_of(procedure.field))
        _add(containing, words, place)
        _add(beginning, {word[:length] for word in words for length in (1, 2) if len(word) >= length}, place)
    sayings = {words_of(said): words_of(saying.official) for saying in catalogue.sayings for said in saying.said}
    sayings.pop((), None)
    codes = tuple(sorted((digits_of(procedure.code), at) for at, procedure in enumerate(catalogue.procedures)))
    common = tuple(COMMON_HALF / (COMMON_HALF + place) for place in range(len(phrases)))
    return Index(
        catalogue=catalogue,
        phrases=phrases,
        postings={word: array("I", places) for word, places in containing.items()},
        words=tuple(sorted(containing)),
        prefixes={start: array("I", places) for start, places in beginning.items()},
        near=_near(containing),
        codes=codes,
        endings=_endings(codes),
        common=common,
        prior=tuple(
            1 + 0.1 * first + 0.2 / min((len(phrase) for phrase in own), default=PHRASE_WORDS_MAX)
            for first, own in zip(common, phrases, strict=True)
        ),
        sayings=sayings,
        saying_words_max=max((len(said) for said in sayings), default=0),
    )


def digits_of(code: str) -> str:
    """The code without its point and whatever else is not a digit."""
    return "".join(letter for letter in code if letter in "0123456789")


def _phrases(procedure: Procedure) -> tuple[Phrase, ...]:
    """Each once, the short name first."""
    texts = (procedure.short_name.vi, procedure.short_name.en, *procedure.synonyms, procedure.name)
    found: dict[Phrase, None] = {}
    for text in texts:
        phrase = words_of(text)[:PHRASE_WORDS_MAX]
        found[phrase] = None
        for opening in OPENINGS:
            if phrase[: len(opening)] == opening:
                phrase = phrase[len(opening) :]
                found[phrase] = None
    return tuple(phrase for phrase in found if phrase)


def _add(places_of: dict[str, list[int]], keys: Iterable[str], place: int) -> None:
    for key in keys:
        places_of.setdefault(key, []).append(place)


def _near(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= TYPO_LENGTH_MIN - 1 and not word.isdigit():
            for rest in neighbours(word):
                found.setdefault(rest, []).append(word)
    return {rest: tuple(whole) for rest, whole in found.items()}


def _endings(codes: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for digits, place in codes:
        found.setdefault(digits[1:], []).append(place)
    return {ending: tuple(places) for ending, places in found.items()}

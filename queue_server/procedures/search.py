"""Finding a procedure as citizens ask for it: by code or in their own words, without diacritics, mistyped."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import nlargest
from operator import mul
from typing import Literal

from msgspec import Struct

from queue_server.procedures.catalogue import Procedure
from queue_server.procedures.folding import TYPO_LENGTH_MIN, is_one_mistake, neighbours, without_keys, words_of
from queue_server.procedures.indexing import Index, Phrase, digits_of

QUERY_LENGTH_MAX = 200
"""Characters of a query that are looked at; `read_query` says when there were more."""
WORDS_MAX = 16
"""Words of a query that are looked at; nobody names a procedure with more."""
COVER, FULLNESS, ORDER = 0.6, 0.25, 0.15
"""What a name gains by holding the query at all, by holding little else, and by having the words in the same order."""
SCATTERED = 0.55
"""What it counts that the words stand in different names of one procedure."""
COMMON_AHEAD = 0.06
"""How far the most common procedure is put ahead of a rare one that fits as well."""
READINGS_MAX = 3
"""Ways of reading one query: as it stands, and with sayings put into official words."""
LIMIT_MAX = 50
PLACES_MAX = 10_000
"""Places gathered for one reading; the words that stand in most procedures are then left out of the gathering."""
CANDIDATES = 32
"""Procedures that are looked at closely; those behind them share fewer words with the query."""
DOUBTED_WORDS_MAX = 6
"""Up to so many words in a query, even those that exist are thought to be mistyped when nothing fits."""
WORDS_NEAR_MAX = 12
"""Words with one mistake that are tried for one word of the query."""

EXACT, TYPED_KEYS, PREFIX, MISTAKE = 1.0, 0.95, 0.85, 0.6
"""What a word counts that is found in each of these ways."""
SMALL_TALK = 0.15
"""What a word counts that only makes a sentence."""
SEEN_SHARE_MIN = 0.25
"""The part of a query's weight that a procedure must hold to be shown at all."""
CLOSE_SHARE = 0.5
"""The part of the best one's share that a procedure must hold to be looked at closely."""
WHOLE_SHARE = 0.84
"""From this share on nothing is missing; below it, mistakes are thought of."""
SAID_OTHERWISE = 0.93
"""What a reading in official words counts beside the words that were typed."""
_SMALL_TALK = frozenset(
    words_of("thủ tục tôi em mình muốn xin làm cho của các và về thì là ở đi cần hỏi gì như thế nào ạ")
)

_CODE = re.compile(r"(?<![\d.])\d\.\d{1,6}(?!\d)")
_CODE_ALONE = re.compile(r"[\d.,\s]+")
_SPACES = re.compile(r"\s+")

Why = Literal["code", "words", "common"]


class Query(Struct, frozen=True):
    """A query as it is looked at."""

    text: str
    is_cut: bool
    """There was more than is looked at; the person should be told."""


class Hit(Struct, frozen=True):
    """A procedure that was found, and by what."""

    procedure: Procedure
    why: Why


_Answers = dict[str, list[tuple[int, float]]]


class _Sought(Struct, frozen=True):
    """One word of a query: the words of the catalogue that answer it and how well, and where any of them stands."""

    weight: float
    strengths: dict[str, float]
    places: tuple[tuple[float, Collection[int]], ...]
    size: int


def read_query(query: str) -> Query:
    """What is looked at of a query: one line of at most 200 characters."""
    # A letter takes up to four characters in NFD, so the first cut takes nothing that the second one would keep.
    head = unicodedata.normalize("NFC", query[: 4 * QUERY_LENGTH_MAX])
    is_cut = len(query) > 4 * QUERY_LENGTH_MAX or len(head) > QUERY_LENGTH_MAX
    return Query(_SPACES.sub(" ", head[:QUERY_LENGTH_MAX]).strip(), is_cut)


def search(index: Index, query: str, limit: int = 10) -> list[Hit]:
    """The procedures that were most likely meant, the likeliest first; for an empty query the most common ones.

    A code outranks all words beside it. `limit` is held between 1 and 50.
    """
    limit = min(max(limit, 1), LIMIT_MAX)
    text = read_query(query).text
    procedures = index.catalogue.procedures
    if not text:
        return [Hit(procedure, "common") for procedure in procedures[:limit]]
    by_code = _by_code(index, text)
    if by_code:
        return [Hit(procedures[place], "code") for place in by_code[:limit]]
    return [Hit(procedures[place], "words") for place in _by_words(index, words_of(text)[:WORDS_MAX])[:limit]]


def _by_code(index: Index, text: str) -> list[int]:
    """Places by a code within the text, or by the beginning or the last digits of a code that is all of it."""
    found: dict[int, None] = {}
    for code in _CODE.findall(text):
        found.update(dict.fromkeys(index.codes_with(digits_of(code))))
    if not found and _CODE_ALONE.fullmatch(text) and (digits := digits_of(text)):
        found.update(dict.fromkeys(index.codes_with(digits)))
        found.update(dict.fromkeys(index.endings.get(digits, ())))
    return list(found)


def _by_words(index: Index, words: Phrase) -> list[int]:
    """Places by words, the likeliest first; mistakes are thought of only when no reading fits without."""
    best: dict[int, float] = {}
    is_whole = False
    words = _apart(index, words)
    for reading, factor in _readings(index, words):
        scores, fits = _ranked(index, _sought_of(index, reading).values())
        is_whole = is_whole or fits
        _better(best, scores, factor)
    if not is_whole:
        plain = _sought_of(index, words)
        # In a long query a word that exists is hardly another one mistyped, and the others already say what is meant.
        doubted = {word for word, one in plain.items() if len(plain) <= DOUBTED_WORDS_MAX or not one.size}
        loose = [_with_mistakes(index, word, one) if word in doubted else one for word, one in plain.items()]
        if any(one is not plain[word] for word, one in zip(plain, loose, strict=True)):
            _better(best, _ranked(index, loose)[0], 1.0)
    return sorted(best, key=lambda place: (-best[place], place))


def _better(best: dict[int, float], scores: dict[int, float], factor: float) -> None:
    for place, score in scores.items():
        best[place] = max(best.get(place, 0.0), score * factor)


def _apart(index: Index, words: Phrase) -> Phrase:
    """With words that were run together, `khaisinh`, taken apart into the two most usual ones."""
    found: list[str] = []
    for word in words:
        if word in index.postings or index.with_prefix(word):
            found.append(word)
            continue
        pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [pair for pair in pairs if all(part in index.postings for part in pair)]
        found += max(known, key=lambda pair: min(len(index.postings[part]) for part in pair), default=(word,))
    return tuple(found[:WORDS_MAX])


def _readings(index: Index, words: Phrase) -> Iterator[tuple[Phrase, float]]:
    """The words as they stand, and with each saying in them put into official words, the longest sayings first."""
    yield words, 1.0
    readings = 1
    for length in range(min(index.saying_words_max, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            official = index.sayings.get(words[start : start + length])
            if official is not None and readings < READINGS_MAX:
                readings += 1
                yield (*words[:start], *official, *words[start + length :])[:WORDS_MAX], SAID_OTHERWISE


def _sought_of(index: Index, words: Phrase) -> dict[str, _Sought]:
    """Each word once; the last one may still be being typed."""
    once = tuple(dict.fromkeys(words))
    return {word: _sought(index, word, is_last=at == len(once) - 1) for at, word in enumerate(once)}


def _sought(index: Index, word: str, *, is_last: bool) -> _Sought:
    """The word itself and those it begins; else the word that its typing keys stand for."""
    exact = index.postings.get(word, ())
    # A word of two letters is a whole word, unless it is still being typed.
    longer = [one for one in index.with_prefix(word) if one != word] if len(word) > 2 or is_last else []
    strengths = dict.fromkeys(longer, PREFIX)
    places: list[tuple[float, Collection[int]]] = []
    if exact:
        strengths[word] = EXACT
        places.append((EXACT, exact))
    if longer:
        begun = index.prefixes[word] if len(word) <= 2 else _together(index, longer)
        places.append((PREFIX, set(begun).difference(exact)))
    if not strengths and (found := index.postings.get(meant := without_keys(word))):
        strengths[meant] = TYPED_KEYS
        places.append((TYPED_KEYS, found))
    return _made(index, word, strengths, places)


def _with_mistakes(index: Index, word: str, sought: _Sought) -> _Sought:
    """With the words that are one mistake away."""
    if len(word) < TYPO_LENGTH_MIN or word.isdigit():
        return sought
    tried = {one for one in (word, without_keys(word)) if len(one) >= TYPO_LENGTH_MIN}
    near = {(one, meant) for meant in tried for rest in neighbours(meant) for one in index.near.get(rest, ())}
    likely = {one for one, meant in near if one not in sought.strengths and is_one_mistake(one, meant)}
    added = nlargest(WORDS_NEAR_MAX, sorted(likely), key=lambda one: len(index.postings[one]))
    if not added:
        return sought
    places = _together(index, added).difference(*(known for _, known in sought.places))
    strengths = {**sought.strengths, **dict.fromkeys(added, MISTAKE)}
    return _made(index, word, strengths, [*sought.places, (MISTAKE, places)])


def _together(index: Index, words: Sequence[str]) -> set[int]:
    return set().union(*(index.postings[word] for word in words))


def _made(index: Index, word: str, strengths: dict[str, float], places: list[tuple[float, Collection[int]]]) -> _Sought:
    size = sum(len(found) for _, found in places)
    weight = index.weight(size) * (SMALL_TALK if word in _SMALL_TALK else 1.0)
    return _Sought(weight, strengths, tuple(places), size)


def _ranked(index: Index, sought: Collection[_Sought]) -> tuple[dict[int, float], bool]:
    """The scores of the best candidates, and whether one of them holds all that was asked for."""
    held, weight = _held(index, sought)
    most = max(held, default=0.0)
    enough = max(SEEN_SHARE_MIN * weight, CLOSE_SHARE * most)
    if not most or most < enough:
        return {}, False
    keys = list(map(mul, held, index.prior))
    promising = [place for place, key in enumerate(keys) if key >= enough]
    candidates = nlargest(CANDIDATES, promising, key=keys.__getitem__)
    answers = _answers(sought)
    total = sum(one.weight for one in sought)
    weights = [one.weight / total for one in sought]
    scores = {
        place: max(_score(index.phrases[place], answers, weights), (held[place] / weight) ** 2 * SCATTERED)
        * (1 + COMMON_AHEAD * index.common[place])
        for place in candidates
    }
    return scores, most >= WHOLE_SHARE * weight


def _held(index: Index, sought: Collection[_Sought]) -> tuple[list[float], float]:
    """How much weight of the query each procedure holds in any order, and how much there is to hold."""
    held = [0.0] * len(index.phrases)
    weight, gathered = 0.0, 0
    for one in sorted(sought, key=lambda one: one.size):
        gathered += one.size
        if gathered > PLACES_MAX and weight:
            break
        weight += one.weight
        for strength, places in one.places:
            share = one.weight * strength
            for place in places:
                held[place] += share
    return held, weight


def _score(phrases: Iterable[Phrase], answers: _Answers, weights: Sequence[float]) -> float:
    """How well the best name or synonym answers."""
    touched = (phrase for phrase in phrases if not answers.keys().isdisjoint(phrase))
    return max((_phrase_score(phrase, answers, weights) for phrase in touched), default=0.0)


def _answers(sought: Iterable[_Sought]) -> _Answers:
    """For each word of the catalogue that answers any word of the query: which ones, and how well."""
    found: _Answers = {}
    for at, one in enumerate(sought):
        for word, strength in one.strengths.items():
            found.setdefault(word, []).append((at, strength))
    return found


def _phrase_score(phrase: Phrase, answers: _Answers, weights: Sequence[float]) -> float:
    """How much of the query the phrase holds, how much of the phrase was asked for, and how far the order agrees."""
    best: dict[int, float] = {}
    answered = in_order = 0
    last, before = -2, -3
    for place, word in enumerate(phrase):
        for at, strength in answers.get(word, ()):
            if strength > best.get(at, 0.0):
                best[at] = strength
            in_order += before == at - 1 and last >= place - 1
            answered += last != place
            last, before = place, at
    if not best:
        return 0.0
    covered = sum(weights[at] * strength for at, strength in best.items())
    order = min(1.0, in_order / (len(weights) - 1)) if len(weights) > 1 else 1.0
    return covered * covered * (COVER + FULLNESS * answered / len(phrase) + ORDER * order)

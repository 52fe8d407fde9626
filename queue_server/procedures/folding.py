"""Text as it is compared: lower case without diacritics, and what was meant by a key struck too often or wrongly."""

import re
import unicodedata

_WORD = re.compile(r"[0-9a-z]+")
_DOUBLE_LETTER = re.compile(r"aa|ee|oo|dd")
_VOWEL = re.compile(r"[aeiouy]")
_Y_AS_I = re.compile(r"(?<=[bcdghklmnpqrstvx])y|(?<=qu)y")

TYPO_LENGTH_MIN = 4
"""Letters from which on a word is looked for with one mistake; shorter words are all alike."""


def folded(text: str) -> str:
    """Lower case, no diacritics, đ as d, and y as i where Vietnamese writes either (kỹ, kĩ). NFC and NFD give the same.

    Spaces of every kind and signs stay where they are.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    # Once more, because casefolding may bring marks of its own.
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(letter))
    return _Y_AS_I.sub("i", bare)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words in their order."""
    return tuple(_WORD.findall(folded(text)))


def without_keys(word: str) -> str:
    """The folded word that typing keys of Telex or VNI stand for, when no input method was there to take them.

    `ddawng` is dang, `khair` is khai, `d9a8ng` is dang. No Vietnamese syllable has s, f, r, x, j or w after its vowel.
    """
    letters = "".join(letter for letter in word if not letter.isdigit())
    letters = _DOUBLE_LETTER.sub(lambda pair: pair.group()[0], letters)
    vowel = _VOWEL.search(letters)
    if vowel is None:
        return re.sub("w", "u", letters)
    head, tail = letters[: vowel.start()].replace("w", "u"), letters[vowel.start() :]
    return _Y_AS_I.sub("i", head + re.sub("[sfrxjwz]", "", tail))


def neighbours(word: str) -> set[str]:
    """The word and everything it becomes when one letter is left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def is_one_mistake(one: str, other: str) -> bool:
    """Whether one letter more, less, changed, or two neighbours swapped make one word of the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    place = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))
    if len(one) < len(other):
        return one[place:] == other[place + 1 :]
    swapped = one[place : place + 2] == other[place : place + 2][::-1]
    return one[place + 1 :] == other[place + 1 :] or (swapped and one[place + 2 :] == other[place + 2 :])

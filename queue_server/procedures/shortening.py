"""A short name from a long legal one, when no person has written any."""

import re

SHORT_NAME_MAX = 40
"""Characters: two lines on a key of the kiosk."""
FIRST_PART_MIN = 12
"""A first clause shorter than this says too little to stand alone."""

_OPENING = re.compile(r"thủ tục (?:hành chính )?(?:về )?", re.IGNORECASE)
_CLAUSE_END = re.compile(r"\s*[;:(/]\s*|\.\s|\s[–—-]\s")
_PART_END = re.compile(
    r",\s|\s(?=(?:mà|đối với|do|trong|theo|tại|để|của|từ|cho|thuộc|liên quan|khi|hoặc)\s)|(?<!đối)\s(?=với\s)"
)
_OPEN_ENDS = frozenset(
    [
        *("và", "hoặc", "của", "cho", "do", "từ", "theo", "đối", "với", "trong", "tại", "về", "là", "có", "được", "bị"),
        *(
            "các",
            "những",
            "việc",
            "gắn",
            "liền",
            "khi",
            "để",
            "mà",
            "bằng",
            "không",
            "sang",
            "đến",
            "ở",
            "như",
            "thuộc",
        ),
        *("liên", "quan", "đủ", "yếu", "người", "một", "số"),
    ]
)


def short_name(name: str) -> str:
    """The first clause, or as many whole words as fit; it never ends in "…" or in a word that asks for another."""
    words = _OPENING.sub("", name.strip(), count=1) if _OPENING.match(name.strip()) else name.strip()
    short = _first(_CLAUSE_END, words or name.strip())
    if len(short) > SHORT_NAME_MAX:
        short = _whole_words(_first(_PART_END, short))
    return short[:1].upper() + short[1:]


def _first(end: re.Pattern[str], words: str) -> str:
    """Up to the first end that leaves enough; the part may still be too long."""
    for found in end.finditer(words):
        if found.start() >= FIRST_PART_MIN:
            return words[: found.start()].rstrip(" .,")
    return words.rstrip(" .,")


def _whole_words(part: str) -> str:
    if len(part) <= SHORT_NAME_MAX:
        return part
    words = part[: SHORT_NAME_MAX + 1].split(" ")[:-1]
    while len(words) > 1 and words[-1].strip(",.").lower() in _OPEN_ENDS:
        words.pop()
    return " ".join(words).rstrip(" .,") or part[:SHORT_NAME_MAX]

"""The words of a slip, from its facts: the same ones for the picture and for text mode. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from queue_server.presenting.phrases import clock, opening
from queue_server.presenting.slip_facts import FirstNextTime, SlipFacts, Waiting, WaitingOffline
from queue_server.presenting.texts import NO_VALUES, Texts, Values
from queue_server.wire.fields import Bilingual

SERVICES_MAX = 6
PLATES_MAX = 8
BRING_MAX = 12
NAME_MAX = 1000
"""Characters of one name or paper; the longest legal name of the catalogue has 919."""
HEAD_GROUP = 4
_PLACE = re.compile(r" ((?:phường|xã(?! hội)|đặc khu|tỉnh|thành phố) .*)$", re.IGNORECASE)

Said = tuple[str, ...]
"""One sentence in each language of the slip, the same words once."""


class SlipWords(Struct, frozen=True, kw_only=True):
    """What stands on the paper, from its top to its end; an empty field takes no room."""

    hall: Said
    """Who gives the number; without the place where `place` holds it."""
    place: str
    """The place in the Vietnamese name, as `phường An Hòa`, or nothing."""
    copy: Said
    yours: Said
    shown: str
    services: tuple[Said, ...]
    services_more: Said
    about: Said
    about_value: Said
    ahead: Said
    ahead_value: Said
    note: Said
    counters_title: Said
    counters: tuple[str, ...]
    counters_more: Said
    bring_title: Said
    bring: tuple[Said, ...]
    bring_more: Said
    follow: str | None
    follow_title: Said
    follow_more: Said
    ask: Said
    missed: Said
    taken: Said
    head: Said
    cut: Said
    """Follows a name that is longer than its room."""


def words_of(facts: SlipFacts, texts: Texts) -> SlipWords:
    """All the words of a slip, composed (NFC), in its languages."""
    say = _Saying(texts, facts)
    hall, place = _named(say.name(facts.hall), facts)
    about, about_value, ahead, ahead_value, note = _when(say, facts)
    plates, bring = facts.counters[:PLATES_MAX], facts.bring[:BRING_MAX]
    return SlipWords(
        hall=hall,
        place=place,
        copy=say("again", {"count": facts.copy}) if facts.copy > 1 else (),
        yours=say("yours"),
        shown=_tidy(facts.shown),
        services=say.names(facts.services[:SERVICES_MAX]),
        services_more=_more(say, "services-more", len(facts.services) - SERVICES_MAX),
        about=about,
        about_value=about_value,
        ahead=ahead,
        ahead_value=ahead_value,
        note=note,
        counters_title=say("counters") if plates else (),
        counters=tuple(_tidy(label) for label in plates),
        counters_more=_more(say, "counters-more", len(facts.counters) - len(plates)),
        bring_title=say("bring") if bring else (),
        bring=say.names(bring),
        bring_more=_more(say, "bring-more", len(facts.bring) - len(bring)),
        follow=facts.follow,
        follow_title=say("follow") if facts.follow else (),
        follow_more=say("follow-more") if facts.follow else (),
        ask=say("ask", {"hotline": _together(facts.hotline)})[:1] if facts.hotline else (),
        missed=say("missed"),
        taken=say("taken", _issued(facts))[:1],
        head=_head(say, facts),
        cut=say("cut"),
    )


class _Saying:
    """Says a text of the slip in each of its languages."""

    def __init__(self, texts: Texts, facts: SlipFacts) -> None:
        self.texts, self.languages = texts, facts.languages

    def __call__(self, key: str, values: Values = NO_VALUES) -> Said:
        return _once([self.texts.say(tongue, f"slip.{key}", values) for tongue in self.languages])

    def name(self, both: Bilingual) -> Said:
        return _once([(both.vi if tongue == "vi" else both.en) or both.vi for tongue in self.languages])

    def names(self, all_of_them: Sequence[Bilingual]) -> tuple[Said, ...]:
        return tuple(name for name in map(self.name, all_of_them) if name)

    def clock(self, at: datetime) -> Said:
        return _once([clock(self.texts, tongue, at) for tongue in self.languages])

    def opening(self, now: datetime, opens: datetime) -> Said:
        return _once([opening(self.texts, tongue, now=now, opens=opens) for tongue in self.languages])


def _named(name: Said, facts: SlipFacts) -> tuple[Said, str]:
    """The Vietnamese name in its two parts, as they stand above the door: the institution and the place."""
    found = _PLACE.search(name[0]) if name and facts.languages[0] == "vi" else None
    if not found:
        return name, ""
    return (name[0][: found.start()], *name[1:]), found[1]


def _when(say: _Saying, facts: SlipFacts) -> tuple[Said, Said, Said, Said, Said]:
    """Label and value of the time, label and value of the place, and the sentence under them."""
    unknown = say("unknown")
    match facts.standing:
        case WaitingOffline():
            return say("about"), unknown, say("ahead"), unknown, say("offline")
        case FirstNextTime(opens):
            return say("first"), say.opening(facts.issued_at, opens), (), (), say("first-how")
        case Waiting(ahead=ahead, expected=expected, bound=bound):
            when = unknown if expected is None else say.clock(expected)
            people = unknown if ahead is None else say("person" if ahead == 1 else "people", {"count": ahead})
            note = () if bound is None or expected is None else say("bound", {"time": say.clock(bound)[0]})
            return say("about"), when, say("ahead"), people, note


def _issued(facts: SlipFacts) -> dict[str, str]:
    by = f" · {_together(facts.given_by)}" if facts.given_by else ""
    return {"time": f"{facts.issued_at:%H:%M:%S}", "day": f"{facts.issued_at:%d/%m/%Y}", "by": by}


def _head(say: _Saying, facts: SlipFacts) -> Said:
    if not facts.head:
        return say("head-later") if isinstance(facts.standing, WaitingOffline) else ()
    groups = (facts.head[start : start + HEAD_GROUP] for start in range(0, len(facts.head), HEAD_GROUP))
    return say("head", {"head": " ".join(groups)})[:1]


def _more(say: _Saying, key: str, count: int) -> Said:
    return say(key, {"count": count}) if count > 0 else ()


def _once(said: Sequence[str]) -> Said:
    return tuple(dict.fromkeys(tidied for tidied in map(_tidy, said) if tidied))


def _together(text: str) -> str:
    """Short words that stay on one line where one line holds them."""
    return _tidy(text).replace(" ", "\u00a0")


def _tidy(text: str) -> str:
    """One line of composed letters without signs that nobody can see."""
    composed = unicodedata.normalize("NFC", text[: 4 * NAME_MAX])[:NAME_MAX]
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" and sign != "\u00a0" else sign for sign in composed)
    return " ".join(part for part in seen.split(" ") if part)

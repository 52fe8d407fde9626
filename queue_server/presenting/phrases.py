"""Sentences made of texts and figures: announcements, reasons, days and hours. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queue_server.presenting.numerals import digit_words, words
from queue_server.presenting.texts import Texts, Tongue
from queue_server.wire.fields import Bilingual

NOON_FROM, AFTERNOON_FROM, EVENING_FROM = 11, 13, 18
"""The hours at which the parts of the day begin."""


def announcement(texts: Texts, *, prefix: str, number: int, label: str, repeat: bool) -> Bilingual:
    """What the voice says: the number letter by letter and digit by digit, the counter as a whole number."""
    key = "announcement.recall" if repeat else "announcement.call"

    def said(tongue: Tongue) -> str:
        spoken = [*(sign for sign in prefix if sign.isalnum()), digit_words(tongue, number)]
        return texts.say(tongue, key, {"number": ", ".join(spoken), "counter": _counter_words(tongue, label)})

    return Bilingual(vi=said("vi"), en=said("en"))


def _counter_words(tongue: Tongue, label: str) -> str:
    is_number = label.isascii() and label.isdigit() and len(label) <= 4
    return words(tongue, int(label)) if is_number else label


def call_reason(
    texts: Texts, code: str, *, services: Sequence[Bilingual], ratio: int = 0, rank: int = 0, why: str = ""
) -> Bilingual:
    """The full reason of a call, with the figures that the rule used; for staff and auditors."""
    key = "call.longest-wait-priority" if code == "longest-wait" and rank else f"call.{code}"

    def said(tongue: Tongue) -> str:
        named = [service.vi if tongue == "vi" else service.en for service in services]
        values: dict[str, str | int] = {
            "services": ", ".join(named),
            "ratio": ratio,
            "rank": rank,
            "minutes": ratio // 60,
            "why": reason_text(texts, tongue, why),
        }
        return texts.say(tongue, key, values)

    return Bilingual(vi=said("vi"), en=said("en"))


def reason_text(texts: Texts, tongue: Tongue, code: str) -> str:
    """The text of a code of the closed lists, or what was written where it is none."""
    key = f"reason.{code}"
    return texts.say(tongue, key) if texts.knows(key) else code


def public_reason(texts: Texts, code: str) -> Bilingual:
    """As much of a call's reason as everybody may know."""
    match code:
        case "longest-wait" | "escalated":
            return texts.both("call-public.in-order")
        case "priority-turn" | "priority-first":
            return texts.both("call-public.priority")
        case _:
            return texts.both("call-public.by-rule")


def clock(texts: Texts, tongue: Tongue, at: datetime) -> str:
    """The hour, as `07:30`."""
    return texts.say(tongue, "time.clock", {"hour": at.hour, "minute": at.minute})


def day(texts: Texts, tongue: Tongue, on: date) -> str:
    """The day, as `thứ Sáu 20/11/2026`."""
    numeric = texts.say(tongue, "time.date", {"day": on.day, "month": on.month, "year": on.year})
    weekday = texts.say(tongue, f"weekday.{on.isoweekday()}")
    return texts.say(tongue, "time.day", {"weekday": weekday, "date": numeric})


def opening(texts: Texts, tongue: Tongue, *, now: datetime, opens: datetime) -> str:
    """When it opens, as `07:30 sáng mai, thứ Sáu 20/11/2026`; today's hour stands alone."""
    if opens.date() == now.date():
        key = "time.opening-today"
    else:
        key = "time.opening-tomorrow" if opens.date() == now.date() + timedelta(days=1) else "time.opening-later"
    values = {
        "clock": clock(texts, tongue, opens),
        "day": day(texts, tongue, opens.date()),
        "part": texts.say(tongue, f"part.{_part(opens)}"),
    }
    return texts.say(tongue, key, values)


def _part(at: datetime) -> str:
    if at.hour < NOON_FROM:
        return "morning"
    if at.hour < AFTERNOON_FROM:
        return "noon"
    return "afternoon" if at.hour < EVENING_FROM else "evening"

"""The settings of the hall that are no lists: the hall itself, the server, the policy, tickets and ratings."""

import re
from collections.abc import Sequence
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from queue_server.api.settings import ServerSettings
from queue_server.config.table import Bounds, Table, nearest
from queue_server.config.values import SCALE, TIMEZONE
from queue_server.core.rules import Name, PolicyRules, RatingScale, ScaleLevel, ServiceRules, Settings

LANGUAGES = ("vi", "en")
LANGUAGES_MAX = 12
LEVELS_MAX = 7
REASONS_MAX = 12
DIGITS_MAX = 6

CountsAs = Literal["satisfied", "neutral", "dissatisfied"]
_COUNTS_AS: dict[str, CountsAs] = {word: word for word in get_args(CountsAs)}

_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

SERVER_BOUNDS: Bounds = {
    "port": (0, 65_535),
    "inbox_max": (16, 100_000),
    "body_bytes_max": (4_096, 16_777_216),
    "rate_per_s": (1, 1_000_000),
    "rate_burst": (1, 1_000_000),
    "public_rate_per_s": (1, 1_000_000),
    "public_rate_burst": (1, 1_000_000),
    "screens_max": (1, 10_000),
    "screens_per_address_max": (1, 10_000),
    "answers_kept_hours": (24, 240),
    "drain_s": (0, 4),
}
POLICY_BOUNDS: Bounds = {
    "ordinary_per_priority": (1, 100),
    "priority_in_row_max": (1, 100),
    "bulk_from": (0, 99),
    "others_per_bulk": (1, 100),
    "escalate_after_s": (0, 28_800),
}
TICKET_BOUNDS: Bounds = {
    "min_service_s": (0, 3_600),
    "next_guard_ms": (0, 60_000),
    "absent_return_minutes": (0, 480),
    "absent_after_calls": (0, 50),
    "booking_grace_s": (0, 14_400),
    "kiosk_cancel_s": (0, 3_600),
    "lease_max": (1, 10_000),
    "person_daily_limit": (0, 1_000),
    "person_service_limit": (0, 1_000),
    "rating_after_start_s": (0, 14_400),
    "rating_open_s": (10, 3_600),
}


def languages(hall: Table) -> tuple[str, ...]:
    """The languages of kiosk and voice, Vietnamese first."""
    codes = hall.words("languages", LANGUAGES, LANGUAGES_MAX)
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            hall.error("languages", code, "bad-language")
    if codes[:1] != ("vi",):
        hall.error("languages", list(codes), "vietnamese-first")
    return codes


def timezone(hall: Table) -> str:
    """A time zone that this machine knows."""
    zone = hall.word("timezone", TIMEZONE)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # Unknown, an unsafe path, a folder such as "Asia".
        hall.error("timezone", zone, "unknown-zone", nearest=nearest(zone, available_timezones()) or TIMEZONE)
    return zone


def server(root: Table) -> ServerSettings:
    """How the server listens and where it says no."""
    table = root.table("server")
    settings = table.settings(ServerSettings(), SERVER_BOUNDS)
    table.done()
    if not _HOST.fullmatch(settings.host):
        table.error("host", settings.host, "bad-host")
    if settings.public_url and not _is_web_address(settings.public_url):
        table.error("public_url", settings.public_url, "bad-url")
    return settings


def _is_web_address(url: str) -> bool:
    if re.search(r"[\s?#\\]", url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # Reading the port is what checks it.
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def policy(root: Table) -> PolicyRules:
    """Who is next."""
    table = root.table("policy")
    rules = table.settings(PolicyRules(), POLICY_BOUNDS)
    table.done()
    return rules


def tickets(root: Table, services: Sequence[ServiceRules]) -> Settings:
    """Guards and limits of tickets."""
    table = root.table("tickets")
    settings = table.settings(Settings(), TICKET_BOUNDS)
    table.done()
    ids = [service.id for service in services if service.id]
    target = settings.default_transfer
    if target and ids and target not in ids:
        near = nearest(target, ids) or "?"
        table.error("default_transfer", target, "unknown-service", nearest=near, known=", ".join(ids))
    return settings


def device_digits(root: Table) -> int:
    """What the narrowest keypad or board of the hall can show."""
    table = root.table("devices")
    digits = table.number("digits_max", 0, DIGITS_MAX, 0)
    table.done()
    return digits


def rating(root: Table) -> RatingScale:
    """The faces; a hall that names levels names all of them."""
    table = root.table("rating")
    levels = _levels(table)
    reasons = table.words("reasons", SCALE.reasons, REASONS_MAX)
    scale = RatingScale(
        id=table.word("scale", SCALE.id),
        version=table.number("version", 1, 9_999, SCALE.version),
        levels=levels or SCALE.levels,
        reasons=tuple(reason for reason in reasons if table.is_id("reasons", reason)),
    )
    table.is_id("scale", scale.id)
    table.done()
    return scale


def _levels(table: Table) -> tuple[ScaleLevel, ...]:
    levels: list[ScaleLevel] = []
    score_at: dict[int, str] = {}
    for entry in table.tables("level", LEVELS_MAX):
        score = entry.whole("score", 0, 10, None)
        label = entry.name("label", None) or Name("")
        counts_as = entry.choice("counts_as", tuple(_COUNTS_AS), None)
        entry.done()
        if score is None:
            continue
        if score in score_at:
            entry.error("score", score, "duplicate", other=score_at[score])
        score_at.setdefault(score, entry.place("score"))
        levels.append(ScaleLevel(score=score, label=label, counts_as=_COUNTS_AS.get(counts_as or "", "neutral")))
    return tuple(sorted(levels, key=lambda level: -level.score))

"""Why a wait is what it is, in words that anybody in the hall can check: "Counter 3 serves land and fees; 7 ahead"."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from queue_server.core import place
from queue_server.core.board import Board, Ticket, waiting_count
from queue_server.core.ids import CounterNumber, ServiceId
from queue_server.presenting.texts import Texts, Tongue
from queue_server.wire.fields import Bilingual

COUNTERS_NAMED = 3
"""More counters than these are counted and not named."""


class Serving(Struct, frozen=True):
    """A counter that may call the ticket, and all it serves, so that one sees with whom it is shared."""

    number: CounterNumber
    label: str
    services: tuple[ServiceId, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """What a forecast rests on."""

    service: ServiceId
    counters: tuple[Serving, ...]
    """Open and not in a pause; none means that there is no forecast."""
    ahead: int | None
    """How many of the same service are called before; None when the ticket does not wait."""
    ahead_of_others: int
    """How many wait for the other services of these counters; some of them are called before."""
    shared: tuple[ServiceId, ...]
    """Those other services."""


def explain(board: Board, ticket: Ticket, at: datetime) -> Explanation:
    """What the forecast of this ticket rests on."""
    only = ticket.counter if ticket.lane is None else None
    counters = tuple(
        Serving(one.rules.number, one.rules.label, one.services)
        for one in board.counters.values()
        if one.is_open
        and not one.is_paused
        and (ticket.service in one.services if only is None else one.rules.number == only)
    )
    shared = tuple(sorted({other for one in counters for other in one.services if other != ticket.service}))
    return Explanation(
        service=ticket.service,
        counters=counters,
        ahead=place.ahead(board, ticket, at),
        ahead_of_others=sum(waiting_count(board, other) for other in shared),
        shared=shared,
    )


def because(board: Board, ticket: Ticket, at: datetime, texts: Texts) -> Bilingual:
    """What the forecast of a waiting ticket rests on, as one line for anybody's screen."""
    return say(explain(board, ticket, at), board, texts)


def say(explanation: Explanation, board: Board, texts: Texts) -> Bilingual:
    """The explanation as one line."""
    return Bilingual(vi=_said(explanation, board, texts, "vi"), en=_said(explanation, board, texts, "en"))


def _said(explanation: Explanation, board: Board, texts: Texts, tongue: Tongue) -> str:
    counters = explanation.counters
    if not counters:
        service = _names(board, (explanation.service,), texts, tongue)
        return texts.say(tongue, "wait.no-counter", {"service": service})
    parts = [
        texts.say(tongue, "wait.serves", {"counter": one.label, "services": _names(board, one.services, texts, tongue)})
        for one in counters[:COUNTERS_NAMED]
    ]
    if len(counters) > COUNTERS_NAMED:
        parts.append(texts.say(tongue, "wait.more-counters", {"count": len(counters) - COUNTERS_NAMED}))
    if explanation.ahead is not None:
        key = "wait.ahead" if explanation.ahead else "wait.nobody-ahead"
        parts.append(texts.say(tongue, key, {"ahead": explanation.ahead}))
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]


def _names(board: Board, services: Sequence[ServiceId], texts: Texts, tongue: Tongue) -> str:
    rules = [board.services[one].rules.name for one in services if one in board.services]
    names = [name.vi if tongue == "vi" else name.en or name.vi for name in rules]
    if len(names) < 2:
        return "".join(names)
    return texts.say(tongue, "wait.and", {"first": ", ".join(names[:-1]), "last": names[-1]})

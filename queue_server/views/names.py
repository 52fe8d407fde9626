"""Names and reasons in both languages."""

from functools import lru_cache

from queue_server.core.board import Board
from queue_server.core.events import Reason
from queue_server.core.ids import CounterNumber
from queue_server.core.rules import Name
from queue_server.presenting import phrases
from queue_server.presenting.texts import Texts
from queue_server.wire.fields import Bilingual

REASONS_MAX = 1024
"""Sentences kept ready; a hall has a few for each counter, and says them thousands of times a day."""


def bilingual(name: Name) -> Bilingual:
    """A name of the rules; where it has no English, the Vietnamese stands for it."""
    return Bilingual(vi=name.vi, en=name.en or name.vi)


def bilingual_or_none(name: Name) -> Bilingual | None:
    """The same, None for a name that was left out."""
    return bilingual(name) if name.vi else None


def label_of(board: Board, counter: CounterNumber) -> str:
    """What is shown and spoken for a counter; its number where the rules no longer name it."""
    known = board.counters.get(counter)
    return str(counter) if known is None else known.rules.label


def full_reason(board: Board, reason: Reason, texts: Texts) -> Bilingual:
    """Why a ticket was called, for staff and auditors."""
    names = tuple(board.services[one].rules.name for one in reason.services if one in board.services)
    return _said(texts, names, reason.code, reason.ratio, reason.rank, reason.why)


@lru_cache(maxsize=REASONS_MAX)
def _said(texts: Texts, names: tuple[Name, ...], code: str, ratio: int, rank: int, why: str) -> Bilingual:
    services = [bilingual(name) for name in names]
    return phrases.call_reason(texts, code, services=services, ratio=ratio, rank=rank, why=why)

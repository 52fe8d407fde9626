"""When desks are open, in milliseconds, so that a waiting time can be parted into open and closed hours."""

from datetime import date, datetime
from itertools import pairwise

from queue_server.core.rules import Session

Span = tuple[int, int]
"""From and to, in milliseconds since 1970; the end is not included."""


def milliseconds(at: datetime) -> int:
    """An instant as whole milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def open_spans(sessions: tuple[Session, ...], day: date, like: datetime) -> tuple[Span, ...]:
    """The stretches of one day in which desks are open, in order, touching ones joined; `like` gives the time zone."""
    midnight = milliseconds(datetime(day.year, day.month, day.day, tzinfo=like.tzinfo))
    spans: list[Span] = []
    for session in sessions:
        begin, end = midnight + session.desk_from * 60_000, midnight + session.desk_to * 60_000
        if spans and begin <= spans[-1][1]:
            before = spans.pop()
            begin, end = before[0], max(end, before[1])
        spans.append((begin, end))
    return tuple(spans)


def open_milliseconds(spans: tuple[Span, ...], begin: int, end: int) -> int:
    """How much of a stretch of time lies in open hours."""
    return sum(max(0, min(end, span[1]) - max(begin, span[0])) for span in spans)


def crosses_a_break(spans: tuple[Span, ...], begin: int, end: int) -> bool:
    """Whether any of a stretch of time lies between two sessions of the day."""
    return any(min(end, after[0]) > max(begin, before[1]) for before, after in pairwise(spans))

"""Events in plain words, for managers and auditors: who did what, when, and why. Ratings are never told singly."""

from collections.abc import Mapping
from datetime import datetime

from queue_server.core.board import Board, ticket_by_number
from queue_server.core.events import (
    AnyEvent,
    CounterServicesSet,
    DayOpened,
    DaySealed,
    HallCreated,
    LeaseGranted,
    NumbersUnused,
    PriorityDecided,
    RatingGiven,
    RatingOffered,
    RatingRefused,
    SlipPrinted,
    TicketCalled,
    TicketFinished,
    TicketIssued,
    TicketRefused,
    TicketReturned,
    TicketTransferred,
)
from queue_server.core.ids import CounterNumber, ServiceId, TicketId, is_person
from queue_server.core.reasons import OTHER
from queue_server.presenting.phrases import reason_text
from queue_server.presenting.texts import Texts, Tongue
from queue_server.views.names import bilingual, full_reason, label_of
from queue_server.views.tickets import prefix_of
from queue_server.wire.fields import Bilingual
from queue_server.wire.manager import AuditLine

Silent = HallCreated | SlipPrinted | RatingOffered | RatingGiven | RatingRefused
"""Kinds that make no line: nobody decided anything, or it would tell one citizen's opinion."""
REASON = "reason"
Values = dict[str, str | int]


def audit_line(
    board: Board, event: AnyEvent, at: datetime, sequence: int, *, who: str, said: str, texts: Texts
) -> AuditLine | None:
    """One event of the board's day in plain words; None for kinds that make no line.

    `who` is the name of the one who acted; `said` the free words of the reason, which are shown for staff alone.
    """
    if isinstance(event, Silent):
        return None
    number = _number(board, event)
    counter: CounterNumber | None = getattr(event, "counter", None) or getattr(event, "from_counter", None)
    shared: Values = {
        "number": "" if number is None else f"{_prefix(board, number)}{number}",
        "counter": "" if counter is None else label_of(board, counter),
    }
    return AuditLine(
        sequence=sequence,
        at=at,
        kind=event.KIND,
        counter=counter,
        number=number,
        who=who,
        what=Bilingual(vi=_what("vi", board, event, shared, texts), en=_what("en", board, event, shared, texts)),
        why=_why(board, event, said, texts),
    )


def _number(board: Board, event: AnyEvent) -> int | None:
    if isinstance(event, TicketIssued):
        return event.number
    ticket = board.tickets.get(getattr(event, "ticket", TicketId("")))
    return None if ticket is None else ticket.number


def _prefix(board: Board, number: int) -> str:
    ticket = ticket_by_number(board, number)
    return "" if ticket is None else prefix_of(board, ticket.service, number)


def _what(tongue: Tongue, board: Board, event: AnyEvent, shared: Values, texts: Texts) -> str:
    key = f"happening.{event.KIND}"
    values = shared | _values(tongue, board, event, texts)
    match event:
        case TicketFinished() if event.ended_by not in {"finish", "transfer"}:
            key = "happening.ticket-finished-otherwise"
        case TicketReturned() if event.why == "counter-closed":
            key = "happening.ticket-returned-by-closing"
        case TicketTransferred() if event.counter is not None:
            key = "happening.ticket-transferred-to-counter"
        case PriorityDecided() if event.confirmed == 0:
            key = "happening.priority-refused"
        case _:
            pass
    return texts.say(tongue, key, values)


def _values(tongue: Tongue, board: Board, event: AnyEvent, texts: Texts) -> Values:
    """What this kind says beside number and counter."""

    def name(service: ServiceId) -> str:
        known = board.services.get(service)
        both = None if known is None else bilingual(known.rules.name)
        return service if both is None else both.vi if tongue == "vi" else both.en

    service: ServiceId | None = getattr(event, "service", None)
    values: Values = {} if service is None else {"service": name(service)}
    match event:
        case TicketFinished():
            values["how"] = texts.say(tongue, f"ended-by.{event.ended_by}")
        case TicketTransferred():
            values["counter"] = label_of(board, event.from_counter)
            values["target"] = "" if event.counter is None else label_of(board, event.counter)
        case CounterServicesSet():
            values["services"] = ", ".join(map(name, event.services))
        case TicketRefused():
            values["why"] = texts.say(tongue, f"error.{event.why}")
        case LeaseGranted() | NumbersUnused():
            values["count"] = len(event.numbers)
        case DayOpened():
            values["day"] = f"{event.day:%d/%m/%Y}"
        case DaySealed():
            values |= {"day": f"{event.day:%d/%m/%Y}", "tickets": event.tickets, "served": event.served}
        case _:
            pass
    return values


def _why(board: Board, event: AnyEvent, said: str, texts: Texts) -> Bilingual | None:
    by = getattr(event, "by", None)
    words = said if by is not None and is_person(by) else ""
    if isinstance(event, TicketCalled):
        rule = full_reason(board, event.reason, texts)
        if not words:
            return rule
        own = _text(texts, words)
        return Bilingual(vi=f"{rule.vi}; {own.vi}", en=f"{rule.en}; {own.en}")
    reason: str = getattr(event, REASON, "")
    if not reason or (reason == OTHER and words):
        reason = words
    return _text(texts, reason) if reason else None


def _text(texts: Texts, reason: str) -> Bilingual:
    return Bilingual(vi=reason_text(texts, "vi", reason), en=reason_text(texts, "en", reason))


Said = Mapping[int, str]
"""Free words of reasons, by the sequence of their event."""

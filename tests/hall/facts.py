"""The journal's rows as facts about tickets and counters, which answers are held against."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from queue_server.core.events import (
    AnyEvent,
    ServiceStarted,
    SlipPrinted,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketHeld,
    TicketIssued,
    TicketMoved,
    TicketRecalled,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
)
from queue_server.journal.codec import decode_row
from queue_server.journal.port import Row


class Fact(Struct, frozen=True, kw_only=True):
    """One event with what a request or an answer can name of it."""

    sequence: int
    at: datetime
    hash: str
    event: AnyEvent
    asked_as: str
    """The kind of request that comes to such an event; empty for what the hall does by itself or on the way."""
    ticket: str = ""
    number: int | None = None
    """The number that the event gives to its ticket."""
    counter: int | None = None
    service: str = ""


def facts_of(rows: Iterable[Row]) -> list[Fact]:
    """All events of a journal."""
    return [_fact(row) for row in rows]


def _fact(row: Row) -> Fact:
    event, at = decode_row(row)
    ticket, number, counter, service, asked_as = "", None, None, "", event.KIND
    match event:
        case TicketIssued():
            ticket, number, service = event.ticket, event.number, event.service
            asked_as = "" if event.origin == "promise" else event.KIND
        case TicketFinished():
            ticket, counter = event.ticket, event.counter
            asked_as = event.KIND if event.ended_by == "finish" else ""
        case TicketCalled() | TicketRecalled() | ServiceStarted() | TicketAbsent() | TicketHeld() | TicketSentAway():
            ticket, counter = event.ticket, event.counter
        case TicketTransferred():
            ticket, counter = event.ticket, event.from_counter
            asked_as = "" if event.reason == "return" else event.KIND
        case TicketReturned():
            ticket = event.ticket
            asked_as = event.KIND if event.why == "came-back" else ""
        case TicketMoved() | TicketCancelled() | SlipPrinted():
            ticket = event.ticket
        case _:
            pass
    return Fact(
        sequence=row.sequence,
        at=at,
        hash=row.hash,
        event=event,
        asked_as=asked_as,
        ticket=ticket,
        number=number,
        counter=counter,
        service=service,
    )

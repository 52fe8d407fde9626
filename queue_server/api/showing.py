"""Boards as answers: which of a ticket's facts each asker may see, and what is added to every answer anew."""

from collections.abc import Callable
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from queue_server.api.exchange import HEAD_LENGTH, Exchange, Shape
from queue_server.api.keys import ticket_key, ticket_url
from queue_server.api.parts import Parts
from queue_server.core import place
from queue_server.core.board import Board, State, Ticket, waiting_count
from queue_server.core.ids import CounterNumber, TicketId
from queue_server.engine import Outcome
from queue_server.forecast.explaining import because
from queue_server.people.roles import Role
from queue_server.views import counter_view, staff_notes, ticket_view, wait_left
from queue_server.views.tickets import NO_WORDS, dossiers_of, group_of
from queue_server.wire import answers

STAFF: frozenset[Role | None] = frozenset({"clerk", "guide", "manager", "auditor", "admin"})
"""Who may know a ticket's group, language and reasons in full."""


def show_ticket(
    exchange: Exchange, outcome: Outcome, ticket: TicketId, *, is_new: bool = False, group: str | None = None
) -> answers.Ticket:
    """The ticket after a command, as the asker may see it; `group` where the asker has just named it."""
    found = outcome.board.tickets[ticket]
    return ticket_answer(exchange, outcome.board, found, outcome.at, is_new=is_new, group=group)


def show_issued(exchange: Exchange, outcome: Outcome, ticket_id: TicketId, group: str | None) -> answers.Ticket:
    """A new ticket for its issuer, complete: what `show_ticket` and `with_key` come to, in one step for the crowd."""
    parts, board = exchange.parts, outcome.board
    ticket, key = board.tickets[ticket_id], ticket_key(parts, ticket_id)
    is_staff = exchange.asker.role in STAFF
    return ticket_view(
        board,
        ticket,
        ahead=place.ahead(board, ticket, outcome.at),
        wait=wait_left(parts.live.waits, ticket.service, outcome.at),
        head=outcome.head[:HEAD_LENGTH],
        key=key,
        url=ticket_url(parts, ticket_id, key),
        group=group,
        notes=staff_notes(board, ticket, parts.texts, parts.engine.words) if is_staff else None,
    )


def ticket_answer(
    exchange: Exchange, board: Board, ticket: Ticket, at: datetime, *, is_new: bool = False, group: str | None = None
) -> answers.Ticket:
    """The ticket as the asker may see it, without key and head; a new one waits as long as was forecast."""
    parts = exchange.parts
    is_waiting = ticket.state is State.WAITING
    ahead = place.ahead(board, ticket, at) if is_waiting else None
    is_staff = exchange.asker.role in STAFF
    words = parts.engine.words if is_staff else NO_WORDS
    return ticket_view(
        board,
        ticket,
        ahead=ahead,
        wait=None if ahead is None else expected_wait(exchange, board, ticket, None if is_new else ahead, at),
        head="",
        group=group or group_of(ticket.id, words),
        notes=staff_notes(board, ticket, parts.texts, words) if is_staff else None,
    )


def with_why(exchange: Exchange, board: Board, ticket: Ticket, answer: answers.Ticket) -> answers.Ticket:
    """The answer, for a ticket that waits with what its expected wait rests on; for one ticket, never for many."""
    if ticket.state is not State.WAITING:
        return answer
    why = because(board, ticket, exchange.parts.engine.now(), exchange.parts.texts)
    return replace(answer, expected_because=why)


def expected_wait(
    exchange: Exchange, board: Board, ticket: Ticket, ahead: int | None, at: datetime
) -> tuple[int, int | None] | None:
    """The ticket's own forecast; before it has one, that of somebody who comes now, by its place in the line."""
    service, live = ticket.service, exchange.parts.live
    if ahead is None:
        return wait_left(live.waits, service, at)
    own = wait_left(live.ticket_waits, ticket.id, at)
    newcomer = own or wait_left(live.waits, service, at)
    if own is not None or newcomer is None:
        return newcomer
    waiting = waiting_count(board, service)
    if ahead + 1 >= waiting:
        return newcomer
    share, p90 = (ahead + 1) / waiting, newcomer[1]
    return round(newcomer[0] * share), None if p90 is None else round(p90 * share)


def show_counter(exchange: Exchange, board: Board, number: CounterNumber) -> answers.Counter:
    """The counter as its clerk sees it; a device sees no words of persons."""
    parts, counter = exchange.parts, board.counters[number]
    return counter_view(
        board,
        counter,
        at=parts.engine.now(),
        head="",
        texts=parts.texts,
        words=parts.engine.words if exchange.asker.role in STAFF else NO_WORDS,
        clerk=None if counter.clerk is None else parts.people.directory.name_of(counter.clerk),
    )


# What is added to every answer, repeated ones included


def with_head(parts: Parts, head: str, ticket: answers.Ticket) -> answers.Ticket:
    """The ticket with the journal's head."""
    return replace(_said_again(parts, ticket), head=head)


def with_key(parts: Parts, head: str, ticket: answers.Ticket) -> answers.Ticket:
    """The ticket for its issuer."""
    key = ticket_key(parts, ticket.id)
    return replace(_said_again(parts, ticket), head=head, key=key, url=ticket_url(parts, ticket.id, key))


def _next(parts: Parts, head: str, answer: answers.NextAnswer) -> answers.NextAnswer:
    return _in_next(answer, lambda ticket: with_head(parts, head, ticket))


def _counter(parts: Parts, head: str, counter: answers.Counter) -> answers.Counter:
    words = parts.engine.words

    def line(waiting: answers.Waiting) -> answers.Waiting:
        is_hidden = waiting.priority == HIDDEN
        return replace(waiting, priority=group_of(TicketId(waiting.id), words)) if is_hidden else waiting

    return _in_counter(counter, lambda ticket: with_head(parts, head, ticket), line)


def _lease(parts: Parts, _: str, lease: answers.Lease) -> answers.Lease:
    keyed = tuple(replace(one, key=ticket_key(parts, one.id)) for one in lease.numbers)
    return replace(lease, numbers=keyed)


def _handed(parts: Parts, head: str, handed: answers.HandedOver) -> answers.HandedOver:
    return _in_handed(handed, lambda ticket: with_key(parts, head, ticket))


def _promised(parts: Parts, head: str, promised: answers.Promised) -> answers.Promised:
    return replace(promised, ticket=with_head(parts, head, promised.ticket), key=ticket_key(parts, promised.id))


# What persons said stands in the side table alone: a kept answer only says where it goes


HIDDEN = ""
"""Stands in a kept answer for what a person said; no group, language or dossier code is empty."""


def _hidden(ticket: answers.Ticket) -> answers.Ticket:
    staff = ticket.staff
    if ticket.priority is None and staff is UNSET:
        return ticket
    if staff is not UNSET:
        language = None if staff.language is None else HIDDEN
        staff = replace(staff, language=language, dossiers=tuple(HIDDEN for _ in staff.dossiers))
    return replace(ticket, priority=None if ticket.priority is None else HIDDEN, staff=staff)


def _said_again(parts: Parts, ticket: answers.Ticket) -> answers.Ticket:
    staff = ticket.staff
    if staff is not UNSET and (staff.language == HIDDEN or HIDDEN in staff.dossiers):
        said = parts.engine.words.get(TicketId(ticket.id), {})
        staff = replace(staff, language=said.get("language"), dossiers=dossiers_of(said))
        ticket = replace(ticket, staff=staff)
    if ticket.priority == HIDDEN:
        return replace(ticket, priority=group_of(TicketId(ticket.id), parts.engine.words))
    return ticket


Change = Callable[[answers.Ticket], answers.Ticket]


def _in_next(answer: answers.NextAnswer, change: Change) -> answers.NextAnswer:
    return answer if answer.ticket is None else answers.NextAnswer(change(answer.ticket))


def _in_counter(
    counter: answers.Counter, change: Change, line: Callable[[answers.Waiting], answers.Waiting]
) -> answers.Counter:
    return replace(
        counter,
        ticket=None if counter.ticket is None else change(counter.ticket),
        held=tuple(map(change, counter.held)),
        away=tuple(map(change, counter.away)),
        absent=tuple(map(change, counter.absent)),
        waiting=tuple(map(line, counter.waiting)),
    )


def _in_handed(handed: answers.HandedOver, change: Change) -> answers.HandedOver:
    return replace(handed, tickets=tuple(map(change, handed.tickets)))


def _hidden_line(waiting: answers.Waiting) -> answers.Waiting:
    return waiting if waiting.priority is None else replace(waiting, priority=HIDDEN)


def _hidden_promise(promised: answers.Promised) -> answers.Promised:
    return replace(promised, ticket=_hidden(promised.ticket))


ISSUED = Shape(answers.Ticket, with_key, status=201, hide=_hidden)
HELD = Shape(answers.Ticket, with_key, hide=_hidden)
TICKET = Shape(answers.Ticket, with_head, hide=_hidden)
NEXT = Shape(answers.NextAnswer, _next, hide=lambda answer: _in_next(answer, _hidden))
COUNTER = Shape(answers.Counter, _counter, hide=lambda counter: _in_counter(counter, _hidden, _hidden_line))
LEASE = Shape(answers.Lease, _lease)
HANDED = Shape(answers.HandedOver, _handed, hide=lambda handed: _in_handed(handed, _hidden))
PROMISED = Shape(answers.Promised, _promised, hide=_hidden_promise)
SERVICE = Shape(answers.ServiceAnswer)
RATED = Shape(answers.Rated, status=201)
DAY_CLOSED = Shape(answers.DayClosed)
CLOCK_CONFIRMED = Shape(answers.ClockConfirmed)

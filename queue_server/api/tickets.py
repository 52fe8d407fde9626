"""Tickets: taking, showing, cancelling, moving, priority, and what became of the slip."""

from collections.abc import Mapping

from aiohttp import web
from msgspec import Struct

from queue_server.api.errors import Problem
from queue_server.api.exchange import NO_FIELDS, Body, Exchange, Task, act
from queue_server.api.keys import key_fits
from queue_server.api.said import Said
from queue_server.api.showing import (
    HELD,
    ISSUED,
    PROMISED,
    TICKET,
    show_issued,
    show_ticket,
    ticket_answer,
    with_why,
)
from queue_server.chance import new_id
from queue_server.core import reasons
from queue_server.core.board import Board, Ticket
from queue_server.core.commands import (
    AnyCommand,
    CancelTicket,
    Channel,
    MoveTicket,
    PromiseTomorrow,
    RecordSlip,
    SetPriority,
    TakeTicket,
)
from queue_server.core.events import Origin, TomorrowPromised
from queue_server.core.ids import ServiceId, TicketId
from queue_server.engine import Outcome
from queue_server.people.roles import Role
from queue_server.wire import answers, requests

TAKE = Body(requests.TakeTicket)
CANCEL = Body(requests.CancelTicket)
MOVE = Body(requests.MoveTicket)
PRIORITY = Body(requests.SetPriority)
TOMORROW = Body(requests.PromiseTomorrow)
SLIP = Body(requests.RecordSlip)

ORIGINS: dict[Role | None, Origin] = {"kiosk": "kiosk", "guide": "guide"}
CHANNELS: dict[Role | None, Channel] = {"kiosk": "kiosk", None: "citizen"}
UNASKED_REASONS: dict[Channel, str] = {"kiosk": "undo", "citizen": "citizen-left", "staff": reasons.OTHER}
"""Why a ticket is cancelled by somebody who gives no reason."""
NO_TICKET = frozenset({"unknown-ticket"})
TAKE_FIELDS = {"unknown-service": "service", "unknown-group": "priority"}


def new_ticket_id() -> TicketId:
    """An id that nobody guesses: 64 bits by chance."""
    return TicketId(new_id())


async def take(exchange: Exchange) -> web.Response:
    """`POST /tickets`."""
    body = await TAKE.read(exchange)
    return await act(exchange, taking(exchange, body, new_ticket_id(), ORIGINS.get(exchange.asker.role, "desk")))


def taking(exchange: Exchange, body: requests.TakeTicket, ticket: TicketId, origin: Origin) -> Task[answers.Ticket]:
    """A citizen takes a number."""
    said = Said()
    said.add("group", body.priority)
    said.add("language", body.language)
    said.add("person", body.person)
    said.add_dossiers(body.dossiers)
    wait = exchange.parts.live.waits.get(ServiceId(body.service))
    command = TakeTicket(
        by=exchange.asker.actor,
        ticket=ticket,
        service=ServiceId(body.service),
        origin=origin,
        group=body.priority,
        items=body.items,
        procedures=body.procedures,
        forecast_s=None if wait is None else wait[1],
        commitments=said.commitments(),
    )
    return Task(
        command=command,
        shape=ISSUED,
        build=lambda outcome: show_ticket(exchange, outcome, ticket, is_new=True, group=body.priority),
        complete=lambda outcome: show_issued(exchange, outcome, ticket, body.priority),
        body=body,
        words=said.words(ticket),
        person=body.person,
        fields=TAKE_FIELDS,
    )


async def show(exchange: Exchange) -> web.Response:
    """`GET /tickets/{id}`: with its key, the answer repeats the key."""
    parts, board = exchange.parts, exchange.parts.engine.board
    ticket = ticket_in_path(exchange, board)
    key = exchange.request.query.get("key")
    shape = HELD if key is not None and key_fits(parts, ticket.id, key) else TICKET
    answer = with_why(exchange, board, ticket, ticket_answer(exchange, board, ticket, parts.engine.now()))
    return shape.answer(parts, parts.engine.head, answer)


def ticket_in_path(exchange: Exchange, board: Board) -> Ticket:
    """Today's ticket of this id, or 404."""
    ticket = board.tickets.get(TicketId(exchange.request.match_info["id"]))
    if ticket is None:
        raise Problem(404, "unknown-ticket")
    return ticket


def _id_in_path(exchange: Exchange) -> TicketId:
    return TicketId(exchange.request.match_info["id"])


async def cancel(exchange: Exchange) -> web.Response:
    """`POST /tickets/{id}/cancel`."""
    body = await CANCEL.read(exchange)
    ticket, said = _id_in_path(exchange), Said()
    channel = CHANNELS.get(exchange.asker.role, "staff")
    command = CancelTicket(
        by=exchange.asker.actor,
        ticket=ticket,
        channel=channel,
        reason=said.reason(body.reason, reasons.CANCEL, UNASKED_REASONS[channel]),
        commitments=said.commitments(),
    )
    return await act(exchange, _on_ticket(exchange, command, ticket, said, body))


async def move(exchange: Exchange) -> web.Response:
    """`POST /tickets/{id}/move`."""
    body = await MOVE.read(exchange)
    ticket, said = _id_in_path(exchange), Said()
    command = MoveTicket(
        by=exchange.asker.actor,
        ticket=ticket,
        service=ServiceId(body.service),
        keep_place=body.keep_place,
        reason=said.reason(body.reason, reasons.MOVE),
        commitments=said.commitments(),
    )
    return await act(exchange, _on_ticket(exchange, command, ticket, said, body, {"unknown-service": "service"}))


async def set_priority(exchange: Exchange) -> web.Response:
    """`POST /tickets/{id}/priority`."""
    body = await PRIORITY.read(exchange)
    ticket, said = _id_in_path(exchange), Said()
    said.add("group", body.group)
    said.add("reason", body.reason)
    command = SetPriority(
        by=exchange.asker.actor,
        ticket=ticket,
        group=body.group,
        proof_seen=body.proof_seen,
        commitments=said.commitments(),
    )
    return await act(exchange, _on_ticket(exchange, command, ticket, said, body, {"unknown-group": "group"}))


async def record_slip(exchange: Exchange) -> web.Response:
    """`POST /tickets/{id}/slip`."""
    body = await SLIP.read(exchange)
    ticket = _id_in_path(exchange)
    command = RecordSlip(by=exchange.asker.actor, ticket=ticket, result=body.result, copy=body.copy)
    return await act(exchange, _on_ticket(exchange, command, ticket, Said(), body))


def _on_ticket(
    exchange: Exchange,
    command: AnyCommand,
    ticket: TicketId,
    said: Said,
    body: Struct,
    fields: Mapping[str, str] = NO_FIELDS,
) -> Task[answers.Ticket]:
    return Task(
        command=command,
        shape=TICKET,
        build=lambda outcome: show_ticket(exchange, outcome, ticket),
        body=body,
        words=said.words(ticket),
        in_path=NO_TICKET,
        fields=fields,
    )


async def promise_tomorrow(exchange: Exchange) -> web.Response:
    """`POST /tickets/{id}/tomorrow`."""
    body = await TOMORROW.read(exchange)
    ticket, tomorrow = _id_in_path(exchange), new_ticket_id()

    def build(outcome: Outcome) -> answers.Promised:
        promised = next(event.promise for event in outcome.events if isinstance(event, TomorrowPromised))
        prefix = outcome.board.services[promised.service].rules.prefix
        return answers.Promised(
            ticket=show_ticket(exchange, outcome, ticket),
            day=promised.day,
            service=promised.service,
            number=promised.number,
            shown=f"{prefix}{promised.number}",
            id=promised.ticket,
            key="",
        )

    said = Said()
    reason = said.reason(body.reason, reasons.MANAGE, otherwise="")
    command = PromiseTomorrow(
        by=exchange.asker.actor, ticket=ticket, tomorrow=tomorrow, reason=reason, commitments=said.commitments()
    )
    task = Task(command=command, shape=PROMISED, build=build, body=body, words=said.words(), in_path=NO_TICKET)
    return await act(exchange, task)

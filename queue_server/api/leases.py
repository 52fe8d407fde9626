"""Numbers on lease, and the tickets that a kiosk issued while it was cut off."""

from datetime import datetime, time, timedelta

from aiohttp import web

from queue_server.api.errors import invalid
from queue_server.api.exchange import NO_WORDS, Body, Exchange, Task, act
from queue_server.api.said import Said
from queue_server.api.showing import HANDED, LEASE, ticket_answer
from queue_server.api.tickets import new_ticket_id
from queue_server.chance import new_id
from queue_server.core.commands import GrantLease, HandedTicket, HandOver
from queue_server.core.events import LeaseGranted, NumbersUnused, TicketHandedLate
from queue_server.core.ids import LeaseId, ServiceId, TicketId
from queue_server.engine import Outcome
from queue_server.wire import answers, requests

GRANT = Body(requests.Lease)
HAND_OVER = Body(requests.HandOver)
YEAR_MIN, YEAR_MAX = 1970, 2199  # A kiosk without a clock says 1970; beyond these nothing can be reckoned.


async def grant(exchange: Exchange) -> web.Response:
    """`POST /leases`."""
    body = await GRANT.read(exchange)
    day = body.day or exchange.parts.engine.now().date()

    def build(outcome: Outcome) -> answers.Lease:
        granted = next(event for event in outcome.events if isinstance(event, LeaseGranted))
        return answers.Lease(
            day=granted.day,
            service=granted.service,
            numbers=tuple(answers.LeasedNumber(number=one.number, id=one.ticket, key="") for one in granted.numbers),
            expires_at=datetime.combine(granted.day + timedelta(days=1), time(0), outcome.at.tzinfo),
        )

    command = GrantLease(
        by=exchange.asker.actor,
        lease=LeaseId(new_id()),
        service=ServiceId(body.service),
        day=day,
        tickets=tuple(new_ticket_id() for _ in range(body.count)),
    )
    return await act(
        exchange, Task(command=command, shape=LEASE, build=build, body=body, fields={"unknown-service": "service"})
    )


async def hand_over(exchange: Exchange) -> web.Response:
    """`POST /tickets/handover`."""
    body = await HAND_OVER.read(exchange)
    now = exchange.parts.engine.now()
    _check_year("now", body.now)
    words = dict(NO_WORDS)
    issued = []
    for position, one in enumerate(body.tickets):
        _check_year(f"tickets[{position}].issued_at", one.issued_at)
        said = _said(one)
        words |= said.words(one.id)
        issued.append(_handed(one, said, now))
    command = HandOver(
        by=exchange.asker.actor,
        issued=tuple(issued),
        unused=tuple(TicketId(one) for one in body.unused),
        clock_error_ms=(body.now - now) // timedelta(milliseconds=1),
    )

    def build(outcome: Outcome) -> answers.HandedOver:
        late = [event.ticket for event in outcome.events if isinstance(event, TicketHandedLate)]
        back = [len(event.numbers) for event in outcome.events if isinstance(event, NumbersUnused)]
        tickets = [outcome.board.tickets.get(TicketId(one.id)) for one in body.tickets]
        return answers.HandedOver(
            tickets=tuple(
                ticket_answer(exchange, outcome.board, one, outcome.at) for one in tickets if one is not None
            ),
            unused=sum(back),
            refused=tuple(answers.RefusedTicket(id=one, code="lease-unknown") for one in late),
        )

    fields = {"unknown-group": "tickets"}
    return await act(exchange, Task(command=command, shape=HANDED, build=build, body=body, words=words, fields=fields))


def _said(ticket: requests.HandedTicket) -> Said:
    said = Said()
    said.add("group", ticket.priority)
    said.add("language", ticket.language)
    said.add("person", ticket.person)
    said.add_dossiers(ticket.dossiers)
    return said


def _handed(ticket: requests.HandedTicket, said: Said, now: datetime) -> HandedTicket:
    issued_at = ticket.issued_at.astimezone(now.tzinfo)
    return HandedTicket(
        ticket=TicketId(ticket.id),
        issued_at=issued_at.replace(microsecond=issued_at.microsecond // 1000 * 1000),
        group=ticket.priority,
        items=ticket.items,
        procedures=ticket.procedures,
        commitments=said.commitments(),
    )


def _check_year(field: str, instant: datetime) -> None:
    if not YEAR_MIN <= instant.year <= YEAR_MAX:
        raise invalid(field, f"Expected a time from {YEAR_MIN} to {YEAR_MAX}")

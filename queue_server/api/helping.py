"""The guide's own doors: calls for a person and their end, a ticket by its number, and the code for a slip."""

import segno
from aiohttp import web

from queue_server.api.alerts import counter_alert, kiosk_alert
from queue_server.api.desk import counter_in_path
from queue_server.api.errors import Problem, invalid
from queue_server.api.exchange import Body, Exchange, json_answer, whole_number
from queue_server.api.keys import key_fits, ticket_key, ticket_url
from queue_server.api.showing import TICKET, ticket_answer
from queue_server.api.tickets import ticket_in_path
from queue_server.core.board import ticket_by_number
from queue_server.wire import helping, requests

ASK = Body(requests.AskForPerson)
DONE = Body(requests.HelpDone)
COUNTER_DONE = Body(requests.CounterHelpDone)
NUMBER_MAX = 999_999


async def ask_for_person(exchange: Exchange) -> web.Response:
    """`POST /kiosk/help`: a citizen at this kiosk calls a person; asked again it is still one call."""
    await ASK.read(exchange)
    asker = exchange.asker
    name = "" if asker.principal is None else asker.principal.name
    alert = exchange.doors.alerts.of_kiosk(asker.actor, name, exchange.parts.engine.now())
    return json_answer(helping.Help(open=True, since=alert.since))


async def end_person(exchange: Exchange) -> web.Response:
    """`POST /kiosk/help/done`: a kiosk takes its own call back; others name the kiosk."""
    body = await DONE.read(exchange)
    asker = exchange.asker
    kiosk = asker.actor if asker.role == "kiosk" else body.kiosk
    if not kiosk:
        raise invalid("kiosk", "Expected the id of the call")
    exchange.doors.alerts.end(kiosk_alert(kiosk.removeprefix("kiosk-")))
    return json_answer(helping.Help(open=False, since=None))


async def end_counter(exchange: Exchange) -> web.Response:
    """`POST /counters/{n}/help/done`: somebody is there."""
    await COUNTER_DONE.read(exchange)
    exchange.doors.alerts.end(counter_alert(counter_in_path(exchange)))
    return json_answer(helping.Help(open=False, since=None))


async def find(exchange: Exchange) -> web.Response:
    """`GET /tickets?number=`: today's ticket of this number, without its prefix."""
    number = whole_number(exchange, "number", 0, 1, NUMBER_MAX)
    parts, board = exchange.parts, exchange.parts.engine.board
    ticket = ticket_by_number(board, number)
    if ticket is None:
        raise Problem(404, "unknown-number", {"number": number})
    return TICKET.answer(parts, parts.engine.head, ticket_answer(exchange, board, ticket, parts.engine.now()))


async def qr(exchange: Exchange) -> web.Response:
    """`GET /tickets/{id}/qr`: the citizen's page as a QR code, for whoever has the ticket's key."""
    parts = exchange.parts
    ticket = ticket_in_path(exchange, parts.engine.board)
    if not key_fits(parts, ticket.id, exchange.request.query.get("key", "")):
        raise Problem(403, "key-wrong")
    url = ticket_url(parts, ticket.id, ticket_key(parts, ticket.id))
    if url is None:
        raise Problem(404, "not-found")
    return json_answer(helping.QrCode(rows=qr_rows(url)))


def qr_rows(text: str) -> tuple[str, ...]:
    """The modules of a QR code of level M without its margin, a row of 0 and 1 each."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple("".join(str(module) for module in row) for row in code.matrix)

"""The telephone of whoever holds a ticket: what its page draws, asked for again and again by many at once.

A page asks every few seconds. It names what it has seen, and mostly hears that nothing changed.
"""

import hashlib

from aiohttp import web
from msgspec.structs import replace

from queue_server.api.errors import HEADERS
from queue_server.api.exchange import Exchange
from queue_server.api.keys import key_fits
from queue_server.api.showing import expected_wait
from queue_server.api.tickets import ticket_in_path
from queue_server.core import place
from queue_server.core.board import Ticket
from queue_server.core.ids import TicketId
from queue_server.forecast.explaining import because
from queue_server.presenting.texts import Tongue
from queue_server.views.citizen import citizen_view
from queue_server.wire.citizen import CitizenTicket
from queue_server.wire.codec import encode

TAG_LENGTH = 20


async def follow(exchange: Exchange) -> web.Response:
    """`GET /tickets/{id}/follow`: the page's view, or 304 where nothing but the clock has moved."""
    view = _view(exchange, ticket_in_path(exchange, exchange.parts.engine.board))
    timeless = encode(replace(view, at=view.issued_at))
    tag = f'"{hashlib.sha256(timeless).hexdigest()[:TAG_LENGTH]}"'
    headers = {**HEADERS, "ETag": tag}
    if exchange.request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=encode(view), headers=headers)


def opening_view(exchange: Exchange) -> CitizenTicket | None:
    """What the page shows at once; None for an unknown ticket and for a wrong key alike."""
    ticket = _held_ticket(exchange)
    return None if ticket is None else _view(exchange, ticket)


def spoken_tongue(exchange: Exchange) -> Tongue:
    """The language in which the number was taken, where its holder asks; else Vietnamese."""
    ticket = _held_ticket(exchange)
    said = {} if ticket is None else exchange.parts.engine.words.get(ticket.id, {})
    return "en" if said.get("language", "").partition("-")[0] == "en" else "vi"


def unscripted(exchange: Exchange, view: CitizenTicket | None, tongue: Tongue) -> tuple[str, ...]:
    """What is said where no script runs: as it stood when the page was asked for."""
    texts = exchange.parts.texts
    if view is None:
        return (texts.say(tongue, "phone.unknown"),)
    counters = ", ".join(one.label for one in view.counters)
    lines = [
        view.shown,
        view.service.en if tongue == "en" else view.service.vi,
        texts.say(tongue, f"state.{view.state}"),
    ]
    if view.ahead is not None:
        lines.append(
            texts.say(tongue, "phone.ahead", {"count": view.ahead}) if view.ahead else texts.say(tongue, "phone.next")
        )
    for note in view.notes:
        time = "" if note.at is None else f"{note.at:%H:%M}"
        lines += [texts.say(tongue, f"citizen.{part}-{note.code}", {"time": time}) for part in ("note", "todo")]
    if view.state in {"called", "serving"} and view.counter is not None:
        lines.append(texts.say(tongue, "phone.go", {"counter": view.counter}))
    elif counters:
        lines.append(texts.say(tongue, "phone.counters", {"counters": counters}))
    return (*lines, texts.say(tongue, "phone.reload"))


def _held_ticket(exchange: Exchange) -> Ticket | None:
    name = exchange.request.match_info["id"]
    if not key_fits(exchange.parts, name, exchange.request.query.get("key", "")):
        return None
    return exchange.parts.engine.board.tickets.get(TicketId(name))


def _view(exchange: Exchange, ticket: Ticket) -> CitizenTicket:
    parts = exchange.parts
    board, at = parts.engine.board, parts.engine.now()
    ahead = place.ahead(board, ticket, at)
    wait = None if ahead is None else expected_wait(exchange, board, ticket, ahead, at)
    why = None if wait is None else because(board, ticket, at, parts.texts)
    return citizen_view(board, ticket, at=at, ahead=ahead, wait=wait, because=why)

"""Appointments: the table that a manager hands in, and citizens who check in with their code."""

from aiohttp import web

from queue_server.api.errors import Problem, invalid
from queue_server.api.exchange import (
    Body,
    Exchange,
    Task,
    act,
    json_answer,
    key_of,
    known_repeat,
    read_bytes,
    refused,
)
from queue_server.api.showing import ISSUED, show_ticket
from queue_server.api.tickets import new_ticket_id
from queue_server.bookings.store import Stored
from queue_server.bookings.table import NoTable, parse, separator_of
from queue_server.core.commands import TakeTicket
from queue_server.core.refusal import Refusal
from queue_server.wire import answers, requests
from queue_server.wire.hygiene import Unclean, clean

CHECK_IN = Body(requests.CheckIn)


async def put(exchange: Exchange) -> web.Response:
    """`PUT /bookings`: each line is taken or refused by itself; a code that was used keeps what it was used for."""
    raw = await read_bytes(exchange)
    engine = exchange.parts.engine
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "malformed", {"problem": "Expected UTF-8"}) from None
    try:
        cells = _clean_lines(text)
        taken, lines_refused = parse(cells, engine.board.services.keys(), engine.now())
    except NoTable as fault:
        raise invalid("", str(fault)) from None
    if taken and not await exchange.doors.bookings.put(taken, engine.now()):
        raise Problem(409, "bookings-full")
    rows = tuple(answers.RefusedRow(row=one.row, code=one.code, detail=one.detail) for one in lines_refused)
    return json_answer(answers.BookingsTaken(taken=len(taken), refused=rows))


def _clean_lines(text: str) -> str:
    """The table, free of characters that nobody sees, or Problem. A tab that parts no cells becomes a space."""
    between = "\t" if separator_of(text) == "\t" else " "
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = []
        for cell in line.split("\t"):
            cleaned = clean(cell)
            if isinstance(cleaned, Unclean):
                raise invalid(f"line {number}", f"Character {cleaned.character} is not allowed")
            cells.append(cleaned)
        lines.append(between.join(cells))
    return "\n".join(lines)


async def check_in(exchange: Exchange) -> web.Response:
    """`POST /checkin`: the booking becomes a ticket, once, with the booked time as its place."""
    body = await CHECK_IN.read(exchange)
    bookings = exchange.doors.bookings
    async with bookings.turn:
        key = key_of(exchange, body)
        repeated = known_repeat(exchange, ISSUED, key)
        if repeated is not None:
            return repeated
        stored = await bookings.find(body.code)
        refusal = _refusal(exchange, stored)
        if stored is None or refusal is not None:
            raise refused(refusal or Refusal("booking-unknown"))
        booking, ticket = stored.booking, new_ticket_id()
        command = TakeTicket(
            by=exchange.asker.actor,
            ticket=ticket,
            service=booking.service,
            origin="booking",
            booked_at=booking.at,
        )
        # Marked first: if we stop in between, the ticket is not on the board, and the code can be used again.
        await bookings.used(booking.code, ticket)
        task = Task(
            command=command, shape=ISSUED, build=lambda outcome: show_ticket(exchange, outcome, ticket), body=body
        )
        return await act(exchange, task, key)


def _refusal(exchange: Exchange, stored: Stored | None) -> Refusal | None:
    if stored is None:
        return Refusal("booking-unknown")
    engine = exchange.parts.engine
    if stored.ticket in engine.board.tickets:
        return Refusal("booking-used", {"number": engine.board.tickets[stored.ticket].number})
    day = stored.booking.at.date()
    if day != engine.now().date():
        return Refusal("booking-other-day", {"day": day.isoformat()})
    return None

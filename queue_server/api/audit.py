"""`GET /events/lines`: what happened today, in plain words."""

import asyncio
import re
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiohttp import web

from queue_server.api.exchange import Exchange, json_answer, whole_number
from queue_server.api.parts import Parts
from queue_server.core.board import Board
from queue_server.journal.codec import decode_row
from queue_server.journal.port import Row, SideRow
from queue_server.views.audit import REASON, Said, audit_line
from queue_server.wire.manager import AuditLine, AuditLines

if TYPE_CHECKING:
    from queue_server.core.ids import Actor

LINES_DEFAULT, LINES_MAX = 200, 500
CHUNK = 2000
ROWS_PER_LINE = 3  # Some kinds make no line; a day of slips and ratings makes two rows of three silent.
NUMBER_MAX = 999_999


async def lines(exchange: Exchange) -> web.Response:
    """The last lines of today, newest first; of one counter or one number where asked."""
    after = whole_number(exchange, "after", 0, 0, 10**15 - 1)
    limit = whole_number(exchange, "limit", LINES_DEFAULT, 1, LINES_MAX)
    counter = whole_number(exchange, "counter", 0, 0, NUMBER_MAX)
    number = whole_number(exchange, "number", 0, 0, NUMBER_MAX)
    board = exchange.parts.engine.board
    start = max(after, board.day_sequence - 1, 0)
    if counter or number:
        wanted = _wanted(board, counter, number)
        async with exchange.doors.report_turn:  # It looks through the whole day.
            rows = [] if wanted is None else await _matching(exchange.parts, start, board, wanted, limit)
    else:
        start = max(start, board.sequence - ROWS_PER_LINE * limit)
        rows = await exchange.parts.journal.read(start, ROWS_PER_LINE * limit)
        rows = [row for row in rows if row.sequence <= board.sequence]
    side = await exchange.parts.journal.side_since(rows[0].sequence) if rows else []
    found = await asyncio.to_thread(_lines, exchange.parts, board, rows, side)
    return json_answer(AuditLines(sequence=board.sequence, lines=tuple(found[-limit:][::-1])))


def _wanted(board: Board, counter: int, number: int) -> re.Pattern[str] | None:
    """What the body of an event of this counter and this number holds; None for a number that nobody has."""
    parts = []
    if counter:
        parts.append(rf'(?=.*"(?:from_)?counter":{counter}\b)')
    if number:
        ticket = board.by_number.get(number)
        if ticket is None:
            return None
        parts.append(rf'(?=.*"ticket":"{re.escape(ticket)}")')
    return re.compile("".join(parts))


async def _matching(parts: Parts, start: int, board: Board, wanted: re.Pattern[str], limit: int) -> list[Row]:
    found: deque[Row] = deque(maxlen=ROWS_PER_LINE * limit)
    while start < board.sequence:
        rows = await parts.journal.read(start, min(CHUNK, board.sequence - start))
        if not rows:
            break
        found.extend(row for row in rows if wanted.match(row.body))
        start = rows[-1].sequence
    return list(found)


def _lines(parts: Parts, board: Board, rows: Iterable[Row], side: Iterable[SideRow]) -> list[AuditLine]:
    said: Said = {word.sequence: word.value for word in side if word.name == REASON}
    found = []
    for row in rows:
        event, at = decode_row(row)
        by: Actor | None = getattr(event, "by", None)
        who = "" if by is None else parts.people.directory.name_of(by) or ""
        line = audit_line(board, event, at, row.sequence, who=who, said=said.get(row.sequence, ""), texts=parts.texts)
        if line is not None:
            found.append(line)
    return found

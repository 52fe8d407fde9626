"""The journal for auditors, and the service index computed from it."""

import asyncio
from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib import resources
from typing import get_args

import msgspec
from aiohttp import web

from queue_server.api.errors import HEADERS, invalid
from queue_server.api.exchange import Exchange, json_answer, whole_number
from queue_server.journal.codec import decode_row
from queue_server.journal.export import export_line
from queue_server.journal.port import Journal
from queue_server.reports.definitions import FILE, Definitions, parse_definitions
from queue_server.reports.service_index import By, ServiceIndex, Story, service_index

EVENTS_DEFAULT, EVENTS_MAX = 1000, 5000  # Rows in one answer; the next page begins after the last sequence.
DAYS_MAX = 3700  # Ten years.
CHUNK = 2000
_BY: tuple[By, ...] = get_args(By)


async def events(exchange: Exchange) -> web.Response:
    """`GET /events`: lines of the journal as they are exported."""
    after = whole_number(exchange, "after", 0, 0, 10**15 - 1)
    limit = whole_number(exchange, "limit", EVENTS_DEFAULT, 1, EVENTS_MAX)
    rows = await exchange.parts.journal.read(after, limit)
    body = await asyncio.to_thread(lambda: b"".join(export_line(row) for row in rows))
    return web.Response(body=body, headers={**HEADERS, "Content-Type": "application/x-ndjson"})


async def index(exchange: Exchange) -> web.Response:
    """`GET /service-index`: by default of today, in one row."""
    today = exchange.parts.engine.now().date()
    first, last = _day(exchange, "from", today), _day(exchange, "to", today)
    if last < first:
        raise invalid("to", f"Expected a day from {first.isoformat()} on")
    if (last - first).days > DAYS_MAX:
        raise invalid("from", f"Expected at most {DAYS_MAX} days")
    asked = exchange.request.query.get("by", "")
    by = next((one for one in _BY if one == asked), None)
    if by is None:
        raise invalid("by", f"Expected one of {', '.join(one for one in _BY if one)}")
    async with exchange.doors.report_turn:
        return json_answer(await _index(exchange, first, last, by))


async def _index(exchange: Exchange, first: date, last: date, by: By) -> ServiceIndex:
    journal, board = exchange.parts.journal, exchange.parts.engine.board
    is_today = board.day is not None and first >= board.day
    # The rules in force stand right after the day's first event.
    after = board.day_sequence - 1 if is_today else 0
    stories = _stories(journal, after, board.sequence, asyncio.get_running_loop())
    compute = partial(
        service_index,
        first_day=first,
        last_day=last,
        by=by,
        definitions=await asyncio.to_thread(_definitions),
        journal_head=exchange.parts.engine.head,
    )
    return await asyncio.to_thread(compute, stories)


def _stories(journal: Journal, after: int, until: int, loop: asyncio.AbstractEventLoop) -> Iterator[Story]:
    """The journal's events, read in the loop's turns and decoded in the thread that asks for them."""
    while after < until:
        rows = asyncio.run_coroutine_threadsafe(journal.read(after, min(CHUNK, until - after)), loop).result()
        if not rows:
            return
        for row in rows:
            event, at = decode_row(row)
            yield event, at, row.sequence
        after = rows[-1].sequence


def _definitions() -> Definitions:
    return parse_definitions((resources.files("queue_server.reports") / FILE).read_text(encoding="utf-8"))


def _day(exchange: Exchange, name: str, default: date) -> date:
    text = exchange.request.query.get(name)
    if text is None:
        return default
    try:
        return msgspec.convert(text, date, strict=False)
    except msgspec.ValidationError:
        raise invalid(name, "Expected a day such as 2026-11-23") from None

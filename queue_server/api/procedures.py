"""The catalogue of procedures, for everybody: kiosks, phones and the pages of the staff ask here."""

import asyncio

from aiohttp import web

from queue_server.api.errors import invalid
from queue_server.api.exchange import Exchange, json_answer, whole_number
from queue_server.procedures import read_query, search
from queue_server.views.procedures import procedures_view
from queue_server.wire.procedures import LIMIT_DEFAULT, LIMIT_MAX, QUERY_LENGTH_MAX


async def find(exchange: Exchange) -> web.Response:
    """`GET /procedures`: by code or in anybody's own words; with an empty query the most common ones."""
    asked = exchange.request.query.get("q", "")
    if len(asked) > QUERY_LENGTH_MAX:
        raise invalid("q", f"Expected at most {QUERY_LENGTH_MAX} characters")
    limit = whole_number(exchange, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX)
    query = read_query(asked)
    live = exchange.parts.live
    # In a thread, so that calls and tickets never wait for the milliseconds of a search; one at a time, so that many
    # searches at once take no more than one share of the processor.
    async with live.search_turn:
        index = live.procedures
        hits = await asyncio.to_thread(search, index, query.text, limit)
    return json_answer(procedures_view(index.catalogue, hits, is_cut=query.is_cut))

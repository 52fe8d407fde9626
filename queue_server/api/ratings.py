"""How the visit was: one answer to one invitation."""

from aiohttp import web

from queue_server.api.errors import Problem
from queue_server.api.exchange import Body, Exchange, Task, act, key_of
from queue_server.api.keys import key_fits
from queue_server.api.showing import RATED
from queue_server.core.commands import RateVisit
from queue_server.core.events import RatingGiven
from queue_server.core.ids import AskId, TicketId
from queue_server.engine import Outcome
from queue_server.wire import answers, requests

RATE = Body(requests.Rate)


async def rate(exchange: Exchange) -> web.Response:
    """`POST /ratings`."""
    body = await RATE.read(exchange)
    if body.ticket is not None and not key_fits(exchange.parts, body.ticket, body.key or ""):
        raise Problem(403, "key-wrong", {"field": "key"})
    command = RateVisit(
        by=exchange.asker.actor,
        ask=None if body.ask is None else AskId(body.ask),
        ticket=None if body.ticket is None else TicketId(body.ticket),
        score=body.score,
        reasons=body.reasons,
    )

    def build(outcome: Outcome) -> answers.Rated:
        given = next(event for event in outcome.events if isinstance(event, RatingGiven))
        return answers.Rated(ask=given.ask, score=given.score)

    # All telephones share the public asker, so what they rate keeps their keys apart.
    scope = f"{exchange.asker.actor} {body.ask or body.ticket}"
    task = Task(command=command, shape=RATED, build=build, body=body, fields={"score-unknown": "score"})
    return await act(exchange, task, key_of(exchange, body, scope))

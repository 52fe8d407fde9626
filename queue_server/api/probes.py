"""How the machine is: alive, ready, and in figures for an observer."""

from collections.abc import Iterator

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from queue_server.api.errors import Problem
from queue_server.api.exchange import Exchange, json_answer
from queue_server.core.board import waiting_count
from queue_server.wire import probes as told


async def health(exchange: Exchange) -> web.Response:
    """`/healthz`: the loop turns."""
    del exchange
    return json_answer(told.Health())


async def ready(exchange: Exchange) -> web.Response:
    """`/readyz`: 200 when commands are taken, else 503 with the code of what is in the way."""
    engine = exchange.parts.engine
    if engine.clock_in_doubt is not None:
        raise Problem(503, "clock-unconfirmed", {"why": engine.clock_in_doubt})
    if engine.board.rules is None or engine.board.day is None:
        raise Problem(503, "starting")
    return json_answer(told.Ready(ready=True, sequence=engine.board.sequence))


async def metrics(exchange: Exchange) -> web.Response:
    """`/metrics` in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(exchange))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Figures(Collector):
    """The figures of one moment; made afresh for each question, so that nothing is counted twice."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def collect(self) -> Iterator[Metric]:
        parts, feed = self._exchange.parts, self._exchange.doors.feed
        board = parts.engine.board
        yield CounterMetricFamily("denluot_events", "Events in the journal", value=board.sequence)
        yield GaugeMetricFamily("denluot_screens", "Open feeds", value=feed.count)
        yield CounterMetricFamily("denluot_screens_cut", "Feeds cut off because they did not read", value=feed.cut)
        yield GaugeMetricFamily(
            "denluot_config_problems", "Mistakes in edited files, not in force", value=len(parts.live.problems)
        )
        waiting = GaugeMetricFamily("denluot_waiting", "Tickets waiting", labels=["service"])
        given = GaugeMetricFamily("denluot_numbers_given_today", "Numbers given today", labels=["service"])
        calls = GaugeMetricFamily("denluot_calls_today", "Calls today", labels=["service"])
        refused = GaugeMetricFamily("denluot_numbers_refused_today", "Asked for in vain today", labels=["service"])
        for identity, service in board.services.items():
            waiting.add_metric([identity], waiting_count(board, identity))
            given.add_metric([identity], service.given)
            calls.add_metric([identity], service.tally.calls)
            refused.add_metric([identity], service.refused)
        yield from (waiting, given, calls, refused)
        is_open = sum(1 for one in board.counters.values() if one.is_open)
        yield GaugeMetricFamily("denluot_counters_open", "Counters that call", value=is_open)

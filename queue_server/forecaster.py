"""The hall's forecasts while it runs: learned from what is committed, made in a thread, never on a command's way."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from queue_server.api.parts import Live
from queue_server.core.events import AnyEvent
from queue_server.engine import Commit, Engine
from queue_server.forecast.calibration import Calibration, compare, corrected, remember
from queue_server.forecast.estimates import Estimates, learn, learn_from_history, with_history
from queue_server.forecast.fast_forward import Forecast
from queue_server.forecast.rollouts import forecast
from queue_server.journal.codec import decode_row
from queue_server.journal.port import Journal, Row
from queue_server.views.waits import Told

PAUSE_SECONDS = 1.0
SHARE_MAX = 0.05  # Of a core; where a forecast takes longer than 50 ms, the pause grows so that commands keep the rest.
REFRESH = timedelta(seconds=10)  # With nothing new, people still wait less with each minute that passes.
NEWS_MAX = 2_000  # Events learned from at each turn; in a second with more of them the oldest teach nothing.
HISTORY_EVENTS = 50_000  # About ten days of a commune centre, or a week of a province's.
HISTORY_CHUNK = 2_000

Key = TypeVar("Key")


class Forecaster:
    """Learns from the journal and keeps `Live.waits` and `Live.ticket_waits` fresh.

    Lifetime: of the hall. Concurrency: the loop's thread; forecasts are made elsewhere, from frozen values.
    """

    def __init__(self) -> None:
        """Knowing nothing but what the rules assume."""
        self._estimates = Estimates()
        self._calibration = Calibration()
        self._today: list[tuple[AnyEvent, datetime]] = []
        self._news: deque[tuple[AnyEvent, datetime]] = deque(maxlen=NEWS_MAX)
        self._sequence = -1
        self._has_tried_history = False

    def hear(self, event: AnyEvent, at: datetime) -> None:
        """One event of today, while the board is rebuilt."""
        self._today.append((event, at))

    def follow(self, commit: Commit) -> None:
        """What was just committed; it is learned from later, so that a commit waits for nothing here."""
        self._news.extend(commit.events)

    async def run(self, engine: Engine, live: Live, journal: Journal) -> None:
        """Forecast for ever, first with what earlier days taught; never more than a twentieth of a core."""
        if not self._has_tried_history:
            self._has_tried_history = True  # Tried once: a fault in it must not keep today's forecasts away.
            await self._remember_history(journal)
        made_at = engine.now()
        while True:
            board, at = engine.board, engine.now()
            spent = 0.0
            if board.day is not None and (board.sequence != self._sequence or at - made_at > REFRESH):
                self._sequence, made_at = board.sequence, at
                began = time.monotonic()
                await self._learn()
                # The seed stays the same all day, so that what people are told does not jitter.
                raw = await asyncio.to_thread(forecast, board, self._estimates, at, board.day.toordinal())
                spent = time.monotonic() - began
                self._calibration = remember(self._calibration, raw)
                told = corrected(self._calibration, raw)
                live.waits, live.ticket_waits = dict(_known(told.by_service)), dict(_known(told.by_ticket))
            await asyncio.sleep(max(PAUSE_SECONDS, spent / SHARE_MAX))

    async def _learn(self) -> None:
        news = [*self._today, *self._news]
        self._today.clear()
        self._news.clear()
        if news:
            learned = await asyncio.to_thread(_learned, self._estimates, self._calibration, news)
            self._estimates, self._calibration = learned

    async def _remember_history(self, journal: Journal) -> None:
        """Put what earlier days teach before today's; once, in quiet moments after the start."""
        today = await journal.day_start()
        after = max(today - 1 - HISTORY_EVENTS, 0)
        stories: list[tuple[AnyEvent, datetime]] = []
        while rows := [row for row in await journal.read(after, HISTORY_CHUNK) if row.sequence < today]:
            stories.extend(await asyncio.to_thread(_decoded, rows))
            after = rows[-1].sequence
        past = await asyncio.to_thread(learn_from_history, stories)
        self._estimates = with_history(self._estimates, past)


def _learned(
    estimates: Estimates, calibration: Calibration, news: list[tuple[AnyEvent, datetime]]
) -> tuple[Estimates, Calibration]:
    for event, at in news:
        estimates, calibration = learn(estimates, event, at), compare(calibration, event, at)
    return estimates, calibration


def _decoded(rows: list[Row]) -> list[tuple[AnyEvent, datetime]]:
    return [decode_row(row) for row in rows]


def _known(forecasts: Mapping[Key, Forecast]) -> Iterator[tuple[Key, Told]]:
    for key, one in forecasts.items():
        if one.wait_s is not None:
            yield key, (one.made_at, one.wait_s, one.wait_p90_s)

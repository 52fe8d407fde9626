"""The manager's view while somebody looks at it: made in a thread, at most once a second, from what is committed.

Nothing is kept up while nobody looks: the first look of a day reads its journal, the later ones only what came since.
For lobby screens alone it is today's mean wait, once a minute.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import structlog

from queue_server.api.parts import Parts
from queue_server.core.board import Board
from queue_server.journal.codec import decode_row
from queue_server.journal.port import JournalUnavailable, Row
from queue_server.reports.today import Today
from queue_server.views.lately import Lately
from queue_server.views.manager import Seen, clerks_of, manager_view
from queue_server.wire.codec import encode_view
from queue_server.wire.manager import Day

log = structlog.get_logger()

TURN_SECONDS = 1.0
FRESH_SECONDS = 6.0  # While somebody looks, no frame is older.
REFRESH_SECONDS = 5.0  # Waits grow without commits, and a page knows by it that the link lives.
SHARE_MAX = 0.05  # Of a core; where a turn takes longer than 50 ms, the pause grows.
CHUNK = 2000  # Events that are folded in one go.
MEAN_SECONDS = 60.0  # How old the mean wait on a lobby screen may be.

Wanted = Literal["nothing", "mean", "hall"]
"""What screens need of the day: nothing, the lobby's one figure, or all of the manager's."""


class HallWatch:
    """Keeps `frame`, the manager's view as it goes over the line.

    Lifetime: of the application. Concurrency: `run` is one task; what it folds is touched by one thread at a time.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._today: Today | None = None
        self._lately = Lately()
        self._day_sequence = -1
        self._sequence = 0
        self._news = asyncio.Event()
        self._made_at = -REFRESH_SECONDS
        self._mean_wait: tuple[int, int | None] = (-1, None)
        """Which day it is of, by its sequence, and seconds."""
        self.frame: bytes | None = None

    def mean_wait_s(self, board: Board) -> int | None:
        """Today's mean wait as it was last counted; None while it is not known."""
        day, mean = self._mean_wait
        return mean if day == board.day_sequence else None

    def note(self) -> None:
        """Something was committed, or somebody began to look."""
        self._news.set()

    def at_once(self) -> bytes:
        """A frame for who has just come: the last one if it is fresh, else the board alone until the next turn."""
        if self.frame is None or time.monotonic() - self._made_at > FRESH_SECONDS:
            self.frame = self._encoded(self._parts.engine.board, self._parts.engine.now(), Lately(), None)
            self._made_at = time.monotonic()
        return self.frame

    async def run(self, wants: Callable[[], Wanted], show: Callable[[], None]) -> None:
        """Make a new frame when there is news, until cancelled; `show` is told of each."""
        while True:
            await self._wait(wants())
            began, wanted = time.monotonic(), wants()
            if wanted != "nothing":
                board, at = self._parts.engine.board, self._parts.engine.now()
                try:
                    await self._catch_up(board)
                except JournalUnavailable:
                    log.warning("the figures of the day stand still", sequence=self._sequence)
                await asyncio.to_thread(self._figure, board)
                if wanted == "hall":
                    self.frame = await asyncio.to_thread(self._make, board, at)
                    self._made_at = time.monotonic()
                    show()
            await asyncio.sleep(max(TURN_SECONDS, (time.monotonic() - began) / SHARE_MAX))

    async def _wait(self, wanted: Wanted) -> None:
        pauses = {"nothing": None, "mean": MEAN_SECONDS, "hall": REFRESH_SECONDS - TURN_SECONDS}
        try:
            async with asyncio.timeout(pauses[wanted]):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    async def _catch_up(self, board: Board) -> None:
        """Fold what was committed since the last turn, up to this very board."""
        if board.day is None:
            return
        if self._today is None or self._day_sequence != board.day_sequence:
            # The rules in force stand right after the day's first event.
            self._today, self._lately = Today(board.day), Lately()
            self._day_sequence, self._sequence = board.day_sequence, board.day_sequence - 1
        while self._sequence < board.sequence:
            rows = await self._parts.journal.read(self._sequence, min(CHUNK, board.sequence - self._sequence))
            if not rows:
                return
            await asyncio.to_thread(_fold, rows, self._today, self._lately)
            self._sequence = rows[-1].sequence

    def _figure(self, board: Board) -> None:
        """The mean wait of the day; in a thread."""
        if self._today is not None and self._day_sequence == board.day_sequence:
            hall, _ = self._today.figures()
            self._mean_wait = (self._day_sequence, hall.wait_mean_s)

    def _make(self, board: Board, at: datetime) -> bytes:
        """The frame with the figures; in a thread."""
        today, day = self._today, None
        if today is not None and self._day_sequence == board.day_sequence:
            hall, services = today.figures()
            day = Day(day=today.day, sequence=self._sequence, hall=hall, services=services, steps=today.steps(at))
        return self._encoded(board, at, self._lately, day)

    def _encoded(self, board: Board, at: datetime, lately: Lately, day: Day | None) -> bytes:
        parts = self._parts
        names = {actor: name for actor in clerks_of(board) if (name := parts.people.directory.name_of(actor))}
        seen = Seen(
            waits=parts.live.waits,
            lately=lately,
            names=names,
            day=day,
            calls=parts.live.alerts,
            problems=parts.live.problems,
            is_behind=day is not None and day.sequence < board.sequence,
        )
        return encode_view(board.sequence, manager_view(board, seen, at=at, texts=parts.texts))


def _fold(rows: list[Row], today: Today, lately: Lately) -> None:
    for row in rows:
        event, at = decode_row(row)
        today.follow(event, at)
        lately.follow(event, at)

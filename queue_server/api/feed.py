"""The broadcaster: one task that gives every screen what it should draw, and never waits for any of them.

A view is whole, so the latest wins: after a commit it goes out at once when nothing went out lately, else with the next
turn. It is built and encoded once for all screens that see the same. Announcements are never left out.
"""

import asyncio
import time
from collections import Counter as Tally
from typing import Literal

import structlog
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web
from msgspec import Struct

from queue_server.api.errors import keep_running
from queue_server.api.parts import Parts
from queue_server.api.watch import HallWatch, Wanted
from queue_server.core.effects import AnnounceTicket
from queue_server.core.ids import CounterNumber
from queue_server.core.react import unanswered
from queue_server.engine import Commit
from queue_server.people.directory import Principal
from queue_server.views import announce_view, counter_view, guide_view, kiosk_view, lobby_view
from queue_server.views.tickets import NO_WORDS
from queue_server.wire.codec import encode, encode_view
from queue_server.wire.messages import TOO_SLOW

TURN_SECONDS = 0.1  # At most ten views a second for each screen.
REFRESH_SECONDS = 5.0  # Waits and opening hours move without commits; and a screen knows by it that the link lives.
SLOW_SECONDS = 10.0  # A screen that has not taken a view for so long is cut off.
UNSENT_BYTES_MAX = 262_144  # The same, for announcements that pile up before that.
YIELD_EVERY = 128  # Screens between two turns of the loop: a thousand writes would hold it for 8 ms.
CLOSE_SECONDS = 2.0  # So long a closing screen may take to answer.
ABORT_SECONDS = 20.0  # Then what it has not read is dropped with the connection.
SIGNED_OUT = 4401
"""The close code for a screen whose token or session is worth nothing any more."""

HEAD_LENGTH = 12

ViewKind = Literal["lobby", "kiosk", "counter", "guide", "manager"]
log = structlog.get_logger()


class ViewKey(Struct, frozen=True):
    """What a screen shows; screens with the same key get the same bytes."""

    kind: ViewKind
    zone: str = ""
    counter: CounterNumber = CounterNumber(0)
    is_staff: bool = False


class Gone(Struct, frozen=True):
    """The counter of this screen is no longer in the rules."""

    number: int
    state: Literal["gone"] = "gone"


class Screen:
    """One open feed.

    Lifetime: of its connection. Concurrency: its handler greets it, then the broadcaster alone writes to it.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        key: ViewKey,
        principal: Principal | None,
        address: str,
    ) -> None:
        self.key = key
        self.principal = principal
        self.address = address
        self.socket = socket
        self.transport = transport
        self.shown: bytes | None = None
        """The last view that was written, to tell whether the present one is another."""
        self.behind_since: float | None = None
        self.joined_at = 0
        """The sequence of its first view; announcements up to there are not the broadcaster's."""

    async def write(self, message: bytes) -> None:
        """Hand a message to the connection; does not wait for the screen (see `writer_limit` in `screens`).

        A frame made once and written to the transport would save a tenth of the cost, but goes round aiohttp's closing.
        """
        await self.socket.send_frame(message, WSMsgType.TEXT)


class Feed:
    """All screens of the hall.

    Lifetime: of the application. Concurrency: the loop's thread; `run` is the one task that writes.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._screens: set[Screen] = set()
        self._by_address: Tally[str] = Tally()
        self._announcements: list[tuple[AnnounceTicket, bytes]] = []
        self._frames: dict[ViewKey, bytes] = {}
        self._wake = asyncio.Event()
        self._is_dirty = False
        self._sent_at = 0.0
        self._watch = HallWatch(parts)
        self._managers: set[Screen] = set()
        self._is_hall_new = False
        self.cut = 0
        """Screens cut off because they did not read."""

    @property
    def count(self) -> int:
        """Open screens."""
        return len(self._screens)

    def count_from(self, address: str) -> int:
        """Open screens of one address without sign-in."""
        return self._by_address[address]

    def follow(self, commit: Commit) -> None:
        """Take note of a commit; called by the engine, so it only takes note."""
        for effect in commit.effects:
            if isinstance(effect, AnnounceTicket) and self._screens:
                message = encode(announce_view(commit.board, effect, self._parts.texts))
                self._announcements.append((effect, message))
        self.refresh()

    def refresh(self) -> None:
        """Something that views show has changed, with a commit or without."""
        if self._announcements or not self._is_dirty:  # Otherwise the next turn is arranged already.
            self._wake.set()
        self._is_dirty = True
        if self._managers:
            self._watch.note()

    def _wants(self) -> Wanted:
        if self._managers:
            return "hall"
        return "mean" if any(screen.key.kind == "lobby" for screen in self._screens) else "nothing"

    def _show_hall(self) -> None:
        self._is_hall_new = True
        self._wake.set()

    # Coming and going

    async def greet(self, screen: Screen, welcome: bytes, after: int | None) -> None:
        """Welcome a screen, announce again what it may have missed, and show it the present view."""
        board, at = self._parts.engine.board, self._parts.engine.now()
        missed = () if after is None else unanswered(board, at, after)
        messages = [encode(announce_view(board, one, self._parts.texts)) for one in missed if self._hears(screen, one)]
        frame = self._frame(screen.key)
        # The board and the joining belong to one turn of the loop: what is committed later comes by the broadcaster.
        screen.joined_at = board.sequence
        self._screens.add(screen)
        if screen.principal is None:
            self._by_address[screen.address] += 1
        if screen.key.kind == "manager":
            self._managers.add(screen)
        if screen.key.kind in {"manager", "lobby"}:
            self._watch.note()
        screen.shown = frame
        for message in (welcome, *messages, frame):
            await screen.write(message)

    def leave(self, screen: Screen) -> None:
        """Forget a screen; a second call does nothing."""
        if screen not in self._screens:
            return
        self._screens.discard(screen)
        self._managers.discard(screen)
        if screen.principal is None:
            self._by_address[screen.address] -= 1
            if not self._by_address[screen.address]:
                del self._by_address[screen.address]

    # Broadcasting

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._see_out(group), name="feed sign-outs")
            watching = keep_running("watch", lambda: self._watch.run(self._wants, self._show_hall))
            group.create_task(watching, name="watch")
            while True:
                await self._wait()
                await self._send_announcements(group)
                now = time.monotonic()
                if now >= self._sent_at + (TURN_SECONDS if self._is_dirty else REFRESH_SECONDS):
                    self._is_dirty, self._sent_at = False, now
                    self._frames.clear()
                    await self._send_views(group, now, tuple(self._screens))
                elif self._is_hall_new:
                    await self._send_views(group, now, tuple(self._managers))
                self._is_hall_new = False

    async def _wait(self) -> None:
        due = self._sent_at + (TURN_SECONDS if self._is_dirty else REFRESH_SECONDS) - time.monotonic()
        if due > 0:
            try:
                async with asyncio.timeout(due):
                    await self._wake.wait()
            except TimeoutError:
                return
        self._wake.clear()

    async def _send_announcements(self, group: asyncio.TaskGroup) -> None:
        announcements, self._announcements = self._announcements, []
        if not announcements:
            return
        for position, screen in enumerate(tuple(self._screens), start=1):
            for effect, message in announcements:
                if effect.sequence > screen.joined_at and self._hears(screen, effect):
                    await self._write(group, screen, message)
            if position % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _send_views(self, group: asyncio.TaskGroup, now: float, screens: tuple[Screen, ...]) -> None:
        for position, screen in enumerate(screens, start=1):
            if screen.transport.get_write_buffer_size() == 0:
                screen.behind_since = None
                frame = self._frame(screen.key)
                if screen.shown is not frame:
                    screen.shown = frame
                    await self._write(group, screen, frame)
            elif screen.behind_since is None:
                screen.behind_since = now
                self._is_dirty = True  # It gets the newest view as soon as it has read the last one.
            elif now - screen.behind_since > SLOW_SECONDS:
                self._cut(group, screen)
            else:
                self._is_dirty = True
            if position % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _write(self, group: asyncio.TaskGroup, screen: Screen, message: bytes) -> None:
        if screen not in self._screens:
            return
        if screen.transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
            self._cut(group, screen)
            return
        try:
            await screen.write(message)
        except (ClientConnectionResetError, ConnectionError, RuntimeError):
            self.leave(screen)  # It closed meanwhile; its handler sees the same and ends.

    def _hears(self, screen: Screen, effect: AnnounceTicket) -> bool:
        match screen.key.kind:
            case "counter":
                return effect.counter == screen.key.counter
            case "lobby" if screen.key.zone:
                counter = self._parts.engine.board.counters.get(effect.counter)
                return counter is not None and counter.rules.zone == screen.key.zone
            case _:
                return True

    def _frame(self, key: ViewKey) -> bytes:
        """The view of all screens with this key, encoded once for each turn; the manager's at a pace of its own."""
        if key.kind == "manager":
            return self._watch.at_once()
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = encode_view(self._parts.engine.board.sequence, self._view(key))
        return frame

    def _view(self, key: ViewKey) -> Struct:
        parts, board, at = self._parts, self._parts.engine.board, self._parts.engine.now()
        match key.kind:
            case "lobby":
                mean = self._watch.mean_wait_s(board)
                waits, texts = parts.live.waits, parts.texts
                return lobby_view(board, at=at, waits=waits, texts=texts, zone=key.zone, mean_wait_s=mean)
            case "kiosk" | "manager":
                return kiosk_view(board, at=at, waits=parts.live.waits, texts=parts.texts)
            case "guide":
                words, alerts = parts.engine.words, parts.live.alerts
                return guide_view(board, at=at, waits=parts.live.waits, texts=parts.texts, words=words, alerts=alerts)
            case "counter":
                counter = board.counters.get(key.counter)
                if counter is None:
                    return Gone(number=key.counter)
                return counter_view(
                    board,
                    counter,
                    at=at,
                    head=parts.engine.head[:HEAD_LENGTH],
                    texts=parts.texts,
                    words=parts.engine.words if key.is_staff else NO_WORDS,
                    clerk=None if counter.clerk is None else parts.people.directory.name_of(counter.clerk),
                )

    # Ending

    async def _see_out(self, group: asyncio.TaskGroup) -> None:
        """Close the feeds of tokens and sessions that are worth nothing any more."""
        directory, generation = self._parts.people.directory, self._parts.people.directory.generation
        while True:
            for screen in tuple(self._screens):
                if screen.principal is not None and not directory.stands(screen.principal):
                    self._end(group, screen, SIGNED_OUT, b"signed out")
            generation = await directory.changed(generation)

    def _cut(self, group: asyncio.TaskGroup, screen: Screen) -> None:
        self.cut += 1
        log.info("slow screen cut off", view=screen.key.kind)
        self._end(group, screen, TOO_SLOW, b"too slow")

    def _end(self, group: asyncio.TaskGroup, screen: Screen, code: int, why: bytes) -> None:
        self.leave(screen)
        group.create_task(close(screen, code, why), name=f"closing a {screen.key.kind} screen")

    async def close_all(self) -> None:
        """The server goes down: every screen is told, all at once."""
        screens = tuple(self._screens)
        for screen in screens:
            self.leave(screen)
        await asyncio.gather(*(close(screen, WSCloseCode.GOING_AWAY, b"server stops") for screen in screens))


async def close(screen: Screen, code: int, why: bytes) -> None:
    """Say goodbye; a screen that does not answer loses the connection, and later what it has not read."""
    asyncio.get_running_loop().call_later(ABORT_SECONDS, screen.transport.abort)
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await screen.socket.close(code=code, message=why, drain=False)
    except (TimeoutError, ConnectionError):
        screen.transport.close()

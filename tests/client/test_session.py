"""A screen's link on real sockets: commands are done once, and the feed comes back by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from queue_server.client import session as session_module
from queue_server.client.session import HallRefused, HallSession, LinkDown, LinkLost, OtherSchema
from queue_server.wire.answers import Error, ErrorAnswer, NextAnswer
from queue_server.wire.codec import encode
from queue_server.wire.fields import Bilingual
from queue_server.wire.messages import Announce, Audio, Welcome

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries grow from milliseconds here."""
    monkeypatch.setattr(session_module, "RETRY_SECONDS_MIN", 0.005)
    monkeypatch.setattr(session_module, "RETRY_SECONDS_MAX", 0.02)


class Server:
    """A server that the test tells what to answer."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.queries: list[str] = []
        self.statuses: list[int] = []
        self.feeds: list[list[bytes]] = []

    async def command(self, request: web.Request) -> web.Response:
        """Answer with the next status; 0 drops the connection without a word."""
        self.keys.append(request.headers["Idempotency-Key"])
        status = self.statuses.pop(0)
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
        if status < 400:
            return web.Response(body=encode(NextAnswer(None)))
        error = Error(code="counter-closed", message=Bilingual("Quầy đóng", "Closed"), detail={"counter": 1})
        return web.Response(status=status, body=encode(ErrorAnswer(error)))

    async def feed(self, request: web.Request) -> web.WebSocketResponse:
        """Say the next messages and hang up."""
        self.queries.append(request.query_string)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for message in self.feeds.pop(0) if self.feeds else []:
            await socket.send_str(message.decode())
        await socket.close()
        return socket


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Server, HallSession]]:
    """The server and a session with it."""
    server, app = Server(), web.Application()
    app.router.add_post("/next", server.command)
    app.router.add_get("/api/v1/feed", server.feed)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with HallSession(f"http://127.0.0.1:{runner.addresses[0][1]}", "token") as session:
            yield server, session
    finally:
        await runner.cleanup()


def _welcome(sequence: int, schema_min: int = 1, schema: int = 1) -> bytes:
    return encode(Welcome(sequence=sequence, now=NOW, schema_min=schema_min, schema=schema))


def _announce(sequence: int) -> bytes:
    return encode(
        Announce(
            sequence=sequence,
            number=1001,
            shown="1001",
            counter=1,
            label="1",
            repeat=False,
            text=Bilingual("Mời", "Please"),
            audio=Audio(),
        )
    )


async def test_a_command_is_sent_again_under_one_key_until_it_is_answered() -> None:
    """A lost answer, a full inbox, a restart: the citizen gets one number."""
    async with serving() as (server, session):
        server.statuses = [0, 503, 429, 200]
        assert await session.ask("POST", "/next", NextAnswer) == NextAnswer(None)
    assert len(server.keys) == 4
    assert len(set(server.keys)) == 1


async def test_a_no_is_told_at_once() -> None:
    """What the rules refuse is not asked again."""
    async with serving() as (server, session):
        server.statuses = [409]
        with pytest.raises(HallRefused) as refused:
            await session.ask("POST", "/next", NextAnswer)
    assert (refused.value.status, refused.value.code, refused.value.detail) == (409, "counter-closed", {"counter": 1})
    assert refused.value.message.vi == "Quầy đóng"


async def test_a_hall_that_stays_away_is_reported() -> None:
    """The kiosk must go over to its lease, not wait for ever."""
    async with serving() as (server, session):
        server.statuses = [503] * 1000
        with pytest.raises(LinkLost):
            await session.ask("POST", "/next", NextAnswer, within_s=0.1)


async def test_the_feed_comes_back_and_says_each_call_once() -> None:
    """After a broken link a screen asks for what it missed, and does not repeat what it said."""
    async with serving() as (server, session), asyncio.timeout(10):
        assert session.is_stale
        server.feeds = [
            [_welcome(5), _announce(6), b'{"kind":"from-the-future"}'],
            [_welcome(6), _announce(6), _announce(7)],
        ]
        heard: list[object] = []
        async for message in session.feed("lobby", zone="a"):
            heard.append(message)
            if isinstance(message, Announce) and message.sequence == 7:
                break
        assert not session.is_stale
    announced = [message.sequence for message in heard if isinstance(message, Announce)]
    assert announced == [6, 7]
    assert any(isinstance(message, LinkDown) for message in heard)
    assert server.queries == ["view=lobby&zone=a", "view=lobby&zone=a&after=6"]
    assert session.reader.unknown == {"from-the-future": 1}


async def test_a_server_of_another_age_is_told_apart() -> None:
    """A screen that guesses would show wrong numbers; it asks to be updated instead."""
    async with serving() as (server, session):
        server.feeds = [[_welcome(1, schema_min=7, schema=9)]]
        with pytest.raises(OtherSchema):
            async for _ in session.feed("lobby"):
                pass


async def test_a_session_needs_no_server_to_start() -> None:
    """Screens are switched on before the server, every morning."""
    async with HallSession("http://127.0.0.1:9") as session, asyncio.timeout(5):
        feed = session.feed("lobby")
        assert await anext(feed) == LinkDown(1)
        assert await anext(feed) == LinkDown(2)
        assert session.is_stale

"""Screens on real sockets: nothing that was called is lost, and no screen holds up another."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from queue_server.api import feed as feed_module
from queue_server.api.feed import SIGNED_OUT
from queue_server.wire.messages import TOO_SLOW
from tests.api.halls import TestHall, a_hall

PATIENCE_S = 8.0


@asynccontextmanager
async def a_screen(hall: TestHall, query: str, role: str | None = None, **headers: str) -> AsyncIterator[Any]:
    """An open feed."""
    sent = dict(headers)
    if role is not None:
        sent["Authorization"] = f"Bearer {hall.tokens[role]}"
    async with hall.http.ws_connect(f"{hall.url}/api/v1/feed?{query}", headers=sent) as opened:
        yield opened


async def hear(screen: Any, kind: str) -> Any:
    """The next message of a kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = await screen.receive()
            assert message.type is aiohttp.WSMsgType.TEXT, message
            read = json.loads(message.data)
            if read["kind"] == kind:
                return read


async def status_of(hall: TestHall, query: str, role: str | None = None, **headers: str) -> int:
    """What a feed that is refused is answered."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with a_screen(hall, query, role, **headers):
            pass
    return refused.value.status


async def call_one(hall: TestHall) -> int:
    """A ticket, called to counter 1."""
    ticket = await hall.ticket()
    await hall.post("/counters/1/open", role="clerk")
    called = await hall.post("/counters/1/next", role="clerk")
    assert called.body["ticket"]["number"] == ticket["number"]
    number: int = ticket["number"]
    return number


async def test_a_screen_is_welcomed_with_the_whole_view(hall: TestHall) -> None:
    """A screen that starts draws at once, without asking for anything else."""
    async with a_screen(hall, "view=lobby") as screen:
        welcome = await hear(screen, "welcome")
        assert (welcome["schema"], welcome["schema_min"]) == (1, 1)
        view = await hear(screen, "view")
        assert view["sequence"] == welcome["sequence"] == hall.parts.engine.board.sequence
        assert view["view"]["name"] == {"vi": "Xã Thử", "en": "Test commune"}


async def test_the_lobby_is_for_everybody_and_the_rest_is_not(hall: TestHall) -> None:
    """A counter's view names the people who wait."""
    assert await status_of(hall, "view=kiosk") == 401
    assert await status_of(hall, "view=counter&counter=1") == 401
    assert await status_of(hall, "view=counter&counter=1", "kiosk") == 403
    assert await status_of(hall, "view=counter&counter=1", "clerk of 2") == 403
    assert await status_of(hall, "view=counter&counter=77", "clerk") == 404
    assert await status_of(hall, "view=counter", "clerk") == 422
    assert await status_of(hall, "view=nothing") == 422
    assert await status_of(hall, "view=lobby&after=x") == 422
    assert await status_of(hall, "view=lobby", Origin="https://evil.example") == 403
    async with a_screen(hall, "view=kiosk", "kiosk") as screen:
        assert (await hear(screen, "view"))["view"]["priority"][0]["group"] == "cao-tuoi"


async def test_what_was_missed_is_announced_again_while_nobody_answered(hall: TestHall) -> None:
    """A link that breaks just as a number is called must not lose the citizen's turn."""
    async with a_screen(hall, "view=lobby") as screen:
        before = (await hear(screen, "view"))["sequence"]
    number = await call_one(hall)
    async with a_screen(hall, f"view=lobby&after={before}") as screen:
        again = await hear(screen, "announce")
        assert (again["number"], again["counter"], again["label"]) == (number, 1, "1")
    async with a_screen(hall, f"view=lobby&after={again['sequence']}") as screen:
        await hear(screen, "view")
        await hall.post("/counters/1/recall", role="clerk")
        assert (await hear(screen, "announce"))["repeat"] is True
    await hall.post("/counters/1/start", role="clerk")
    async with a_screen(hall, f"view=lobby&after={before}") as screen:
        await hear(screen, "view")
        await call_one(hall)
        assert (await hear(screen, "announce"))["number"] == number + 1


async def test_views_are_coalesced_and_announcements_are_not(hall: TestHall) -> None:
    """Two hundred changes in a second are ten views; but each call is heard."""
    await hall.serving(1)
    await asyncio.gather(*(hall.ticket() for _ in range(30)))
    views, calls = 0, []
    async with a_screen(hall, "view=lobby") as screen:
        await hear(screen, "view")
        for _ in range(30):
            await hall.post("/counters/1/next", role="clerk")
        last = hall.parts.engine.board.sequence
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = json.loads((await screen.receive()).data)
                if message["kind"] == "announce":
                    calls.append(message["number"])
                elif message["sequence"] == last:
                    break
                else:
                    views += 1
    assert calls == list(range(1001, 1031))
    assert views < 20


async def test_zones_and_counters_hear_only_their_own(hall: TestHall) -> None:
    """A voice for counter 2 in the room of counter 1 sends citizens the wrong way."""
    await hall.ticket()
    await hall.ticket()
    await hall.serving(1)
    await hall.serving(2)
    async with (
        a_screen(hall, "view=lobby&zone=a") as zone,
        a_screen(hall, "view=counter&counter=1", "clerk") as desk,
        a_screen(hall, "view=lobby") as everything,
    ):
        for screen in (zone, desk, everything):
            await hear(screen, "view")
        await hall.post("/counters/2/next", role="clerk")
        await hall.post("/counters/1/next", role="clerk")
        assert (await hear(zone, "announce"))["counter"] == 1
        assert (await hear(desk, "announce"))["counter"] == 1
        assert (await hear(everything, "announce"))["counter"] == 2
        assert (await hear(desk, "view"))["view"]["ticket"]["number"] == 1002


async def test_the_public_view_holds_nothing_of_persons(hall: TestHall) -> None:
    """Groups, reasons and names stay behind the desk."""
    await hall.ticket(priority="cao-tuoi", dossiers=["HS-1"])
    await call_one_priority(hall)
    async with a_screen(hall, "view=lobby") as screen:
        text = json.dumps(await hear(screen, "view"), ensure_ascii=False)
    for word in ("cao-tuoi", "HS-1", "reason", "clerk", "rank"):
        assert word not in text


async def call_one_priority(hall: TestHall) -> None:
    """Whoever waits is called."""
    await hall.serving(1)
    await hall.post("/counters/1/next", role="clerk")


async def test_a_revoked_token_loses_its_screen_within_a_second(hall: TestHall) -> None:
    """A stolen display must go dark, not at its next start."""
    async with a_screen(hall, "view=kiosk", "display") as screen:
        await hear(screen, "view")
        await hall.call("DELETE", "/api/v1/tokens/the display", role="admin")
        async with asyncio.timeout(1):
            while (await screen.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert screen.close_code == SIGNED_OUT


async def test_there_is_a_limit_on_screens(tmp_path: Path) -> None:
    """Somebody who opens a thousand lobbies must not shut the hall's own screens out."""
    async with a_hall(tmp_path / "hall", server="screens_max = 3\nscreens_per_address_max = 2") as hall:
        async with a_screen(hall, "view=lobby"), a_screen(hall, "view=lobby"):
            assert await status_of(hall, "view=lobby") == 429
            async with a_screen(hall, "view=kiosk", "kiosk"):
                assert await status_of(hall, "view=kiosk", "display") == 503
        async with asyncio.timeout(PATIENCE_S), a_screen(hall, "view=lobby") as screen:
            await hear(screen, "view")


async def test_a_screen_that_does_not_read_is_cut_off_and_told(hall: TestHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """One dead screen must not take the memory of the server, nor hold up the living ones."""
    monkeypatch.setattr(feed_module, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(feed_module, "REFRESH_SECONDS", 0.05)
    monkeypatch.setattr(feed_module, "UNSENT_BYTES_MAX", 50_000)
    large = "x" * 60_000
    monkeypatch.setattr(
        feed_module,
        "encode_view",
        lambda sequence, _: json.dumps({"kind": "view", "sequence": sequence, "view": large}).encode(),
    )
    host, port = hall.url.removeprefix("http://").split(":")
    loop = asyncio.get_running_loop()
    with socket.socket() as dead:
        dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        dead.setblocking(False)
        await loop.sock_connect(dead, (host, int(port)))
        await loop.sock_sendall(dead, _handshake(host))
        async with a_screen(hall, "view=lobby") as living, asyncio.timeout(PATIENCE_S):
            while not hall_feed(hall).cut:
                await hear(living, "view")
            await hear(living, "view")
            tail = b""
            while not tail.endswith(b"too slow"):
                received = await loop.sock_recv(dead, 65_536)
                assert received, "closed without a word"
                tail = (tail + received)[-64:]
        assert tail[-10:-8] == TOO_SLOW.to_bytes(2, "big")


def hall_feed(hall: TestHall) -> Any:
    """The broadcaster, found where the engine tells it of commits."""
    return hall.parts.engine.followers[-1].__self__  # type: ignore[attr-defined]  # A bound method knows its object.


def _handshake(host: str) -> bytes:
    return (
        f"GET /api/v1/feed?view=lobby HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


async def test_a_stopping_server_says_goodbye(tmp_path: Path) -> None:
    """A screen that is told looks for the server again at once."""
    async with aiohttp.ClientSession() as http:
        async with a_hall(tmp_path / "hall") as hall:
            screen = await http.ws_connect(f"{hall.url}/api/v1/feed?view=lobby")
            await hear(screen, "view")
            waiting = asyncio.ensure_future(_until_closed(screen))  # Ends with the hall below.
        assert await waiting == aiohttp.WSCloseCode.GOING_AWAY


async def _until_closed(screen: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in screen:
        pass
    return screen.close_code

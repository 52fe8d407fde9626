"""Sockets as careless and hostile clients use them: nobody keeps one for nothing, and every no has one shape."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from queue_server.api import exchange
from queue_server.api.listening import Patience
from tests.api.halls import Json, TestHall, a_hall

SOON = Patience(idle_s=60, head_s=0.2, lingering_s=0.2)
"""Of the limits only that of heads comes into a test's time."""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
SECRET = b"dl_secret"


class Socket:
    """A client that sends whatever it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def to_the_end(self) -> bytes:
        """Everything until the server closes; a server that does not is a failure."""
        async with asyncio.timeout(5):
            return await self.reader.read()

    async def answer(self) -> tuple[bytes, bytes]:
        """One answer, head and body."""
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            [length] = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            return head, await self.reader.readexactly(int(length.split(b":")[1]))


@asynccontextmanager
async def socket_to(hall: TestHall) -> AsyncIterator[Socket]:
    """A connection of one's own."""
    host, port = hall.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Socket(reader, writer)
    finally:
        writer.close()


def error_of(answer: bytes, status: int) -> Json:
    """The error in the last answer before the end, which says what every answer of ours says."""
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *headers = head.lower().split(b"\r\n")
    assert line.split()[1] == str(status).encode()
    assert {b"content-type: application/json", b"server: denluot", b"cache-control: no-store"} <= set(headers)
    whole = json.loads(body)
    assert set(whole) == {"error"}
    assert set(whole["error"]) == {"code", "message", "detail"}
    assert all(whole["error"]["message"][tongue] for tongue in ("vi", "en"))
    return whole["error"]


# What is no request


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"HELLO\r\n\r\n", "malformed-request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "malformed-request"),
        (b"GET http://[ HTTP/1.1\r\nHost: h\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X: y\r\n" * 200 + b"\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 9000 + b"\r\n\r\n", "head-too-long"),
        (b"GET /" + b"y" * 9000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", "head-too-long"),
    ],
    ids=["words", "tls", "address", "length", "negative", "twice", "zero", "many", "long header", "long address"],
)
async def test_what_is_no_request_gets_an_error_like_any_other(hall: TestHall, raw: bytes, code: str) -> None:
    """A client reads one shape of error; plain text in its place would be one more thing that breaks it."""
    async with socket_to(hall) as client:
        client.send(raw)
        error = error_of(await client.to_the_end(), 400)
    assert error["code"] == code
    assert error["detail"] == ({"limit": 8190} if code == "head-too-long" else {})
    assert (await hall.call("GET", "/healthz")).status == 200


async def test_what_is_no_request_is_not_quoted(hall: TestHall) -> None:
    """The line that is wrong may hold a token, and answers are copied into reports of faults."""
    async with socket_to(hall) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + SECRET + b"\x00\r\n\r\n")
        answer = await client.to_the_end()
    assert error_of(answer, 400)["code"] == "malformed-request"
    assert SECRET not in answer


async def test_requests_before_a_spoilt_one_are_answered(hall: TestHall) -> None:
    """What was asked rightly was asked."""
    async with socket_to(hall) as client:
        client.send(HEALTH)
        head, _ = await client.answer()
        assert b" 200 " in head
        client.send(b"GET / HTTP/9\r\n\r\n")
        assert error_of(await client.to_the_end(), 400)["code"] == "malformed-request"


# Who does not get on with it


async def test_an_idle_connection_is_closed_without_a_word(tmp_path: Path) -> None:
    """An answer to nothing would be taken for the answer to the next request; blank lines are nothing, too."""
    async with (
        a_hall(tmp_path / "hall", patience=Patience(idle_s=0.2, head_s=0.1)) as hall,
        socket_to(hall) as silent,
        socket_to(hall) as blank,
        socket_to(hall) as served,
    ):
        blank.send(b"\r\n\r\n")
        served.send(HEALTH)
        head, _ = await served.answer()
        assert b" 200 " in head
        assert [await one.to_the_end() for one in (silent, blank, served)] == [b"", b"", b""]


@pytest.mark.parametrize("first", [b"", HEALTH], ids=["first request", "second request"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_head_that_never_ends_is_answered_408_and_closed(tmp_path: Path, loop: str, first: bytes) -> None:
    """A thousand clients who send one letter a minute would else hold a thousand open files; whatever loop runs."""
    runner = pytest.importorskip(loop)  # With uvloop, which is optional, the first bytes come sooner.
    runner.run(_send_a_head_without_end(tmp_path / "hall", first))


async def _send_a_head_without_end(folder: Path, first: bytes) -> None:
    async with a_hall(folder, patience=SOON) as hall, socket_to(hall) as client:
        if first:
            client.send(first)
            head, _ = await client.answer()
            assert b" 200 " in head
        client.send(b"POST /api/v1/tickets HTTP/1.1\r\nHost: h\r\nX-Slow: ")
        answer = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(client.to_the_end())
            reading.add_done_callback(lambda _: answer.set())
            while not await _within(answer, 0.02):
                client.send(b"y")
        assert error_of(reading.result(), 408)["code"] == "request-timeout"
        assert (await hall.call("GET", "/healthz")).status == 200


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def test_heads_in_pieces_are_served_each_in_its_own_time(tmp_path: Path) -> None:
    """Weak Wi-Fi sends a request in two halves; the limit is for one head, and not for all heads of a connection."""
    patience = Patience(idle_s=60, head_s=0.3)
    async with a_hall(tmp_path / "hall", patience=patience) as hall, socket_to(hall) as client:
        half, never = len(HEALTH) // 2, asyncio.Event()
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < began + 3 * patience.head_s:
            client.send(HEALTH[:half])
            await _within(never, 0.05)
            client.send(HEALTH[half:])
            head, _ = await client.answer()
            assert b" 200 " in head


async def test_a_body_that_never_ends_is_answered_408_and_closed(
    hall: TestHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with the other half of a request; and the ticket is not issued."""
    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.1)
    sequence = hall.parts.engine.board.sequence
    async with socket_to(hall) as client:
        token = hall.tokens["kiosk"].encode()
        client.send(b"POST /api/v1/tickets HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + b"\r\n")
        client.send(b'Content-Length: 100\r\n\r\n{"service":"ho-')
        assert error_of(await client.to_the_end(), 408)["code"] == "request-timeout"
    assert hall.parts.engine.board.sequence == sequence


async def test_a_screen_that_listens_is_not_idle(tmp_path: Path) -> None:
    """The lobby's screen asks once and listens all day."""
    async with (
        a_hall(tmp_path / "hall", patience=Patience(idle_s=0.2, head_s=0.2)) as hall,
        hall.http.ws_connect(f"{hall.url}/api/v1/feed?view=lobby") as screen,
        socket_to(hall) as idle,
    ):
        assert await idle.to_the_end() == b""
        await hall.serving(1)
        async with asyncio.timeout(5):
            while '"open"' not in await screen.receive_str():
                pass

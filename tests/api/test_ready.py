"""Answers that leave in one piece are the same HTTP as all others, whoever reads them and however."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from queue_server.api import exchange, ready
from tests.api.halls import TestHall, a_hall
from tests.api.test_listening import socket_to

REQUESTS = 40_000
BODY = b'{"service":"ho-tich"}'


def a_take(hall: TestHall, version: str = "1.1", extra: str = "", body: bytes = BODY) -> bytes:
    """`POST /tickets` as bytes."""
    head = (
        f"POST /api/v1/tickets HTTP/{version}\r\nHost: h\r\nAuthorization: Bearer {hall.tokens['kiosk']}\r\n"
        f"Content-Length: {len(body)}\r\n{extra}\r\n"
    )
    return head.encode() + body


def headers_of(head: bytes) -> dict[str, str]:
    """The headers, none of which may be there twice."""
    lines = head.decode().strip().split("\r\n")[1:]
    named = [line.partition(": ") for line in lines]
    assert len({name.lower() for name, _, _ in named}) == len(named)
    return {name.lower(): value for name, _, value in named}


async def test_it_says_what_every_answer_says(hall: TestHall) -> None:
    """A cache that keeps a ticket, or a browser that guesses its type, would be a leak."""
    async with socket_to(hall) as client:
        client.send(a_take(hall))
        head, body = await client.answer()
    headers = headers_of(head)
    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["server"] == "denluot"
    assert abs(parsedate_to_datetime(headers["date"]) - datetime.now(UTC)) < timedelta(seconds=5)
    assert json.loads(body)["service"] == "ho-tich"


async def test_a_connection_goes_on_and_answers_in_order(hall: TestHall) -> None:
    """A kiosk sends its next request on the same connection, some even before the first is answered."""
    async with socket_to(hall) as client:
        client.send(a_take(hall) * 3)
        numbers = [json.loads((await client.answer())[1])["number"] for _ in range(3)]
        client.send(a_take(hall))
        numbers.append(json.loads((await client.answer())[1])["number"])
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("version", "extra"), [("1.0", ""), ("1.1", "Connection: close\r\n")])
async def test_who_wants_the_connection_closed_gets_it_closed(hall: TestHall, version: str, extra: str) -> None:
    """An old keypad gateway reads until the end; without an end it waits for ever."""
    async with socket_to(hall) as client:
        client.send(a_take(hall, version, extra))
        head, _, body = (await client.to_the_end()).partition(b"\r\n\r\n")
    assert head.split()[1] == b"201"
    assert len(body) == int(headers_of(head)["content-length"])


async def test_a_chunked_body_is_bounded_like_any_other(hall: TestHall) -> None:
    """Leaving out the length must not be a way round the limit."""
    limit = hall.parts.live.config.server.body_bytes_max
    body = b'{"service":"' + b"x" * limit + b'"}'
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = a_take(hall, extra="Transfer-Encoding: chunked\r\n", body=b"").replace(b"Content-Length: 0\r\n", b"")
    async with socket_to(hall) as client:
        client.send(head + chunked)
        answer = await client.to_the_end()
    assert answer.split()[1] == b"413"


async def test_a_client_that_does_not_read_is_not_answered_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who asks and asks and reads nothing would fill the memory of the hall's only computer."""
    made: list[int] = []

    class Counted(ready.ReadyAnswer):
        def __init__(self, status: int, body: bytes) -> None:
            made.append(status)
            super().__init__(status, body)

    monkeypatch.setattr(exchange, "ReadyAnswer", Counted)
    often = "rate_per_s = 1000000\nrate_burst = 1000000"
    async with a_hall(tmp_path / "hall", server=often) as hall, socket_to(hall) as client:
        ticket = await hall.ticket()
        head = f"GET /api/v1/tickets/{ticket['id']} HTTP/1.1\r\nHost: h\r\n"
        client.send(f"{head}Authorization: Bearer {hall.tokens['clerk']}\r\n\r\n".encode() * REQUESTS)
        await _settled(made)
    assert 1 < len(made) < REQUESTS
    assert set(made) == {200, 201}


async def _settled(made: list[int]) -> None:
    """Until no more answers are made."""
    before = -1
    for _ in range(60):
        if before == len(made):
            return
        before = len(made)
        await asyncio.sleep(0.5)

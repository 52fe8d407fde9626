"""A screen's link to the hall: commands that are done once however often they are sent, and a feed that comes back."""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator
from typing import TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from queue_server.wire.answers import ErrorAnswer
from queue_server.wire.codec import Malformed, MessageReader, encode, understands
from queue_server.wire.fields import Bilingual
from queue_server.wire.messages import Announce, ShowView, Welcome

ANSWER_SECONDS = 5.0  # A request without an answer for so long is sent again, with the same key.
CONNECT_SECONDS = 3.0
RETRY_SECONDS_MIN = 0.2
RETRY_SECONDS_MAX = 5.0  # Longer waits would leave a screen dark after the server is back.
STALE_SECONDS = 10.0  # The server says something every five seconds; after this the screen shows that it is cut off.
HEARTBEAT_SECONDS = 10.0
MESSAGE_BYTES_MAX = 1_048_576
AGAIN = frozenset({429, 503})

A = TypeVar("A")


class LinkLost(Exception):
    """The hall did not answer in the time given; whether the command was done is unknown. Send it again, same key."""


class HallRefused(Exception):
    """The hall said no."""

    def __init__(self, status: int, code: str, message: Bilingual, detail: dict[str, str | int]) -> None:
        super().__init__(f"{status} {code}: {message.en}")
        self.status = status
        self.code = code
        self.message = message
        """What to show to a person."""
        self.detail = detail


class OtherSchema(Exception):
    """The server and this screen do not understand each other; one of the two must be updated."""


class LinkDown(Struct, frozen=True):
    """Not from the server: the feed is lost and is being opened again."""

    attempts: int


FeedMessage = Welcome | ShowView | Announce | LinkDown


def new_key() -> str:
    """An Idempotency-Key. Keep it with what is asked for until there is an answer."""
    return secrets.token_hex(16)


class HallSession:
    """One screen's link.

    Lifetime: `async with HallSession(...)`. Concurrency: any task of the loop; one feed at a time.
    """

    def __init__(self, server: str, token: str | None = None) -> None:
        self._server = server.rstrip("/")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http: aiohttp.ClientSession | None = None
        self._heard_at: float | None = None
        self._sequence = 0
        self.reader = MessageReader()
        """Counts the messages that this release does not know."""

    async def __aenter__(self) -> "HallSession":
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS)
        self._http = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._http is not None, "entered before"
        await self._http.close()

    @property
    def is_stale(self) -> bool:
        """Whether what the screen shows may be out of date: nothing was heard for ten seconds, or ever."""
        return self._heard_at is None or time.monotonic() - self._heard_at > STALE_SECONDS

    # Commands

    async def ask(
        self,
        method: str,
        path: str,
        answer: type[A],
        body: Struct | None = None,
        *,
        key: str = "",
        within_s: float = 15,
    ) -> A:
        """The answer. A command is sent again, under one key, until it is answered: it is done once.

        HallRefused when the hall says no; LinkLost when nobody answered in time.
        """
        is_command = method not in {"GET", "HEAD"}
        headers = {"Idempotency-Key": key or new_key()} if is_command else {}
        content = None if body is None else encode(body)
        pause = RETRY_SECONDS_MIN
        try:
            async with asyncio.timeout(within_s):
                while True:
                    status, raw = await self._send(method, path, content, headers)
                    if status is not None and status not in AGAIN:
                        return _read(status, raw, answer)
                    await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # Spreads screens, guards nothing.
                    pause = min(pause * 2, RETRY_SECONDS_MAX)
        except TimeoutError:
            raise LinkLost(f"{self._server} did not answer {method} {path} within {within_s} s") from None

    async def _send(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int | None, bytes]:
        assert self._http is not None, "the session is entered before it asks"
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                self._http.request(method, self._server + path, data=content, headers=headers) as response,
            ):
                return response.status, await response.read()
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            return None, b""

    # The feed

    async def feed(self, view: str, *, counter: int | None = None, zone: str = "") -> AsyncIterator[FeedMessage]:
        """Messages for ever: the link is opened again when it is lost, and each announcement comes once."""
        attempts, said = 0, 0
        while True:
            async for message in self._connection(view, counter, zone):
                attempts = 0
                if isinstance(message, Welcome) and not understands(message):
                    raise OtherSchema(f"the server speaks schema {message.schema_min} to {message.schema}")
                if isinstance(message, Announce):
                    if message.sequence <= said:
                        continue
                    said = message.sequence
                self._heard_at = time.monotonic()
                self._sequence = max(self._sequence, message.sequence)
                yield message
            attempts += 1
            yield LinkDown(attempts)
            pause = min(RETRY_SECONDS_MIN * 2**attempts, RETRY_SECONDS_MAX)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # Spreads screens, guards nothing.

    async def _connection(
        self, view: str, counter: int | None, zone: str
    ) -> AsyncIterator[Welcome | ShowView | Announce]:
        assert self._http is not None, "the session is entered before it listens"
        query = (
            {"view": view} | ({"zone": zone} if zone else {}) | ({} if counter is None else {"counter": str(counter)})
        )
        query |= {"after": str(self._sequence)} if self._sequence else {}
        try:
            async with self._http.ws_connect(
                f"{self._server}/api/v1/feed", params=query, heartbeat=HEARTBEAT_SECONDS, max_msg_size=MESSAGE_BYTES_MAX
            ) as socket:
                async for frame in socket:
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        continue
                    message = self.reader.read(frame.data)
                    if message is not None:
                        yield message
        except (aiohttp.ClientError, ConnectionError, TimeoutError, Malformed):
            return


def _read(status: int, raw: bytes, answer: type[A]) -> A:
    try:
        if status < 400:
            return msgspec.json.decode(raw, type=answer)
        error = msgspec.json.decode(raw, type=ErrorAnswer).error
    except msgspec.DecodeError:
        unreadable = Bilingual(vi="Máy chủ trả lời không đọc được.", en="The server's answer cannot be read.")
        raise HallRefused(status, "unreadable", unreadable, {}) from None
    raise HallRefused(status, error.code, error.message, error.detail)

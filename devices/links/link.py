"""What every link is: bytes that were heard, waiting for whoever has the turn, and a loud end."""

import asyncio
from typing import Protocol

from devices.errors import LinkLost

HEARD_BYTES_MAX = 65_536  # Of a babbling device the oldest bytes are dropped; frames resynchronise.
UNSENT_BYTES_MAX = 65_536  # A port that takes no more bytes is as good as gone; the link ends and is opened again.


class Link(Protocol):
    """An open way for bytes, both ways."""

    def write(self, data: bytes) -> None:
        """Hand over bytes to be sent. Raises LinkLost."""
        ...

    async def read(self, until: float) -> bytes:
        """What was heard; b"" once the loop's time is `until`. Raises LinkLost when the link ended and all is read."""
        ...

    async def rest(self, until: float) -> None:
        """Wait until the loop's time is `until` or somebody calls `wake`. Raises LinkLost as soon as the link ends."""
        ...

    def wake(self) -> None:
        """End every rest on this link."""
        ...

    async def close(self) -> None:
        """End it. Never raises for a link that is gone already."""
        ...


class Inbox:
    """The receiving half of a link. Concurrency: one reader at a time, on the loop it was made on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard = bytearray()
        self._why = ""
        self._readers: set[asyncio.Future[bool]] = set()
        self._resters: set[asyncio.Future[bool]] = set()
        self.dropped = 0

    def take_in(self, data: bytes) -> None:
        """Bytes came."""
        self._heard += data
        if (excess := len(self._heard) - HEARD_BYTES_MAX) > 0:
            del self._heard[:excess]
            self.dropped += excess
        _settle(self._readers)

    def end(self, why: str) -> None:
        """Nothing will come any more; the first cause is kept."""
        self._why = self._why or why
        _settle(self._readers)
        _settle(self._resters)

    def check(self) -> None:
        """Raise LinkLost where the link has ended."""
        if self._why:
            raise LinkLost(self._why)

    async def read(self, until: float) -> bytes:
        """See Link."""
        while not self._heard:
            self.check()
            if not await self._woken(self._readers, until):
                return b""
        data = bytes(self._heard)
        self._heard.clear()
        return data

    async def rest(self, until: float) -> None:
        """See Link."""
        self.check()
        await self._woken(self._resters, until)
        self.check()

    def wake(self) -> None:
        """See Link."""
        _settle(self._resters)

    async def _woken(self, waiters: set[asyncio.Future[bool]], until: float) -> bool:
        """Whether something happened before the loop's time was `until`."""
        waiter: asyncio.Future[bool] = self._loop.create_future()
        timer = self._loop.call_at(until, _late, waiter)
        waiters.add(waiter)
        try:
            return await waiter
        finally:
            timer.cancel()
            waiters.discard(waiter)


def _late(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(False)


def _settle(waiters: set[asyncio.Future[bool]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(True)


class StreamLink(Inbox, asyncio.Protocol):
    """A link over any transport of asyncio. Lifetime: one connection."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self._transport: asyncio.WriteTransport | None = None
        self._closed = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport is open."""
        assert isinstance(transport, asyncio.WriteTransport), f"{transport!r} cannot write"
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.take_in(data)

    def connection_lost(self, error: Exception | None) -> None:
        """The transport is gone: pulled, cut or closed."""
        self.end(f"{self._place}: {error or 'the other side closed it'}")
        if not self._closed.done():
            self._closed.set_result(None)

    def write(self, data: bytes) -> None:
        """See Link."""
        self.check()
        assert self._transport is not None, "bytes before the connection"
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
            self.end(f"{self._place} takes no bytes any more")
            self.check()

    async def close(self) -> None:
        """See Link."""
        self.end(f"{self._place}: closed by us")
        if self._transport is not None:
            self._transport.abort()
            await asyncio.wait((self._closed,), timeout=1)  # A driver of the system that hangs is not waited for.

"""One open link shared by all who speak on it: one turn at a time, and no faster than the wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.links.link import Link

BITS_A_BYTE = 10  # 8N1: a start bit, eight bits, a stop bit.


class SharedLine:
    """The line of one open link.

    Lifetime: that of the link, which its opener closes.
    Concurrency: turns are given first come, first served. The lock keeps a question and its answer together: on two
    wires that all stations share, a second voice would garble both.
    """

    def __init__(self, link: Link, baud: int) -> None:
        self._link = link
        self._byte_s = BITS_A_BYTE / baud if baud else 0.0
        self._lock = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._clear_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["SharedTurn"]:
        """See Line."""
        async with self._lock:
            yield SharedTurn(self)
            if (left_s := self._clear_at - self._loop.time()) > 0:
                await asyncio.sleep(left_s)

    def now(self) -> float:
        """See Line."""
        return self._loop.time()

    async def rest(self, seconds: float) -> None:
        """See Line."""
        await self._link.rest(self._loop.time() + seconds)

    def wake(self) -> None:
        """See Line."""
        self._link.wake()

    def send(self, data: bytes) -> float:
        """Write, and reckon when the last bit has left."""
        self._link.write(data)
        self._clear_at = max(self._clear_at, self._loop.time()) + len(data) * self._byte_s
        return self._clear_at

    async def read(self, within_s: float) -> bytes:
        """What is heard within this time after the last bit has left."""
        return await self._link.read(max(self._clear_at, self._loop.time()) + within_s)


class SharedTurn:
    """See Turn. Lifetime: the `async with` that gave it."""

    def __init__(self, line: SharedLine) -> None:
        self._line = line

    def send(self, data: bytes) -> float:
        """See Turn."""
        return self._line.send(data)

    async def read(self, within_s: float) -> bytes:
        """See Turn."""
        return await self._line.read(within_s)

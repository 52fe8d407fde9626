"""An answer that leaves as one piece: status line, headers and body joined once, for the doors that a crowd stands at.

aiohttp builds a table of headers for each answer and writes it line by line, which costs as much as deciding and
writing down a ticket. Ours differ in status, date and length alone.
"""

import time
from email.utils import formatdate
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11
from aiohttp.web_request import BaseRequest

from queue_server.api.errors import HEADERS

UNREAD_BYTES_MAX = 64 * 1024
"""A client that leaves more than this unread gets its answer aiohttp's way, which waits until it reads."""
_FIXED = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())


class _Beginnings:
    """What answers begin with in the present second, by status."""

    def __init__(self) -> None:
        self._second = 0
        self._by_status: dict[int, bytes] = {}

    def of(self, status: int) -> bytes:
        """Everything up to the length of the body."""
        second = int(time.time())  # noqa: TID251  The Date header tells the machine's own time.
        if second != self._second:
            self._second, self._by_status = second, {}
        found = self._by_status.get(status)
        if found is None:
            date = formatdate(second, usegmt=True)
            line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
            found = f"{line}{_FIXED}Date: {date}\r\nContent-Length: ".encode("ascii")
            self._by_status[status] = found
        return found


_BEGINNINGS = _Beginnings()


class ReadyAnswer(web.Response):
    """JSON bytes with the headers of every answer; its headers cannot be changed.

    It becomes an ordinary response of aiohttp for whoever needs more than one write: HTTP/1.0, a connection that
    closes after it, HEAD, a client that does not read.
    """

    def __init__(self, status: int, body: bytes) -> None:
        """Cheap: the ordinary response is built when it is needed."""
        self._status = status
        self._body = body
        self._is_ordinary = False

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Send everything at once, or what an ordinary response sends now."""
        transport = request.transport
        if (
            transport is None
            or transport.is_closing()
            or request.version != HttpVersion11
            or not request.keep_alive
            or request.method == "HEAD"
            or transport.get_write_buffer_size() > UNREAD_BYTES_MAX
        ):
            self._is_ordinary = True
            super().__init__(status=self._status, body=self._body, headers=HEADERS)
            return await super().prepare(request)
        body = self._body
        assert isinstance(body, bytes), "a ready answer is made of bytes"
        self._keep_alive = True
        self._eof_sent = True
        transport.write(b"%b%d\r\n\r\n%b" % (_BEGINNINGS.of(self._status), len(body), body))
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing, or the rest of an ordinary response."""
        if self._is_ordinary:
            await super().write_eof(data)

"""Sockets that become requests, and clients who begin one and never end it.

What aiohttp would answer by itself, before there is a request, is answered here in the shape of all our errors. A
connection costs memory and a place among the open files, so nobody keeps one for nothing: see `Patience`. Each limit
but the body's is kept by a timer of the connection, not of the request; the body's is `exchange.BODY_SECONDS`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from msgspec import Struct

from queue_server.api.errors import HEADERS, Problem, Refusals, error_bytes
from queue_server.presenting.texts import Texts

BACKLOG = 1024  # Clients whose connection the system has taken and we have not; a hall's screens all come back at once.
DRAIN_SECONDS_MIN = 0.1  # aiohttp takes 0 for ever.
IDLE_SECONDS = 75.0
HEAD_SECONDS = 15.0
LINGERING_SECONDS = 1.0

log = structlog.get_logger()


class Patience(Struct, frozen=True, kw_only=True):
    """How long a client may hold a connection and send nothing that helps, in seconds."""

    idle_s: float = IDLE_SECONDS
    """Without a request, since it connected or had its last answer; then it is closed without a word. Proxies keep
    theirs for 60 s, and the side that sends must be the one that lets go first."""
    head_s: float = HEAD_SECONDS
    """From the first piece of a request's head to the last; then it is answered 408 and closed."""
    lingering_s: float = LINGERING_SECONDS
    """What nobody wants to read any more may come for so long, so that the client gets to see its answer."""


class Connection(web.RequestHandler):
    """One client's connection.

    Lifetime: of the socket. Concurrency: the loop's thread.
    """

    __slots__ = ("_head_number", "_head_since", "_is_timed", "_patience", "_refusals", "_too_slow")

    def __init__(
        self, server: web.Server, *, loop: asyncio.AbstractEventLoop, texts: Texts, too_slow: bytes, patience: Patience
    ) -> None:
        """Open; `too_slow` are the bytes for who does not end a head."""
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # So aiohttp's own runner asks for none; the type forgot it.
            keepalive_timeout=patience.idle_s,
            lingering_time=patience.lingering_s,
        )
        self._refusals = Refusals(texts)
        self._too_slow = too_slow
        self._patience = patience
        self._head_number = -1
        """Requests before the head that came in pieces last."""
        self._head_since = 0.0
        self._is_timed = False

    def data_received(self, data: bytes) -> None:
        """Take what came; note when a head begins that is not whole yet, which is rare."""
        web.RequestHandler.data_received(self, data)
        if self._waits() and self._head_number != self._request_count and data and not data.isspace():
            self._head_number = self._request_count
            self._head_since = self._loop.time()
            if not self._is_timed:
                self._is_timed = True
                self._loop.call_at(self._head_since + self._patience.head_s, self._look_at_head)

    def _waits(self) -> bool:
        """Whether no request is in hand, and none has come whole."""
        waiter = self._waiter
        if waiter is None:
            return self._request_count == 0  # With uvloop the first bytes come before the connection's task has begun.
        return not waiter.done()

    def _look_at_head(self) -> None:
        self._is_timed = False
        if self.transport is None or not self._waits() or self._head_number != self._request_count:
            return  # It came whole, or went away.
        end = self._head_since + self._patience.head_s
        if self._loop.time() < end:  # That was an earlier head.
            self._is_timed = True
            self._loop.call_at(end, self._look_at_head)
            return
        self.transport.write(self._too_slow)
        self.transport.write_eof()
        self.close()  # Nothing is read from here on; closing the socket at once could cost the client its answer.
        self._loop.call_later(self._patience.lingering_s, self.force_close)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what is no request, or to a fault outside of our handlers; the connection closes after it.

        aiohttp's `message` quotes what came, which may be a token; it goes nowhere.
        """
        del message
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun; there is no room for another")
        match exc:
            case _ if status >= 500:
                log.error("request failed", fault=type(exc).__name__)
                problem = Problem(500, "internal")
            case LineTooLong():
                problem = Problem(status, "head-too-long", {"limit": self.max_field_size})
            case _:
                problem = Problem(status, "malformed-request")
        response = self._refusals.say(problem)
        response.force_close()
        return response


@asynccontextmanager
async def listening(
    app: web.Application, texts: Texts, host: str, port: int, *, drain_s: float = 0, patience: Patience | None = None
) -> AsyncIterator[str]:
    """The application answers at the address that is given, as `http://HOST:PORT`; a stop waits for requests in hand.

    OSError when it cannot listen there. Port 0 takes any free port.
    """
    runner = web.AppRunner(app, shutdown_timeout=max(drain_s, DRAIN_SECONDS_MIN), handle_signals=False)
    await runner.setup()
    try:
        server, loop, patience = runner.server, asyncio.get_running_loop(), patience or Patience()
        assert server is not None, "a runner that is set up has a server"
        too_slow = _last_words(error_bytes(texts, "request-timeout", {}))
        listener = await _listener(
            lambda: Connection(server, loop=loop, texts=texts, too_slow=too_slow, patience=patience), host, port
        )
        try:
            yield _address(listener, host)
        finally:
            listener.close()
    finally:
        await runner.cleanup()


async def _listener(make: Callable[[], Connection], host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(make, host, port, backlog=BACKLOG)
    except OSError as error:
        raise OSError(f"cannot listen on {host}, port {port}: {error}; name another with --port") from error


def _last_words(body: bytes) -> bytes:
    """A whole answer 408 for a connection that has no request yet, and so no answer of aiohttp's either."""
    lines = ("HTTP/1.1 408 Request Timeout", *(f"{name}: {value}" for name, value in HEADERS.items()))
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "Connection: close", "", "")).encode("ascii") + body


def _address(listener: asyncio.Server, host: str) -> str:
    bound = listener.sockets[0].getsockname()[1]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  # Compared, not listened on.
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{bound}"

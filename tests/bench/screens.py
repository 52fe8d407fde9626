"""Many screens in one process: raw sockets on epoll, so that the clients cost less than the server."""

import resource
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.halls import Serving

CHUNK = 262_144
TEXT, CLOSE, PING = 1, 8, 9
QUIET_SECONDS = 0.15
"""Views come ten times a second at most; after so long none of the last call is left."""
WAIT_SECONDS = 10.0
FILES_BESIDE = 200


class ScreenLost(Exception):
    """A screen was closed, or a message did not come."""


class Screen:
    """One WebSocket client that reads and never writes but for pongs."""

    def __init__(self, serving: Serving, path: str) -> None:
        self._socket = socket.create_connection((serving.host, serving.port))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
        self._received = _upgraded(self._socket, serving, path)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For the selector."""
        return self._socket.fileno()

    def texts(self) -> list[bytes]:
        """The messages that have come whole by now."""
        try:
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            data = None
        if data == b"":
            raise ScreenLost("the server closed a screen")
        self._received += data or b""
        texts = []
        while (frame := _first_frame(self._received)) is not None:
            code, payload, length = frame
            self._received = self._received[length:]
            if code == TEXT:
                texts.append(payload)
            elif code == PING:
                self._socket.send(bytes((0x8A, 0x80 | len(payload))) + bytes(4) + payload)
            elif code == CLOSE:
                raise ScreenLost(f"the server closed a screen: {payload!r}")
        return texts

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _upgraded(connection: socket.socket, serving: Serving, path: str) -> bytes:
    connection.sendall(
        (
            f"GET {path} HTTP/1.1\r\nHost: {serving.host}:{serving.port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
    )
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(CHUNK)
        if not data:
            raise ScreenLost(f"no upgrade at {path}: {received[:200]!r}")
        received += data
    head, _, rest = received.partition(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise ScreenLost(f"no upgrade at {path}: {received[:400]!r}")
    return rest


def _first_frame(data: bytes) -> tuple[int, bytes, int] | None:
    """(opcode, payload, length of the whole frame) of an unmasked frame, or None until it is whole."""
    if len(data) < 2:
        return None
    size, start = data[1] & 0x7F, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(data[2:10], "big"), 10
    if len(data) < start + size or len(data) < start:
        return None
    return data[0] & 0x0F, data[start : start + size], start + size


class Wall:
    """All screens of one server."""

    def __init__(self, screens: list[Screen]) -> None:
        self.screens = screens
        self._selector = selectors.EpollSelector()
        for screen in screens:
            self._selector.register(screen, selectors.EVENT_READ, screen)

    def drain(self, seconds: float = QUIET_SECONDS) -> list[bytes]:
        """Read until nothing has come for so long; returns what the first screen was sent."""
        first: list[bytes] = []
        while ready := self._selector.select(seconds):
            for key, _ in ready:
                texts = key.data.texts()
                if key.data is self.screens[0]:
                    first += texts
        return first

    def time_to_last(self, act: Callable[[], None], is_it: Callable[[bytes], bool]) -> float:
        """Seconds from `act` until every screen has a message for which `is_it` holds."""
        missing = len(self.screens)
        start = time.perf_counter()
        act()
        while missing:
            ready = self._selector.select(WAIT_SECONDS)
            if not ready:
                raise ScreenLost(f"{missing} screens were not told within {WAIT_SECONDS} s")
            for key, _ in ready:
                missing -= sum(1 for text in key.data.texts() if is_it(text))
        return time.perf_counter() - start

    def close(self) -> None:
        """Hang up everywhere."""
        self._selector.close()
        for screen in self.screens:
            screen.close()


@contextmanager
def wall(serving: Serving, path: str, count: int) -> Iterator[Wall]:
    """So many screens at one address."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * count + FILES_BESIDE
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard) if hard > 0 else wanted), hard))
    made = Wall([Screen(serving, path) for _ in range(count)])
    try:
        yield made
    finally:
        made.close()


class Presser:
    """One connection over which a button is pressed, without waiting for the answer."""

    def __init__(self, serving: Serving) -> None:
        self._socket = socket.create_connection((serving.host, serving.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(WAIT_SECONDS)

    def press(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def answer(self) -> bytes:
        """The answer to the last press. ScreenLost if it is not a success."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._socket.recv(CHUNK)
        if not received.startswith(b"HTTP/1.1 2"):
            raise ScreenLost(f"a call failed: {received[:300]!r}")
        return received

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

"""Load from outside: `wrk` where it is installed, else a small client of our own; both keep the connections open."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.bench.figures import percentile
from tests.bench.halls import Serving

CHUNK = 65536
WRK_MARK = "figures "
TIMEOUT_SECONDS = 30


class LoadFailed(Exception):
    """Requests were refused or connections broke, so that no rate means anything."""


class Call(Struct, frozen=True):
    """One request to send again and again."""

    path: str
    body: str = ""


class Load(Struct, frozen=True, kw_only=True):
    """What a run came to."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_us: float = 0.0
    """The server's processor time for one request."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class _WrkSays(Struct):
    requests: int
    microseconds: int
    errors: int
    p50: float
    p99: float


def tool() -> str:
    """What makes the load on this machine."""
    return "wrk" if shutil.which("wrk") else "the bundled client"


def run(serving: Serving, calls: Sequence[Call], *, connections: int, seconds: float, scratch: Path) -> Load:
    """Send `calls` in turn over so many connections for so long. LoadFailed if any answer is not a success."""
    before = serving.cpu_seconds()
    if tool() == "wrk":
        load = _wrk(serving, calls, connections, seconds, scratch)
    else:
        load = asyncio.run(_bundled(serving, calls, connections, seconds))
    if not load.requests:
        raise LoadFailed(f"no answer in {seconds} s from {serving.host}:{serving.port}")
    return msgspec.structs.replace(load, cpu_us=(serving.cpu_seconds() - before) / load.requests * 1e6)


# wrk

SCRIPT = """
local calls = {%s}
local sent = 0
request = function()
  sent = sent + 1
  return calls[(sent - 1) %% #calls + 1]
end
init = function()
  wrk.headers["Authorization"] = "Bearer %s"
  wrk.headers["Content-Type"] = "application/json"
  for index, call in ipairs(calls) do
    calls[index] = wrk.format("POST", call[1], nil, call[2])
  end
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('figures {"requests":%%d,"microseconds":%%d,"errors":%%d,"p50":%%f,"p99":%%f}\\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


def _wrk(serving: Serving, calls: Sequence[Call], connections: int, seconds: float, scratch: Path) -> Load:
    script = scratch / "load.lua"
    listed = ", ".join(f"{{[[{call.path}]], [[{call.body}]]}}" for call in calls)
    script.write_text(SCRIPT % (listed, serving.token), "utf-8")
    # wrk counts whole seconds only.
    whole = str(max(1, round(seconds)))
    address = f"http://{serving.host}:{serving.port}"
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{whole}s", "-s", str(script), address],  # noqa: S607  # Found on the path.
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + TIMEOUT_SECONDS,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith(WRK_MARK))
    said = msgspec.json.decode(line.removeprefix(WRK_MARK), type=_WrkSays)
    if said.errors:
        raise LoadFailed(f"{said.errors} of {said.requests} requests failed: {done.stdout}")
    return Load(requests=said.requests, seconds=said.microseconds / 1e6, p50_ms=said.p50 / 1000, p99_ms=said.p99 / 1000)


# The bundled client


class _Connection(asyncio.Protocol):
    """One connection that sends the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], deadline: float, times: list[float]) -> None:
        self._requests, self._deadline, self._times = requests, deadline, times
        self._received = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "a stream"
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        now = time.perf_counter()
        self._times.append(now - self._sent_at)
        self._received = b""
        if not head.startswith(b"HTTP/1.1 2"):
            self._fail(LoadFailed(f"{head[:60]!r} {body[:200]!r}"))
        elif now >= self._deadline:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            if time.perf_counter() < self._deadline:
                self._fail(LoadFailed(f"the connection broke: {exc}"))
            else:
                self.done.set_result(None)

    def _fail(self, error: LoadFailed) -> None:
        self._transport.close()
        if not self.done.done():
            self.done.set_exception(error)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.index(b"content-length:") + len(b"content-length:")
    return int(lower[at:].split(b"\r\n", 1)[0])


async def _bundled(serving: Serving, calls: Sequence[Call], connections: int, seconds: float) -> Load:
    requests = cycle([request_bytes(serving, call) for call in calls])
    times: list[float] = []
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    deadline = start + seconds
    made = [
        await loop.create_connection(lambda: _Connection(requests, deadline, times), serving.host, serving.port)
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(protocol.done for _, protocol in made)), seconds + TIMEOUT_SECONDS)
    return Load(
        requests=len(times),
        seconds=time.perf_counter() - start,
        p50_ms=percentile(times, 0.5) * 1000,
        p99_ms=percentile(times, 0.99) * 1000,
    )


def request_bytes(serving: Serving, call: Call) -> bytes:
    """The request as it goes over the wire."""
    body = call.body.encode()
    return (
        f"POST {call.path} HTTP/1.1\r\nHost: {serving.host}:{serving.port}\r\n"
        f"Authorization: Bearer {serving.token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def one_by_one(serving: Serving, calls: Sequence[Call]) -> list[bytes]:
    """Send each once on one connection and return the bodies of the answers. LoadFailed at the first that fails."""
    return asyncio.run(_one_by_one(serving, calls))


async def _one_by_one(serving: Serving, calls: Sequence[Call]) -> list[bytes]:
    reader, writer = await asyncio.open_connection(serving.host, serving.port)
    bodies: list[bytes] = []
    for call in calls:
        writer.write(request_bytes(serving, call))
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        if not head.startswith(b"HTTP/1.1 2"):
            raise LoadFailed(f"{call.path}: {head[:60]!r} {body[:200]!r}")
        bodies.append(body)
    writer.close()
    await writer.wait_closed()
    return bodies

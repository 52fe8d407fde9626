"""A hall's folder and its real server process: made, started, stopped, and killed without warning."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from msgspec import Struct

from queue_server.clock import HallClock
from queue_server.config import init
from queue_server.config.creating import Profile
from queue_server.people import command_line
from queue_server.people.store import PEOPLE_FILE

START_SECONDS = 30.0
STOP_SECONDS = 5.0
"""The contract's: SIGTERM drains and exits within this."""
REQUEST_SECONDS = 20.0
READY = "ready http://"


class Done(Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str


def command(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Done:
    """Run one command of `denluot-server` to its end, in a process of its own."""
    words = [sys.executable, "-m", "queue_server", *map(str, arguments)]
    ended = subprocess.run(words, capture_output=True, timeout=60, check=False, env=environment)
    return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def a_hall(folder: Path, profile: Profile = "bench") -> Path:
    """A new hall without a first account; tokens are enough for the doors."""
    init(folder, profile)
    command_line.create(folder / PEOPLE_FILE, name="Quản trị", at=HallClock(ZoneInfo("UTC")).now())
    return folder


def a_token(hall: Path, role: str, name: str = "", counter: int | None = None) -> str:
    """A new token; works while the server runs. Not for the loop's own thread: it runs a loop of its own."""
    at = HallClock(ZoneInfo("UTC")).now()
    secret = command_line.issue_token(hall / PEOPLE_FILE, role=role, name=name or role, counter=counter, at=at)
    return str(secret)


class Server:
    """The server of one hall, over any number of starts.

    Lifetime: of a test. Concurrency: the loop's thread.
    """

    def __init__(self, hall: Path) -> None:
        """At rest."""
        self.hall = hall
        self.url = ""
        self.log = hall.with_name(f"{hall.name}.log")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    async def launch(self, *words: str) -> None:
        """Start the process and do not wait until it answers. `words` go before the interpreter, such as a wrapper."""
        assert self._process is None, "the server runs already"
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *words,
                sys.executable,
                *("-m", "queue_server", "run", str(self.hall), "--port", "0"),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def start(self, *words: str) -> None:
        """Start the process; it answers when this returns."""
        await self.launch(*words)
        assert self._process is not None, "it was just launched"
        assert self._process.stdout is not None, "its output is piped"
        async with asyncio.timeout(START_SECONDS):
            line = (await self._process.stdout.readline()).decode().strip()
        assert line.startswith(READY), f"the server said {line!r} instead of `{READY}…`: {self.said()}"
        self.url = line.removeprefix("ready ")

    async def kill(self) -> None:
        """End it as a power cut would: no warning, no last words."""
        assert self._process is not None, "the server does not run"
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()
        self._process = None

    async def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; gives its exit code. TimeoutError when it takes longer than the contract allows."""
        assert self._process is not None, "the server does not run"
        self._process.send_signal(with_signal)
        return await self.ended()

    async def ended(self, seconds: float = STOP_SECONDS) -> int:
        """Its exit code, once it ends by itself."""
        assert self._process is not None, "the server does not run"
        async with asyncio.timeout(seconds):
            await self._process.communicate()
        code = self._process.returncode
        assert code is not None, "it has ended"
        self._process = None
        return code

    async def end(self) -> None:
        """Whatever state it is in, leave nothing running."""
        if self._process is not None:
            await self.kill()

    def said(self) -> str:
        """What it logged so far, over all starts."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


@asynccontextmanager
async def running(hall: Path) -> AsyncIterator[Server]:
    """A server that answers; killed at the end if the test did not stop it."""
    server = Server(hall)
    try:
        await server.start()
        yield server
    finally:
        await server.end()


def a_session(token: str = "") -> aiohttp.ClientSession:
    """An HTTP client of the hall, with as many connections as it likes."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
    )

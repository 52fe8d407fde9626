"""Halls made for measuring: the bench profile, a token, and the server in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
COUNTERS = 20
SERVICES = ("ho-tich", "dat-dai", "bao-tro", "cu-tru", "tra-ket-qua")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class DidNotStart(Exception):
    """A server ended or stayed silent before it was ready."""


class Serving(Struct, frozen=True):
    """A process that answers at an address."""

    process: int
    host: str
    port: int
    ready_s: float
    """From the start of the process until it said that it answers."""
    token: str = ""

    def cpu_seconds(self) -> float:
        """Processor time used so far, all threads."""
        fields = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def resident_mb(self) -> float:
        """Memory in use now."""
        for line in Path(f"/proc/{self.process}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise LookupError(f"process {self.process} has no VmRSS")


def make_hall(folder: Path, role: str = "clerk") -> str:
    """A hall of the bench profile; returns a token of this role."""
    _command("init", str(folder), "--profile", "bench")
    return _command("token", str(folder), "--role", role, "--name", "bench").strip()


def _command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "queue_server", *arguments], check=True, stdout=subprocess.PIPE, text=True, timeout=60
    )
    return done.stdout


@contextmanager
def running_hall(folder: Path, token: str) -> Iterator[Serving]:
    """The server of this hall on a free port."""
    with running("queue_server", "run", str(folder), "--port", "0", token=token) as serving:
        yield serving


@contextmanager
def running(module: str, *arguments: str, token: str = "") -> Iterator[Serving]:
    """A module that prints `ready http://HOST:PORT`, until the end of the block."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, bufsize=1)
    try:
        address = _address(process)
        host, _, port = address.removeprefix("http://").rpartition(":")
        yield Serving(process.pid, host, int(port), time.perf_counter() - start, token)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None, "the output is a pipe"
    for line in process.stdout:
        if line.startswith("ready "):
            return line.split()[1]
    raise DidNotStart(f"{process.args!r} ended with {process.wait(READY_SECONDS)} before it was ready")

"""What every test may rely on: a fixed present, no tasks or threads left over, and no way out of this machine."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from ipaddress import ip_address

import hypothesis
import pytest
import pytest_asyncio

from tests.factories import clock

THREADS_END_WITHIN_S = 2.0  # A thread that was told to stop may need a moment; later the test fails.

hypothesis.settings.register_profile("quick", deadline=None, print_blob=True)
hypothesis.settings.load_profile("quick")


@pytest.fixture
def now() -> datetime:
    """The present of every test that asks for one: a Monday at 8:00 in Hà Nội."""
    return clock("8:00")


@pytest.fixture
def writes_golden() -> bool:
    """Whether `make golden` runs, so that golden files are written anew instead of compared."""
    return os.environ.get("GOLDEN") == "write"


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """A thread that outlives its test has no owner; the loop and its executor are closed before this looks."""
    before = set(threading.enumerate())
    yield
    waits_until = time.monotonic() + THREADS_END_WITHIN_S
    for thread in set(threading.enumerate()) - before:
        thread.join(max(waits_until - time.monotonic(), 0))
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not left, f"threads left over: {sorted(left)}"


@pytest.fixture(autouse=True)
def _no_task_left(request: pytest.FixtureRequest, _no_thread_left: None) -> None:
    """A task that outlives its test has no owner. Tests without a loop are spared the cost of one."""
    if request.node.get_closest_marker("asyncio") is not None:
        request.getfixturevalue("_tasks_of_this_test")


@pytest_asyncio.fixture
async def _tasks_of_this_test() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = [one.get_name() for one in asyncio.all_tasks() - before if one is not asyncio.current_task()]
    assert not left, f"tasks left over: {sorted(left)}"


def _refuse_far(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else "localhost"  # Paths are sockets of this machine.
    is_near = host == "localhost" or ip_address(str(host).partition("%")[0]).is_loopback
    assert is_near, f"a test may not connect to {address}; only to this machine"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests talk to this machine alone: they pass on a train, and reach nobody by mistake."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def near(self: socket.socket, address: tuple[str, int]) -> None:
        _refuse_far(address)
        connect(self, address)

    def near_ex(self: socket.socket, address: tuple[str, int]) -> int:
        _refuse_far(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", near)
    monkeypatch.setattr(socket.socket, "connect_ex", near_ex)

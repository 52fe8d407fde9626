"""The disk is full: the hall says 503 and changes nothing, and goes on by itself when there is room again."""

import asyncio
import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hall.doors import HttpDoor
from tests.hall.history import Answer, History
from tests.hall.load import SERVICES
from tests.hall.proof import exported, violations
from tests.hall.running import Server, a_hall, a_session, a_token, command, running

DISK_MEGABYTES = 8
REQUESTS_MAX = 3000
"""So many tickets need more room than a limit leaves; the disk must be full before."""
CHUNK = 64 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, a few megabytes large; only root may make one."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"this machine mounts nothing: {made.stderr.decode()}")
    yield place
    subprocess.run([umount, "--lazy", str(place)], check=True)


def _fill(file: Path) -> None:
    """Take all the room that is left, to the last block."""
    with file.open("wb", buffering=0) as filler:
        for size in (CHUNK, 4096, 512):
            try:
                while filler.write(bytes(size)) == size:
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


async def _take_until_refused(door: HttpDoor, name: str) -> tuple[Answer, int]:
    for index in range(REQUESTS_MAX):
        answer = await door.send(door.take(SERVICES[index % 5], f"{name}-{index}"))
        assert answer is not None, "a full disk is no reason not to answer"
        if answer.status != 201:
            return answer, index
    pytest.fail(f"{REQUESTS_MAX} tickets fitted; the disk is not full")


async def _sequence(door: HttpDoor) -> int:
    answer = await door.send(door.board())
    assert answer is not None, "reading needs no room"
    assert answer.seen is not None, answer
    return answer.seen.sequence


class Trial:
    """What a full disk does to a hall.

    Lifetime: of one test.
    """

    def __init__(self, hall: Path, server: Server, door: HttpDoor) -> None:
        """The hall runs, and there is room."""
        self._hall = hall
        self._server = server
        self._door = door

    async def before(self) -> None:
        """A few citizens come while all is well."""
        for index in range(5):
            answer = await self._door.send(self._door.take(SERVICES[index], f"before-{index}"))
            assert answer is not None
            assert answer.status == 201

    async def is_refused_and_unchanged(self) -> None:
        """Every command is told to come back; board and journal stay as they are."""
        answer, _ = await _take_until_refused(self._door, "full")
        assert answer.identity == (503, "journal-unavailable")
        sequence = await _sequence(self._door)
        rows = exported(self._hall)
        assert len(rows) == sequence
        door = self._door
        for asked in (door.take(SERVICES[0], "refused-take"), door.next(1, "refused-next"), door.next(2, "")):
            refused = await door.send(asked)
            assert refused is not None
            assert refused.identity == (503, "journal-unavailable")
        assert await _sequence(self._door) == sequence
        assert exported(self._hall) == rows
        assert (await asyncio.to_thread(command, "verify", self._hall)).code == 0

    async def goes_on(self) -> None:
        """The same process takes commands again, those that were refused under their old keys too."""
        door = self._door
        for asked in (door.take(SERVICES[0], "refused-take"), door.next(1, "refused-next"), door.next(2, "after")):
            answer = await door.send(asked)
            assert answer is not None
            assert answer.is_granted, answer
            assert answer.claims, answer
        assert "Traceback" not in self._server.said()
        assert await self._server.stop() == 0


async def test_a_full_disk_stops_nothing_but_writing(small_disk: Path) -> None:
    """Somebody's film fills the disk; the clerk sees why nothing moves, and nobody loses the place in the queue."""
    hall = await asyncio.to_thread(a_hall, small_disk / "hall")
    token = await asyncio.to_thread(a_token, hall, "clerk")
    history = History()
    async with running(hall) as server, a_session(token) as session:
        trial = Trial(hall, server, HttpDoor(session, server, history, "clerk"))
        await trial.before()
        _fill(small_disk / "film")
        await trial.is_refused_and_unchanged()
        (small_disk / "film").unlink()
        await trial.goes_on()
    assert violations(history, exported(hall)) == []


async def test_a_hall_on_a_full_disk_says_so_at_start(small_disk: Path) -> None:
    """After the night's backup filled the disk, the morning must not begin with a riddle."""
    hall = await asyncio.to_thread(a_hall, small_disk / "hall")
    _fill(small_disk / "film")
    refused = await asyncio.to_thread(command, "run", hall, "--port", "0")
    assert refused.code == 2, refused
    assert "full" in refused.err
    assert "Traceback" not in refused.err
    (small_disk / "film").unlink()
    async with running(hall) as server:
        assert await server.stop() == 0
    assert [row.kind for row in exported(hall)][:3] == ["hall-created", "day-opened", "hall-configured"]


@contextmanager
def _files_end_at(pid: int, size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` meanwhile: the same fault without a disk to fill."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def test_a_file_that_may_not_grow_is_like_a_full_disk(hall: Path) -> None:
    """A quota, or a machine where nobody may mount: the write fails in another way, the hall behaves the same."""
    token = await asyncio.to_thread(a_token, hall, "clerk")
    history = History()
    async with running(hall) as server, a_session(token) as session:
        trial = Trial(hall, server, HttpDoor(session, server, history, "clerk"))
        await trial.before()
        with _files_end_at(server.pid, 0):
            await trial.is_refused_and_unchanged()
        await trial.goes_on()
    assert violations(history, exported(hall)) == []


async def test_a_refusal_says_when_to_come_back(hall: Path) -> None:
    """Kiosks and keypads retry by themselves if they are told to."""
    token = await asyncio.to_thread(a_token, hall, "clerk")
    async with running(hall) as server, a_session(token) as session:
        url = f"{server.url}/api/v1/counters/1/open"
        with _files_end_at(server.pid, 0):
            async with session.post(f"{server.url}/api/v1/tickets", json={"service": SERVICES[0]}) as response:
                assert response.status == 503
                assert int(response.headers["Retry-After"]) >= 1
            async with session.get(f"{server.url}/healthz") as response:
                assert response.status == 200
        async with session.post(url) as response:
            assert response.status == 200

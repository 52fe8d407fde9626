"""The process is killed under load at moments of chance, and nothing that was acknowledged is lost or done twice.

`kill -9` proves what our own code keeps in its hands. That the disk itself has the facts is the promise of the flush
before each answer, which tests/journal looks at.
"""

import asyncio
import random
from pathlib import Path

import pytest

from tests.hall.doors import HttpDoor, PowerCut
from tests.hall.history import History
from tests.hall.load import Worker, send_again
from tests.hall.proof import exported, violations
from tests.hall.running import Server, a_session, a_token, command, running

WORKERS = 8
COUNTERS = (1, 2, 3, 4)
LOAD_SECONDS_MAX = 0.6
START_CUT_SECONDS_MAX = 0.8
REPEATED_MAX = 40
"""Answered requests that are sent again after each cut."""


@pytest.fixture
def token(hall: Path) -> str:
    """A clerk's token, good for tickets and for every counter."""
    return a_token(hall, "clerk")


class Trial:
    """A hall that loses its power again and again.

    Lifetime: of one test.
    """

    def __init__(self, server: Server, door: HttpDoor, history: History, chance: random.Random) -> None:
        """The server is down."""
        self.history = history
        self.lost_after_cuts = 0
        self._server = server
        self._door = door
        self._chance = chance

    async def cut(self, moment: int) -> None:
        """One working server, one cut at a moment of chance, one restart, and everything unanswered asked again."""
        workers = [
            Worker(self._door, f"m{moment}-w{index}", random.Random(self._chance.random()), COUNTERS)
            for index in range(WORKERS)
        ]
        async with asyncio.TaskGroup() as group:
            for index, worker in enumerate(workers):
                group.create_task(worker.work(), name=f"worker {index}")
            await asyncio.sleep(self._chance.uniform(0.0, LOAD_SECONDS_MAX))
            self.history.mark("power cut")
            await PowerCut().strike(self._server)
        lost = self.history.lost()
        self.lost_after_cuts += len(lost)
        answered = self.history.answered()
        sample = self._chance.sample(answered, min(len(answered), REPEATED_MAX))
        await send_again(self._door, [*lost, *(entry.asked for entry in sample)])
        assert self.history.lost() == []

    async def cut_at_start(self) -> None:
        """The power goes again while the hall comes back."""
        await self._server.kill()
        await self._server.launch()
        await asyncio.sleep(self._chance.uniform(0.0, START_CUT_SECONDS_MAX))
        self.history.mark("power cut at start")
        await self._server.kill()
        await self._server.start()


async def _lose_power(hall: Path, token: str, moments: int, seed: int, export: Path) -> Trial:
    print(f"seed {seed}, {moments} moments")  # noqa: T201  # Whoever reads a failure needs it to repeat the run.
    chance, history, server = random.Random(seed), History(), Server(hall)
    async with a_session(token) as session:
        trial = Trial(server, HttpDoor(session, server, history, "clerk"), history, chance)
        try:
            await server.start()
            for moment in range(moments):
                await trial.cut(moment)
                if moment % 5 == 0:
                    await trial.cut_at_start()
        finally:
            await server.end()
    verified = await asyncio.to_thread(command, "verify", hall)
    assert verified.code == 0, verified
    assert (await asyncio.to_thread(command, "export", hall, "--to", export)).code == 0
    rows = exported(export)
    assert violations(history, rows) == [], f"seed {seed}"
    print(  # noqa: T201
        f"{len(history.entries)} requests, {trial.lost_after_cuts} unanswered at a cut and asked again, "
        f"{history.granted('ticket-issued')} tickets, {history.granted('ticket-called')} calls, {len(rows)} events"
    )
    return trial


async def test_nothing_acknowledged_is_lost_when_the_power_goes(hall: Path, token: str, tmp_path: Path) -> None:
    """Citizens hold the slips of the hall that died; the hall that comes back must know every one of them."""
    trial = await _lose_power(hall, token, moments=5, seed=random.randrange(10**9), export=tmp_path / "journal.ndjson")
    assert trial.lost_after_cuts > 0, "no cut met a request on its way; the load is too light to prove anything"


async def test_a_stop_under_load_finishes_what_is_in_hand(hall: Path, token: str) -> None:
    """An update at noon: requests in hand are answered, the exit code is 0, and nobody waits for it."""
    chance, history = random.Random(1), History()
    async with running(hall) as server, a_session(token) as session:
        door = HttpDoor(session, server, history, "clerk")
        async with asyncio.TaskGroup() as group:
            for index in range(WORKERS):
                worker = Worker(door, f"w{index}", random.Random(chance.random()), COUNTERS)
                group.create_task(worker.work(), name=f"worker {index}")
            await asyncio.sleep(LOAD_SECONDS_MAX)
            assert await server.stop() == 0
        assert "Traceback" not in server.said()
    assert len(history.answered()) > WORKERS
    assert violations(history, exported(hall)) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_nothing_is_lost_in_fifty_power_cuts(hall: Path, token: str, tmp_path: Path) -> None:
    """The same, long enough to meet the rare moments: between commit and answer, within a checkpoint, at start."""
    trial = await _lose_power(hall, token, moments=50, seed=random.randrange(10**9), export=tmp_path / "journal.ndjson")
    assert trial.lost_after_cuts > 50

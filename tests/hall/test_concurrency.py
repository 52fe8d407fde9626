"""Sixteen clients at once over real sockets: no number twice, nobody called to two counters, everything in order."""

import asyncio
from itertools import count
from pathlib import Path

import pytest

from tests.hall.doors import HttpDoor
from tests.hall.history import History
from tests.hall.load import SERVICES
from tests.hall.proof import exported, violations
from tests.hall.running import a_session, a_token, command, running

CLIENTS = 16
TICKETS = 400
CALLS = 400


@pytest.fixture
def token(hall: Path) -> str:
    """A clerk's token, good for tickets and for every counter."""
    return a_token(hall, "clerk")


async def _take(door: HttpDoor, client: int) -> None:
    for index in range(TICKETS):
        service = SERVICES[(client + index) % len(SERVICES)]
        answer = await door.send(door.take(service, f"take-{client}-{index}"))
        assert answer is not None, "no answer may be lost while nothing is wrong"
        assert answer.status == 201, answer


async def _call(door: HttpDoor, client: int) -> None:
    """Call until enough came; a client whose counter is faster than the tickets asks again."""
    called = 0
    for index in count():
        answer = await door.send(door.next(client + 1, f"call-{client}-{index}"))
        assert answer is not None, "no answer may be lost while nothing is wrong"
        assert answer.status == 200, answer
        called += len(answer.claims)
        if called == CALLS:
            return


async def test_sixteen_clients_take_and_call_at_once(hall: Path, token: str, tmp_path: Path) -> None:
    """The morning rush: all kiosks and all desks at the same moment, 12,800 requests that must not cross."""
    history = History()
    async with running(hall) as server, a_session(token) as session:
        async with asyncio.TaskGroup() as group:
            for client in range(CLIENTS):
                door = HttpDoor(session, server, history, "clerk")
                group.create_task(_take(door, client), name=f"takes {client}")
                group.create_task(_call(door, client), name=f"calls {client}")
        assert await server.stop() == 0
    claims = [claim for entry in history.answered() if entry.answer is not None for claim in entry.answer.claims]
    numbers = [claim.number for claim in claims if claim.kind == "ticket-issued"]
    called = [claim.ticket for claim in claims if claim.kind == "ticket-called"]
    assert len(numbers) == len(set(numbers)) == CLIENTS * TICKETS
    assert len(called) == len(set(called)) == CLIENTS * CALLS
    assert command("export", hall, "--to", tmp_path / "journal.ndjson").code == 0
    assert violations(history, exported(tmp_path / "journal.ndjson")) == []


async def _answers_of_all(door: HttpDoor, counter: int, key: str, times: int) -> set[tuple[str | int | None, ...]]:
    asked = door.next(counter, key)
    answers = await asyncio.gather(*(door.send(asked) for _ in range(times)))
    return {answer.identity for answer in answers if answer is not None}


async def test_the_same_request_many_times_at_once_happens_once(hall: Path, token: str) -> None:
    """A clerk's nervous finger and a bad network: the repeats wait for the first and get its answer."""
    history = History()
    async with running(hall) as server, a_session(token) as session:
        door = HttpDoor(session, server, history, "clerk")
        asked = door.take(SERVICES[0], "same")
        answers = await asyncio.gather(*(door.send(asked) for _ in range(20)))
        assert len({answer.identity for answer in answers if answer is not None}) == 1
        for index in range(3):
            await door.send(door.take(SERVICES[0], f"other-{index}"))
        for key in ("first", "second"):
            assert len(await _answers_of_all(door, 1, key, 20)) == 1
    assert history.granted("ticket-issued") == 4
    assert violations(history, exported(hall)) == []


async def test_two_clerks_at_one_counter_get_two_citizens(hall: Path, token: str) -> None:
    """Two open pages of one desk must not send the same citizen away twice, nor lose one."""
    history = History()
    async with running(hall) as server, a_session(token) as session:
        door = HttpDoor(session, server, history, "clerk")
        for index in range(40):
            await door.send(door.take(SERVICES[index % 2], f"take-{index}"))
        answers = await asyncio.gather(*(door.send(door.next(1, f"call-{index}")) for index in range(40)))
        assert len({claim.ticket for one in answers if one is not None for claim in one.claims}) == 40
        answer = await door.send(door.next(1, "in-vain"))
        assert answer is not None
        assert answer.nobody_waits_at == 1
        await door.send(door.board())
    assert violations(history, exported(hall)) == []

"""A hall that had a small, full day: tickets with words, calls, visits, and the day's seal."""

import json
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.hall.doors import API, HttpDoor
from tests.hall.history import History
from tests.hall.load import SERVICES
from tests.hall.running import a_session, running

TICKETS = 9


class DayClosed(Struct, frozen=True):
    """The answer that carries the seal."""

    day: str
    seal: str


class Served(Struct, frozen=True, kw_only=True):
    """The hall's folder after its server was stopped, and what was kept elsewhere."""

    hall: Path
    day: str
    seal: str


async def serve_a_day(hall: Path, clerk: str, manager: str) -> Served:
    """Run the hall's server for one small day."""
    history = History()
    async with running(hall) as server, a_session(clerk) as session:
        door = HttpDoor(session, server, history, "clerk")
        words = {"language": "en", "priority": "nguoi-cao-tuoi", "dossiers": ["H01.23-261123-0001"]}
        for index in range(TICKETS):
            asked = door.take(SERVICES[index % 3], f"take-{index}")
            body = json.dumps({"service": asked.wanted.service, **(words if index % 2 else {})})
            answer = await door.send(msgspec.structs.replace(asked, body=body))
            assert answer is not None
            assert answer.status == 201, answer
        for index in range(TICKETS - 2):
            counter = index % 3 + 1
            for asked in (
                door.next(counter, f"call-{index}"),
                door.start(counter, f"start-{index}"),
                door.finish(counter, f"finish-{index}"),
            ):
                assert await door.send(asked) is not None
        async with session.post(
            f"{server.url}{API}/day/close", json={"reason": "load"}, headers={"Authorization": f"Bearer {manager}"}
        ) as response:
            closed = msgspec.json.decode(await response.read(), type=DayClosed)
        assert await server.stop() == 0
    return Served(hall=hall, day=closed.day, seal=closed.seal)

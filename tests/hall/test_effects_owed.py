"""What the hall owed the world when it died, it finds again when it comes back, and does it once."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from queue_server.api.parts import Parts
from queue_server.clock import HallClock
from queue_server.core.commands import CallNext, FinishTicket, RecordSlip, TakeTicket
from queue_server.core.effects import AnyEffect, AskForRating, PrintSlip
from queue_server.core.ids import HALL_ITSELF, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.react import resume, unanswered
from queue_server.engine import Commit, Request
from queue_server.main import open_hall
from tests.hall.doors import AnnounceSeen, HttpDoor, announcements
from tests.hall.dying import TICKET
from tests.hall.history import History
from tests.hall.load import SERVICES
from tests.hall.proof import exported, violations
from tests.hall.running import Server, a_session, a_token

ROOT = Path(__file__).parents[2]
CIVIL = ServiceId(SERVICES[0])
ONE, TWO = CounterNumber(1), CounterNumber(2)


def _effects_at_start(parts: Parts) -> list[AnyEffect]:
    """What the engine tells its followers when it comes back."""
    told: list[Commit] = []
    parts.engine.followers.append(told.append)
    parts.engine.resume()
    return [effect for commit in told for effect in commit.effects]


def _slips(effects: Sequence[AnyEffect]) -> list[PrintSlip]:
    return [effect for effect in effects if isinstance(effect, PrintSlip)]


async def _record(parts: Parts, result: Literal["printed", "failed"]) -> int:
    command = RecordSlip(by=HALL_ITSELF, ticket=TICKET, result=result)
    return len((await parts.engine.submit(Request(command=command))).events)


async def test_a_slip_owed_at_the_crash_is_printed_after_it_and_once(hall: Path) -> None:
    """The citizen stands before a silent printer; the paper comes when the hall does, and no second one ever."""
    died = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.hall.dying", str(hall), CIVIL],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert died.returncode == -9, died.stderr.decode()
    async with open_hall(hall) as parts:
        assert parts.engine.board.tickets[TICKET].number == int(died.stdout)
        assert _slips(_effects_at_start(parts)) == [PrintSlip(ticket=TICKET)]
        assert await _record(parts, "failed") == 1
        assert _slips(resume(parts.engine.board, parts.engine.now())) == [PrintSlip(ticket=TICKET)]
    async with open_hall(hall) as parts:
        assert _slips(_effects_at_start(parts)) == [PrintSlip(ticket=TICKET)]
        assert await _record(parts, "printed") == 1
        assert await _record(parts, "printed") == 0
    async with open_hall(hall) as parts:
        assert _slips(_effects_at_start(parts)) == []


async def test_an_open_rating_is_asked_again_until_it_expires(hall: Path) -> None:
    """The face buttons were lit when the power went; they are lit again, but not for the next citizen."""
    wall = HallClock(ZoneInfo("UTC")).now()
    ask = AskId("ask-1")
    async with open_hall(hall, wall=wall) as parts:
        take = TakeTicket(by=HALL_ITSELF, ticket=TicketId("t"), service=CIVIL, origin="desk")
        await parts.engine.submit(Request(command=take))
        await parts.engine.submit(Request(command=CallNext(by=HALL_ITSELF, counter=ONE, ask=AskId("none"))))
        await parts.engine.submit(Request(command=FinishTicket(by=HALL_ITSELF, counter=ONE, ask=ask)))
    open_s = 120
    for later_s, expected in ((open_s - 30, [ask]), (open_s + 30, [])):
        async with open_hall(hall, wall=wall + timedelta(seconds=later_s)) as parts:
            effects = _effects_at_start(parts)
            assert [one.ask for one in effects if isinstance(one, AskForRating)] == expected


@pytest.fixture
def token(hall: Path) -> str:
    """A clerk's token, good for tickets and for every counter."""
    return a_token(hall, "clerk")


async def _two_calls(door: HttpDoor) -> tuple[int, int, int]:
    """Call two citizens, let the second sit down; gives the sequence before and the two numbers."""
    for index in range(2):
        await door.send(door.take(SERVICES[0], f"take-{index}"))
    looked = await door.send(door.board())
    assert looked is not None
    assert looked.seen is not None
    numbers = []
    for counter in (ONE, TWO):
        answer = await door.send(door.next(counter, f"call-{counter}"))
        assert answer is not None
        numbers.append(answer.claims[0].number)
    await door.send(door.start(TWO, "start"))
    return looked.seen.sequence, numbers[0], numbers[1]


async def _hear(
    session: aiohttp.ClientSession, server: Server, history: History, screen: str, after: int | None
) -> list[AnnounceSeen]:
    async with asyncio.timeout(10):
        return await announcements(session, server, history, screen, after=after, until=1)


async def test_an_unanswered_call_is_announced_again_after_a_crash(hall: Path, token: str) -> None:
    """The voice was cut off in the middle of the number; nobody is skipped for that, and nobody sitting is called."""
    history, server = History(), Server(hall)
    async with a_session(token) as session:
        door = HttpDoor(session, server, history, "clerk")
        try:
            await server.start()
            before, open_number, _ = await _two_calls(door)
            await server.kill()
            await server.start()
            heard = await _hear(session, server, history, "lobby", before)
            assert [(one.number, one.counter) for one in heard] == [(open_number, ONE)]
            # A screen that had it already says nothing; nor does one that is new and names no sequence.
            assert await _hear(session, server, history, "second lobby", heard[0].sequence) == []
            assert await _hear(session, server, history, "new lobby", None) == []
            await door.send(door.start(ONE, "start-one"))
            assert await _hear(session, server, history, "late lobby", before) == []
        finally:
            await server.end()
    assert violations(history, exported(hall)) == []


async def test_a_call_of_more_than_a_minute_ago_is_not_announced_again(hall: Path) -> None:
    """After a long cut the citizen has asked at the desk; the voice would only confuse the others."""
    wall = HallClock(ZoneInfo("UTC")).now()
    async with open_hall(hall, wall=wall) as parts:
        take = TakeTicket(by=HALL_ITSELF, ticket=TicketId("t"), service=CIVIL, origin="desk")
        await parts.engine.submit(Request(command=take))
        await parts.engine.submit(Request(command=CallNext(by=HALL_ITSELF, counter=ONE, ask=AskId(""))))
    for later_s, expected in ((50, 1), (70, 0)):
        async with open_hall(hall, wall=wall + timedelta(seconds=later_s)) as parts:
            assert len(unanswered(parts.engine.board, parts.engine.now())) == expected

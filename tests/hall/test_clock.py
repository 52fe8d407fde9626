"""Clocks of real machines: wrong after a flat battery, and past midnight with the hall still open."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import msgspec
import pytest

from queue_server import clock as clocks
from queue_server.api.parts import Parts
from queue_server.clock import HallClock
from queue_server.core.board import State
from queue_server.core.commands import CallNext, ConfirmClock, TakeTicket
from queue_server.core.ids import HALL_ITSELF, AskId, CounterNumber, ServiceId, TicketId
from queue_server.engine import Request
from queue_server.main import open_hall
from tests.hall.doors import API, ErrorAnswer, HttpDoor
from tests.hall.facts import facts_of
from tests.hall.history import History
from tests.hall.load import SERVICES
from tests.hall.proof import exported, violations
from tests.hall.running import a_session, a_token, command, running
from tests.hall.witness import Witness

CIVIL = ServiceId(SERVICES[0])
ONE = CounterNumber(1)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def _wall() -> datetime:
    return HallClock(ZoneInfo("UTC")).now()


async def _take(parts: Parts, name: str) -> int:
    take = TakeTicket(by=HALL_ITSELF, ticket=TicketId(name), service=CIVIL, origin="desk")
    outcome = await parts.engine.submit(Request(command=take))
    assert outcome.refusal is None, f"{outcome.refusal}"
    return outcome.board.tickets[TicketId(name)].number


async def _call(parts: Parts) -> None:
    await parts.engine.submit(Request(command=CallNext(by=HALL_ITSELF, counter=ONE, ask=AskId(""))))


def _numbers_by_day(hall: Path) -> list[str]:
    """What the witness says of a journal; it knows each day's numbers over all its openings."""
    witness = Witness()
    return [str(fault) for fact in facts_of(exported(hall)) for fault in witness.watch(fact)]


async def _code(response: aiohttp.ClientResponse) -> tuple[int, str]:
    return response.status, msgspec.json.decode(await response.read(), type=ErrorAnswer).error.code


async def test_a_journal_from_the_future_waits_for_a_person(hall: Path) -> None:
    """The battery is flat and the clock two hours slow: no ticket with a false time until somebody has looked."""
    async with open_hall(hall, wall=_wall() + timedelta(hours=2)) as parts:
        first = await _take(parts, "before")
    admin = await asyncio.to_thread(a_token, hall, "admin")
    checked = await asyncio.to_thread(command, "check", hall)
    assert checked.code == 1
    assert "FAULT  clock" in checked.out
    async with running(hall) as server, a_session(admin) as session:
        assert "clock in doubt" in server.said()
        async with session.get(f"{server.url}/readyz") as response:
            assert await _code(response) == (503, "clock-unconfirmed")
        ticket = {"service": CIVIL}
        async with session.post(f"{server.url}{API}/tickets", json=ticket) as response:
            assert await _code(response) == (503, "clock-unconfirmed")
        assert len(exported(hall)) == parts.engine.board.sequence
        async with session.post(f"{server.url}{API}/clock/confirm", json={"reason": "seen"}) as response:
            assert response.status == 200, await response.text()
        async with session.get(f"{server.url}/readyz") as response:
            assert response.status == 200
        async with session.post(f"{server.url}{API}/tickets", json=ticket) as response:
            assert response.status == 201, await response.text()
            number = msgspec.json.decode(await response.read(), type=dict[str, object])["number"]
    assert number != first
    assert _numbers_by_day(hall) == []
    assert (await asyncio.to_thread(command, "verify", hall)).code == 0


async def test_only_an_admin_vouches_for_the_clock(hall: Path) -> None:
    """Whoever sets the time sets the figures of the day."""
    async with open_hall(hall, wall=_wall() + timedelta(hours=2)):
        pass
    manager = await asyncio.to_thread(a_token, hall, "manager")
    async with running(hall) as server, a_session(manager) as session:
        async with session.post(f"{server.url}{API}/clock/confirm", json={}) as response:
            assert await _code(response) == (403, "forbidden")
        async with session.get(f"{server.url}/readyz") as response:
            assert response.status == 503


async def test_a_clock_a_little_slow_needs_nobody(hall: Path) -> None:
    """Half an hour is within what clocks do; time simply goes on from the journal's last event."""
    async with open_hall(hall, wall=_wall() + timedelta(minutes=30)) as parts:
        await _take(parts, "before")
        last = parts.engine.now()
    token = await asyncio.to_thread(a_token, hall, "clerk")
    history = History(started=last)
    async with running(hall) as server, a_session(token) as session:
        door = HttpDoor(session, server, history, "clerk")
        answer = await door.send(door.take(CIVIL, "after"))
        assert answer is not None
        assert answer.claims[0].at is not None
        assert answer.claims[0].at >= last
    assert [fault.rule for fault in violations(history, exported(hall), slack_s=10)] == ["nobody-asked"]


async def test_a_clock_more_than_a_week_ahead_waits_for_a_person(hall: Path) -> None:
    """A leap of months would open days that nobody worked; a week of Tết is nothing strange."""
    wall = _wall()
    async with open_hall(hall, wall=wall) as parts:
        await _take(parts, "before")
    async with open_hall(hall, wall=wall + timedelta(days=6)) as parts:
        assert parts.engine.clock_in_doubt is None
    async with open_hall(hall, wall=wall + timedelta(days=14)) as parts:
        assert parts.engine.clock_in_doubt is not None
        assert (await parts.confirm_clock(ConfirmClock(by=HALL_ITSELF), {})).refusal is None
        assert parts.engine.board.day == (wall + timedelta(days=14)).astimezone(HANOI).date()
        await _take(parts, "later")


async def test_a_day_opened_again_after_a_clock_fault_goes_on_with_its_numbers(hall: Path) -> None:
    """The clock jumped to tomorrow and back: who took number 1001 today must not meet a second 1001."""
    today = datetime.combine(_wall().astimezone(HANOI).date(), datetime.min.time(), HANOI) + timedelta(hours=9)
    async with open_hall(hall, wall=today) as parts:
        given = [await _take(parts, f"first-{index}") for index in range(3)]
    async with open_hall(hall, wall=today + timedelta(days=1)) as parts:
        assert await _take(parts, "tomorrow") == given[0]
    async with open_hall(hall, wall=today + timedelta(minutes=10)) as parts:
        assert parts.engine.clock_in_doubt is not None
        assert (await parts.confirm_clock(ConfirmClock(by=HALL_ITSELF), {})).refusal is None
        assert parts.engine.board.day == today.date()
        assert await _take(parts, "again") == given[-1] + 1
    assert _numbers_by_day(hall) == []


@pytest.fixture
def elapse(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """The seconds since boot, in the test's hand: the clock reads them and nothing waits."""
    since_boot = [1000.0]
    monkeypatch.setattr(clocks, "_elapsed", lambda: since_boot[0])

    def go_on(by: timedelta) -> None:
        since_boot[0] += by.total_seconds()

    return go_on


async def test_midnight_ends_the_day_and_opens_the_next(hall: Path, elapse: Callable[[timedelta], None]) -> None:
    """The server is never switched off; numbers begin anew and nobody of yesterday is called."""
    evening = datetime(2026, 11, 23, 23, 59, 58, tzinfo=HANOI)
    async with open_hall(hall, wall=evening) as parts:
        engine = parts.engine
        first = await _take(parts, "called")
        await _call(parts)
        await _take(parts, "waiting")
        assert engine.board.day == date(2026, 11, 23)
        elapse(timedelta(seconds=1))
        await engine.tick()
        assert engine.board.day == date(2026, 11, 23)
        elapse(timedelta(seconds=1))
        await engine.tick()
        assert engine.board.day == date(2026, 11, 24)
        assert not engine.board.tickets
        assert await _take(parts, "tomorrow") == first
        await _call(parts)
        assert engine.board.tickets[TicketId("tomorrow")].state is State.CALLED
    kinds = [row.kind for row in exported(hall)]
    opened = len(kinds) - 1 - kinds[::-1].index("day-opened")
    assert kinds[opened - 1 : opened + 2] == ["day-sealed", "day-opened", "hall-configured"]
    assert kinds.count("ticket-expired") == 2
    assert _numbers_by_day(hall) == []
    verified = await asyncio.to_thread(command, "verify", hall)
    assert (verified.code, verified.out.splitlines()[1]) == (0, "days 2")


async def test_the_first_command_after_midnight_belongs_to_the_new_day(
    hall: Path, elapse: Callable[[timedelta], None]
) -> None:
    """Whoever comes in the second before the tick gets a number of the day that the slip names."""
    async with open_hall(hall, wall=datetime(2026, 11, 23, 23, 59, 59, tzinfo=HANOI)) as parts:
        yesterday = await _take(parts, "late")
        elapse(timedelta(seconds=2))
        assert await _take(parts, "early") == yesterday
        assert parts.engine.board.day == date(2026, 11, 24)
    assert _numbers_by_day(hall) == []


async def test_a_hall_that_slept_over_midnight_seals_its_day_at_the_next_start(hall: Path) -> None:
    """Switched off at night, as every hall is: yesterday has its one end before today begins."""
    evening = datetime(2026, 11, 23, 17, 0, tzinfo=HANOI)
    async with open_hall(hall, wall=evening) as parts:
        await _take(parts, "waiting")
    async with open_hall(hall, wall=evening + timedelta(hours=14)) as parts:
        assert parts.engine.board.day == date(2026, 11, 24)
        await _take(parts, "morning")
    kinds = [row.kind for row in exported(hall)]
    assert kinds.index("ticket-expired") < kinds.index("day-sealed") < len(kinds) - 1 - kinds[::-1].index("day-opened")
    assert _numbers_by_day(hall) == []

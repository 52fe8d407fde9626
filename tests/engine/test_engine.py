"""The one writer: nothing half done, nothing twice, nothing told before it is durable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from queue_server.clock import HallClock
from queue_server.core.board import State
from queue_server.core.commands import CallNext, TakeTicket
from queue_server.core.effects import AnnounceTicket, PrintSlip
from queue_server.core.events import TicketIssued
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    PolicyRules,
    RatingScale,
    ServiceRules,
    Settings,
)
from queue_server.engine import Busy, Commit, Engine, KeyMismatch, KeyRef, Outcome, Request
from queue_server.journal.memory import MemoryJournal
from queue_server.journal.port import JournalUnavailable, Outrun, Word
from queue_server.restoring import clock_doubt, create_if_new, restore

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC) - timedelta(hours=7)
CLERK = Actor("t-clerk")
RULES = HallRules(
    hall="h-1",
    name=Name(vi="Xã thử"),
    services=(
        ServiceRules(id=ServiceId("a"), name=Name(vi="A"), ranges=(NumberRange(1001, 1999),)),
        ServiceRules(id=ServiceId("b"), name=Name(vi="B"), ranges=(NumberRange(2001, 2999),)),
    ),
    counters=(CounterRules(number=CounterNumber(1), label="1", services=(ServiceId("a"),), opens_with_hall=1),),
    calendar=Calendar(always_open=1),
    policy=PolicyRules(bulk_from=0),
    settings=Settings(person_daily_limit=2, person_service_limit=1),
    scale=RatingScale(id="s", version=1, levels=()),
)
_ids = count()


def a_take(service: str = "a", **fields: str) -> TakeTicket:
    """A command that takes a new ticket."""
    ticket = TicketId(fields.pop("ticket", f"k{next(_ids)}"))
    return TakeTicket(by=Actor("t-kiosk"), ticket=ticket, service=ServiceId(service), origin="kiosk")


def a_call() -> CallNext:
    """A command that calls the next citizen at counter 1."""
    return CallNext(by=CLERK, counter=CounterNumber(1), ask=AskId(f"q{next(_ids)}"))


def rendered(outcome: Outcome) -> tuple[int, bytes] | None:
    """What a door would keep: the numbers that were issued."""
    numbers = [event.number for event in outcome.events if isinstance(event, TicketIssued)]
    return (201, str(numbers).encode()) if numbers else None


def a_keyed(command: TakeTicket, key: str, body: str = "body") -> Request:
    """A request that may be repeated."""
    return Request(command=command, key=KeyRef(key, body), render=rendered)


@asynccontextmanager
async def running(journal: MemoryJournal, *, inbox_max: int = 100, wall: datetime = MORNING) -> AsyncIterator[Engine]:
    """An engine that goes on from what the journal holds, configured and answering."""
    clock = HallClock(ZONE, wall=wall)
    engine = Engine(journal, clock, lambda: AskId(f"q{next(_ids)}"), inbox_max=inbox_max)
    await create_if_new(journal, RULES.hall, clock.now())
    restored = await restore(journal, "")
    engine.adopt(restored.board, restored.head, restored.words, restored.kept)
    task = asyncio.create_task(engine.run(), name="engine")
    await engine.configure(RULES, HALL_ITSELF)
    try:
        yield engine
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_commands_that_arrive_together_share_one_transaction() -> None:
    """A crowd at opening must not wait for one disk flush each."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        journal.hold()
        commits: list[Commit] = []
        engine.followers.append(commits.append)
        first = asyncio.ensure_future(engine.submit(Request(command=a_take())))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = [asyncio.ensure_future(engine.submit(Request(command=a_take()))) for _ in range(20)]
        await asyncio.sleep(0)
        journal.release()
        outcomes = await asyncio.gather(first, *others)
    numbers = [ticket.number for outcome in outcomes for ticket in outcome.board.tickets.values()]
    assert len(set(numbers)) == 21
    assert [len(commit.events) for commit in commits] == [1, 20]


async def test_nobody_is_told_before_the_commit() -> None:
    """A number that the disk does not hold yet must not be on any screen or slip."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        journal.hold()
        commits: list[Commit] = []
        engine.followers.append(commits.append)
        asking = asyncio.ensure_future(engine.submit(Request(command=a_take())))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not asking.done()
        assert not commits
        assert not engine.board.tickets
        journal.release()
        await asking
        assert len(commits) == len(engine.board.tickets) == 1


async def test_a_failed_commit_leaves_board_and_journal_as_they_were() -> None:
    """With a full disk the citizen gets an error, not a number that vanishes; with space the hall goes on."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        before, head = engine.board, await journal.head()
        journal.fail_next_append()
        with pytest.raises(JournalUnavailable):
            await engine.submit(Request(command=a_take()))
        assert engine.board == before
        assert await journal.head() == head
        outcome = await engine.submit(Request(command=a_take()))
        assert [ticket.number for ticket in outcome.board.tickets.values()] == [1001]


async def test_a_commit_that_failed_only_in_name_is_acknowledged() -> None:
    """When the write landed although an error came back, the number exists and must be told."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        journal.fail_next_append(landed=True)
        outcome = await engine.submit(Request(command=a_take()))
        assert outcome.events
        assert engine.board.sequence == (await journal.head()).sequence


async def test_a_second_writer_stops_the_process() -> None:
    """Two servers on one journal would call one citizen twice; the one that lost the race must fall."""
    journal = MemoryJournal()
    async with running(journal) as one, running(journal) as other:
        await other.submit(Request(command=a_take()))
        asking = asyncio.ensure_future(one.submit(Request(command=a_take())))
        engines = [task for task in asyncio.all_tasks() if task.get_name() == "engine"]
        fallen, _ = await asyncio.wait(engines, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        assert [type(task.exception()) for task in fallen] == [Outrun]
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def test_a_repeat_gets_the_same_answer_and_changes_nothing() -> None:
    """A kiosk whose link broke asks again; the citizen must hold one number."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        first = await engine.submit(a_keyed(a_take(), "key"))
        again = await engine.submit(a_keyed(a_take(), "key"))
        assert again.replay is not None
        assert again.replay.answer == b"[1001]"
        assert first.replay is None
        assert len(engine.board.tickets) == 1


async def test_repeats_in_one_batch_are_one() -> None:
    """A nervous finger sends twice before the first answer is there."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        outcomes = await asyncio.gather(*(engine.submit(a_keyed(a_take(), "key")) for _ in range(5)))
        assert sum(outcome.replay is None for outcome in outcomes) == 1
        assert len(engine.board.tickets) == 1


async def test_a_key_with_another_body_is_refused() -> None:
    """A reused key is a mistake of a program; answering with somebody else's ticket would hide it."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        await engine.submit(a_keyed(a_take(), "key"))
        with pytest.raises(KeyMismatch):
            await engine.submit(a_keyed(a_take("b"), "key", "another body"))
        results = await asyncio.gather(
            engine.submit(a_keyed(a_take(), "two")),
            engine.submit(a_keyed(a_take(), "two", "another body")),
            return_exceptions=True,
        )
        assert [isinstance(result, KeyMismatch) for result in results] == [False, True]


async def test_an_answer_to_nothing_is_not_kept() -> None:
    """A clerk's `next` with nobody waiting must call the citizen who comes a second later, key or no key."""
    journal = MemoryJournal()

    def always(outcome: Outcome) -> tuple[int, bytes]:
        return (200, str(len(outcome.events)).encode())

    async with running(journal) as engine:
        first = await engine.submit(Request(command=a_call(), key=KeyRef("key", "body"), render=always))
        await engine.submit(Request(command=a_take()))
        again = await engine.submit(Request(command=a_call(), key=KeyRef("key", "body"), render=always))
        assert not first.events
        assert again.replay is None
        assert again.events


async def test_a_repeat_after_a_restart_gets_the_same_answer() -> None:
    """The power may go between the commit and the answer."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        await engine.submit(a_keyed(a_take(), "key"))
        board = engine.board
    async with running(journal) as engine:
        again = await engine.submit(a_keyed(a_take(), "key"))
        assert again.replay is not None
        assert again.replay.answer == b"[1001]"
        assert engine.board.sequence == board.sequence


async def test_a_full_inbox_is_told_at_once() -> None:
    """Better a clear no within a millisecond than a line of requests that nobody waits for any more."""
    journal = MemoryJournal()
    async with running(journal, inbox_max=3) as engine:
        journal.hold()
        waiting = [asyncio.ensure_future(engine.submit(Request(command=a_take()))) for _ in range(3)]
        with pytest.raises(Busy):
            await engine.submit(Request(command=a_take()))
        journal.release()
        await asyncio.gather(*waiting)


async def test_a_client_that_leaves_does_not_undo_what_it_asked_for() -> None:
    """A browser that closes while the disk is slow leaves a ticket in the queue, not a hole."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        journal.hold()
        asking = asyncio.ensure_future(engine.submit(Request(command=a_take())))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        journal.release()
        outcome = await engine.submit(Request(command=a_take()))
        assert len(outcome.board.tickets) == 2


async def test_limits_per_person_hold_in_one_batch_and_after_a_restart() -> None:
    """Touts send many requests at once, and wait for the server to be restarted."""
    journal = MemoryJournal()

    def asked(service: str) -> Request:
        words = {"": (Word("person", "salt", "hash-of-somebody"),)}
        take = a_take(service)
        command = TakeTicket(
            by=take.by, ticket=take.ticket, service=take.service, origin="kiosk", commitments={"person": "digest"}
        )
        return Request(command=command, person="hash-of-somebody", words=words)

    async with running(journal) as engine:
        outcomes = await asyncio.gather(*(engine.submit(asked("a")) for _ in range(3)))
        assert [outcome.refusal.code if outcome.refusal else None for outcome in outcomes] == [
            None,
            "person-service-limit",
            "person-service-limit",
        ]
    async with running(journal) as engine:
        again = await engine.submit(asked("a"))
        assert again.refusal is not None
        assert (await engine.submit(asked("b"))).refusal is None
        over = await engine.submit(asked("b"))
        assert over.refusal is not None
        assert over.refusal.code == "person-limit"


async def test_the_board_after_a_restart_is_the_board_before() -> None:
    """A power cut must not move anybody's place."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        for _ in range(5):
            await engine.submit(Request(command=a_take()))
        await engine.submit(Request(command=a_call()))
        before, head = engine.board, engine.head
    async with running(journal) as engine:
        assert engine.board == before
        assert engine.head == head


async def test_a_command_after_midnight_finds_the_new_day() -> None:
    """The first citizen of the morning must not get yesterday's next number."""
    journal = MemoryJournal()
    async with running(journal, wall=MORNING) as engine:
        await engine.submit(Request(command=a_take()))
        yesterday = next(iter(engine.board.tickets))
    async with running(journal, wall=MORNING + timedelta(days=1)) as engine:
        outcome = await engine.submit(Request(command=a_take()))
        assert outcome.board.day is not None
        assert outcome.board.day.isoformat() == "2026-11-24"
        assert yesterday not in outcome.board.tickets
        assert [ticket.number for ticket in outcome.board.tickets.values()] == [1001]


async def test_what_is_owed_after_a_crash_is_found_again() -> None:
    """A slip that never left the printer and a call that nobody heard are still due after the power comes back."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        take = a_take()
        owed = TakeTicket(by=take.by, ticket=take.ticket, service=take.service, origin="guide", slip="owed")
        await engine.submit(Request(command=owed))
        await engine.submit(Request(command=a_call()))
    async with running(journal) as engine:
        commits: list[Commit] = []
        engine.followers.append(commits.append)
        engine.resume()
        effects = commits[0].effects
        assert [effect.ticket for effect in effects if isinstance(effect, PrintSlip)] == [take.ticket]
        assert [effect.number for effect in effects if isinstance(effect, AnnounceTicket)] == [1001]
        assert engine.board.tickets[take.ticket].state is State.CALLED


async def test_an_implausible_clock_is_doubted() -> None:
    """A board battery that died must not open the day of 1970, nor seal one of next year."""
    journal = MemoryJournal()
    async with running(journal) as engine:
        await engine.submit(Request(command=a_take()))
        board = engine.board
    assert clock_doubt(board, MORNING - timedelta(minutes=59)) is None
    assert clock_doubt(board, MORNING - timedelta(minutes=61)) is not None
    assert clock_doubt(board, MORNING + timedelta(days=6)) is None
    assert clock_doubt(board, MORNING + timedelta(days=8)) is not None

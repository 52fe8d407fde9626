"""The one writer: commands in, events written, then everybody told.

Commands that arrive together share one transaction. Answers and effects leave after the commit. A failed commit drops
a local board and nothing else: the durable board, the journal and the hall are as they were.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from queue_server.clock import HallClock
from queue_server.core.board import Board
from queue_server.core.commands import AnyCommand, ConfigureHall, ConfirmClock, TakeTicket, Tick
from queue_server.core.decide import decide, refusal_in
from queue_server.core.effects import AnyEffect
from queue_server.core.events import AnyEvent
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, ServiceId, TicketId
from queue_server.core.react import react, resume
from queue_server.core.refusal import Refusal
from queue_server.core.rules import HallRules
from queue_server.journal.codec import encode_row, instant_text
from queue_server.journal.port import Head, Journal, JournalUnavailable, Kept, Outrun, Row, SideRow, Word

log = structlog.get_logger()

BATCH_MAX = 128  # Commands in one transaction; the rest wait for the next.
INBOX_MAX = 1024  # Commands waiting; beyond it `submit` raises Busy and the caller is told when to come back.
KEPT_MAX = 500_000  # Answers kept for repeats; beyond it requests with a key raise Busy until old ones are forgotten.


class Busy(Exception):
    """The inbox is full: nothing was decided; try again in a second."""


class KeyMismatch(Exception):
    """The idempotency key was used before with another body."""


class KeyRef(Struct, frozen=True, gc=False):
    """Digests of a request's idempotency key with its scope, and of its body."""

    key: str
    request: str


class Outcome(Struct, frozen=True, kw_only=True):
    """What a command came to, and the board right after it."""

    command: AnyCommand
    events: tuple[AnyEvent, ...] = ()
    refusal: Refusal | None = None
    board: Board
    head: str
    sequence: int
    """The journal's sequence after this command."""
    at: datetime
    replay: Kept | None = None
    """Set when the same request was answered before: nothing happened now."""


Render = Callable[[Outcome], tuple[int, bytes] | None]
"""The answer to keep for repeats as (status, bytes), or None where none is kept."""


class Request(Struct, frozen=True, kw_only=True):
    """A command with what the boundary knows about it."""

    command: AnyCommand
    words: Mapping[str, tuple[Word, ...]] = {}
    """Words for the side table by ticket id; under "" those of the first event that commits to any."""
    key: KeyRef | None = None
    render: Render | None = None
    person: str | None = None
    """Day-hash of the person who takes a ticket, where the hall limits tickets per person."""


class Commit(Struct, frozen=True, kw_only=True):
    """What followers learn after each commit."""

    board: Board
    effects: tuple[AnyEffect, ...]
    events: tuple[tuple[AnyEvent, datetime], ...]
    head: str
    at: datetime


class _Draft:
    """A batch under way: a local board that is dropped if the commit fails."""

    def __init__(self, board: Board, head: str, persons: Mapping[str, tuple[ServiceId, ...]], at: datetime) -> None:
        self._at_text = instant_text(at)
        self.board = board
        self.head = head
        self.rows: list[Row] = []
        self.side: list[SideRow] = []
        self.effects: list[AnyEffect] = []
        self.events: list[tuple[AnyEvent, datetime]] = []
        self.kept: dict[str, Kept] = {}
        self.persons = dict(persons)
        self.outcomes: list[Outcome | Exception] = []

    def decide(self, request: Request, at: datetime) -> Outcome:
        command = request.command
        if request.person is not None and isinstance(command, TakeTicket):
            held = self.persons.get(request.person, ())
            command = replace(command, has_person=1, person_services=held)
        events: tuple[AnyEvent, ...] = ()
        decision = decide(self.board, command, at)
        if isinstance(decision, Refusal):
            refusal: Refusal | None = decision
        else:
            events, refusal = decision, refusal_in(self.board, decision, at)
            self._write(events, request.words, at)
        if request.person is not None and isinstance(command, TakeTicket) and events and refusal is None:
            self.persons[request.person] = (*self.persons.get(request.person, ()), command.service)
        outcome = Outcome(
            command=command,
            events=events,
            refusal=refusal,
            board=self.board,
            head=self.head,
            sequence=self.board.sequence,
            at=at,
        )
        if request.key is not None:
            self._keep(request, request.key, outcome)
        return outcome

    def _write(self, events: tuple[AnyEvent, ...], words: Mapping[str, tuple[Word, ...]], at: datetime) -> None:
        at_text = self._at_text
        for event in events:
            board = evolve(self.board, event, at)
            row = encode_row(event, at, board.sequence, self.head, at_text)
            self.board, self.head = board, row.hash
            self.rows.append(row)
            self.events.append((event, at))
            self.effects.extend(react(board, event))
            if words and getattr(event, "commitments", None):
                subject = getattr(event, "ticket", "")
                said = words.get(subject) or words.get("", ())
                self.side.extend(
                    SideRow(sequence=row.sequence, name=one.name, salt=one.salt, value=one.value, subject=subject)
                    for one in said
                )
                words = {key: value for key, value in words.items() if key}

    def _keep(self, request: Request, key: KeyRef, outcome: Outcome) -> None:
        if request.render is None:
            return
        if not outcome.events and outcome.refusal is None:  # Nothing happened, so a repeat may still make it happen.
            return
        answer = request.render(outcome)
        if answer is not None:
            status, body = answer
            at = outcome.at.isoformat(timespec="milliseconds")
            self.kept[key.key] = Kept(key=key.key, request=key.request, status=status, answer=body, at=at)


class Engine:
    """The hall's one writer.

    Lifetime: `adopt` once, then `run` in a task until the server stops.
    Concurrency: of one event loop; `board` is always durable and may be read from anywhere.
    """

    def __init__(
        self, journal: Journal, clock: HallClock, new_ask: Callable[[], AskId], *, inbox_max: int = INBOX_MAX
    ) -> None:
        """An engine at rest, which accepts commands; `adopt` gives it its board and `run` answers."""
        self.board = Board()
        self.head = ""
        self.followers: list[Callable[[Commit], None]] = []
        self.clock_in_doubt: str | None = None
        """Why the day is not opened until a person confirms the clock."""
        self.words: dict[TicketId, dict[str, str]] = {}
        """What today's citizens said, by ticket; rebuilt from the side table."""
        self._persons: dict[str, tuple[ServiceId, ...]] = {}
        self._kept: dict[str, Kept] = {}
        self._journal = journal
        self._clock = clock
        self._new_ask = new_ask
        self._inbox_max = inbox_max
        self._inbox: deque[tuple[Request, asyncio.Future[Outcome]]] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> datetime:
        """The hall's present instant."""
        return self._clock.now()

    def adopt(self, board: Board, head: Head, words: list[SideRow], kept: list[Kept]) -> None:
        """Take over what the journal holds; called once, before `run`."""
        self.board, self.head = board, head.hash
        for word in words:
            self._learn_word(word)
            ticket = board.tickets.get(TicketId(word.subject))
            if word.name == "person" and ticket is not None:
                self._persons[word.value] = (*self._persons.get(word.value, ()), ticket.service)
        self._kept = {one.key: one for one in kept}

    def submit(self, request: Request) -> Awaitable[Outcome]:
        """The outcome, durable before it is there. To be awaited at once; a plain function, for a crowd passes here.

        Busy or JournalUnavailable when nothing was decided or written; KeyMismatch when the key has another body.
        """
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = self._loop.create_future()
        if request.key is not None and (known := self._kept.get(request.key.key)) is not None:
            future.set_result(self._repeated(request, known))
            return future
        if len(self._inbox) >= self._inbox_max:
            raise Busy(f"{self._inbox_max} commands are waiting; try again in a second")
        if request.key is not None and len(self._kept) >= KEPT_MAX:
            raise Busy(f"{KEPT_MAX} answers are kept for repeats; send this request without an Idempotency-Key")
        self._inbox.append((request, future))
        if not self._wake.is_set():
            self._wake.set()
        return future

    def kept(self, key: KeyRef) -> Kept | None:
        """What a request with this key was answered before; KeyMismatch when it had another body."""
        known = self._kept.get(key.key)
        if known is not None and known.request != key.request:
            raise KeyMismatch("this Idempotency-Key was used with another body; take a new key for a new request")
        return known

    def _repeated(self, request: Request, known: Kept) -> Outcome:
        assert request.key is not None, "only requests with a key are repeats"
        if known.request != request.key.request:
            raise KeyMismatch("this Idempotency-Key was used with another body; take a new key for a new request")
        return Outcome(
            command=request.command,
            board=self.board,
            head=self.head,
            sequence=self.board.sequence,
            at=self.now(),
            replay=known,
        )

    async def run(self) -> None:
        """Write batch after batch; ends only by cancellation, or by Outrun, after which the process must stop."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._inbox:
                batch = [self._inbox.popleft() for _ in range(min(len(self._inbox), BATCH_MAX))]
                await self._process(batch)

    async def _process(self, batch: list[tuple[Request, asyncio.Future[Outcome]]]) -> None:
        at = self._clock.now()
        is_over = self._day_is_over(at)
        draft = _Draft(self.board, self.head, {} if is_over else self._persons, at)
        if is_over:
            draft.decide(Request(command=Tick(by=HALL_ITSELF)), at)
        results: list[Outcome | KeyMismatch | str] = []
        for request, _ in batch:
            results.append(self._decided(draft, request, at))
        if draft.rows or draft.kept:
            try:
                await self._journal.append(
                    draft.rows,
                    side=draft.side,
                    kept=tuple(draft.kept.values()),
                    expected_sequence=self.board.sequence,
                )
            except JournalUnavailable as error:
                if not await self._has_landed(draft):
                    log.error("commit failed", commands=len(batch), error=str(error))
                    _reject(batch, JournalUnavailable(str(error)))
                    return
        self._publish(draft, at)
        for (request, future), result in zip(batch, results, strict=True):
            self._answer(request, future, result)

    def _decided(self, draft: _Draft, request: Request, at: datetime) -> Outcome | KeyMismatch | str:
        """An outcome, or the key whose kept answer this request repeats."""
        if request.key is not None and (request.key.key in draft.kept or request.key.key in self._kept):
            return request.key.key
        if self.clock_in_doubt is not None and not isinstance(request.command, ConfirmClock):
            refusal = Refusal("clock-unconfirmed", {"clock": at.isoformat(timespec="seconds")})
            return Outcome(
                command=request.command,
                refusal=refusal,
                board=draft.board,
                head=draft.head,
                sequence=draft.board.sequence,
                at=at,
            )
        return draft.decide(request, at)

    def _answer(self, request: Request, future: asyncio.Future[Outcome], result: Outcome | KeyMismatch | str) -> None:
        if future.done():  # The client has gone; what it asked for is done all the same.
            return
        if not isinstance(result, str):
            if isinstance(result, KeyMismatch):
                future.set_exception(result)
            else:
                future.set_result(result)
            return
        try:
            future.set_result(self._repeated(request, self._kept[result]))
        except KeyMismatch as error:
            future.set_exception(error)

    def _day_is_over(self, at: datetime) -> bool:
        day = self.board.day
        return day is not None and at.date() > day and self.clock_in_doubt is None

    async def _has_landed(self, draft: _Draft) -> bool:
        """Whether a commit that reported a failure is in the journal all the same."""
        try:
            head = await self._journal.head()
        except JournalUnavailable:
            return False
        if head.sequence == self.board.sequence:
            return False
        if head.sequence == draft.board.sequence and head.hash == draft.head:
            return True
        raise Outrun(f"the journal's head is event {head.sequence}, which this process did not write")

    def _publish(self, draft: _Draft, at: datetime) -> None:
        if draft.board.day != self.board.day:  # Yesterday's words stay in the side table alone.
            self.words = {}
        self.board, self.head = draft.board, draft.head
        self._persons = draft.persons
        for word in draft.side:
            self._learn_word(word)
        self._kept.update(draft.kept)
        if not draft.rows:
            return
        commit = Commit(
            board=draft.board, effects=tuple(draft.effects), events=tuple(draft.events), head=draft.head, at=at
        )
        for follower in self.followers:
            follower(commit)

    def _learn_word(self, word: SideRow) -> None:
        if word.subject:
            self.words.setdefault(TicketId(word.subject), {})[word.name] = word.value

    # What the hall does by itself

    async def configure(self, rules: HallRules, by: Actor) -> Outcome:
        """Put rules in force, opening the day if it is a new one."""
        return await self.submit(Request(command=ConfigureHall(by=by, rules=rules)))

    async def tick(self) -> None:
        """Do what time alone brings; nothing is submitted when nothing is due."""
        at = self._clock.now()
        due = sum(1 for instant, _ in self.board.asks_due if instant <= at)
        if due or self._day_is_over(at):
            asks = tuple(self._new_ask() for _ in range(due))
            await self.submit(Request(command=Tick(by=HALL_ITSELF, asks=asks)))

    def resume(self) -> None:
        """Tell the followers what is owed since before the start; called once, when all of them listen."""
        at = self._clock.now()
        commit = Commit(board=self.board, effects=resume(self.board, at), events=(), head=self.head, at=at)
        for follower in self.followers:
            follower(commit)

    async def forget_old_answers(self, kept_for: timedelta) -> int:
        """Drop answers kept for longer than this; tells how many."""
        before = (self._clock.now() - kept_for).isoformat(timespec="milliseconds")
        old = [key for key, kept in self._kept.items() if kept.at < before]
        for key in old:
            del self._kept[key]
        await self._journal.forget_kept(before)
        return len(old)


def _reject(batch: list[tuple[Request, asyncio.Future[Outcome]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)

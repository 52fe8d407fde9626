"""A lawful little morning, made without a server, and a record of it that tells the truth; tests then spoil either."""

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from msgspec.structs import replace

from queue_server.core.board import Board
from queue_server.core.commands import (
    AnyCommand,
    CallNext,
    ConfigureHall,
    FinishTicket,
    OpenCounter,
    StartService,
    TakeTicket,
)
from queue_server.core.decide import decide
from queue_server.core.events import AnyEvent, HallCreated, ServiceStarted, TicketCalled, TicketFinished, TicketIssued
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    RatingScale,
    ScaleLevel,
    ServiceRules,
    Settings,
)
from queue_server.journal.codec import encode_row, genesis_hash
from tests.hall.history import Answer, Asked, Claim, Entry, History, Wanted

if TYPE_CHECKING:
    from queue_server.journal.port import Row

HANOI = timezone(timedelta(hours=7))
OPENING = datetime(2026, 11, 23, 7, 30, tzinfo=HANOI)
CIVIL, LAND = ServiceId("ho-tich"), ServiceId("dat-dai")
ONE, TWO = CounterNumber(1), CounterNumber(2)
CLERK = Actor("t-clerk")
STEP_S = 1.0
"""Between two requests; each is answered half a step later."""


def the_rules() -> HallRules:
    """Two services and two counters that serve both, always open."""
    return HallRules(
        hall="made-up",
        name=Name(vi="Hội trường thử"),
        services=(
            ServiceRules(id=CIVIL, name=Name(vi="Hộ tịch"), ranges=(NumberRange(1001, 1999),)),
            ServiceRules(id=LAND, name=Name(vi="Đất đai"), ranges=(NumberRange(2001, 2999),)),
        ),
        counters=tuple(CounterRules(number=one, label=str(one), services=(CIVIL, LAND)) for one in (ONE, TWO)),
        calendar=Calendar(always_open=1),
        settings=Settings(min_service_s=0, next_guard_ms=0),
        scale=RatingScale(
            id="two", version=1, levels=(ScaleLevel(score=1, label=Name(vi="Tốt"), counts_as="neutral"),)
        ),
    )


class MadeUp:
    """A hall in a notebook: commands are decided, events chained, and both written down.

    Lifetime: one test.
    """

    def __init__(self) -> None:
        """The day is open, and so are both counters."""
        self.now = 0.0
        self.board = Board()
        self.rows: list[Row] = []
        self.history = History(monotonic=lambda: self.now, started=OPENING)
        self._tickets = 0
        self._started: dict[CounterNumber, Answer] = {}
        created = OPENING.isoformat(timespec="milliseconds")
        self._head = genesis_hash("made-up", created)
        self.happen(HallCreated(hall="made-up", created=created))
        self.do(ConfigureHall(by=HALL_ITSELF, rules=the_rules()))
        for counter in (ONE, TWO):
            self.do(OpenCounter(by=CLERK, counter=counter))

    @property
    def at(self) -> datetime:
        """The present instant."""
        return OPENING + timedelta(seconds=self.now)

    def happen(self, *events: AnyEvent) -> None:
        """Write events into the journal, lawful or not."""
        for event in events:
            row = encode_row(event, self.at, self.board.sequence + 1, self._head)
            self.board, self._head = evolve(self.board, event, self.at), row.hash
            self.rows.append(row)

    def do(self, command: AnyCommand) -> tuple[AnyEvent, ...]:
        """Decide a command and write what it comes to."""
        events = decide(self.board, command, self.at)
        assert not isinstance(events, Refusal), f"the hall says {events}"
        self.happen(*events)
        return events

    def take(self, service: ServiceId = CIVIL, *, key: str | None = None, is_lost: bool = False) -> TicketIssued:
        """A citizen takes a ticket; the answer may be lost on its way."""
        self._tickets += 1
        command = TakeTicket(by=CLERK, ticket=TicketId(f"ticket-{self._tickets}"), service=service, origin="desk")
        (issued,) = self.do(command)
        assert isinstance(issued, TicketIssued), f"{issued}"
        asked = self.asked("/tickets", "ticket-issued", key=key, service=service)
        self.note(asked, None if is_lost else answer_of(issued, self.at, self._head))
        return issued

    def call(self, counter: CounterNumber = ONE, *, key: str | None = None) -> TicketCalled | None:
        """A clerk asks for the next one."""
        events = self.do(CallNext(by=CLERK, counter=counter, ask=AskId("")))
        called = next((event for event in events if isinstance(event, TicketCalled)), None)
        asked = self.asked(f"/counters/{counter}/next", "ticket-called", key=key, counter=counter)
        if called is None:
            self.note(asked, Answer(status=200, nobody_waits_at=counter, identity=(200, None)))
        else:
            self.note(asked, answer_of(called, self.at, self._head, self.number_of(called.ticket)))
        return called

    def would_call(self, counter: CounterNumber) -> TicketCalled:
        """The call that the hall would make now."""
        events = decide(self.board, CallNext(by=CLERK, counter=counter, ask=AskId("")), self.at)
        assert not isinstance(events, Refusal), f"the hall says {events}"
        return next(event for event in events if isinstance(event, TicketCalled))

    def finish(self, counter: CounterNumber = ONE) -> TicketFinished:
        """A clerk is done."""
        (finished,) = self.do(FinishTicket(by=CLERK, counter=counter, ask=AskId("")))
        assert isinstance(finished, TicketFinished), f"{finished}"
        asked = self.asked(f"/counters/{counter}/finish", "ticket-finished", counter=counter)
        self.note(asked, answer_of(finished, self.at, self._head, self.number_of(finished.ticket)))
        return finished

    def start(self, counter: CounterNumber = ONE) -> None:
        """The citizen sits down; said twice it happens once."""
        for event in self.do(StartService(by=CLERK, counter=counter)):
            assert isinstance(event, ServiceStarted), f"{event}"
            self._started[counter] = answer_of(event, self.at, self._head, self.number_of(event.ticket))
        asked = self.asked(f"/counters/{counter}/start", "service-started", counter=counter)
        self.note(replace(asked, may_share=True), self._started[counter])

    def number_of(self, ticket: TicketId) -> int:
        """The number on the ticket."""
        return self.board.tickets[ticket].number

    def asked(
        self, path: str, kind: str, *, key: str | None = None, service: str = "", counter: int | None = None
    ) -> Asked:
        """A request of the one door there is; without a key it gets one of its own."""
        wanted = Wanted(kind=kind, service=service, counter=counter)
        return Asked(door="http", path=path, key=f"k-{self.now}-{path}" if key is None else key, wanted=wanted)

    def note(self, asked: Asked, answer: Answer | None) -> None:
        """Record a request that was asked a moment before now and answered a moment after; then time goes on."""
        entry = Entry(asked=asked, started=self.now - STEP_S / 4, ended=self.now + STEP_S / 4, answer=answer)
        self.history.entries.append(entry)
        self.now += STEP_S


def answer_of(
    event: TicketIssued | TicketCalled | ServiceStarted | TicketFinished,
    at: datetime,
    head: str,
    number: int | None = None,
) -> Answer:
    """The answer that tells the truth about an event."""
    shown = event.number if isinstance(event, TicketIssued) else number
    assert shown is not None, "an answer names the number"
    counter = None if isinstance(event, TicketIssued) else event.counter
    status = 201 if isinstance(event, TicketIssued) else 200
    claim = Claim(kind=event.KIND, ticket=event.ticket, number=shown, counter=counter, at=at)
    return Answer(status=status, claims=(claim,), identity=(status, event.ticket, shown), head=head[:12])

"""A day of one hall with everything that goes wrong in it: commands by chance, decided by the core itself."""

from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from queue_server.core.board import Board, State
from queue_server.core.commands import (
    AnyCommand,
    CallNext,
    CallNumber,
    CancelTicket,
    CatchUp,
    CloseCounter,
    ConfigureHall,
    FinishTicket,
    GrantLease,
    HandedTicket,
    HandOver,
    HoldTicket,
    MarkAbsent,
    MoveTicket,
    OpenCounter,
    PauseService,
    PromiseTomorrow,
    RateVisit,
    Recall,
    ResumeService,
    ReturnTicket,
    SealDay,
    SendAway,
    SetPriority,
    StartService,
    TakeTicket,
    Tick,
    TransferTicket,
)
from queue_server.core.decide import decide
from queue_server.core.events import AnyEvent
from queue_server.core.evolve import evolve
from queue_server.core.ids import Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import HallRules, Name, PriorityGroup, Settings
from tests.reports.stories import CERTIFY, LAND, MONDAY, ONE, RULES, THREE, TWO, clock, item

SERVICES, COUNTERS = (CERTIFY, LAND), (ONE, TWO, THREE)
ODD_RULES = replace(
    RULES,
    services=tuple(replace(service, lease_reserve=50, daily_limit=90) for service in RULES.services),
    priority=(PriorityGroup(group="old", label=Name(vi="Người cao tuổi"), rank=1),),
    settings=Settings(first_tomorrow=1),
)


class Hall:
    """A board that is moved by commands and remembers every event."""

    def __init__(self, rules: HallRules = ODD_RULES) -> None:
        self.board = Board()
        self.events: list[tuple[AnyEvent, datetime, int]] = []
        self.do(ConfigureHall(rules=rules, by=Actor("hall")), clock("6:00"))

    def do(self, command: AnyCommand, at: datetime) -> tuple[AnyEvent, ...]:
        decision = decide(self.board, command, at)
        if isinstance(decision, Refusal):
            return ()
        for event in decision:
            self.board = evolve(self.board, event, at)
            self.events.append((event, at, self.board.sequence))
        return decision


class Chance:
    """What people do next, by chance but the same for the same seed."""

    def __init__(self, seed: int, hall: Hall) -> None:
        self.random, self.hall, self.made = Random(seed), hall, 0
        self.leased: list[TicketId] = []

    def name(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.made}"

    def command(self, at: datetime) -> AnyCommand:
        kinds = (self.take, self.at_desk, self.lease, self.on_ticket, self.rarely)
        return self.random.choices(kinds, (30, 60, 2, 6, 1))[0](at)

    def take(self, at: datetime) -> AnyCommand:
        chance = self.random
        booked = at.replace(second=0) + timedelta(minutes=chance.randrange(-5, 60)) if chance.random() < 0.1 else None
        return TakeTicket(
            ticket=TicketId(self.name("t")),
            service=chance.choice(SERVICES),
            origin="booking" if booked else "kiosk",
            group="old" if chance.random() < 0.2 else None,
            items=chance.choice((1, 1, 1, 2, 9)),
            procedures=chance.choice(((), ("1.1",), ("1.1", "2.2"))),
            booked_at=booked,
            by=Actor("kiosk"),
            commitments={"dossier.0": "x"} if chance.random() < 0.2 else {},
        )

    def at_desk(self, at: datetime) -> AnyCommand:
        chance, ask, by = self.random, AskId(self.name("ask")), Actor("desk")
        counter, back = chance.choice(COUNTERS), chance.random() < 0.5
        done = {f"dossier.{index}": "x" for index in range(chance.choice((0, 0, 1, 2)))}
        items = (item("1.1"), item(chance.choice(("", "3.3"))))
        commands: list[tuple[AnyCommand, int]] = [
            (OpenCounter(counter=counter, clerk=Actor(f"p-{chance.randrange(4)}"), by=by), 6),
            (CloseCounter(counter=counter, ask=ask, by=by), 1),
            (CallNext(counter=counter, ask=ask, by=by), 30),
            (StartService(counter=counter, by=by), 20),
            (FinishTicket(counter=counter, items=items, commitments=done, ask=ask, by=by), 15),
            (Recall(counter=counter, by=by), 4),
            (MarkAbsent(counter=counter, by=by), 6),
            (HoldTicket(counter=counter, by=by), 3),
            (SendAway(counter=counter, reason="form", by=by), 3),
            (self.transfer(counter, then_return=back, commitments=done), 6),
            (ReturnTicket(counter=counter, number=self.number({State.AWAY, State.ABSENT, State.HELD}), by=by), 10),
            (CallNumber(counter=counter, number=self.number(set(State)), why="keypad", ask=ask, by=by), 2),
        ]
        return chance.choices([command for command, _ in commands], [weight for _, weight in commands])[0]

    def transfer(self, counter: CounterNumber, *, then_return: bool, commitments: dict[str, str]) -> AnyCommand:
        to_counter = self.random.choice((None, *COUNTERS))
        service: ServiceId | None = None if to_counter else self.random.choice(SERVICES)
        return TransferTicket(
            counter=counter,
            service=service,
            to_counter=to_counter,
            then_return=then_return,
            reason="pay",
            items=(item("4.4"),),
            by=Actor("desk"),
            commitments=commitments,
        )

    def number(self, states: set[State]) -> int:
        found = [ticket.number for ticket in self.hall.board.tickets.values() if ticket.state in states]
        return self.random.choice(sorted(found) or [1])

    def lease(self, at: datetime) -> AnyCommand:
        chance, kiosk = self.random, Actor("kiosk")
        if not self.leased or chance.random() < 0.3:
            tickets = tuple(TicketId(self.name("l")) for _ in range(3))
            self.leased.extend(tickets)
            lease, service = LeaseId(self.name("lease")), chance.choice(SERVICES)
            return GrantLease(lease=lease, service=service, day=MONDAY, tickets=tickets, by=kiosk)
        handed = HandedTicket(ticket=self.leased.pop(), issued_at=at - timedelta(minutes=chance.randrange(90)))
        return HandOver(issued=(handed,), clock_error_ms=chance.randrange(-5000, 5000), by=kiosk)

    def on_ticket(self, at: datetime) -> AnyCommand:
        chance, by = self.random, Actor("guide")
        tickets = sorted(self.hall.board.tickets) or [TicketId("none")]
        ticket = chance.choice(tickets)
        group = chance.choice(("old", None))
        commands: list[AnyCommand] = [
            CancelTicket(ticket=ticket, channel="staff", reason="left", by=by),
            MoveTicket(ticket=ticket, service=chance.choice(SERVICES), keep_place=True, reason="wrong", by=by),
            SetPriority(ticket=ticket, group=group, proof_seen=True, by=by),
            RateVisit(ticket=ticket, score=chance.choice((1, 2, 3)), by=by),
            *(RateVisit(ask=ask, score=chance.choice((1, 2, 3)), by=by) for ask in sorted(self.hall.board.asks)[-3:]),
        ]
        return chance.choice(commands)

    def rarely(self, at: datetime) -> AnyCommand:
        chance, by, service = self.random, Actor("manager"), self.random.choice(SERVICES)
        waiting = [ticket.id for ticket in self.hall.board.tickets.values() if ticket.state is State.WAITING]
        through = 1000 + len(self.hall.board.tickets) // 4
        commands: list[AnyCommand] = [
            PauseService(service=service, reason="ink", by=by),
            *(ResumeService(service=one, reason="ink", by=by) for one in (*SERVICES, *SERVICES)),
            CatchUp(service=service, through=through, reason="power", by=by),
            *(PromiseTomorrow(ticket=one, tomorrow=TicketId(self.name("p")), by=by) for one in sorted(waiting)[-1:]),
        ]
        return chance.choice(commands)


def a_day(seed: int, steps: int = 900) -> list[tuple[AnyEvent, datetime, int]]:
    """The events of one whole Monday, sealed."""
    hall = Hall()
    chance, at = Chance(seed, hall), clock("7:00")
    pace = timedelta(hours=11) / steps
    for _ in range(steps):
        at += timedelta(milliseconds=round(pace.total_seconds() * 1000 * chance.random.expovariate(1)))
        hall.do(Tick(asks=(AskId(chance.name("due")),), by=Actor("hall")), at)
        hall.do(chance.command(at), at)
    hall.do(SealDay(by=Actor("hall")), max(at, clock("20:00")))
    return hall.events

"""Halls with people in them, made by the core itself, for running ahead of the clock."""

from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from msgspec.structs import replace

from queue_server.core.board import Board
from queue_server.core.commands import AnyCommand, CallNext, ConfigureHall, TakeTicket
from queue_server.core.decide import decide
from queue_server.core.events import AnyEvent, TicketCalled
from queue_server.core.evolve import evolve
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import CounterRules, HallRules, Name, NumberRange, PolicyRules, PriorityGroup, ServiceRules
from queue_server.forecast.estimates import Estimates, learn
from tests.reports.stories import RULES, clock

EIGHT = clock("8:00")


def rules(
    counters: tuple[tuple[str, ...], ...], *, policy: PolicyRules | None = None, expected_s: int = 600
) -> HallRules:
    """A hall whose counters serve these services and open with the day."""
    services = sorted({service for served in counters for service in served})
    return replace(
        RULES,
        services=tuple(
            ServiceRules(
                id=ServiceId(service),
                name=Name(vi=service),
                ranges=(NumberRange(10_000 * (index + 1), 10_000 * (index + 1) + 9_999),),
                expected_service_s=expected_s + 60 * index,
            )
            for index, service in enumerate(services)
        ),
        counters=tuple(
            CounterRules(
                number=CounterNumber(index + 1),
                label=str(index + 1),
                services=tuple(ServiceId(service) for service in served),
                opens_with_hall=1,
            )
            for index, served in enumerate(counters)
        ),
        priority=(PriorityGroup(group="old", label=Name(vi="Người cao tuổi"), rank=1),),
        policy=policy or PolicyRules(bulk_from=0),
    )


class Hall:
    """A board that is moved by commands, and the estimates that learn from it."""

    def __init__(self, hall_rules: HallRules) -> None:
        self.board, self.estimates = Board(), Estimates()
        self.do(ConfigureHall(rules=hall_rules, by=Actor("hall")), clock("6:00"))

    def do(self, command: AnyCommand, at: datetime) -> tuple[AnyEvent, ...]:
        """Decide and take in; a refusal comes to no events."""
        decision = decide(self.board, command, at)
        if isinstance(decision, Refusal):
            return ()
        for event in decision:
            self.board = evolve(self.board, event, at)
            self.estimates = learn(self.estimates, event, at)
        return decision

    def take(self, ticket: str, service: str, at: datetime, *, group: str | None = None, items: int = 1) -> None:
        """A citizen takes a ticket."""
        take = TakeTicket(
            ticket=TicketId(ticket),
            service=ServiceId(service),
            origin="kiosk",
            group=group,
            items=items,
            by=Actor("kiosk"),
        )
        assert self.do(take, at), f"no ticket {ticket} of {service}"

    def next(self, counter: CounterNumber, at: datetime) -> TicketId | None:
        """A clerk calls; gives whom."""
        events = self.do(CallNext(counter=counter, ask=AskId(""), by=Actor("desk")), at)
        return next((event.ticket for event in events if isinstance(event, TicketCalled)), None)

    def crowd(self, size: int, *, seed: int = 1, bulk: bool = False) -> datetime:
        """So many citizens of all kinds arrive from eight o'clock, one a second; gives the instant after the last."""
        random, services = Random(seed), sorted(self.board.services)
        for index in range(size):
            group = "old" if random.random() < 0.2 else None
            items = 6 if bulk and random.random() < 0.1 else random.choice((1, 1, 2))
            arrives = EIGHT + timedelta(seconds=index)
            self.take(f"t{index}", random.choice(services), arrives, group=group, items=items)
        return EIGHT + timedelta(seconds=size)

    def all_call(self, at: datetime) -> None:
        """Every open counter calls once."""
        for number, counter in sorted(self.board.counters.items()):
            if counter.is_open and counter.ticket is None:
                self.next(number, at)

    def seconds_until_called(self, wanted: str, at: datetime, estimates: Estimates) -> float:
        """What comes true when every visit takes exactly what was expected at `at`, and nobody else arrives."""
        free: list[tuple[datetime, CounterNumber]] = []
        for number, counter in self.board.counters.items():
            ready = at
            if counter.ticket is not None:
                ready = max(self._done(counter.ticket, estimates), at + timedelta(seconds=30))
            heappush(free, (ready, number))
        while True:
            now, number = heappop(free)
            called = self.next(number, now)
            if called == wanted:
                return (now - at).total_seconds()
            if called is not None:
                heappush(free, (self._done(called, estimates), number))

    def _done(self, ticket_id: TicketId, estimates: Estimates) -> datetime:
        ticket = self.board.tickets[ticket_id]
        assert ticket.called_at is not None, f"{ticket_id} is at a counter but was never called"
        return ticket.called_at + timedelta(milliseconds=estimates.milliseconds(ticket.service, ticket.items))

"""The cost of one command in process: deciding, changing the board and telling the place, at many lengths of line."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import count

from queue_server.config import init, load
from queue_server.core.board import Board
from queue_server.core.commands import AnyCommand, CallNext, ConfigureHall, TakeTicket
from queue_server.core.decide import decide
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.place import ahead
from queue_server.core.refusal import Refusal
from queue_server.core.rules import HallRules
from tests.bench.figures import Figure, Plan
from tests.bench.halls import COUNTERS, SERVICES

START = datetime(2026, 11, 23, 7, 30, tzinfo=timezone(timedelta(hours=7)))
CLERK = Actor("t-bench")
LENGTHS = (10, 100, 1000)
FLAT = 1.5
COMMANDS = 200
REPEATS = 15
PRIORITY = "nguoi-cao-tuoi"
PRIORITY_EVERY = 4
"""In the hall with priority, one ticket in so many claims it."""

Times = dict[int, list[float]]
"""Microseconds by the number of people waiting."""


class Core:
    """A hall without journal or network; `with_priority` lets some tickets claim it."""

    def __init__(self, rules: HallRules, *, with_priority: bool = False) -> None:
        self._with_priority = with_priority
        self.board = Board()
        self._at = START
        self._ids = count()
        self._do(ConfigureHall(by=HALL_ITSELF, rules=rules))

    def take(self) -> None:
        """One citizen takes a ticket and is told the place."""
        number = next(self._ids)
        ticket = TicketId(f"{number:022d}")
        service = ServiceId(SERVICES[number % len(SERVICES)])
        claims = self._with_priority and number // len(SERVICES) % PRIORITY_EVERY == 0
        group = PRIORITY if claims else None
        self._do(TakeTicket(by=CLERK, ticket=ticket, service=service, origin="desk", group=group))
        ahead(self.board, self.board.tickets[ticket], self._at)

    def call(self) -> None:
        """One counter ends its ticket and calls the next."""
        number = next(self._ids)
        counter = CounterNumber(number % COUNTERS + 1)
        self._do(CallNext(by=CLERK, counter=counter, channel="page", ask=AskId(f"{number:016d}")))

    def _do(self, command: AnyCommand) -> None:
        self._at += timedelta(milliseconds=7)
        decision = decide(self.board, command, self._at)
        assert not isinstance(decision, Refusal), f"{command} was refused: {decision}"
        for event in decision:
            self.board = evolve(self.board, event, self._at)


def measure(plan: Plan) -> list[Figure]:
    """Microseconds of `take` and `call` with more and more people waiting."""
    init(plan.folder / "rules", "bench")
    rules = load(plan.folder / "rules").rules
    takes, calls = _times(plan, rules, with_priority=False)
    mixed, _ = _times(plan, rules, with_priority=True)
    return [
        _figure("POST /tickets", takes),
        _figure("POST …/next", calls),
        _figure(f"POST /tickets, one in {PRIORITY_EVERY} with priority", mixed),
    ]


def _times(plan: Plan, rules: HallRules, *, with_priority: bool) -> tuple[Times, Times]:
    lengths = (*(one for one in LENGTHS if one < plan.waiting), plan.waiting)
    halls = {length: _filled(rules, length, with_priority=with_priority) for length in lengths}
    takes: Times = {length: [] for length in lengths}
    calls: Times = {length: [] for length in lengths}
    for _ in range(REPEATS):
        for length, hall in halls.items():
            # A ticket and a call at a time: the length stays, and 10 does not run dry.
            take_us, call_us = _timed(hall)
            takes[length].append(take_us)
            calls[length].append(call_us)
    return takes, calls


def _filled(rules: HallRules, length: int, *, with_priority: bool) -> Core:
    core = Core(rules, with_priority=with_priority)
    for _ in range(length + COUNTERS):
        core.take()
    for _ in range(COUNTERS):
        core.call()
    return core


def _timed(core: Core) -> tuple[float, float]:
    taken = called = 0.0
    for _ in range(COMMANDS):
        taken += _seconds(core.take)
        called += _seconds(core.call)
    return taken / COMMANDS * 1e6, called / COMMANDS * 1e6


def _seconds(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _figure(name: str, times: Times) -> Figure:
    best = {length: min(values) for length, values in times.items()}
    shortest, longest = min(best), max(best)
    growth = best[longest] / best[shortest]
    return Figure(
        name=f"{name} in process, {shortest} to {longest} waiting",
        promise=f"cost grows at most {FLAT} times",
        measured=f"{growth:.2f} times",
        holds=growth <= FLAT,
        beside=", ".join(f"{length}: {value:.1f} µs" for length, value in best.items()),
    )

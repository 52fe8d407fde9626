"""A made-up centre, day after day: ten counters, four groups of skills, three services, breaks, absences, priority.

Its clerks, visits and pauses are drawn by chance and unknown to the forecast; its commands go through the real core.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from heapq import heappop, heappush
from math import exp, log, sqrt
from random import Random

from queue_server.core.board import Board, State
from queue_server.core.commands import (
    AnyCommand,
    CallNext,
    CloseCounter,
    ConfigureHall,
    FinishTicket,
    MarkAbsent,
    OpenCounter,
    PauseCounter,
    ResumeCounter,
    SealDay,
    TakeTicket,
)
from queue_server.core.decide import decide
from queue_server.core.events import AnyEvent, DayOpened
from queue_server.core.evolve import evolve
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    PolicyRules,
    PriorityGroup,
    RatingScale,
    ScaleLevel,
    ServiceRules,
)

Happened = tuple[Board, AnyEvent, datetime]
"""An event, the board after it, and when."""

ZONE = timezone(timedelta(hours=7))
FIRST_DAY = date(2026, 3, 2)
DESK, HALL = Actor("t-desk"), Actor("hall")
SERVICES = {ServiceId("certify"): (5.0, 0.50), ServiceId("household"): (10.0, 0.30), ServiceId("land"): (18.0, 0.20)}
"""Mean minutes of a visit, and the share of visitors."""
SPREAD = 0.9
SKILLS = (
    ("certify", "household"), ("certify", "household"), ("certify", "household"), ("household", "land"),
    ("household", "land"), ("household", "land"), ("certify",), ("land",), ("land",),
    ("certify", "household", "land"),
)  # fmt: skip
HOURS = (0.35, 0.95, 1.35, 1.45, 1.15, 0.75, 0.65, 1.25, 1.35, 1.0, 0.45)
"""How busy the hours from 7:00 to 17:00 are."""
NO_SHOW, NO_SHOW_A_MINUTE, NO_SHOW_MAX = 0.02, 0.003, 0.2
SCALE = RatingScale(
    id="faces", version=1, levels=(ScaleLevel(score=1, label=Name(vi="Hài lòng"), counts_as="satisfied"),)
)


def rules() -> HallRules:
    """The centre's rules; every service is assumed to take ten minutes."""
    return HallRules(
        hall="centre",
        name=Name(vi="Trung tâm"),
        services=tuple(
            ServiceRules(id=one, name=Name(vi=one), ranges=(NumberRange(1000 * index, 1000 * index + 999),))
            for index, one in enumerate(SERVICES, start=1)
        ),
        counters=tuple(
            CounterRules(number=CounterNumber(index), label=str(index), services=tuple(map(ServiceId, skills)))
            for index, skills in enumerate(SKILLS, start=1)
        ),
        priority=(PriorityGroup(group="old", label=Name(vi="Người cao tuổi"), rank=1),),
        policy=PolicyRules(),
        calendar=Calendar(always_open=1),
        scale=SCALE,
    )


def days(count: int, *, seed: int, visitors: float) -> Iterator[Happened]:
    """So many days of the centre, one after the other."""
    random = Random(seed)
    slowness = {number: random.uniform(0.8, 1.2) for number in range(1, len(SKILLS) + 1)}
    board = Board()
    for index in range(count):
        day = _Day(board, FIRST_DAY + timedelta(days=index), random, slowness, visitors)
        yield from day.run()
        board = day.board


class _Day:
    """One day, driven by a list of things to come. Lifetime: until it is run. Concurrency: none."""

    def __init__(self, board: Board, day: date, random: Random, slowness: dict[int, float], visitors: float) -> None:
        self.board, self._day, self._random, self._slowness, self._visitors = board, day, random, slowness, visitors
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        self._agenda: list[tuple[float, int, str, int]] = []
        self._order = 0
        self._away: dict[int, float] = {}
        """Counters that are due for a pause, and how long it will be."""
        self._events: list[Happened] = []

    def run(self) -> Iterator[Happened]:
        """Everything that happens, in order."""
        self._plan()
        while self._agenda:
            minute, _, what, number = heappop(self._agenda)
            at = self._midnight + timedelta(milliseconds=round(minute * 60_000))
            self._happen(what, number, minute, at)
            yield from self._events
            self._events.clear()

    def _plan(self) -> None:
        random = self._random
        self._later(360, "open-day", 0)
        busy = self._visitors / sum(HOURS) * exp(random.gauss(0, 0.13))
        for hour, share in enumerate(HOURS, start=7):
            minute = hour * 60.0
            while (minute := minute + random.expovariate(busy * share / 60)) < hour * 60 + 60:
                if 440 <= minute < 1010:
                    self._later(minute, "arrive", 0)
        for number in self._slowness:
            self._later(450 + random.uniform(-4, 6), "open", number)
            lunch = 675 if number % 2 else 735
            self._later(lunch + random.uniform(0, 20), "lunch", number)
            for start, end in ((510, 660), (840, 960)):
                if random.random() < 0.7:
                    self._later(random.uniform(start, end), "break", number)
        self._later(1260, "close", 0)

    def _later(self, minute: float, what: str, number: int) -> None:
        self._order += 1
        heappush(self._agenda, (minute, self._order, what, number))

    def _do(self, command: AnyCommand, at: datetime) -> bool:
        decision = decide(self.board, command, at)
        if isinstance(decision, Refusal):
            return False
        for event in decision:
            self._tell(event, at)
        return True

    def _tell(self, event: AnyEvent, at: datetime) -> None:
        self.board = evolve(self.board, event, at)
        self._events.append((self.board, event, at))

    def _happen(self, what: str, number: int, minute: float, at: datetime) -> None:
        counter, ask = CounterNumber(number), AskId("")
        match what:
            case "open-day":
                self._tell(DayOpened(day=self._day), at)
                self._do(ConfigureHall(rules=rules(), by=HALL), at)
            case "arrive":
                self._arrive(at)
                self._call_idle(minute, at)
            case "open":
                clerk = Actor(f"p-{number}")
                self._do(OpenCounter(counter=counter, clerk=clerk, by=clerk), at)
                self._call(number, minute, at)
            case "lunch" | "break":
                self._away[number] = 60 if what == "lunch" else self._random.uniform(6, 16)
                if self.board.counters[counter].ticket is None:
                    self._pause(number, minute, at)
            case "back":
                self._do(ResumeCounter(counter=counter, by=DESK), at)
                self._call(number, minute, at)
            case "absent" | "done":
                ends: AnyCommand = FinishTicket(counter=counter, ask=ask, by=DESK)
                self._do(MarkAbsent(counter=counter, by=DESK) if what == "absent" else ends, at)
                if number in self._away:
                    self._pause(number, minute, at)
                else:
                    self._call(number, minute, at)
            case _:
                for one in self._slowness:
                    self._do(CloseCounter(counter=CounterNumber(one), ask=ask, by=DESK), at)
                self._do(SealDay(by=HALL), at)

    def _arrive(self, at: datetime) -> None:
        service = self._random.choices(list(SERVICES), [share for _, share in SERVICES.values()])[0]
        group = "old" if self._random.random() < 0.12 else None
        ticket = TicketId(f"{self._day}-{self._order}-{at.timestamp()}")
        take = TakeTicket(ticket=ticket, service=service, origin="kiosk", group=group, by=DESK)
        assert self._do(take, at), "the centre always has numbers"

    def _pause(self, number: int, minute: float, at: datetime) -> None:
        if self._do(PauseCounter(counter=CounterNumber(number), reason="break", by=DESK), at):
            self._later(minute + self._away.pop(number), "back", number)

    def _call_idle(self, minute: float, at: datetime) -> None:
        idle = [
            number
            for number, one in self.board.counters.items()
            if one.is_open and not one.is_paused and one.ticket is None
        ]
        self._random.shuffle(idle)
        for number in idle:
            self._call(number, minute, at)

    def _call(self, number: int, minute: float, at: datetime) -> None:
        if not self._do(CallNext(counter=CounterNumber(number), ask=AskId(""), by=DESK), at):
            return
        called = self.board.counters[CounterNumber(number)].ticket
        if called is None:
            return
        ticket = self.board.tickets[called]
        assert ticket.state is State.CALLED, "it was called just now"
        waited = (at - ticket.issued_at).total_seconds() / 60
        if self._random.random() < min(NO_SHOW + NO_SHOW_A_MINUTE * waited, NO_SHOW_MAX):
            self._later(minute + self._random.uniform(0.7, 1.5), "absent", number)
            return
        mean, _ = SERVICES[ticket.service]
        sigma = sqrt(log(1 + SPREAD * SPREAD))
        took = mean * self._slowness[number] * self._random.lognormvariate(-sigma * sigma / 2, sigma)
        self._later(minute + max(took, 0.5), "done", number)

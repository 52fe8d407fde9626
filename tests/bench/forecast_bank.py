"""The call log of a bank as a hall's events: type is the service, server the counter, HANG an absent visitor.

The log says who served whom and when; it does not say who was on duty. A server is taken to be there from the first
call of a stretch until ten minutes after the last one, and to serve the types served so far: nothing is known early.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from queue_server.core.board import Board
from queue_server.core.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterServicesSet,
    DayOpened,
    HallConfigured,
    Reason,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
)
from queue_server.core.evolve import evolve
from queue_server.core.ids import Actor, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    PolicyRules,
    PriorityGroup,
    ServiceRules,
)
from tests.bench.forecast_centre import SCALE, Happened

ZONE = timezone(timedelta(hours=2))
AHEAD_S = 90
"""The waiting clock of priority callers starts this much earlier."""
LEAVES_S = 600
FORGOTTEN_S = 900
"""Who hung up and was not called since then is struck off."""
ASSUMED_S = 180
LONGEST_S = 6 * 3600
BANK = Actor("bank")
REASON = Reason(code="longest-wait")


class Call(NamedTuple):
    """One row that makes sense; instants in seconds of the day."""

    ticket: TicketId
    service: ServiceId
    is_priority: bool
    arrives: int
    server: str
    """Empty for a caller who hung up."""
    begins: int
    ends: int


class Dirt:
    """What was left out, by why."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def add(self, why: str) -> None:
        """One more row."""
        self.rows[why] = self.rows.get(why, 0) + 1


def read(path: Path, dirt: Dirt) -> dict[date, list[Call]]:
    """The calls of each day in order of arrival."""
    by_day: dict[date, list[Call]] = {}
    seen: set[tuple[str, ...]] = set()
    with path.open(encoding="latin-1", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            identity = (row["date"], row["vru_entry"], row["customer_id"], row["ser_start"], row["server"])
            if identity in seen:
                dirt.add("repeated")
                continue
            seen.add(identity)
            call = _call(row, number)
            if isinstance(call, str):
                dirt.add(call)
            else:
                by_day.setdefault(datetime.strptime(row["date"], "%y%m%d").replace(tzinfo=ZONE).date(), []).append(call)
    return {day: sorted(calls, key=lambda call: call.arrives) for day, calls in sorted(by_day.items())}


def _call(row: dict[str, str], number: int) -> Call | str:
    if row["outcome"] not in {"AGENT", "HANG"}:
        return row["outcome"].lower()
    queued = _seconds(row["q_start"]) > 0
    arrives = _seconds(row["q_start"] if queued else row["vru_exit"])
    begins, ends, server = _seconds(row["ser_start"]), _seconds(row["ser_exit"]), row["server"].strip()
    if row["outcome"] == "HANG":
        if not queued:
            return "hung up without queueing"
        begins = ends = _seconds(row["q_exit"])
        server = ""
    elif server == "NO_SERVER" or ends <= begins:
        return "served by nobody"
    if begins < arrives - 5 or max(ends - begins, begins - arrives) > LONGEST_S:
        return "impossible times"
    ticket = TicketId(f"{row['date']}-{number}")
    return Call(
        ticket, ServiceId(row["type"].strip()), row["priority"] == "2", arrives, server, max(begins, arrives), ends
    )


def _seconds(text: str) -> int:
    hours, minutes, seconds = map(int, text.split(":"))
    return (hours * 60 + minutes) * 60 + seconds


def days(path: Path, dirt: Dirt) -> Iterator[Happened]:
    """The whole log, day after day."""
    by_day = read(path, dirt)
    servers = sorted({call.server for calls in by_day.values() for call in calls if call.server})
    services = sorted({call.service for calls in by_day.values() for call in calls})
    rules = _rules(servers, services)
    board, skills = Board(), dict[str, set[ServiceId]]()
    for day, calls in by_day.items():
        told = _Day(board, day, calls, {name: CounterNumber(at) for at, name in enumerate(servers, 1)}, skills)
        yield from told.run(rules)
        board = told.board


def _rules(servers: list[str], services: list[ServiceId]) -> HallRules:
    return HallRules(
        hall="bank",
        name=Name(vi="Ngân hàng"),
        services=tuple(
            ServiceRules(
                id=one, name=Name(vi=one), ranges=(NumberRange(at * 10_000, at * 10_000 + 9_999),),
                expected_service_s=ASSUMED_S,
            )
            for at, one in enumerate(services, 1)
        ),
        counters=tuple(
            CounterRules(number=CounterNumber(at), label=name, services=tuple(services))
            for at, name in enumerate(servers, 1)
        ),
        priority=(PriorityGroup(group="2", label=Name(vi="Ưu tiên"), rank=1),),
        # Without a rule for priority the earliest place goes first, and a priority place is set ninety seconds early.
        policy=PolicyRules(priority="none", bulk_from=0),
        calendar=Calendar(always_open=1),
        scale=SCALE,
    )  # fmt: skip


class _Day:
    """One day of the log as events. Lifetime: until it is run. Concurrency: none."""

    def __init__(
        self,
        board: Board,
        day: date,
        calls: list[Call],
        servers: dict[str, CounterNumber],
        skills: dict[str, set[ServiceId]],
    ) -> None:
        self.board, self._day, self._calls, self._servers, self._skills = board, day, calls, servers, skills
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        self._busy: dict[str, TicketId] = {}
        self._last: dict[str, int] = {}
        """When each server on duty last did something."""
        self._hung: list[Call] = []
        """Callers who hung up and whose place was not reached yet."""
        self._events: list[Happened] = []

    def run(self, rules: HallRules) -> Iterator[Happened]:
        """Everything that happens, in order."""
        self._tell(0, DayOpened(day=self._day))
        self._tell(0, HallConfigured(rules=rules, by=BANK))
        agenda: list[tuple[int, int, Call]] = []
        for call in self._calls:
            agenda.append((call.arrives, 1, call))
            agenda.append((call.begins, 2, call))
            if call.server:
                agenda.append((call.ends, 0, call))
        for second, what, call in sorted(agenda, key=lambda one: (one[0], one[1], one[2].ticket)):
            self._leave(second)
            if what == 1:
                self._arrive(second, call)
            elif what == 2 and call.server:
                self._serve(second, call)
            elif what == 2:
                self._hung.append(call)
            elif self._busy.get(call.server) == call.ticket:
                self._finish(second, call.server)
            yield from self._events
            self._events.clear()

    def _tell(self, second: int, event: AnyEvent) -> None:
        at = self._midnight + timedelta(seconds=second)
        self.board = evolve(self.board, event, at)
        self._events.append((self.board, event, at))

    def _arrive(self, second: int, call: Call) -> None:
        place = self._midnight + timedelta(seconds=call.arrives - AHEAD_S) if call.is_priority else None
        number = len(self.board.by_number) + 1
        issued = TicketIssued(
            ticket=call.ticket, number=number, service=call.service, session=0, origin="kiosk", by=BANK,
            rank_class=int(call.is_priority), claimed_rank=int(call.is_priority), place=place,
        )  # fmt: skip
        self._tell(second, issued)

    def _serve(self, second: int, call: Call) -> None:
        if call.server in self._busy:  # Servers overlap themselves by some seconds.
            self._finish(second, call.server)
        counter = self._servers[call.server]
        if call.server not in self._last:
            self._tell(second, CounterOpened(counter=counter, by=BANK))
        skills = self._skills.setdefault(call.server, set())
        known = tuple(sorted({*skills, call.service}))
        if set(self.board.counters[counter].services) != set(known):
            self._tell(second, CounterServicesSet(counter=counter, services=known, reason="skills", by=BANK))
        skills.add(call.service)
        self._pass_over(second, call, counter)
        self._tell(second, TicketCalled(ticket=call.ticket, counter=counter, reason=REASON, by=BANK))
        self._busy[call.server], self._last[call.server] = call.ticket, second

    def _pass_over(self, second: int, call: Call, counter: CounterNumber) -> None:
        """Who hung up is called in vain when the turn comes, and that takes no time."""
        rank = self.board.tickets[call.ticket].rank
        services = self._skills[self._server_of(counter)]
        reached = [one for one in self._hung if one.service in services and self.board.tickets[one.ticket].rank < rank]
        for one in reached:
            self._tell(second, TicketCalled(ticket=one.ticket, counter=counter, reason=REASON, by=BANK))
            self._tell(second, TicketAbsent(ticket=one.ticket, counter=counter, by=BANK))
            self._hung.remove(one)

    def _server_of(self, counter: CounterNumber) -> str:
        return next(name for name, number in self._servers.items() if number == counter)

    def _finish(self, second: int, server: str) -> None:
        ticket = self._busy.pop(server)
        self._tell(second, TicketFinished(ticket=ticket, counter=self._servers[server], ended_by="finish", by=BANK))
        self._last[server] = second

    def _leave(self, second: int) -> None:
        for one in [one for one in self._hung if second - one.begins > FORGOTTEN_S]:
            self._tell(second, TicketCancelled(ticket=one.ticket, channel="staff", reason="hung up", by=BANK))
            self._hung.remove(one)
        for server, last in list(self._last.items()):
            if server not in self._busy and second - last > LEAVES_S:
                self._tell(second, CounterClosed(counter=self._servers[server], by=BANK))
                del self._last[server]

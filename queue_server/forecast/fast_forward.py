"""The hall's own policy run ahead of the clock: whom it calls when, if visits take so long and nobody else arrives.

A guest joins the end of a service's ordinary line; when the policy calls the guest, a newcomer's wait is known. Guests
take no time and no turn, so one set of runs has a guest of each service, but for services with a bulk line: that line
gives way to a guest, so each of them has a set of its own.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from queue_server.core import lanes
from queue_server.core.board import BULK, ORDINARY, PLACE_BITS, Board, Counter, lane_at, lanes_of, rules_of
from queue_server.core.calendar import ticket_session
from queue_server.core.ids import ServiceId, TicketId
from queue_server.core.lanes import Place
from queue_server.core.policy import directed_goes_first
from queue_server.forecast.estimates import Estimates
from queue_server.forecast.lines import Line, Standing, Step, Visitor
from queue_server.forecast.odds import HOUR_MS, Expected, ForEachRun, Odds, milliseconds, wanted_since

NOBODY: Standing = (9, 0, 0, 0)
"""Stands behind every nominee."""
CALLS_MAX = 500
"""So many calls are run; the wait of guests who are still not called is extended at the pace of the run."""


class Forecast(Struct, frozen=True):
    """What a citizen may be told."""

    made_at: datetime
    wait_s: int | None
    """Seconds until the call, in the middle of what may happen; None when no open counter serves the service."""
    wait_p90_s: int | None = None
    """Seconds that nine in ten do not exceed; None where nothing is known of chance."""


def take(board: Board, estimates: Estimates, at: datetime) -> dict[ServiceId, Forecast]:
    """The wait of a newcomer to every service, each visit taking what is expected: a middle value, not a promise."""
    served = services_served(board)
    told = {service: Forecast(made_at=at, wait_s=None) for service in board.services if service not in served}
    ahead = Ahead(board, at, Expected(estimates, at), served)
    for guests in filter(None, guest_sets(board, served)):
        ahead.invite(guests)
        ahead.run(0)
        told |= {one: Forecast(made_at=at, wait_s=int(guest.called[0]) // 1000) for one, guest in ahead.guests()}
    return told


def services_served(board: Board) -> set[ServiceId]:
    """What the counters serve that are open and not in a pause."""
    counters = [one for one in board.counters.values() if one.is_open and not one.is_paused]
    return {service for counter in counters for service in counter.services if service in board.services}


def guest_sets(board: Board, served: set[ServiceId]) -> list[list[ServiceId]]:
    """Which guests may stand in the same runs; the first set is of all services without a bulk line."""
    with_bulk = sorted(service for service in served if lane_at(board, service, BULK))
    return [sorted(served.difference(with_bulk)), *([service] for service in with_bulk)]


class Caller(NamedTuple):
    """A counter that calls in the runs."""

    counter: Counter
    services: tuple[tuple[int, int], ...]
    """Its services by index, each with its position in the counter's list."""
    directed: list[tuple[Place, Visitor]]
    free: ForEachRun
    """When it calls for the first time."""
    walk: tuple[int, int, int, int]
    slowness: list[float]
    """By index of the service."""


class Ahead:
    """One hall at one instant with guests in its lines, ready to be run ahead of the clock any number of times.

    Lifetime: one forecast. Concurrency: none; it reads a frozen board and changes only what it made.
    """

    def __init__(self, board: Board, at: datetime, odds: Odds, served: set[ServiceId]) -> None:
        self._board, self._at, self._now, self._odds = board, at, milliseconds(at), odds
        self._services, self._served = list(board.services), served
        self._index = {service: index for index, service in enumerate(self._services)}
        self._visitors: dict[TicketId, Visitor] = {}
        self._guests: dict[ServiceId, Visitor] = {}
        self._callers = list(self._find_callers())
        self._unvisited: dict[ServiceId, Step | None] = {}
        self._first: list[Step | None] = []
        self._factors = [odds.factor(service) for service in self._services]
        self._breaks = odds.breaks()
        self._waiting = [sum(lane.size for _, lane in lanes_of(board, service)) for service in self._services]

    def invite(self, guests: Sequence[ServiceId]) -> None:
        """Put a guest into the line of each of these services, and no others, for the runs to come."""
        self._guests = {service: self._guest(service) for service in guests}
        self._first = [
            self._first_step(service) if service in self._guests else self._without_guest(service)
            for service in self._services
        ]

    def guests(self) -> Iterator[tuple[ServiceId, Visitor]]:
        """The newcomers by service, with their calls so far."""
        return iter(self._guests.items())

    def tickets(self) -> Iterator[tuple[TicketId, Visitor]]:
        """The tickets that were called in some run, with their calls so far."""
        return ((ticket, visitor) for ticket, visitor in self._visitors.items() if not visitor.is_guest)

    def run(self, run: int, *, everybody: bool = False) -> None:
        """Run until the guests are called, or `everybody`, whose calls are kept. Each run draws strata of its own."""
        factors = [factor[run % len(factor)] for factor in self._factors]
        scales = [[a * b for a, b in zip(caller.slowness, factors, strict=True)] for caller in self._callers]
        steps, directed = list(self._first), [0] * len(self._callers)
        free = [(self._first_call(caller, run), number) for number, caller in enumerate(self._callers)]
        heapify(free)
        strata, calls_of, calls, guests, now = self._odds.strata, [0] * len(self._services), 0, len(self._guests), 0.0
        while free and calls < CALLS_MAX and (guests or everybody):
            now, number = free[0]
            caller = self._callers[number]
            best, visitor = self._pick(caller, steps, now), None
            if directed[number] < len(caller.directed):
                place, waits_here = caller.directed[directed[number]]
                if best is None or directed_goes_first(place, best.nominee):
                    visitor = waits_here
                    directed[number] += 1
            if visitor is None:
                if best is None:  # Nobody arrives later, so this counter has nothing more to do.
                    heappop(free)
                    continue
                visitor = best.visitor
                steps[visitor.service] = best.then()
                if visitor.is_guest:
                    visitor.called.append(now)
                    guests -= 1
                    continue
                calls_of[visitor.service] += 1
            calls += 1
            if everybody:
                visitor.called.append(now)
            taken = visitor.table[(visitor.start + run * visitor.stride) % strata] * scales[number][visitor.service]
            stratum = (visitor.break_start + run * visitor.break_stride) % strata
            heapreplace(free, (self._calls_again(now + taken, stratum), number))
        self._extend(now, calls, calls_of, run)

    def _pick(self, caller: Caller, steps: list[Step | None], now: float) -> Step | None:
        """`policy.pick` for nominations that are known already; a test compares the two."""
        best, best_standing = None, NOBODY
        for position, service in caller.services:
            step = steps[service]
            if step is None:
                continue
            if step.escalated is not None and now + self._now >= step.escalates_at:
                step = step.escalated
            own = step.standings[position]
            if own < best_standing:
                best, best_standing = step, own
        return best

    def _calls_again(self, ends: float, stratum: int) -> float:
        if self._breaks:
            hour = int((self._odds.into_hour + ends) // HOUR_MS)
            ends += self._breaks[min(hour, len(self._breaks) - 1)][stratum]
        closes, opens = self._odds.closed
        return opens if closes <= ends < opens else ends

    def _first_call(self, caller: Caller, run: int) -> float:
        start, stride, break_start, break_stride = caller.walk
        strata, closed = self._odds.strata, self._odds.closed
        ends = caller.free[(start + run * stride) % strata]
        if caller.counter.ticket is not None:
            return self._calls_again(ends, (break_start + run * break_stride) % strata)
        return closed[1] if closed[0] <= ends < closed[1] else ends

    def _extend(self, now: float, calls: int, calls_of: list[int], run: int) -> None:
        ahead_of_all = sum(self._waiting) - sum(calls_of)
        for service, guest in self._guests.items():
            if len(guest.called) > run:
                continue
            index = self._index[service]
            own = calls_of[index]
            ahead = self._waiting[index] - own if own else ahead_of_all
            guest.called.append(now + ahead * now // max(own or calls, 1))

    # Setting up

    def _find_callers(self) -> Iterator[Caller]:
        for counter in self._board.counters.values():
            if not counter.is_open:
                continue
            free = self._free(counter)
            if free is None:
                continue
            kept = [self._index[service] for service in counter.services if service in self._served]
            yield Caller(
                counter=counter,
                services=tuple((position, index) for position, index in enumerate(kept)),
                directed=[
                    (place, self._visitor(place.ticket)) for place in islice(lanes.places(counter.directed), CALLS_MAX)
                ],
                free=free,
                walk=self._odds.walks(counter.rules.number),
                slowness=[self._odds.slowness(counter, service) for service in self._services],
            )

    def _free(self, counter: Counter) -> ForEachRun | None:
        if counter.is_paused:
            return self._odds.back(counter)
        if counter.ticket is not None:
            return self._odds.present(counter, self._board.tickets[counter.ticket])
        return self._odds.idle(counter, wanted_since(self._board, counter))

    def _without_guest(self, service: ServiceId) -> Step | None:
        if service not in self._unvisited:
            self._unvisited[service] = self._first_step(service)
        return self._unvisited[service]

    def _first_step(self, service: ServiceId) -> Step | None:
        if service not in self._served:
            return None
        lines = {
            rank_class: list(islice(lanes.places(lane), CALLS_MAX + 1))
            for rank_class, lane in lanes_of(self._board, service)
        }
        if service in self._guests:
            # A booked place may lie ahead of now, hence in order and not at the end.
            lines[ORDINARY] = sorted([*lines.get(ORDINARY, ()), self._guest_place(service)])
        positions = max(len(caller.services) for caller in self._callers)
        line = Line(dict(sorted(lines.items())), rules_of(self._board).policy, positions, self._visitor)
        return line.first(self._board.services[service].tally)

    def _guest_place(self, service: ServiceId) -> Place:
        session = ticket_session(self._board.sessions, self._at)
        latest = self._now << PLACE_BITS | (1 << PLACE_BITS) - 1
        return Place(latest, _guest_id(service), len(self._board.sessions) if session is None else session)

    def _guest(self, service: ServiceId) -> Visitor:
        visitor = Visitor(self._index[service], ORDINARY, (), (0, 0, 0, 0), is_guest=True)
        self._visitors[_guest_id(service)] = visitor
        return visitor

    def _visitor(self, ticket_id: TicketId) -> Visitor:
        known = self._visitors.get(ticket_id)
        if known is None:
            ticket = self._board.tickets[ticket_id]
            table = self._odds.visit(ticket.service, ticket.items)
            known = Visitor(self._index[ticket.service], ticket.rank_class, table, self._odds.walks(ticket.rank))
            self._visitors[ticket_id] = known
        return known


def _guest_id(service: ServiceId) -> TicketId:
    return TicketId(f"guest of {service}")

"""What a run ahead of the clock is told about time: what is expected, or what may happen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from math import exp, inf
from typing import Protocol

from queue_server.core import lanes
from queue_server.core.board import Board, Counter, Ticket
from queue_server.core.ids import ServiceId
from queue_server.core.policy import heads_of
from queue_server.forecast import spread
from queue_server.forecast.chance import STRATA, mixed, walk
from queue_server.forecast.estimates import Estimates, who_serves

REMAINING_MIN_MS = 30_000
"""A visit that takes longer than expected is expected to go on for this long."""
DAY_SPREAD = 0.06
"""How far a whole day may be slower or quicker than the days before it (one standard deviation)."""
PAUSES_KNOWN = 4
"""Counters in a pause are expected back once this many pauses were measured."""
HOURS_AHEAD = 12
HOUR_MS = 3_600_000
NOTICED_MS = 2_000
"""A free desk is not called slow for letting a newcomer wait this long."""
NEVER_CLOSED = (inf, inf)
ForEachRun = Sequence[float]
"""One value for each stratum of chance, or one for all."""


class Odds(Protocol):
    """Times for the runs of one forecast. Tables have `strata` values in any order; run `k` draws from them."""

    @property
    def strata(self) -> int:
        """How many values a table has."""

    @property
    def closed(self) -> tuple[float, float]:
        """From when to when no counter calls, in milliseconds from now."""

    @property
    def into_hour(self) -> float:
        """Milliseconds since the full hour."""

    def visit(self, service: ServiceId, items: int) -> ForEachRun:
        """How long an average clerk is taken by a visit."""

    def present(self, counter: Counter, ticket: Ticket) -> ForEachRun:
        """How long the visit at this counter will go on."""

    def idle(self, counter: Counter, wanted_since: int | None) -> ForEachRun:
        """How long a counter without a ticket will not call; since when somebody waits for it, None if nobody does."""

    def back(self, counter: Counter) -> ForEachRun | None:
        """When a paused counter calls again; None when nobody can say."""

    def breaks(self) -> Sequence[ForEachRun]:
        """How long a counter does not call after a visit that ends in this hour, the next one ...; () for never."""

    def slowness(self, counter: Counter, service: ServiceId) -> float:
        """What its clerk takes over what an average one takes."""

    def factor(self, service: ServiceId) -> ForEachRun:
        """What this day takes over what is expected."""

    def walks(self, name: int) -> tuple[int, int, int, int]:
        """Start and step of the draws of somebody, for the visit and for the break after it."""


class Expected:
    """Every visit takes exactly what is expected; every clerk is an average one and makes no breaks."""

    strata = 1
    closed = NEVER_CLOSED
    into_hour = 0.0

    def __init__(self, estimates: Estimates, at: datetime) -> None:
        self._estimates, self._now = estimates, milliseconds(at)

    def visit(self, service: ServiceId, items: int) -> ForEachRun:
        """What is expected."""
        return (self._estimates.milliseconds(service, items),)

    def present(self, counter: Counter, ticket: Ticket) -> ForEachRun:
        """What is expected, less what has gone."""
        gone = 0 if ticket.called_at is None else self._now - milliseconds(ticket.called_at)
        return (max(self._estimates.milliseconds(ticket.service, ticket.items) - gone, REMAINING_MIN_MS),)

    def idle(self, counter: Counter, wanted_since: int | None) -> ForEachRun:
        """It calls at once."""
        return (0,)

    def back(self, counter: Counter) -> ForEachRun | None:
        """Nobody can say."""
        return None

    def breaks(self) -> Sequence[ForEachRun]:
        """Never."""
        return ()

    def slowness(self, counter: Counter, service: ServiceId) -> float:
        """An average clerk."""
        return 1

    def factor(self, service: ServiceId) -> ForEachRun:
        """An average day."""
        return (1,)

    def walks(self, name: int) -> tuple[int, int, int, int]:
        """Always the only value."""
        return 0, 0, 0, 0


class Sampled:
    """What may happen, as far as visits so far tell. The seed alone decides which of it does."""

    strata = STRATA

    def __init__(self, board: Board, estimates: Estimates, at: datetime, seed: int) -> None:
        self._estimates, self._at, self._now, self._seed = estimates, at, milliseconds(at), seed
        self._clerks = {number: who_serves(number, one.clerk) for number, one in board.counters.items()}
        self._share = estimates.absent_share()
        self._absent_ms = estimates.calls.absent_ms / max(estimates.calls.absent, 1)
        self._one = cache(lambda service: spread.visit(estimates, service))
        self._several = cache(self._visit)
        self.closed = _closed(board, at)
        self.into_hour = self._now % HOUR_MS

    def visit(self, service: ServiceId, items: int) -> ForEachRun:
        """Visits of the service, and the share of those who do not come."""
        return self._several(service, max(items, 1))

    def _visit(self, service: ServiceId, items: int) -> ForEachRun:
        one = self._one(service)
        table = one if items == 1 else tuple(value * items for value in one)
        return spread.with_absent(table, self._share, self._absent_ms)

    def present(self, counter: Counter, ticket: Ticket) -> ForEachRun:
        """Those visits that take longer than this one has."""
        gone = 0 if ticket.called_at is None else self._now - milliseconds(ticket.called_at)
        scale = max(ticket.items, 1) * self.slowness(counter, ticket.service)
        return spread.left(tuple(value * scale for value in self._one(ticket.service)), gone)

    def idle(self, counter: Counter, wanted_since: int | None) -> ForEachRun:
        """Those gaps that are longer than this one; while nobody waited, it may have been over long ago."""
        desks = self._estimates.desks
        free = desks.free_since.get(counter.rules.number)
        if free is None or not desks.gaps:
            return (0.0,) * STRATA
        gaps, gone = spread.breaks(desks.gaps, 0, ()), self._now - free
        if wanted_since is None or self._now - wanted_since < NOTICED_MS:
            return tuple(max(gap - gone, 0.0) for gap in gaps)
        return spread.left(gaps, gone)

    def back(self, counter: Counter) -> ForEachRun | None:
        """Those pauses that are longer than this one."""
        desks, began = self._estimates.desks, self._estimates.desks.paused_since.get(counter.rules.number)
        if began is None:
            return None
        gone = self._now - began
        lengths = desks.pause_lengths((self._at - timedelta(milliseconds=gone)).hour)
        return spread.left(spread.breaks((), 1, lengths), gone) if len(lengths) >= PAUSES_KNOWN else None

    def breaks(self) -> Sequence[ForEachRun]:
        """The gaps of all desks, and the pauses of each hour."""
        desks = self._estimates.desks
        hours = [(self._at.hour + ahead) % 24 for ahead in range(HOURS_AHEAD)]
        tables = [spread.breaks(desks.gaps, desks.pause_share(hour), desks.pause_lengths(hour)) for hour in hours]
        return tables if any(any(table) for table in tables) else ()

    def slowness(self, counter: Counter, service: ServiceId) -> float:
        """As measured."""
        return self._estimates.slowness(self._clerks[counter.rules.number], service)

    def factor(self, service: ServiceId) -> ForEachRun:
        """The day is off by something, and so is what was learned of the service."""
        if not self._estimates.spread:
            return (1.0,) * STRATA
        start, step = walk(self._seed, 1)
        own_start, own_step = walk(self._seed, mixed(2, int.from_bytes(service.encode(), "big")))
        doubt = self._estimates.doubt(service)
        lift = (DAY_SPREAD**2 + doubt**2) / 2
        return [
            exp(
                DAY_SPREAD * spread.NORMALS[(start + run * step) % STRATA]
                + doubt * spread.NORMALS[(own_start + run * own_step) % STRATA]
                - lift
            )
            for run in range(STRATA)
        ]

    def walks(self, name: int) -> tuple[int, int, int, int]:
        """Of its own for each name."""
        return (*walk(self._seed, name), *walk(self._seed, ~name))


def milliseconds(at: datetime) -> int:
    """An instant since 1970."""
    return round(at.timestamp() * 1000)


def wanted_since(board: Board, counter: Counter) -> int | None:
    """Since when somebody waits whom this counter may call, going by who is first in each line; None if nobody does."""
    firsts = [place for service in counter.services for _, place in heads_of(board, service)]
    directed = lanes.head(counter.directed)
    if directed is not None:
        firsts.append(directed)
    return min((milliseconds(board.tickets[place.ticket].waits_from) for place in firsts), default=None)


def _closed(board: Board, at: datetime) -> tuple[float, float]:
    """The next stretch without desks before a session of today; none while clerks serve outside the hours."""
    minute = at.hour * 60 + at.minute
    ends = 0
    for session in board.sessions:
        if ends < session.desk_from and minute < session.desk_from:
            break
        ends = session.desk_to
    else:
        return NEVER_CLOSED
    if ends <= minute and any(counter.ticket is not None for counter in board.counters.values()):
        return NEVER_CLOSED
    since_midnight = ((at.hour * 60 + at.minute) * 60 + at.second) * 1000
    return ends * 60_000 - since_midnight, session.desk_from * 60_000 - since_midnight

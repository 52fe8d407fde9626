"""What a service takes at a desk, learned from the visits so far.

Before the hall has measured anything, the rules say what is assumed; the assumption weighs as much as a few visits and
fades as visits come in. The same holds for how fast each clerk is, how long a desk stays free while people wait, how
often and how long it pauses, and how many do not come when called. Times are milliseconds.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from itertools import islice
from math import exp, log, sqrt
from typing import NamedTuple, TypeVar

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from queue_server.core.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    DayOpened,
    HallConfigured,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    TicketHeld,
    TicketIssued,
    TicketMoved,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
    TomorrowPromised,
)
from queue_server.core.ids import Actor, CounterNumber, ServiceId, TicketId
from queue_server.forecast.desks import NO_DESKS, Desks

ASSUMED_VISITS = 5
"""The assumption of the rules weighs as much as this many visits."""
VISITS_MAX = 400
"""Beyond this many visits the mean forgets: each new one takes the place of an average one."""
ASSUMED_MS = 600_000
"""For a service that no rules name."""
ASSUMED_SPREAD = 0.8
"""Standard deviation of a visit over its mean, before visits show their own."""
SHAPE_VISITS = 128
"""So many last visits of a service are kept whole, for the shape of their distribution."""
LONGEST = 8
"""A visit counts as at most this many expected ones: a clerk forgot to end it."""
CLERK_VISITS, CLERK_SERVICE_VISITS = 20, 40
"""A clerk is taken for an average one until about so many visits; with one service, for as fast as with all."""
CALLS_ASSUMED = 20
"""So many calls that all came are assumed beside the measured ones."""
HISTORY_MAX = 50_000
"""So many events of earlier days are learned from at most."""

Key = TypeVar("Key", bound=Hashable)
AtCounter = CounterOpened | CounterClosed | CounterPaused | CounterResumed


class Measured(NamedTuple):
    """How much desk time was measured, and for how many items."""

    visits: int = 0
    items: int = 0
    total: int = 0


class Pace(NamedTuple):
    """A sum of logarithms over so many visits."""

    visits: float = 0
    total: float = 0.0

    def plus(self, value: float) -> "Pace":
        """One more visit; beyond `VISITS_MAX` it takes the place of an average one."""
        keep = (VISITS_MAX - 1) / self.visits if self.visits >= VISITS_MAX else 1.0
        return Pace(self.visits * keep + 1, self.total * keep + value)


class Calls(NamedTuple):
    """How many were called, how many of them did not come, and what that cost."""

    called: int = 0
    absent: int = 0
    absent_ms: int = 0


class Underway(NamedTuple):
    """A ticket of today that may still be served."""

    service: ServiceId
    items: int
    called: int = 0
    """Its call in force, 0 when it has none."""
    since: int = 0
    """From when on it could be called."""
    counter: CounterNumber = CounterNumber(0)


WhoServes = tuple[str, ServiceId | None]
"""A clerk, or a counter without one, with one service or with all."""


class Estimates(Struct, frozen=True):
    """What each service takes for one item, from its call to the end of the visit: the time a desk is not free."""

    assumed: Map[ServiceId, int] = Map()
    measured: Map[ServiceId, Measured] = Map()
    underway: Map[TicketId, Underway] = Map()
    spread: float = ASSUMED_SPREAD
    shapes: Map[ServiceId, tuple[float, ...]] = Map()
    """The last visits of each service, for one item and as an average clerk would have taken, oldest first."""
    logs: Map[ServiceId, Pace] = Map()
    """Logarithms of visits."""
    paces: Map[WhoServes, Pace] = Map()
    """Logarithms of visits over what the service usually takes."""
    clerks: Map[CounterNumber, str] = Map()
    calls: Calls = Calls()
    desks: Desks = NO_DESKS

    def milliseconds(self, service: ServiceId, items: int = 1) -> int:
        """What a visit with so many items is expected to take."""
        known = self.measured.get(service, Measured())
        prior = self.assumed.get(service, ASSUMED_MS) * ASSUMED_VISITS
        return max(items, 1) * (prior + known.total) // (ASSUMED_VISITS + known.items)

    def slowness(self, who: str, service: ServiceId) -> float:
        """What this clerk takes over what an average one takes; 1 until there is something to tell them apart."""
        all_visits, own = self.paces.get((who, None), Pace()), self.paces.get((who, service), Pace())
        general = all_visits.total / (all_visits.visits + CLERK_VISITS)
        return exp(general + (own.total - own.visits * general) / (own.visits + CLERK_SERVICE_VISITS))

    def absent_share(self) -> float:
        """How many of those called do not come."""
        return self.calls.absent / (self.calls.called + CALLS_ASSUMED)

    def doubt(self, service: ServiceId) -> float:
        """How far the expected visit may be from the true one, as a share of it (one standard deviation)."""
        return self.spread / sqrt(ASSUMED_VISITS + self.measured.get(service, Measured()).visits)


def who_serves(counter: CounterNumber, clerk: Actor | None) -> str:
    """Whose speed is meant: a clerk's, or the counter's where nobody signed in."""
    return f"counter {counter}" if clerk is None else clerk


def learn(estimates: Estimates, event: AnyEvent, at: datetime) -> Estimates:
    """The estimates after one more event. Doubtful and inaccurate visits teach nothing but that somebody was absent."""
    match event:
        case HallConfigured():
            assumed = {one.id: one.expected_service_s * 1000 for one in event.rules.services}
            return replace(estimates, assumed=Map(assumed))
        case DayOpened():
            return replace(estimates, underway=Map(), clerks=Map(), desks=estimates.desks.next_day())
        case TicketIssued():
            return _follow(estimates, event.ticket, Underway(event.service, event.items, since=_ms(at)))
        case TicketMoved():
            return _change(estimates, event.ticket, event.service, called=0)
        case TicketReturned():
            known = estimates.underway.get(event.ticket)
            return estimates if known is None else _follow(estimates, event.ticket, known._replace(since=_ms(at)))
        case TicketCalled():
            return _call(estimates, event, _ms(at))
        case TicketAbsent():
            return _change(_freed(_absent(estimates, event.ticket, at), event.ticket, at), event.ticket, None, called=0)
        case TicketHeld() | TicketSentAway():
            return _change(_measure(estimates, event.ticket, at), event.ticket, None, called=0)
        case TicketTransferred():
            return _change(_measure(estimates, event.ticket, at), event.ticket, event.service, called=0)
        case TicketFinished():
            return _drop(_finish(estimates, event, at), event.ticket)
        case TicketCancelled() | TicketExpired() | TicketCaughtUp() | TomorrowPromised():
            return _drop(estimates, event.ticket)
        case CounterOpened() | CounterClosed() | CounterPaused() | CounterResumed():
            return _at_counter(estimates, event, at)
        case _:  # Nothing else ends or begins a visit.
            return estimates


def learn_from_history(history: Iterable[tuple[AnyEvent, datetime]]) -> Estimates:
    """What earlier days teach, from their events in order; no more than `HISTORY_MAX` of them are read."""
    estimates = Estimates()
    for event, at in islice(history, HISTORY_MAX):
        estimates = learn(estimates, event, at)
    return estimates


def with_history(present: Estimates, past: Estimates) -> Estimates:
    """Today's estimates with what earlier days taught put before them; costs the same at any time of the day."""
    measured = {
        service: _sum(past.measured.get(service, Measured()), present.measured.get(service, Measured()))
        for service in {*past.measured, *present.measured}
    }
    shapes = {
        service: (past.shapes.get(service, ()) + present.shapes.get(service, ()))[-SHAPE_VISITS:]
        for service in {*past.shapes, *present.shapes}
    }
    return replace(
        present,
        measured=Map(measured),
        shapes=Map(shapes),
        logs=_paces_of_both(past.logs, present.logs),
        paces=_paces_of_both(past.paces, present.paces),
        calls=Calls(*(one + other for one, other in zip(past.calls, present.calls, strict=True))),
        desks=present.desks.after(past.desks),
    )


def _sum(past: Measured, present: Measured) -> Measured:
    return Measured(past.visits + present.visits, past.items + present.items, past.total + present.total)


def _paces_of_both(past: Map[Key, Pace], present: Map[Key, Pace]) -> Map[Key, Pace]:
    nothing, both = Pace(), dict(past)
    for key, pace in present.items():
        known = both.get(key, nothing)
        both[key] = Pace(known.visits + pace.visits, known.total + pace.total)
    return Map(both)


def _follow(estimates: Estimates, ticket: TicketId, underway: Underway) -> Estimates:
    return replace(estimates, underway=estimates.underway.set(ticket, underway))


def _change(estimates: Estimates, ticket: TicketId, service: ServiceId | None, *, called: int) -> Estimates:
    known = estimates.underway.get(ticket)
    if known is None:  # Learning began after this ticket was issued.
        return estimates
    return _follow(estimates, ticket, known._replace(service=service or known.service, called=called))


def _drop(estimates: Estimates, ticket: TicketId) -> Estimates:
    if ticket not in estimates.underway:
        return estimates
    return replace(estimates, underway=estimates.underway.delete(ticket))


def _call(estimates: Estimates, event: TicketCalled, now: int) -> Estimates:
    known = estimates.underway.get(event.ticket)
    if known is None:
        return estimates
    desks, calls = estimates.desks.called(event.counter, known.since, now), estimates.calls
    if calls.called >= 10 * VISITS_MAX:
        calls = Calls(*(count // 2 for count in calls))
    changed = replace(estimates, desks=desks, calls=calls._replace(called=calls.called + 1))
    return _follow(changed, event.ticket, known._replace(called=now, counter=event.counter))


def _absent(estimates: Estimates, ticket: TicketId, at: datetime) -> Estimates:
    known = estimates.underway.get(ticket)
    if known is None or known.called == 0:
        return estimates
    calls = estimates.calls
    cost = calls.absent_ms + max(0, _ms(at) - known.called)
    return replace(estimates, calls=calls._replace(absent=calls.absent + 1, absent_ms=cost))


def _finish(estimates: Estimates, event: TicketFinished, at: datetime) -> Estimates:
    if event.doubtful:  # Ended sooner than anybody can be served: the clerk saw nobody and went on.
        return _freed(_absent(estimates, event.ticket, at), event.ticket, at)
    return estimates if event.inaccurate else _measure(estimates, event.ticket, at)


def _freed(estimates: Estimates, ticket: TicketId, at: datetime) -> Estimates:
    known = estimates.underway.get(ticket)
    if known is None or known.called == 0:
        return estimates
    return replace(estimates, desks=estimates.desks.freed(known.counter, _ms(at)))


def _measure(estimates: Estimates, ticket: TicketId, at: datetime) -> Estimates:
    known = estimates.underway.get(ticket)
    if known is None or known.called == 0:
        return estimates
    usual, items = estimates.milliseconds(known.service), max(known.items, 1)
    took = min(max(0, _ms(at) - known.called), LONGEST * usual * items)
    visits, all_items, total = estimates.measured.get(known.service, Measured())
    if visits >= VISITS_MAX:
        visits, all_items, total = visits - 1, all_items - all_items // visits, total - total // visits
    measured = Measured(visits + 1, all_items + items, total + took)
    desks = estimates.desks.freed(known.counter, _ms(at)).visited(at)
    known_so_far = replace(estimates, measured=estimates.measured.set(known.service, measured), desks=desks)
    return _shape(known_so_far, known, max(took, 1000) / items)


def _shape(estimates: Estimates, visit: Underway, took: float) -> Estimates:
    """Take in what one item of a visit took, apart from who served it."""
    service, who = visit.service, estimates.clerks.get(visit.counter) or who_serves(visit.counter, None)
    shape = (*estimates.shapes.get(service, ()), took / estimates.slowness(who, service))[-SHAPE_VISITS:]
    usual = estimates.logs.get(service, Pace())
    changed = replace(
        estimates,
        shapes=estimates.shapes.set(service, shape),
        logs=estimates.logs.set(service, usual.plus(log(took))),
    )
    if usual.visits < ASSUMED_VISITS:
        return changed
    over = log(took) - usual.total / usual.visits
    paces = estimates.paces
    for key in ((who, None), (who, service)):
        paces = paces.set(key, paces.get(key, Pace()).plus(over))
    return replace(changed, paces=paces)


def _at_counter(estimates: Estimates, event: AtCounter, at: datetime) -> Estimates:
    desks, counter, now = estimates.desks, event.counter, _ms(at)
    match event:
        case CounterOpened():
            clerks = estimates.clerks.set(counter, who_serves(counter, event.clerk))
            return replace(estimates, clerks=clerks, desks=desks.closed(counter))
        case CounterClosed():
            return replace(estimates, desks=desks.closed(counter))
        case CounterPaused():
            return replace(estimates, desks=desks.paused(counter, at, now))
        case CounterResumed():
            return replace(estimates, desks=desks.resumed(counter, at, now))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

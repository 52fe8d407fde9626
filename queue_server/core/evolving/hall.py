"""How rules, days, leases, services and counters change the board."""

from datetime import datetime

from immutables import Map
from msgspec.structs import replace

from queue_server.core import numbers
from queue_server.core.board import Board, Counter, Service
from queue_server.core.calendar import closing, sessions_on
from queue_server.core.events import (
    CounterClosed,
    CounterOpened,
    CounterServicesSet,
    DayOpened,
    HallConfigured,
    Lease,
    LeaseGranted,
    NumbersUnused,
    TicketRefused,
    TomorrowPromised,
)
from queue_server.core.evolving.lines import put_counter
from queue_server.core.ids import CounterNumber, ServiceId
from queue_server.core.rules import CounterRules, ServiceRules


def day_opened(board: Board, event: DayOpened, at: datetime) -> Board:
    """An empty board, but for what crosses midnight; the rules follow in the next event."""
    todays = tuple(lease for lease in event.leases if lease.day == event.day)
    held = [(number, lease.lease) for lease in todays for number in lease.numbers]
    promised_today = {promise.number: promise.ticket for promise in event.promises if promise.day == event.day}
    carried = dict(event.leased)
    for lease in todays:
        carried[lease.service] = carried.get(lease.service, 0) + len(lease.numbers)
    return Board(
        sequence=board.sequence,
        at=at,
        day=event.day,
        day_sequence=board.sequence,
        by_number=Map({**promised_today, **{number.number: number.ticket for number, _ in held}}),
        leases=Map({lease.lease: lease for lease in todays}),
        leased=Map({number.ticket: lease for number, lease in held}),
        later_leases=tuple(lease for lease in event.leases if lease.day != event.day),
        promises=event.promises,
        used_days=event.used,
        carried_given=event.given,
        carried_leased=carried,
    )


def configured(board: Board, event: HallConfigured) -> Board:
    """The rules change; whatever is under way goes on, even at a counter or service that the new rules leave out."""
    rules = event.rules
    services = {one.id: _service(board, one) for one in rules.services}
    kept_services = {
        identity: replace(service, is_paused=True)
        for identity, service in board.services.items()
        if identity not in services
    }
    counters = {one.number: _counter(board, one) for one in rules.counters}
    kept_counters = {number: one for number, one in board.counters.items() if number not in counters and _busy(one)}
    sessions = sessions_on(rules.calendar, board.day) if board.day is not None else ()
    return replace(
        board,
        rules=rules,
        sessions=sessions,
        closes_at=None if board.at is None else closing(sessions, board.at),
        services={**services, **kept_services},
        counters={**counters, **kept_counters},
    )


def _service(board: Board, rules: ServiceRules) -> Service:
    known, desk = board.services.get(rules.id), numbers.desk_numbers(rules)
    if known is None:
        given, leased = board.carried_given.get(rules.id, 0), board.carried_leased.get(rules.id, 0)
        return Service(rules=rules, numbers_max=desk, given=given, leased=leased, counted=given + leased)
    if board.rules is not None and all(one.id != rules.id for one in board.rules.services):
        known = replace(known, is_paused=False)  # It was paused because the rules left it out, and now it is back.
    if known.rules.ranges != rules.ranges or known.rules.lease_reserve != rules.lease_reserve:
        return replace(known, rules=rules, numbers_max=desk, given=0, leased=0)
    return replace(known, rules=rules)


def _counter(board: Board, rules: CounterRules) -> Counter:
    known = board.counters.get(rules.number)
    if known is None:
        return Counter(rules=rules, services=rules.services)
    services = rules.services if known.rules.services != rules.services else known.services
    return replace(known, rules=rules, services=services)


def _busy(counter: Counter) -> bool:
    return counter.is_open or counter.ticket is not None or bool(counter.held) or bool(counter.directed)


def paused(board: Board, service: ServiceId, *, is_paused: bool) -> Board:
    """A service gives no new tickets, or gives them again."""
    changed = replace(board.services[service], is_paused=is_paused)
    return replace(board, services={**board.services, service: changed})


def refused(board: Board, event: TicketRefused) -> Board:
    """One more citizen left without a number."""
    service = board.services[event.service]
    return replace(board, services={**board.services, event.service: replace(service, refused=service.refused + 1)})


def lease_granted(board: Board, event: LeaseGranted, at: datetime) -> Board:
    """Numbers belong to a kiosk, today or on a later day."""
    lease = Lease(
        lease=event.lease,
        service=event.service,
        kiosk=event.kiosk,
        day=event.day,
        granted_at=at,
        numbers=event.numbers,
    )
    if event.day != board.day:
        return replace(board, later_leases=(*board.later_leases, lease))
    service = board.services[event.service]
    count = len(event.numbers)
    changed = replace(service, leased=service.leased + count, counted=service.counted + count)
    return replace(
        board,
        leases=board.leases.set(event.lease, lease),
        leased=board.leased.update({one.ticket: event.lease for one in event.numbers}),
        by_number=board.by_number.update({one.number: one.ticket for one in event.numbers}),
        services={**board.services, event.service: changed},
    )


def numbers_unused(board: Board, event: NumbersUnused) -> Board:
    """Leased numbers come back as gaps: they are never given again today, but no longer count for the limits."""
    unused = set(event.numbers)
    lease = board.leases[event.lease]
    leased = board.leased
    for one in lease.numbers:
        if one.number in unused:
            leased = leased.delete(one.ticket)
    service = board.services[event.service]
    changed = replace(service, counted=service.counted - len(unused))
    return replace(board, leased=leased, services={**board.services, event.service: changed})


def promised(board: Board, event: TomorrowPromised) -> Board:
    """A first place of a later day is given away."""
    return replace(board, promises=(*board.promises, event.promise))


def counter_opened(board: Board, event: CounterOpened, at: datetime) -> Board:
    """The counter calls from now on."""
    counter = board.counters[event.counter]
    first = counter.opened_at or at
    return put_counter(board, replace(counter, is_open=True, is_paused=False, clerk=event.clerk, opened_at=first))


def counter_closed(board: Board, event: CounterClosed) -> Board:
    """The counter calls no more; `decide` has given back what waited for it."""
    counter = board.counters[event.counter]
    return put_counter(board, replace(counter, is_open=False, is_paused=False, clerk=None))


def counter_paused(board: Board, number: CounterNumber, *, is_paused: bool) -> Board:
    """The counter takes a break, or comes back."""
    return put_counter(board, replace(board.counters[number], is_paused=is_paused))


def services_set(board: Board, event: CounterServicesSet) -> Board:
    """The counter serves something else today."""
    return put_counter(board, replace(board.counters[event.counter], services=event.services))

"""Rules, days, services and the clock."""

from datetime import date, datetime

from queue_server.core import numbers
from queue_server.core.board import Board, State, Ticket, rules_of
from queue_server.core.commands import (
    CatchUp,
    ConfigureHall,
    ConfirmClock,
    PauseService,
    ResumeService,
    SealDay,
    Tick,
)
from queue_server.core.deciding.ending import offer_rating
from queue_server.core.deciding.leases import expire_leases
from queue_server.core.deciding.tickets import keep_promises
from queue_server.core.events import (
    AnyEvent,
    ClockConfirmed,
    CounterClosed,
    CounterOpened,
    DayOpened,
    DaySealed,
    HallConfigured,
    ServicePaused,
    ServiceResumed,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    UsedDay,
)
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor
from queue_server.core.refusal import Refusal
from queue_server.core.rules import HallRules, NumberRange

Decision = tuple[AnyEvent, ...] | Refusal
OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING, State.HELD, State.AWAY})


def tick(board: Board, command: Tick, at: datetime) -> Decision:
    """What time alone brings: a new day, and ratings fifteen minutes after service began."""
    if board.rules is not None and (board.day is None or at.date() > board.day):
        return turn_day(board, board.rules, at, by=command.by)
    due = [ticket for instant, ticket in board.asks_due if instant <= at]
    return tuple(
        event
        for ticket, ask in zip(due, command.asks, strict=False)
        for event in offer_rating(board, board.tickets[ticket], at, ask)
    )


def configure(board: Board, command: ConfigureHall, at: datetime) -> Decision:
    """The rules are in force; on a new date they open its day."""
    if board.day is None or at.date() > board.day:
        return turn_day(board, command.rules, at, by=command.by, commitments=command.commitments)
    if board.rules == command.rules:
        return ()
    configured = HallConfigured(rules=command.rules, by=command.by, commitments=command.commitments)
    # A service that was left out at opening may be back, and with it the first places that were promised.
    kept = () if board.is_sealed else keep_promises(evolve(board, configured, at), at)
    return (configured, *kept)


def confirm_clock(board: Board, command: ConfirmClock, at: datetime) -> Decision:
    """Time goes on from the confirmed instant, on an earlier date with the numbers that date has not given."""
    if board.day is None or board.at is None or board.rules is None:
        return ()
    confirmed = ClockConfirmed(
        by=command.by, journal_at=board.at, reason=command.reason, commitments=command.commitments
    )
    if at.date() >= board.day:
        return (confirmed,)
    turned = turn_day(board, board.rules, at, by=command.by, given=command.given, leased=command.leased)
    return (confirmed, *turned)


def turn_day(
    board: Board,
    rules: HallRules,
    at: datetime,
    *,
    by: Actor,
    commitments: dict[str, str] | None = None,
    given: dict[str, int] | None = None,
    leased: dict[str, int] | None = None,
) -> tuple[AnyEvent, ...]:
    """End the day that is open, if any, and open the one of this instant with these rules."""
    events: list[AnyEvent] = []
    if board.day is not None and not board.is_sealed:
        events.extend(end_day(board, board.day, by=HALL_ITSELF))
    day = at.date()
    used = _used_days(board, day)
    before = used.pop(day, UsedDay(day=day))
    opened = DayOpened(
        day=day,
        leases=tuple(lease for lease in board.later_leases if lease.day >= day),
        promises=tuple(promise for promise in board.promises if promise.day >= day),
        given=_furthest(given or {}, before.given),
        leased=_furthest(leased or {}, before.leased),
        used=tuple(used[one] for one in sorted(used)),
    )
    events.extend((opened, HallConfigured(rules=rules, by=by, commitments=commitments or {})))
    fresh = Board(sequence=board.sequence)
    for event in events[-2:]:
        fresh = evolve(fresh, event, at)
    events.extend(keep_promises(fresh, at))
    events.extend(
        CounterOpened(counter=one.number, channel="hall", by=HALL_ITSELF)
        for one in rules.counters
        if one.opens_with_hall
    )
    return tuple(events)


def _used_days(board: Board, day: date) -> dict[date, UsedDay]:
    """What was given on this day and later ones, before it is opened: by a clock that ran ahead."""
    used = {one.day: one for one in board.used_days if one.day >= day}
    if board.day is not None and board.day > day:
        given = {str(one): service.given for one, service in board.services.items() if service.given}
        leased = {str(one): service.leased for one, service in board.services.items() if service.leased}
        used[board.day] = UsedDay(day=board.day, given=given, leased=leased)
    return used


def _furthest(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {service: max(one.get(service, 0), other.get(service, 0)) for service in {**one, **other}}


def end_day(
    board: Board, day: date, *, by: Actor, reason: str = "", commitments: dict[str, str] | None = None
) -> tuple[AnyEvent, ...]:
    """Give every ticket its one end, then seal."""
    left = sorted((one for one in board.tickets.values() if one.state in OPEN_STATES), key=lambda one: one.rank)
    ending = tuple(_end_of(ticket) for ticket in left)
    served = sum(1 for one in board.tickets.values() if one.state in {State.FINISHED, State.SERVING})
    closing = tuple(
        CounterClosed(counter=number, by=HALL_ITSELF)
        for number, counter in sorted(board.counters.items())
        if counter.is_open
    )
    sealed = DaySealed(
        day=day, tickets=len(board.tickets), served=served, by=by, reason=reason, commitments=commitments or {}
    )
    return (*ending, *expire_leases(board, HALL_ITSELF), *closing, sealed)


def _end_of(ticket: Ticket) -> AnyEvent:
    if ticket.state is State.SERVING and ticket.counter is not None:
        return TicketFinished(
            ticket=ticket.id, counter=ticket.counter, ended_by="day-end", inaccurate=1, by=HALL_ITSELF
        )
    return TicketExpired(ticket=ticket.id, by=HALL_ITSELF)


def seal_day(board: Board, command: SealDay) -> Decision:
    """The day ends now; the next one opens at midnight."""
    if board.day is None:
        return Refusal("hall-closed", {})
    if board.is_sealed:
        return ()
    return end_day(board, board.day, by=command.by, reason=command.reason, commitments=command.commitments)


def pause_service(board: Board, command: PauseService) -> Decision:
    """No new tickets for this service today."""
    service = board.services.get(command.service)
    if service is None:
        return Refusal("unknown-service", {"service": command.service})
    if service.is_paused:
        return ()
    return (
        ServicePaused(service=command.service, reason=command.reason, by=command.by, commitments=command.commitments),
    )


def resume_service(board: Board, command: ResumeService) -> Decision:
    """Tickets are given again; not for a service that the rules in force leave out."""
    service = board.services.get(command.service)
    if service is None or all(one.id != command.service for one in rules_of(board).services):
        return Refusal("unknown-service", {"service": command.service})
    if not service.is_paused:
        return ()
    return (
        ServiceResumed(service=command.service, reason=command.reason, by=command.by, commitments=command.commitments),
    )


def catch_up(board: Board, command: CatchUp) -> Decision:
    """Waiting tickets up to this number were served by hand; when is unknown."""
    if command.service not in board.services:
        return Refusal("unknown-service", {"service": command.service})
    ranges = board.services[command.service].rules.ranges
    if numbers.index_of(ranges, command.through) is None and not _stands_under(board, command):
        return Refusal("number-elsewhere", {"number": command.through, "service": command.service})
    served = (
        ticket
        for ticket in board.tickets.values()
        if ticket.state is State.WAITING
        and ticket.service == command.service
        and _is_up_to(ranges, ticket.number, command.through)
    )
    return tuple(
        TicketCaughtUp(
            ticket=one.id,
            by=command.by,
            reason=command.reason,
            commitments=command.commitments if position == 0 else {},
        )
        for position, one in enumerate(sorted(served, key=lambda one: one.rank))
    )


def _stands_under(board: Board, command: CatchUp) -> bool:
    """Whether a ticket of another service's number was moved to this one."""
    ticket = board.by_number.get(command.through)
    return ticket is not None and board.tickets[ticket].service == command.service


def _is_up_to(ranges: tuple[NumberRange, ...], number: int, through: int) -> bool:
    """Numbers are given range after range, and a later range may hold smaller numbers."""
    position, last = numbers.index_of(ranges, number), numbers.index_of(ranges, through)
    return number <= through if position is None or last is None else position <= last

"""Numbers for kiosks that may lose the link, and the tickets they hand in afterwards."""

from datetime import datetime, timedelta

from queue_server.core import calendar, numbers
from queue_server.core.board import ORDINARY, Board, Service, day_of, rules_of
from queue_server.core.commands import GrantLease, HandedTicket, HandOver
from queue_server.core.deciding.tickets import class_of, numbers_ahead, rank_of_group
from queue_server.core.events import (
    AnyEvent,
    Lease,
    LeasedNumber,
    LeaseGranted,
    NumbersUnused,
    TicketHandedLate,
    TicketIssued,
)
from queue_server.core.ids import Actor, LeaseId, TicketId
from queue_server.core.refusal import Refusal

Decision = tuple[AnyEvent, ...] | Refusal


def grant(board: Board, command: GrantLease) -> Decision:
    """A block from the reserved tail, shorter than asked when the tail or the daily limit is."""
    service = board.services.get(command.service)
    if service is None:
        return Refusal("unknown-service", {"service": command.service})
    wanted, limit = len(command.tickets), rules_of(board).settings.lease_max
    if wanted > limit:
        return Refusal("lease-too-large", {"count": wanted, "limit": limit})
    following = {day_of(board) + timedelta(days=1), calendar.next_working_day(rules_of(board).calendar, day_of(board))}
    if command.day != board.day and command.day not in following:
        return Refusal("lease-day", {"day": command.day.isoformat(), "today": day_of(board).isoformat()})
    if command.day == board.day and board.is_sealed:
        return Refusal("day-sealed", {"day": day_of(board).isoformat()})
    free = _free_tail(board, service, command)[: _within_daily_limit(service, command, board)]
    if not free:
        return Refusal("lease-empty", {"service": command.service, "reserve": service.rules.lease_reserve})
    granted = LeaseGranted(
        lease=command.lease,
        service=command.service,
        kiosk=command.by,
        day=command.day,
        numbers=tuple(LeasedNumber(number, ticket) for number, ticket in zip(free, command.tickets, strict=False)),
    )
    return (granted,)


def _free_tail(board: Board, service: Service, command: GrantLease) -> list[int]:
    rules, start = service.rules, numbers.desk_numbers(service.rules)
    if command.day == board.day:
        candidates = range(start + service.leased, start + rules.lease_reserve)
        tail = [numbers.number_at(rules.ranges, index) for index in candidates]
        return [number for number in tail if number not in board.by_number][: len(command.tickets)]
    taken = numbers_ahead(board, command.day)
    tail = [numbers.number_at(rules.ranges, index) for index in range(start, start + rules.lease_reserve)]
    return [number for number in tail if number not in taken][: len(command.tickets)]


def _within_daily_limit(service: Service, command: GrantLease, board: Board) -> int:
    if not service.rules.daily_limit or command.day != board.day:
        return len(command.tickets)
    return max(service.rules.daily_limit - service.counted, 0)


def hand_over(board: Board, command: HandOver, at: datetime) -> Decision:
    """Tickets issued from leases join their lines by the time they were issued; unissued numbers become gaps."""
    events: list[AnyEvent] = []
    seen: set[str] = set()
    for handed in command.issued:
        if handed.ticket in board.tickets or handed.ticket in seen:
            continue
        seen.add(handed.ticket)
        lease = _lease_in_force(board, handed.ticket)
        if lease is None or board.is_sealed:
            events.append(TicketHandedLate(ticket=handed.ticket, issued_at=handed.issued_at, by=command.by))
            continue
        events.append(_issued(board, handed, lease, command, at))
    events.extend(_handed_back(board, command))
    return tuple(events)


def _lease_in_force(board: Board, ticket: TicketId) -> Lease | None:
    """The lease that a ticket is still outstanding on; none where the rules of the day left its service out."""
    lease_id = board.leased.get(ticket)
    lease = None if lease_id is None else board.leases[lease_id]
    return None if lease is None or lease.service not in board.services else lease


def _issued(board: Board, handed: HandedTicket, lease: Lease, command: HandOver, at: datetime) -> TicketIssued:
    claimed = rank_of_group(board, handed.group)
    # The citizen holds the paper already, so a group that the rules no longer know must not cost the place.
    rank = ORDINARY if isinstance(claimed, Refusal) else claimed
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    true_time = handed.issued_at.astimezone(at.tzinfo) - timedelta(milliseconds=command.clock_error_ms)
    issued_at = min(max(true_time, lease.granted_at, midnight), at)
    session = calendar.ticket_session(board.sessions, issued_at)
    return TicketIssued(
        ticket=handed.ticket,
        number=next(one.number for one in lease.numbers if one.ticket == handed.ticket),
        service=lease.service,
        session=session if session is not None else _session_before(board, issued_at),
        origin="lease",
        by=command.by,
        rank_class=class_of(rules_of(board).policy, rank, handed.items),
        claimed_rank=rank,
        items=handed.items,
        issued_at=issued_at,
        lease=lease.lease,
        clock_error_ms=command.clock_error_ms,
        procedures=handed.procedures,
        commitments=handed.commitments,
    )


def _session_before(board: Board, at: datetime) -> int:
    minute = at.hour * 60 + at.minute
    return max((index for index, one in enumerate(board.sessions) if one.ticket_from <= minute), default=0)


def _handed_back(board: Board, command: HandOver) -> list[AnyEvent]:
    back: dict[LeaseId, list[int]] = {}
    for ticket in dict.fromkeys(command.unused):
        lease = _lease_in_force(board, ticket)
        if lease is None or any(one.ticket == ticket for one in command.issued):
            continue
        back.setdefault(lease.lease, []).append(next(one.number for one in lease.numbers if one.ticket == ticket))
    return [_unused(board.leases[lease_id], numbers_, "handed-back", command.by) for lease_id, numbers_ in back.items()]


def _unused(lease: Lease, unused: list[int], why: str, by: Actor) -> NumbersUnused:
    return NumbersUnused(
        lease=lease.lease,
        service=lease.service,
        numbers=tuple(sorted(unused)),
        why="day-end" if why == "day-end" else "handed-back",
        by=by,
    )


def expire_leases(board: Board, by: Actor) -> tuple[AnyEvent, ...]:
    """What no kiosk handed in or back by the end of the day, as gaps."""
    left: dict[LeaseId, list[int]] = {}
    for lease_id in sorted(board.leases):
        lease = board.leases[lease_id]
        outstanding = [one.number for one in lease.numbers if _lease_in_force(board, one.ticket) is not None]
        if outstanding:
            left[lease_id] = outstanding
    return tuple(_unused(board.leases[lease_id], unused, "day-end", by) for lease_id, unused in left.items())

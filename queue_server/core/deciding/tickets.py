"""Giving, moving and cancelling tickets."""

from datetime import date, datetime, timedelta

from queue_server.core import calendar, numbers
from queue_server.core.board import BULK, FINAL, ORDINARY, Board, Service, State, Ticket, day_of, rules_of
from queue_server.core.commands import (
    CancelTicket,
    MoveTicket,
    PromiseTomorrow,
    RecordSlip,
    SetPriority,
    TakeTicket,
)
from queue_server.core.events import (
    AnyEvent,
    NoTicket,
    PriorityDecided,
    Promise,
    SlipPrinted,
    TicketCancelled,
    TicketIssued,
    TicketMoved,
    TicketRefused,
    TomorrowPromised,
)
from queue_server.core.ids import HALL_ITSELF, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import PolicyRules

Decision = tuple[AnyEvent, ...] | Refusal
CANCELLABLE = frozenset({State.WAITING, State.HELD, State.AWAY})


def take_ticket(board: Board, command: TakeTicket, at: datetime) -> Decision:
    """A number of the service, or why there is none."""
    service = board.services.get(command.service)
    if service is None:
        return Refusal("unknown-service", {"service": command.service})
    session = calendar.ticket_session(board.sessions, at)
    if session is None:
        return Refusal("hall-closed", opening_detail(board, at))
    if service.is_paused:
        return Refusal("service-paused", {"service": command.service})
    if command.has_person and (refusal := _person_refusal(board, command)):
        return refusal
    rank = ORDINARY if command.group is None else rank_of_group(board, command.group)
    if isinstance(rank, Refusal):
        return rank
    number = next_number(board, service)
    why = exhausted(service, session, has_number=number is not None)
    passes = command.forecast_s is not None and _passes_closing(board, command.forecast_s, at)
    if why is None and passes and rules_of(board).settings.stop_by_forecast:
        why = "would-pass-closing"
    if why is not None:
        return (TicketRefused(service=command.service, why=why, session=session, by=command.by),)
    assert number is not None, "a service that is not exhausted has a number"
    issued = TicketIssued(
        ticket=command.ticket,
        number=number,
        service=command.service,
        session=session,
        origin=command.origin,
        by=command.by,
        rank_class=class_of(rules_of(board).policy, rank, command.items),
        claimed_rank=rank,
        items=command.items,
        place=None if command.booked_at is None else _booked_place(board, command.booked_at, at),
        booked_at=command.booked_at,
        procedures=command.procedures,
        warned=1 if passes else 0,
        slip=command.slip,
        commitments=command.commitments,
    )
    return (issued,)


def opening_detail(board: Board, at: datetime) -> dict[str, str | int]:
    """When tickets are given next, for a refusal to name."""
    opening = calendar.next_opening(rules_of(board).calendar, at)
    return {} if opening is None else {"opens_at": opening.at.isoformat(timespec="seconds")}


def rank_of_group(board: Board, group: str | None) -> int | Refusal:
    """The rank of a priority group in today's table, 0 for none."""
    if group is None:
        return ORDINARY
    rows = [row for row in rules_of(board).priority if row.group == group]
    if not rows:
        known = ", ".join(sorted({row.group for row in rules_of(board).priority}))
        return Refusal("unknown-group", {"group": group, "known": known})
    for row in rows:
        if row.from_day <= day_of(board) <= row.to_day:
            return row.rank
    return Refusal("priority-not-in-force", {"group": group})


def class_of(policy: PolicyRules, rank: int, items: int) -> int:
    """The class that a ticket waits in: bulk, a priority rank, or ordinary."""
    if policy.bulk_from and items >= policy.bulk_from:
        return BULK
    if policy.priority == "none" or policy.priority_counts == "confirmed":
        return ORDINARY
    return rank


def next_number(board: Board, service: Service) -> int | None:
    """The next number that nobody has, or None when the ranges before the leased tail are spent."""
    for index in range(service.given, service.numbers_max):
        number = numbers.number_at(service.rules.ranges, index)
        if number not in board.by_number:
            return number
    return None


def exhausted(service: Service, session: int, *, has_number: bool) -> NoTicket | None:
    """Which limit leaves no number in this session, or None."""
    rules = service.rules
    if rules.daily_limit and service.counted >= rules.daily_limit:
        return "daily-limit"
    if rules.session_limit:
        issued = dict(service.by_session)
        on_lease = service.counted - sum(issued.values())
        if issued.get(session, 0) + on_lease >= rules.session_limit:
            return "session-limit"
    return None if has_number else "no-numbers"


def _passes_closing(board: Board, forecast_s: int, at: datetime) -> bool:
    if board.closes_at is None:
        return False
    return at + timedelta(seconds=forecast_s) > board.closes_at


def _person_refusal(board: Board, command: TakeTicket) -> Refusal | None:
    settings, held = rules_of(board).settings, command.person_services
    if settings.person_daily_limit and len(held) >= settings.person_daily_limit:
        return Refusal("person-limit", {"limit": settings.person_daily_limit})
    if settings.person_service_limit and held.count(command.service) >= settings.person_service_limit:
        return Refusal("person-service-limit", {"limit": settings.person_service_limit, "service": command.service})
    return None


def _booked_place(board: Board, booked_at: datetime, at: datetime) -> datetime | None:
    if at - booked_at > timedelta(seconds=rules_of(board).settings.booking_grace_s):
        return None
    return booked_at


def refusal_of(board: Board, event: TicketRefused, at: datetime) -> Refusal:
    """The answer to somebody who left without a number: when the next are given, or where else to go."""
    detail: dict[str, str | int] = {"service": event.service, **opening_detail(board, at)}
    elsewhere = board.services[event.service].rules.elsewhere
    if elsewhere.vi:
        detail["elsewhere"] = elsewhere.vi
    return Refusal(event.why, detail)


def cancel(board: Board, command: CancelTicket, at: datetime) -> Decision:
    """The ticket is given up before it is called."""
    ticket = board.tickets.get(command.ticket)
    if ticket is None:
        return Refusal("unknown-ticket", {"ticket": command.ticket})
    if ticket.state in FINAL:
        return Refusal("ticket-ended", {"number": ticket.number, "state": ticket.state.value})
    if ticket.state not in CANCELLABLE:
        return Refusal("not-waiting", {"number": ticket.number, "state": ticket.state.value})
    limit = rules_of(board).settings.kiosk_cancel_s
    if command.channel == "kiosk" and (at - ticket.issued_at).total_seconds() > limit:
        return Refusal("cancel-too-late", {"number": ticket.number, "limit_s": limit})
    return (
        TicketCancelled(
            ticket=ticket.id,
            channel=command.channel,
            reason=command.reason,
            by=command.by,
            commitments=command.commitments,
        ),
    )


def move(board: Board, command: MoveTicket, at: datetime) -> Decision:
    """The ticket waits for another service, with or without its place."""
    ticket = waiting_ticket(board, command.ticket)
    if isinstance(ticket, Refusal):
        return ticket
    if command.service not in board.services:
        return Refusal("unknown-service", {"service": command.service})
    return (
        TicketMoved(
            ticket=ticket.id,
            service=command.service,
            place=None if command.keep_place else at,
            reason=command.reason,
            by=command.by,
            commitments=command.commitments,
        ),
    )


def waiting_ticket(board: Board, ticket_id: TicketId) -> Ticket | Refusal:
    """The ticket of this id if it waits."""
    ticket = board.tickets.get(ticket_id)
    if ticket is None:
        return Refusal("unknown-ticket", {"ticket": ticket_id})
    if ticket.state is not State.WAITING:
        return Refusal("not-waiting", {"number": ticket.number, "state": ticket.state.value})
    return ticket


def set_priority(board: Board, command: SetPriority) -> Decision:
    """Priority is confirmed, given or refused; a bulk ticket stays in its own class."""
    ticket = board.tickets.get(command.ticket)
    if ticket is None:
        return Refusal("unknown-ticket", {"ticket": command.ticket})
    if ticket.state in FINAL:
        return Refusal("ticket-ended", {"number": ticket.number, "state": ticket.state.value})
    rank = rank_of_group(board, command.group)
    if isinstance(rank, Refusal):
        return rank
    return (
        PriorityDecided(
            ticket=ticket.id,
            rank_class=BULK if ticket.rank_class == BULK else rank,
            confirmed=0 if command.group is None else 1,
            proof_seen=1 if command.proof_seen else 0,
            by=command.by,
            commitments=command.commitments,
        ),
    )


def promise_tomorrow(board: Board, command: PromiseTomorrow) -> Decision:
    """Today's ticket expires and a first place of the next opening day takes its place."""
    ticket = waiting_ticket(board, command.ticket)
    if isinstance(ticket, Refusal):
        return ticket
    if not rules_of(board).settings.first_tomorrow:
        return Refusal("promise-off", {})
    day = calendar.next_working_day(rules_of(board).calendar, day_of(board))
    if day is None:
        return Refusal("no-opening-ahead", {"days": calendar.DAYS_AHEAD_MAX})
    rules, taken = board.services[ticket.service].rules, numbers_ahead(board, day)
    desk = (numbers.number_at(rules.ranges, index) for index in range(numbers.desk_numbers(rules)))
    number = next((one for one in desk if one not in taken), None)
    if number is None:
        return Refusal("no-numbers", {"service": ticket.service})
    promise = Promise(
        ticket=command.tomorrow,
        day=day,
        number=number,
        service=ticket.service,
        rank_class=ticket.rank_class,
    )
    return (
        TomorrowPromised(
            ticket=ticket.id,
            promise=promise,
            by=command.by,
            reason=command.reason,
            commitments=command.commitments,
        ),
    )


def numbers_ahead(board: Board, day: date) -> set[int]:
    """Numbers of a later day that are leased or promised, of all services, as ranges may change hands meanwhile."""
    leased = {one.number for lease in board.later_leases if lease.day == day for one in lease.numbers}
    return leased | {promise.number for promise in board.promises if promise.day == day}


def keep_promises(board: Board, at: datetime) -> tuple[AnyEvent, ...]:
    """The tickets of those who were promised a first place today, in the order of the promises."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(
        TicketIssued(
            ticket=one.ticket,
            number=one.number,
            service=one.service,
            session=0,
            origin="promise",
            by=HALL_ITSELF,
            rank_class=one.rank_class,
            place=midnight,
            issued_at=midnight,
        )
        for one in board.promises
        if one.day == board.day
        and one.service in board.services
        and board.by_number.get(one.number, one.ticket) == one.ticket
    )


def record_slip(board: Board, command: RecordSlip) -> Decision:
    """What became of a slip; said twice it is written once."""
    ticket = board.tickets.get(command.ticket)
    if ticket is None:
        return Refusal("unknown-ticket", {"ticket": command.ticket})
    if command.result == "printed" and command.copy == 1 and not ticket.is_slip_owed and ticket.slips:
        return ()
    return (SlipPrinted(ticket=ticket.id, result=command.result, copy=command.copy, by=command.by),)

"""How a ticket's own events change the board."""

from datetime import datetime

from msgspec.structs import replace

from queue_server.core import numbers
from queue_server.core.board import CALLS_KEPT, Board, Call, Service, State, Ticket, rank_of
from queue_server.core.calendar import desk_opening
from queue_server.core.events import (
    PriorityDecided,
    Reason,
    SlipPrinted,
    TicketCalled,
    TicketFinished,
    TicketIssued,
    TicketMoved,
    TicketRecalled,
    TicketReturned,
    TicketTransferred,
)
from queue_server.core.evolving.lines import (
    forget_elsewhere,
    free_counter,
    join,
    lanes_with,
    lanes_without,
    leave,
    put,
    put_counter,
    without_due,
)
from queue_server.core.ids import CounterNumber, TicketId
from queue_server.core.policy import tally_after

WAITS_ELSEWHERE = frozenset({State.HELD, State.AWAY, State.ABSENT})


def issued(board: Board, event: TicketIssued, at: datetime) -> Board:
    """A new ticket stands in its line. `board` is the one before the event: sequence and instant are set here."""
    sequence = board.sequence + 1
    issued_at = event.issued_at or at
    opening = desk_opening(board.sessions, event.session, issued_at)
    rank = rank_of(board, event.place or issued_at, sequence)
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        service=event.service,
        rank_class=event.rank_class,
        claimed_rank=event.claimed_rank,
        state=State.WAITING,
        rank=rank,
        session=event.session,
        items=event.items,
        issued_at=issued_at,
        waits_from=opening if event.booked_at is None else max(opening, event.booked_at),
        lane=(event.service, event.rank_class),
        lane_rank=rank,
        is_slip_owed=event.slip == "owed",
        is_warned=bool(event.warned),
        procedures=event.procedures,
        booked_at=event.booked_at,
    )
    return replace(
        board,
        sequence=sequence,
        at=at,
        tickets=board.tickets.set(event.ticket, ticket),
        by_number=board.by_number.set(event.number, event.ticket),
        lanes=lanes_with(board, ticket),
        services={**board.services, event.service: _counted(board.services[event.service], event)},
        leased=board.leased.delete(event.ticket) if event.lease is not None else board.leased,
        promises=tuple(one for one in board.promises if one.ticket != event.ticket)
        if event.origin == "promise"
        else board.promises,
        slips_owed=(*board.slips_owed, event.ticket) if ticket.is_slip_owed else board.slips_owed,
    )


def _counted(service: Service, event: TicketIssued) -> Service:
    by_session = _one_more(service.by_session, event.session)
    if event.lease is not None:
        return replace(service, by_session=by_session)
    index = numbers.index_of(service.rules.ranges, event.number)
    return replace(
        service,
        given=service.given if index is None else max(service.given, index + 1),
        counted=service.counted + 1,
        by_session=by_session,
    )


def _one_more(by_session: tuple[tuple[int, int], ...], session: int) -> tuple[tuple[int, int], ...]:
    if by_session and by_session[-1][0] == session:  # The session in hand, as nearly always.
        return (*by_session[:-1], (session, by_session[-1][1] + 1))
    counts = dict(by_session)
    counts[session] = counts.pop(session, 0) + 1
    return tuple(counts.items())


def called(board: Board, event: TicketCalled, at: datetime) -> Board:
    """The ticket is at the counter from now on, and the call is on the list of last calls."""
    ticket = board.tickets[event.ticket]
    lines = board.lanes
    if ticket.lane is not None:
        lines = lanes_without(board, ticket)
    else:
        board = leave(board, ticket) if ticket.state is State.WAITING else forget_elsewhere(board, ticket)
    service = board.services[ticket.service]
    tally = tally_after(service.tally, event.reason.code, ticket.rank_class)
    counter = board.counters[event.counter]
    ticket = replace(
        ticket,
        state=State.CALLED,
        counter=event.counter,
        lane=None,
        called_at=at,
        started_at=None,
        absent_at=None,
        left_at=None,
        left_why="",
        call_sequence=board.sequence,
        reason=event.reason,
    )
    counter = replace(
        counter,
        ticket=event.ticket,
        called_at=at,
        device_called_at=at if event.by_device else counter.device_called_at,
    )
    return replace(
        board,
        lanes=lines,
        tickets=board.tickets.set(ticket.id, ticket),
        counters={**board.counters, event.counter: counter},
        services={**board.services, ticket.service: replace(service, tally=tally)},
        calls=_listed(board, ticket, event.reason, at, is_repeat=False),
    )


def recalled(board: Board, event: TicketRecalled, at: datetime) -> Board:
    """The call is announced again; when it was called does not move."""
    ticket = board.tickets[event.ticket]
    ticket = replace(ticket, recalls=ticket.recalls + 1, call_sequence=board.sequence)
    assert ticket.reason is not None, f"ticket {ticket.id} is recalled but was never called"
    board = replace(board, calls=_listed(board, ticket, ticket.reason, at, is_repeat=True))
    return put(board, ticket)


def _listed(board: Board, ticket: Ticket, reason: Reason, at: datetime, *, is_repeat: bool) -> tuple[Call, ...]:
    assert ticket.counter is not None, f"ticket {ticket.id} is called to no counter"
    call = Call(
        sequence=board.sequence,
        ticket=ticket.id,
        number=ticket.number,
        counter=ticket.counter,
        at=at,
        reason=reason,
        repeat=is_repeat,
    )
    return (*board.calls[-(CALLS_KEPT - 1) :], call)


def finished(board: Board, event: TicketFinished, at: datetime) -> Board:
    """The visit is over, and counts for the counter."""
    ticket = board.tickets[event.ticket]
    counter = board.counters[event.counter]
    assert counter.ticket == ticket.id, f"counter {event.counter} holds {counter.ticket}, not {ticket.id}"
    began = ticket.started_at or ticket.called_at
    visits = replace(counter.visits, served=counter.visits.served + 1)
    if began is not None and not event.doubtful:
        took_ms = round((at - began).total_seconds() * 1000)
        visits = replace(visits, timed=visits.timed + 1, service_ms=visits.service_ms + took_ms)
    return replace(
        board,
        tickets=board.tickets.set(ticket.id, replace(ticket, state=State.FINISHED, ended_at=at)),
        counters={**board.counters, event.counter: replace(counter, ticket=None, visits=visits)},
        asks_due=without_due(board, ticket.id),
    )


def left_counter(
    board: Board, ticket_id: TicketId, number: CounterNumber, state: State, at: datetime, *, why: str = ""
) -> Board:
    """The ticket is no longer at the counter; it is absent, held or away."""
    board = free_counter(board, number, ticket_id)
    counter = board.counters[number]
    ticket = replace(board.tickets[ticket_id], state=state, left_at=at, left_why=why)
    if state is State.HELD:
        return put(put_counter(board, replace(counter, held=(*counter.held, ticket_id))), ticket)
    ticket = replace(ticket, counter=None)
    if state is State.AWAY:
        return put(replace(board, away=(*board.away, ticket_id)), ticket)
    visits = replace(counter.visits, absent=counter.visits.absent + 1)
    board = put_counter(board, replace(counter, visits=visits))
    return put(replace(board, absent=(*board.absent, ticket_id)), replace(ticket, absent_at=at))


def returned(board: Board, event: TicketReturned) -> Board:
    """The ticket waits again, at its own place or after a few calls."""
    ticket = board.tickets[event.ticket]
    board = leave(board, ticket) if ticket.state is State.WAITING else forget_elsewhere(board, ticket)
    waiting = replace(ticket, state=State.WAITING, counter=event.counter, absent_at=None)
    return join(board, waiting, due_calls=event.due_calls)


def transferred(board: Board, event: TicketTransferred) -> Board:
    """The ticket leaves the desk and waits for a service or a counter, by default at its original place."""
    ticket = board.tickets[event.ticket]
    board = free_counter(board, event.from_counter, event.ticket)
    waiting = replace(
        ticket,
        state=State.WAITING,
        service=event.service,
        counter=event.counter,
        back_to=event.back_to,
        back_service=event.back_service,
        rank=ticket.rank if event.place is None else rank_of(board, event.place, board.sequence),
    )
    return join(board, waiting)


def moved(board: Board, event: TicketMoved) -> Board:
    """The ticket waits for another service."""
    ticket = board.tickets[event.ticket]
    board = leave(board, ticket)
    rank = ticket.rank if event.place is None else rank_of(board, event.place, board.sequence)
    return join(board, replace(ticket, service=event.service, counter=None, rank=rank))


def ended(board: Board, ticket_id: TicketId, state: State, at: datetime) -> Board:
    """The ticket ends where it is: in a line, held, away, absent or called."""
    ticket = board.tickets[ticket_id]
    if ticket.state is State.WAITING:
        board = leave(board, ticket)
    elif ticket.state in WAITS_ELSEWHERE:
        board = forget_elsewhere(board, ticket)
    elif ticket.counter is not None and ticket.state in {State.CALLED, State.SERVING}:
        board = free_counter(board, ticket.counter, ticket_id)
    return put(board, replace(ticket, state=state, ended_at=at, lane=None))


def priority_decided(board: Board, event: PriorityDecided) -> Board:
    """The ticket waits in the class that the desk decided on."""
    ticket = board.tickets[event.ticket]
    decided = replace(ticket, rank_class=event.rank_class, is_confirmed=bool(event.confirmed))
    if ticket.state is State.WAITING and ticket.lane == (ticket.service, ticket.rank_class):
        return join(leave(board, ticket), decided)
    return put(board, decided)


def slip_printed(board: Board, event: SlipPrinted) -> Board:
    """The server owes this slip no longer, unless printing failed."""
    if event.result == "failed":
        return board
    ticket = board.tickets[event.ticket]
    owed = tuple(one for one in board.slips_owed if one != event.ticket)
    return put(replace(board, slips_owed=owed), replace(ticket, is_slip_owed=False, slips=ticket.slips + 1))

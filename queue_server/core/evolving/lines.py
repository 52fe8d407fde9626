"""Joining and leaving lines, and the small steps that all tickets share."""

from datetime import datetime

from msgspec.structs import replace

from queue_server.core import lanes
from queue_server.core.board import PLACE_BITS, RETURNED, Board, Counter, Ticket
from queue_server.core.ids import CounterNumber, ServiceId, TicketId
from queue_server.core.lanes import Lane, Place


def put(board: Board, ticket: Ticket) -> Board:
    """The board with this ticket in place of its former self."""
    return replace(board, tickets=board.tickets.set(ticket.id, ticket))


def put_counter(board: Board, counter: Counter) -> Board:
    """The board with this counter in place of its former self."""
    return replace(board, counters={**board.counters, counter.rules.number: counter})


def join(board: Board, ticket: Ticket, *, due_calls: int = 0) -> Board:
    """Let a waiting ticket stand in its line: of its counter, of those who came back, or of its service and class."""
    if ticket.counter is not None:
        counter = board.counters[ticket.counter]
        directed = lanes.add(counter.directed, Place(ticket.rank, ticket.id, ticket.session))
        board = put_counter(board, replace(counter, directed=directed))
        return put(board, replace(ticket, lane=None, lane_rank=ticket.rank))
    rank_class, lane_rank = ticket.rank_class, ticket.rank
    if due_calls:
        due = board.services[ticket.service].tally.calls + due_calls
        rank_class, lane_rank = RETURNED, due << PLACE_BITS | board.sequence - board.day_sequence
    ticket = replace(ticket, lane=(ticket.service, rank_class), lane_rank=lane_rank)
    return replace(board, lanes=lanes_with(board, ticket), tickets=board.tickets.set(ticket.id, ticket))


def lanes_with(board: Board, ticket: Ticket) -> dict[ServiceId, dict[int, Lane]]:
    """All lines, with this ticket in the one that it names."""
    assert ticket.lane is not None, f"ticket {ticket.id} names no line"
    service, rank_class = ticket.lane
    lines = board.lanes.get(service, {})
    lane = lanes.add(lines.get(rank_class, lanes.EMPTY), Place(ticket.lane_rank, ticket.id, ticket.session))
    return {**board.lanes, service: {**lines, rank_class: lane}}


def lanes_without(board: Board, ticket: Ticket) -> dict[ServiceId, dict[int, Lane]]:
    """All lines, without this ticket in the one that it names; a line that nobody stands in is not there."""
    assert ticket.lane is not None, f"ticket {ticket.id} names no line"
    service, rank_class = ticket.lane
    lines = dict(board.lanes[service])
    lane = lanes.drop(lines.pop(rank_class), ticket.lane_rank)
    if lane:
        lines[rank_class] = lane
    return {**board.lanes, service: lines}


def leave(board: Board, ticket: Ticket) -> Board:
    """Take a waiting ticket out of its line; its own record is the caller's to replace."""
    if ticket.lane is not None:
        return replace(board, lanes=lanes_without(board, ticket))
    assert ticket.counter is not None, f"ticket {ticket.id} waits nowhere"
    counter = board.counters[ticket.counter]
    directed = lanes.drop(counter.directed, ticket.lane_rank)
    return put_counter(board, replace(counter, directed=directed))


def without(tickets: tuple[TicketId, ...], ticket: TicketId) -> tuple[TicketId, ...]:
    """The same tickets but one."""
    return tuple(one for one in tickets if one != ticket)


def forget_elsewhere(board: Board, ticket: Ticket) -> Board:
    """Take a held, away or absent ticket off the list that keeps it."""
    board = replace(board, away=without(board.away, ticket.id), absent=without(board.absent, ticket.id))
    if ticket.counter is not None and ticket.id in board.counters[ticket.counter].held:
        counter = board.counters[ticket.counter]
        return put_counter(board, replace(counter, held=without(counter.held, ticket.id)))
    return board


def free_counter(board: Board, number: CounterNumber, ticket: TicketId) -> Board:
    """The counter no longer holds this ticket."""
    counter = board.counters[number]
    assert counter.ticket == ticket, f"counter {number} holds {counter.ticket}, not {ticket}"
    board = replace(board, asks_due=without_due(board, ticket))
    return put_counter(board, replace(counter, ticket=None))


def without_due(board: Board, ticket: TicketId) -> tuple[tuple[datetime, TicketId], ...]:
    """The ratings that come due by themselves, without that of this ticket."""
    return tuple([due for due in board.asks_due if due[1] != ticket]) if board.asks_due else ()

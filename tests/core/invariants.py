"""What is true of every board, whatever happened before; each check raises with the values that break it."""

from itertools import pairwise

from queue_server.core import lanes
from queue_server.core.board import BULK, FINAL, ORDINARY, RETURNED, Board, Counter, State
from queue_server.core.lanes import Lane

AT_COUNTER = frozenset({State.CALLED, State.SERVING})


def check_board(board: Board) -> None:
    """Everything below."""
    if board.rules is None:
        return
    check_lines(board)
    check_counters(board)
    check_lists(board)
    check_numbers(board)
    check_counts(board)


def check_lane(lane: Lane) -> None:
    """Chunks are legal and ranks rise through all of them."""
    assert all(0 < len(chunk) <= lanes.CHUNK_MAX for chunk in lane.chunks), f"chunks of {lane.chunks}"
    assert lane.size == sum(map(len, lane.chunks)), f"{lane.size} is not the size of {lane.chunks}"
    ranks = [place.rank for place in lanes.places(lane)]
    assert ranks == sorted(set(ranks)), f"ranks do not rise: {ranks}"
    sessions = [place.session for place in lanes.places(lane)]
    backward = sum(1 for left, right in pairwise(sessions) if right < left)
    assert lane.backward == backward, f"{lane.backward} is not how many of {sessions} stand behind a later session"


def check_lines(board: Board) -> None:
    """Every waiting ticket stands in exactly one line, and nobody else stands in any."""
    standing: list[str] = []
    by_class = (
        (service, rank_class, lane) for service, lines in board.lanes.items() for rank_class, lane in lines.items()
    )
    for service, rank_class, lane in by_class:
        assert lane, f"the line of {service} and class {rank_class} is kept empty"
        check_lane(lane)
        for place in lanes.places(lane):
            ticket = board.tickets[place.ticket]
            standing.append(ticket.id)
            assert (ticket.lane, ticket.lane_rank) == ((service, rank_class), place.rank), f"{ticket} is not at {place}"
            assert ticket.service == service, f"{ticket} waits for another service"
            assert ticket.counter is None, f"{ticket} waits for a counter in a line of all counters"
            assert place.session == ticket.session
            if rank_class != RETURNED:
                assert (ticket.rank_class, ticket.rank) == (rank_class, place.rank), f"{ticket} lost its place"
    for number, counter in board.counters.items():
        check_lane(counter.directed)
        for place in lanes.places(counter.directed):
            ticket = board.tickets[place.ticket]
            standing.append(ticket.id)
            assert (ticket.lane, ticket.counter, ticket.rank) == (None, number, place.rank), f"{ticket} is not {place}"
    waiting = [one.id for one in board.tickets.values() if one.state is State.WAITING]
    assert sorted(standing) == sorted(waiting), f"stand in lines: {sorted(standing)}, wait: {sorted(waiting)}"


def check_counters(board: Board) -> None:
    """A counter holds at most one ticket, that ticket is at no other, and a closed counter keeps nobody."""
    at_counters = sorted(one.ticket for one in board.counters.values() if one.ticket is not None)
    assert at_counters == sorted(one.id for one in board.tickets.values() if one.state in AT_COUNTER)
    held = sorted(one for counter in board.counters.values() for one in counter.held)
    assert held == sorted(one.id for one in board.tickets.values() if one.state is State.HELD)
    for number, counter in board.counters.items():
        assert counter.rules.number == number
        if counter.ticket is not None:
            ticket = board.tickets[counter.ticket]
            assert ticket.counter == number, f"{ticket} is at counter {number}"
            assert ticket.called_at is not None
            assert ticket.reason is not None
            assert (ticket.state is State.SERVING) == (ticket.started_at is not None)
        assert all(board.tickets[one].counter == number for one in counter.held)
        _check_closed(counter)


def _check_closed(counter: Counter) -> None:
    if counter.is_open:
        return
    kept = (counter.ticket, counter.held, counter.directed, counter.is_paused, counter.clerk)
    assert kept == (None, (), lanes.EMPTY, False, None), f"counter {counter.rules.number} is closed but keeps {kept}"


def check_lists(board: Board) -> None:
    """The short lists of the board say what the tickets say."""
    tickets = board.tickets.values()
    assert sorted(board.away) == sorted(one.id for one in tickets if one.state is State.AWAY)
    assert sorted(board.absent) == sorted(one.id for one in tickets if one.state is State.ABSENT)
    assert all(board.tickets[one].absent_at is not None for one in board.absent)
    assert sorted(board.slips_owed) == sorted(one.id for one in tickets if one.is_slip_owed)
    for due, identity in board.asks_due:
        ticket = board.tickets[identity]
        assert ticket.state is State.SERVING, f"{ticket} is not served, but its rating is due at {due}"
        assert ticket.ask is None, f"{ticket} was asked already"
    assert len({identity for _, identity in board.asks_due}) == len(board.asks_due)
    for ask_id, ask in board.asks.items():
        assert (ask.ask, board.tickets[ask.ticket].ask) == (ask_id, ask_id)
    if board.is_sealed:
        assert all(one.state in FINAL for one in tickets), "a sealed day has open tickets"


def check_numbers(board: Board) -> None:
    """A number belongs to one ticket, issued or on lease."""
    assert len({one.number for one in board.tickets.values()}) == len(board.tickets)
    for ticket in board.tickets.values():
        assert board.by_number[ticket.number] == ticket.id
        assert ticket.rank_class == ORDINARY or 1 <= ticket.rank_class <= 9 or ticket.rank_class == BULK
    for identity, lease in board.leased.items():
        number = next(one.number for one in board.leases[lease].numbers if one.ticket == identity)
        assert board.by_number[number] == identity
        assert identity not in board.tickets


def check_counts(board: Board) -> None:
    """Limits count what was given: tickets, and numbers on lease until they are handed back."""
    for identity, service in board.services.items():
        by_session = sum(count for _, count in service.by_session)
        on_lease = sum(1 for lease in board.leased.values() if board.leases[lease].service == identity)
        before = board.carried_given.get(identity, 0)
        assert service.counted >= by_session + on_lease, f"{identity}: {service.counted} < {by_session} + {on_lease}"
        if not before and not board.carried_leased:
            assert service.counted == by_session + on_lease, f"{identity}: {service.counted}, {by_session}, {on_lease}"

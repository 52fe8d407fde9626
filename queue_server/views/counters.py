"""One counter, as its clerk sees it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Literal

from queue_server.core import lanes
from queue_server.core.board import Board, Counter, State, Ticket, lanes_of, rules_of
from queue_server.core.ids import TicketId
from queue_server.core.place import call_order
from queue_server.core.policy import directed_goes_first, standing
from queue_server.presenting.texts import Texts
from queue_server.views.tickets import NO_WORDS, STATE_NAMES, Words, group_of, shown, staff_view
from queue_server.wire import answers
from queue_server.wire.fields import CounterDay, CounterState

WAITING_MAX = 200
"""Lines of the waiting list, and of the away and absent lists; `waiting_count` says how many there are."""


def counter_state(board: Board, counter: Counter) -> CounterState:
    """What the counter does now; a number at the desk is shown even where the counter pauses."""
    if counter.ticket is not None:
        return "calling" if board.tickets[counter.ticket].state is State.CALLED else "serving"
    if not counter.is_open:
        return "closed"
    return "paused" if counter.is_paused else "open"


def counter_view(
    board: Board,
    counter: Counter,
    *,
    at: datetime,
    head: str,
    texts: Texts,
    words: Words = NO_WORDS,
    clerk: str | None = None,
) -> answers.Counter:
    """The counter with its ticket, and who waits for it; `clerk` is a name to show in place of the opaque id."""

    def seen(tickets: tuple[TicketId, ...]) -> tuple[answers.Ticket, ...]:
        return tuple(staff_view(board, board.tickets[one], head=head, texts=texts, words=words) for one in tickets)

    present = seen(() if counter.ticket is None else (counter.ticket,))
    return answers.Counter(
        number=counter.rules.number,
        label=counter.rules.label,
        state=counter_state(board, counter),
        clerk=clerk or counter.clerk,
        services=counter.services,
        ticket=present[0] if present else None,
        held=seen(counter.held),
        away=seen(_served_here(board, counter, board.away)),
        absent=seen(_served_here(board, counter, board.absent)),
        waiting=tuple(_waiting(board, one, ahead, words) for one, ahead in waiting_order(board, counter, at)),
        waiting_count=_waiting_count(board, counter),
        at=at,
        clerk_id=counter.clerk,
        paused=counter.is_paused,
        today=_today(counter),
    )


def _today(counter: Counter) -> CounterDay:
    visits = counter.visits
    return CounterDay(
        served=visits.served,
        service_mean_s=round(visits.service_ms / visits.timed / 1000) if visits.timed else None,
        absent=visits.absent,
        opened_at=counter.opened_at,
    )


def _served_here(board: Board, counter: Counter, tickets: tuple[TicketId, ...]) -> tuple[TicketId, ...]:
    mine = [one for one in tickets if board.tickets[one].service in counter.services]
    return tuple(mine[-WAITING_MAX:])


def _waiting_count(board: Board, counter: Counter) -> int:
    mine = sum(lane.size for service in counter.services for _, lane in lanes_of(board, service))
    return mine + counter.directed.size


def _waiting(board: Board, ticket_id: TicketId, ahead: int, words: Words) -> answers.Waiting:
    ticket = board.tickets[ticket_id]
    return answers.Waiting(
        id=ticket.id,
        number=ticket.number,
        shown=shown(board, ticket),
        service=ticket.service,
        priority=group_of(ticket.id, words),
        rank_class=ticket.rank_class,
        confirmed=ticket.is_confirmed,
        state=STATE_NAMES[ticket.state],
        issued_at=ticket.issued_at,
        waits_from=ticket.waits_from,
        items=ticket.items,
        ahead=ahead,
        directed=ticket.counter is not None,
        procedures=ticket.procedures,
        back=_back(ticket),
        booked_at=ticket.booked_at,
    )


def _back(ticket: Ticket) -> Literal["", "returned", "transferred"]:
    if ticket.left_at is not None:
        return "returned"
    return "transferred" if ticket.call_sequence else ""


def waiting_order(board: Board, counter: Counter, at: datetime) -> Iterator[tuple[TicketId, int]]:
    """Who waits for this counter in the order in which it would call them, each with how many are ahead in its line.

    It is the order of `pick` played forward, if no other counter called and nobody else came.
    """
    return islice(_merged(board, counter, at), WAITING_MAX) if board.rules is not None else iter(())


def _merged(board: Board, counter: Counter, at: datetime) -> Iterator[tuple[TicketId, int]]:
    policy = rules_of(board).policy
    lines = [enumerate(call_order(board, service, at)) for service in counter.services]
    heads = {position: head for position, line in enumerate(lines) if (head := next(line, None)) is not None}
    directed = enumerate(lanes.places(counter.directed))
    mine = next(directed, None)
    while heads or mine is not None:
        position = min(heads, key=lambda one: standing(heads[one][1], one, policy), default=None)
        if position is None or (mine is not None and directed_goes_first(mine[1], heads[position][1])):
            assert mine is not None, "somebody waits, in a line of a service or for this counter"
            yield mine[1].ticket, mine[0]
            mine = next(directed, None)
            continue
        ahead, nominee = heads.pop(position)
        yield nominee.place.ticket, ahead
        if (following := next(lines[position], None)) is not None:
            heads[position] = following

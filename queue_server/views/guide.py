"""What the guide's tablet shows: who waits, who is out, what counters do, and who calls for help."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from queue_server.core.board import Board, Counter, Ticket, lanes_of, rules_of
from queue_server.core.ids import ServiceId, TicketId
from queue_server.core.place import call_order
from queue_server.presenting.texts import Texts
from queue_server.views.counters import counter_state
from queue_server.views.opening import gives_tickets, hall_opens_at, notices
from queue_server.views.screens import service_tile
from queue_server.views.tickets import NO_WORDS, STATE_NAMES, Words, group_of, shown
from queue_server.views.waits import Waits
from queue_server.wire import screens

GUIDE_WAITING_MAX = 200
"""Lines of the guide's waiting list; `waiting_count` says how many wait in all."""
GUIDE_OUT_MAX = 100
"""Lines of those who are held, away or absent: the last ones to leave."""
ALERT_LASTS = timedelta(minutes=30)
"""A call for help that nobody answered for so long is not shown any more: whoever called has gone."""


def guide_view(
    board: Board,
    *,
    at: datetime,
    waits: Waits,
    texts: Texts,
    words: Words = NO_WORDS,
    alerts: tuple[screens.Alert, ...] = (),
) -> screens.GuideView:
    """The whole hall for its guide; alerts that are too old are left out."""
    out = _out(board)
    return screens.GuideView(
        at=at,
        open=gives_tickets(board, at),
        opens_at=hall_opens_at(board, at),
        services=tuple(service_tile(board, one, at, waits, texts) for one in board.services.values()),
        counters=tuple(_counter(board, one) for one in board.counters.values()),
        waiting=tuple(_waiting(board, one, words) for one in islice(_in_line(board, at), GUIDE_WAITING_MAX)),
        waiting_count=sum(lane.size for service in board.services for _, lane in lanes_of(board, service))
        + sum(counter.directed.size for counter in board.counters.values()),
        out=tuple(_one_out(board, one) for one in out[-GUIDE_OUT_MAX:]),
        out_count=len(out),
        alerts=standing_alerts(alerts, at),
        bulk_from=0 if board.rules is None else rules_of(board).policy.bulk_from,
        notices=notices(board, at, texts),
    )


def standing_alerts(alerts: tuple[screens.Alert, ...], at: datetime) -> tuple[screens.Alert, ...]:
    """The calls for help that are still shown, the oldest first."""
    return tuple(sorted((one for one in alerts if at - one.since < ALERT_LASTS), key=lambda one: one.since))


def _counter(board: Board, counter: Counter) -> screens.GuideCounter:
    ticket = None if counter.ticket is None else board.tickets[counter.ticket]
    return screens.GuideCounter(
        number=counter.rules.number,
        label=counter.rules.label,
        zone=counter.rules.zone,
        state=counter_state(board, counter),
        services=counter.services,
        shown=None if ticket is None else shown(board, ticket),
    )


def _in_line(board: Board, at: datetime) -> Iterator[Ticket]:
    """Everybody who waits: each service in the order of its calls, the services merged by who has waited longest."""
    if board.rules is None:
        return iter(())
    lines = [_of_service(board, service, at) for service in board.services]
    directed = [
        iter(board.tickets[place.ticket] for chunk in counter.directed.chunks for place in chunk)
        for counter in board.counters.values()
        if counter.directed
    ]
    return merge(*lines, *directed, key=lambda ticket: ticket.waits_from)


def _of_service(board: Board, service: ServiceId, at: datetime) -> Iterator[Ticket]:
    for nominee in call_order(board, service, at):
        yield board.tickets[nominee.place.ticket]


def _waiting(board: Board, ticket: Ticket, words: Words) -> screens.GuideWaiting:
    return screens.GuideWaiting(
        id=ticket.id,
        number=ticket.number,
        shown=shown(board, ticket),
        service=ticket.service,
        priority=group_of(ticket.id, words),
        rank_class=ticket.rank_class,
        claimed_rank=ticket.claimed_rank,
        confirmed=ticket.is_confirmed,
        waits_from=ticket.waits_from,
        items=ticket.items,
        counter=ticket.counter,
    )


def _out(board: Board) -> list[TicketId]:
    held = [one for counter in board.counters.values() for one in counter.held]
    every = [*held, *board.away, *board.absent]
    return sorted(every, key=lambda one: (board.tickets[one].left_at or board.tickets[one].issued_at, one))


def _one_out(board: Board, ticket_id: TicketId) -> screens.GuideOut:
    ticket = board.tickets[ticket_id]
    return screens.GuideOut(
        id=ticket.id,
        number=ticket.number,
        shown=shown(board, ticket),
        service=ticket.service,
        state=STATE_NAMES[ticket.state],
        left_at=ticket.left_at,
        counter=ticket.counter,
    )

"""Playing a hall forward: what a ticket is told about its place is what happens."""

from datetime import datetime

from msgspec.structs import replace

from queue_server.core.board import Board, Counter, Service, State, Ticket, lanes_of
from queue_server.core.commands import CallNext
from queue_server.core.decide import decide
from queue_server.core.events import TicketCalled
from queue_server.core.evolve import evolve
from queue_server.core.ids import AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.place import ahead, call_order
from queue_server.core.refusal import Refusal
from tests.factories import BOX, a_counter, clock

LONE = CounterNumber(99)


def check_ahead(board: Board, service: ServiceId, at: datetime) -> None:
    """Let one counter call everybody who waits for a service, at one instant, and compare."""
    expected = list(call_order(board, service, at))
    lone = Counter(rules=a_counter(LONE, (service,)), services=(service,), is_open=True)
    played = replace(
        board,
        counters={**board.counters, LONE: lone},
        tickets=board.tickets.update({one.id: replace(one, back_to=None) for one in board.tickets.values()}),
    )
    for position, nominee in enumerate(expected):
        identity, code = nominee.place.ticket, nominee.code
        assert ahead(board, board.tickets[identity], at) == position, f"{identity} is called as {position}"
        events = decide(played, CallNext(by=BOX, counter=LONE, ask=AskId("")), at)
        assert not isinstance(events, Refusal)
        called = events[-1]
        assert isinstance(called, TicketCalled), f"nobody is called, but {identity} waits"
        assert (called.ticket, called.reason.code) == (identity, code)
        for event in events:
            played = evolve(played, event, at)
    assert len(expected) == sum(lane.size for _, lane in lanes_of(board, service))
    assert ahead(board, _a_finished(board.services[service]), at) is None


def _a_finished(service: Service) -> Ticket:
    at = clock("8:00")
    return Ticket(
        id=TicketId("F"),
        number=0,
        service=service.rules.id,
        rank_class=0,
        claimed_rank=0,
        state=State.FINISHED,
        rank=0,
        session=0,
        items=1,
        issued_at=at,
        waits_from=at,
    )

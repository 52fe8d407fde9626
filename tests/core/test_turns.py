"""`ahead` by arithmetic is the policy played call by call, on boards of every shape."""

from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from queue_server.core import lanes
from queue_server.core.board import BULK, ORDINARY, PLACE_BITS, RETURNED, Board, Service, State, Tally, Ticket
from queue_server.core.ids import TicketId
from queue_server.core.lanes import Lane, Place
from queue_server.core.place import STEPS_MAX, ahead, call_order
from queue_server.core.rules import PolicyRules
from tests.factories import CERTIFY, a_hall_rules, a_service, clock

NOW = clock("10:00")
NOW_MS = round(NOW.timestamp() * 1000)
BACK = st.tuples(st.sampled_from((ORDINARY, 1, BULK)), st.integers(0, 12))
"""Of those who came back: the class they were issued in, and after how many calls they are due."""
POLICIES = st.builds(
    PolicyRules,
    priority=st.sampled_from(("none", "strict", "interleaved", "interleaved")),
    ordinary_per_priority=st.integers(1, 4),
    priority_in_row_max=st.integers(1, 4),
    others_per_bulk=st.integers(0, 4),
    escalate_after_s=st.sampled_from((0, 0, 20, 60)),
    carry_over=st.sampled_from((0, 1)),
)
TALLIES = st.builds(Tally, *[st.integers(0, 6)] * 4)
CLASSES = st.sampled_from((ORDINARY, ORDINARY, ORDINARY, 1, 1, 2, 5, BULK))
QUEUES = st.integers(1, 3).flatmap(
    # Class; 0 begins a new session; 3 stands in the session before, where a place was given anew.
    lambda backward: st.lists(st.tuples(CLASSES, st.integers(0, 9), st.integers(0, backward)), min_size=12, max_size=40)
)
PATTERNS = st.lists(st.tuples(st.lists(CLASSES, min_size=1, max_size=8), st.integers(1, 40)), min_size=2, max_size=6)
"""Crowds: so many times the same classes one after another, which fills many chunks."""


def a_waiting(
    position: int, rank_class: int, *, rank: int, session: int = 0, lane_class: int | None = None, due: int = 0
) -> Ticket:
    """A ticket in the line of its class, or among those who came back."""
    at_rank = due << PLACE_BITS | position if lane_class == RETURNED else rank
    return Ticket(
        id=TicketId(f"T{position}"),
        number=position,
        service=CERTIFY,
        rank_class=rank_class,
        claimed_rank=0,
        state=State.WAITING,
        rank=rank,
        session=session,
        items=1,
        issued_at=NOW,
        waits_from=NOW,
        lane=(CERTIFY, rank_class if lane_class is None else lane_class),
        lane_rank=at_rank,
    )


def a_board(tickets: list[Ticket], policy: PolicyRules, tally: Tally) -> Board:
    """A hall of one service in which these wait."""
    lines: dict[int, Lane] = {}
    for one in tickets:
        assert one.lane is not None
        lane = lines.get(one.lane[1], lanes.EMPTY)
        lines[one.lane[1]] = lanes.add(lane, Place(one.lane_rank, one.id, one.session))
    board = Board(
        rules=a_hall_rules(policy=policy),
        lanes={CERTIFY: lines},
        services={CERTIFY: Service(rules=a_service(CERTIFY), tally=tally)},
    )
    return replace(board, tickets=board.tickets.update({one.id: one for one in tickets}))


def waiting(queue: list[tuple[int, int, int]], back: list[tuple[int, int]]) -> list[Ticket]:
    """One a second, the last of them now; those marked backward stand in a session before their neighbours'."""
    tickets, session = [], 0
    for position, (rank_class, sign, backward) in enumerate(queue):
        session += sign == 0
        rank = NOW_MS - (len(queue) - position) * 1000 << PLACE_BITS | position
        own = max(session - 1, 0) if backward == 3 else session
        tickets.append(a_waiting(position, rank_class, rank=rank, session=own))
    for number, (rank_class, due) in enumerate(back, start=len(queue)):
        tickets.append(a_waiting(number, rank_class, rank=number, lane_class=RETURNED, due=due))
    return tickets


def without(board: Board, left: list[TicketId]) -> Board:
    """The board once these have gone home."""
    lines = dict(board.lanes[CERTIFY])
    for one in left:
        ticket = board.tickets[one]
        assert ticket.lane is not None
        lines[ticket.lane[1]] = lanes.drop(lines[ticket.lane[1]], ticket.lane_rank)
    tickets = board.tickets
    for one in left:
        tickets = tickets.delete(one)
    return replace(board, tickets=tickets, lanes={CERTIFY: {one: lane for one, lane in lines.items() if lane}})


def check_all(board: Board) -> None:
    """What each is told is the position in the order in which the policy itself calls everybody."""
    assert {identity: ahead(board, ticket, NOW) for identity, ticket in board.tickets.items()} == order_of(board)


def order_of(board: Board) -> dict[TicketId, int]:
    """The policy itself, played call by call."""
    return {one.place.ticket: position for position, one in enumerate(call_order(board, CERTIFY, NOW))}


@given(QUEUES, POLICIES, TALLIES)
@settings(max_examples=300)
def test_ahead_is_the_order_of_the_policy(queue: list[tuple[int, int, int]], policy: PolicyRules, tally: Tally) -> None:
    """A slip that says seven when nine are called first is a slip that lies."""
    check_all(a_board(waiting(queue, []), policy, tally))


@given(QUEUES, st.lists(BACK, max_size=8), POLICIES, TALLIES)
@settings(max_examples=100)
def test_ahead_is_the_order_of_the_policy_with_visitors_who_came_back(
    queue: list[tuple[int, int, int]], back: list[tuple[int, int]], policy: PolicyRules, tally: Tally
) -> None:
    """They go by the count of calls, in between all others, and each moves everybody's turn."""
    check_all(a_board(waiting(queue, back), policy, tally))


@given(PATTERNS, POLICIES, TALLIES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_ahead_is_the_order_of_the_policy_in_a_crowd_that_thins(
    patterns: list[tuple[list[int], int]], policy: PolicyRules, tally: Tally, chance: Random
) -> None:
    """A long line is told by chunks, and what was known of them must not outlive those who left."""
    queue = [(rank_class, 1, 0) for classes, times in patterns for rank_class in classes * times]
    board = a_board(waiting(queue, []), policy, tally)
    for _ in range(3):
        check_all(board)
        board = without(board, chance.sample(sorted(board.tickets), min(3, len(board.tickets) - 1)))
    check_all(board)


def test_what_is_known_of_a_crowd_ends_with_the_crowd() -> None:
    """Priority visitors who come just as often as their jumps are told by what was found of whole chunks before."""
    even = (ORDINARY, 1, ORDINARY) * 100
    queue = [(rank_class, 1, 0) for rank_class in (*even, *(ORDINARY,) * 10, *even)]
    board = a_board(waiting(queue, []), PolicyRules(ordinary_per_priority=2), Tally())
    # Ten ordinary visitors fewer hold for a while, until the ten of the middle make up for them.
    thinner = without(board, [TicketId(f"T{position}") for position in range(240, 270, 3)])
    before, after = order_of(board), order_of(thinner)
    for identity, ticket in thinner.tickets.items():
        assert (ahead(board, ticket, NOW), ahead(thinner, ticket, NOW)) == (before[identity], after[identity])


@pytest.mark.parametrize(
    "policy", [PolicyRules(ordinary_per_priority=0), PolicyRules(priority="strict", priority_in_row_max=0)]
)
def test_settings_that_no_file_may_have_are_played(policy: PolicyRules) -> None:
    """An old journal may hold anything, and nobody may be told nonsense because of it."""
    check_all(a_board(waiting([(rank_class, 1, 0) for rank_class in (0, 1, 0, 2, 1, 0)], []), policy, Tally()))


def test_beyond_the_calls_that_are_played_earlier_places_are_counted() -> None:
    """One visitor placed anew behind a full hall must not make every answer play the whole hall."""
    people = [(ORDINARY, int(position != 1), 3 if position == 600 else 1) for position in range(610)]
    board = a_board([*waiting(people, []), a_waiting(700, 1, rank=1)], PolicyRules(), Tally())
    told = ahead(board, board.tickets[TicketId("T609")], NOW)
    assert STEPS_MAX < 610 == told

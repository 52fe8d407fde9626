"""A lane behaves like a sorted list, however long it is and however people come and go."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from queue_server.core import lanes
from queue_server.core.ids import TicketId
from queue_server.core.lanes import Lane, Place
from tests.core.invariants import check_lane


def a_place(rank: int) -> Place:
    """The place of this rank; now and then one of an earlier session stands behind one of a later."""
    return Place(rank, TicketId(f"T{rank}"), rank // 100 - (rank % 7 == 0))


def a_lane(ranks: range) -> Lane:
    """A lane that these ranks joined one after another."""
    lane = lanes.EMPTY
    for rank in ranks:
        lane = lanes.add(lane, a_place(rank))
    return lane


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=600))
def test_adding_and_dropping_at_random_is_a_sorted_list(steps: list[tuple[bool, int]]) -> None:
    """A chunk cut at the wrong place would lose a citizen or let one pass another."""
    lane, model = a_lane(range(0, 600, 3)), set(range(0, 600, 3))
    for is_added, rank in steps:
        if is_added and rank not in model:
            lane = lanes.add(lane, a_place(rank))
            model.add(rank)
        elif not is_added and rank in model:
            lane = lanes.drop(lane, rank)
            model.remove(rank)
        check_lane(lane)
    assert [place.rank for place in lanes.places(lane)] == sorted(model)
    assert lane.size == len(model)
    assert lanes.head(lane) == (a_place(min(model)) if model else None)
    for rank in (0, 1, 199, 400, 700):
        assert lanes.before(lane, rank) == sum(1 for one in model if one < rank)


def test_a_long_morning_at_the_tail_and_the_head_keeps_chunks_legal() -> None:
    """The usual day: everybody joins at the end and leaves at the front."""
    lane = a_lane(range(5000))
    check_lane(lane)
    for rank in range(4999):
        lane = lanes.drop(lane, rank)
        assert lanes.head(lane) == a_place(rank + 1)
    assert lanes.drop(lane, 4999) == lanes.EMPTY


def test_putting_back_into_a_full_chunk_splits_it() -> None:
    """Tickets that return to their old place all join the same chunk, which must not grow without end."""
    lane = lanes.EMPTY
    for rank in range(1000, 0, -1):
        lane = lanes.add(lane, a_place(rank))
    check_lane(lane)
    assert lane.size == 1000


@pytest.mark.parametrize("rank", [-1, 5, 11, 99])
def test_dropping_what_is_not_there_is_a_bug_and_says_so(rank: int) -> None:
    """A silent miss would leave the wrong person standing."""
    with pytest.raises(LookupError, match=f"rank {rank}"):
        lanes.drop(a_lane(range(0, 20, 2)), rank)
    with pytest.raises(LookupError):
        lanes.drop(lanes.EMPTY, rank)

"""Numbers and their positions in a service's ranges."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from queue_server.core import numbers
from queue_server.core.rules import NumberRange
from tests.factories import a_service


@st.composite
def ranges(draw: st.DrawFn) -> tuple[NumberRange, ...]:
    """One to four ranges that do not overlap, in any order."""
    borders = sorted(draw(st.sets(st.integers(1, 5000), min_size=2, max_size=8)))
    pairs = [NumberRange(first, last - 1) for first, last in zip(borders[::2], borders[1::2], strict=False)]
    return tuple(draw(st.permutations(pairs)))


@given(ranges())
def test_every_position_has_its_own_number_and_back(some: tuple[NumberRange, ...]) -> None:
    """A position that led to two numbers would print one number twice."""
    given_out = [numbers.number_at(some, index) for index in range(numbers.total(some))]
    assert len(set(given_out)) == len(given_out)
    assert [numbers.index_of(some, number) for number in given_out] == list(range(len(given_out)))


@given(ranges())
def test_beyond_the_last_range_there_is_no_number(some: tuple[NumberRange, ...]) -> None:
    """Six digits after four are a range of their own, never an overflow."""
    with pytest.raises(IndexError, match="no number"):
        numbers.number_at(some, numbers.total(some))
    assert numbers.index_of(some, 9999) is None


def test_the_tail_for_leases_is_not_given_at_the_desk() -> None:
    """A kiosk that is cut off must own its numbers."""
    assert numbers.desk_numbers(a_service("s", 1, 100, lease_reserve=30)) == 70

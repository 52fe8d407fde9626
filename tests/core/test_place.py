"""`ahead`: how many are called before a ticket, by the policy itself."""

import pytest

from queue_server.core.place import STEPS_MAX, ahead
from tests.factories import ELDERLY, TWO, Hall, a_hall_rules, changed, clock


def ahead_of(hall: Hall, number: int) -> int | None:
    """How many are called before this number."""
    return ahead(hall.board, hall.ticket(number), hall.at)


def test_the_slip_says_how_many_are_before_you() -> None:
    """It is the first thing people read, and they count."""
    hall = Hall(opened=[1])
    assert [ahead_of(hall, hall.take()) for _ in range(4)] == [0, 1, 2, 3]
    hall.next()
    assert [ahead_of(hall, number) for number in (1001, 1002, 1004)] == [None, 0, 2]


def test_the_longest_run_of_priority_is_all_that_goes_before_the_newest_ordinary_visitor() -> None:
    """Strict priority calls one ordinary visitor after five, so the slip must not say ten."""
    hall = Hall(changed(a_hall_rules(), priority="strict", priority_in_row_max=5))
    for _ in range(10):
        hall.take(group=ELDERLY)
    assert ahead_of(hall, hall.take()) == 5


def test_bulk_tickets_left_over_from_the_morning_go_before_the_afternoon() -> None:
    """They are few calls or many, and the slip of the afternoon says so."""
    hall = Hall(at=clock("11:00"))
    hall.take(), hall.take(items=9), hall.take(items=9)
    hall.until("13:00")
    assert ahead_of(hall, hall.take()) == 3


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_bulk_tickets_before_the_newest_are_those_whose_turn_comes(share: int) -> None:
    """Played forward and counted, it is the same."""
    hall = Hall(changed(a_hall_rules(), others_per_bulk=share), opened=[1])
    for items in (9, 9, 1, 1, 1):
        hall.take(items=items)
    newest = hall.take()
    expected = ahead_of(hall, newest)
    assert hall.called(6).index(newest) == expected


def test_a_returned_visitor_counts_in_its_own_class_for_the_turns_that_follow() -> None:
    """The forecast plays the same turns as the calls."""
    hall = Hall(changed(a_hall_rules(), ordinary_per_priority=3), opened=[1])
    for _ in range(5):
        hall.take()
    hall.take(group=ELDERLY)
    hall.next(), hall.absent(), hall.back(1001)
    expected = sorted(range(1001, 1007), key=lambda number: ahead_of(hall, number) or 0)
    assert hall.called(6) == expected


def test_whoever_waits_for_one_counter_counts_those_of_that_counter() -> None:
    """The others go elsewhere."""
    hall = Hall(opened=[1, 2])
    for _ in range(3):
        hall.take()
    for _ in range(2):
        hall.next(1), hall.transfer(1, to_counter=TWO)
    assert [ahead_of(hall, number) for number in (1001, 1002, 1003)] == [0, 1, 0]


def test_a_place_far_back_is_told_exactly() -> None:
    """A priority visitor of a full hall is told the turns that come, and not just who came earlier."""
    hall = Hall(changed(a_hall_rules(), priority="strict", priority_in_row_max=1))
    for _ in range(STEPS_MAX + 50):
        hall.take()
    for _ in range(3):
        hall.take(group=ELDERLY)
    number = hall.take()
    assert [ahead_of(hall, one) for one in (1001, 1001 + STEPS_MAX, number)] == [1, STEPS_MAX + 3, STEPS_MAX + 53]

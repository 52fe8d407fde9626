"""The manager's view: what needs somebody, none of it buried."""

import pytest
from msgspec.structs import replace

from queue_server.core.board import Board
from queue_server.core.ids import CounterNumber
from queue_server.presenting.texts import load
from queue_server.views.lately import Lately
from queue_server.views.manager import UNATTENDED_MANY, Seen, manager_view
from queue_server.wire.manager import Alert
from tests.views.halls import ONE, a_busy_morning, at


def with_open_counters(count: int) -> Board:
    """A hall whose only open counters are so many without a clerk."""
    board = a_busy_morning()
    one = replace(board.counters[ONE], is_open=True, clerk=None, ticket=None, held=())
    numbers = [CounterNumber(10 + index) for index in range(count)]
    return replace(
        board, counters={number: replace(one, rules=replace(one.rules, number=number)) for number in numbers}
    )


def unattended(count: int) -> list[Alert]:
    """What the page says about them."""
    seen = Seen(waits={}, lately=Lately(), names={}, day=None)
    view = manager_view(with_open_counters(count), seen, at=at(8), texts=load())
    return [one for one in view.alerts if one.code.startswith("no-clerk")]


def test_a_few_counters_without_a_clerk_are_named_one_by_one() -> None:
    """The manager goes to each of them, or closes it from the alert."""
    found = unattended(UNATTENDED_MANY - 1)
    assert [(one.code, one.counter) for one in found] == [("no-clerk", 10 + index) for index in range(len(found))]
    assert len(found) == UNATTENDED_MANY - 1


@pytest.mark.parametrize("count", [UNATTENDED_MANY, 40])
def test_many_counters_without_a_clerk_are_one_matter(count: int) -> None:
    """Forty equal lines hide the one person who calls for help."""
    [only] = unattended(count)
    assert (only.code, only.count, only.counter) == ("no-clerk-many", count, None)

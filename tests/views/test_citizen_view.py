"""What the page of a ticket's holder promises about the hour of the call."""

from datetime import datetime

import pytest

from queue_server.views.citizen import citizen_view
from queue_server.views.waits import Wait
from queue_server.wire.citizen import CitizenTicket
from queue_server.wire.fields import Bilingual
from tests.views.halls import at, issued, named, opened, told

WHY = Bilingual(vi="Quầy 1 làm Hộ tịch", en="Counter 1 serves civil status")


def seen(when: datetime, wait: Wait, *, is_served: bool = True) -> CitizenTicket:
    """The view of the first ticket, where somebody forecast this wait."""
    board = told((at(7, 10), issued(1001)), *([(at(7, 30), opened())] if is_served else []))
    return citizen_view(board, board.tickets[named(1001)], at=when, ahead=0, wait=wait, because=WHY)


def test_an_hour_that_the_hall_can_keep_is_told_with_its_reason() -> None:
    """The reason belongs to the hour; late is a minute that lies wholly after it."""
    view = seen(at(8), (600, 1200))
    assert (view.expected_at, view.late_at, view.because) == (at(8, 10), at(8, 21), WHY)


@pytest.mark.parametrize(
    ("when", "code"), [(at(7, 20), "not-yet-open"), (at(12), "lunch"), (at(17, 5), "desks-closed")]
)
def test_no_hour_is_told_at_which_nobody_calls(when: datetime, code: str) -> None:
    """Any moment, over lunch until 13:30, is two pages in one; somebody would stay without eating."""
    view = seen(when, (0, 120))
    assert [note.code for note in view.notes] == [code]
    assert (view.expected_at, view.late_at, view.because) == (None, None, None)


def test_an_hour_after_lunch_is_told_at_lunch() -> None:
    """Who knows that it takes until two may eat in peace."""
    view = seen(at(12), (7200, 9000))
    assert [note.code for note in view.notes] == ["lunch"]
    assert view.expected_at == at(14)


def test_without_a_counter_there_is_no_hour() -> None:
    """A forecast from before the counter closed promises what nobody keeps."""
    view = seen(at(8), (600, 1200), is_served=False)
    assert [note.code for note in view.notes] == ["no-counter"]
    assert view.expected_at is None

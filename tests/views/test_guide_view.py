"""The guide's view: everybody who waits or is out, and who calls for help, in any size of hall."""

from datetime import datetime, timedelta

from queue_server.core.board import State
from queue_server.presenting.texts import load
from queue_server.views import guide_view
from queue_server.views.guide import ALERT_LASTS, GUIDE_WAITING_MAX
from queue_server.wire.screens import Alert
from tests.views.halls import a_busy_morning, at, issued, told

NOW = at(7, 52)


def an_alert(name: str, since: datetime) -> Alert:
    """A kiosk's call."""
    return Alert(id=name, kind="kiosk", counter=None, label=name, since=since)


def test_everybody_who_is_in_the_hall_is_on_the_guides_page() -> None:
    """Somebody who is on no list is somebody nobody can help."""
    board = a_busy_morning()
    view = guide_view(board, at=NOW, waits={}, texts=load())
    waiting = {one.number for one in board.tickets.values() if one.state is State.WAITING}
    out = {one.number for one in board.tickets.values() if one.state in {State.HELD, State.AWAY, State.ABSENT}}
    assert {one.number for one in view.waiting} == waiting
    assert {one.number for one in view.out} == out
    assert (view.waiting_count, view.out_count) == (len(waiting), len(out))


def test_calls_for_help_come_oldest_first_and_end_by_themselves() -> None:
    """A call that nobody answered for half an hour is no longer a person who waits."""
    old, young = an_alert("old", NOW - ALERT_LASTS), an_alert("young", NOW - timedelta(minutes=1))
    first = an_alert("first", NOW - timedelta(minutes=5))
    view = guide_view(a_busy_morning(), at=NOW, waits={}, texts=load(), alerts=(young, old, first))
    assert [one.id for one in view.alerts] == ["first", "young"]


def test_a_list_that_is_too_long_is_cut_and_says_so() -> None:
    """Four hundred lines on a tablet help nobody, and a view is sent ten times a second."""
    count = 2 * GUIDE_WAITING_MAX
    board = told(*((at(7, 31, 0), issued(1001 + one)) for one in range(count)))
    view = guide_view(board, at=NOW, waits={}, texts=load())
    assert [one.number for one in view.waiting] == list(range(1001, 1001 + GUIDE_WAITING_MAX))
    assert view.waiting_count == count

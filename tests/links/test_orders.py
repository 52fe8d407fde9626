"""What units at counters show, ask and sound: the number the clerk called, and never half of another."""

from msgspec.structs import replace

from devices.words import Ask, Beep, Order, ShowNumber, UnitId
from queue_server.core.board import Board
from queue_server.core.effects import (
    AnnounceTicket,
    AnyEffect,
    AskForRating,
    CallForHelp,
    PrintSlip,
    SealReport,
    ShowAtCounter,
    WithdrawRating,
)
from queue_server.core.ids import Actor, AskId, CounterNumber, TicketId
from queue_server.links.orders import Idle, beeps, idle, orders_of, panel
from queue_server.links.units import UnitAtCounter
from tests.factories import ONE, TWO, Hall, a_counter, a_hall_rules, a_service, clock

ACTOR = Actor("t-units")
PANEL = UnitAtCounter(unit=UnitId("panel-1"), by=ACTOR, counter=ONE, digits=4)
BOX = UnitAtCounter(unit=UnitId("box-1"), by=ACTOR, counter=ONE, asks=True)
PANEL_2 = UnitAtCounter(unit=UnitId("panel-2"), by=ACTOR, counter=TWO, digits=4)
DOOR = UnitAtCounter(unit=UnitId("door"), by=ACTOR, digits=4)
PAD = UnitAtCounter(unit=UnitId("pad-1"), by=ACTOR, counter=ONE, beeps=True)
UNITS = (PANEL, BOX, PANEL_2, DOOR, PAD)


def ordered(effect: AnyEffect, board: Board, asked: dict[CounterNumber, AskId] | None = None) -> dict[UnitId, Order]:
    """Orders of one effect by unit."""
    return dict(orders_of(effect, board, UNITS, asked or {}, clock("8:10")))


def test_a_panel_shows_every_state_of_its_counter() -> None:
    """People look at the panel to know whether to stand up, wait, or go elsewhere."""
    hall = Hall()
    assert panel(hall.board, PANEL) == ShowNumber(state="closed")
    hall.open(1)
    assert panel(hall.board, PANEL) == ShowNumber(state="open", counter=1)
    hall.take()
    hall.next(1)
    assert panel(hall.board, PANEL) == ShowNumber(number=1001, state="calling", blink=True, counter=1)
    hall.start(1)
    assert panel(hall.board, PANEL) == ShowNumber(number=1001, state="serving", counter=1)
    hall.pause(1)
    assert panel(hall.board, PANEL).state == "serving", "who is at the desk is served to the end"
    hall.finish(1)
    assert panel(hall.board, PANEL) == ShowNumber(state="paused", counter=1)


def test_only_the_counters_own_panels_show_it() -> None:
    """A number on two panels sends the citizen to the wrong desk."""
    hall = Hall(opened=[1, 2])
    hall.take()
    hall.next(1)
    assert set(ordered(ShowAtCounter(counter=ONE), hall.board)) == {PANEL.unit}


def test_a_number_wider_than_the_panel_leaves_it_dark() -> None:
    """The last four digits of 101001 are somebody else's number."""
    hall = Hall(
        a_hall_rules(services=(a_service(first=101001, last=101999), a_service("land", 2001, 2999))), opened=[1]
    )
    hall.take()
    hall.next(1)
    assert panel(hall.board, PANEL) == ShowNumber(number=None, state="calling", blink=True, counter=1)
    assert panel(hall.board, replace(PANEL, digits=6)).number == 101001


def test_a_counter_is_shown_by_its_label_where_that_is_a_number() -> None:
    """What is spoken and what is shown must be one word."""
    counters = (a_counter(1, label="12"), a_counter(2, label="B"), a_counter(3))
    hall = Hall(a_hall_rules(counters=counters), opened=[1, 2])
    assert panel(hall.board, PANEL).counter == 12
    assert panel(hall.board, PANEL_2).counter == 2


def test_boards_of_the_hall_show_each_call_of_their_zone() -> None:
    """The board over the door is where people look first."""
    counters = (a_counter(1, zone="east"), a_counter(2), a_counter(3))
    hall = Hall(a_hall_rules(counters=counters), opened=[1])
    call = AnnounceTicket(sequence=9, ticket=TicketId("T"), number=1001, counter=ONE, repeat=False)
    east, west = replace(DOOR, unit=UnitId("east"), zone="east"), replace(DOOR, unit=UnitId("west"), zone="west")
    shown = dict(orders_of(call, hall.board, (*UNITS, east, west), {}, hall.at))
    assert shown == {
        unit: ShowNumber(number=1001, state="calling", blink=True, counter=1) for unit in (DOOR.unit, east.unit)
    }


def test_a_rating_is_asked_at_its_counter_for_the_time_it_has() -> None:
    """After a restart the box must not ask longer than the answer counts."""
    hall = Hall(opened=[1])
    number = hall.take()
    hall.next(1)
    hall.start(1)
    hall.until("8:09")
    hall.finish(1)
    (ask,) = hall.board.asks.values()
    effect = AskForRating(ask=ask.ask, ticket=ask.ticket, counter=ONE)
    assert ordered(effect, hall.board) == {BOX.unit: Ask(ask=ask.ask, number=number, expires_s=60)}
    assert dict(orders_of(effect, hall.board, UNITS, {}, clock("8:11"))) == {}


def test_an_answer_to_an_earlier_invitation_leaves_the_later_one_open() -> None:
    """The citizen before answered on the phone; the one at the desk is still asked."""
    withdraw = WithdrawRating(ask=AskId("old"), counter=ONE)
    assert ordered(withdraw, Hall().board, {ONE: AskId("new")}) == {}
    assert ordered(withdraw, Hall().board, {ONE: AskId("old")}) == {BOX.unit: Ask(ask="")}


def test_at_the_end_of_the_day_all_panels_are_closed() -> None:
    """A number left on a panel overnight is somebody's number tomorrow."""
    hall = Hall(opened=[1])
    hall.take()
    hall.next(1)
    sealed = replace(hall.board, is_sealed=True)
    assert ordered(SealReport(sequence=5), sealed) == {
        unit: ShowNumber(state="closed") for unit in (PANEL.unit, PANEL_2.unit, DOOR.unit)
    }


def test_slips_and_calls_for_help_are_not_for_units_at_counters() -> None:
    """They have doors of their own: the printer, and the people's screens."""
    board = Hall().board
    assert ordered(PrintSlip(ticket=TicketId("T")), board) == ordered(CallForHelp(counter=ONE), board) == {}


def test_a_clerk_without_anybody_hears_when_somebody_comes() -> None:
    """The clerk turned to other work when the line was empty."""
    hall = Hall(opened=[1])
    assert idle(hall.board, UNITS, hall.at) == Idle(alone=frozenset({ONE}))
    hall.take()
    assert idle(hall.board, UNITS, hall.at) == Idle(waited_for=frozenset({ONE}))
    assert dict(beeps(frozenset({ONE}), UNITS)) == {PAD.unit: Beep()}
    hall.next(1)
    assert idle(hall.board, UNITS, hall.at) == Idle()
    assert idle(Board(), UNITS, hall.at) == Idle(), "before any day is open nobody waits"

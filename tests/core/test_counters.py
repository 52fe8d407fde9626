"""Opening, closing and pausing counters, and what they serve."""

import pytest
from msgspec.structs import replace

from queue_server.core.board import State
from queue_server.core.commands import AskHelp, PauseCounter, ResumeCounter, SetCounterServices
from queue_server.core.events import CounterClosed, CounterOpened, HelpAsked, TicketFinished, TicketReturned
from queue_server.core.ids import TicketId
from queue_server.core.refusal import Refusal
from tests.factories import (
    BOX,
    CERTIFY,
    LAN,
    LAND,
    MINH,
    ONE,
    TWO,
    Hall,
    a_counter,
    a_hall_rules,
    clock,
    code_of,
)


def test_a_clerk_opens_a_counter_and_once_is_enough() -> None:
    """Signing in twice is signing in once."""
    hall = Hall()
    assert hall.open(1, by=LAN, clerk=LAN) == (CounterOpened(counter=ONE, clerk=LAN, by=LAN),)
    assert hall.open(1, by=LAN, clerk=LAN) == ()
    assert hall.open(1) == ()
    assert hall.board.counters[ONE].clerk == LAN


def test_a_counter_changes_hands_only_on_purpose() -> None:
    """A wrong click must not push a colleague out."""
    hall = Hall()
    hall.take()
    hall.open(1, by=LAN, clerk=LAN), hall.next(1, by=LAN)
    assert hall.open(1, by=MINH, clerk=MINH) == Refusal("counter-taken", {"counter": 1})
    assert hall.open(1, by=MINH, clerk=MINH, take_over=True) == (
        CounterOpened(counter=ONE, clerk=MINH, taken_over=1, by=MINH),
    )
    assert hall.at_counter() == 1001


def test_a_clerk_who_moves_leaves_nobody_behind_at_the_old_counter() -> None:
    """The visit there ends, and whoever waited for that counter waits for all of them."""
    hall = Hall(opened=[3])
    for _ in range(3):
        hall.take()
    hall.open(1, by=LAN, clerk=LAN), hall.next(1, by=LAN), hall.hold(1, by=LAN), hall.next(1, by=LAN)
    hall.next(3), hall.transfer(3, to_counter=ONE)
    assert hall.open(2, by=LAN, clerk=LAN) == Refusal("clerk-elsewhere", {"counter": 1})
    events = hall.open(2, by=LAN, clerk=LAN, take_over=True)
    assert not isinstance(events, Refusal)
    kinds = [type(event) for event in events]
    assert kinds == [TicketFinished, TicketReturned, TicketReturned, CounterClosed, CounterOpened]
    assert hall.ticket(1002).state is State.FINISHED
    assert hall.called(2, counter=3) == [1001, 1003]


def test_closing_gives_back_what_waited_for_this_counter_at_its_old_place() -> None:
    """Nobody waits for a locked counter, and nobody loses the place for it."""
    hall = Hall(opened=[1, 2])
    for _ in range(4):
        hall.take()
    hall.next(1), hall.hold(1), hall.next(2), hall.transfer(2, to_counter=ONE), hall.next(1)
    assert hall.at_counter(1) == 1002
    hall.close(1)
    assert hall.ticket(1002).state is State.FINISHED
    assert hall.called(3, counter=2) == [1001, 1003, 1004]
    assert code_of(hall.close(1)) == "counter-closed"
    assert code_of(hall.close(9)) == "unknown-counter"


def test_a_break_begins_and_ends_once() -> None:
    """Pausing a pause is no event."""
    hall = Hall(opened=[1])
    pause = PauseCounter(by=BOX, counter=ONE, reason="break")
    resume = ResumeCounter(by=BOX, counter=ONE)
    assert hall.events(resume) == ()
    assert len(hall.events(pause)) == 1
    assert hall.events(pause) == ()
    assert len(hall.events(resume)) == 1
    assert code_of(hall.decide(replace(pause, counter=TWO))) == "counter-closed"
    assert code_of(hall.decide(replace(resume, counter=TWO))) == "counter-closed"


def test_help_is_asked_for_even_at_a_closed_counter() -> None:
    """An angry visitor does not look at the sign."""
    hall = Hall()
    assert hall.events(AskHelp(by=BOX, counter=ONE)) == (HelpAsked(counter=ONE, by=BOX),)
    assert code_of(hall.decide(AskHelp(by=BOX, counter=9))) == "unknown-counter"  # type: ignore[arg-type]


def test_what_a_counter_serves_changes_for_today() -> None:
    """The manager moves a desk to the longest line."""
    hall = Hall(a_hall_rules(counters=(a_counter(1, (CERTIFY,)),)), opened=[1])
    hall.take(LAND)
    assert hall.next() is None
    serve = SetCounterServices(by=LAN, counter=ONE, services=(LAND, CERTIFY, LAND), reason="load")
    hall.events(serve)
    assert hall.board.counters[ONE].services == (LAND, CERTIFY)
    assert hall.events(serve) == ()
    assert hall.next() == 2001


@pytest.mark.parametrize(
    ("counter", "services", "code"),
    [(9, (LAND,), "unknown-counter"), (1, ("no",), "unknown-service"), (1, (), "counter-serves-nothing")],
)
def test_a_counter_never_serves_nothing(counter: int, services: tuple[str, ...], code: str) -> None:
    """It would be open and idle before a full hall."""
    command = SetCounterServices(by=LAN, counter=counter, services=services, reason="load")  # type: ignore[arg-type]
    assert code_of(Hall().decide(command)) == code


def test_a_counter_without_services_does_not_open() -> None:
    """The same, at opening."""
    hall = Hall(a_hall_rules(counters=(a_counter(1, ()),)))
    assert code_of(hall.open(1)) == "counter-serves-nothing"
    assert code_of(hall.open(9)) == "unknown-counter"


def test_counters_of_halls_without_sign_in_open_with_the_day() -> None:
    """And close with it."""
    hall = Hall(a_hall_rules(counters=(a_counter(1, opens_with_hall=1), a_counter(2))))
    hall.at = clock("7:00", hall.at.date().replace(day=24))
    hall.tick()
    assert hall.board.counters[ONE].is_open
    assert not hall.board.counters[TWO].is_open


def test_ids_of_tickets_given_back_are_those_that_were_held() -> None:
    """The event says whom it concerns."""
    hall = Hall(opened=[1])
    hall.take(), hall.next(), hall.hold()
    events = hall.close(1)
    assert not isinstance(events, Refusal)
    assert events[0] == TicketReturned(ticket=TicketId("T1"), why="counter-closed", by=BOX)

"""What happens between a counter and the citizen it calls."""

import pytest
from msgspec.structs import replace

from queue_server.core.board import State
from queue_server.core.commands import CallNext, CallNumber, Recall, TransferTicket
from queue_server.core.decide import decide
from queue_server.core.events import (
    CounterOpened,
    Item,
    RatingOffered,
    Reason,
    ServiceStarted,
    TicketCalled,
    TicketFinished,
    TicketReturned,
    TicketTransferred,
)
from queue_server.core.ids import AskId, TicketId
from queue_server.core.refusal import Refusal
from tests.factories import (
    BOX,
    CERTIFY,
    LAN,
    LAND,
    MINH,
    ONE,
    THREE,
    TWO,
    Hall,
    a_counter,
    a_hall_rules,
    changed,
    clock,
    code_of,
)

NEXT = CallNext(by=BOX, counter=ONE, ask=AskId("A"))


def a_hall_with(waiting: int, **fields: object) -> Hall:
    """Three open counters and so many citizens, from 1001 on."""
    hall = Hall(changed(a_hall_rules(), **fields), opened=[1, 2, 3])
    for _ in range(waiting):
        hall.take()
    return hall


def test_next_calls_whoever_waits_longest_and_says_why() -> None:
    """Every call can be asked about, for ever."""
    hall = a_hall_with(2)
    (called,) = hall.events(NEXT)
    reason = Reason(code="longest-wait", services=(CERTIFY, LAND))
    assert called == TicketCalled(ticket=TicketId("T1"), counter=ONE, reason=reason, by=BOX)
    assert hall.ticket(1001).called_at == hall.at


def test_a_visit_goes_from_waiting_to_finished() -> None:
    """The whole way of one citizen, with each instant kept."""
    hall = a_hall_with(1)
    hall.later(minutes=1)
    hall.next()
    hall.later(minutes=1)
    hall.start()
    hall.later(minutes=1)
    finished, offered = hall.finish(items=(Item(procedure="p", outcome="received"),))  # type: ignore[misc]
    assert isinstance(finished, TicketFinished)
    assert isinstance(offered, RatingOffered)
    ticket = hall.ticket(1001)
    assert (ticket.called_at, ticket.started_at, ticket.ended_at) == (clock("8:01"), clock("8:02"), clock("8:03"))
    assert (ticket.state, hall.at_counter()) == (State.FINISHED, None)


def test_next_ends_what_the_counter_holds_even_when_nobody_waits() -> None:
    """The desk is free then, and says so."""
    hall = a_hall_with(1)
    assert hall.called(2) == [1001, None]
    assert hall.ticket(1001).state is State.FINISHED
    assert hall.events(NEXT) == ()


@pytest.mark.parametrize(("seconds", "started", "doubtful"), [(19.999, False, 1), (20, False, 0), (1, True, 0)])
def test_a_call_ended_by_next_too_soon_is_doubtful_and_asks_for_no_rating(
    seconds: float, started: bool, doubtful: int
) -> None:
    """A clerk who clicks through absent numbers must not look like the fastest of the hall."""
    hall = a_hall_with(1)
    hall.next()
    if started:
        hall.start()
    hall.later(seconds=seconds)
    finished, *rest = hall.events(NEXT)
    assert isinstance(finished, TicketFinished)
    assert (finished.doubtful, finished.ended_by, finished.items) == (doubtful, "next", ())
    assert len(rest) == (0 if doubtful else 1)


def test_a_recall_repeats_the_call_and_moves_no_time() -> None:
    """The wait ended at the first announcement."""
    hall = a_hall_with(1)
    hall.next()
    hall.later(seconds=30)
    hall.events(Recall(by=BOX, counter=ONE))
    ticket = hall.ticket(1001)
    assert (ticket.recalls, ticket.called_at) == (1, clock("8:00"))
    assert [call.repeat for call in hall.board.calls] == [False, True]
    hall.start()
    assert code_of(hall.decide(Recall(by=BOX, counter=ONE))) == "not-called"


def test_start_said_twice_starts_once() -> None:
    """A double tap is one tap."""
    hall = a_hall_with(1)
    hall.next()
    assert hall.start() == (ServiceStarted(ticket=TicketId("T1"), counter=ONE, by=BOX),)
    assert hall.start() == ()


def test_an_absent_visitor_who_comes_back_is_placed_after_the_next_two_calls() -> None:
    """A trip to the toilet costs two calls, and not the morning."""
    hall = a_hall_with(5)
    hall.next(), hall.absent()
    assert hall.ticket(1001).state is State.ABSENT
    hall.back(1001)
    assert hall.called(5) == [1002, 1003, 1001, 1004, 1005]
    assert [call.reason.code for call in hall.board.calls][3] == "returned"


def test_an_absent_visitor_who_comes_back_to_an_empty_line_is_called_at_once() -> None:
    """Two calls that never come are no reason to wait."""
    hall = a_hall_with(2)
    hall.next(), hall.absent(), hall.back(1001)
    assert hall.called(2) == [1002, 1001]


def test_a_new_call_after_absence_is_a_new_announcement() -> None:
    """`called_at` is that of the call that led to service."""
    hall = a_hall_with(1)
    hall.next(), hall.absent(), hall.back(1001)
    hall.later(minutes=3)
    hall.next()
    assert hall.ticket(1001).called_at == clock("8:03")


def test_who_comes_back_too_late_needs_a_new_ticket() -> None:
    """Half an hour, to the minute, by any door."""
    hall = a_hall_with(1)
    hall.next(), hall.absent()
    hall.later(minutes=30)
    assert (
        code_of(
            decide(hall.board, CallNumber(by=BOX, counter=ONE, number=1001, why="came-back", ask=AskId("A")), hall.at)
        )
        == ""
    )
    hall.later(milliseconds=1)
    assert hall.back(1001) == Refusal("return-too-late", {"number": 1001, "limit_minutes": 30})
    assert code_of(hall.call(1001)) == "return-too-late"


def test_somebody_being_served_cannot_be_absent() -> None:
    """Absence is never inferred and never a lie."""
    hall = a_hall_with(1)
    hall.next(), hall.start()
    assert hall.absent() == Refusal("not-called", {"number": 1001, "state": "serving"})


def test_a_held_visitor_waits_for_this_desk_alone() -> None:
    """The clerk who has the papers calls the citizen again."""
    hall = a_hall_with(3)
    hall.next(), hall.start(), hall.hold()
    assert hall.next() == 1002
    assert code_of(hall.call(1001, counter=2)) == "wrong-counter"
    hall.back(1001)
    assert hall.next(2) == 1003
    assert hall.next(1) == 1001
    assert hall.board.calls[-1].reason.code == "directed"


def test_a_visitor_sent_away_comes_back_to_the_old_place_at_any_desk() -> None:
    """“Quay lại không xếp hàng”: a mended form must not cost another morning."""
    hall = a_hall_with(3)
    hall.next(), hall.away()
    assert hall.ticket(1001).state is State.AWAY
    assert hall.next() == 1002
    hall.back(1001, counter=3)
    assert hall.next(2) == 1001


def test_only_who_is_held_away_or_absent_comes_back() -> None:
    """The others are here."""
    hall = a_hall_with(2)
    assert code_of(hall.back(1001)) == "not-held-away-or-absent"
    assert code_of(hall.back(999)) == "unknown-number"
    assert code_of(hall.back(1001, counter=9)) == "unknown-counter"
    hall.next(), hall.finish()
    assert code_of(hall.back(1001)) == "ticket-ended"


def test_a_number_out_of_order_is_called_with_its_reason() -> None:
    """It is allowed, and it is counted against the one who does it."""
    hall = a_hall_with(3)
    hall.next()
    hall.later(minutes=1)
    finished, _, called = hall.call(1003, why="urgent")  # type: ignore[misc]
    assert isinstance(finished, TicketFinished)
    assert isinstance(called, TicketCalled)
    assert called.reason == Reason(code="by-number", why="urgent")
    assert hall.call(1003) == ()


def test_what_cannot_be_called_is_named() -> None:
    """A wrong number on the keypad tells the clerk what is wrong with it."""
    rules = a_hall_rules(counters=(a_counter(1), a_counter(2, (LAND,))))
    hall = Hall(rules, opened=[1, 2])
    hall.take(), hall.take(), hall.next()
    assert code_of(hall.call(7777)) == "unknown-number"
    assert code_of(hall.call(1002, counter=2)) == "service-not-here"
    hall.take(LAND)
    assert code_of(hall.call(1001, counter=2)) == "service-not-here"
    hall.next(2)
    assert hall.call(2001) == Refusal("at-counter", {"number": 2001, "counter": 2})
    hall.finish(2)
    assert code_of(hall.call(2001)) == "ticket-ended"
    assert code_of(hall.call(1002, counter=9)) == "unknown-counter"


def test_a_transferred_visitor_keeps_number_and_place() -> None:
    """One visit is one number, however many desks it needs."""
    hall = a_hall_with(1)
    hall.take(LAND), hall.take(LAND)
    hall.next()
    hall.later(minutes=9)
    hall.transfer(service=LAND)
    assert hall.ticket(1001).service == LAND
    assert hall.called(3) == [1001, 2001, 2002]


def test_a_transfer_without_the_place_waits_behind_everybody() -> None:
    """Where the hall says so."""
    hall = a_hall_with(1)
    hall.take(LAND)
    hall.next()
    hall.later(minutes=9)
    hall.transfer(service=LAND, keep_place=False)
    assert hall.called(2) == [2001, 1001]


def test_a_visitor_sent_to_one_counter_is_called_by_that_counter_alone() -> None:
    """The colleague who knows is the one who calls."""
    hall = a_hall_with(3)
    hall.next(), hall.transfer(to_counter=TWO)
    assert hall.next(3) == 1002
    assert hall.next(2) == 1001
    assert hall.next(2) == 1003


def test_a_lent_visitor_goes_back_to_the_desk_that_asked() -> None:
    """Sign here, then come back: the first desk finishes the visit, in its own service."""
    hall = a_hall_with(2)
    hall.next(), hall.transfer(to_counter=TWO, service=LAND, then_return=True)
    assert hall.next(2) == 1001
    (back,) = hall.finish(2)  # type: ignore[misc]
    assert back == TicketTransferred(
        ticket=TicketId("T1"), from_counter=TWO, service=CERTIFY, counter=ONE, reason="return", by=BOX
    )
    assert hall.next(1) == 1001
    assert isinstance(hall.events(NEXT)[0], TicketFinished)


def test_a_lent_visitor_whose_desk_has_closed_waits_for_its_service() -> None:
    """Nobody waits for a locked counter."""
    hall = a_hall_with(1)
    hall.next(), hall.transfer(to_counter=TWO, then_return=True), hall.next(2), hall.close(1)
    hall.next(2)
    assert hall.ticket(1001).state in {State.WAITING, State.CALLED}
    assert hall.ticket(1001).counter in {None, TWO}
    hall.finish(2)
    assert hall.ticket(1001).state is State.FINISHED


def test_a_transfer_that_goes_nowhere_is_refused() -> None:
    """Every no has its name."""
    hall = a_hall_with(1)
    hall.close(3)
    assert code_of(hall.transfer(service=LAND)) == "counter-empty"
    hall.next()
    assert code_of(hall.transfer()) == "unknown-service"
    assert code_of(hall.transfer(service="no")) == "unknown-service"
    assert code_of(hall.transfer(to_counter=ONE)) == "same-counter"
    assert code_of(hall.transfer(to_counter=THREE)) == "counter-closed"
    assert code_of(hall.transfer(to_counter=9)) == "unknown-counter"


def test_the_lone_transfer_key_sends_to_the_halls_own_target() -> None:
    """A keypad has one key for it."""
    hall = a_hall_with(1, default_transfer=LAND)
    hall.next()
    hall.events(TransferTicket(by=BOX, counter=ONE, reason="next-step"))
    assert hall.ticket(1001).service == LAND


def test_a_bouncing_key_shows_the_call_and_calls_nobody() -> None:
    """One finger, one citizen; a second press after the guard is meant."""
    hall = a_hall_with(3)
    device = replace(NEXT, channel="device")
    hall.events(device)
    hall.later(seconds=1.499)
    assert hall.events(device) == ()
    hall.later(milliseconds=1)
    assert isinstance(hall.events(device)[-1], TicketCalled)


def test_the_guard_is_the_devices_own() -> None:
    """A page's click is never swallowed, nor does it make a device wait."""
    hall = a_hall_with(3)
    device = replace(NEXT, channel="device")
    hall.events(NEXT)
    assert hall.events(device) != ()
    assert hall.events(NEXT) != ()
    hall.absent()
    hall.take()
    assert isinstance(hall.events(device)[-1], TicketCalled)


def test_a_keypad_opens_its_closed_counter_within_desk_hours() -> None:
    """A clerk without a computer begins the day by pressing next."""
    hall = Hall(at=clock("7:29"))
    hall.take()
    device = replace(NEXT, channel="device")
    assert code_of(hall.decide(device)) == "outside-desk-hours"
    assert code_of(hall.decide(NEXT)) == "counter-closed"
    hall.until("7:30")
    opened, called = hall.events(device)
    assert opened == CounterOpened(counter=ONE, channel="device", by=BOX)
    assert isinstance(called, TicketCalled)
    assert hall.events(device) == ()


def test_a_keypad_does_not_open_a_counter_that_serves_nothing() -> None:
    """It would sit there open and never call anybody."""
    hall = Hall(a_hall_rules(counters=(a_counter(1, ()),)))
    assert code_of(hall.decide(replace(NEXT, channel="device"))) == "counter-serves-nothing"


@pytest.mark.parametrize("command", ["start", "finish", "absent", "hold", "away"])
def test_an_empty_a_closed_and_an_unknown_counter_say_so(command: str) -> None:
    """Each key of the desk."""
    hall = Hall(opened=[1])
    press = getattr(hall, command)
    assert press(1) == Refusal("counter-empty", {"counter": 1})
    assert press(2) == Refusal("counter-closed", {"counter": 2})
    assert press(9) == Refusal("unknown-counter", {"counter": 9})
    assert code_of(hall.decide(Recall(by=BOX, counter=TWO))) == "counter-closed"


def test_a_paused_counter_calls_nobody_but_finishes_its_visit() -> None:
    """A break begins after the citizen has gone."""
    hall = a_hall_with(2)
    hall.next()
    hall.pause()
    assert code_of(hall.decide(NEXT)) == "counter-paused"
    assert code_of(hall.call(1002)) == "counter-paused"
    assert code_of(hall.finish()) == ""


def test_only_the_clerk_of_a_counter_presses_its_keys() -> None:
    """A colleague's page left open must not call; a manager may, in the clerk's name."""
    hall = a_hall_with(1)
    hall.open(1, clerk=LAN, by=LAN, take_over=True)
    assert code_of(hall.decide(replace(NEXT, by=MINH))) == "counter-taken"
    assert code_of(hall.decide(replace(NEXT, by=MINH, on_behalf=True))) == ""
    assert code_of(hall.decide(replace(NEXT, by=LAN))) == ""


def test_a_returned_ticket_event_is_directed_for_the_held() -> None:
    """Only the desk that holds the papers may call."""
    hall = a_hall_with(1)
    hall.next(), hall.hold()
    assert hall.back(1001) == (TicketReturned(ticket=TicketId("T1"), counter=ONE, by=BOX),)

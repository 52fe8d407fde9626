"""Days: how they end and begin, what crosses midnight, clocks that were wrong, and rules that change at noon."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from queue_server.core.board import FINAL, Board, State
from queue_server.core.commands import (
    CatchUp,
    ConfigureHall,
    ConfirmClock,
    MoveTicket,
    PauseService,
    PromiseTomorrow,
    ResumeService,
    SealDay,
    TakeTicket,
    Tick,
)
from queue_server.core.decide import decide
from queue_server.core.events import (
    ClockConfirmed,
    CounterClosed,
    DayOpened,
    DaySealed,
    HallConfigured,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
)
from queue_server.core.ids import HALL_ITSELF, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import NumberRange
from tests.core.invariants import check_board
from tests.factories import (
    CERTIFY,
    KIOSK,
    LAN,
    LAND,
    MONDAY,
    ONE,
    THREE,
    Hall,
    a_calendar,
    a_counter,
    a_hall_rules,
    a_service,
    changed,
    clock,
    code_of,
)

TICK = Tick(by=HALL_ITSELF)
TUESDAY = MONDAY + timedelta(days=1)


def a_hall_in_every_state() -> Hall:
    """1001 finished, 1002 serving, 1003 called, 1004 held, 1005 away, 1006 absent, 1007 cancelled, 1008 waiting."""
    hall = Hall(opened=[1, 2, 3])
    for _ in range(8):
        hall.take()
    hall.next(3), hall.finish(3)
    hall.next(1), hall.start(1)
    hall.next(2)
    for leave in (hall.hold, hall.away, hall.absent):
        hall.next(3), leave(3)
    hall.cancel(hall.ticket(1007).id)
    return hall


def test_every_ticket_ends_exactly_once_when_the_day_does() -> None:
    """The day's figures add up: tickets = served + absent + cancelled + expired."""
    hall = a_hall_in_every_state()
    absent_before = hall.ticket(1006)
    hall.at = clock("0:00", TUESDAY)
    events = hall.events(TICK)
    ends = {event.ticket: event for event in events if isinstance(event, TicketExpired | TicketFinished)}
    numbers = {hall_ticket: type(event) for hall_ticket, event in ends.items()}
    assert absent_before.id not in numbers
    assert sorted(kind.__name__ for kind in numbers.values()) == ["TicketExpired"] * 4 + ["TicketFinished"]
    (serving,) = [event for event in ends.values() if isinstance(event, TicketFinished)]
    assert (serving.ended_by, serving.inaccurate, serving.items) == ("day-end", 1, ())
    (sealed,) = [event for event in events if isinstance(event, DaySealed)]
    assert (sealed.day, sealed.tickets, sealed.served) == (MONDAY, 8, 2)
    assert [type(event) for event in events[-2:]] == [DayOpened, HallConfigured]
    assert sum(isinstance(event, CounterClosed) for event in events) == 3
    assert (hall.board.day, len(hall.board.tickets)) == (TUESDAY, 0)


def test_a_day_sealed_by_hand_refuses_everything_until_midnight() -> None:
    """The closing report is printed; nothing may change it."""
    hall = a_hall_in_every_state()
    hall.events(SealDay(by=LAN))
    assert all(ticket.state in FINAL for ticket in hall.board.tickets.values())
    assert hall.events(SealDay(by=LAN)) == ()
    take = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=CERTIFY, origin="kiosk")
    sealed = hall.decide(take)
    assert sealed == Refusal("day-sealed", {"day": "2026-11-23", "opens_at": "2026-11-23T13:00:00+07:00"})
    assert code_of(hall.open(1)) == "day-sealed"
    assert code_of(hall.back(1006)) == "day-sealed"
    assert hall.events(TICK) == ()
    hall.at = clock("0:00", TUESDAY)
    assert [type(event) for event in hall.events(TICK)] == [DayOpened, HallConfigured]


def test_before_the_hall_has_rules_everything_but_rules_is_refused() -> None:
    """A hall that starts says so."""
    at = clock("8:00")
    take = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=CERTIFY, origin="kiosk")
    assert code_of(decide(Board(), take, at)) == "starting"
    assert code_of(decide(Board(), SealDay(by=LAN), at)) == "starting"
    assert decide(Board(), TICK, at) == ()
    assert decide(Board(), ConfirmClock(by=LAN), at) == ()
    opened = decide(Board(), ConfigureHall(by=LAN, rules=a_hall_rules()), at)
    assert [type(event) for event in opened] == [DayOpened, HallConfigured]  # type: ignore[union-attr]


def test_catch_up_marks_those_whom_the_clerks_served_by_hand() -> None:
    """After a dead server the line is true again; their times are unknown."""
    hall = Hall(opened=[1])
    for _ in range(4):
        hall.take()
    hall.next()
    command = CatchUp(by=LAN, service=CERTIFY, through=1003, reason="served-by-hand")
    assert hall.events(command) == tuple(
        TicketCaughtUp(ticket=TicketId(one), by=LAN, reason="served-by-hand") for one in ("T2", "T3")
    )
    assert hall.ticket(1002).state is State.FINISHED
    assert hall.ticket(1002).called_at is None
    assert hall.next() == 1004
    assert code_of(hall.decide(replace(command, service="no"))) == "unknown-service"


@pytest.mark.parametrize("through", [1, 1000, 999_999])
def test_catch_up_through_a_number_of_no_ticket_here_is_refused(through: int) -> None:
    """One digit too many must not empty the line of people who still sit there."""
    hall = Hall(opened=[1])
    hall.take()
    hall.take(LAND)
    assert code_of(hall.decide(CatchUp(by=LAN, service=CERTIFY, through=through, reason="x"))) == "number-elsewhere"
    moved = hall.ticket(hall.take(LAND))
    hall.events(MoveTicket(by=LAN, ticket=moved.id, service=CERTIFY, keep_place=True, reason="mistake"))
    assert hall.events(CatchUp(by=LAN, service=CERTIFY, through=moved.number, reason="x"))


def test_catch_up_follows_the_order_of_ranges_and_not_of_figures() -> None:
    """After 99 comes 5 where the hall says so; whoever holds 5 has not been served yet."""
    service = a_service(ranges=(NumberRange(98, 99), NumberRange(5, 6)))
    hall = Hall(a_hall_rules(services=(service,), counters=(a_counter(1, (CERTIFY,)),)), opened=[1])
    for _ in range(4):
        hall.take()
    caught = hall.events(CatchUp(by=LAN, service=CERTIFY, through=99, reason="served-by-hand"))
    assert len(caught) == 2
    assert hall.called(2) == [5, 6]


def test_a_paused_service_gives_no_numbers_but_is_still_called() -> None:
    """Whoever has a ticket is served."""
    hall = Hall(opened=[1])
    hall.take()
    pause = PauseService(by=LAN, service=CERTIFY, reason="load")
    resume = ResumeService(by=LAN, service=CERTIFY, reason="load")
    hall.events(pause)
    assert hall.events(pause) == ()
    take = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=CERTIFY, origin="kiosk")
    assert code_of(hall.decide(take)) == "service-paused"
    assert hall.next() == 1001
    hall.events(resume)
    assert hall.events(resume) == ()
    assert hall.take() == 1002
    assert code_of(hall.decide(replace(pause, service="no"))) == "unknown-service"
    assert code_of(hall.decide(replace(resume, service="no"))) == "unknown-service"


# The clock


def test_a_clock_confirmed_on_an_earlier_date_gives_no_number_of_that_date_again() -> None:
    """Two people with one number on one day would both be right."""
    hall = Hall(a_hall_rules(services=(a_service(CERTIFY, 1, 10, lease_reserve=2),)), opened=[])
    hall.take(), hall.take()
    hall.at = clock("8:00", TUESDAY)
    hall.tick()
    hall.take()
    hall.at = clock("9:00")
    confirmed, *rest = hall.events(ConfirmClock(by=LAN, given={CERTIFY: 2}, leased={CERTIFY: 1}))
    assert confirmed == ClockConfirmed(by=LAN, journal_at=clock("8:00", TUESDAY))
    assert any(isinstance(event, DaySealed) for event in rest)
    assert hall.board.day == MONDAY
    assert hall.take() == 3
    check_board(hall.board)


def test_a_clock_confirmed_on_the_same_or_a_later_date_goes_on() -> None:
    """Nothing is lost by asking a person."""
    hall = Hall()
    hall.take()
    hall.later(hours=-1)
    assert len(hall.events(ConfirmClock(by=LAN))) == 1
    assert hall.ticket(1001).state is State.WAITING
    hall.at = clock("8:00", TUESDAY)
    assert len(hall.events(ConfirmClock(by=LAN))) == 1


def test_a_day_that_a_wrong_clock_opened_early_gives_no_number_twice_when_it_comes() -> None:
    """The clock ran a day ahead, tickets of Tuesday were given, and then Tuesday came."""
    hall = Hall(at=clock("8:00", TUESDAY))
    hall.take()
    hall.at = clock("8:00")
    hall.events(ConfirmClock(by=LAN))
    hall.at = clock("8:30", TUESDAY)
    assert hall.take() == 1002


def test_why_somebody_ended_the_day_or_caught_up_stands_in_the_journal() -> None:
    """A manager marks twenty people as served, or sends everybody home: an auditor asks why years later."""
    hall = Hall()
    hall.take()
    hall.take()
    said = {"reason": "0" * 64}
    caught = hall.events(CatchUp(by=LAN, service=CERTIFY, through=1002, reason="other", commitments=said))
    assert [(one.reason, one.commitments) for one in caught if isinstance(one, TicketCaughtUp)] == [
        ("other", said),
        ("other", {}),
    ]
    sealed = hall.events(SealDay(by=LAN, reason="technical", commitments=said))[-1]
    assert isinstance(sealed, DaySealed)
    assert (sealed.reason, sealed.commitments) == ("technical", said)


# Rules that change in the middle of a day


def test_the_same_rules_again_are_no_event() -> None:
    """Saving the file without a change must not fill the journal."""
    hall = Hall()
    assert hall.configure(a_hall_rules()) == ()
    assert len(hall.configure(changed(a_hall_rules(), min_service_s=5))) == 1


def test_new_ranges_never_give_a_number_twice() -> None:
    """Whatever the new ranges are, today's numbers are taken."""
    hall = Hall(a_hall_rules(services=(a_service(CERTIFY, 1, 9, lease_reserve=2), a_service(LAND, 11, 19))))
    taken = [hall.take(), hall.take(), hall.take(LAND)]
    hall.configure(a_hall_rules(services=(a_service(CERTIFY, 10, 13), a_service(LAND, 1, 4))))
    taken += [hall.take(), hall.take(), hall.take(), hall.take(LAND), hall.take(LAND)]
    assert len(set(taken)) == len(taken)
    check_board(hall.board)


def test_a_service_that_the_rules_leave_out_is_served_to_the_end() -> None:
    """Those who hold its tickets are people."""
    hall = Hall(opened=[1])
    hall.take(LAND)
    rules = a_hall_rules(services=(a_service(CERTIFY),), counters=tuple(a_counter(one, (CERTIFY,)) for one in (1, 2)))
    hall.configure(rules)
    take = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=LAND, origin="kiosk")
    assert code_of(hall.decide(take)) == "service-paused"
    assert code_of(hall.decide(ResumeService(by=LAN, service=LAND, reason="load"))) == "unknown-service"
    hall.serve(1, LAND)
    assert hall.next() == 2001


def test_a_service_that_comes_back_gives_tickets_again() -> None:
    """A mistake in the file, mended a minute later, must not leave the service closed for the day."""
    hall = Hall()
    hall.take(LAND)
    without = a_hall_rules(services=(a_service(CERTIFY),), counters=(a_counter(1, (CERTIFY,)),))
    hall.configure(without), hall.configure(a_hall_rules())
    assert hall.take(LAND) == 2002


def test_a_promise_waits_for_its_service_to_come_back() -> None:
    """A first place is not lost to a mistake in the file, nor its number to somebody else."""
    rules = changed(a_hall_rules(), first_tomorrow=1)
    without = replace(rules, services=(a_service(LAND, 1001, 1099),), counters=(a_counter(1, (LAND,)),))
    hall = Hall(rules)
    hall.take()
    hall.events(PromiseTomorrow(by=LAN, ticket=TicketId("T1"), tomorrow=TicketId("T9")))
    hall.configure(without)
    hall.at = clock("7:00", TUESDAY)
    assert hall.take(LAND) == 1002
    hall.configure(rules)
    assert hall.ticket(1001).id == "T9"
    assert hall.take() == 1003


def test_a_counter_that_the_rules_leave_out_while_busy_finishes_its_visit() -> None:
    """And keeps whoever it holds or was sent."""
    hall = Hall(opened=[1, 3])
    hall.take(), hall.take(), hall.next(3), hall.hold(3), hall.next(3)
    hall.configure(a_hall_rules(counters=(a_counter(1),)))
    assert hall.board.counters.keys() == {ONE, THREE}
    check_board(hall.board)
    hall.finish(3), hall.close(3)
    assert hall.next(1) == 1001
    hall.configure(a_hall_rules(counters=(a_counter(1, label="1A"),)))
    assert hall.board.counters.keys() == {ONE}


def test_what_a_manager_set_for_today_outlives_other_changes() -> None:
    """Until the file itself says something new about this counter."""
    hall = Hall()
    hall.serve(1, LAND)
    hall.configure(changed(a_hall_rules(), min_service_s=5))
    assert hall.board.counters[ONE].services == (LAND,)
    hall.configure(a_hall_rules(counters=(a_counter(1, (CERTIFY,)),)))
    assert hall.board.counters[ONE].services == (CERTIFY,)


def test_new_hours_hold_from_now_on() -> None:
    """A storm closes the hall at noon."""
    hall = Hall()
    hall.configure(a_hall_rules(calendar=a_calendar(sessions=())))
    take = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=CERTIFY, origin="kiosk")
    assert hall.decide(take) == Refusal("hall-closed", {})
    assert hall.board.sessions == ()

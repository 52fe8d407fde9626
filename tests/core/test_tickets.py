"""Taking, moving, cancelling and printing tickets: every yes and every no."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from queue_server.core.board import BULK, ORDINARY, State
from queue_server.core.commands import CancelTicket, MoveTicket, PromiseTomorrow, RecordSlip, SetPriority, TakeTicket
from queue_server.core.decide import refusal_in
from queue_server.core.events import SlipPrinted, TicketIssued, TicketRefused
from queue_server.core.ids import TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import Holiday, Name, NumberRange
from tests.factories import (
    CARER,
    CERTIFY,
    ELDERLY,
    GUIDE,
    KIOSK,
    LAN,
    LAND,
    MONDAY,
    Hall,
    a_calendar,
    a_counter,
    a_group,
    a_hall_rules,
    a_service,
    changed,
    clock,
    code_of,
)

TAKE = TakeTicket(by=KIOSK, ticket=TicketId("X"), service=CERTIFY, origin="kiosk")


def why_none(hall: Hall, command: TakeTicket = TAKE) -> str:
    """Why there is no number, as the citizen is told and as the journal says."""
    decision = hall.decide(command)
    assert not isinstance(decision, Refusal), f"refused without an event: {decision}"
    assert isinstance(decision[0], TicketRefused)
    refusal = refusal_in(hall.board, decision, hall.at)
    assert refusal is not None
    assert refusal.code == decision[0].why
    return refusal.code


def test_numbers_are_given_in_order_without_gaps() -> None:
    """People compare their slips."""
    hall = Hall()
    assert [hall.take() for _ in range(3)] == [1001, 1002, 1003]
    assert hall.take(LAND) == 2001


def test_the_next_range_follows_when_the_first_is_spent() -> None:
    """A full range must not stop the hall, and its numbers may be smaller than those before."""
    hall = Hall(a_hall_rules(services=(a_service(ranges=(NumberRange(98, 99), NumberRange(5, 6))),)))
    assert [hall.take() for _ in range(4)] == [98, 99, 5, 6]
    assert why_none(hall) == "no-numbers"


def test_the_tail_is_kept_for_kiosks() -> None:
    """Desk numbers end where the leased tail begins."""
    hall = Hall(a_hall_rules(services=(a_service(CERTIFY, 1, 5, lease_reserve=3),)))
    assert [hall.take() for _ in range(2)] == [1, 2]
    assert why_none(hall) == "no-numbers"


def test_nobody_takes_a_number_outside_ticket_hours() -> None:
    """The refusal says when to come back."""
    hall = Hall(at=clock("12:00"))
    assert hall.decide(TAKE) == Refusal("hall-closed", {"opens_at": "2026-11-23T13:00:00+07:00"})
    hall.until("16:30")
    assert hall.decide(TAKE) == Refusal("hall-closed", {"opens_at": "2026-11-24T07:00:00+07:00"})


def test_a_holiday_gives_no_tickets() -> None:
    """Nor does its refusal name the holiday as the next opening."""
    days = (Holiday(day=MONDAY, name="Tết"), Holiday(day=MONDAY + timedelta(days=1), name="Tết"))
    hall = Hall(a_hall_rules(calendar=a_calendar(holidays=days)))
    assert hall.decide(TAKE) == Refusal("hall-closed", {"opens_at": "2026-11-25T07:00:00+07:00"})


def test_an_unknown_service_is_named() -> None:
    """A kiosk with old rules finds out."""
    assert Hall().decide(replace(TAKE, service="nothing")) == Refusal("unknown-service", {"service": "nothing"})


def test_the_daily_limit_counts_every_number_given() -> None:
    """“Hết số” is said at once, with where else to go, and it is counted."""
    service = a_service(CERTIFY, daily_limit=2, elsewhere=Name(vi="Phường bên"))
    hall = Hall(a_hall_rules(services=(service,), counters=(a_counter(1, (CERTIFY,)),)))
    hall.take()
    hall.do(CancelTicket(by=KIOSK, ticket=TicketId("T1"), channel="kiosk", reason="undo"))
    hall.take()
    refusal = refusal_in(hall.board, hall.events(TAKE), hall.at)
    assert refusal is not None
    assert refusal.code == "daily-limit"
    assert refusal.detail["elsewhere"] == "Phường bên"
    assert hall.board.services[CERTIFY].refused == 1


def test_the_session_limit_begins_anew_in_the_afternoon() -> None:
    """Half of the day's numbers are for those who come after lunch."""
    hall = Hall(a_hall_rules(services=(a_service(CERTIFY, session_limit=1),)))
    hall.take()
    assert why_none(hall) == "session-limit"
    hall.until("13:00")
    hall.take()
    assert why_none(hall) == "session-limit"


@pytest.mark.parametrize(("fields", "code"), [({"person_daily_limit": 2}, "person-limit"), ({}, "")])
def test_a_person_holds_only_so_many_tickets_a_day(fields: dict[str, int], code: str) -> None:
    """Touts would take the morning's numbers otherwise; halls without the limit ask nobody."""
    hall = Hall(changed(a_hall_rules(), **fields))
    person = replace(TAKE, has_person=1, person_services=(LAND, LAND))
    assert code_of(hall.decide(person)) == code
    assert code_of(hall.decide(replace(person, has_person=0))) == ""


def test_a_person_holds_only_so_many_tickets_of_one_service() -> None:
    """One per field, as the iHanoi rules have it."""
    hall = Hall(changed(a_hall_rules(), person_service_limit=1))
    person = replace(TAKE, has_person=1, person_services=(CERTIFY,))
    assert code_of(hall.decide(person)) == "person-service-limit"
    assert code_of(hall.decide(replace(person, service=LAND))) == ""


def test_the_forecast_warns_or_stops_as_the_hall_has_chosen() -> None:
    """Nobody waits all day for a call that comes after closing, without having been told."""
    late = replace(TAKE, forecast_s=10 * 3600)
    (warned,) = Hall().events(late)
    assert isinstance(warned, TicketIssued)
    assert warned.warned == 1
    (in_time,) = Hall().events(replace(TAKE, forecast_s=9 * 3600))
    assert isinstance(in_time, TicketIssued)
    assert in_time.warned == 0
    assert why_none(Hall(changed(a_hall_rules(), stop_by_forecast=1)), late) == "would-pass-closing"


@pytest.mark.parametrize(
    ("early_by", "place"),
    [(timedelta(minutes=20), "8:20"), (timedelta(0), "8:00"), (-timedelta(minutes=10), "7:50")],
)
def test_a_booked_visitor_has_the_booked_place_early_or_within_grace(early_by: timedelta, place: str) -> None:
    """A booking is a place in the line, and so is an ordinary visitor's."""
    hall = Hall()
    hall.take(booked_at=hall.at + early_by, origin="booking")
    ticket = hall.ticket(1001)
    assert ticket.rank >> 24 == round(clock(place).timestamp() * 1000)
    assert ticket.waits_from == max(hall.at, clock(place))


def test_a_visitor_later_than_grace_waits_from_now() -> None:
    """The booking is not lost, only its place."""
    hall = Hall()
    hall.take(booked_at=hall.at - timedelta(minutes=10, milliseconds=1), origin="booking")
    assert hall.ticket(1001).rank >> 24 == round(hall.at.timestamp() * 1000)


def test_the_early_bird_waits_from_the_desks_opening() -> None:
    """The wait before opening stands apart in every report."""
    hall = Hall(at=clock("7:05"))
    hall.take()
    assert hall.ticket(1001).waits_from == clock("7:30")


@pytest.mark.parametrize(
    ("group", "items", "fields", "rank_class"),
    [
        (None, 1, {}, ORDINARY),
        (ELDERLY, 1, {}, 2),
        (CARER, 4, {}, 1),
        (CARER, 5, {}, BULK),
        (None, 99, {}, BULK),
        (None, 99, {"bulk_from": 0}, ORDINARY),
        (ELDERLY, 1, {"priority": "none"}, ORDINARY),
        (ELDERLY, 1, {"priority_counts": "confirmed"}, ORDINARY),
    ],
)
def test_claim_and_items_choose_the_class(
    group: str | None, items: int, fields: dict[str, object], rank_class: int
) -> None:
    """The claim itself is always kept, for the rate of confirmed claims."""
    hall = Hall(changed(a_hall_rules(), **fields))
    ticket = hall.ticket(hall.take(group=group, items=items))
    assert ticket.rank_class == rank_class
    assert ticket.claimed_rank == {None: 0, ELDERLY: 2, CARER: 1}[group]


def test_a_group_counts_while_its_row_is_in_force() -> None:
    """The table is dated: next year's law does not rule today, and last year's row may have another rank."""
    old = a_group(ELDERLY, rank=7, to_day=date(2025, 12, 31))
    rows = (old, a_group(ELDERLY, rank=3, from_day=date(2026, 1, 1)), a_group(CARER, from_day=date(2027, 1, 1)))
    hall = Hall(a_hall_rules(priority=rows))
    assert hall.ticket(hall.take(group=ELDERLY)).rank_class == 3
    assert code_of(hall.decide(replace(TAKE, group=CARER))) == "priority-not-in-force"
    unknown = hall.decide(replace(TAKE, group="vip"))
    assert unknown == Refusal("unknown-group", {"group": "vip", "known": "carer, elderly"})


def test_a_confirmed_claim_moves_into_its_class_at_its_own_place() -> None:
    """In a hall where only confirmed priority counts, the proof must not cost the place."""
    hall = Hall(changed(a_hall_rules(), priority_counts="confirmed", priority="strict"), opened=[1])
    hall.take(), hall.take(group=ELDERLY), hall.take(group=ELDERLY)
    hall.events(SetPriority(by=GUIDE, ticket=TicketId("T3"), group=ELDERLY, proof_seen=True))
    assert hall.called(3) == [1003, 1001, 1002]


def test_a_refused_claim_waits_at_its_ordinary_place() -> None:
    """Whoever claims wrongly is not punished."""
    hall = Hall(changed(a_hall_rules(), priority="strict"), opened=[1])
    hall.take(group=ELDERLY), hall.take(), hall.take(group=CARER)
    hall.events(SetPriority(by=GUIDE, ticket=TicketId("T2"), group=None, proof_seen=False))
    assert hall.called(3) == [1003, 1001, 1002]
    assert not hall.ticket(1001).is_confirmed


def test_a_bulk_ticket_stays_in_its_class_whatever_is_confirmed() -> None:
    """Twenty dossiers do not become one by showing an identity card."""
    hall = Hall()
    hall.take(items=9)
    hall.events(SetPriority(by=GUIDE, ticket=TicketId("T1"), group=CARER, proof_seen=True))
    assert (hall.ticket(1001).rank_class, hall.ticket(1001).is_confirmed) == (BULK, True)


def test_priority_is_decided_for_open_tickets_of_known_groups() -> None:
    """Every no has its name."""
    hall = Hall(opened=[1])
    hall.take()
    decide = SetPriority(by=GUIDE, ticket=TicketId("T1"), group="vip", proof_seen=True)
    assert code_of(hall.decide(decide)) == "unknown-group"
    assert code_of(hall.decide(replace(decide, ticket="no"))) == "unknown-ticket"
    hall.next(), hall.finish()
    assert code_of(hall.decide(replace(decide, group=ELDERLY))) == "ticket-ended"


def test_a_kiosk_cancels_within_a_minute_and_a_citizen_at_any_time() -> None:
    """The undo button is for the one who still stands there."""
    hall = Hall()
    hall.take()
    cancel = CancelTicket(by=KIOSK, ticket=TicketId("T1"), channel="kiosk", reason="undo")
    hall.later(seconds=60)
    assert code_of(hall.decide(cancel)) == ""
    hall.later(milliseconds=1)
    assert hall.decide(cancel) == Refusal("cancel-too-late", {"number": 1001, "limit_s": 60})
    hall.events(replace(cancel, channel="citizen"))
    assert hall.ticket(1001).state is State.CANCELLED
    assert code_of(hall.decide(cancel)) == "ticket-ended"
    assert code_of(hall.decide(replace(cancel, ticket="no"))) == "unknown-ticket"


def test_a_called_ticket_is_not_cancelled_under_the_clerks_hands() -> None:
    """The clerk ends what is at the desk."""
    hall = Hall(opened=[1])
    hall.take(), hall.next()
    cancel = CancelTicket(by=KIOSK, ticket=TicketId("T1"), channel="staff", reason="citizen-left")
    assert code_of(hall.decide(cancel)) == "not-waiting"


def test_a_moved_ticket_keeps_its_number_and_by_choice_its_place() -> None:
    """Whoever was sent to the wrong line has waited all the same."""
    hall = Hall(opened=[1])
    hall.take(), hall.take(), hall.take(LAND)
    hall.later(minutes=5)
    move = MoveTicket(by=LAN, ticket=TicketId("T1"), service=LAND, keep_place=True, reason="wrong-service")
    hall.events(move)
    hall.events(replace(move, ticket="T2", keep_place=False))
    assert hall.called(3) == [1001, 2001, 1002]
    assert code_of(hall.decide(move)) == "ticket-ended" or code_of(hall.decide(move)) == "not-waiting"
    assert code_of(hall.decide(replace(move, ticket="no"))) == "unknown-ticket"


def test_a_ticket_is_not_moved_to_a_service_that_is_not_there() -> None:
    """It would wait for nobody."""
    hall = Hall()
    hall.take()
    move = MoveTicket(by=LAN, ticket=TicketId("T1"), service=CERTIFY, keep_place=True, reason="guide")
    assert code_of(hall.decide(replace(move, service="no"))) == "unknown-service"


def test_a_slip_is_owed_until_it_is_printed_and_said_once() -> None:
    """After a power cut each citizen gets one slip: not none, and not two."""
    hall = Hall()
    hall.take(slip="owed")
    said = RecordSlip(by=KIOSK, ticket=TicketId("T1"), result="failed")
    hall.events(said)
    assert hall.board.slips_owed == (TicketId("T1"),)
    (printed,) = hall.events(replace(said, result="printed"))
    assert isinstance(printed, SlipPrinted)
    assert not hall.board.slips_owed
    assert hall.events(replace(said, result="printed")) == ()
    assert hall.events(replace(said, result="printed", copy=2)) != ()
    assert hall.ticket(1001).slips == 2
    assert code_of(hall.decide(replace(said, ticket="no"))) == "unknown-ticket"


PROMISE = PromiseTomorrow(by=LAN, ticket=TicketId("T2"), tomorrow=TicketId("T9"))


def promising(**fields: object) -> Hall:
    """A hall that promises, with two visitors who will not be served today."""
    hall = Hall(changed(a_hall_rules(), first_tomorrow=1, **fields))
    hall.take(), hall.take(group=ELDERLY)
    return hall


def test_who_was_promised_the_first_place_has_it_when_the_next_day_opens() -> None:
    """Nobody queues twice for one visit because the hall was full."""
    hall = promising(priority="none")
    hall.events(PROMISE)
    assert hall.ticket(1002).state is State.EXPIRED
    hall.at = clock("7:10", MONDAY + timedelta(days=1))
    assert hall.take() == 1002
    assert hall.ticket(1001).id == "T9"
    hall.until("7:30")
    hall.open(1)
    assert hall.called(2) == [1001, 1002]


def test_promises_are_off_unless_the_hall_makes_them() -> None:
    """And every other no."""
    hall = Hall()
    hall.take(), hall.take()
    assert code_of(hall.decide(PROMISE)) == "promise-off"
    hall = promising()
    assert code_of(hall.decide(replace(PROMISE, ticket="no"))) == "unknown-ticket"
    hall.events(PROMISE)
    assert code_of(hall.decide(PROMISE)) == "not-waiting"


def test_no_promise_without_a_day_or_a_number_to_give() -> None:
    """A promise that cannot be kept is not made."""
    rules = changed(a_hall_rules(), first_tomorrow=1)
    only_today = replace(rules, calendar=a_calendar(swapped=(), sessions=rules.calendar.sessions[:2]))
    holidays = tuple(Holiday(day=MONDAY + timedelta(days=7 * week), name="x") for week in range(1, 10))
    hall = Hall(replace(only_today, calendar=replace(only_today.calendar, holidays=holidays)))
    hall.take(), hall.take()
    assert code_of(hall.decide(PROMISE)) == "no-opening-ahead"
    hall = Hall(replace(rules, services=(a_service(CERTIFY, 1, 2, lease_reserve=0),)))
    hall.take(), hall.take()
    hall.events(PROMISE)
    hall.events(replace(PROMISE, ticket="T1", tomorrow="T8"))
    assert [one.number for one in hall.board.promises] == [1, 2]


def test_two_services_never_promise_the_same_number() -> None:
    """Ranges may change hands in mid-day; two people with one number would both be right."""
    rules = changed(a_hall_rules(services=(a_service(CERTIFY, 1, 9), a_service(LAND, 11, 19))), first_tomorrow=1)
    hall = Hall(rules)
    hall.take(), hall.take(LAND)
    hall.events(replace(PROMISE, ticket="T1", tomorrow="T8"))
    first, second = rules.services
    swapped = replace(rules, services=(replace(first, ranges=second.ranges), replace(second, ranges=first.ranges)))
    hall.configure(swapped)
    hall.events(replace(PROMISE, ticket="T2", tomorrow="T9"))
    assert [one.number for one in hall.board.promises] == [1, 2]

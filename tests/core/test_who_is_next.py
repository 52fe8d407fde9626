"""Who is next at a counter of several services, by each rule that a hall may choose."""

from queue_server.core.events import Reason
from tests.factories import CARER, CERTIFY, ELDERLY, LAND, Hall, a_counter, a_hall_rules, changed, clock


def test_services_are_called_by_wait_or_in_the_counters_order() -> None:
    """Both are fair; the hall chooses."""
    for order, expected in (("first-come", [1001, 2001, 1002]), ("service-order", [2001, 1001, 1002])):
        rules = changed(a_hall_rules(counters=(a_counter(1, (LAND, CERTIFY)),)), order=order)
        hall = Hall(rules, opened=[1])
        hall.take(), hall.take(LAND), hall.take()
        assert hall.called(3) == expected


def test_a_priority_turn_of_one_service_goes_before_the_ordinary_of_another() -> None:
    """The law does not end at a service's border."""
    hall = Hall(changed(a_hall_rules(), priority="strict"), opened=[1])
    hall.take(), hall.take(LAND, group=ELDERLY), hall.take(group=CARER)
    assert hall.called(3) == [1002, 2001, 1001]
    assert [call.reason.code for call in hall.board.calls] == ["priority-first", "priority-first", "longest-wait"]


def test_who_waited_over_lunch_goes_before_the_afternoon() -> None:
    """Even before the afternoon's priority visitors, unless the hall has chosen otherwise."""
    for carry_over, expected in ((1, [1001, 1002]), (0, [1002, 1001])):
        hall = Hall(changed(a_hall_rules(), priority="strict", carry_over=carry_over), opened=[1], at=clock("11:00"))
        hall.take()
        hall.until("13:00")
        hall.take(group=ELDERLY)
        assert hall.called(2) == expected


def test_a_wait_over_the_limit_goes_before_everything_else() -> None:
    """The oldest first, whatever its class or service."""
    hall = Hall(changed(a_hall_rules(), priority="strict", escalate_after_s=600), opened=[1])
    hall.take(items=9)
    hall.later(minutes=1)
    hall.take(LAND)
    hall.later(minutes=9)
    hall.take(group=ELDERLY)
    assert hall.called(3) == [1001, 1002, 2001]
    assert hall.board.calls[0].reason == Reason(code="escalated", services=(CERTIFY, LAND), ratio=600)


def test_bulk_tickets_share_the_desk_with_everybody() -> None:
    """One for every so many others, and the reason says so."""
    hall = Hall(changed(a_hall_rules(), others_per_bulk=2), opened=[1])
    for items in (9, 9, 1, 1, 1):
        hall.take(items=items)
    assert hall.called(5) == [1003, 1004, 1001, 1005, 1002]

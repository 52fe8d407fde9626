"""Numbers for kiosks that are cut off: granted, handed in, handed back, and dead at midnight."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from queue_server.core.board import BULK, ORDINARY
from queue_server.core.commands import GrantLease, HandedTicket, HandOver, SealDay
from queue_server.core.events import LeaseGranted, NumbersUnused, TicketHandedLate, TicketIssued
from queue_server.core.ids import LeaseId, TicketId
from queue_server.core.refusal import Refusal
from tests.factories import (
    CERTIFY,
    ELDERLY,
    KIOSK,
    LAN,
    LAND,
    MONDAY,
    Hall,
    a_calendar,
    a_counter,
    a_hall_rules,
    a_service,
    changed,
    clock,
    code_of,
)

TUESDAY = MONDAY + timedelta(days=1)
GRANT = GrantLease(
    by=KIOSK,
    lease=LeaseId("L1"),
    service=CERTIFY,
    day=MONDAY,
    tickets=tuple(TicketId(f"K{number}") for number in range(3)),
)


def a_hall_that_leases(**fields: object) -> Hall:
    """Ten numbers, five of them for kiosks."""
    service = a_service(CERTIFY, 1, 10, **{"lease_reserve": 5, **fields})
    counters = (a_counter(1, (CERTIFY,)),)
    return Hall(a_hall_rules(services=(service, a_service(LAND, 11, 20)), counters=counters), opened=[1])


def numbers_of(hall: Hall, command: GrantLease) -> list[int]:
    """The numbers that a grant leases."""
    (granted,) = hall.events(command)
    assert isinstance(granted, LeaseGranted)
    return [one.number for one in granted.numbers]


def handed(ticket: str, time: str, **fields: object) -> HandedTicket:
    """A ticket that the kiosk issued at this time."""
    return replace(HandedTicket(ticket=TicketId(ticket), issued_at=clock(time)), **fields)


def test_leases_come_from_the_tail_and_never_meet_each_other_or_the_desk() -> None:
    """A kiosk that is cut off prints numbers that nobody else can have."""
    hall = a_hall_that_leases()
    assert numbers_of(hall, GRANT) == [6, 7, 8]
    second = replace(GRANT, lease="L2", tickets=(TicketId("K8"), TicketId("K9"), TicketId("K10")))
    assert numbers_of(hall, second) == [9, 10]
    assert [hall.take() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert code_of(hall.decide(replace(GRANT, lease="L3"))) == "lease-empty"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"service": "no"}, "unknown-service"),
        ({"service": LAND}, "lease-empty"),
        ({"day": MONDAY - timedelta(days=1)}, "lease-day"),
        ({"day": MONDAY + timedelta(days=2)}, "lease-day"),
        ({"tickets": tuple(f"K{number}" for number in range(201))}, "lease-too-large"),
    ],
)
def test_a_lease_that_cannot_be_is_refused(fields: dict[str, object], code: str) -> None:
    """Every no has its name."""
    assert code_of(a_hall_that_leases().decide(replace(GRANT, **fields))) == code


def test_on_friday_a_kiosk_may_have_mondays_numbers() -> None:
    """A weekend without a link must not cost the morning after."""
    hall = a_hall_that_leases()
    hall.at = clock("8:00", MONDAY + timedelta(days=4))
    hall.tick()
    assert numbers_of(hall, replace(GRANT, day=MONDAY + timedelta(days=7))) == [6, 7, 8]
    hall.at = clock("7:00", MONDAY + timedelta(days=7))
    hall.tick()
    (issued,) = hall.events(HandOver(by=KIOSK, issued=(handed("K0", "6:59"),)))
    assert isinstance(issued, TicketIssued)
    assert issued.number == 6


def test_tomorrows_numbers_are_leased_apart_from_todays() -> None:
    """They begin anew at midnight, and no two kiosks share them."""
    hall = a_hall_that_leases()
    assert numbers_of(hall, GRANT) == [6, 7, 8]
    tomorrow = replace(GRANT, lease="L2", day=TUESDAY, tickets=(TicketId("M0"), TicketId("M1")))
    assert numbers_of(hall, tomorrow) == [6, 7]
    assert numbers_of(hall, replace(tomorrow, lease="L3", tickets=(TicketId("M2"),))) == [8]
    hall.at = clock("7:00", TUESDAY)
    hall.tick()
    assert numbers_of(hall, replace(GRANT, lease="L4", day=TUESDAY, tickets=(TicketId("M9"),))) == [9]
    hall.events(HandOver(by=KIOSK, issued=(HandedTicket(ticket=TicketId("M1"), issued_at=hall.at),)))
    assert hall.ticket(7).id == "M1"


def test_the_daily_limit_counts_leased_numbers_until_they_come_back() -> None:
    """Otherwise a cut-off kiosk would give more than the hall can serve, or block what it never gave."""
    hall = a_hall_that_leases(daily_limit=4)
    numbers_of(hall, GRANT)
    hall.take()
    more = replace(GRANT, lease="L2", tickets=(TicketId("K9"),))
    assert code_of(hall.decide(more)) == "lease-empty"
    assert hall.board.services[CERTIFY].counted == 4
    (unused,) = hall.events(HandOver(by=KIOSK, unused=(TicketId("K1"), TicketId("K2"), TicketId("K1"))))
    assert unused == NumbersUnused(lease=LeaseId("L1"), service=CERTIFY, numbers=(7, 8), why="handed-back", by=KIOSK)
    assert [hall.take(), hall.take()] == [2, 3]
    assert hall.board.services[CERTIFY].counted == 4


def test_the_session_limit_counts_what_is_out_on_lease() -> None:
    """The kiosk may give them all before lunch."""
    hall = a_hall_that_leases(session_limit=3)
    numbers_of(hall, GRANT)
    assert code_of(hall.decide(replace(GRANT, lease="L9", tickets=(TicketId("K7"),)))) == ""
    hall.events(HandOver(by=KIOSK, unused=(TicketId("K2"),)))
    assert hall.take() == 1


def test_numbers_handed_back_are_gaps_and_never_given_again() -> None:
    """A slip may have left the printer all the same."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    hall.events(HandOver(by=KIOSK, unused=GRANT.tickets))
    assert numbers_of(hall, replace(GRANT, lease="L2", tickets=(TicketId("N1"), TicketId("N2")))) == [9, 10]
    assert code_of(hall.call(6)) == "unknown-number"


def test_handed_in_tickets_are_called_by_the_time_they_were_issued() -> None:
    """Whoever stood at the cut-off kiosk first goes first, before those who came while it was silent."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    hall.until("8:10")
    hall.take()
    hall.until("8:20")
    batch = (handed("K1", "8:15"), handed("K0", "8:05"), handed("K0", "8:05"))
    hall.events(HandOver(by=KIOSK, issued=batch, unused=(TicketId("K0"),)))
    assert hall.called(3) == [6, 1, 7]
    assert hall.ticket(6).issued_at == clock("8:05")
    assert hall.ticket(6).waits_from == clock("8:05")


@pytest.mark.parametrize(
    ("said", "error_ms", "true"),
    [
        ("8:30", 0, "8:30"),
        ("8:40", 600_000, "8:30"),
        ("7:00", 0, "8:15"),
        ("9:30", 0, "9:00"),
        ("8:20", -600_000, "8:30"),
    ],
)
def test_the_kiosks_time_is_corrected_and_kept_between_lease_and_now(said: str, error_ms: int, true: str) -> None:
    """A kiosk with a wrong clock must not put anybody before the hall opened."""
    hall = a_hall_that_leases()
    hall.until("8:15")
    numbers_of(hall, GRANT)
    hall.until("9:00")
    (issued,) = hall.events(HandOver(by=KIOSK, issued=(handed("K0", said),), clock_error_ms=error_ms))
    assert isinstance(issued, TicketIssued)
    assert (issued.issued_at, issued.clock_error_ms) == (clock(true), error_ms)


def test_a_ticket_is_handed_in_once() -> None:
    """The second time it is there already."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    command = HandOver(by=KIOSK, issued=(handed("K0", "8:00"),))
    assert len(hall.events(command)) == 1
    assert hall.events(command) == ()


def test_a_group_that_the_rules_no_longer_know_costs_no_handed_in_ticket_its_place() -> None:
    """The citizen holds the paper; refusing it would lose everybody whom the kiosk served."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    batch = (handed("K0", "8:00", group="gone"), handed("K1", "8:00", group=ELDERLY), handed("K2", "8:00", items=9))
    hall.events(HandOver(by=KIOSK, issued=batch))
    assert [hall.ticket(number).rank_class for number in (6, 7, 8)] == [ORDINARY, 2, BULK]


def test_a_ticket_handed_in_after_midnight_is_counted_and_no_more() -> None:
    """Its day is sealed; the count of visitors stays true."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    hall.at = clock("7:30", TUESDAY)
    (late,) = hall.events(HandOver(by=KIOSK, issued=(handed("K0", "8:05"),), unused=(TicketId("K1"),)))
    assert late == TicketHandedLate(ticket=TicketId("K0"), issued_at=clock("8:05"), by=KIOSK)


def test_after_the_seal_todays_leases_are_over_and_tomorrows_are_granted() -> None:
    """The kiosk prepares for the morning while the hall is closed."""
    hall = a_hall_that_leases()
    numbers_of(hall, GRANT)
    sealing = hall.events(SealDay(by=LAN))
    unused = NumbersUnused(lease=LeaseId("L1"), service=CERTIFY, numbers=(6, 7, 8), why="day-end", by="hall")  # type: ignore[arg-type]
    assert unused in sealing
    assert code_of(hall.decide(replace(GRANT, lease="L2"))) == "day-sealed"
    assert numbers_of(hall, replace(GRANT, lease="L3", day=TUESDAY)) == [6, 7, 8]
    late = hall.events(HandOver(by=KIOSK, issued=(handed("K0", "8:05"),)))
    assert isinstance(late[0], TicketHandedLate)


def test_a_lease_of_a_service_that_is_gone_by_its_day_does_not_stop_the_hall() -> None:
    """Rules change overnight; the hall must open, end its day, and give those numbers to nobody else."""
    hall = a_hall_that_leases()
    rules = hall.board.rules
    assert rules is not None
    numbers_of(hall, replace(GRANT, day=TUESDAY))
    hall.configure(replace(rules, services=rules.services[1:], counters=(a_counter(1, (LAND,)),)))
    hall.at = clock("7:00", TUESDAY)
    hall.tick()
    hall.configure(replace(rules, services=(a_service(LAND, 1, 10),), counters=(a_counter(1, (LAND,)),)))
    assert [hall.take(LAND) for _ in range(6)] == [1, 2, 3, 4, 5, 9]
    late = hall.events(HandOver(by=KIOSK, issued=(handed("K0", "8:05"),), unused=(TicketId("K1"),)))
    assert [type(event) for event in late] == [TicketHandedLate]
    assert not isinstance(hall.do(SealDay(by=LAN)), Refusal)


def test_more_than_the_hall_leases_at_once_is_refused_by_its_own_setting() -> None:
    """One kiosk must not take the whole tail."""
    rules = changed(a_hall_rules(services=(a_service(CERTIFY, 1, 10, lease_reserve=5),)), lease_max=2)
    hall = Hall(replace(rules, counters=(a_counter(1, (CERTIFY,)),), calendar=a_calendar()))
    assert hall.decide(GRANT) == Refusal("lease-too-large", {"count": 3, "limit": 2})

"""A small hall on a Monday morning, told by events, for tests of views."""

from datetime import datetime, timedelta, timezone

from queue_server.core.board import Board, Ticket, ticket_by_number
from queue_server.core.events import (
    AnyEvent,
    CounterOpened,
    DayOpened,
    HallConfigured,
    Reason,
    ServicePaused,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketHeld,
    TicketIssued,
    TicketRecalled,
    TicketSentAway,
    TicketTransferred,
)
from queue_server.core.evolve import evolve
from queue_server.core.ids import Actor, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    PolicyRules,
    PriorityGroup,
    RatingScale,
    ScaleLevel,
    ServiceRules,
    Session,
    Settings,
)

HANOI = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=HANOI)
CIVIL, LAND, PICKUP = ServiceId("civil"), ServiceId("land"), ServiceId("pickup")
ONE, TWO, THREE = CounterNumber(1), CounterNumber(2), CounterNumber(3)
HA, KIOSK = Actor("p-ha"), Actor("t-kiosk")


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of the Monday."""
    return MONDAY.replace(hour=hour, minute=minute, second=second)


def some_rules(policy: PolicyRules | None = None, settings: Settings | None = None) -> HallRules:
    """Three services, three counters, a morning and an afternoon on working days."""
    sessions = [
        Session(weekday=weekday, ticket_from=first - 30, ticket_to=last - 30, desk_from=first, desk_to=last)
        for weekday in range(1, 6)
        for first, last in ((450, 690), (810, 1020))
    ]
    return HallRules(
        hall="an-hoa",
        name=Name("Phường An Hòa", "An Hoa ward"),
        services=(
            ServiceRules(
                id=CIVIL, name=Name("Hộ tịch", "Civil status"), ranges=(NumberRange(1001, 1999),), lease_reserve=100
            ),
            ServiceRules(
                id=LAND,
                name=Name("Đất đai", "Land"),
                ranges=(NumberRange(2001, 2010),),
                prefix="Đ",
                session_limit=3,
                elsewhere=Name("Phường Bình An", "Binh An ward"),
            ),
            ServiceRules(id=PICKUP, name=Name("Trả kết quả"), ranges=(NumberRange(4001, 4002),)),
        ),
        counters=(
            CounterRules(number=ONE, label="1", services=(CIVIL, LAND), zone="a"),
            CounterRules(number=TWO, label="2A", services=(CIVIL, PICKUP), zone="b"),
            CounterRules(number=THREE, label="12", services=(LAND,), zone="b"),
        ),
        policy=policy or PolicyRules(),
        priority=(
            PriorityGroup(
                group="elderly",
                label=Name("Người cao tuổi", "Elderly"),
                rank=2,
                proof=Name("Căn cước", "Identity card"),
                legal_basis="Luật Người cao tuổi",
            ),
            PriorityGroup(group="old-rule", label=Name("Diện cũ"), rank=3, to_day=at(7).date() - timedelta(days=1)),
        ),
        calendar=Calendar(sessions=tuple(sessions)),
        settings=settings or Settings(),
        scale=RatingScale(
            id="four", version=1, levels=(ScaleLevel(score=1, label=Name("Tốt"), counts_as="satisfied"),)
        ),
    )


def told(*story: tuple[datetime, AnyEvent], rules: HallRules | None = None, board: Board | None = None) -> Board:
    """The board after these events; a new one begins with an open day at 07:00."""
    if board is None:
        board = evolve(Board(), DayOpened(day=at(7).date()), at(7))
        board = evolve(board, HallConfigured(rules=rules or some_rules(), by=Actor("hall")), at(7))
    for instant, event in story:
        board = evolve(board, event, instant)
    return board


def issued(
    number: int, *, service: ServiceId = CIVIL, rank: int = 0, session: int = 0, items: int = 1, warned: bool = False
) -> TicketIssued:
    """A citizen holds a number; the ticket's id is the number's."""
    return TicketIssued(
        ticket=named(number),
        number=number,
        service=service,
        session=session,
        origin="kiosk",
        by=KIOSK,
        rank_class=90 if items >= 5 else rank,
        claimed_rank=rank,
        items=items,
        warned=1 if warned else 0,
    )


def named(number: int) -> TicketId:
    """The id of a ticket in these stories."""
    return TicketId(f"ticket-{number}")


def called(number: int, counter: CounterNumber = ONE, code: str = "longest-wait", rank: int = 0) -> TicketCalled:
    """A call by the rule of this code."""
    reason = Reason(code=code, services=(CIVIL, LAND), ratio=5, rank=rank)  # type: ignore[arg-type]  # Any code of the list.
    return TicketCalled(ticket=named(number), counter=counter, reason=reason, by=HA)


def opened(counter: CounterNumber = ONE) -> CounterOpened:
    """Hà opens a counter."""
    return CounterOpened(counter=counter, clerk=HA, by=HA)


def ticket_of(board: Board, number: int) -> Ticket:
    """Today's ticket of this number."""
    ticket = ticket_by_number(board, number)
    assert ticket is not None, f"no ticket {number} in this story"
    return ticket


def a_busy_morning() -> Board:
    """One of everything: waiting, priority, bulk, called, recalled, serving, held, away, absent, sent to a counter."""
    return told(
        (at(7, 10), issued(1001)),
        (at(7, 11), issued(1002)),
        (at(7, 12), issued(2001, service=LAND)),
        (at(7, 13), issued(1003)),
        (at(7, 14), issued(1004)),
        (at(7, 15), issued(1005)),
        (at(7, 16), issued(1006, rank=2)),
        (at(7, 17), issued(1007, items=7)),
        (at(7, 18), issued(2002, service=LAND, warned=True)),
        (at(7, 19), issued(1008)),
        (at(7, 20), issued(4001, service=PICKUP)),
        (at(7, 30), opened(ONE)),
        (at(7, 30, 5), opened(TWO)),
        (at(7, 31), called(1001)),
        (at(7, 33), TicketHeld(ticket=named(1001), counter=ONE, by=HA)),
        (at(7, 34), called(1002)),
        (at(7, 36), TicketSentAway(ticket=named(1002), reason="missing-paper", counter=ONE, by=HA)),
        (at(7, 37), called(1003, TWO)),
        (at(7, 38), TicketAbsent(ticket=named(1003), counter=TWO, by=HA)),
        (at(7, 39), called(2001)),
        (
            at(7, 45),
            TicketTransferred(
                ticket=named(2001), from_counter=ONE, service=CIVIL, counter=ONE, reason="next-step", by=HA
            ),
        ),
        (at(7, 46), called(1006, ONE, "priority-turn", rank=2)),
        (at(7, 47), ServiceStarted(ticket=named(1006), counter=ONE, by=HA)),
        (at(7, 48), called(1004, TWO)),
        (at(7, 49), TicketRecalled(ticket=named(1004), counter=TWO, by=HA)),
        (at(7, 50), ServicePaused(service=PICKUP, reason="technical", by=HA)),
    )

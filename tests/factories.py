"""Valid values of the hall in one call, every field overridable, and a hall that is moved by commands."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from msgspec.structs import replace

from queue_server.core.board import Board, Ticket, ticket_by_number
from queue_server.core.commands import (
    AnyCommand,
    CallNext,
    CallNumber,
    CancelTicket,
    CloseCounter,
    ConfigureHall,
    FinishTicket,
    HoldTicket,
    MarkAbsent,
    OpenCounter,
    PauseCounter,
    ReturnTicket,
    SendAway,
    SetCounterServices,
    StartService,
    TakeTicket,
    Tick,
    TransferTicket,
)
from queue_server.core.decide import Decision, decide
from queue_server.core.events import AnyEvent, DayOpened, HallConfigured, TicketIssued
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.refusal import Refusal
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    PriorityGroup,
    RatingScale,
    ScaleLevel,
    ServiceRules,
    Session,
)

HANOI = timezone(timedelta(hours=7))
MONDAY = date(2026, 11, 23)
"""A Monday without any holiday near."""

CERTIFY, LAND = ServiceId("certify"), ServiceId("land")
ONE, TWO, THREE = CounterNumber(1), CounterNumber(2), CounterNumber(3)
KIOSK, GUIDE, BOX = Actor("t-kiosk"), Actor("t-guide"), Actor("t-box")
LAN, MINH = Actor("p-lan"), Actor("p-minh")
ELDERLY, CARER = "elderly", "carer"

SCALE = RatingScale(
    id="faces",
    version=1,
    levels=(
        ScaleLevel(score=3, label=Name(vi="Hài lòng"), counts_as="satisfied"),
        ScaleLevel(score=2, label=Name(vi="Bình thường"), counts_as="neutral"),
        ScaleLevel(score=1, label=Name(vi="Không hài lòng"), counts_as="dissatisfied"),
    ),
    reasons=("slow", "unclear"),
)


def clock(text: str, day: date = MONDAY) -> datetime:
    """An instant in the hall, from `7:30`, `7:30:15` or `7:30:15.250`."""
    hours, minutes, seconds = ([float(part) for part in text.split(":")] + [0.0])[:3]
    midnight = datetime(day.year, day.month, day.day, tzinfo=HANOI)
    return midnight + timedelta(hours=hours, minutes=minutes, milliseconds=round(seconds * 1000))


def a_session(weekday: int = 1, **fields: object) -> Session:
    """A morning: tickets from 7:00 to 11:15, desks from 7:30 to 11:30."""
    morning = Session(
        weekday=weekday, ticket_from=7 * 60, ticket_to=11 * 60 + 15, desk_from=7 * 60 + 30, desk_to=11 * 60 + 30
    )
    return replace(morning, **fields)


def an_afternoon(weekday: int = 1, **fields: object) -> Session:
    """An afternoon: tickets from 13:00 to 16:30, desks from 13:30 to 17:00."""
    hours = {"ticket_from": 13 * 60, "ticket_to": 16 * 60 + 30, "desk_from": 13 * 60 + 30, "desk_to": 17 * 60}
    return a_session(weekday, **{**hours, **fields})


def a_calendar(**fields: object) -> Calendar:
    """Monday to Friday, mornings and afternoons."""
    sessions = tuple(one for weekday in range(1, 6) for one in (a_session(weekday), an_afternoon(weekday)))
    return replace(Calendar(sessions=sessions), **fields)


def a_service(identity: str = CERTIFY, first: int = 1001, last: int = 1999, **fields: object) -> ServiceRules:
    """A service with one range of numbers and no limits."""
    rules = ServiceRules(id=ServiceId(identity), name=Name(vi=identity), ranges=(NumberRange(first, last),))
    return replace(rules, **fields)


def a_counter(number: int = 1, services: Iterable[str] = (CERTIFY, LAND), **fields: object) -> CounterRules:
    """A counter that serves both services."""
    served = tuple(ServiceId(one) for one in services)
    return replace(CounterRules(number=CounterNumber(number), label=str(number), services=served), **fields)


def a_group(group: str = ELDERLY, rank: int = 2, **fields: object) -> PriorityGroup:
    """A row of the priority table that is always in force."""
    return replace(PriorityGroup(group=group, label=Name(vi=group), rank=rank), **fields)


def a_hall_rules(**fields: object) -> HallRules:
    """Two services, three counters, two priority groups, weekdays with a lunch break."""
    rules = HallRules(
        hall="h1",
        name=Name(vi="Trung tâm"),
        services=(a_service(CERTIFY), a_service(LAND, 2001, 2999)),
        counters=tuple(a_counter(number) for number in (ONE, TWO, THREE)),
        priority=(a_group(), a_group(CARER, rank=1)),
        calendar=a_calendar(),
        scale=SCALE,
    )
    return replace(rules, **fields)


def changed(rules: HallRules, **fields: object) -> HallRules:
    """The rules with some settings or policy fields changed, each named as in its own table."""
    settings = {name: value for name, value in fields.items() if name in rules.settings.__struct_fields__}
    policy = {name: value for name, value in fields.items() if name in rules.policy.__struct_fields__}
    unknown = fields.keys() - settings.keys() - policy.keys()
    assert not unknown, f"{sorted(unknown)} are neither settings nor policy"
    return replace(rules, settings=replace(rules.settings, **settings), policy=replace(rules.policy, **policy))


def evolved(board: Board, events: Iterable[AnyEvent], at: datetime) -> Board:
    """The board after these events of one instant."""
    for event in events:
        board = evolve(board, event, at)
    return board


def a_board(rules: HallRules | None = None, at: datetime | None = None) -> Board:
    """A day that has just begun, at 7:00 unless told otherwise, with nobody in the hall and all counters closed."""
    at = at or clock("7:00")
    configured = HallConfigured(rules=rules or a_hall_rules(), by=HALL_ITSELF)
    return evolved(Board(), (DayOpened(day=at.date()), configured), at)


class Hall:
    """A hall under test: a board and its clock, moved by commands as the engine would move them.

    Lifetime: one test. Every command that is not refused changes `board`.
    """

    def __init__(self, rules: HallRules | None = None, at: datetime | None = None, opened: Iterable[int] = ()) -> None:
        """A hall at 8:00 with these counters open; nobody has signed in there."""
        self.at = at or clock("8:00")
        self.board = a_board(rules, self.at)
        self.last = 0
        for number in opened:
            assert not isinstance(self.open(number), Refusal)

    def decide(self, command: AnyCommand) -> Decision:
        """What the command would come to, without doing it."""
        return decide(self.board, command, self.at)

    def do(self, command: AnyCommand) -> Decision:
        """Decide and evolve, after turning the day where midnight has passed."""
        if self.board.day is not None and self.at.date() > self.board.day and not isinstance(command, Tick):
            self.do(Tick(by=HALL_ITSELF))
        decision = self.decide(command)
        if not isinstance(decision, Refusal):
            self.board = evolved(self.board, decision, self.at)
        return decision

    def events(self, command: AnyCommand) -> tuple[AnyEvent, ...]:
        """The events of a command that must not be refused."""
        decision = self.do(command)
        assert not isinstance(decision, Refusal), f"{command} was refused: {decision}"
        return decision

    def later(self, **units: float) -> None:
        """Let time pass."""
        self.at += timedelta(**units)

    def until(self, text: str) -> None:
        """Let time pass until this instant of the same day."""
        self.at = clock(text, self.at.date())

    def new_ask(self) -> AskId:
        """An id for an invitation to rate."""
        self.last += 1
        return AskId(f"A{self.last}")

    def take(self, service: str = CERTIFY, **fields: object) -> int:
        """The number of a new ticket, which must not be refused."""
        self.last += 1
        command = TakeTicket(
            by=KIOSK, ticket=TicketId(f"T{self.last}"), service=ServiceId(service), origin="kiosk", items=1
        )
        events = self.events(replace(command, **fields))
        issued = events[-1]
        assert isinstance(issued, TicketIssued), f"no ticket for {service}: {issued}"
        return issued.number

    def ticket(self, number: int) -> Ticket:
        """Today's ticket of this number."""
        ticket = ticket_by_number(self.board, number)
        assert ticket is not None, f"no ticket has number {number}"
        return ticket

    def at_counter(self, counter: int = 1) -> int | None:
        """The number that the counter holds."""
        present = self.board.counters[CounterNumber(counter)].ticket
        return None if present is None else self.board.tickets[present].number

    def open(self, counter: int = 1, **fields: object) -> Decision:
        """Open a counter, by a token unless told otherwise."""
        return self.do(replace(OpenCounter(by=BOX, counter=CounterNumber(counter)), **fields))

    def close(self, counter: int = 1, **fields: object) -> Decision:
        """Close a counter."""
        return self.do(replace(CloseCounter(by=BOX, counter=CounterNumber(counter), ask=self.new_ask()), **fields))

    def next(self, counter: int = 1, **fields: object) -> int | None:
        """The number that the counter holds after `next`, which must not be refused."""
        self.events(replace(CallNext(by=BOX, counter=CounterNumber(counter), ask=self.new_ask()), **fields))
        return self.at_counter(counter)

    def call(self, number: int, counter: int = 1, **fields: object) -> Decision:
        """Call one number out of order."""
        command = CallNumber(by=BOX, counter=CounterNumber(counter), number=number, why="urgent", ask=self.new_ask())
        return self.do(replace(command, **fields))

    def start(self, counter: int = 1, **fields: object) -> Decision:
        """The called citizen is at the desk."""
        return self.do(replace(StartService(by=BOX, counter=CounterNumber(counter)), **fields))

    def finish(self, counter: int = 1, **fields: object) -> Decision:
        """The visit is over."""
        return self.do(replace(FinishTicket(by=BOX, counter=CounterNumber(counter), ask=self.new_ask()), **fields))

    def absent(self, counter: int = 1, **fields: object) -> Decision:
        """The called citizen did not come."""
        return self.do(replace(MarkAbsent(by=BOX, counter=CounterNumber(counter)), **fields))

    def hold(self, counter: int = 1, **fields: object) -> Decision:
        """The citizen waits for this desk."""
        return self.do(replace(HoldTicket(by=BOX, counter=CounterNumber(counter)), **fields))

    def away(self, counter: int = 1, **fields: object) -> Decision:
        """The citizen mends papers."""
        return self.do(replace(SendAway(by=BOX, counter=CounterNumber(counter), reason="copy"), **fields))

    def back(self, number: int, counter: int = 1, **fields: object) -> Decision:
        """A held, away or absent citizen is here again."""
        return self.do(replace(ReturnTicket(by=BOX, counter=CounterNumber(counter), number=number), **fields))

    def transfer(self, counter: int = 1, **fields: object) -> Decision:
        """The citizen goes on to a service or counter."""
        return self.do(replace(TransferTicket(by=BOX, counter=CounterNumber(counter), reason="next-step"), **fields))

    def pause(self, counter: int = 1, **fields: object) -> Decision:
        """A short break."""
        return self.do(replace(PauseCounter(by=BOX, counter=CounterNumber(counter), reason="break"), **fields))

    def cancel(self, ticket: str) -> Decision:
        """Staff give a ticket up."""
        return self.do(CancelTicket(by=BOX, ticket=TicketId(ticket), channel="staff", reason="citizen-left"))

    def serve(self, counter: int, *services: ServiceId) -> Decision:
        """Change what a counter serves today."""
        command = SetCounterServices(by=LAN, counter=CounterNumber(counter), services=services, reason="load")
        return self.do(command)

    def tick(self) -> tuple[AnyEvent, ...]:
        """What time alone brings."""
        return self.events(Tick(by=HALL_ITSELF))

    def configure(self, rules: HallRules) -> tuple[AnyEvent, ...]:
        """Put other rules in force."""
        return self.events(ConfigureHall(by=LAN, rules=rules))

    def called(self, count: int, counter: int = 1) -> list[int | None]:
        """The numbers that `next` calls, one after another."""
        return [self.next(counter) for _ in range(count)]


def code_of(decision: Decision) -> str:
    """The code of a refusal; empty where the rules say yes."""
    return decision.code if isinstance(decision, Refusal) else ""

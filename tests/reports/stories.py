"""Journals told by hand: a hall of two services and three counters, on a Monday with a lunch break."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from msgspec.structs import replace

from queue_server import reports
from queue_server.core.events import (
    AnyEvent,
    CounterOpened,
    DayOpened,
    DaySealed,
    HallConfigured,
    Item,
    RatingGiven,
    RatingOffered,
    Reason,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketFinished,
    TicketIssued,
    TicketReturned,
)
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import (
    Calendar,
    CounterRules,
    HallRules,
    Name,
    NumberRange,
    RatingScale,
    ScaleLevel,
    ServiceRules,
    Session,
)
from queue_server.reports.definitions import FILE, parse_definitions
from queue_server.reports.figures import Row
from queue_server.reports.service_index import By, ServiceIndex, service_index

HANOI = timezone(timedelta(hours=7))
MONDAY = date(2026, 11, 23)
CERTIFY, LAND = ServiceId("certify"), ServiceId("land")
ONE, TWO, THREE = CounterNumber(1), CounterNumber(2), CounterNumber(3)
CLERK = Actor("p-lan")
DEFINITIONS = parse_definitions((Path(reports.__file__).parent / FILE).read_text(encoding="utf-8"))

SCALE = RatingScale(
    id="faces",
    version=1,
    levels=(
        ScaleLevel(score=3, label=Name(vi="Hài lòng"), counts_as="satisfied"),
        ScaleLevel(score=2, label=Name(vi="Bình thường"), counts_as="neutral"),
        ScaleLevel(score=1, label=Name(vi="Không hài lòng"), counts_as="dissatisfied"),
    ),
)
RULES = HallRules(
    hall="h1",
    name=Name(vi="Trung tâm"),
    services=(
        ServiceRules(id=CERTIFY, name=Name(vi="Chứng thực"), ranges=(NumberRange(1001, 1999),)),
        ServiceRules(id=LAND, name=Name(vi="Đất đai"), ranges=(NumberRange(2001, 2999),)),
    ),
    counters=tuple(CounterRules(number=one, label=str(one), services=(CERTIFY, LAND)) for one in (ONE, TWO, THREE)),
    calendar=Calendar(
        sessions=tuple(
            Session(weekday=weekday, ticket_from=begin - 30, ticket_to=end - 15, desk_from=begin, desk_to=end)
            for weekday in range(1, 6)
            for begin, end in ((450, 690), (780, 1020))
        )
    ),
    scale=SCALE,
)


def clock(text: str, day: date = MONDAY) -> datetime:
    """An instant of the hall, from `7:30`, `7:30:15` or `7:30:15.250`."""
    hours, minutes, seconds = ([float(part) for part in text.split(":")] + [0.0])[:3]
    midnight = datetime(day.year, day.month, day.day, tzinfo=HANOI)
    return midnight + timedelta(milliseconds=round(((hours * 60 + minutes) * 60 + seconds) * 1000))


class Story:
    """Events in the order in which they are told."""

    def __init__(self, *, day: date = MONDAY, rules: HallRules = RULES) -> None:
        self.day = day
        self.events: list[tuple[AnyEvent, datetime, int]] = []
        self.tell("6:00", DayOpened(day=day), HallConfigured(rules=rules, by=Actor("hall")))

    def tell(self, when: str | datetime, *events: AnyEvent) -> "Story":
        at = clock(when, self.day) if isinstance(when, str) else when
        for event in events:
            self.events.append((event, at, len(self.events) + 1))
        return self

    def seal(self) -> "Story":
        return self.tell("23:00", DaySealed(day=self.day, tickets=0, served=0, by=Actor("hall")))

    def index(self, by: By = "") -> ServiceIndex:
        return service_index(self.events, first_day=self.day, last_day=self.day, by=by, definitions=DEFINITIONS)

    def total(self) -> Row:
        return self.index().rows[0]

    def rows(self, by: By) -> dict[str, Row]:
        return {row.group: row for row in self.index(by).rows}


def opened(counter: CounterNumber = ONE, clerk: Actor | None = CLERK) -> CounterOpened:
    """A clerk signs in at a counter."""
    return CounterOpened(counter=counter, clerk=clerk, by=clerk or Actor("hall"))


def issued(ticket: str = "a", service: ServiceId = CERTIFY, **changes: object) -> TicketIssued:
    """A ticket is given, for the morning unless told otherwise."""
    event = TicketIssued(
        ticket=TicketId(ticket), number=1001, service=service, session=0, origin="kiosk", by=Actor("t-kiosk")
    )
    return replace(event, **changes)


def called(ticket: str = "a", counter: CounterNumber = ONE) -> TicketCalled:
    """A ticket is called."""
    return TicketCalled(ticket=TicketId(ticket), counter=counter, reason=Reason(code="longest-wait"), by=CLERK)


def started(ticket: str = "a", counter: CounterNumber = ONE) -> ServiceStarted:
    """The citizen is at the desk."""
    return ServiceStarted(ticket=TicketId(ticket), counter=counter, by=CLERK)


def finished(ticket: str = "a", counter: CounterNumber = ONE, **changes: object) -> TicketFinished:
    """The visit is over."""
    event = TicketFinished(ticket=TicketId(ticket), counter=counter, ended_by="finish", by=CLERK)
    return replace(event, **changes)


def absent(ticket: str = "a", counter: CounterNumber = ONE) -> TicketAbsent:
    """The citizen did not come."""
    return TicketAbsent(ticket=TicketId(ticket), counter=counter, by=CLERK)


def returned(ticket: str = "a") -> TicketReturned:
    """The citizen waits again."""
    return TicketReturned(ticket=TicketId(ticket), by=CLERK)


def offered(ticket: str = "a", counter: CounterNumber = ONE) -> RatingOffered:
    """The citizen is asked to rate."""
    return RatingOffered(
        ask=AskId(f"ask-{ticket}"),
        ticket=TicketId(ticket),
        counter=counter,
        scale="faces",
        scale_version=1,
        expires_at=clock("23:00"),
    )


def rated(ticket: str = "a", score: int = 3) -> RatingGiven:
    """The citizen rates."""
    return RatingGiven(ask=AskId(f"ask-{ticket}"), ticket=TicketId(ticket), score=score, by=Actor("t-box"))


def item(procedure: str = "") -> Item:
    """One thing done, of one procedure."""
    return Item(procedure=procedure, outcome="received")

"""Write the golden journal of this release: one small day, and a second, with every kind of event there is.

Run `python -m tests.golden.make_journals` only while the release is being made. Once it is out its file never changes;
the next release that adds a kind or a version writes the next number.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from queue_server.core import events as e
from queue_server.core import rules as r
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.journal.codec import encode_row, genesis_hash
from queue_server.journal.export import export_line
from queue_server.journal.port import Row

JOURNALS = Path(__file__).parent / "journals"
PRESENT = JOURNALS / "0001.ndjson"

HANOI = timezone(timedelta(hours=7))
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
OPENING = datetime(2026, 11, 23, 7, 30, 0, 123000, tzinfo=HANOI)
HALL, CREATED = "hoa-binh", "2026-11-20T09:00:00.000+07:00"

CIVIL, LAND = ServiceId("ho-tich"), ServiceId("dat-dai")
ONE, TWO = CounterNumber(1), CounterNumber(2)
CLERK, OTHER, MANAGER, GUIDE, KIOSK = (Actor(f"p-{name}") for name in ("clerk", "other", "manager", "guide", "kiosk"))
LEASE = LeaseId("l-1")
COMMITTED = {"reason": "5e" * 32}
T = [TicketId(f"ticket-{number:02}") for number in range(20)]


def the_rules() -> r.HallRules:
    """Rules that use every part there is."""
    return r.HallRules(
        hall=HALL,
        name=r.Name(vi="Trung tâm Phục vụ hành chính công Hòa Bình", en="Hoa Binh one-stop hall"),
        services=(
            r.ServiceRules(
                id=CIVIL,
                name=r.Name(vi="Hộ tịch", en="Civil status"),
                ranges=(r.NumberRange(1001, 1999),),
                prefix="H",
                lease_reserve=100,
                daily_limit=200,
                session_limit=120,
                expected_service_s=480,
                elsewhere=r.Name(vi="Nộp trực tuyến", en="Apply online"),
            ),
            r.ServiceRules(id=LAND, name=r.Name(vi="Đất đai", en="Land"), ranges=(r.NumberRange(2001, 2999),)),
        ),
        counters=(
            r.CounterRules(number=ONE, label="1", services=(CIVIL, LAND), zone="sảnh", opens_with_hall=1),
            r.CounterRules(number=TWO, label="2", services=(LAND,)),
        ),
        policy=r.PolicyRules(order="service-order", priority="strict", escalate_after_s=5400, carry_over=0),
        priority=(
            r.PriorityGroup(
                group="elderly",
                label=r.Name(vi="Người cao tuổi"),
                rank=3,
                proof=r.Name(vi="Căn cước"),
                from_day=date(2026, 1, 1),
                to_day=date(2026, 12, 31),
                legal_basis="Luật Người cao tuổi",
            ),
        ),
        calendar=r.Calendar(
            sessions=(
                r.Session(weekday=1, ticket_from=420, ticket_to=660, desk_from=450, desk_to=690),
                r.Session(weekday=1, ticket_from=780, ticket_to=990, desk_from=810, desk_to=1020),
                r.Session(weekday=2, ticket_from=420, ticket_to=660, desk_from=450, desk_to=690),
            ),
            holidays=(r.Holiday(day=date(2027, 1, 1), name="Tết Dương lịch"),),
            swapped=(r.SwappedDay(day=date(2026, 12, 26), weekday=1),),
        ),
        settings=r.Settings(person_daily_limit=2, first_tomorrow=1, default_transfer=LAND),
        scale=r.RatingScale(
            id="three",
            version=1,
            levels=(
                r.ScaleLevel(score=3, label=r.Name(vi="Rất hài lòng"), counts_as="satisfied"),
                r.ScaleLevel(score=2, label=r.Name(vi="Hài lòng"), counts_as="neutral"),
                r.ScaleLevel(score=1, label=r.Name(vi="Không hài lòng"), counts_as="dissatisfied"),
            ),
            reasons=("waited-long", "unclear"),
        ),
        languages=("vi", "en", "hmn"),
    )


def the_events() -> Iterator[e.AnyEvent]:
    """A morning that could have been, and the opening after it."""
    yield e.HallCreated(hall=HALL, created=CREATED)
    yield e.DayOpened(day=MONDAY)
    yield e.HallConfigured(rules=the_rules(), by=HALL_ITSELF)
    yield e.ClockConfirmed(by=MANAGER, journal_at=OPENING, reason="technical", commitments=COMMITTED)
    yield from _counters_open()
    yield from _tickets_are_given()
    yield from _tickets_are_served()
    yield from _the_day_ends()
    used = (e.UsedDay(day=TUESDAY + timedelta(days=1), given={CIVIL: 7}, leased={LAND: 3}),)
    yield e.DayOpened(
        day=TUESDAY, leases=(_lease(),), promises=(_promise(),), given={CIVIL: 2}, leased={LAND: 1}, used=used
    )
    yield e.HallConfigured(rules=the_rules(), by=MANAGER, commitments=COMMITTED)
    yield e.TicketHandedLate(ticket=T[19], issued_at=OPENING + timedelta(hours=2), by=KIOSK)


def _counters_open() -> Iterator[e.AnyEvent]:
    yield e.CounterOpened(counter=ONE, channel="hall", by=HALL_ITSELF, commitments=COMMITTED)
    yield e.CounterOpened(counter=ONE, clerk=CLERK, taken_over=1, by=CLERK)
    yield e.CounterOpened(counter=TWO, clerk=OTHER, by=OTHER)
    yield e.CounterServicesSet(counter=TWO, services=(LAND, CIVIL), reason="load", by=MANAGER, commitments=COMMITTED)
    yield e.CounterPaused(counter=TWO, reason="break", by=OTHER, commitments=COMMITTED)
    yield e.CounterResumed(counter=TWO, by=OTHER, commitments=COMMITTED)
    yield e.HelpAsked(counter=TWO, by=OTHER, commitments=COMMITTED)


def _tickets_are_given() -> Iterator[e.AnyEvent]:
    numbers = tuple(e.LeasedNumber(1990 + index, T[10 + index]) for index in range(3))
    yield e.LeaseGranted(lease=LEASE, service=CIVIL, kiosk=KIOSK, day=MONDAY, numbers=numbers)
    yield e.TicketIssued(
        ticket=T[1],
        number=1001,
        service=CIVIL,
        session=0,
        origin="kiosk",
        by=KIOSK,
        rank_class=3,
        claimed_rank=3,
        items=2,
        procedures=("1.001193", "1.000656"),
        warned=1,
        slip="owed",
        commitments={"group": "ab" * 32, "language": "cd" * 32, "dossier.0": "ef" * 32},
    )
    yield e.SlipPrinted(ticket=T[1], result="printed", by=HALL_ITSELF)
    yield e.SlipPrinted(ticket=T[1], result="failed", copy=2, by=GUIDE)
    yield e.TicketIssued(
        ticket=T[10],
        number=1990,
        service=CIVIL,
        session=0,
        origin="lease",
        by=KIOSK,
        place=OPENING - timedelta(minutes=5),
        issued_at=OPENING - timedelta(minutes=5),
        lease=LEASE,
        clock_error_ms=-1250,
    )
    yield e.TicketIssued(
        ticket=T[2], number=2001, service=LAND, session=0, origin="booking", by=GUIDE, booked_at=OPENING
    )
    for index in (3, 4, 5, 6, 7):
        yield e.TicketIssued(ticket=T[index], number=1000 + index, service=CIVIL, session=0, origin="desk", by=GUIDE)
    yield e.TicketMoved(ticket=T[7], service=LAND, place=OPENING, reason="guide", by=GUIDE, commitments=COMMITTED)
    yield e.PriorityDecided(
        ticket=T[1], rank_class=3, confirmed=1, proof_seen=1, by=GUIDE, commitments={"group": "ab" * 32}
    )
    yield e.ServicePaused(service=LAND, reason="load", by=MANAGER, commitments=COMMITTED)
    yield e.TicketRefused(service=LAND, why="no-numbers", session=0, by=KIOSK)
    yield e.ServiceResumed(service=LAND, reason="load", by=MANAGER, commitments=COMMITTED)


def _call(ticket: TicketId, counter: CounterNumber, reason: e.Reason) -> e.TicketCalled:
    return e.TicketCalled(ticket=ticket, counter=counter, reason=reason, by=CLERK)


def _tickets_are_served() -> Iterator[e.AnyEvent]:
    yield _call(T[1], ONE, e.Reason(code="priority-first", services=(CIVIL, LAND), ratio=5, rank=3))
    yield e.TicketRecalled(ticket=T[1], counter=ONE, by=CLERK, commitments=COMMITTED)
    yield e.ServiceStarted(ticket=T[1], counter=ONE, by=CLERK, commitments=COMMITTED)
    yield e.TicketTransferred(
        ticket=T[1],
        from_counter=ONE,
        service=LAND,
        counter=TWO,
        back_to=ONE,
        back_service=CIVIL,
        place=OPENING,
        reason="next-step",
        items=(e.Item(procedure="1.001193", outcome="received"),),
        by=CLERK,
        commitments={"dossier.0": "ef" * 32},
    )
    yield e.TicketCalled(ticket=T[1], counter=TWO, reason=e.Reason(code="directed"), by_device=1, by=OTHER)
    yield e.TicketFinished(
        ticket=T[1],
        counter=TWO,
        ended_by="finish",
        items=(e.Item(procedure="1.000656", outcome="supplement"), e.Item(outcome="guidance"), e.Item()),
        by=OTHER,
        commitments={"dossier.0": "ef" * 32},
    )
    ask = AskId("ask-1")
    yield e.RatingOffered(
        ask=ask, ticket=T[1], counter=TWO, scale="three", scale_version=1, expires_at=OPENING + timedelta(minutes=30)
    )
    yield e.RatingGiven(ask=ask, ticket=T[1], score=1, reasons=("waited-long",), by=KIOSK)
    yield e.RatingRefused(why="repeated", by=KIOSK)
    yield e.TicketCalled(
        ticket=T[3], counter=ONE, reason=e.Reason(code="by-number", why="mistake"), by=MANAGER, commitments=COMMITTED
    )
    yield e.TicketAbsent(ticket=T[3], counter=ONE, by=CLERK, commitments=COMMITTED)
    yield e.TicketReturned(ticket=T[3], due_calls=2, by=GUIDE, commitments=COMMITTED)
    yield _call(T[4], ONE, e.Reason(code="longest-wait", services=(CIVIL, LAND)))
    yield e.TicketHeld(ticket=T[4], counter=ONE, by=CLERK, commitments=COMMITTED)
    yield _call(T[5], ONE, e.Reason(code="longest-wait", services=(CIVIL,)))
    yield e.TicketSentAway(
        ticket=T[5], counter=ONE, reason="form", procedures=("1.001193",), by=CLERK, commitments=COMMITTED
    )
    yield _call(T[10], ONE, e.Reason(code="longest-wait", services=(CIVIL,)))
    yield e.TicketFinished(ticket=T[10], counter=ONE, ended_by="next", doubtful=1, inaccurate=1, by=CLERK)


def _the_day_ends() -> Iterator[e.AnyEvent]:
    yield e.TicketCancelled(ticket=T[5], channel="staff", reason="citizen-left", by=GUIDE, commitments=COMMITTED)
    yield e.TicketReturned(ticket=T[4], counter=ONE, why="counter-closed", by=HALL_ITSELF)
    yield e.CounterClosed(counter=ONE, by=CLERK, commitments=COMMITTED)
    yield e.TicketCaughtUp(ticket=T[6], by=MANAGER, reason="served-by-hand", commitments=COMMITTED)
    yield e.TomorrowPromised(ticket=T[7], promise=_promise(), by=MANAGER, reason="load", commitments=COMMITTED)
    for ticket in (T[2], T[3], T[4]):
        yield e.TicketExpired(ticket=ticket, by=HALL_ITSELF)
    yield e.NumbersUnused(lease=LEASE, service=CIVIL, numbers=(1991, 1992), why="day-end", by=HALL_ITSELF)
    yield e.CounterClosed(counter=TWO, by=HALL_ITSELF)
    yield e.DaySealed(day=MONDAY, tickets=8, served=3, by=MANAGER, reason="other", commitments=COMMITTED)


def _promise() -> e.Promise:
    return e.Promise(ticket=T[17], day=TUESDAY, number=2001, service=LAND, rank_class=0)


def _lease() -> e.Lease:
    return e.Lease(
        lease=LeaseId("l-2"),
        service=LAND,
        kiosk=KIOSK,
        day=TUESDAY,
        granted_at=OPENING,
        numbers=(e.LeasedNumber(2999, T[18]),),
    )


def the_rows() -> Iterator[Row]:
    """The events as a chain, a quarter of a minute and a millisecond apart."""
    head = genesis_hash(HALL, CREATED)
    for index, event in enumerate(the_events()):
        row = encode_row(event, OPENING + index * timedelta(seconds=15, milliseconds=1), index + 1, head)
        head = row.hash
        yield row


def the_text() -> bytes:
    """The whole file."""
    return b"".join(map(export_line, the_rows()))


if __name__ == "__main__":
    JOURNALS.mkdir(exist_ok=True)
    PRESENT.write_bytes(the_text())

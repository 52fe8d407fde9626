"""A hall with years behind it: a journal written straight into the file, its chain whole, its last day today."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from queue_server.clock import HallClock
from queue_server.config import load
from queue_server.core.events import (
    AnyEvent,
    CounterOpened,
    DayOpened,
    DaySealed,
    HallConfigured,
    HallCreated,
    Reason,
    ServiceStarted,
    TicketCalled,
    TicketFinished,
    TicketIssued,
)
from queue_server.core.ids import HALL_ITSELF, Actor, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import HallRules
from queue_server.journal.codec import encode_row, genesis_hash
from queue_server.journal.migrations import migrate
from queue_server.journal.port import JOURNAL_FILE, Row
from tests.bench.figures import Plan
from tests.bench.halls import SERVICES, make_hall

FOLDER = "history"
CLERK = Actor("t-bench")
BATCH = 20_000
OPENING_HOURS = 8
PART_SERVED = 0.9
"""Of today's tickets; the others still wait."""
Story = Iterator[tuple[AnyEvent, datetime]]


def hall_with_history(plan: Plan) -> tuple[Path, str]:
    """The folder and a clerk's token; the hall is made once in an invocation, and used again."""
    folder = plan.folder / FOLDER
    token_file = plan.folder / f"{FOLDER}.token"
    if token_file.exists():
        return folder, token_file.read_text("ascii")
    token = make_hall(folder)
    start = time.perf_counter()
    config = load(folder)
    events = _write(folder / JOURNAL_FILE, _story(config.rules, HallClock(config.zone()).now(), plan))
    plan.say(
        f"wrote {plan.days * plan.tickets_a_day} past tickets and a day of {plan.tickets_a_day}: {events} events, "
        f"{(folder / JOURNAL_FILE).stat().st_size / 1e6:.0f} MB in {time.perf_counter() - start:.0f} s"
    )
    token_file.write_text(token, "ascii")
    return folder, token


def _write(path: Path, story: Story) -> int:
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nothing here needs to outlive a power cut.
        connection.execute("PRAGMA journal_mode = OFF").fetchall()
        connection.execute("PRAGMA synchronous = OFF").fetchall()
        written = 0
        for rows in _batches(story):
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
                ((row.sequence, row.at, row.kind, row.version, row.body, row.hash) for row in rows),
            )
            connection.execute("COMMIT")
            written += len(rows)
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    return written


def _batches(story: Story) -> Iterator[list[Row]]:
    first, at = next(story)
    assert isinstance(first, HallCreated), "a journal begins with hall-created"
    row = encode_row(first, at, 1, genesis_hash(first.hall, first.created))
    rows = [row]
    for event, instant in story:
        row = encode_row(event, instant, row.sequence + 1, row.hash)
        rows.append(row)
        if len(rows) == BATCH:
            yield rows
            rows = []
    yield rows


def _story(rules: HallRules, now: datetime, plan: Plan) -> Story:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=plan.days)
    yield HallCreated(hall=rules.hall, created=first.isoformat(timespec="milliseconds")), first
    for ahead in range(plan.days):
        opens = first + timedelta(days=ahead, hours=OPENING_HOURS)
        closes = opens + timedelta(hours=OPENING_HOURS)
        yield from _opening(rules, opens)
        yield from _tickets(rules, opens, closes, plan.tickets_a_day, plan.tickets_a_day)
        yield _sealed(opens.date(), plan.tickets_a_day), closes
    opens = max(midnight, now - timedelta(hours=OPENING_HOURS))
    yield from _opening(rules, opens)
    yield from _tickets(rules, opens, now, plan.tickets_a_day, int(plan.tickets_a_day * PART_SERVED))


def _opening(rules: HallRules, opens: datetime) -> Story:
    yield DayOpened(day=opens.date()), opens
    yield HallConfigured(rules=rules, by=HALL_ITSELF), opens
    for counter in rules.counters:
        yield CounterOpened(counter=counter.number, channel="hall", by=HALL_ITSELF), opens


def _sealed(day: date, tickets: int) -> DaySealed:
    return DaySealed(day=day, tickets=tickets, served=tickets, by=HALL_ITSELF)


def _tickets(rules: HallRules, opens: datetime, closes: datetime, tickets: int, served: int) -> Story:
    """Tickets evenly over the day; each counter ends one before it calls another."""
    counters = len(rules.counters)
    step = (closes - opens) / (tickets + counters + 1)
    starts = {service.id: service.ranges[0].first for service in rules.services}
    for turn in range(tickets + counters):
        at = opens + step * (turn + 1)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if counters <= turn < served + counters:
            yield _finished(opens, turn - counters, counters), at
        if turn < tickets:
            service = ServiceId(SERVICES[turn % len(SERVICES)])
            yield _issued(opens, turn, service, starts[service] + turn // len(SERVICES)), at
        if turn < served:
            yield from ((event, at) for event in _served(opens, turn, counters))


def _id(opens: datetime, turn: int) -> TicketId:
    # As long as those that the server draws.
    return TicketId(f"{opens:%Y%m%d}{turn:024d}")


def _counter(turn: int, counters: int) -> CounterNumber:
    return CounterNumber(turn % counters + 1)


def _issued(opens: datetime, turn: int, service: ServiceId, number: int) -> TicketIssued:
    return TicketIssued(ticket=_id(opens, turn), number=number, service=service, session=0, origin="kiosk", by=CLERK)


def _served(opens: datetime, turn: int, counters: int) -> tuple[AnyEvent, ...]:
    ticket, counter = _id(opens, turn), _counter(turn, counters)
    reason = Reason(code="longest-wait", services=tuple(ServiceId(service) for service in SERVICES))
    return (
        TicketCalled(ticket=ticket, counter=counter, reason=reason, by=CLERK),
        ServiceStarted(ticket=ticket, counter=counter, by=CLERK),
    )


def _finished(opens: datetime, turn: int, counters: int) -> TicketFinished:
    return TicketFinished(ticket=_id(opens, turn), counter=_counter(turn, counters), ended_by="finish", by=CLERK)

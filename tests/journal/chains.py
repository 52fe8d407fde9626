"""Chains of events for the tests of the journal."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from queue_server.core.events import AnyEvent, DayOpened, HallCreated, HelpAsked
from queue_server.core.ids import Actor, CounterNumber
from queue_server.journal.codec import encode_row, genesis_hash
from queue_server.journal.port import Head, Journal, Kept, Row, SideRow

HANOI = timezone(timedelta(hours=7))
START = datetime(2026, 11, 23, 7, 30, 0, 123000, tzinfo=HANOI)
HALL, CREATED = "hoa-binh", "2026-11-20T09:00:00.000+07:00"
GENESIS = genesis_hash(HALL, CREATED)
NOTHING = Head(0, "")


def an_event(sequence: int, day_every: int = 0) -> AnyEvent:
    """The first creates the hall; others ask for help, but for a day's opening every so often."""
    if sequence == 1:
        return HallCreated(hall=HALL, created=CREATED)
    if sequence == 2 or (day_every and sequence % day_every == 0):
        return DayOpened(day=date(2026, 11, 23) + timedelta(days=sequence))
    return HelpAsked(counter=CounterNumber(sequence), by=Actor("p-clerk"))


def rows_after(head: Head, count: int, day_every: int = 0) -> list[Row]:
    """The next `count` rows of a chain."""
    rows: list[Row] = []
    before = head.hash or GENESIS
    for sequence in range(head.sequence + 1, head.sequence + count + 1):
        at = START + timedelta(milliseconds=sequence)
        rows.append(encode_row(an_event(sequence, day_every), at, sequence, before))
        before = rows[-1].hash
    return rows


def head_of(rows: Sequence[Row]) -> Head:
    """The head that these rows make."""
    return Head(rows[-1].sequence, rows[-1].hash)


def a_word(sequence: int, name: str = "language", value: str = "vi") -> SideRow:
    """A word beside an event."""
    return SideRow(sequence=sequence, name=name, salt="5a17", value=value, subject=f"ticket-{sequence}")


def an_answer(number: int, at: str = "2026-11-23T07:30:00.123+07:00") -> Kept:
    """An answer to keep."""
    answer = f'{{"number":{number},"text":"Mời công dân"}}'.encode()
    return Kept(key=f"key-{number:06}", request=f"request-{number}", status=201, answer=answer, at=at)


async def fill(journal: Journal, count: int, day_every: int = 0) -> list[Row]:
    """Append `count` more rows."""
    head = await journal.head()
    rows = rows_after(head, count, day_every)
    for start in range(0, count, 200):
        part = rows[start : start + 200]
        await journal.append(part, expected_sequence=part[0].sequence - 1)
    return rows

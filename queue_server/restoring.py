"""From the journal back to the board: today's events only, however long the history is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct

from queue_server.core.board import Board
from queue_server.core.events import AnyEvent, DayOpened, HallCreated, LeaseGranted, TicketIssued
from queue_server.core.evolve import evolve
from queue_server.core.numbers import index_of
from queue_server.journal.codec import chain_hash, decode_row, encode_row, genesis_hash, hash_before
from queue_server.journal.port import Head, Journal, Kept, Row, SideRow

CHUNK = 2000
BEHIND_MAX = timedelta(hours=1)
AHEAD_MAX = timedelta(days=7)


OnEvent = Callable[[AnyEvent, datetime], None]


class ChainBroken(Exception):
    """Today's part of the journal was changed from outside; `denluot-server verify` says where."""


class Restored(Struct, frozen=True):
    """What the hall knew when it stopped."""

    board: Board
    head: Head
    words: list[SideRow]
    kept: list[Kept]


async def create_if_new(journal: Journal, hall: str, at: datetime) -> None:
    """Write the first event of a new journal; ValueError when the journal in this place is that of another hall."""
    first = await journal.read(0, 1)
    if not first:
        created = at.isoformat(timespec="milliseconds")
        row = encode_row(HallCreated(hall=hall, created=created), at, 1, genesis_hash(hall, created))
        await journal.append([row], expected_sequence=0)
        return
    event, _ = decode_row(first[0])
    if isinstance(event, HallCreated) and event.hall != hall:
        raise ValueError(
            f'hall.toml says id = "{hall}", but the journal in this folder is that of hall "{event.hall}"; '
            "put the old id back, or make a new hall with: denluot-server init"
        )


async def restore(journal: Journal, kept_since: str, on_event: OnEvent | None = None) -> Restored:
    """The board, rebuilt from the event that opened its day, with the chain of that day checked.

    `on_event` sees each event on the way. ChainBroken names the first that does not fit; nothing is repaired silently.
    """
    start = await journal.day_start()
    after = max(start - 1, 0)
    previous = await _hash_at(journal, after)
    board = Board(sequence=after)
    while rows := await journal.read(after, CHUNK):
        for row in rows:
            previous = _checked(row, previous)
            event, at = decode_row(row)
            board = evolve(board, event, at)
            if on_event is not None:
                on_event(event, at)
        after = rows[-1].sequence
    words = await journal.side_since(start) if start else []
    return Restored(board, Head(board.sequence, previous), words, await journal.kept_since(kept_since))


async def _hash_at(journal: Journal, sequence: int) -> str:
    if sequence:
        return (await journal.read(sequence - 1, 1))[0].hash
    first = await journal.read(0, 1)
    return hash_before(first[0]) if first else ""


def _checked(row: Row, previous: str) -> str:
    if chain_hash(previous, row.sequence, row.at, row.kind, row.version, row.body) != row.hash:
        raise ChainBroken(
            f"event {row.sequence} ({row.kind}) does not fit the chain; run denluot-server verify, restore a backup"
        )
    return row.hash


def clock_doubt(board: Board, now: datetime) -> str | None:
    """Why this clock is not believed at start, or None: over an hour behind the journal or over a week ahead."""
    if board.at is None:
        return None
    if board.at - now > BEHIND_MAX:
        return f"the clock says {now.isoformat()}, but the journal's last event is of {board.at.isoformat()}"
    if now - board.at > AHEAD_MAX and board.day is not None:
        return f"the clock says {now.isoformat()}, over a week after the journal's last event {board.at.isoformat()}"
    return None


class Given(Struct, frozen=True):
    """How far the numbers of a day were used, by service."""

    given: dict[str, int]
    leased: dict[str, int]


async def given_on(journal: Journal, day: date, board: Board) -> Given:
    """The numbers that an earlier opening of this very day has used; a full read, needed after clock faults only."""
    given: dict[str, int] = {}
    leased: dict[str, int] = {}
    ranges = {service.id: service.ranges for service in (board.rules.services if board.rules else ())}
    present: date | None = None
    after = 0
    while rows := await journal.read(after, CHUNK):
        for row in rows:
            event, _ = decode_row(row)
            if isinstance(event, DayOpened):
                present = event.day
            if present == day and isinstance(event, TicketIssued) and event.lease is None:
                position = index_of(ranges.get(event.service, ()), event.number)
                given[event.service] = max(given.get(event.service, 0), 0 if position is None else position + 1)
            if isinstance(event, LeaseGranted) and event.day == day:
                leased[event.service] = leased.get(event.service, 0) + len(event.numbers)
        after = rows[-1].sequence
    return Given(given, leased)


class BoardWalk:
    """Rebuilds every day's board beside a walk over the chain, and says where the story cannot have happened."""

    def __init__(self) -> None:
        """Before the first event."""
        self.board = Board()

    def __call__(self, event: AnyEvent, at: datetime, sequence: int) -> str | None:
        """One more event; a sentence when it cannot follow the ones before it."""
        try:
            self.board = evolve(self.board, event, at)
        except (LookupError, AssertionError, TypeError) as error:
            return f"event {sequence} ({event.KIND}) cannot follow the events before it: {error}"
        return None

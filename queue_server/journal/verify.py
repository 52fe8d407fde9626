"""Walking a journal from its first event to its last, to find whether anybody changed it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from msgspec import Struct

from queue_server.core.events import AnyEvent, DayOpened
from queue_server.journal.codec import BrokenRow, FromNewerRelease, chain_hash, decode_row, hash_before
from queue_server.journal.port import Head, Row
from queue_server.journal.stored import UnreadableFile

OnEvent = Callable[[AnyEvent, datetime, int], str | None]
"""Shown each good event with its instant and sequence; answers with what is wrong with it, if anything is."""

SEAL_CHARACTERS_MIN = 12
"""Slips show this much of a hash; less would match by chance."""


class Report(Struct, frozen=True, kw_only=True):
    """What a walk found."""

    events: int
    """Good events before the first problem."""
    days: int
    """Service days among them."""
    head: str
    """Hash of the last good event."""
    first_bad: int | None = None
    """Sequence of the event that is wrong or missing."""
    problem: str | None = None


class _Problem(Exception):
    """Ends the walk."""


class _Walk:
    """Where a walk stands."""

    def __init__(self, seal: str | None, on_event: OnEvent | None) -> None:
        self.head = Head(0, "")
        self.days: set[date] = set()
        self.seal_found = seal is None
        self._seal = seal
        self._on_event = on_event

    def step(self, row: Row) -> None:
        """Take one more row, or say what is wrong with it."""
        expected = self.head.sequence + 1
        if row.sequence != expected:
            raise _Problem(f"event {expected} is missing: {row.sequence} stands in its place")
        before = self.head.hash or hash_before(row)
        if row.hash != chain_hash(before, row.sequence, row.at, row.kind, row.version, row.body):
            raise _Problem(f"event {expected} or its place in the chain was changed: its hash does not fit")
        event, at = decode_row(row)
        wrong = self._on_event(event, at, expected) if self._on_event else None
        if wrong:
            raise _Problem(f"event {expected}: {wrong}")
        if isinstance(event, DayOpened):
            self.days.add(event.day)
        if self._seal and row.hash.startswith(self._seal):
            self.seal_found = True
        self.head = Head(row.sequence, row.hash)


def verify(rows: Iterable[Row], seal: str | None = None, on_event: OnEvent | None = None) -> Report:
    """Walk the chain from the hall's creation: no gap, no changed event, none that cannot be read.

    Memory stays flat however long the journal is. A cut tail and a journal that was wholly rewritten are found
    only against `seal`: a hash, or at least its first 12 characters, that was kept elsewhere.
    """
    seal = _checked_seal(seal)
    walk = _Walk(seal, on_event)
    problem: str | None = None
    try:
        for row in rows:
            walk.step(row)
        if walk.head.sequence == 0:
            raise _Problem("there is no event in this journal")
        if not walk.seal_found:
            raise _Problem(
                f"no event has the seal {seal}: events after {walk.head.sequence} were cut off, or all were rewritten"
            )
    except (_Problem, BrokenRow, FromNewerRelease, UnreadableFile) as error:
        problem = str(error)
    return Report(
        events=walk.head.sequence,
        days=len(walk.days),
        head=walk.head.hash,
        first_bad=walk.head.sequence + 1 if problem else None,
        problem=problem,
    )


def _checked_seal(seal: str | None) -> str | None:
    if seal is None:
        return None
    seal = seal.strip().lower()
    if not SEAL_CHARACTERS_MIN <= len(seal) <= 64 or not set(seal) <= set("0123456789abcdef"):
        raise ValueError(f"{seal!r} is no seal: give the 64 hexadecimal digits of a hash, or the first 12 or more")
    return seal

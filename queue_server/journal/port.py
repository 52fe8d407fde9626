"""What a journal is and promises, whatever it is made of."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

JOURNAL_FILE = "journal.db"
"""The journal's place in a hall folder."""


class Row(Struct, frozen=True, gc=False):
    """One event as it is stored and exported; these six columns are the contract's."""

    sequence: int
    at: str
    """RFC 3339 with milliseconds and offset, such as 2026-11-23T07:30:00.123+07:00."""
    kind: str
    version: int
    body: str
    """Canonical JSON."""
    hash: str
    """SHA-256 of the hash before it and of the other five columns."""


class Word(Struct, frozen=True, gc=False):
    """What a person said, and the salt under which an event commits to it."""

    name: str
    salt: str
    value: str


class SideRow(Struct, frozen=True, gc=False, kw_only=True):
    """A word beside its event; it can be deleted without touching the chain."""

    sequence: int
    name: str
    salt: str
    value: str
    subject: str
    """The ticket it belongs to; empty if none."""


class Kept(Struct, frozen=True, gc=False, kw_only=True):
    """An answer to repeat when the same request comes again."""

    key: str
    """Digest of scope and Idempotency-Key. The writer gives each key once while it is kept."""
    request: str
    """Digest of the request's body."""
    status: int
    answer: bytes
    """UTF-8 text."""
    at: str
    """Written like `Row.at`; compared as text, so all in one offset."""


class Head(Struct, frozen=True, gc=False):
    """The last event; sequence 0 and an empty hash when there is none."""

    sequence: int
    hash: str


class Outrun(Exception):
    """The expected sequence was not the head, so somebody else writes this journal.

    Nothing was written; the process must stop.
    """


class JournalUnavailable(Exception):
    """The disk is full, read-only, locked or failing.

    Nothing was written, or it is unknown: ask for the head before going on.
    """


class Journal(Protocol):
    """An append-only sequence of events, the deletable words beside it, and the answers kept for repeats.

    Lifetime: from opening to `close`.
    Concurrency: one writer, which awaits each append before the next; any number of readers beside it.
    """

    async def head(self) -> Head:
        """The last event that is durably written."""
        ...

    async def append(
        self, rows: Sequence[Row], *, side: Sequence[SideRow] = (), kept: Sequence[Kept] = (), expected_sequence: int
    ) -> None:
        """Write all of it durably before returning, or raise and write nothing.

        Rows continue from `expected_sequence` without a gap, and side rows belong to rows of the same append.
        Outrun if the head is another. JournalUnavailable if it could not be written; the journal can be used again
        after it. Cancelled while waiting, it may be written or not: ask for the head.
        """
        ...

    async def read(self, after: int = 0, limit: int = 1000) -> list[Row]:
        """Up to `limit` rows later than `after`, in order."""
        ...

    async def day_start(self) -> int:
        """Sequence of the last day-opened event, 0 if none; as quick in a journal of ten years as in a new one."""
        ...

    async def side_since(self, sequence: int) -> list[SideRow]:
        """Words of the event `sequence` and of all later ones, in order of sequence and name."""
        ...

    async def kept_since(self, at: str) -> list[Kept]:
        """Answers kept at `at` or later, in order of instant and key."""
        ...

    async def forget_kept(self, before: str) -> int:
        """Delete answers kept earlier than `before`; tells how many."""
        ...

    async def purge_side(self, before_sequence: int) -> int:
        """Delete words of events earlier than `before_sequence` beyond recovery from the file; tells how many."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the files. A second call does nothing."""
        ...


def check_batch(rows: Sequence[Row], side: Sequence[SideRow], expected_sequence: int) -> None:
    """Assert what every writer owes to `append`."""
    last = expected_sequence + len(rows)
    assert not rows or (rows[0].sequence == expected_sequence + 1 and rows[-1].sequence == last), (
        f"rows {rows[0].sequence} to {rows[-1].sequence} do not continue from {expected_sequence}"
    )
    assert all(expected_sequence < word.sequence <= last for word in side), (
        f"words of events outside {expected_sequence + 1} to {last}"
    )

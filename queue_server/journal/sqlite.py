"""The journal on disk: SQLite, written ahead, flushed at each append."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import lru_cache
from pathlib import Path

import aiosqlite
import msgspec

from queue_server.journal.migrations import migrate
from queue_server.journal.port import Head, JournalUnavailable, Kept, Outrun, Row, SideRow, check_batch

Value = int | str | bytes | None

STATEMENT_ROWS_MAX = 256
"""A longer batch with words or answers goes as one text of JSON, for SQLite counts parameters."""
PURGE_ROWS = 2000
"""Words deleted in one go; appends get in between."""
LOCK_WAIT_SECONDS = 2.0
"""A file that is locked for longer is unavailable."""

_HEAD = "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1"
_READ = "SELECT sequence, at, kind, version, body, hash FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"
# Named, because SQLite might rather walk the table back from its end.
_DAY_START = (
    "SELECT sequence FROM event INDEXED BY event_day_opened WHERE kind = 'day-opened' ORDER BY sequence DESC LIMIT 1"
)
_SIDE = "SELECT sequence, name, salt, value, subject FROM side WHERE sequence >= ? ORDER BY sequence, name"
_KEPT = "SELECT key, request, status, answer, at FROM kept WHERE at >= ? ORDER BY at, key"
_FORGET = "DELETE FROM kept WHERE at < ?"
_PURGE = (
    "DELETE FROM side WHERE sequence < ?"
    " AND sequence <= (SELECT max(sequence) FROM (SELECT sequence FROM side ORDER BY sequence LIMIT ?))"
)
# A batch is one text: the interpreter hands over two values instead of six a row, and SQLite takes them apart.
_JSON = msgspec.json.Encoder()
_EVENTS = (
    "INSERT INTO event SELECT json_extract(value, '$.sequence'), json_extract(value, '$.at'),"
    " json_extract(value, '$.kind'), json_extract(value, '$.version'), json_extract(value, '$.body'),"
    " json_extract(value, '$.hash') FROM json_each(?) WHERE (SELECT coalesce(max(sequence), 0) FROM event) = ?"
)
_WIDE = (
    "INSERT INTO batch SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),"
    " json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),"
    " json_extract(value, '$[6]') FROM json_each(?)"
)

# The lowest byte of an SQLite error code tells the family; these are faults of the disk or of another process's lock.
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# What only a second writer can bring about: the guard of `batch`, or a row that is there already.
_OUTRUN = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_TRIGGER,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    }
)


class SqliteJournal:
    """A `Journal` in one SQLite file; what `append` has returned from survives a crash and a power cut.

    Lifetime: inside `async with SqliteJournal.open(path)`.
    Concurrency: one event loop. Appends and reads use a thread each, so that a long read delays no append.
    """

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, path: Path) -> None:
        self._writer = writer
        self._reader = reader
        self._path = path

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator["SqliteJournal"]:
        """The journal at `path`, made if missing, brought to the present schema, and closed at the end.

        NewerSchema, NotAJournal or JournalUnavailable leave the file as it was.
        """
        async with AsyncExitStack() as stack:
            with _plainly(path):
                await asyncio.to_thread(migrate, path)
                writer = await stack.enter_async_context(_connected(path))
                reader = await stack.enter_async_context(_connected(path))
                await _make_durable(writer)
                await reader.execute_fetchall("PRAGMA query_only = ON")
            yield cls(writer, reader, path)

    async def head(self) -> Head:
        """The last event that is durably written."""
        with _plainly(self._path):
            for sequence, digest in await self._writer.execute_fetchall(_HEAD):
                return Head(sequence, digest)
        return Head(0, "")

    async def append(
        self, rows: Sequence[Row], *, side: Sequence[SideRow] = (), kept: Sequence[Kept] = (), expected_sequence: int
    ) -> None:
        """Write all of it durably, or raise and write nothing."""
        check_batch(rows, side, expected_sequence)
        if not rows and not kept:
            return
        # One statement in autocommit: one trip to the thread, one flush, no transaction for a fault to leave open.
        with _plainly(self._path):
            if side or kept:
                await self._writer.execute(*_batch_statement(_lines_of(rows, side, kept, expected_sequence)))
                return
            cursor = await self._writer.execute(_EVENTS, (_JSON.encode(rows).decode(), expected_sequence))
        if cursor.rowcount == 0:
            raise Outrun(f"the head of {self._path} is not {expected_sequence}: another process writes it")

    async def read(self, after: int = 0, limit: int = 1000) -> list[Row]:
        """Up to `limit` rows later than `after`, in order."""
        with _plainly(self._path):
            return [Row(*columns) for columns in await self._reader.execute_fetchall(_READ, (after, limit))]

    async def day_start(self) -> int:
        """Sequence of the last day-opened event, 0 if none."""
        with _plainly(self._path):
            for (sequence,) in await self._reader.execute_fetchall(_DAY_START):
                assert isinstance(sequence, int), f"sequence {sequence!r}"
                return sequence
        return 0

    async def side_since(self, sequence: int) -> list[SideRow]:
        """Words of this event and later ones."""
        with _plainly(self._path):
            found = await self._reader.execute_fetchall(_SIDE, (sequence,))
        return [
            SideRow(sequence=n, name=name, salt=salt, value=value, subject=of) for n, name, salt, value, of in found
        ]

    async def kept_since(self, at: str) -> list[Kept]:
        """Answers kept at this instant or later."""
        with _plainly(self._path):
            found = await self._reader.execute_fetchall(_KEPT, (at,))
        return [
            Kept(key=key, request=asked, status=code, answer=answer, at=at) for key, asked, code, answer, at in found
        ]

    async def forget_kept(self, before: str) -> int:
        """Delete answers kept earlier."""
        with _plainly(self._path):
            return (await self._writer.execute(_FORGET, (before,))).rowcount

    async def purge_side(self, before_sequence: int) -> int:
        """Delete words of earlier events. For quiet hours: at its end an append may wait until no reader is left."""
        gone = 0
        with _plainly(self._path):
            while deleted := (await self._writer.execute(_PURGE, (before_sequence, PURGE_ROWS))).rowcount:
                gone += deleted
            # The log still holds the pages as they were, so it is emptied as well.
            await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    async def close(self) -> None:
        """Finish what is under way and let go of the files."""
        await self._reader.close()
        await self._writer.close()


@asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=LOCK_WAIT_SECONDS)
    try:
        yield connection
    finally:
        await connection.close()


async def _make_durable(writer: aiosqlite.Connection) -> None:
    """Each commit is on the disk before it returns; deleted words are overwritten."""
    # Some of these answer with a row; a row that is not fetched would hold a transaction open.
    await writer.execute_fetchall("PRAGMA synchronous = FULL")
    await writer.execute_fetchall("PRAGMA secure_delete = ON")
    # 16 MB of log between checkpoints: fewer of the slow commits that also copy pages.
    await writer.execute_fetchall("PRAGMA wal_autocheckpoint = 4000")
    for (mode,) in await writer.execute_fetchall("PRAGMA journal_mode"):
        assert mode == "wal", f"journal mode is {mode}; this file system cannot hold a journal"


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Say by the class of the exception what can be done; anything else is a bug or a damaged file, and falls."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _OUTRUN:
            raise Outrun(f"{path} is not at the expected head ({error}): another process writes it") from error
        raise
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _UNAVAILABLE:
            raise JournalUnavailable(f"{path}: {error} ({error.sqlite_errorname})") from error
        raise


def _lines_of(
    rows: Sequence[Row], side: Sequence[SideRow], kept: Sequence[Kept], expected: int
) -> list[tuple[Value, ...]]:
    """Everything of a batch as lines of the view `batch`."""
    head = expected + len(rows)
    return [
        *(("event", row.sequence, row.at, row.kind, row.version, row.body, row.hash) for row in rows),
        *(("side", word.sequence, word.name, word.salt, word.value, word.subject, None) for word in side),
        *(("kept", head, known.at, known.key, known.request, known.status, known.answer.decode()) for known in kept),
    ]


def _batch_statement(lines: list[tuple[Value, ...]]) -> tuple[str, Sequence[Value]]:
    if len(lines) > STATEMENT_ROWS_MAX:
        return _WIDE, (_JSON.encode(lines).decode(),)
    return _batch_text(len(lines)), [value for line in lines for value in line]


@lru_cache(maxsize=STATEMENT_ROWS_MAX)
def _batch_text(count: int) -> str:
    places = ",".join(["(?,?,?,?,?,?,?)"] * count)
    return f"INSERT INTO batch VALUES {places}"  # noqa: S608  Only question marks are put in.

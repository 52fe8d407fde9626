"""`bookings.db`: appointments until they are used or a week old."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import aiosqlite
import msgspec
from msgspec import Struct

from queue_server.bookings.table import Booking, code_key
from queue_server.core.ids import ServiceId, TicketId

BOOKINGS_FILE = "bookings.db"
BOOKINGS_MAX = 50_000  # The next is refused until old ones are gone.
KEPT_DAYS = 7


class BookingsUnavailable(Exception):
    """The disk is full or failing, or the file is not ours: nothing was changed."""


class Stored(Struct, frozen=True):
    """A booking and the ticket it was used for, empty when it was not."""

    booking: Booking
    ticket: TicketId


class Bookings:
    """The appointments of one hall.

    Lifetime: `open_bookings`' block. Concurrency: the loop's thread; `turn` is held from look-up to use.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.turn = asyncio.Lock()
        """Protects one ticket for one code: held while a booking is looked up, used and marked."""

    async def put(self, bookings: Sequence[Booking], now: datetime) -> int:
        """Add them, or change those not used yet; tells how many were put, 0 when the store is full."""
        old = (now - timedelta(days=KEPT_DAYS)).isoformat()
        rows = [[one.code, one.service, one.at.isoformat()] for one in bookings]
        text = msgspec.json.encode(rows).decode()
        await self._ask("DELETE FROM booking WHERE at < ?", old)
        [(count,)] = await self._ask("SELECT count(*) FROM booking")
        assert isinstance(count, int), f"count {count!r}"
        if count + len(rows) > BOOKINGS_MAX:
            return 0
        await self._ask(_PUT, text)
        return len(rows)

    async def find(self, code: str) -> Stored | None:
        """The booking with this code."""
        for found, service, at, ticket in await self._ask(
            "SELECT code, service, at, ticket FROM booking WHERE code = ?", code_key(code)
        ):
            booking = Booking(str(found), ServiceId(str(service)), datetime.fromisoformat(str(at)))
            return Stored(booking, TicketId(str(ticket)))
        return None

    async def used(self, code: str, ticket: TicketId) -> None:
        """The booking became this ticket."""
        await self._ask("UPDATE booking SET ticket = ? WHERE code = ?", ticket, code)

    async def _ask(self, statement: str, *values: str) -> list[tuple[str | int, ...]]:
        try:
            rows = await self._connection.execute_fetchall(statement, values)
        except sqlite3.Error as fault:
            raise BookingsUnavailable(f"bookings.db cannot be used now ({fault}); look at the disk") from fault
        return [tuple(row) for row in rows]


@asynccontextmanager
async def open_bookings(path: Path) -> AsyncIterator[Bookings]:
    """The bookings of a hall, made if missing."""
    schema = await asyncio.to_thread(_schema)
    await asyncio.to_thread(_touch, path)
    try:
        async with aiosqlite.connect(path, timeout=5.0, isolation_level=None) as connection:
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
            await connection.execute_fetchall("PRAGMA synchronous = FULL")
            [(version,)] = await connection.execute_fetchall("PRAGMA user_version")
            if version == 0:
                await connection.executescript(f"BEGIN; {schema} PRAGMA user_version = 1; COMMIT;")
            yield Bookings(connection)
    except sqlite3.Error as fault:
        raise BookingsUnavailable(f"{path} cannot be opened ({fault}); look at the disk") from fault


def _touch(path: Path) -> None:
    """Make the file before SQLite does, for its owner's eyes alone: a code takes a citizen's place."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as fault:
        raise BookingsUnavailable(f"{path} cannot be opened ({fault}); look at the disk") from fault


def _schema() -> str:
    return (resources.files("queue_server.bookings") / "schema" / "0001_initial.sql").read_text(encoding="utf-8")


_PUT = """
    INSERT INTO booking (code, service, at)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(?) WHERE true
    ON CONFLICT (code) DO UPDATE SET service = excluded.service, at = excluded.at WHERE ticket = ''
"""

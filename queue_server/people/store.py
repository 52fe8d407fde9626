"""`people.db`: one SQLite connection; every change is one statement, so it is atomic without a lock of ours."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiosqlite
import msgspec
from msgspec import Struct

from queue_server.core.ids import Actor, CounterNumber
from queue_server.people.errors import PeopleUnavailable
from queue_server.people.migrations import migrate, schema_files
from queue_server.people.roles import Role

BUSY_SECONDS = 5.0  # Another process holds the write lock for milliseconds; after this time the change is refused.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = str | int | bytes | None
Line = TypeVar("Line", bound=Struct)


PEOPLE_FILE = "people.db"
"""The name of the file in a hall's folder."""


class TokenLine(Struct, frozen=True, kw_only=True, array_like=True):
    """A token as the list shows it; its secret is not kept."""

    id: Actor
    name: str
    role: Role
    counter: CounterNumber | None
    issued_ms: int


class PersonLine(Struct, frozen=True, kw_only=True, array_like=True):
    """A person as the list shows them; without the password."""

    id: Actor
    login: str
    name: str
    role: Role
    counter: CounterNumber | None
    must_change: int
    added_ms: int


class SessionLine(Struct, frozen=True, kw_only=True, array_like=True):
    """A session as the list shows it; its secret is not kept."""

    id: str
    person: Actor
    login: str
    address: str
    opened_ms: int
    seen_ms: int


class Store:
    """The tables of people and tokens.

    Lifetime: as long as `open_store`'s block.
    Concurrency: any task of the loop; aiosqlite's thread takes the statements one at a time.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def ask(self, line: type[Line], statement: str, *values: Value) -> list[Line]:
        """Run one statement and give its rows, or raise PeopleUnavailable and change nothing.

        A broken unique index comes through as `sqlite3.IntegrityError`: the caller knows which name is taken.
        """
        try:
            rows = await self._connection.execute_fetchall(statement, values)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as fault:
            raise _unavailable(fault) from fault
        return msgspec.convert([tuple(row) for row in rows], list[line])  # type: ignore[valid-type]  # A type by value.


@asynccontextmanager
async def open_store(path: Path, *, create: bool = False) -> AsyncIterator[Store]:
    """The store of a hall, with the newest schema; with `create`, made if missing, readable by its owner alone."""
    # At DEBUG, aiosqlite logs each statement with its values: logins, names and digests.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    await asyncio.to_thread(_prepare, path, create)
    connection = await _connect(path)
    try:
        await _set_up(connection)
        yield Store(connection)
    finally:
        await connection.close()


def milliseconds(at: datetime) -> int:
    """An instant as it is stored."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def _prepare(path: Path, create: bool) -> None:
    if path.exists():
        return
    if not create:
        sentence = f"{path} is missing; make the hall with: denluot-server init {path.parent}"
        raise PeopleUnavailable("people-missing", sentence)
    try:
        # SQLite gives its -wal and -shm files the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as fault:
        raise PeopleUnavailable("people-unavailable", f"{path} cannot be made: {fault.strerror}") from fault


async def _connect(path: Path) -> aiosqlite.Connection:
    try:
        return await aiosqlite.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as fault:
        raise _unavailable(fault) from fault


async def _set_up(connection: aiosqlite.Connection) -> None:
    try:
        await _use_wal(connection)
        await connection.execute_fetchall("PRAGMA synchronous = FULL")
        await connection.execute_fetchall("PRAGMA foreign_keys = ON")
        await migrate(connection, await asyncio.to_thread(schema_files))
    except sqlite3.Error as fault:
        raise _unavailable(fault) from fault


async def _use_wal(connection: aiosqlite.Connection) -> None:
    # Turning a new file to WAL does not heed the busy timeout, so two that open it at once wait for each other here.
    try:
        async with asyncio.timeout(BUSY_SECONDS):
            while not await _is_wal(connection):  # noqa: ASYNC110  # Another process lets go without telling.
                await asyncio.sleep(0.02)
    except TimeoutError as fault:
        raise sqlite3.OperationalError("database is locked") from fault


async def _is_wal(connection: aiosqlite.Connection) -> bool:
    try:
        [(mode,)] = await connection.execute_fetchall("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    return str(mode) == "wal"


def _unavailable(fault: sqlite3.Error) -> PeopleUnavailable:
    # SQLite's own sentence names tables and files, never a value.
    return PeopleUnavailable(
        "people-unavailable", f"people.db cannot be used now ({fault}); look at the disk, try again"
    )

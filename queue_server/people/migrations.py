"""Bring `people.db` to the newest schema: numbered files, never edited, each in one transaction."""

import sqlite3
from importlib import resources

import aiosqlite

from queue_server.people.errors import PeopleUnavailable


def schema_files() -> tuple[str, ...]:
    """The text of every schema file in order; the first brings an empty database to version 1."""
    folder = resources.files("queue_server.people") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((folder / name).read_text(encoding="utf-8") for name in names)


async def migrate(connection: aiosqlite.Connection, files: tuple[str, ...]) -> None:
    """Apply what is missing, or raise PeopleUnavailable and change nothing. Two processes may do so at once."""
    version = await _version(connection)
    if version > len(files):
        sentence = f"people.db has version {version}, this release knows {len(files)}; install the newer release"
        raise PeopleUnavailable("people-too-new", sentence, version=version)
    for number in range(version + 1, len(files) + 1):
        await _apply(connection, number, files[number - 1])


async def _apply(connection: aiosqlite.Connection, number: int, text: str) -> None:
    await connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have applied it while this one waited for the lock.
        if await _version(connection) < number:
            for statement in _statements(text):
                await connection.execute(statement)
            await connection.execute(f"PRAGMA user_version = {number}")
        await connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            await connection.execute("ROLLBACK")


async def _version(connection: aiosqlite.Connection) -> int:
    [(version,)] = await connection.execute_fetchall("PRAGMA user_version")
    return int(version)


def _statements(text: str) -> list[str]:
    """The statements of a file. `executescript` is no help: it commits first, and so gives up the transaction."""
    statements, begun = [], ""
    for line in text.splitlines(keepends=True):
        begun += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    assert not begun.strip(), f"a schema file ends within a statement: {begun!r}"
    return statements

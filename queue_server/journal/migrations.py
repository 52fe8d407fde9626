"""Bringing a journal's tables to the present schema: numbered texts, each run once, wholly or not at all."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct

SCHEMA = Path(__file__).parent / "schema"
APPLICATION_ID = 0x444C4A31
"""Stands in the file's head, so that another program's database is never taken for a journal."""


class Migration(Struct, frozen=True):
    """One step; `number` is the schema version it makes."""

    number: int
    text: str


class NewerSchema(Exception):
    """The file has a schema of a later release; the remedy is to install that release."""


class NotAJournal(Exception):
    """The file is something else; nothing in it was touched."""


def migrations(folder: Path = SCHEMA) -> tuple[Migration, ...]:
    """All steps there are, in order."""
    steps = tuple(Migration(int(path.name[:4]), path.read_text("utf-8")) for path in sorted(folder.glob("*.sql")))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1)), f"{folder} is not numbered from 1 on"
    return steps


def migrate(path: Path, steps: tuple[Migration, ...] | None = None) -> None:
    """Make the file at `path` a journal of the present schema; a new one can be read by its owner alone.

    NewerSchema or NotAJournal leave the file as it was.
    """
    steps = migrations() if steps is None else steps
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        version = _checked_version(connection, path, len(steps))
        # Outside the steps, because SQLite changes this mode only between transactions. It stays with the file.
        connection.execute("PRAGMA journal_mode = WAL")
        for step in steps[version:]:
            _run(connection, step)


def _checked_version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise NotAJournal(f"{path} is no SQLite database; move it away or name another file") from error
        raise
    if tables and application != APPLICATION_ID:
        raise NotAJournal(f"{path} is a database of another program; move it away or name another file")
    if version > newest:
        raise NewerSchema(
            f"{path} has schema {version} and this release knows {newest}; "
            "install the release that wrote it, or a newer one"
        )
    assert isinstance(version, int), f"user_version of {path} is {version!r}"
    return version


def _run(connection: sqlite3.Connection, step: Migration) -> None:
    # SQLite rolls back tables and user_version alike, so a power cut here leaves the version before.
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{step.text}\nPRAGMA user_version = {step.number};\nCOMMIT;")
    finally:
        if connection.in_transaction:
            connection.rollback()

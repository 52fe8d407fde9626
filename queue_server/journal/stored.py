"""The rows of a journal that lies on a disk, whether a server has it open or not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import msgspec

from queue_server.journal.port import JOURNAL_FILE, Row

LINE_BYTES_MAX = 16 * 1024 * 1024
"""A longer line of an export is no event."""

_COLUMNS = tuple[int, str, str, int, str, str]
_LINE = msgspec.json.Decoder(Row)
_SELECT = "SELECT sequence, at, kind, version, body, hash FROM event ORDER BY sequence"


class UnreadableFile(Exception):
    """The file cannot be read as a journal, or not beyond some row."""


@contextmanager
def stored_rows(source: Path) -> Iterator[Iterator[Row]]:
    """All rows of a hall folder, a journal database or an exported NDJSON file, as they stand at this moment.

    Read one by one, in flat memory. UnreadableFile at once or at the row that cannot be read.
    """
    path = source / JOURNAL_FILE if source.is_dir() else source
    try:
        with path.open("rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
        if is_database:
            with closing(open_readonly(path)) as connection:
                yield _database_rows(connection, path)
        else:
            with path.open("rb") as file:
                yield _lines(file, path)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}") from error


def open_readonly(path: Path) -> sqlite3.Connection:
    """A connection that sees one moment of the database in each statement and never writes."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)


def _database_rows(connection: sqlite3.Connection, path: Path) -> Iterator[Row]:
    try:
        # One SELECT is one read transaction: rows that are appended meanwhile are not in it.
        for columns in connection.execute(_SELECT):
            # SQLite lets any value stand in any column.
            yield Row(*msgspec.convert(columns, _COLUMNS))
    except (sqlite3.DatabaseError, msgspec.ValidationError) as error:
        raise UnreadableFile(f"{path} cannot be read on: {error}") from error


def _lines(file: IO[bytes], path: Path) -> Iterator[Row]:
    number = 0
    while line := file.readline(LINE_BYTES_MAX):
        number += 1
        try:
            yield _LINE.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableFile(f"line {number} of {path} is no event: {error}") from error

"""Old journals open for ever, and nobody edits the past."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from queue_server.journal.migrations import Migration, NewerSchema, NotAJournal, migrate, migrations
from queue_server.journal.sqlite import SqliteJournal
from tests.journal.chains import NOTHING, fill, rows_after

PINNED = {
    1: "3d66214b9c44b9d3e809ce9ed8ae1e953bf8dbf37916b5eae93f776dc61a48a4",
}
"""A released step is never edited: journals in the field were made by this very text. Add the next number."""


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as plain:
        (version,) = plain.execute("PRAGMA user_version").fetchone()
        assert isinstance(version, int)
        return version


def test_the_text_of_every_step_is_the_one_that_was_released() -> None:
    """Two journals of one version with different tables could not be told apart."""
    assert {step.number: sha256(step.text.encode()).hexdigest() for step in migrations()} == PINNED


@pytest.mark.parametrize("number", range(1, len(PINNED) + 1))
async def test_a_journal_of_every_old_schema_opens(tmp_path: Path, number: int) -> None:
    """A hall that missed three releases updates in one go and loses nothing."""
    path = tmp_path / "journal.db"
    migrate(path, migrations()[:number])
    rows = rows_after(NOTHING, 20)
    with closing(sqlite3.connect(path)) as old, old:
        for row in rows:
            values = (row.sequence, row.at, row.kind, row.version, row.body, row.hash)
            old.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", values)
    async with SqliteJournal.open(path) as journal:
        assert await journal.read() == rows
        assert await journal.day_start() == 2
        await fill(journal, 5)
    assert _version(path) == len(PINNED)


def test_a_step_that_fails_leaves_the_schema_before(tmp_path: Path) -> None:
    """A power cut or a fault in the middle of an update must leave a journal that opens."""
    path = tmp_path / "journal.db"
    migrate(path)
    broken = Migration(len(PINNED) + 1, "CREATE TABLE more (a TEXT); CREATE TABLE event (twice TEXT);")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(path, (*migrations(), broken))
    assert _version(path) == len(PINNED)
    whole = Migration(len(PINNED) + 1, "CREATE TABLE more (a TEXT);")
    migrate(path, (*migrations(), whole))
    assert _version(path) == len(PINNED) + 1


def test_a_journal_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    """After a downgrade the remedy is the newer program, and the file must still be its own."""
    path = tmp_path / "journal.db"
    migrate(path, (*migrations(), Migration(len(PINNED) + 1, "CREATE TABLE more (a TEXT);")))
    before = path.read_bytes()
    with pytest.raises(NewerSchema, match="install the release that wrote it"):
        migrate(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A wrong path in a command must not put tables into somebody's data."""
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE music (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotAJournal, match="another program"):
        migrate(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """The same, for any file."""
    path = tmp_path / "journal.db"
    path.write_bytes(b"Phieu so 1001 " * 1000)
    with pytest.raises(NotAJournal, match="no SQLite database"):
        migrate(path)
    assert path.read_bytes() == b"Phieu so 1001 " * 1000

"""Whoever changes the journal from outside is found by `verify`, with the first event that is wrong.

What no chain can find, a cut tail and a wholly rewritten journal, is found against a seal that was kept elsewhere.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_server.__main__ import main
from queue_server.journal.codec import chain_hash, hash_before
from queue_server.journal.port import JOURNAL_FILE, Row
from tests.hall.proof import exported
from tests.hall.running import Server, command
from tests.hall.served import Served

RANDOM_FLIPS = 60
UPDATE = "UPDATE event SET at = ?, kind = ?, version = ?, body = ?, hash = ? WHERE sequence = ?"


@pytest.fixture
def hall(served: Served, tmp_path: Path) -> Path:
    """A copy of the served hall, to be spoilt."""
    return shutil.copytree(served.hall, tmp_path / "hall")


def _sql(hall: Path, statement: str, *values: int | str) -> None:
    with closing(sqlite3.connect(hall / JOURNAL_FILE, isolation_level=None)) as journal:
        journal.execute(statement, values)


def _write(hall: Path, row: Row) -> None:
    _sql(hall, UPDATE, row.at, row.kind, row.version, row.body, row.hash, row.sequence)


def _first_bad(capsys: pytest.CaptureFixture[str], hall: Path, *more: str) -> int | None:
    """The sequence that `verify` names, or None when it finds nothing."""
    capsys.readouterr()
    code = main(["verify", str(hall), *more])
    said = capsys.readouterr().err
    if code == 0:
        assert said == ""
        return None
    assert code == 1, said
    assert said.startswith("first bad sequence "), said
    return int(said.removeprefix("first bad sequence ").partition(":")[0])


def _row(hall: Path, kind: str) -> Row:
    return next(row for row in exported(hall) if row.kind == kind)


def test_an_untouched_journal_is_whole(hall: Path, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """An alarm that rings every night is switched off."""
    assert _first_bad(capsys, hall) is None
    assert _first_bad(capsys, hall, "--seal", served.seal) is None


def test_verify_prints_events_days_and_head(hall: Path) -> None:
    """The auditor compares the head with the closing report."""
    rows = exported(hall)
    ended = command("verify", hall)
    assert (ended.code, ended.out) == (0, f"events {len(rows)}\ndays 1\nhead {rows[-1].hash}\n")


def test_one_flipped_byte_in_the_file_is_found(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A number changed on the disk itself, behind the back of every program."""
    row = _row(hall, "ticket-issued")
    raw = (hall / JOURNAL_FILE).read_bytes()
    at = raw.index(row.body.encode()) + row.body.index('"number":') + len('"number":')
    (hall / JOURNAL_FILE).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    assert _row(hall, "ticket-issued").body != row.body
    assert _first_bad(capsys, hall) == row.sequence


@pytest.mark.parametrize("column", ["at", "kind", "version", "body", "hash"])
def test_every_column_of_every_event_counts(hall: Path, column: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed time is as good a lie as a changed number."""
    row = _row(hall, "ticket-called")
    other = _row(hall, "ticket-issued")
    changed = {
        "at": replace(row, at=other.at),
        "kind": replace(row, kind="ticket-recalled"),
        "version": replace(row, version=2),
        "body": replace(row, body=row.body.replace('"counter":1', '"counter":2')),
        "hash": replace(row, hash=other.hash),
    }[column]
    assert changed != row
    _write(hall, changed)
    assert _first_bad(capsys, hall) == row.sequence


def _delete(hall: Path, row: Row) -> int:
    _sql(hall, "DELETE FROM event WHERE sequence = ?", row.sequence)
    return row.sequence


def _delete_and_close_the_gap(hall: Path, row: Row) -> int:
    _sql(hall, "DELETE FROM event WHERE sequence = ?", row.sequence)
    for sequence in range(row.sequence + 1, exported(hall)[-1].sequence + 1):
        _sql(hall, "UPDATE event SET sequence = ? WHERE sequence = ?", sequence - 1, sequence)
    return row.sequence


def _swap(hall: Path, row: Row) -> int:
    following = exported(hall)[row.sequence]
    _write(hall, replace(following, sequence=row.sequence))
    _write(hall, replace(row, sequence=following.sequence))
    return row.sequence


def _swap_far_apart(hall: Path, row: Row) -> int:
    early = _row(hall, "ticket-issued")
    assert early.sequence < row.sequence
    _write(hall, replace(early, sequence=row.sequence))
    _write(hall, replace(row, sequence=early.sequence))
    return early.sequence


def _say_twice(hall: Path, row: Row) -> int:
    rows = exported(hall)
    insert = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)"
    _sql(hall, insert, rows[-1].sequence + 1, row.at, row.kind, row.version, row.body, row.hash)
    return rows[-1].sequence + 1


def _rehash_one(hall: Path, row: Row) -> int:
    """The forger who knows the recipe, but changes one event only: the next one no longer fits."""
    before = exported(hall)[row.sequence - 2].hash
    body = row.body.replace('"counter":1', '"counter":2')
    _write(hall, replace(row, body=body, hash=chain_hash(before, row.sequence, row.at, row.kind, row.version, body)))
    return row.sequence + 1


@pytest.mark.parametrize(
    "tamper", [_delete, _delete_and_close_the_gap, _swap, _swap_far_apart, _say_twice, _rehash_one]
)
def test_a_deleted_reordered_or_added_event_is_found(
    hall: Path, tamper: Callable[[Path, Row], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """A call taken out, put elsewhere or put in again would prove another order of the queue."""
    expected = tamper(hall, _row(hall, "ticket-called"))
    assert _first_bad(capsys, hall) == expected


def test_the_exported_file_can_be_verified_and_tampering_with_it_is_found(
    hall: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The auditor has the export alone."""
    file = tmp_path / "journal.ndjson"
    assert main(["export", str(hall), "--to", str(file)]) == 0
    assert _first_bad(capsys, file) is None
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:9], *lines[10:]]))
    assert _first_bad(capsys, file) == 10


def test_a_cut_tail_is_found_against_a_seal_alone(
    hall: Path, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shorter journal is whole in itself; the closing report on paper remembers the rest."""
    rows = exported(hall)
    _sql(hall, "DELETE FROM event WHERE sequence > ?", len(rows) - 3)
    assert _first_bad(capsys, hall) is None
    assert _first_bad(capsys, hall, "--seal", served.seal) == len(rows) - 2
    assert _first_bad(capsys, hall, "--seal", served.seal[:12]) == len(rows) - 2


def test_a_wholly_rewritten_journal_is_found_against_a_seal_alone(
    hall: Path, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever owns the machine can forge the whole chain, but not the paper in the auditor's drawer."""
    before = hash_before(exported(hall)[0])
    for row in exported(hall):
        body = row.body.replace('"number":1001', '"number":1999')
        forged = replace(row, body=body)
        forged = replace(forged, hash=chain_hash(before, row.sequence, row.at, row.kind, row.version, body))
        before = forged.hash
        _write(hall, forged)
    assert _first_bad(capsys, hall) is None
    assert _first_bad(capsys, hall, "--seal", served.seal) == len(exported(hall)) + 1


def test_no_flipped_byte_changes_the_story_unnoticed(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anywhere in the file: either the rows are as they were, or the command says that they are not."""
    seed = random.randrange(10**9)
    chance, file, rows = random.Random(seed), hall / JOURNAL_FILE, exported(hall)
    raw = file.read_bytes()
    for _ in range(RANDOM_FLIPS):
        at = chance.randrange(len(raw))
        file.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :])
        code = main(["verify", str(hall)])
        said = capsys.readouterr()
        assert code != 0 or exported(hall) == rows, f"seed {seed}: byte {at} changed the journal unnoticed"
        assert code == 0 or said.err, f"seed {seed}: byte {at} was found without a word"


@pytest.mark.parametrize("way", ["DELETE FROM side", "DROP TABLE side"])
def test_without_the_words_of_persons_everything_is_the_same(
    hall: Path, served: Served, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Personal words can be deleted as the law asks, and no proof and no figure is lost."""

    def everything() -> tuple[bytes, ...]:
        file = tmp_path / "journal.ndjson"
        outcome = [str(main(["verify", str(hall), "--seal", served.seal]))]
        outcome.append(str(main(["export", str(hall), "--to", str(file)])))
        for by in ("service", "counter", "hour"):
            main(["report", str(hall), "--from", served.day, "--to", served.day, "--by", by, "--format", "json"])
        outcome.append(capsys.readouterr().out)
        return (*(one.encode() for one in outcome), file.read_bytes())

    with closing(sqlite3.connect(hall / JOURNAL_FILE)) as journal:
        assert journal.execute("SELECT count(*) FROM side").fetchone()[0] > 0
    before = everything()
    _sql(hall, way)
    assert everything() == before


async def test_a_hall_whose_day_was_tampered_with_does_not_open(hall: Path) -> None:
    """It must not go on giving numbers on a board that somebody made up."""
    row = _row(hall, "ticket-called")
    _write(hall, replace(row, body=row.body.replace('"counter":1', '"counter":2')))
    server = Server(hall)
    try:
        await server.launch()
        assert await server.ended(20.0) == 1
        assert f"event {row.sequence}" in server.said()
    finally:
        await server.end()

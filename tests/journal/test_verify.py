"""Whoever changes the past is found, by the sequence of what was changed."""

import asyncio
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core.events import AnyEvent
from queue_server.journal.codec import encode_row
from queue_server.journal.export import export
from queue_server.journal.port import Row
from queue_server.journal.sqlite import SqliteJournal
from queue_server.journal.stored import UnreadableFile, stored_rows
from queue_server.journal.verify import Report, verify
from tests.journal.chains import GENESIS, HALL, NOTHING, START, a_word, an_event, head_of, rows_after

ROWS = rows_after(NOTHING, 40, day_every=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of forty events on the disk, closed."""

    async def make() -> None:
        async with SqliteJournal.open(tmp_path / "journal.db") as journal:
            await journal.append(ROWS, side=[a_word(3)], expected_sequence=0)

    asyncio.run(make())
    return tmp_path / "journal.db"


def _verify(source: Path, seal: str | None = None) -> Report:
    with stored_rows(source) as rows:
        return verify(rows, seal)


def _tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        for statement in statements:
            plain.execute(statement)


def test_a_whole_journal_is_told_by_its_events_days_and_head(path: Path) -> None:
    """The three figures go on the closing report."""
    good = Report(events=40, days=5, head=ROWS[-1].hash)
    assert _verify(path) == good
    assert _verify(path.parent) == good
    assert verify(iter(ROWS)) == good


def test_an_exported_journal_is_verified_without_the_hall(path: Path, tmp_path: Path) -> None:
    """An auditor takes the file home."""
    export(path, tmp_path / "out.ndjson")
    assert _verify(tmp_path / "out.ndjson") == _verify(path)


def test_a_flipped_byte_in_the_file_is_named(path: Path) -> None:
    """A disk that forgets, or a hand with an editor."""
    data = path.read_bytes()
    body = ROWS[22].body.encode()
    assert data.count(body) == 1
    path.write_bytes(data.replace(body, body.replace(b"23", b"24")))
    report = _verify(path)
    assert (report.first_bad, report.events, report.head) == (23, 22, ROWS[21].hash)
    assert report.problem is not None
    assert "event 23" in report.problem


def test_a_byte_that_is_no_text_any_more_is_named(path: Path) -> None:
    """Damage must be a line in a report and not a traceback."""
    data = path.read_bytes()
    body = ROWS[22].body.encode()
    path.write_bytes(data.replace(body, b"\xff" + body[1:]))
    assert _verify(path).first_bad == 23


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 39), st.sampled_from(Row.__struct_fields__), st.data())
def test_any_changed_column_of_any_row_is_named(index: int, column: str, data: st.DataObject) -> None:
    """Not only the body counts: an instant, a kind or a version tells as much."""
    old = getattr(ROWS[index], column)
    new = data.draw(st.integers(0, 99) if isinstance(old, int) else st.text(max_size=8))
    rows = list(ROWS)
    rows[index] = msgspec.structs.replace(rows[index], **{column: new})
    assert verify(rows).first_bad == (None if new == old else index + 1)


@pytest.mark.parametrize("sequence", [1, 2, 23, 39])
def test_a_deleted_row_is_named(path: Path, sequence: int) -> None:
    """The ticket that was quietly taken out."""
    _tamper(path, f"DELETE FROM event WHERE sequence = {sequence}")  # noqa: S608  The test's own number.
    assert _verify(path).first_bad == sequence


def test_a_deleted_row_is_named_though_later_ones_close_the_gap(path: Path) -> None:
    """The same, done with more care."""
    _tamper(path, "DELETE FROM event WHERE sequence = 23", "UPDATE event SET sequence = -sequence WHERE sequence > 23")
    _tamper(path, "UPDATE event SET sequence = -sequence - 1 WHERE sequence < 0")
    assert _verify(path).first_bad == 23


def test_swapped_rows_are_named(path: Path) -> None:
    """Who came first is the very thing that people would pay to change."""
    _tamper(
        path,
        "UPDATE event SET sequence = -10 WHERE sequence = 10",
        "UPDATE event SET sequence = 10 WHERE sequence = 11",
        "UPDATE event SET sequence = 11 WHERE sequence = -10",
    )
    assert _verify(path).first_bad == 10


def test_swapped_lines_are_named() -> None:
    """The same, in an exported file."""
    rows = list(ROWS)
    rows[9], rows[10] = rows[10], rows[9]
    assert verify(rows).first_bad == 10


def _rehashed(rows: list[Row], change: Callable[[int], AnyEvent]) -> list[Row]:
    before, made = GENESIS, []
    for row in rows:
        made.append(encode_row(change(row.sequence), START, row.sequence, before))
        before = made[-1].hash
    return made


def test_a_cut_tail_is_found_against_a_seal_and_not_without(path: Path) -> None:
    """A chain cannot know what came after it; the closing report on paper can."""
    _tamper(path, "DELETE FROM event WHERE sequence > 30")
    assert _verify(path) == Report(events=30, days=4, head=ROWS[29].hash)
    for seal in (ROWS[39].hash, ROWS[39].hash[:12], f" {ROWS[35].hash.upper()}\n"):
        report = _verify(path, seal)
        assert (report.events, report.first_bad) == (30, 31)
        assert report.problem is not None
        assert "cut off" in report.problem
    assert _verify(path, ROWS[29].hash).problem is None
    assert _verify(path, ROWS[4].hash[:12]).problem is None


def test_a_full_rewrite_is_found_against_a_seal_and_not_without() -> None:
    """Whoever owns the machine can forge a whole chain, but not the slips that citizens hold."""
    forged = _rehashed(ROWS, an_event)
    assert verify(forged).problem is None
    assert verify(forged, ROWS[39].hash).problem is not None


@pytest.mark.parametrize("seal", ["", "abc", "x" * 64, "a" * 65])
def test_a_seal_that_is_none_is_refused(seal: str) -> None:
    """Three characters match some event nearly always, and would prove nothing."""
    with pytest.raises(ValueError, match="no seal"):
        verify(ROWS, seal)


def test_an_empty_journal_proves_nothing() -> None:
    """Deleting everything must not pass."""
    assert verify([]).first_bad == 1


def test_a_journal_begins_with_the_hall() -> None:
    """Otherwise the chain would hang on nothing."""
    rows = _rehashed(ROWS, lambda sequence: an_event(sequence + 1))
    report = verify(rows)
    assert report.first_bad == 1
    assert report.problem is not None
    assert "hall-created" in report.problem


def test_another_halls_journal_does_not_fit() -> None:
    """The first hash is that of the hall's id and creation time."""
    body = ROWS[0].body.replace(HALL, "hoa-binj")
    assert verify([msgspec.structs.replace(ROWS[0], body=body), *ROWS[1:]]).first_bad == 1


def test_a_well_hashed_event_that_cannot_be_read_is_named() -> None:
    """A chain may be whole around an event that no release ever wrote."""
    from queue_server.journal.codec import chain_hash

    columns = (4, ROWS[3].at, "tea-served", 1, "{}")
    strange = Row(*columns, hash=chain_hash(ROWS[2].hash, *columns))
    report = verify([*ROWS[:3], strange])
    assert report.first_bad == 4
    assert report.problem is not None
    assert "tea-served" in report.problem


def test_each_good_event_is_shown_and_may_be_objected_to() -> None:
    """The boards are rebuilt along the same walk."""
    seen: list[int] = []

    def look(event: AnyEvent, at: datetime, sequence: int) -> str | None:
        assert event == an_event(sequence, day_every=10)
        assert at.utcoffset() is not None
        seen.append(sequence)
        return "the board says otherwise" if sequence == 7 else None

    report = verify(ROWS, on_event=look)
    assert seen == list(range(1, 8))
    assert (report.first_bad, report.problem) == (7, "event 7: the board says otherwise")


def test_words_of_persons_are_no_part_of_the_proof(path: Path, tmp_path: Path) -> None:
    """They may be deleted, even the whole table, and the record stands."""
    before = _verify(path)
    export(path, tmp_path / "before")
    _tamper(path, "DELETE FROM side")
    assert _verify(path) == before
    _tamper(path, "DROP TABLE side")
    assert _verify(path) == before
    export(path, tmp_path / "after")
    assert (tmp_path / "after").read_bytes() == (tmp_path / "before").read_bytes()


@pytest.mark.parametrize("line", [b"{}\n", b"\n", b"\xff\n", b'{"sequence":"4"}\n', b"[" * 5000])
def test_a_line_that_is_no_event_is_named(tmp_path: Path, line: bytes) -> None:
    """A file cut off by a full stick, or not an export at all."""
    file = tmp_path / "out.ndjson"
    lines = [msgspec.json.encode(row) + b"\n" for row in ROWS]
    file.write_bytes(b"".join([*lines[:3], line, *lines[3:]]))
    report = _verify(file)
    assert report.first_bad == 4
    assert report.problem is not None
    assert "line 4" in report.problem


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    """A typing mistake is answered with a sentence."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnreadableFile, match="cannot be read"):
        _verify(tmp_path / name)


def test_memory_stays_flat_however_long_the_journal_is() -> None:
    """Ten years are six million events, on the small machine of a commune."""

    def stream(count: int) -> Iterator[Row]:
        before = GENESIS
        for sequence in range(1, count + 1):
            row = encode_row(an_event(sequence), START, sequence, before)
            before = row.hash
            yield row

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            assert verify(stream(count)).events == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(10_000) < peak(100) + 20_000


def test_the_head_of_the_report_is_the_journals() -> None:
    """What verify prints is what slips carry."""
    assert verify(ROWS).head == head_of(ROWS).hash

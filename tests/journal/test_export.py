from pathlib import Path

import msgspec
import pytest

from queue_server.journal.export import export, export_line
from queue_server.journal.port import Head, Row
from queue_server.journal.sqlite import SqliteJournal
from queue_server.journal.stored import UnreadableFile
from tests.journal.chains import NOTHING, fill, head_of, rows_after


def _export(source: Path, to: Path) -> tuple[Head, bytes]:
    head = export(source, to)
    assert not to.with_name(f"{to.name}.part").exists()
    return head, to.read_bytes()


async def test_an_export_holds_the_six_columns_line_by_line(tmp_path: Path) -> None:
    """Any program can read it, without ours."""
    async with SqliteJournal.open(tmp_path / "journal.db") as journal:
        rows = await fill(journal, 300)
        head, text = _export(tmp_path, tmp_path / "out.ndjson")
    assert head == head_of(rows)
    lines = text.split(b"\n")
    assert lines.pop() == b""
    assert [msgspec.json.decode(line) for line in lines] == [msgspec.structs.asdict(row) for row in rows]
    assert list(msgspec.json.decode(lines[0])) == ["sequence", "at", "kind", "version", "body", "hash"]


def test_a_line_is_the_same_bytes_for_ever() -> None:
    """Two exports of one journal can be compared by their digests."""
    row = Row(7, "2026-11-23T07:30:00.123+07:00", "help-asked", 1, '{"by":"Mười","counter":3}', "ab")
    assert export_line(row).decode() == (
        '{"sequence":7,"at":"2026-11-23T07:30:00.123+07:00","kind":"help-asked","version":1,'
        '"body":"{\\"by\\":\\"Mười\\",\\"counter\\":3}","hash":"ab"}\n'
    )


async def test_an_export_goes_on_from_an_earlier_one(tmp_path: Path) -> None:
    """Yesterday's export is the beginning of today's, byte for byte."""
    async with SqliteJournal.open(tmp_path / "journal.db") as journal:
        await fill(journal, 20)
        _, first = _export(tmp_path, tmp_path / "out.ndjson")
        await fill(journal, 20)
        _, second = _export(tmp_path, tmp_path / "out.ndjson")
        _, again = _export(tmp_path / "journal.db", tmp_path / "again.ndjson")
    assert second.startswith(first)
    assert len(second) > len(first)
    assert again == second


async def test_a_failed_export_leaves_the_earlier_file(tmp_path: Path) -> None:
    """Half an export must never stand where a whole one stood."""
    async with SqliteJournal.open(tmp_path / "journal.db") as journal:
        await journal.append(rows_after(NOTHING, 5), expected_sequence=0)
        _, before = _export(tmp_path, tmp_path / "out.ndjson")
    with pytest.raises(UnreadableFile):
        export(tmp_path / "missing.db", tmp_path / "out.ndjson")
    _, after = _export(tmp_path / "out.ndjson", tmp_path / "copy.ndjson")
    assert before == after

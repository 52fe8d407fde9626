"""Every release leaves a journal behind, and every later one reads it."""

import os
from pathlib import Path

import msgspec
import pytest
from msgspec import NODEFAULT, inspect

from queue_server.core.rules import HallRules
from queue_server.journal.codec import EVENT_TYPES, TYPE_BY_KIND, decode_row, encode_row, hash_before
from queue_server.journal.export import export_line
from queue_server.journal.port import Row
from queue_server.journal.stored import stored_rows
from queue_server.journal.verify import verify
from tests.golden.make_journals import JOURNALS, PRESENT, the_text

ALL = sorted(JOURNALS.glob("*.ndjson"))
DEFAULTS = JOURNALS / "defaults.json"


def _rows(path: Path) -> list[Row]:
    with stored_rows(path) as rows:
        return list(rows)


def test_the_present_golden_journal_is_what_the_script_makes() -> None:
    """`make golden` writes it anew while a release is being made; the difference is read like code."""
    if os.environ.get("GOLDEN") == "write":
        PRESENT.write_bytes(the_text())
    assert PRESENT.read_bytes() == the_text()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_golden_journal_is_whole(path: Path) -> None:
    """A release that cannot prove an old journal makes liars of the auditors."""
    rows = _rows(path)
    assert verify(rows, seal=rows[-1].hash).problem is None


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_golden_event_is_written_again_as_the_same_bytes(path: Path) -> None:
    """Nothing is lost or renamed between reading and writing, as long as the version is the present one."""
    rows = _rows(path)
    before = hash_before(rows[0])
    text = b""
    for row in rows:
        event, at = decode_row(row)
        present = row.version == TYPE_BY_KIND[row.kind].VERSION
        text += export_line(encode_row(event, at, row.sequence, before) if present else row)
        before = row.hash
    assert text == path.read_bytes()


def test_golden_journals_hold_every_kind_and_every_field() -> None:
    """A new event or field is not released before a journal with it is kept."""
    seen: dict[str, set[str]] = {}
    for row in (row for path in ALL for row in _rows(path)):
        seen.setdefault(row.kind, set()).update(msgspec.json.decode(row.body, type=dict[str, object]))
    missing = {
        event_type.KIND: set(event_type.__struct_fields__) - seen.get(event_type.KIND, set())
        for event_type in EVENT_TYPES
    }
    assert {kind: fields for kind, fields in missing.items() if fields} == {}


def _defaults(kind: inspect.Type, found: dict[str, dict[str, object]]) -> None:
    match kind:
        case inspect.StructType():
            given = {one.encode_name: one.default for one in kind.fields if one.default is not NODEFAULT}
            made = {
                one.encode_name: one.default_factory() for one in kind.fields if one.default_factory is not NODEFAULT
            }
            found[kind.cls.__name__] = given | made
            for field in kind.fields:
                _defaults(field.type, found)
        case inspect.UnionType():
            for one in kind.types:
                _defaults(one, found)
        case inspect.VarTupleType():
            _defaults(kind.item_type, found)
        case _:  # A leaf has no fields.
            pass


def test_a_golden_default_never_changes() -> None:
    """A field at its default is not written, so a new default would change what old events say.

    Lines are only ever added here.
    """
    found: dict[str, dict[str, object]] = {}
    for event_type in (*EVENT_TYPES, HallRules):
        _defaults(inspect.type_info(event_type), found)
    text = msgspec.json.format(msgspec.json.encode({k: v for k, v in found.items() if v}, order="sorted"), indent=1)
    if os.environ.get("GOLDEN") == "write":
        DEFAULTS.write_bytes(text + b"\n")
    assert DEFAULTS.read_bytes() == text + b"\n"

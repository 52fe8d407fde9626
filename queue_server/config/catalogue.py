"""The hall's own catalogue of procedures: a dated snapshot in the hall's folder, taken in wholly or not at all.

A hall without one has the sample that ships with us. The file is made by `denluot-server procedures HALL import FILE`
and by nothing else: one line about the snapshot, then one line for each procedure, the most common first.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from queue_server.config.files import write_durably
from queue_server.procedures import Catalogue, Index, Procedure, Saying, index
from queue_server.procedures import load as load_sample
from queue_server.procedures.importing import Imported, Mistake, import_snapshot

CATALOGUE_FILE = "procedures.ndjson"
PREVIOUS_FILE = "procedures.previous.ndjson"
"""The catalogue before the last import, for `undo`."""
FORMAT = 1
FILE_BYTES_MAX = 64 * 1024 * 1024
"""A snapshot of the whole country has 5 MB."""
SOURCE_LENGTH_MAX = 200
MODE = 0o600

T = TypeVar("T")

_DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])(?![0-9])")


class CatalogueRefused(ValueError):
    """The file is not taken, and nothing was changed; the text names each mistake and its remedy."""


class _Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line."""

    format: int
    source: str
    snapshot_date: date
    sayings: tuple[Saying, ...] = ()


_HEAD = msgspec.json.Decoder(_Head).decode
_PROCEDURE = msgspec.json.Decoder(Procedure).decode


def has_own(folder: Path) -> bool:
    """Whether the hall has a catalogue of its own, readable or not."""
    return (folder / CATALOGUE_FILE).exists()


def load_catalogue(folder: Path) -> Catalogue:
    """The hall's own catalogue, or the sample; CatalogueRefused where its file is not as the import wrote it."""
    try:
        raw = (folder / CATALOGUE_FILE).read_bytes()
    except FileNotFoundError:
        return load_sample()
    return _read(raw, folder / CATALOGUE_FILE)


def load_index(folder: Path) -> Index:
    """The same, ready to be searched; about half a second for 6,000 procedures."""
    return index(load_catalogue(folder))


def _read(raw: bytes, file: Path) -> Catalogue:
    # Line by line: decoding the whole at once would hold everybody else up for it.
    lines = raw.splitlines() or [b""]
    head = _decoded(_HEAD, lines[0], 1, file)
    procedures = tuple(_decoded(_PROCEDURE, line, number, file) for number, line in enumerate(lines[1:], start=2))
    if head.format != FORMAT or not procedures:
        raise CatalogueRefused(f"{file.name} is of format {head.format}; import the snapshot again with this release")
    if len({one.code for one in procedures}) != len(procedures):
        raise CatalogueRefused(f"{file.name} names a code twice; import the snapshot again")
    return Catalogue(source=head.source, snapshot_date=head.snapshot_date, procedures=procedures, sayings=head.sayings)


def _decoded(decode: Callable[[bytes], T], line: bytes, number: int, file: Path) -> T:
    try:
        return decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise CatalogueRefused(
            f"{file.name}, line {number}: {wrong}; import the snapshot again, or remove the file to use the sample"
        ) from wrong


def _written(catalogue: Catalogue) -> bytes:
    head = _Head(
        format=FORMAT, source=catalogue.source, snapshot_date=catalogue.snapshot_date, sayings=catalogue.sayings
    )
    return b"".join(msgspec.json.encode(one) + b"\n" for one in (head, *catalogue.procedures))


class Brought(Struct, frozen=True):
    """What an import did."""

    imported: Imported
    is_new: bool
    """The hall has another catalogue than before."""


def import_file(
    folder: Path, file: Path, *, day: date | None, source: str, today: date, leaves_out: bool = False
) -> Brought:
    """Take a snapshot in, and keep the one before it; a running server notices within seconds.

    CatalogueRefused, and nothing is changed, when a row would be left out and `leaves_out` does not allow it, when
    nothing would be left, and when the snapshot's day is unknown or still to come.
    """
    day = _day(file, day, today)
    imported = import_snapshot(_bytes(file), source=_source(file, source), snapshot_date=day, handmade=load_sample())
    report = imported.report
    skipped = sum(one.is_skipped for one in report.mistakes) + report.mistakes_unlisted
    if not report.taken:
        raise CatalogueRefused("\n".join((*told(imported), f"{file} gives no procedure; nothing was changed")))
    if skipped and not leaves_out:
        raise CatalogueRefused(
            "\n".join(
                (
                    *told(imported),
                    f"{skipped} rows of {report.rows} cannot be taken; nothing was changed. "
                    "Mend them, or add --leave-out to go on without them",
                )
            )
        )
    return Brought(imported, _put(folder, _written(imported.catalogue)))


def _day(file: Path, day: date | None, today: date) -> date:
    found = day or _day_in_name(file.name)
    if found is None:
        raise CatalogueRefused(f"of which day is {file.name}? Add --date, such as --date {today.isoformat()}")
    if found > today:
        raise CatalogueRefused(f"{file.name} would be of {found.isoformat()}, and today is {today.isoformat()}")
    return found


def _day_in_name(name: str) -> date | None:
    """The only day that the name holds, such as `procedures-2026-07-20.tsv`."""
    days: set[date] = set()
    for found in _DATE_IN_NAME.findall(name):
        try:
            days.add(date(*map(int, found)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def _bytes(file: Path) -> bytes:
    size = file.stat().st_size
    if size > FILE_BYTES_MAX:
        raise CatalogueRefused(f"{file} has {size} bytes; at most {FILE_BYTES_MAX} are read. Leave out fields not used")
    return file.read_bytes()


def _source(file: Path, source: str) -> str:
    named = " ".join("".join(letter if letter.isprintable() else " " for letter in source or file.name).split())
    return named[:SOURCE_LENGTH_MAX]


def _put(folder: Path, content: bytes) -> bool:
    """In force in one step; the one before it is kept. False when it is the same."""
    present = folder / CATALOGUE_FILE
    if present.exists():
        before = present.read_bytes()
        if before == content:
            return False
        write_durably(folder / PREVIOUS_FILE, before, MODE)
    write_durably(present, content, MODE)
    return True


def undo(folder: Path) -> Catalogue:
    """Put the catalogue before the last import in force again, and give it; a second `undo` takes that back."""
    previous, present = folder / PREVIOUS_FILE, folder / CATALOGUE_FILE
    if not previous.exists():
        raise CatalogueRefused(
            f"{folder} holds no earlier catalogue"
            + (f"; remove {CATALOGUE_FILE} to use the sample" if present.exists() else "; it has the sample")
        )
    raw = previous.read_bytes()
    catalogue = _read(raw, previous)
    if present.exists():
        write_durably(previous, present.read_bytes(), MODE)
    write_durably(present, raw, MODE)
    return catalogue


def told(imported: Imported) -> Iterator[str]:
    """Each mistake of a snapshot with line, column, value and remedy, for a terminal."""
    for one in imported.report.mistakes:
        yield _line(one)
    if imported.report.mistakes_unlisted:
        yield f"… {imported.report.mistakes_unlisted} more mistakes of this kind"


def _line(mistake: Mistake) -> str:
    return f"{'left out' if mistake.is_skipped else 'mended'}, line {mistake}"


def age(catalogue: Catalogue, today: date) -> str:
    """What a catalogue is, in one line."""
    days = (today - catalogue.snapshot_date).days
    return (
        f"{len(catalogue.procedures)} procedures of {catalogue.snapshot_date.isoformat()} "
        f"({days} days old), {catalogue.source}"
    )

"""One file that holds a whole hall, made while it runs, and the way back."""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from queue_server.journal.port import JOURNAL_FILE
from queue_server.journal.stored import UnreadableFile, open_readonly, stored_rows
from queue_server.journal.verify import Report, verify

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 1024 * 1024
# The journal before the people: an event never names a person that the copy of the people does not know.
DATABASES = (JOURNAL_FILE, "people.db", "bookings.db")
TEXTS = ("hall.toml", "holidays.toml", "procedures.ndjson")
KEYS = "keys"
_NAME = re.compile(
    r"(journal\.db|people\.db|bookings\.db|hall\.toml|holidays\.toml|procedures\.ndjson"
    r"|keys/[A-Za-z0-9_-][A-Za-z0-9._-]*)"
)
_CHUNK = 1024 * 1024


class BackupError(Exception):
    """No backup was made, or nothing was restored; the sentence says why and what to do."""


class Member(Struct, frozen=True):
    """One file in a backup."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds, and what its journal says."""

    format: int
    at: str
    events: int
    days: int
    head: str
    files: dict[str, Member]


def backup(hall: Path, file: Path, at: datetime) -> Manifest:
    """Write the hall folder into `file`, each database as of one moment, its journal verified first.

    The server may go on meanwhile. The file holds keys and personal data: its owner alone may read it, and it is not
    encrypted. BackupError if `file` exists, or if there is no whole journal to copy.
    """
    if file.exists():
        raise BackupError(f"{file} exists; name a new file")
    if not (hall / JOURNAL_FILE).is_file():
        raise BackupError(f"{hall} has no {JOURNAL_FILE}; name the folder of a hall")
    # Beside the target, because a small /tmp may not hold a journal of ten years.
    with _workshop(file.parent) as workshop:
        for name in DATABASES:
            if (hall / name).is_file():
                _copy_database(hall / name, workshop / name)
        report = _verified(workshop)
        sources = {name: workshop / name for name in DATABASES if (workshop / name).is_file()}
        sources |= {name: hall / name for name in TEXTS if (hall / name).is_file()}
        sources |= {f"{KEYS}/{path.name}": path for path in sorted((hall / KEYS).glob("*")) if path.is_file()}
        if unknown := [name for name in sources if not _NAME.fullmatch(name)]:
            raise BackupError(f"{hall} holds files with names that cannot be restored: {unknown}; rename them")
        part = workshop / "backup.part"
        try:
            manifest = _pack(sources, part, report, at)
        except OSError as error:
            raise BackupError(f"{file} cannot be written: {error}") from error
        if file.exists():
            raise BackupError(f"{file} exists; name a new file")
        part.rename(file)
        _flush_folder(file.parent)
    return manifest


def restore(file: Path, hall: Path) -> Manifest:
    """Make the folder `hall` from a backup, once every digest and the journal's chain are verified.

    BackupError leaves nothing behind; a folder that exists is never touched.
    """
    if hall.exists():
        raise BackupError(f"{hall} exists; name a new folder")
    with _workshop(hall.parent) as workshop:
        try:
            with zipfile.ZipFile(file) as packed:
                manifest = _read_manifest(packed, file)
                for name, member in manifest.files.items():
                    _unpack(packed, name, member, workshop / name)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            KeyError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise BackupError(f"{file} is no whole backup: {error}; try another one") from error
        report = _verified(workshop)
        if report.head != manifest.head:
            raise BackupError(f"the journal in {file} ends with {report.head}, not with {manifest.head} as it says")
        if hall.exists():
            raise BackupError(f"{hall} exists; name a new folder")
        workshop.rename(hall)
        _flush_folder(hall.parent)
    return manifest


@contextmanager
def _workshop(parent: Path) -> Iterator[Path]:
    """A folder for unfinished work, private to the owner; gone at the end unless it was renamed."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".denluot-", dir=parent))
    except OSError as error:
        raise BackupError(f"cannot write in {parent}: {error.strerror}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _flush_folder(folder: Path) -> None:
    """A new name outlasts a power cut only when its folder is flushed as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_database(source: Path, target: Path) -> None:
    try:
        with closing(open_readonly(source)) as live, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: one read transaction, which does not hold up the writer.
            live.backup(copy)
            # The copy is one file that needs no log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from error


def _verified(folder: Path) -> Report:
    try:
        with stored_rows(folder) as rows:
            report = verify(rows)
    except UnreadableFile as error:
        raise BackupError(f"{error}; keep older backups and run verify") from error
    if report.problem:
        raise BackupError(f"the journal is not whole: {report.problem}; keep older backups and run verify")
    return report


def _pack(sources: dict[str, Path], target: Path, report: Report, at: datetime) -> Manifest:
    files: dict[str, Member] = {}
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, path in sources.items():
                with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as member:
                    files[name] = _copy(source, member, None)
            manifest = Manifest(
                format=FORMAT,
                at=at.isoformat(timespec="milliseconds"),
                events=report.events,
                days=report.days,
                head=report.head,
                files=files,
            )
            packed.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _read_manifest(packed: zipfile.ZipFile, file: Path) -> Manifest:
    with packed.open(MANIFEST) as member:
        text = member.read(MANIFEST_BYTES_MAX)
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{file} has no readable manifest: {error}; try another one") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{file} is a backup of format {manifest.format}; restore it with the release that made it")
    # A name with a path in it could write anywhere.
    if unknown := [name for name in manifest.files if not _NAME.fullmatch(name)]:
        raise BackupError(f"{file} names files that no hall has: {unknown}; it was not made by this program")
    return manifest


def _unpack(packed: zipfile.ZipFile, name: str, expected: Member, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out, packed.open(name) as member:
        found = _copy(member, out, expected.size)
        out.flush()
        os.fsync(out.fileno())
    if found != expected:
        raise BackupError(f"{name} in the backup is not what was packed: its digest differs; try another backup")


def _copy(source: IO[bytes], target: IO[bytes], size_max: int | None) -> Member:
    """Copy and digest; stops short of a file that is longer than it says."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size_max is not None and size > size_max:
            break
        target.write(chunk)
    return Member(size, digest.hexdigest())

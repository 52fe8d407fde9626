"""What is wrong with a hall, in plain words, without touching it: files, disk, clock, journal, backup."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from queue_server.config import CatalogueRefused, ConfigErrors, load, load_catalogue
from queue_server.config.catalogue import age, has_own
from queue_server.journal.port import JOURNAL_FILE
from queue_server.journal.stored import UnreadableFile, stored_rows
from queue_server.journal.verify import verify
from queue_server.people.store import PEOPLE_FILE
from queue_server.restoring import AHEAD_MAX, BEHIND_MAX, BoardWalk

DISK_MIN_BYTES = 500 * 1024 * 1024
"""A centre writes about 1 MB a day; this is room for a year and for a backup."""
BACKUP_AGE_MAX = timedelta(days=2)
SNAPSHOT_AGE_MAX = timedelta(days=180)
"""Fees and papers change by decisions; older than this, some of them have."""
LAST_BACKUP_FILE = "last-backup"


class Finding(Struct, frozen=True):
    """One thing to know: a fault must be mended, a warning should be."""

    what: str
    words: str
    is_fault: bool = False

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{'FAULT' if self.is_fault else 'note'}  {self.what}: {self.words}"


def examine(folder: Path, now: datetime) -> list[Finding]:
    """All findings; an empty journal and a hall that never ran are no faults."""
    return [
        *_files(folder),
        *_procedures(folder, now),
        *_disk(folder),
        *_journal(folder, now),
        *_people(folder),
        *_backup(folder, now),
    ]


def _files(folder: Path) -> Iterator[Finding]:
    try:
        config = load(folder)
    except ConfigErrors as mistakes:
        for mistake in mistakes.errors:
            yield Finding("configuration", str(mistake), is_fault=True)
        return
    services, counters = len(config.rules.services), len(config.rules.counters)
    yield Finding("configuration", f"{config.rules.name.vi}: {services} services, {counters} counters")
    for warning in config.warnings:
        yield Finding("configuration", warning)


def _procedures(folder: Path, now: datetime) -> Iterator[Finding]:
    try:
        catalogue = load_catalogue(folder)
    except CatalogueRefused as wrong:
        yield Finding("procedures", str(wrong), is_fault=True)
        return
    today = now.date()
    if not has_own(folder):
        words = (
            f"the sample: {age(catalogue, today)}; bring in your own: denluot-server procedures {folder} import FILE"
        )
        yield Finding("procedures", words)
        return
    is_old = today - catalogue.snapshot_date > SNAPSHOT_AGE_MAX
    yield Finding("procedures", f"{age(catalogue, today)}{'; bring in a newer snapshot' if is_old else ''}")


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    if free < DISK_MIN_BYTES:
        megabytes, wanted = free // 1_000_000, DISK_MIN_BYTES // 1_000_000
        yield Finding("disk", f"{megabytes} MB are free; make room, {wanted} MB are needed", is_fault=True)


def _journal(folder: Path, now: datetime) -> Iterator[Finding]:
    if not (folder / JOURNAL_FILE).exists():
        yield Finding("journal", "no journal yet; it begins with the first run")
        return
    walk = BoardWalk()
    try:
        with stored_rows(folder / JOURNAL_FILE) as rows:
            report = verify(rows, None, walk)
    except UnreadableFile as error:
        yield Finding("journal", str(error), is_fault=True)
        return
    if report.problem is not None:
        yield Finding("journal", f"{report.problem}; restore a backup", is_fault=True)
        return
    yield Finding("journal", f"{report.events} events of {report.days} days, head {report.head[:12]}")
    last = walk.board.at
    if last is not None and not -AHEAD_MAX <= last - now <= BEHIND_MAX:
        words = f"it says {now.isoformat(timespec='seconds')}, the journal ends at {last.isoformat(timespec='seconds')}"
        yield Finding("clock", f"{words}; set the clock, or confirm it when the server asks", is_fault=True)


def _people(folder: Path) -> Iterator[Finding]:
    if not (folder / PEOPLE_FILE).exists():
        words = f"no accounts; make one: denluot-server person {folder} add --login admin --name ... --role admin"
        yield Finding("people", words, is_fault=True)


def _backup(folder: Path, now: datetime) -> Iterator[Finding]:
    stamp = folder / LAST_BACKUP_FILE
    if not stamp.exists():
        yield Finding("backup", f"none was ever made: denluot-server backup {folder} FILE")
        return
    try:
        made = datetime.fromisoformat(stamp.read_text("utf-8").strip())
    except ValueError:
        yield Finding("backup", f"{stamp} holds no date; make a backup")
        return
    if now - made > BACKUP_AGE_MAX:
        yield Finding("backup", f"the last one is of {made.isoformat(timespec='minutes')}; make a new one")

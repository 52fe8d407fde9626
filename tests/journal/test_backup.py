"""A burnt machine costs a morning, not a year."""

import asyncio
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from queue_server.journal.backup import MANIFEST, BackupError, backup, restore
from queue_server.journal.port import Head
from queue_server.journal.sqlite import SqliteJournal
from tests.journal.chains import NOTHING, START, a_word, an_answer, fill, head_of, rows_after

ROWS = rows_after(NOTHING, 200, day_every=50)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A hall folder with everything in it, and some things that are not backed up."""
    hall = tmp_path / "hall"
    (hall / "keys").mkdir(parents=True)
    (hall / "hall.toml").write_text('name = "Hòa Bình"\n', "utf-8")
    (hall / "holidays.toml").write_text("", "utf-8")
    (hall / "keys" / "hall.key").write_bytes(bytes(range(32)))
    (hall / "server.log").write_text("noise")
    with closing(sqlite3.connect(hall / "people.db")) as people, people:
        people.execute("CREATE TABLE person (name TEXT)")
        people.execute("INSERT INTO person VALUES ('Mười')")

    async def make() -> None:
        async with SqliteJournal.open(hall / "journal.db") as journal:
            await journal.append(ROWS, side=[a_word(3)], kept=[an_answer(3)], expected_sequence=0)

    asyncio.run(make())
    return hall


def _backed_up(hall: Path) -> Path:
    file = hall.parent / "hall.backup"
    backup(hall, file, START)
    return file


async def _all_of(hall: Path) -> tuple[Head, int, int]:
    async with SqliteJournal.open(hall / "journal.db") as journal:
        return await journal.head(), len(await journal.side_since(0)), len(await journal.kept_since(""))


def test_a_hall_comes_back_from_its_backup(hall: Path, tmp_path: Path) -> None:
    """Journal, words, kept answers, people, rules and keys: the new machine goes on where the old one stopped."""
    made = backup(hall, tmp_path / "hall.backup", START)
    assert (made.events, made.days, made.head) == (200, 5, ROWS[-1].hash)
    new = tmp_path / "new"
    assert restore(tmp_path / "hall.backup", new) == made
    assert asyncio.run(_all_of(new)) == (head_of(ROWS), 1, 1)
    for name in ("hall.toml", "holidays.toml", "keys/hall.key"):
        assert (new / name).read_bytes() == (hall / name).read_bytes()
    assert not (new / "server.log").exists()
    with closing(sqlite3.connect(new / "people.db")) as people:
        assert people.execute("SELECT name FROM person").fetchall() == [("Mười",)]


def test_backup_and_what_is_restored_are_for_their_owner_alone(hall: Path, tmp_path: Path) -> None:
    """Keys and words of persons are in it."""
    file = _backed_up(hall)
    restore(file, tmp_path / "new")
    files = [file, *(one for one in (tmp_path / "new").rglob("*") if one.is_file())]
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}


async def test_a_backup_is_made_while_the_hall_runs(hall: Path, tmp_path: Path) -> None:
    """Nobody closes a hall for a backup; what is written meanwhile is in it wholly or not at all."""
    async with SqliteJournal.open(hall / "journal.db") as journal:
        await fill(journal, 300)
        making = asyncio.to_thread(backup, hall, tmp_path / "hall.backup", START)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(making, name="backup")
            while not task.done():
                await fill(journal, 7)
        last = (await journal.head()).sequence
    made = restore(tmp_path / "hall.backup", tmp_path / "new")
    assert 500 <= made.events <= last
    assert (made.events - 500) % 7 == 0
    assert (await _all_of(tmp_path / "new"))[0] == Head(made.events, made.head)


def test_a_backup_never_overwrites(hall: Path) -> None:
    """Last night's backup may be the last good one."""
    file = _backed_up(hall)
    before = file.read_bytes()
    with pytest.raises(BackupError, match="exists; name a new file"):
        backup(hall, file, START)
    assert file.read_bytes() == before


@pytest.mark.parametrize("with_files", [False, True])
def test_a_restore_never_overwrites(hall: Path, tmp_path: Path, with_files: bool) -> None:
    """A tired person types the name of the living hall."""
    file = _backed_up(hall)
    new = tmp_path / "new"
    new.mkdir()
    if with_files:
        (new / "hall.toml").write_text("mine")
    with pytest.raises(BackupError, match="exists; name a new folder"):
        restore(file, new)
    assert [one.read_text() for one in new.iterdir()] == (["mine"] if with_files else [])


def test_a_hall_without_people_or_holidays_is_backed_up_too(hall: Path, tmp_path: Path) -> None:
    """A hall that has just begun has less to lose, not nothing."""
    for name in ("people.db", "holidays.toml", "keys/hall.key"):
        (hall / name).unlink()
    restore(_backed_up(hall), tmp_path / "new")
    assert {one.name for one in (tmp_path / "new").iterdir()} == {"journal.db", "hall.toml"}


def test_a_broken_journal_is_not_backed_up_in_silence(hall: Path, tmp_path: Path) -> None:
    """Otherwise broken backups would push out the good ones, night by night."""
    with closing(sqlite3.connect(hall / "journal.db")) as plain, plain:
        plain.execute("UPDATE event SET at = '' WHERE sequence = 23")
    with pytest.raises(BackupError, match="event 23"):
        backup(hall, tmp_path / "hall.backup", START)
    assert [one.name for one in tmp_path.iterdir()] == ["hall"]


def test_a_folder_that_is_no_hall_is_said(tmp_path: Path) -> None:
    """A typing mistake must not make an empty backup."""
    with pytest.raises(BackupError, match="name the folder of a hall"):
        backup(tmp_path, tmp_path / "hall.backup", START)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_backup_that_is_cut_off_restores_nothing(hall: Path, tmp_path: Path, share: float) -> None:
    """A stick that was pulled out too early."""
    file = _backed_up(hall)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BackupError):
        restore(file, tmp_path / "new")
    assert {one.name for one in tmp_path.iterdir()} == {"hall", "hall.backup"}


@pytest.mark.parametrize("place", [0.05, 0.2, 0.5, 0.8])
def test_a_flipped_byte_restores_nothing_or_the_same(hall: Path, tmp_path: Path, place: float) -> None:
    """Some bytes of a zip mean nothing; every other one is noticed."""
    file = _backed_up(hall)
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    file.write_bytes(data)
    try:
        restore(file, tmp_path / "new")
    except BackupError:
        assert not (tmp_path / "new").exists()
    else:
        assert asyncio.run(_all_of(tmp_path / "new"))[0] == head_of(ROWS)


def _remade(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)


def _wrong_rules(members: dict[str, bytes]) -> None:
    members["hall.toml"] = b"name = 'forged'  "


def _longer_rules(members: dict[str, bytes]) -> None:
    members["hall.toml"] *= 100_000


def _no_journal(members: dict[str, bytes]) -> None:
    del members["journal.db"]


def _no_manifest(members: dict[str, bytes]) -> None:
    del members[MANIFEST]


def _journal_not_named(members: dict[str, bytes]) -> None:
    manifest = msgspec.json.decode(members[MANIFEST])
    del manifest["files"]["journal.db"]
    members[MANIFEST] = msgspec.json.encode(manifest)


def _outside_the_folder(members: dict[str, bytes]) -> None:
    manifest = msgspec.json.decode(members[MANIFEST])
    manifest["files"]["keys/../../escaped"] = manifest["files"]["hall.toml"]
    members["keys/../../escaped"] = members["hall.toml"]
    members[MANIFEST] = msgspec.json.encode(manifest)


def _another_head(members: dict[str, bytes]) -> None:
    members[MANIFEST] = members[MANIFEST].replace(ROWS[-1].hash.encode(), ROWS[-2].hash.encode())


def _a_later_format(members: dict[str, bytes]) -> None:
    members[MANIFEST] = members[MANIFEST].replace(b'"format": 1', b'"format": 2')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_wrong_rules, "not what was packed"),
        (_longer_rules, "not what was packed"),
        (_no_journal, "no whole backup"),
        (_no_manifest, "no whole backup"),
        (_journal_not_named, "cannot be read"),
        (_outside_the_folder, "no hall has"),
        (_another_head, "as it says"),
        (_a_later_format, "format 2"),
    ],
)
def test_a_backup_that_was_changed_restores_nothing(
    hall: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    """A backup comes from outside, perhaps from a stick that somebody found."""
    file = _backed_up(hall)
    _remade(file, change)
    with pytest.raises(BackupError, match=said):
        restore(file, tmp_path / "new")
    assert {one.name for one in tmp_path.iterdir()} == {"hall", "hall.backup"}

"""The command line acts while the server runs, and the server heeds it within a second."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.people import command_line, migrations
from queue_server.people.errors import PeopleUnavailable, Taken
from queue_server.people.people import People, open_people
from queue_server.people.secret import Secret, digest_of
from queue_server.people.signing import SignedIn
from tests.people.conftest import TurnedClock, cheap_hasher

REVOKE = """
import sys
from datetime import datetime
from pathlib import Path
from queue_server.people import command_line
command_line.revoke_token(Path(sys.argv[1]), "Kiosk 1", at=datetime.fromisoformat(sys.argv[2]))
"""


async def test_a_token_revoked_by_another_process_is_shut_out_within_a_second(
    hall: People, path: Path, clock: TurnedClock
) -> None:
    """The kiosk was stolen; the technician has a terminal and no browser."""
    token = await hall.register.issue_token("kiosk", "Kiosk 1")
    held = hall.directory.by_token(digest_of(token))
    assert held is not None
    seen = hall.directory.generation
    watch = asyncio.get_running_loop().create_task(hall.directory.watch(), name="watch people")
    try:
        command = [sys.executable, "-c", REVOKE, str(path), clock.at.isoformat()]
        process = await asyncio.create_subprocess_exec(*command)
        assert await process.wait() == 0
        async with asyncio.timeout(1):
            await hall.directory.changed(seen)
    finally:
        watch.cancel()
        await asyncio.wait([watch])
    assert hall.directory.by_token(digest_of(token)) is None
    assert not hall.directory.stands(held)


async def test_what_another_process_adds_is_noticed_at_the_next_look(
    hall: People, path: Path, clock: TurnedClock
) -> None:
    """`denluot-server token` prints a token that must open the door of the running server."""
    token = await asyncio.to_thread(command_line.issue_token, path, role="observer", name="Giám sát", at=clock.at)
    assert hall.directory.by_token(digest_of(token)) is None
    await hall.directory.notice()
    assert hall.directory.by_token(digest_of(token)) is not None


async def test_a_password_reset_at_the_command_line_ends_the_session_in_the_browser(
    hall: People, path: Path, clock: TurnedClock, one_time: Secret
) -> None:
    """A password that was seen by another is changed; that other may be signed in already."""
    signed = await hall.signing.sign_in("admin", one_time, "192.0.2.1")
    assert isinstance(signed, SignedIn)
    fresh = await asyncio.to_thread(command_line.reset_password, path, "admin", at=clock.at)
    await hall.directory.notice()
    assert hall.directory.by_session(digest_of(signed.cookie)) is None
    assert isinstance(await hall.signing.sign_in("admin", fresh, "192.0.2.1"), SignedIn)


async def test_a_change_whose_caller_went_away_is_noticed_too(hall: People) -> None:
    """A browser that closes in the middle must not leave a revoked token alive in memory."""
    token = await hall.register.issue_token("kiosk", "Kiosk 1")
    async with asyncio.TaskGroup() as group:
        revoking = group.create_task(hall.register.revoke_token("Kiosk 1"), name="revoke")
        await asyncio.sleep(0)  # The statement is on its way to SQLite's thread.
        revoking.cancel()
    assert hall.directory.by_token(digest_of(token)) is not None
    await hall.directory.notice()
    assert hall.directory.by_token(digest_of(token)) is None


async def test_looking_without_a_change_tells_nobody(hall: People, clock: TurnedClock) -> None:
    """Four times a second, every open screen would be checked for nothing."""
    seen = hall.directory.generation
    await hall.directory.notice()
    clock.turn(minutes=6)
    await hall.directory.notice()
    await hall.directory.notice()
    assert hall.directory.generation == seen


async def test_a_database_that_fails_for_a_while_neither_stops_the_watch_nor_opens_a_door(
    hall: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a fault in journal or core may stop the hall; those known stay known, nobody else comes in."""
    token = await hall.register.issue_token("kiosk", "Kiosk 1")
    failed, looked = asyncio.Event(), asyncio.Semaphore(0)
    works = hall.directory._read_stamp  # A failing disk has no public face.

    async def fail() -> object:
        failed.set()
        raise PeopleUnavailable("people-unavailable", "the disk is gone")

    async def work() -> object:
        looked.release()
        return await works()

    monkeypatch.setattr("queue_server.people.directory.POLL_SECONDS", 0)
    monkeypatch.setattr(hall.directory, "_read_stamp", fail)
    watch = asyncio.get_running_loop().create_task(hall.directory.watch(), name="watch people")
    try:
        await failed.wait()
        assert hall.directory.by_token(digest_of(token)) is not None
        monkeypatch.setattr(hall.directory, "_read_stamp", work)
        seen = hall.directory.generation
        await hall.register.revoke_token("Kiosk 1")
        await hall.directory.changed(seen)
        async with looked, looked, looked, looked:  # `revoke_token` looks once, so the watch has looked twice.
            assert hall.directory.fault == ""
    finally:
        watch.cancel()
        await asyncio.wait([watch])


async def test_a_locked_database_is_an_answer_and_not_a_crash(
    hall: People, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has opened people.db with another tool and gone to lunch."""
    await hall.register._store._connection.execute_fetchall(
        "PRAGMA busy_timeout = 10"
    )  # Five seconds are too long here.
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PeopleUnavailable, match="locked"):
            await hall.register.issue_token("kiosk", "Kiosk 1")
        other.execute("ROLLBACK")
    assert await hall.register.issue_token("kiosk", "Kiosk 1")


def test_the_first_admin_is_made_once(path: Path, clock: TurnedClock) -> None:
    """Running `init` twice must not lock the first admin out."""
    command_line.create(path, name="Quản trị", at=clock.at)
    with pytest.raises(Taken, match="has people already"):
        command_line.create(path, name="Quản trị", at=clock.at)
    [admin] = command_line.list_people(path, at=clock.at)
    assert (admin.login, admin.role, admin.must_change) == ("admin", "admin", 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_commands_do_what_they_say(path: Path, clock: TurnedClock, one_time: Secret) -> None:
    """The terminal is the last way in when no browser works."""
    assert one_time
    command_line.add_person(path, login="an", name="Nguyễn Văn An", role="clerk", counter=3, at=clock.at)
    command_line.change_person(path, "an", name="Nguyễn Văn An", role="manager", at=clock.at)
    assert [(line.login, line.role) for line in command_line.list_people(path, at=clock.at)] == [
        ("admin", "admin"),
        ("an", "manager"),
    ]
    command_line.end_person(path, "an", at=clock.at)
    assert [line.login for line in command_line.list_people(path, at=clock.at)] == ["admin"]
    token = command_line.issue_token(path, role="device", name="Hộp 3", counter=3, at=clock.at)
    assert token.startswith("dl_")
    assert len(token) == 46
    assert [(line.name, line.counter) for line in command_line.list_tokens(path, at=clock.at)] == [("Hộp 3", 3)]
    command_line.revoke_token(path, "Hộp 3", at=clock.at)
    assert command_line.list_tokens(path, at=clock.at) == []


def test_a_folder_that_is_no_hall_is_left_alone(tmp_path: Path, clock: TurnedClock) -> None:
    """A mistyped path must be named, not filled with a new database."""
    with pytest.raises(PeopleUnavailable, match="denluot-server init"):
        command_line.list_tokens(tmp_path / "people.db", at=clock.at)
    with pytest.raises(PeopleUnavailable, match="cannot be made"):
        command_line.create(tmp_path / "nowhere" / "people.db", name="Quản trị", at=clock.at)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(path: Path, clock: TurnedClock) -> None:
    """A damaged file is an answer with a remedy, not a traceback."""
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(PeopleUnavailable, match=r"people\.db"):
        command_line.list_tokens(path, at=clock.at)


def test_a_file_of_a_newer_release_is_left_alone(path: Path, clock: TurnedClock, one_time: Secret) -> None:
    """An old release would not know what the new columns promise."""
    assert one_time
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(PeopleUnavailable, match="version 99"):
        command_line.list_tokens(path, at=clock.at)


def test_every_schema_file_is_applied_once_in_order() -> None:
    """The number in the name is the version in the file."""
    assert len(migrations.schema_files()) == 1


async def test_two_processes_may_open_a_new_file_at_once(empty_file: Path, clock: TurnedClock) -> None:
    """The server starts while a command runs: both find an empty file, one makes the tables."""
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(open_and_close(empty_file, clock), name="opening")
    with closing(sqlite3.connect(empty_file)) as looked:
        assert looked.execute("PRAGMA user_version").fetchone() == (1,)
        assert looked.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def open_and_close(path: Path, clock: TurnedClock) -> None:
    """Start a server's people and stop again."""
    async with open_people(path, clock, cheap_hasher()) as opened:
        assert opened.directory.generation == 0


def test_importing_this_package_opens_nothing() -> None:
    """The kiosk's tools read these modules on machines without a hall."""
    subprocess.run([sys.executable, "-c", "import queue_server.people.people"], check=True, timeout=60)

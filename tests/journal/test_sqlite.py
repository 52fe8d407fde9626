"""What the journal on disk promises beyond the others: that facts survive, and that faults leave nothing behind."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from queue_server.journal.port import Journal, JournalUnavailable, Outrun
from queue_server.journal.sqlite import SqliteJournal
from queue_server.journal.stored import stored_rows
from queue_server.journal.verify import verify
from tests.journal.chains import NOTHING, a_word, an_answer, fill, head_of, rows_after


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal may be."""
    return tmp_path / "journal.db"


async def _setting(journal: SqliteJournal, name: str) -> object:
    # No public face shows these, and the promise of durability hangs on them.
    ((value,),) = await journal._writer.execute_fetchall(f"PRAGMA {name}")
    return value


async def test_each_append_is_flushed_to_the_disk(path: Path) -> None:
    """With synchronous at NORMAL a power cut would take back tickets that citizens hold."""
    async with SqliteJournal.open(path) as journal:
        assert await _setting(journal, "journal_mode") == "wal"
        assert await _setting(journal, "synchronous") == 2
        assert await _setting(journal, "wal_autocheckpoint") == 4000
        assert await _setting(journal, "secure_delete") == 1


async def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    """Words of persons are in it."""
    async with SqliteJournal.open(path) as journal:
        await fill(journal, 3)
        assert {one.stat().st_mode & 0o777 for one in path.parent.iterdir()} == {0o600}


async def test_a_journal_opens_again_as_it_was(path: Path) -> None:
    """A restart is an ordinary event."""
    async with SqliteJournal.open(path) as journal:
        rows = rows_after(NOTHING, 300)
        await journal.append(rows, side=[a_word(3)], kept=[an_answer(3)], expected_sequence=0)
    async with SqliteJournal.open(path) as journal:
        assert await journal.head() == head_of(rows)
        assert await journal.read() == rows
        assert await journal.side_since(0) == [a_word(3)]
        assert await journal.kept_since("") == [an_answer(3)]


async def test_the_table_has_exactly_the_columns_of_the_contract(path: Path) -> None:
    """Auditors read the table itself."""
    async with SqliteJournal.open(path):
        pass
    with closing(sqlite3.connect(path)) as plain:
        columns = [(name, kind, key) for _, name, kind, _, _, key in plain.execute("PRAGMA table_info(event)")]
    assert columns == [
        ("sequence", "INTEGER", 1),
        ("at", "TEXT", 0),
        ("kind", "TEXT", 0),
        ("version", "INTEGER", 0),
        ("body", "TEXT", 0),
        ("hash", "TEXT", 0),
    ]


async def _is_as_before_and_usable(journal: Journal, before: int) -> None:
    head = await journal.head()
    assert head.sequence == before
    assert [word.sequence for word in await journal.side_since(0)] == []
    more = rows_after(head, 3)
    await journal.append(more, side=[a_word(before + 1)], kept=[an_answer(1)], expected_sequence=before)
    assert await journal.head() == head_of(more)


@pytest.mark.parametrize("with_words", [False, True])
async def test_a_full_database_leaves_nothing_and_works_again(path: Path, with_words: bool) -> None:
    """A batch that half fits must not half happen."""
    async with SqliteJournal.open(path) as journal:
        rows = await fill(journal, 100)
        pages = await _setting(journal, "page_count")
        await _setting(journal, f"max_page_count = {pages}")
        for count in (200, 2000):
            more = rows_after(head_of(rows), count)
            words = [a_word(row.sequence) for row in more] if with_words else []
            with pytest.raises(JournalUnavailable, match="full"):
                await journal.append(more, side=words, expected_sequence=100)
            assert not journal._writer.in_transaction
            assert (await journal.head()).sequence == 100
        await _setting(journal, "max_page_count = 1000000")
        await _is_as_before_and_usable(journal, 100)


@contextmanager
def _files_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to make any file of this process longer: a disk that is truly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 24, 4096, 20000])
async def test_a_full_disk_leaves_nothing_and_works_again(path: Path, room: int) -> None:
    """The log may be cut off anywhere in a frame; what was refused must not come back at the next start."""
    log = path.with_name("journal.db-wal")
    async with SqliteJournal.open(path) as journal:
        rows = await fill(journal, 400)
        more = rows_after(head_of(rows), 300)
        with _files_at_most(log.stat().st_size + room), pytest.raises(JournalUnavailable):
            await journal.append(more, side=[a_word(401)], expected_sequence=400)
        await _is_as_before_and_usable(journal, 400)
    with stored_rows(path) as stored:
        assert verify(stored).events == 403


async def test_a_locked_file_is_unavailable_and_works_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stray tool that holds the lock costs answers, never facts."""
    monkeypatch.setattr("queue_server.journal.sqlite.LOCK_WAIT_SECONDS", 0.05)
    async with SqliteJournal.open(path) as journal:
        rows = await fill(journal, 5)
        with closing(sqlite3.connect(path, isolation_level=None)) as stray:
            stray.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalUnavailable, match="locked"):
                await journal.append(rows_after(head_of(rows), 1), expected_sequence=5)
            assert await journal.read() == rows
            stray.execute("ROLLBACK")
        await _is_as_before_and_usable(journal, 5)


async def test_a_second_process_is_outrun(path: Path) -> None:
    """A second server started by mistake must learn it at its first write."""
    async with SqliteJournal.open(path) as first, SqliteJournal.open(path) as second:
        rows = await fill(first, 3)
        assert await second.head() == head_of(rows)
        more = await fill(second, 2)
        for answers in ([], [an_answer(1)]):
            with pytest.raises(Outrun):
                await first.append(rows_after(head_of(rows), 1), kept=answers, expected_sequence=3)
        assert await first.read() == rows + more


async def test_two_processes_that_race_never_fork_the_chain(path: Path) -> None:
    """Whoever loses stops; the journal that stays is one chain."""

    async def write(journal: Journal) -> int:
        written = 0
        try:
            for _ in range(30):
                rows = rows_after(await journal.head(), 2)
                await journal.append(rows, expected_sequence=rows[0].sequence - 1)
                written += 2
        except Outrun:
            pass
        return written

    async with SqliteJournal.open(path) as first, SqliteJournal.open(path) as second:
        written = await asyncio.gather(write(first), write(second))
    with stored_rows(path) as stored:
        report = verify(stored)
    assert (report.events, report.problem) == (sum(written), None)


@pytest.mark.parametrize("round_number", range(5))
def test_kill_9_loses_no_acknowledged_row(path: Path, round_number: int) -> None:
    """A citizen walks off with the number as soon as it is acknowledged; the next moment the power may fail."""
    acknowledged = 0
    for lines in (3 + 17 * round_number, 40):
        acknowledged = _write_until_killed(path, lines)
        with stored_rows(path) as stored:
            report = verify(stored)
        assert report.problem is None
        assert report.events >= acknowledged > 0
    asyncio.run(_batches_are_whole(path, acknowledged))


def _write_until_killed(path: Path, lines: int) -> int:
    with subprocess.Popen([sys.executable, "-m", "tests.journal.writer", str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        # What was still in the pipe was acknowledged too; a last line without its end was not.
        said += process.stdout.read().splitlines(keepends=True)
    return max(int(line) for line in said if line.endswith(b"\n"))


async def _batches_are_whole(path: Path, acknowledged: int) -> None:
    async with SqliteJournal.open(path) as journal:
        head = await journal.head()
        words = {word.sequence for word in await journal.side_since(0)}
        answers = {int(answer.key.removeprefix("key-")) for answer in await journal.kept_since("")}
        assert words == answers
        assert max(words) <= head.sequence
        await fill(journal, 1)


async def test_reading_goes_on_while_writing(path: Path) -> None:
    """An auditor who reads ten years of events must not hold up a counter, nor see half a batch."""
    async with SqliteJournal.open(path) as journal:
        await fill(journal, 10)
        with stored_rows(path) as stored:
            first = next(stored)
            await fill(journal, 500)
            seen = [first, *stored]
        assert len(seen) == 10

        async def follow() -> int:
            after = 0
            while after < 1010:
                for row in await journal.read(after, limit=7):
                    assert row.sequence == after + 1
                    after = row.sequence
            return after

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(follow(), name="reading")
            for _ in range(50):
                await fill(journal, 10)
        assert reading.result() == 1010


async def _steps(journal: SqliteJournal) -> int:
    """How many hundreds of machine steps SQLite takes to find the day."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    await journal._reader.set_progress_handler(tick, 100)
    assert await journal.day_start() == 2
    return count


async def test_the_days_start_is_found_without_walking_the_journal(path: Path) -> None:
    """A hall of ten years restarts as quickly as a new one."""
    async with SqliteJournal.open(path) as journal:
        await fill(journal, 20_000)
        assert await _steps(journal) <= 1


async def test_opening_reads_no_event(path: Path) -> None:
    """The same; a start must not pay for history, so damage in old pages is not even seen."""
    async with SqliteJournal.open(path) as journal:
        rows = await fill(journal, 5000)
    _spoil_the_middle(path)
    async with SqliteJournal.open(path) as journal:
        assert await journal.head() == head_of(rows)
        assert await journal.day_start() == 2
        await fill(journal, 10)
    with stored_rows(path) as stored:
        assert verify(stored).first_bad is not None


def _spoil_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 8192 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)


async def test_deleted_words_are_not_in_the_files_any_more(path: Path) -> None:
    """Deleted must mean deleted, also for whoever takes the disk away."""
    secret = "Nguyễn Thị Bí Mật".encode()
    async with SqliteJournal.open(path) as journal:
        rows = rows_after(NOTHING, 50)
        words = [a_word(row.sequence, "person", secret.decode()) for row in rows]
        await journal.append(rows, side=words, expected_sequence=0)
        assert any(secret in one.read_bytes() for one in path.parent.iterdir())
        assert await journal.purge_side(before_sequence=51) == 50
        assert not any(secret in one.read_bytes() for one in path.parent.iterdir())


async def test_closing_twice_does_nothing(path: Path) -> None:
    """Stop order may close what a fault has closed already."""
    async with SqliteJournal.open(path) as journal:
        await journal.close()
        await journal.close()


async def test_faults_of_others_inside_the_block_are_left_alone(path: Path) -> None:
    """Another database's trouble is not the journal's."""
    with pytest.raises(sqlite3.OperationalError, match="theirs"):
        async with SqliteJournal.open(path):
            raise sqlite3.OperationalError("theirs")


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A hall folder on an unmounted disk must not be made anew."""
    with pytest.raises(FileNotFoundError):
        async with SqliteJournal.open(tmp_path / "no" / "journal.db"):
            pass

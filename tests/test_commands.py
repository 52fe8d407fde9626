"""The command line as an operator meets it: what each command prints, and the exit code that scripts go by.

0 is done, 1 is a check that failed, 2 is bad usage or configuration.
"""

import asyncio
import csv
import io
import json
import re
import sqlite3
import tomllib
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from queue_server.__main__ import main
from queue_server.journal.port import JOURNAL_FILE
from queue_server.people.store import PEOPLE_FILE
from tests.hall.doors import API
from tests.hall.proof import exported
from tests.hall.running import Done, a_hall, a_session, a_token, command, running
from tests.hall.served import Served, serve_a_day

COMMANDS = ("init", "run", "check", "token", "person", "verify", "export", "report", "backup", "restore", "procedures")
PROFILES = {"commune": 6, "ward": None, "centre": 60, "bench": 20}
"""The counters that each profile promises, where it promises any."""
TOKEN = re.compile(r"dl_[A-Za-z0-9_-]{43}\n")


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """The folder of a new hall of the bench profile."""
    return a_hall(tmp_path / "hall")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A hall after a small, full day; the tests of this module read it and leave it as it is."""
    hall = a_hall(tmp_path_factory.mktemp("served") / "hall")
    clerk, manager = a_token(hall, "clerk"), a_token(hall, "manager")
    return asyncio.run(serve_a_day(hall, clerk, manager))


def told(*arguments: str | Path) -> Done:
    """The same as `command` without a process of its own, which takes ten times as long."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([*map(str, arguments)])
        except SystemExit as ended:  # How argparse ends.
            code = ended.code if isinstance(ended.code, int) else 1
    return Done(code, out.getvalue(), err.getvalue())


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Usage


def test_help_names_every_command() -> None:
    """An operator on the telephone reads it aloud."""
    ended = command("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in COMMANDS), ended.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """Nobody should need the manual for the name of an option."""
    ended = told(name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"usage: denluot-server {name}")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("unknown",),
        ("init",),
        ("run", "HALL", "--port", "many"),
        ("run", "HALL", "--port", "99999"),
        ("run", "HALL", "--port", "-1"),
        ("report", "HALL", "--from", "yesterday", "--to", "today"),
        ("report", "HALL", "--from", "2026-11-23", "--to", "2026-11-23", "--by", "weather"),
        ("token", "HALL", "--role", "king", "--name", "x"),
    ],
)
def test_bad_usage_ends_with_2_and_says_why(words: tuple[str, ...]) -> None:
    """A script must not take a misspelt option for a success."""
    ended = told(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "denluot-server" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("run", "{no}"),
        ("check", "{no}"),
        ("verify", "{no}"),
        ("export", "{no}", "--to", "{new}"),
        ("report", "{no}", "--from", "2026-11-23", "--to", "2026-11-23"),
        ("backup", "{no}", "{new}"),
        ("restore", "{no}", "{new}"),
        ("token", "{no}", "--role", "clerk", "--name", "x"),
        ("token", "{no}", "--revoke", "x"),
        ("person", "{no}", "list"),
    ],
)
def test_a_hall_that_is_not_there_is_named_and_nothing_is_made(words: tuple[str, ...], tmp_path: Path) -> None:
    """A misspelt folder must not become a new, empty hall."""
    missing, new = tmp_path / "no-such-hall", tmp_path / "new"
    ended = told(*(word.format(no=missing, new=new) for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert str(missing) in ended.err
    assert "Traceback" not in ended.err
    assert not missing.exists()
    assert not new.exists()


# init


@pytest.mark.parametrize("profile", PROFILES)
def test_init_makes_a_hall_that_passes_its_own_check(profile: str, tmp_path: Path) -> None:
    """The first thing an operator sees must work as it is."""
    folder = tmp_path / "halls" / "first"
    made = told("init", folder, "--profile", profile)
    assert made.code == 0, made.err
    password = made.out.splitlines()[-1].rpartition(" ")[2]
    assert made.out.splitlines()[-1].startswith("sign in as admin with the one-time password ")
    assert len(password) >= 16
    assert (folder / "keys" / "hall.key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    rules = tomllib.loads((folder / "hall.toml").read_text("utf-8"))
    assert PROFILES[profile] in (None, len(rules["counter"]))
    assert "#" in (folder / "hall.toml").read_text("utf-8")
    assert told("check", folder).code == 0


def test_init_never_overwrites(hall: Path) -> None:
    """A second init on the wrong day would be the end of a hall's history."""
    before = _files(hall)
    ended = command("init", hall)
    assert (ended.code, ended.out) == (2, "")
    assert str(hall) in ended.err
    assert _files(hall) == before


def test_init_never_writes_into_a_folder_with_anything_in_it(tmp_path: Path) -> None:
    """Not into the Documents folder, however empty it looks."""
    (tmp_path / "note.txt").write_text("mine", "utf-8")
    assert told("init", tmp_path).code == 2
    assert _files(tmp_path) == {"note.txt": b"mine"}


def test_an_unknown_profile_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """The remedy stands beside the mistake."""
    ended = told("init", tmp_path / "hall", "--profile", "city")
    assert ended.code == 2
    assert all(profile in ended.err for profile in PROFILES)
    assert not (tmp_path / "hall").exists()


# check


def test_check_says_everything_in_plain_words(hall: Path) -> None:
    """What is missing is named, and what is a fault sets the exit code."""
    ended = told("check", hall)
    assert (ended.code, ended.err) == (0, "")
    for what in ("configuration", "journal", "backup"):
        assert f"note  {what}: " in ended.out, ended.out
    (hall / PEOPLE_FILE).unlink()
    ended = told("check", hall)
    assert ended.code == 1
    assert "FAULT  people: " in ended.out


# token and person; what they do to a running server is in tests/hall/test_run.py


def test_a_token_is_printed_alone(hall: Path) -> None:
    """`--token-file` of a screen is made by `> file`; one word more and it does not sign in."""
    ended = command("token", hall, "--role", "kiosk", "--name", "Kiosk 1")
    assert (ended.code, ended.err) == (0, "")
    assert TOKEN.fullmatch(ended.out)


@pytest.mark.parametrize(
    "words",
    [
        ("--role", "clerk"),
        ("--name", "nobody"),
        ("--role", "kiosk", "--name", "x", "--counter", "1"),
        ("--role", "clerk", "--name", " "),
        ("--revoke", "never made"),
    ],
)
def test_a_token_that_cannot_be_is_refused(hall: Path, words: tuple[str, ...]) -> None:
    """Half a token would be found out in front of the citizens."""
    ended = told("token", hall, *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.strip()
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("role", ["clerk", "device"])
@pytest.mark.parametrize("counter", ["999", "0", "-1", "10"])
def test_a_token_for_a_counter_that_is_not_there_is_refused(tmp_path: Path, role: str, counter: str) -> None:
    """A mistyped number would make a token that is turned away at every desk, in front of the citizens."""
    hall = a_hall(tmp_path / "hall", profile="commune")
    rules = hall / "hall.toml"
    rules.write_text(rules.read_text("utf-8") + '\n[[counter]]\nnumber = 9\nservices = ["ho-tich"]\n', "utf-8")
    ended = told("token", hall, "--role", role, "--name", "Quầy", "--counter", counter)
    assert (ended.code, ended.out) == (2, "")
    assert f"không có quầy {counter}; hall.toml có các quầy: 1-6, 9" in ended.err
    assert f"there is no counter {counter}; hall.toml has the counters 1-6, 9" in ended.err
    assert told("token", hall).out == ""
    assert told("token", hall, "--role", role, "--name", "Quầy", "--counter", "9").code == 0


def test_a_name_is_given_to_one_living_token(hall: Path) -> None:
    """`--revoke` must mean one."""
    assert told("token", hall, "--role", "kiosk", "--name", "Kiosk 1").code == 0
    assert told("token", hall, "--role", "kiosk", "--name", "kiosk 1").code == 2
    assert told("token", hall).out.splitlines() == ["Kiosk 1 kiosk "]
    assert told("token", hall, "--revoke", "Kiosk 1").code == 0
    assert told("token", hall, "--role", "kiosk", "--name", "Kiosk 1").code == 0


def test_accounts_are_added_listed_reset_and_ended(hall: Path) -> None:
    """Staff come and go; passwords are printed once and kept nowhere in the clear."""
    added = told("person", hall, "add", "--login", "lan", "--name", "Nguyễn Thị Lan", "--role", "clerk")
    assert added.code == 0
    reset = told("person", hall, "reset", "--login", "lan")
    assert reset.code == 0
    assert reset.out != added.out
    assert "lan clerk Nguyễn Thị Lan" in told("person", hall, "list").out.splitlines()
    for secret in (added.out.strip(), reset.out.strip()):
        assert secret.encode() not in (hall / PEOPLE_FILE).read_bytes()
    assert told("person", hall, "end", "--login", "lan").code == 0
    assert told("person", hall, "list").out.splitlines() == ["admin admin Quản trị"]
    assert told("person", hall, "reset", "--login", "lan").code == 2
    assert told("person", hall, "add", "--login", "lan").code == 2


# verify, export, report


def test_verify_takes_a_hall_or_a_file_and_a_seal(served: Served, tmp_path: Path) -> None:
    """The auditor has one or the other."""
    file = tmp_path / "journal.ndjson"
    assert command("export", served.hall, "--to", file).code == 0
    answers = {command("verify", source, "--seal", served.seal) for source in (served.hall, file)}
    (answer,) = answers
    assert answer.code == 0
    assert re.fullmatch(r"events \d+\ndays 1\nhead [0-9a-f]{64}\n", answer.out)
    wrong = command("verify", file, "--seal", "0" * 64)
    assert wrong.code == 1
    assert "first bad sequence" in wrong.err
    assert command("verify", file, "--seal", "short").code == 2


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    """A wrong file name must not read as tampering, still less as fine."""
    for name, content in (("letter.txt", b"Kinh gui"), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
        ended = told("verify", tmp_path / name)
        assert ended.code in {1, 2}, ended
        assert ended.err
        assert "Traceback" not in ended.err


def test_the_export_is_the_same_bytes_every_time(served: Served, tmp_path: Path) -> None:
    """Two auditors compare digests, not lines."""
    files = [tmp_path / name for name in ("first.ndjson", "second.ndjson")]
    for file in files:
        ended = told("export", served.hall, "--to", file)
        assert ended.code == 0
        assert str(file) in ended.out
    assert files[0].read_bytes() == files[1].read_bytes()
    lines = files[0].read_bytes().splitlines()
    assert [list(json.loads(line)) for line in lines[:1]] == [["sequence", "at", "kind", "version", "body", "hash"]]
    assert [json.loads(line)["sequence"] for line in lines] == list(range(1, len(lines) + 1))


def test_an_export_that_cannot_be_written_leaves_nothing(served: Served, tmp_path: Path) -> None:
    """Half an export would be taken for a whole one."""
    ended = told("export", served.hall, "--to", tmp_path / "no" / "folder" / "x.ndjson")
    assert ended.code == 2
    assert str(tmp_path / "no" / "folder") in ended.err  # And not the journal, which is whole.
    assert list(tmp_path.iterdir()) == []


def _report(served: Served, *words: str) -> str:
    ended = told("report", served.hall, "--from", served.day, "--to", served.day, *words)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_every_format_of_the_report_says_the_same(served: Served) -> None:
    """The table is for people, CSV for spreadsheets, JSON for programs."""
    answer = json.loads(_report(served, "--by", "service", "--format", "json"))
    assert (answer["from"], answer["to"], answer["by"]) == (served.day, served.day, "service")
    assert answer["journal_head"] == exported(served.hall)[-1].hash
    rows = list(csv.DictReader(io.StringIO(_report(served, "--by", "service", "--format", "csv"))))
    assert [row["group"] for row in rows] == [row["group"] for row in answer["rows"]]
    assert [int(row["served"]) for row in rows] == [row["served"] for row in answer["rows"]]
    table = _report(served, "--by", "service")
    assert all(row["group"] in table for row in answer["rows"])


@pytest.mark.parametrize(
    "by", ["service", "procedure", "counter", "clerk", "hour", "weekday", "day", "month", "quarter", "year"]
)
def test_the_report_groups_by_everything_it_promises(served: Served, by: str) -> None:
    """Each is somebody's monthly table."""
    answer = json.loads(_report(served, "--by", by, "--format", "json"))
    assert answer["by"] == by
    assert sum(row["tickets"] for row in answer["rows"]) >= 7


def test_a_report_from_the_end_to_the_beginning_is_refused(served: Served) -> None:
    """An empty report would be believed."""
    assert told("report", served.hall, "--from", "2026-11-24", "--to", "2026-11-23").code == 2


# backup and restore


async def test_a_backup_while_running_restores_and_verifies(hall: Path, tmp_path: Path) -> None:
    """It is made every night of a hall that is never switched off, and needed on the worst day."""
    token = await asyncio.to_thread(a_token, hall, "clerk")
    file, again = tmp_path / "hall.backup", tmp_path / "again"
    async with running(hall) as server, a_session(token) as session:
        stopping = asyncio.Event()

        async def keep_busy() -> None:
            while not stopping.is_set():
                async with session.post(f"{server.url}{API}/tickets", json={"service": "ho-tich"}) as response:
                    assert response.status == 201

        async with asyncio.TaskGroup() as group:
            busy = [group.create_task(keep_busy(), name=f"busy {index}") for index in range(4)]
            made = await asyncio.to_thread(command, "backup", hall, file)
            stopping.set()
        assert len(busy) == 4
        assert made.code == 0, made.err
        assert file.stat().st_mode & 0o777 == 0o600
    restored = await asyncio.to_thread(command, "restore", file, again)
    assert restored.code == 0, restored.err
    head = made.out.split()[-1]
    assert restored.out.split()[-1] == head
    assert command("verify", again, "--seal", head).code == 0
    rows = exported(again)
    assert exported(hall)[: len(rows)] == rows
    for name in ("hall.toml", "keys/hall.key"):
        assert (again / name).read_bytes() == (hall / name).read_bytes()
    async with (
        running(again) as server,
        a_session(token) as session,
        session.post(f"{server.url}{API}/tickets", json={"service": "ho-tich"}) as response,
    ):
        assert response.status == 201
    assert "note  backup" not in command("check", hall).out


def test_rebuild_says_that_the_journal_is_enough(served: Served) -> None:
    """Whoever doubts a figure computes everything anew from the journal, while the hall goes on."""
    ended = told("rebuild", served.hall)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1 days rebuilt from "), ended.out


def test_backup_and_restore_never_overwrite(served: Served, tmp_path: Path) -> None:
    """The old backup may be the only good one, and the old hall too."""
    file = tmp_path / "hall.backup"
    assert told("backup", served.hall, file).code == 0
    before = file.read_bytes()
    again = told("backup", served.hall, file)
    assert (again.code, file.read_bytes()) == (2, before)
    kept = _files(served.hall)
    assert told("restore", file, served.hall).code == 2
    assert _files(served.hall) == kept


def test_a_spoilt_backup_is_not_restored(served: Served, tmp_path: Path) -> None:
    """Better no hall than a wrong one."""
    file = tmp_path / "hall.backup"
    assert told("backup", served.hall, file).code == 0
    raw = file.read_bytes()
    for spoilt in (raw[: len(raw) // 2], raw[:200] + bytes([raw[200] ^ 1]) + raw[201:], b""):
        (tmp_path / "spoilt").write_bytes(spoilt)
        ended = told("restore", tmp_path / "spoilt", tmp_path / "again")
        assert ended.code == 2, ended
        assert "Traceback" not in ended.err
        assert not (tmp_path / "again").exists()


def test_a_tampered_journal_is_not_backed_up(hall: Path, tmp_path: Path, served: Served) -> None:
    """Night after night the good backups would be replaced by bad ones."""
    (hall / JOURNAL_FILE).write_bytes((served.hall / JOURNAL_FILE).read_bytes())
    with closing(sqlite3.connect(hall / JOURNAL_FILE, isolation_level=None)) as journal:
        journal.execute("DELETE FROM event WHERE sequence = 5")
    ended = told("backup", hall, tmp_path / "hall.backup")
    assert ended.code == 2
    assert "event 5" in ended.err
    assert not (tmp_path / "hall.backup").exists()

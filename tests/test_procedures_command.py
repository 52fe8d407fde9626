"""`denluot-server procedures`: how a hall gets a catalogue of its own, also while it runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from queue_server.config.catalogue import CATALOGUE_FILE
from queue_server.procedures import load
from tests.api.halls import TestHall, a_hall, cheap_hasher, people_module
from tests.config.test_catalogue import a_table
from tests.test_commands import told

BIRTH = ("1.001193", "Thủ tục đăng ký khai sinh")
OWN = ("7.000007", "Thủ tục riêng của phường")


@pytest_asyncio.fixture
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TestHall]:
    """A hall that runs."""
    monkeypatch.setattr(people_module, "Hasher", cheap_hasher)
    async with a_hall(tmp_path / "hall") as opened:
        yield opened


def hall_at(tmp_path: Path) -> Path:
    """A new hall's folder."""
    folder = tmp_path / "hall"
    assert told("init", folder).code == 0
    return folder


def test_a_snapshot_is_imported_listed_searched_and_taken_back(tmp_path: Path) -> None:
    """What an operator does once a year, without a manual."""
    hall, table = hall_at(tmp_path), a_table(tmp_path, BIRTH, OWN)
    assert "the sample: 42 procedures" in told("check", hall).out
    done = told("procedures", hall, "import", table)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("2 of 2 rows taken, 0 repeated\nin force")
    assert "2 procedures of 2026-07-20" in told("check", hall).out
    assert told("procedures", hall, "list").out == "1.001193\tĐăng ký khai sinh\n7.000007\tRiêng của phường\n"
    assert told("procedures", hall, "search", "khai sin").out == "1.001193\tĐăng ký khai sinh\n"
    assert told("procedures", hall, "import", table).out.splitlines()[-1].startswith("the same as before")
    told("procedures", hall, "import", a_table(tmp_path, OWN))
    assert told("procedures", hall, "undo").out.startswith("in force: 2 procedures")


def test_what_cannot_be_taken_is_told_line_by_line_with_exit_2(tmp_path: Path) -> None:
    """Scripts go by the code, people by the lines."""
    hall = hall_at(tmp_path)
    done = told("procedures", hall, "import", a_table(tmp_path, ("x", "Một"), OWN))
    assert (done.code, done.out) == (2, "")
    assert "left out, line 2: ma_thu_tuc = x" in done.err
    assert "--leave-out" in done.err
    assert told("procedures", hall, "import").code == 2
    assert told("procedures", hall, "import", tmp_path / "nothing-2026-07-20.tsv").code == 2
    assert told("procedures", hall, "undo").code == 2
    taken = told("procedures", hall, "import", a_table(tmp_path, ("x", "Một"), OWN), "--leave-out")
    assert (taken.code, taken.out.splitlines()[0]) == (0, "1 of 2 rows taken, 0 repeated")
    assert "line 2" in taken.err


def test_check_names_a_broken_catalogue(tmp_path: Path) -> None:
    """The server goes on with the sample; somebody has to be told."""
    hall = hall_at(tmp_path)
    (hall / CATALOGUE_FILE).write_text("{")
    done = told("check", hall)
    assert done.code == 1
    assert "FAULT  procedures: procedures.ndjson, line 1" in done.out


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so; the hall looks at its files every second."""
    for _ in range(200):
        if await is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never came to be so")


async def test_a_running_hall_takes_a_new_catalogue_up(hall: TestHall, tmp_path: Path) -> None:
    """Nobody restarts a server in the middle of a morning for a new fee, and a broken file changes nothing."""
    folder = hall.parts.folder

    async def leads(code: str) -> bool:
        found = (await hall.get("/procedures?limit=1")).body["procedures"]
        return bool(found[0]["code"] == code)

    assert told("procedures", folder, "import", a_table(tmp_path, OWN)).code == 0
    await eventually(lambda: leads(OWN[0]))
    with capture_logs() as logs:
        (folder / CATALOGUE_FILE).write_text("{")

        async def is_refused() -> bool:
            return any(one["event"] == "procedures refused" for one in logs)

        await eventually(is_refused)
    assert await leads(OWN[0])
    assert told("procedures", folder, "import", a_table(tmp_path, BIRTH)).code == 0
    await eventually(lambda: leads(BIRTH[0]))
    (folder / CATALOGUE_FILE).unlink()
    await eventually(lambda: leads(load().procedures[0].code))

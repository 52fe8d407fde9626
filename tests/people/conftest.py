"""A hall's people in a folder of their own, with hashing made cheap and a clock that the test turns."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import pytest_asyncio

from queue_server.people import command_line, people
from queue_server.people.passwords import Hasher
from queue_server.people.secret import Secret


class TurnedClock:
    """The time that the test says it is."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 7, 30, tzinfo=timezone(timedelta(hours=7)))

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **units: float) -> None:
        self.at += timedelta(**units)


def cheap_hasher() -> Hasher:
    """The real argon2id with figures so small that a test does not wait for it."""
    return Hasher(memory_kib=8, passes=1)


@pytest.fixture(autouse=True)
def _quick_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands hash cheaply too; `test_hashing_does_not_hold_up_the_loop` shows the full strength."""
    monkeypatch.setattr(command_line, "Hasher", cheap_hasher)


@pytest.fixture
def clock() -> TurnedClock:
    """Monday, half past seven in the morning."""
    return TurnedClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the hall's people.db is, or will be."""
    return tmp_path / "people.db"


@pytest.fixture
def empty_file(path: Path) -> Path:
    """A people.db without a table."""
    path.touch()
    return path


@pytest.fixture
def one_time(path: Path, clock: TurnedClock) -> Secret:
    """The one-time password of the first admin; people.db is there now."""
    return command_line.create(path, name="Quản trị", at=clock.at)


@pytest_asyncio.fixture
async def hall(path: Path, clock: TurnedClock, one_time: Secret) -> AsyncIterator[people.People]:
    """The people of a running server, without its watching task: a test calls `notice` itself."""
    async with people.open_people(path, clock, cheap_hasher()) as opened:
        yield opened

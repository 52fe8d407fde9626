"""A hall for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.api.halls import TestHall, a_hall, cheap_hasher, people_module


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hash cheaply; that hashing holds nobody up is tested with the people."""
    monkeypatch.setattr(people_module, "Hasher", cheap_hasher)


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[TestHall]:
    """A small hall that is always open; a test that tries every route without a token is no crowd."""
    async with a_hall(tmp_path / "hall", server="public_rate_burst = 300") as opened:
        yield opened

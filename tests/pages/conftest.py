"""A hall and a real browser for each test. Without the browser these tests fail: the pages would be untested."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.api.halls import TestHall, cheap_hasher, people_module
from tests.pages.halls import a_pages_hall

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hash cheaply; that hashing holds nobody up is tested with the people."""
    monkeypatch.setattr(people_module, "Hasher", cheap_hasher)


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[TestHall]:
    """The hall of the mock-ups."""
    async with a_pages_hall(tmp_path / "hall") as opened:
        yield opened


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium as Debian ships it."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is missing; on Debian: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()

"""A hall and a real browser for each test. Without the browser these tests fail: the pages would be untested."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.api.halls import TestHall, cheap_hasher, people_module
from tests.pages.halls import Desk, a_browser_of, a_desk, a_pages_hall, a_person
from tests.pages.phones import a_pocket

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


@pytest_asyncio.fixture
async def cookie(hall: TestHall) -> str:
    """Hà is signed in."""
    return await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà")


@pytest_asyncio.fixture
async def context(hall: TestHall, browser: Browser, cookie: str) -> AsyncIterator[BrowserContext]:
    """Hà's browser."""
    context = await a_browser_of(browser, hall, cookie)
    yield context
    await context.close()


@pytest_asyncio.fixture
async def desk(hall: TestHall, context: BrowserContext) -> AsyncIterator[Desk]:
    """Counter 4, opened by its first key; nothing may be wrong on it in the end."""
    desk = await a_desk(context, hall)
    await desk.press("F2")
    await desk.is_open()
    yield desk
    assert desk.faults == []


@pytest_asyncio.fixture
async def pocket(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A telephone in somebody's hand."""
    context = await a_pocket(browser)
    yield context
    await context.close()

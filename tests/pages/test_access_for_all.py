"""Every page and state is looked at by axe, at the sizes of real desks."""

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # It ships no types.
from playwright.async_api import Browser, Page

from queue_server.presenting.texts import TONGUES, Tongue
from tests.api.halls import TestHall
from tests.pages.halls import Desk, a_browser_of, a_desk, a_person

pytestmark = pytest.mark.browser

SIZES = ((1440, 900), (1366, 768), (1024, 700))
LAWS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": LAWS}}


async def violations(page: Page) -> list[str]:
    """What axe finds, with where."""
    await page.wait_for_timeout(350)  # Transitions end; a colour half way is no colour of ours.
    found = await Axe().run(page, options=RULES)
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("tongue", TONGUES)
async def test_signing_in_and_choosing_a_counter_are_for_everybody(
    hall: TestHall, browser: Browser, tongue: Tongue
) -> None:
    """With the keyboard, with a reader, with tired eyes."""
    context = await a_browser_of(browser, hall, tongue=tongue)
    page = await context.new_page()
    await page.goto(f"{hall.url}/sign-in")
    await page.locator("form").wait_for()
    assert await page.locator("html").get_attribute("lang") == tongue
    assert await violations(page) == []
    await context.close()
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"), tongue=tongue)
    page = await context.new_page()
    await page.goto(f"{hall.url}/counter")
    await page.locator(".choose a").first.wait_for()
    assert await violations(page) == []
    await context.close()


async def _nothing(desk: Desk) -> None:
    await desk.is_open()


async def _calling(desk: Desk) -> None:
    await desk.press("F2")
    await desk.holds("1001")


async def _serving(desk: Desk) -> None:
    await _calling(desk)
    await desk.press("F7")
    await desk.sees(desk.says("clerk.now-serving"))
    await desk.scan("H38.12-261119-0042")
    await desk.scan("something else")
    await desk.press("Escape")
    await desk.press("3")
    await desk.chosen_times(0)  # The second procedure is up.
    await desk.press("3")
    await desk.chosen(desk.says("clerk.outcome-refused"))


async def _transfer(desk: Desk) -> None:
    await _calling(desk)
    await desk.press("F8")
    await desk.dialog(desk.says("clerk.transfer-title", number=1001))


async def _priority(desk: Desk) -> None:
    await _calling(desk)
    await desk.activate(desk.says("clerk.priority-change"))
    await desk.dialog(desk.says("clerk.priority-title", number=1001))


async def _call_number(desk: Desk) -> None:
    await desk.activate(desk.says("clerk.call-number"))
    await desk.dialog(desk.says("clerk.call-number"))


async def _take(desk: Desk) -> None:
    await desk.activate(desk.says("clerk.take"))
    await desk.dialog(desk.says("clerk.take"))


async def _keys(desk: Desk) -> None:
    await desk.activate(desk.says("clerk.keys"))
    await desk.dialog(desk.says("clerk.keys"))


async def _choose_procedure(desk: Desk) -> None:
    await _calling(desk)
    await desk.activate(desk.says("clerk.add-procedure"))
    await desk.dialog(desk.says("clerk.add-procedure"))
    await desk.page.keyboard.type("so do")
    await desk.page.locator("dialog .pick", has_text="1.013978").wait_for()


async def _in_detail(desk: Desk) -> None:
    await desk.activate(desk.says("clerk.about", number=1002))
    await desk.dialog(desk.says("clerk.about", number=1002))
    await desk.page.locator("dialog dl[aria-busy=false]").wait_for()


async def _held_and_absent(desk: Desk) -> None:
    await _calling(desk)
    await desk.press("Shift+F9")
    await desk.is_free()
    await desk.press("F2")
    await desk.holds("1002")
    await desk.press("F10")
    await desk.is_free()


async def _paused(desk: Desk) -> None:
    await desk.activate(desk.says("clerk.pause"))
    await desk.dialog(desk.says("clerk.pause"))
    await desk.page.keyboard.press("1")
    await desk.page.keyboard.press("Enter")
    await desk.sees(desk.says("clerk.paused-title"))


async def _lost(desk: Desk) -> None:
    await _calling(desk)
    await desk.page.context.set_offline(True)
    await desk.sees(desk.says("clerk.lost").partition("{")[0])


STATES: dict[str, Callable[[Desk], Awaitable[None]]] = {
    "idle": _nothing,
    "calling": _calling,
    "serving": _serving,
    "transfer": _transfer,
    "priority": _priority,
    "call a number": _call_number,
    "give a number": _take,
    "choose a procedure": _choose_procedure,
    "a line in detail": _in_detail,
    "keys": _keys,
    "held and absent": _held_and_absent,
    "paused": _paused,
    "link lost": _lost,
}


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("state", STATES)
async def test_the_clerks_page_is_for_everybody(hall: TestHall, browser: Browser, state: str, tongue: Tongue) -> None:
    """Nothing is found by axe in any state at any size in either language, and nothing is out of the window."""
    her = await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà")
    context = await a_browser_of(browser, hall, her, tongue=tongue)
    await hall.ticket(priority="cao-tuoi", procedures=["2.000815", "1.001193"], items=2)
    for _ in range(11):
        await hall.ticket()
    desk = await a_desk(context, hall, tongue=tongue)
    await desk.press("F2")
    await desk.is_open()
    await STATES[state](desk)
    for width, height in SIZES:
        await desk.page.set_viewport_size({"width": width, "height": height})
        assert await violations(desk.page) == [], f"{width} x {height}"
        assert await desk.overflows() == [], f"{width} x {height}"
    await context.close()

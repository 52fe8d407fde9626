"""The clerk's page in a hall of sixty counters, and after an hour without a link in which the hall went on."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.api.halls import TestHall
from tests.pages.halls import (
    LONG_NAME,
    Desk,
    a_browser_of,
    a_desk,
    a_pages_hall,
    a_person,
    bodies,
    counter,
    kinds,
    later,
)
from tests.pages.test_access_for_all import SIZES, violations
from tests.pages.test_guide_troubles import a_full_hall

pytestmark = pytest.mark.browser


async def test_sixty_counters_are_chosen_and_transferred_to_by_keys(tmp_path: Path, browser: Browser) -> None:
    """A province's hall: the sixtieth counter is as near as the second, with a long name and two hundred waiting."""
    async with a_pages_hall(tmp_path / "hall", a_full_hall()) as hall:
        for one in range(205):
            await hall.ticket(f"s{one % 9 + 1}")
        for number in range(1, 60):
            assert (await hall.post(f"/counters/{number}/open", role="device")).status == 200
        cookie = await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà")
        context = await a_browser_of(browser, hall, cookie)
        desk = Desk(await context.new_page())
        await desk.page.goto(f"{hall.url}/counter")
        await desk.page.locator(".choose a").nth(59).wait_for()
        assert await desk.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        await desk.page.locator(".choose a").nth(59).focus()
        await desk.page.keyboard.press("Enter")
        await desk.page.locator(".columns").wait_for()
        await desk.press("F2")
        await desk.is_open()
        await desk.press("F2")
        await desk.holds("1001")
        assert await desk.page.locator(".waiting li").count() == 200
        assert LONG_NAME[:60] in await desk.page.locator(".waiting").inner_text()
        await desk.press("F8")
        await desk.dialog("Chuyển số 1001")
        assert await desk.page.locator(".targets .pick").count() >= 59
        await desk.page.keyboard.press("ArrowUp")  # From the first one round to the last: counter 59.
        for width, height in SIZES:
            await desk.page.set_viewport_size({"width": width, "height": height})
            assert await violations(desk.page) == [], f"{width} x {height}"
            assert await desk.overflows() == [], f"{width} x {height}"
        await desk.page.keyboard.press("Tab")
        await desk.page.keyboard.press("Tab")
        await desk.page.keyboard.press("1")
        await desk.page.keyboard.press("Enter")
        await desk.is_free()
        [moved] = await bodies(hall, "ticket-transferred")
        assert moved["counter"] == 59
        assert desk.faults == []
        await context.close()


async def test_what_the_hall_did_meanwhile_is_true_when_the_link_is_back(hall: TestHall, desk: Desk) -> None:
    """The manager ended the visit from elsewhere: notes of it go to nobody else; no press made meanwhile acts."""
    for _ in range(3):
        await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F7")
    await desk.sees("Số đang phục vụ")
    await desk.page.context.set_offline(True)
    await desk.sees("Mất kết nối từ")
    await desk.page.keyboard.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    for key in ("F9", "F2", "F10", "F4"):
        await desk.page.keyboard.press(key)
    later(hall, 60)
    held = {"reason": "absence", "outcome": "guidance"}
    assert (await hall.post("/counters/4/finish", held, role="manager")).status == 200
    assert (await hall.post("/counters/4/next", {"reason": "absence"}, role="manager")).status == 200
    await desk.page.context.set_offline(False)
    await desk.page.locator(".app:not(.lost)").wait_for()
    await desk.holds("1002")
    assert await desk.page.locator(".outcomes .chosen").count() == 0
    assert await desk.page.locator(".bar time").inner_text() == "08:30"
    happened = await kinds(hall)
    assert happened.count("ticket-called") == 2
    assert happened.count("ticket-finished") == 1
    assert "ticket-absent" not in happened
    desk.faults.clear()  # The browser's log tells of the link.


async def test_two_tabs_of_one_counter_each_lost_in_turn_agree_again(
    hall: TestHall, desk: Desk, context: BrowserContext
) -> None:
    """Each tab shows what the hall says, whichever of them acted, and one press in each is never two calls."""
    for _ in range(4):
        await hall.ticket()
    other = await a_desk(context, hall)
    await other.page.wait_for_function("() => document.querySelector('.columns')?.dataset.ready === 'yes'")
    await desk.press("F2")
    await other.holds("1001")
    await other.press("F7")
    await desk.sees("Số đang phục vụ")
    await other.press("1")
    await other.chosen("Tiếp nhận hồ sơ")
    await other.press("F9")
    await desk.is_free()
    await other.is_free()
    assert (await kinds(hall)).count("ticket-called") == 1
    assert (await kinds(hall)).count("ticket-finished") == 1


async def test_a_question_that_lacks_something_stays_open(hall: TestHall, desk: Desk) -> None:
    """One that closed with nothing done would look like one that was answered."""
    await hall.ticket()
    await desk.press("F2", "F8")
    await desk.dialog("Chuyển số 1001")
    await desk.page.keyboard.press("1")  # A reason, and nowhere to go.
    await desk.page.keyboard.press("Enter")
    assert await desk.page.locator("dialog .b.go").get_attribute("aria-disabled") == "true"
    await desk.dialog("Chuyển số 1001")
    assert (await counter(hall))["ticket"]["number"] == 1001


async def test_no_priority_is_proposed_where_nobody_claimed_one(hall: TestHall, desk: Desk) -> None:
    """An Enter too many must not send somebody ahead of the hall."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.activate("Xác nhận hoặc đổi diện ưu tiên")
    await desk.page.keyboard.press("Enter")
    assert await desk.page.locator("dialog :checked").count() == 0
    assert "priority-decided" not in await kinds(hall)


async def test_a_scan_with_nobody_at_the_desk_presses_no_button(hall: TestHall, desk: Desk) -> None:
    """Scanners end with Enter, and the focus stands where the last click was."""
    await hall.ticket()
    await desk.page.locator(".idle .primary").focus()
    await desk.page.keyboard.type("H38.12-261122-0042")
    await desk.page.keyboard.press("Enter")
    await desk.settled()
    assert "ticket-called" not in await kinds(hall)
    await desk.page.wait_for_timeout(100)
    await desk.page.keyboard.press("Enter")  # A finger comes later.
    await desk.holds("1001")

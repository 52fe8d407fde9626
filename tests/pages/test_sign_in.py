"""Signing in, the first password, the choice of counter and signing out, by keys alone."""

import pytest
from playwright.async_api import Browser

from tests.api.halls import TestHall
from tests.pages.halls import PASSWORD, Desk, a_browser_of, a_desk, a_person

pytestmark = pytest.mark.browser


async def test_a_new_clerk_comes_from_the_one_time_password_to_the_counter(hall: TestHall, browser: Browser) -> None:
    """The first morning: sign in, choose a password, and be where one wanted to go."""
    one_time = str(await hall.parts.people.register.add_person("ha", "Nguyễn Thu Hà", "clerk", None))
    context = await a_browser_of(browser, hall)
    desk = Desk(await context.new_page())
    keyboard = desk.page.keyboard
    await desk.page.goto(f"{hall.url}/counter/4")
    await desk.is_asked("login")
    await keyboard.type("ha")
    await keyboard.press("Tab")
    await keyboard.type(one_time)
    await keyboard.press("Enter")
    await desk.is_asked("new")  # The one-time password was typed a moment ago.
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")
    await desk.sees("Mời điền đủ các ô.")  # In the page's language, not the browser's.
    await desk.is_asked("again")
    await keyboard.type(f"{PASSWORD}!")
    await keyboard.press("Enter")
    await desk.sees("Hai lần nhập mật khẩu mới chưa giống nhau.")
    await desk.is_asked("again")
    await keyboard.type(PASSWORD)  # What stands there is marked, and typed over.
    await keyboard.press("Enter")
    await desk.page.wait_for_url("**/counter/4")
    await desk.sees("Mở quầy")
    assert desk.faults == []
    await context.close()


async def test_a_wrong_password_is_said_in_words_and_can_be_tried_again(hall: TestHall, browser: Browser) -> None:
    """What was typed stays, nothing is blamed on anybody."""
    await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà", counter=4)
    context = await a_browser_of(browser, hall)
    desk = Desk(await context.new_page())
    await desk.page.goto(f"{hall.url}/sign-in")
    await desk.is_asked("login")
    await desk.page.keyboard.type("ha")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.type("not this one")
    await desk.page.keyboard.press("Enter")
    await desk.sees("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    await desk.is_asked("password")
    await desk.page.keyboard.type(PASSWORD)
    await desk.page.keyboard.press("Enter")
    await desk.page.wait_for_url("**/counter/4")  # The counter that she prefers.
    await context.close()


async def test_a_page_that_was_loaded_anew_asks_for_the_one_time_password(hall: TestHall, browser: Browser) -> None:
    """It is kept nowhere; whoever reloads types it once more."""
    one_time = str(await hall.parts.people.register.add_person("ha", "Nguyễn Thu Hà", "clerk", 4))
    context = await a_browser_of(browser, hall)
    desk = Desk(await context.new_page())
    keyboard = desk.page.keyboard
    await desk.page.goto(f"{hall.url}/sign-in")
    await desk.is_asked("login")
    for text, key in (("ha", "Tab"), (one_time, "Enter")):
        await keyboard.type(text)
        await keyboard.press(key)
    await desk.is_asked("new")
    await desk.page.reload()
    await desk.is_asked("password")
    for text, key in ((one_time, "Tab"), (PASSWORD, "Tab"), (PASSWORD, "Enter")):
        await keyboard.type(text)
        await keyboard.press(key)
    await desk.page.wait_for_url("**/counter/4")
    assert desk.faults == []
    await context.close()


@pytest.mark.parametrize(
    ("role", "home"), [("manager", "/manager"), ("auditor", "/manager"), ("guide", "/guide"), ("clerk", "/counter")]
)
async def test_everybody_comes_to_their_own_page(hall: TestHall, browser: Browser, role: str, home: str) -> None:
    """Nobody has to know an address to begin the day."""
    await a_person(hall.parts.people, "binh", "Trần Văn Bình", role)
    context = await a_browser_of(browser, hall)
    desk = Desk(await context.new_page())
    await desk.page.goto(f"{hall.url}/sign-in")
    await desk.is_asked("login")
    await desk.page.keyboard.type("binh")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.type(PASSWORD)
    await desk.page.keyboard.press("Enter")
    await desk.page.wait_for_url(f"{hall.url}{home}")
    await context.close()


async def test_the_way_back_leads_nowhere_else(hall: TestHall, browser: Browser) -> None:
    """A link with a foreign address in it must not lead out of the hall."""
    await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà", counter=4)
    context = await a_browser_of(browser, hall)
    desk = Desk(await context.new_page())
    for foreign in ("//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        await context.clear_cookies()
        await desk.page.goto(f"{hall.url}/sign-in?next={foreign}")
        await desk.is_asked("login")
        await desk.page.keyboard.type("ha")
        await desk.page.keyboard.press("Tab")
        await desk.page.keyboard.type(PASSWORD)
        await desk.page.keyboard.press("Enter")
        await desk.page.wait_for_url(f"{hall.url}/counter/4")
    await context.close()


async def test_a_counter_is_chosen_by_what_it_serves_and_who_is_there(hall: TestHall, browser: Browser) -> None:
    """Whoever sits somewhere else today finds the desk by its plate."""
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"))
    desk = Desk(await context.new_page())
    await desk.page.goto(f"{hall.url}/counter")
    line = desk.page.get_by_role("link", name="Hộ tịch – Chứng thực").nth(1)
    await line.wait_for()
    await line.focus()
    await desk.page.keyboard.press("Enter")
    await desk.page.wait_for_url("**/counter/4")
    assert desk.faults == []
    await context.close()


async def test_signing_out_closes_the_counter_if_one_likes(hall: TestHall, browser: Browser) -> None:
    """The evening: one question, and the desk is closed."""
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"))
    desk = await a_desk(context, hall)
    await desk.press("F2")
    await desk.is_open()
    await desk.activate("Nguyễn Thu Hà")
    await desk.dialog("Đăng xuất")
    await desk.page.keyboard.press("Enter")
    await desk.page.wait_for_url("**/sign-in")
    assert (await hall.get("/counters/4", role="manager")).body["state"] == "closed"
    await desk.page.goto(f"{hall.url}/counter/4")
    await desk.page.wait_for_url("**/sign-in**")
    await context.close()


async def test_what_is_said_before_the_page_is_there_stands_in_the_window(hall: TestHall, browser: Browser) -> None:
    """It is the first thing to be seen, and all there is where no script runs."""
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    page = await context.new_page()
    await page.goto(f"{hall.url}/sign-in")
    for line in await page.locator(".loading").all():
        box = await line.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768
    await context.close()

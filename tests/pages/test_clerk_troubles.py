"""The clerk's page when things go wrong: nervous fingers, two tabs, lost links, long names, hostile text, wrong clocks.

The promise: each press is one thing or nothing, and the page always says what is true.
"""

import asyncio
import time

import pytest
from playwright.async_api import Browser, BrowserContext, Route, WebSocketRoute

from tests.api.halls import TestHall
from tests.pages.halls import HOSTILE, LONG_NAME, Desk, a_browser_of, a_desk, a_person, bodies, kinds, later

pytestmark = pytest.mark.browser


async def test_a_nervous_finger_calls_one(hall: TestHall, desk: Desk) -> None:
    """Ten presses in a row, and a key held down, are one call."""
    for _ in range(10):
        await hall.ticket()
    for _ in range(10):
        await desk.page.keyboard.press("F2")
    await desk.holds("1001")
    for _ in range(20):
        await desk.page.keyboard.down("F2")  # Held down, a key repeats.
    await desk.page.keyboard.up("F2")
    assert (await kinds(hall)).count("ticket-called") == 1


async def test_a_slow_line_sends_one_request_and_a_cut_one_the_same_again(hall: TestHall, desk: Desk) -> None:
    """The answer is lost, the call is not made twice."""
    for _ in range(3):
        await hall.ticket()
    keys: list[str] = []

    async def lose_the_first(route: Route) -> None:
        keys.append(await route.request.header_value("Idempotency-Key") or "")
        answer = await route.fetch()
        await (route.abort() if len(keys) == 1 else route.fulfill(response=answer))

    await desk.page.route("**/next", lose_the_first)
    for _ in range(5):
        await desk.page.keyboard.press("F2")
    await desk.holds("1001")
    await desk.settled()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert (await kinds(hall)).count("ticket-called") == 1
    desk.faults.clear()  # The browser's log tells of the request that we cut.


async def test_two_tabs_show_the_same_and_do_not_fight(hall: TestHall, desk: Desk, context: BrowserContext) -> None:
    """A second tab, forgotten behind the first, must not end a visit that it does not show."""
    for _ in range(3):
        await hall.ticket()
    other = await a_desk(context, hall)
    await desk.press("F2")
    await desk.holds("1001")
    await other.holds("1001")
    await asyncio.gather(other.press("F10"), desk.press("F10"))
    await desk.is_free()
    await other.is_free()
    assert (await kinds(hall)).count("ticket-absent") == 1
    await other.press("F2")
    await desk.holds("1002")
    desk.faults.clear()  # One of the two was told that the counter had moved on.


async def test_a_lost_link_says_what_still_works_and_comes_back(hall: TestHall, desk: Desk) -> None:
    """Within ten seconds the page stops looking fresh; what was noted is there when the link is back."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.page.context.set_offline(True)
    await desk.page.evaluate("() => { window.lostAt = performance.now() }")
    await desk.sees("Mất kết nối từ")
    assert await desk.page.evaluate("() => performance.now() - window.lostAt") < 10_000
    await desk.sees("bàn phím quầy")
    await desk.page.keyboard.press("F4")
    await desk.scan("H38.12-261119-0042")
    await desk.press("Escape")
    await desk.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    await desk.page.context.set_offline(False)
    await desk.page.locator(".app:not(.lost)").wait_for()
    await desk.press("F9")
    await desk.is_free()
    assert (await bodies(hall, "ticket-finished"))[0]["items"] == [{"outcome": "received"}]
    assert "ticket-recalled" not in await kinds(hall)
    desk.faults.clear()  # The browser's log tells of the link.


async def test_a_link_that_dies_in_silence_is_seen_within_ten_seconds(hall: TestHall, context: BrowserContext) -> None:
    """A switch that lost its power says nothing; the page must not go on looking fresh."""
    page = await context.new_page()
    is_dead = asyncio.Event()

    def pass_on(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if is_dead.is_set() else socket.send(message))

    await page.route_web_socket("**/feed?**", pass_on)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await desk.sees("Đã kết nối")
    is_dead.set()
    started = asyncio.get_running_loop().time()
    await desk.sees("Mất kết nối từ")
    assert asyncio.get_running_loop().time() - started < 10
    is_dead.clear()
    await desk.sees("Đã kết nối")  # By a new link; the old one was given up.


async def test_notes_outlive_a_reload(hall: TestHall, desk: Desk) -> None:
    """F5 by habit must not cost the codes of a visit."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.scan("H38.12-261119-0042")
    await desk.press("Escape")
    await desk.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    await desk.page.reload()
    await desk.holds("1001")
    await desk.sees("H38.12-261119-0042")
    await desk.chosen("Tiếp nhận hồ sơ")


async def test_what_people_write_is_shown_and_never_run(
    hall: TestHall, context: BrowserContext, browser: Browser
) -> None:
    """A scanned code or a name may hold anything."""
    her = await a_browser_of(browser, hall, await a_person(hall.parts.people, "hostile", HOSTILE[:90]))
    desk = await a_desk(her, hall, 5)
    dialogs: list[str] = []
    desk.page.on("dialog", lambda one: dialogs.append(one.message))
    await desk.press("F2")
    await desk.is_open()
    await hall.ticket(procedures=[HOSTILE[:60]], dossiers=[HOSTILE])
    await desk.press("F2")
    await desk.holds("1001")
    await desk.sees(HOSTILE)
    await desk.scan(HOSTILE + "2")
    await desk.sees(HOSTILE + "2")
    assert await desk.page.locator("img, script:not([src])").count() == 0
    assert dialogs == []
    assert desk.faults == []
    await her.close()


async def test_two_hundred_wait_and_names_are_long(hall: TestHall, context: BrowserContext) -> None:
    """The number and the keys stay where they are, whatever stands beside them."""
    for _ in range(205):
        await hall.ticket("dai", procedures=["1.001193"] * 20)
    desk = await a_desk(context, hall, 5)
    await desk.press("F2")
    await desk.is_open()
    await desk.press("F2")
    await desk.holds("5001")
    await desk.sees("Đang chờ 204")
    assert await desk.page.locator(".waiting li").count() == 200
    for width, height in ((1440, 900), (1366, 768), (1024, 700)):
        await desk.page.set_viewport_size({"width": width, "height": height})
        assert await desk.overflows() == []
    assert desk.faults == []


async def test_names_of_procedures_take_the_place_of_codes(hall: TestHall, context: BrowserContext) -> None:
    """A clerk reads what somebody came for; a name of 919 characters is there whole and moves nothing."""
    page = await context.new_page()

    async def known(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "procedures": True})

    async def names(route: Route) -> None:
        found = [{"code": "1.001193", "name": LONG_NAME, "short_name": {"vi": "", "en": ""}}]
        found += [{"code": "2.000815", "name": "x", "short_name": {"vi": "Chứng thực bản sao", "en": "Certified copy"}}]
        await route.fulfill(json={"procedures": found})

    await page.route("**/api/v1/hall", known)
    await page.route("**/api/v1/procedures?**", names)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await page.locator(".columns").wait_for()
    await desk.press("F2")
    await desk.is_open()
    for _ in range(2):
        await hall.ticket(procedures=["1.001193", "2.000815"])
    await desk.press("F2")
    await desk.holds("1001")
    await page.locator(".procedures .name", has_text="Chứng thực bản sao").wait_for()
    assert LONG_NAME.strip() in await page.locator(".procedures .name").first.inner_text()
    for width, height in ((1440, 900), (1024, 700)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await desk.overflows() == []
    await desk.activate("Thêm thủ tục")
    await desk.dialog("Thêm thủ tục")
    await page.keyboard.type("khai sinh")
    await page.get_by_role("dialog").get_by_text("Chứng thực bản sao").wait_for()
    await page.keyboard.press("Escape")
    assert desk.faults == []


async def test_a_wrong_clock_and_a_far_time_zone_change_nothing(hall: TestHall, browser: Browser, cookie: str) -> None:
    """The desk's machine may think that it is last year in New York."""
    context = await a_browser_of(browser, hall, cookie, zone="America/New_York")
    page = await context.new_page()
    await page.clock.install(time=1_600_000_000)
    desk = Desk(page)
    await hall.ticket()
    later(hall, 17)
    await page.goto(f"{hall.url}/counter/4")
    await page.locator(".columns").wait_for()
    await page.clock.run_for(1500)
    assert await page.locator(".bar time").inner_text() == "07:47"
    await desk.sees("17 phút")
    assert await page.locator(".waiting .late").count() == 1
    await context.close()


async def test_the_language_changes_at_once(hall: TestHall, desk: Desk) -> None:
    """English for whoever reads it better, remembered on this machine."""
    await desk.activate("English")
    await desk.sees("Nobody is waiting.")
    assert await desk.page.locator("html").get_attribute("lang") == "en"
    await desk.page.reload()
    await desk.sees("Call next")
    await desk.activate("Tiếng Việt")
    await desk.sees("Gọi số tiếp theo")


async def test_whoever_signs_out_elsewhere_is_out_here(hall: TestHall, desk: Desk) -> None:
    """A session that is over shows nothing any more."""
    for session in await hall.parts.people.register.sessions():
        await hall.parts.people.register.end_session(session.id)
    await desk.page.wait_for_url("**/sign-in**")


async def test_a_call_is_on_the_screen_at_once(hall: TestHall, context: BrowserContext) -> None:
    """Half of the calls are shown within 60 ms of the commit, on a machine that runs other tests beside."""
    took = await _from_commit_to_glass(hall, context, 15)
    assert took[7] <= 60, [round(one) for one in took]


@pytest.mark.slow
async def test_a_call_is_on_the_screen_within_sixty_milliseconds(hall: TestHall, context: BrowserContext) -> None:
    """The promise: p95 at most 60 ms, on a machine that has nothing else to do."""
    took = await _from_commit_to_glass(hall, context, 60)
    assert took[56] <= 60, [round(one) for one in took]


async def _from_commit_to_glass(hall: TestHall, context: BrowserContext, count: int) -> list[float]:
    """Milliseconds from each commit to the frame that shows it, sorted; another machine calls."""
    page = await context.new_page()
    await page.goto(f"{hall.url}/counter/2")
    await page.locator(".columns").wait_for()
    await page.evaluate(WATCH)
    await hall.serving(2)
    committed: list[float] = []
    hall.parts.engine.followers.append(lambda commit: committed.append(time.time()))
    took = []
    for _ in range(count):
        number = (await hall.ticket())["number"]
        await asyncio.sleep(0.12)  # The feed sends at most ten views a second: this one is not measured against that.
        await page.evaluate("number => window.expect(String(number))", number)
        await hall.post("/counters/2/next", role="clerk")
        called_at = committed[-1]
        took.append(await page.evaluate("() => window.seen") - called_at * 1000)
        await hall.post("/counters/2/finish", role="clerk")
        await asyncio.sleep(0.12)
    return sorted(took)


WATCH = """() => {
  const shown = () => document.querySelector(".current .big")?.textContent;
  window.expect = (number) => {
    window.seen = new Promise((done) => {
      // The frame after the change begins when the one with the change is on the glass.
      const glass = () => requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
      const look = () => shown() === number && (observer.disconnect(), glass());
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  };
}"""

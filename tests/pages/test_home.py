"""The start page: what this hall is called, whether it is open, and the way to each of its screens."""

import re

import pytest
from playwright.async_api import Browser

from queue_server.presenting.texts import TONGUES, Tongue
from tests.api.halls import Json, TestHall
from tests.pages.halls import HOSTILE, Desk, a_browser_of, a_person
from tests.pages.lobbies import Feed, a_view
from tests.pages.test_access_for_all import violations

pytestmark = pytest.mark.browser

SIZES = ((1366, 768), (390, 844))


async def a_start(
    browser: Browser, hall: TestHall, cookie: str = "", tongue: Tongue = "vi", view: Json | None = None
) -> Desk:
    """The start page, up."""
    context = await a_browser_of(browser, hall, cookie, tongue=tongue)
    context.set_default_timeout(8_000)
    start = Desk(await context.new_page(), tongue)
    if view is not None:
        await start.page.route_web_socket("**/feed?**", Feed(view).listen)
    await start.page.goto(hall.url)
    await start.page.locator(".now .chip.good, .now .chip.warn").wait_for()
    return start


async def links(start: Desk) -> list[str]:
    """Where the page leads."""
    found: list[str] = await start.page.locator(".map a").evaluate_all("(all) => all.map((one) => one.pathname)")
    return found


async def test_a_stranger_sees_the_hall_and_the_way_to_every_screen(hall: TestHall, browser: Browser) -> None:
    """Whoever sets a machine up finds everything from one address; no way leads nowhere."""
    start = await a_start(browser, hall)
    assert await start.page.locator("h1").inner_text() == "Phường An Hòa"
    assert await start.page.locator(".second").inner_text() == "An Hoa ward"
    await start.sees(start.says("home.open"))
    await start.sees(start.says("home.signed-out"))
    ways = await links(start)
    assert {"/lobby", "/counter", "/guide", "/manager", "/sign-in", "/readyz", "/api/v1/openapi.json"} <= set(ways)
    for path in ways:
        assert (await hall.call("GET", path)).status in {200, 302}, path
    assert ("/kiosk" in ways) == ((await hall.call("GET", "/kiosk")).status != 404)
    assert start.faults == []
    await start.page.context.close()


async def test_whoever_is_signed_in_is_named_and_can_leave(hall: TestHall, browser: Browser) -> None:
    """On a shared machine the next person must see whose name their work would bear."""
    start = await a_start(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"))
    await start.sees("Đang đăng nhập: Nguyễn Thu Hà, cán bộ quầy")
    assert "/sign-in" not in await links(start)
    assert "cần tài khoản khác" not in await start.page.locator('a[href="/counter"]').inner_text()
    assert "cần tài khoản khác" in await start.page.locator('a[href="/manager"]').inner_text()
    await start.page.get_by_role("button", name=start.says("page.sign-out")).click()
    await start.sees(start.says("home.signed-out"))
    assert "/sign-in" in await links(start)
    assert start.faults == []
    await start.page.context.close()


async def test_a_closed_hall_says_when_it_opens(hall: TestHall, browser: Browser) -> None:
    """Nobody should have to ask a person for what the hall knows."""
    notice = {"code": "not-yet-open", "text": {"vi": "Lấy số từ 07:30.", "en": "Numbers are given from 07:30."}}
    start = await a_start(browser, hall, view=a_view(open=False, notices=[notice]))
    await start.sees(start.says("home.closed"))
    await start.sees("Lấy số từ 07:30.")
    await start.page.get_by_role("button", name="English").click()
    await start.sees("Closed now")
    await start.sees("Numbers are given from 07:30.")
    assert await start.page.locator("h1").inner_text() == "An Hoa ward public service centre"
    await start.page.context.close()


@pytest.mark.parametrize("tongue", TONGUES)
async def test_the_start_page_is_for_everybody(hall: TestHall, browser: Browser, tongue: Tongue) -> None:
    """Nothing is found by axe, and nothing stands out of a narrow window."""
    start = await a_start(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"), tongue)
    for width, height in SIZES:
        await start.page.set_viewport_size({"width": width, "height": height})
        assert await violations(start.page) == []
        assert await start.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert await start.page.locator("html").get_attribute("lang") == tongue
    assert start.faults == []
    await start.page.context.close()


async def test_a_hostile_name_is_text(hall: TestHall, browser: Browser) -> None:
    """The hall's name comes from a file that somebody wrote."""
    start = await a_start(browser, hall, view={**a_view(), "name": {"vi": HOSTILE, "en": HOSTILE}})
    assert await start.page.locator("h1").inner_text() == HOSTILE
    assert await start.page.locator("#page img").count() == 0
    assert start.faults == []
    await start.page.context.close()


async def test_it_weighs_little(hall: TestHall) -> None:
    """The first page of a new machine on a poor line."""
    page = await hall.call("GET", "/")
    total = len(page.raw)
    for url in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.raw.decode())):
        async with hall.http.get(hall.url + url, headers={"Accept-Encoding": "gzip"}) as got:
            total += int(got.headers["Content-Length"])
    assert total < 150_000, f"{total} bytes"

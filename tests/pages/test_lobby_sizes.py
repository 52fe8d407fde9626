"""How large the lobby is drawn: everything fits at every size, and letters are as high as the rules ask."""

import pytest
from playwright.async_api import Browser

from tests.api.halls import TestHall
from tests.pages.lobbies import Wall, a_view, a_wall
from tests.pages.test_lobby import TWELVE, feed_of, in_view

pytestmark = pytest.mark.browser

CAPITAL_EM = 0.74
CALL_MM_PER_M = 12.2
"""EN 301 549: a capital is 0.7 degrees high."""
LIST_MM_PER_M = 5
"""EU rail rule: a 250th of the distance and a quarter more."""
LANDSCAPE = ((1920, 1080), (1366, 768), (1280, 720), (3840, 2160))
UPRIGHT = (1080, 1920)


@pytest.mark.parametrize("counters", [1, 6, 20, 60])
async def test_everything_fits_at_every_size(hall: TestHall, browser: Browser, counters: int) -> None:
    """From a small panel to a wall of 75 inches; the widest digits, the longest names, twelve services."""
    view = a_view(counters, 12)
    view["calls"] = [{**one, "shown": "4444" if index % 2 else one["shown"]} for index, one in enumerate(view["calls"])]
    view["services"][3]["name"]["vi"] = "Thủ tục đăng ký biến động quyền sử dụng đất, quyền sở hữu nhà ở và " * 2
    async with a_wall(browser, hall, view) as wall:
        for width, height in (*LANDSCAPE, UPRIGHT):
            await wall.page.set_viewport_size({"width": width, "height": height})
            for services in (1, 5, 12):
                feed_of(wall).show(services=view["services"][:services])
                await wall.settled()
                assert await wall.faulty() == [], f"{width} x {height}, {services} services"
        for shown, counter in [("4444", 60), *TWELVE]:
            feed_of(wall).call(shown, counter)
        await in_view(wall, ".cells.k6")
        for width, height in (*LANDSCAPE, UPRIGHT):
            await wall.page.set_viewport_size({"width": width, "height": height})
            await wall.settled()
            assert await wall.faulty() == [], f"burst, {width} x {height}"


@pytest.mark.parametrize(
    ("size", "inches", "distance", "counters"),
    [
        ((1920, 1080), 43, 8, 6),
        ((1920, 1080), 55, 10, 20),
        ((1366, 768), 32, 6, 20),
        ((1280, 720), 40, 8, 60),
        ((3840, 2160), 75, 15, 20),
        ((1080, 1920), 55, 10, 12),
    ],
)
async def test_letters_are_as_high_as_the_rules_ask_for_the_farthest_seat(
    hall: TestHall, browser: Browser, size: tuple[int, int], inches: int, distance: int, counters: int
) -> None:
    """Whoever sits in the last row with poor eyes reads the call; the last calls are read by everybody else."""
    query = f"?inches={inches}&distance={distance}"
    async with a_wall(browser, hall, a_view(counters), size=size, query=query) as wall:
        px_per_mm = (size[0] ** 2 + size[1] ** 2) ** 0.5 / (inches * 25.4)
        for selector, mm_per_m in ((".hero .n", CALL_MM_PER_M), (".recent .n", LIST_MM_PER_M)):
            capital = CAPITAL_EM * await _font_px(wall, selector)
            assert capital >= mm_per_m * distance * px_per_mm - 0.5, f"{selector}: {capital / px_per_mm:.0f} mm"
        assert await wall.page.locator(".warning").count() == 0
        assert await wall.faulty() == []


async def test_a_screen_too_small_for_its_hall_says_so(hall: TestHall, browser: Browser) -> None:
    """Whoever hung it up should know, and how far it reads; the call stays as large as it can be."""
    async with a_wall(browser, hall, a_view(20), query="?inches=24&distance=15") as wall:
        said = await wall.page.locator(".warning").inner_text()
        assert said.startswith("Màn hình 24 inch ở 15 m: chữ chỉ đọc rõ đến ")
        metres = float(said.split("đến ")[1].split(" m")[0].replace(",", "."))
        px_per_mm = (1920**2 + 1080**2) ** 0.5 / (24 * 25.4)
        call = CAPITAL_EM * await _font_px(wall, ".hero .n") / px_per_mm / CALL_MM_PER_M
        last = CAPITAL_EM * await _font_px(wall, ".recent .n") / px_per_mm / LIST_MM_PER_M
        assert metres == pytest.approx(min(call, last), abs=0.11)
        assert await wall.faulty() == []


async def _font_px(wall: Wall, selector: str) -> float:
    script = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    size: float = await wall.page.locator(selector).first.evaluate(script)
    return size

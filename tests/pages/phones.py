"""A telephone that follows a ticket: a real browser of its size, held by somebody who waits."""

import asyncio

from playwright.async_api import Browser, BrowserContext, Page

from tests.api.halls import Json, TestHall
from tests.pages.halls import TWO_FRAMES, Desk

SIZES = ((360, 640), (390, 844), (320, 640))
SPY = """
  window.felt = []; window.heard = []; window.awake = 0;
  Object.defineProperty(Navigator.prototype, "vibrate", { value: (pulses) => window.felt.push(pulses) > 0 });
  const Tone = window.OscillatorNode;
  window.OscillatorNode = class extends Tone {
    start(at) { window.heard.push(Math.round(this.frequency.value)); super.start(at); }
  };
  const lock = () => Object.assign(new EventTarget(), { release: async () => { window.awake -= 1; } });
  const request = async () => { window.awake += 1; return lock(); };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""
"""What a hand would feel, an ear hear, and whether the screen stays on."""
OVERFLOWS = """() => {
  const wide = [...document.querySelectorAll("#page *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && !one.closest(".sr") && (box.left < -1 || box.right > innerWidth + 1);
  });
  const found = wide.map((one) => one.tagName + "." + one.getAttribute("class"));
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  return found;
}"""


class Phone(Desk):
    """A page of a ticket; what a desk's page can be asked, it can be asked too."""

    async def settled(self) -> None:
        """Wait until what was just done is drawn."""
        await self.page.evaluate(TWO_FRAMES)

    async def overflows(self) -> list[str]:
        """What stands outside the window, or makes it scroll sideways."""
        found: list[str] = await self.page.evaluate(OVERFLOWS)
        return found

    async def title(self) -> str:
        """What the page is headed."""
        return " ".join((await self.page.locator("h1").inner_text()).split())


async def a_pocket(
    browser: Browser, *, size: tuple[int, int] = (390, 844), zone: str = "Asia/Ho_Chi_Minh", scripts: bool = True
) -> BrowserContext:
    """A telephone's browser with nobody signed in."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="vi-VN",
        timezone_id=zone,
        java_script_enabled=scripts,
    )
    await context.add_init_script(SPY)
    return context


def path_of(ticket: Json) -> str:
    """The way to the page of a ticket."""
    return f"/t/{ticket['id']}?key={ticket['key']}"


async def a_phone(context: BrowserContext, hall: TestHall, ticket: Json, more: str = "") -> Phone:
    """A ticket's page that is up."""
    page: Page = await context.new_page()
    phone = Phone(page)
    await page.goto(hall.url + path_of(ticket) + more)
    await page.locator(".phone").wait_for()
    return phone


async def next_at(hall: TestHall, counter: int = 4) -> None:
    """The counter calls."""
    assert (await hall.post(f"/counters/{counter}/next", role="clerk")).status == 200


async def do(hall: TestHall, what: str, counter: int = 4, body: object = None) -> None:
    """The clerk of the counter does something with whom it has."""
    answer = await hall.post(f"/counters/{counter}/{what}", body, role="clerk")
    assert answer.status == 200, answer.raw


async def forecast(hall: TestHall) -> None:
    """Wait until the hall has a forecast."""
    async with asyncio.timeout(10):
        while not hall.parts.live.ticket_waits:  # noqa: ASYNC110  # The forecaster tells nobody when it is done.
            await asyncio.sleep(0.02)

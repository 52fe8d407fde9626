"""The guide's tablet in a real browser: touched and typed at, and measured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Page

from tests.api.halls import Json, TestHall
from tests.pages.halls import Desk, a_person

LANDSCAPE, PORTRAIT = (1024, 768), (768, 1024)
MM = ((1024**2 + 768**2) ** 0.5) / (9.7 * 25.4)
"""CSS pixels in one millimetre of a 9.7 inch tablet of 1024 x 768."""
TOUCH_MM = 12
PRINTER = "window.prints = 0; window.print = () => { window.prints += 1; };"
VOICE = """
window.spoken = [];
const voice = {lang: "vi-VN", name: "a voice"};
Object.defineProperty(window, "SpeechSynthesisUtterance", {value: class { constructor(text) { this.text = text; } }});
Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => [voice], cancel() {}, addEventListener() {},
  speak(said) { window.spoken.push([said.text, said.lang]); }}});
"""
READY = "() => document.querySelector('.app')?.dataset.ready === 'yes' || document.querySelector('dialog')"
SMALL = """(least) => [...document.querySelectorAll("button, input, select, label.tile, label.segment, .pick, .tick")]
  .filter((one) => !one.matches("label input") && one.checkVisibility({visibilityProperty: true}))
  .filter((one) => !document.querySelector("dialog[open]") || one.closest("dialog"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width < least || box.height < least)
  .map(([one, box]) => `${one.className} ${one.textContent.trim()} ${box.width} x ${box.height}`)"""
OUTSIDE = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const part of document.querySelectorAll(".bar, .bar > *, .tabs, .tabs > *, .foot, .foot > *, .alerts, main")) {
    const box = part.getBoundingClientRect();
    const isIn = box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
    if (box.width && !isIn) found.push(`${part.className || part.tagName} ${JSON.stringify(box)}`);
  }
  return found;
}"""


class Guide(Desk):
    """The guide's page, by touch or by keys."""

    def _hear(self, message: ConsoleMessage) -> None:
        """A no of the hall is no fault of the page: it is said in words."""
        if "status of 4" not in message.text:
            super()._hear(message)

    async def settled(self) -> None:
        """Wait until the page would take a press again."""
        await self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        await self.page.wait_for_function(READY)

    async def tap(self, name: str, *, exact: bool = False) -> None:
        """Touch the button of this name."""
        await self.settled()
        await self.page.get_by_role("button", name=name, exact=exact).first.tap()

    async def choose(self, words: str) -> None:
        """Touch the line or the tile with these words."""
        await self.page.locator(".tile, .pick, .tick, .segment", has_text=words).first.tap()

    async def has_ticket(self, number: str) -> None:
        """Wait until this ticket is open."""
        await self.page.locator(".about .big", has_text=number).wait_for()

    async def in_state(self, words: str) -> None:
        """Wait until the open ticket is said to be in this state."""
        await self.page.locator(".about .chip", has_text=words).wait_for()

    async def prints(self) -> int:
        """How often the browser was asked to print."""
        count: int = await self.page.evaluate("window.prints")
        return count

    async def is_small(self) -> list[str]:
        """What a finger would miss."""
        found: list[str] = await self.page.evaluate(SMALL, TOUCH_MM * MM)
        return found

    async def is_outside(self) -> list[str]:
        """What stands outside the window."""
        found: list[str] = await self.page.evaluate(OUTSIDE)
        return found


async def a_guide_page(page: Page, hall: TestHall) -> Guide:
    """The page when it is up."""
    guide = Guide(page)
    await page.add_init_script(PRINTER)
    await page.goto(f"{hall.url}/guide")
    await page.locator(".tiles").wait_for()
    return guide


@asynccontextmanager
async def a_guide(
    browser: Browser, hall: TestHall, size: tuple[int, int] = LANDSCAPE, *, voice: bool = False, language: str = "vi"
) -> AsyncIterator[Guide]:
    """Lan with her tablet, which has touch."""
    cookie = await a_person(hall.parts.people, f"lan{size[0]}{language}", "Trần Thị Lan", "guide")
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", has_touch=True
    )
    await context.add_cookies([{"name": "denluot_session", "value": cookie, "url": hall.url}])
    await context.add_cookies([{"name": "denluot_language", "value": language, "url": hall.url}])
    page = await context.new_page()
    if voice:
        await page.add_init_script(VOICE)
    guide = await a_guide_page(page, hall)
    yield guide
    await context.close()
    assert guide.faults == []


async def found(hall: TestHall, number: int) -> Json:
    """The ticket as the hall has it."""
    return (await hall.get(f"/tickets?number={number}", role="guide")).body

"""A hall as the pages show it, people who sign in, and a browser at a desk."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from queue_server.people.people import People
from queue_server.people.signing import SignedIn
from queue_server.presenting.texts import Tongue
from queue_server.presenting.texts import load as load_texts
from tests.api.halls import Json, TestHall, a_hall
from tests.config.halls import KEY
from tests.factories import clock

LONG_NAME = ("Thủ tục đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất " * 12)[:919]
"""As long as the longest name in the national index."""
HOSTILE = "<img src=x onerror=alert(1)>\"'${7*7}{{7*7}}</script>"

HALL = f"""
[hall]
id = "an-hoa"
name = {{ vi = "Phường An Hòa", en = "An Hoa ward" }}

[server]
public_url = "http://127.0.0.1"
rate_per_s = 10000
rate_burst = 10000
public_rate_per_s = 10000
public_rate_burst = 10000

[calendar]
always_open = true

[tickets]
min_service_s = 20

[[service]]
id = "ho-tich"
name = {{ vi = "Hộ tịch – Chứng thực", en = "Civil status – Certification" }}
numbers = "1001-1999"
expected_service_s = 480

[[service]]
id = "dat-dai"
name = {{ vi = "Đất đai", en = "Land" }}
numbers = "2001-2999"

[[service]]
id = "tra-ket-qua"
name = {{ vi = "Trả kết quả", en = "Results" }}
numbers = "4001-4999"

[[service]]
id = "dai"
name = "{LONG_NAME[:118].strip()}"
numbers = "5001-5999"

[[counter]]
number = 2
services = ["dat-dai", "ho-tich"]

[[counter]]
number = 4
services = ["ho-tich"]

[[counter]]
number = 5
label = "5"
services = ["ho-tich", "dat-dai", "tra-ket-qua", "dai"]

[[counter]]
number = 60
services = ["dai"]

[[priority]]
group = "cao-tuoi"
label = {{ vi = "Người cao tuổi", en = "Elderly" }}
rank = 2
proof = {{ vi = "Thẻ căn cước", en = "Identity card" }}
legal_basis = "Luật Người cao tuổi 39/2009/QH12, Điều 3"

[[priority]]
group = "mang-thai"
label = {{ vi = "Phụ nữ mang thai", en = "Pregnant" }}
rank = 1
"""
TEXTS = load_texts()
PASSWORD = "hoa sen nở sớm mai"


@asynccontextmanager
async def a_pages_hall(folder: Path, text: str = HALL) -> AsyncIterator[TestHall]:
    """The hall of the mock-ups, always open, on a free port, at 7:30."""
    (folder / "keys").mkdir(parents=True)
    (folder / "hall.toml").write_text(text)
    (folder / "keys" / "hall.key").write_bytes(KEY)
    (folder / "keys" / "hall.key").chmod(0o600)
    async with a_hall(folder, wall=clock("7:30")) as hall:
        yield hall


def later(hall: TestHall, minutes: float) -> None:
    """Let hall time pass; nobody waits for it."""
    clock_of = hall.parts.engine._clock
    clock_of.not_before(clock_of.now() + timedelta(minutes=minutes))


async def a_person(people: People, login: str, name: str, role: str = "clerk", counter: int | None = None) -> str:
    """Somebody who has signed in and has a password of their own; gives their cookie."""
    one_time = await people.register.add_person(login, name, role, counter)
    first = await people.signing.sign_in(login, str(one_time), "127.0.0.1")
    assert isinstance(first, SignedIn)
    who = next(one.principal for one in people.directory._sessions.values() if one.principal.session == first.session)
    signed = await people.signing.change_password(who, str(one_time), PASSWORD, "127.0.0.1")
    assert isinstance(signed, SignedIn)
    return str(signed.cookie)


async def a_browser_of(
    browser: Browser,
    hall: TestHall,
    cookie: str = "",
    *,
    width: int = 1440,
    height: int = 900,
    zone: str = "Asia/Ho_Chi_Minh",
    tongue: Tongue = "vi",
) -> BrowserContext:
    """A browser with this person signed in."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", timezone_id=zone)
    await context.add_cookies([{"name": "denluot_language", "value": tongue, "url": hall.url}])
    if cookie:
        await context.add_cookies([{"name": "denluot_session", "value": cookie, "url": hall.url}])
    return context


class Desk:
    """A clerk's page, driven as a clerk does: by keys."""

    def __init__(self, page: Page, tongue: Tongue = "vi") -> None:
        self.page = page
        self.tongue = tongue
        self.faults: list[str] = []
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors of the page; that a link was cut on purpose is none."""
        if message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.faults.append(message.text)

    def says(self, key: str, **values: str | int) -> str:
        """A text of the pages in the language of this desk."""
        return TEXTS.say(self.tongue, key, values)

    async def press(self, *keys: str) -> None:
        """Keys one after the other, no faster than the page takes them."""
        for key in keys:
            await self.settled()
            await self.page.keyboard.press(key)

    async def sees(self, text: str) -> None:
        """Wait until the page shows this text."""
        await self.page.get_by_text(text).first.wait_for()

    async def activate(self, name: str) -> None:
        """Go to the button of this name and press it, as the Tab key and Enter would."""
        await self.settled()
        button = self.page.get_by_role("button", name=name).first
        await button.focus()
        await self.page.keyboard.press("Enter")

    async def scan(self, code: str) -> None:
        """What a scanner does: the code and Enter, in the field for codes."""
        await self.page.locator("#dossier").focus()
        await self.page.keyboard.type(code)
        await self.page.keyboard.press("Enter")

    async def dialog(self, title: str) -> None:
        """Wait until this is asked."""
        await self.page.get_by_role("dialog", name=title).wait_for()

    async def chosen(self, outcome: str) -> None:
        """Wait until this outcome is chosen."""
        await self.page.locator(".outcomes .chosen", has_text=outcome).wait_for()

    async def chosen_times(self, count: int) -> None:
        """Wait until so many outcomes are shown as chosen."""
        await self.page.wait_for_timeout(150)
        assert await self.page.locator(".outcomes .chosen").count() == count

    async def settled(self) -> None:
        """Wait until the page would take a key again; what was just pressed is drawn with the next frame."""
        await self.page.evaluate(TWO_FRAMES)
        await self.page.wait_for_function(READY)

    async def is_open(self) -> None:
        """Wait until the counter is this clerk's and open."""
        await self.page.locator(".chip", has_text=self.says("page.counter-open")).wait_for()
        await self.settled()

    async def overflows(self) -> list[str]:
        """What stands outside the window or is cut where it must not be."""
        found: list[str] = await self.page.evaluate(OVERFLOWS)
        return found

    async def is_asked(self, field: str) -> None:
        """Wait until the field of this name has the focus."""
        await self.page.locator(f"input[name={field}]:not([readonly]):focus").wait_for()

    async def number(self) -> str:
        """The number at the desk, empty for none."""
        big = self.page.locator(".current .big")
        return (await big.inner_text()).strip() if await big.count() else ""

    async def holds(self, number: str) -> None:
        """Wait until this number is at the desk."""
        await self.page.locator(".current .big", has_text=number).wait_for()

    async def is_free(self) -> None:
        """Wait until nobody is at the desk."""
        await self.page.locator(".idle").wait_for()


async def counter(hall: TestHall, number: int = 4) -> Json:
    """The counter as the hall has it."""
    return (await hall.get(f"/counters/{number}", role="manager")).body


async def kinds(hall: TestHall) -> list[str]:
    """What has happened, in order."""
    return [row.kind for row in await hall.parts.journal.read()]


async def bodies(hall: TestHall, kind: str) -> list[Json]:
    """The bodies of all events of a kind."""
    return [json.loads(row.body) for row in await hall.parts.journal.read() if row.kind == kind]


READY = "() => document.querySelector('.columns')?.dataset.ready === 'yes' || document.querySelector('dialog')"
"""The page would take a key: no request is on its way and the pause after the last one is over."""


async def a_desk(context: BrowserContext, hall: TestHall, counter: int = 4, tongue: Tongue = "vi") -> Desk:
    """A counter's page that is up."""
    desk = Desk(await context.new_page(), tongue)
    await desk.page.goto(f"{hall.url}/counter/{counter}")
    await desk.page.locator(".columns").wait_for()
    return desk


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PARTS = ".bar, .bar > *, .current, .current .big, .finish, .finish > *, .right > .b:nth-child(-n+8)"
OVERFLOWS = f"""() => {{
  const outside = [];
  for (const part of document.querySelectorAll("{PARTS}")) {{
    const box = part.getBoundingClientRect();
    const isIn = box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
    if (box.width && !isIn) outside.push(part.className + " " + JSON.stringify(box));
  }}
  if (document.documentElement.scrollWidth > innerWidth) outside.push("the page scrolls sideways");
  return outside;
}}"""

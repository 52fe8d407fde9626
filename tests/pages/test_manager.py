"""The manager's page in a real browser, by keys alone: what it shows is so, and what it changes carries a reason."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec import structs
from playwright.async_api import Browser, BrowserContext

from queue_server.wire.manager import DayFigures
from tests.api.halls import Json, TestHall
from tests.pages.halls import HOSTILE, Desk, a_browser_of, a_person, bodies, kinds, later

pytestmark = pytest.mark.browser

READY = "() => document.querySelector('.app')?.dataset.ready === 'yes' && !document.querySelector('dialog')"


class Office(Desk):
    """A manager at the page."""

    async def settled(self) -> None:
        """Wait until the page would take a key again."""
        await self.page.wait_for_function(READY)

    async def counter(self, label: str) -> None:
        """Walk to a counter's tile with the arrow keys and open it."""
        await self.settled()
        tile = self.page.locator(".tile", has=self.page.locator(".plate", has_text=re.compile(rf"^{label}$")))
        await self.page.locator(".tile[tabindex='0']").focus()
        await self.page.keyboard.press("Home")
        for _ in range(await self.page.locator(".tile").count()):
            if await tile.evaluate("(one) => one === document.activeElement"):
                break
            await self.page.keyboard.press("ArrowRight")
        await self.page.keyboard.press("Enter")
        await self.dialog(f"Quầy {label}")

    async def deed(self, name: str) -> None:
        """Choose what to do in the open dialog."""
        await self.page.locator(f"dialog [data-deed={name}]").focus()
        await self.page.keyboard.press("Enter")
        await self.page.locator("dialog input[name=reason]").first.wait_for()

    async def own_reason(self, words: str) -> None:
        """Choose the last reason of the list, and write one's own."""
        await self.page.locator("dialog input[name=reason]").last.focus()
        await self.page.keyboard.press("Space")
        await self.page.locator("dialog input[name=words]").focus()
        await self.page.keyboard.type(words)


async def an_office(context: BrowserContext, hall: TestHall) -> Office:
    """The page, up."""
    office = Office(await context.new_page())
    await office.page.goto(f"{hall.url}/manager")
    await office.page.locator(".hall, .logs").first.wait_for()
    return office


@pytest_asyncio.fixture
async def cookie(hall: TestHall) -> str:
    """Bình is signed in as the manager."""
    return await a_person(hall.parts.people, "binh", "Trần Văn Bình", "manager")


@pytest_asyncio.fixture
async def office(hall: TestHall, context: BrowserContext) -> AsyncIterator[Office]:
    """His page; nothing may be wrong on it in the end."""
    office = await an_office(context, hall)
    yield office
    assert office.faults == []


async def reasons(hall: TestHall) -> list[str]:
    """What was given as free words of a reason, in order."""
    return [row.value for row in await hall.parts.journal.side_since(0) if row.name == "reason"]


# What it shows


async def test_what_happens_in_the_hall_is_on_the_page_within_a_second_or_so(hall: TestHall, office: Office) -> None:
    """A manager decides by what is so now."""
    await hall.serving(4)
    ticket = await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    tile = office.page.locator(".tile.calling", has_text="1001")
    await tile.wait_for(timeout=3000)
    assert ticket["number"] == 1001
    await hall.post("/counters/4/help", role="clerk")
    await office.sees("Quầy 4 gọi hỗ trợ")
    await office.activate("Đã có người đến")
    await office.sees("Không có việc nào cần xử lý.")


async def test_the_mean_on_the_page_is_that_of_the_index(hall: TestHall, office: Office) -> None:
    """The one figure that the state asks for must not differ between a page and a report."""
    await hall.serving(4)
    for minutes in (3, 7.4, 22, 1):
        for _ in range(2):
            await hall.ticket()
        later(hall, minutes)
        await hall.post("/counters/4/next", role="clerk")
        await hall.post("/counters/4/start", role="clerk")
        later(hall, 4)
        await hall.post("/counters/4/finish", {"outcome": "received"}, role="clerk")
    index = (await hall.get("/service-index", role="manager")).body["rows"][0]
    shown = f"{index['wait_mean_s'] / 60:.1f}".replace(".", ",").removesuffix(",0")
    figure = office.page.locator(".strip > div", has_text="Chờ trung bình hôm nay")
    await figure.get_by_text(f"{index['wait_n']} số").wait_for()
    assert (await figure.locator(".big").inner_text()).strip() == shown
    view = await a_view(hall)
    for field in structs.fields(DayFigures):
        assert view["day"]["hall"][field.name] == index[field.name], field.name


async def a_view(hall: TestHall, role: str = "manager") -> Json:
    """The manager's view once the figures of the day are in it."""
    headers = {"Authorization": f"Bearer {hall.tokens[role]}"}
    async with hall.http.ws_connect(f"{hall.url}/api/v1/feed?view=manager", headers=headers) as socket:
        while True:
            message = json.loads((await asyncio.wait_for(socket.receive(), 5)).data)
            if message["kind"] == "view" and message["view"]["day"] is not None:
                return message["view"]


async def test_only_who_answers_for_the_hall_sees_it_whole(hall: TestHall) -> None:
    """It names clerks and how long their visits last."""
    assert (await a_view(hall, "auditor"))["counters"]
    for role in ("clerk", "guide", "kiosk", "display", "observer", "device"):
        assert (await hall.get("/feed?view=manager", role=role)).status == 403, role
        assert (await hall.call("GET", "/manager", role=role)).status == 302, role
    assert (await hall.get("/feed?view=manager")).status == 401
    assert (await hall.get("/events/lines", role="clerk")).status == 403


async def test_an_auditor_looks_and_changes_nothing(hall: TestHall, browser: Browser) -> None:
    """The page does not offer what the hall would refuse."""
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "an", "Lê An", "auditor"))
    office = await an_office(context, hall)
    await office.counter("4")
    assert await office.page.locator("dialog [data-deed]").count() == 0
    assert office.faults == []
    await context.close()


# What it changes


async def test_acting_for_a_sick_clerk_leaves_the_reason_in_the_journal(hall: TestHall, office: Office) -> None:
    """Whoever closes somebody else's counter answers for it, by name and with words."""
    await hall.serving(4)
    await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    await office.page.locator(".tile.calling", has_text="1001").wait_for()
    await office.counter("4")
    await office.deed("absent")
    await office.own_reason("chị Hà về nhà, ốm")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã làm tại quầy 4: Vắng mặt.")
    await office.counter("4")
    await office.deed("close")
    await office.page.keyboard.press("1")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã làm tại quầy 4: Đóng quầy.")
    assert (await kinds(hall))[-2:] == ["ticket-absent", "counter-closed"]
    for kind in ("ticket-absent", "counter-closed"):
        assert "reason" in (await bodies(hall, kind))[0]["commitments"], kind
    assert await reasons(hall) == ["chị Hà về nhà, ốm", "absence"]
    await office.activate("Nhật ký")
    row = office.page.locator(".log tr", has_text="Đóng quầy 4")
    await row.get_by_text("thiếu cán bộ").wait_for()
    await row.get_by_text("Trần Văn Bình").wait_for()
    await office.sees("chị Hà về nhà, ốm")


async def test_every_deed_at_a_counter_needs_a_reason(hall: TestHall, office: Office) -> None:
    """Enter without a reason does nothing, and says so to whoever cannot see the grey button."""
    await office.counter("4")
    await office.deed("open")
    await office.page.keyboard.press("Enter")
    assert await office.page.locator("dialog .go[aria-disabled=true]").count() == 1
    assert "counter-opened" not in await kinds(hall)
    await office.page.keyboard.press("Escape")
    await office.settled()


async def test_call_next_transfer_and_finish_for_the_clerk(hall: TestHall, office: Office) -> None:
    """A counter goes on while its clerk is away."""
    await hall.serving(4)
    for _ in range(2):
        await hall.ticket()
    await office.page.locator(".strip", has_text="2 người").wait_for()
    await office.counter("4")
    await office.deed("next")
    await office.page.keyboard.press("1")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã gọi số 1001 đến quầy 4.")
    await office.counter("4")
    await office.deed("transfer")
    await office.page.locator("dialog input[name=target]").first.focus()
    await office.page.keyboard.press("Space")
    await office.page.locator("dialog input[name=reason]").first.focus()
    await office.page.keyboard.press("Space")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã làm tại quầy 4: Chuyển quầy.")
    assert (await bodies(hall, "ticket-transferred"))[0]["service"] == "dat-dai"
    await office.counter("4")
    await office.deed("next")
    await office.page.keyboard.press("1")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã gọi số 1002 đến quầy 4.")
    await office.counter("4")
    await office.deed("finish")
    await office.page.keyboard.press("1")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã làm tại quầy 4: Hoàn tất.")
    assert [one["ended_by"] for one in await bodies(hall, "ticket-finished")] == ["finish"]


async def test_a_counter_gets_other_services_for_today(hall: TestHall, office: Office) -> None:
    """The long line moves when a free counter helps."""
    await office.counter("4")
    await office.deed("services")
    await office.page.locator("dialog .tick input").nth(1).focus()
    await office.page.keyboard.press("Space")
    await office.own_reason("đông người làm đất đai")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã đổi lĩnh vực của quầy 4 cho hôm nay.")
    assert (await bodies(hall, "counter-services-set"))[0]["services"] == ["ho-tich", "dat-dai"]
    assert await reasons(hall) == ["đông người làm đất đai"]


async def test_a_service_is_paused_resumed_and_caught_up(hall: TestHall, office: Office) -> None:
    """After the server was dead, what was served by hand is written down as such."""
    for _ in range(3):
        await hall.ticket()
    await office.page.locator(".strip", has_text="3 người").wait_for()
    for deed, said in (("pause", "Đã tạm ngừng cấp số"), ("resume", "Đã cấp số lại cho")):
        await office.activate("Hộ tịch – Chứng thực")
        await office.deed(deed)
        await office.page.keyboard.press("1")
        await office.page.keyboard.press("Enter")
        await office.sees(said)
        await office.settled()
    await office.activate("Hộ tịch – Chứng thực")
    await office.deed("catch-up")
    await office.page.locator("dialog input[name=number]").focus()
    await office.page.keyboard.type("1002")
    await office.page.locator("dialog input[name=reason]").first.focus()
    await office.page.keyboard.press("Space")
    await office.page.keyboard.press("Enter")
    await office.sees("Đã ghi bù 2 số")
    assert len(await bodies(hall, "ticket-caught-up")) == 2
    await office.page.locator(".strip", has_text="1 người").wait_for()


async def test_a_nervous_finger_does_nothing_twice(hall: TestHall, office: Office) -> None:
    """Two people called by one press would stand at one counter."""
    await hall.serving(4)
    for _ in range(3):
        await hall.ticket()
    await office.page.locator(".strip", has_text="3 người").wait_for()
    await office.counter("4")
    await office.deed("next")
    await office.page.keyboard.press("1")
    for _ in range(4):
        await office.page.keyboard.press("Enter")
    await office.sees("Đã gọi số 1001 đến quầy 4.")
    assert (await kinds(hall)).count("ticket-called") == 1


async def test_what_was_seen_decides_what_a_late_press_may_do(hall: TestHall, office: Office) -> None:
    """The clerk came back and called somebody else meanwhile: that visit is not the manager's to end."""
    await hall.serving(4)
    for _ in range(2):
        await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    await office.page.locator(".tile.calling", has_text="1001").wait_for()
    await office.counter("4")
    await office.deed("absent")
    await office.page.keyboard.press("1")
    await hall.post("/counters/4/next", role="clerk")
    await office.page.keyboard.press("Enter")
    await office.sees("Quầy vừa chuyển sang số khác.")
    assert "ticket-absent" not in await kinds(hall)
    assert [fault for fault in office.faults if "409" not in fault] == []
    office.faults.clear()  # The browser notes each refusal as an error.


# The log


async def test_the_log_is_of_one_counter_or_one_number(hall: TestHall, office: Office) -> None:
    """A complaint names a number or a counter."""
    await hall.serving(4)
    await hall.serving(5)
    for _ in range(2):
        await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    await hall.post("/counters/5/next", role="clerk")
    await office.activate("Nhật ký")
    await office.sees("Gọi số 1002 đến quầy 5")
    await office.page.get_by_label("Số", exact=True).focus()
    await office.page.keyboard.type("1001")
    await office.page.keyboard.press("Enter")
    await office.page.locator(".log tbody", has_not_text="1002").wait_for()
    assert await office.page.locator(".log tbody tr").count() == 2
    await office.sees("Chờ lâu nhất trong Hộ tịch – Chứng thực")
    lines = (await hall.get("/events/lines?counter=5", role="auditor")).body["lines"]
    assert [one["kind"] for one in lines] == ["ticket-called", "counter-opened"]
    assert (await hall.get("/events/lines?number=999999", role="auditor")).body["lines"] == []


async def test_a_line_tells_nothing_of_a_citizen(hall: TestHall) -> None:
    """What somebody typed about themselves, and how they rated, is nobody's evening reading."""
    ticket = await hall.ticket(priority="mang-thai", dossiers=["H38.12-261119-0042"])
    body = {"reason": "tên tôi là Nguyễn Văn A"}
    await hall.call("POST", f"/api/v1/tickets/{ticket['id']}/cancel?key={ticket['key']}", body)
    text = (await hall.get("/events/lines", role="manager")).raw.decode()
    assert "Hủy số 1001" in text
    for secret in ("Nguyễn Văn A", "mang-thai", "H38.12", "mang thai"):
        assert secret not in text


# Troubles


async def test_hostile_words_are_shown_and_never_run(hall: TestHall, browser: Browser) -> None:
    """Names and reasons are typed by people, and some of them try."""
    await hall.parts.people.register.add_person("eve", HOSTILE[:60], "clerk")
    cookie = await a_person(hall.parts.people, "mallory", f"{HOSTILE[:50]} M", "manager")
    context = await a_browser_of(browser, hall, cookie)
    office = await an_office(context, hall)
    await office.counter("4")
    await office.deed("open")
    await office.own_reason(HOSTILE)
    await office.page.keyboard.press("Enter")
    await office.sees("Đã làm tại quầy 4: Mở quầy.")
    await office.activate("Nhật ký")
    await office.page.locator(".log tr", has_text=HOSTILE).wait_for()
    assert await office.page.locator("img[src=x]").count() == 0
    assert office.faults == []
    await context.close()


async def test_a_lost_link_is_said_and_comes_back(hall: TestHall, office: Office) -> None:
    """Old figures must not look fresh."""
    await office.page.context.set_offline(True)
    await office.sees("Mất kết nối từ")
    assert await office.page.locator(".app.lost").count() == 1
    await office.page.context.set_offline(False)
    await office.page.locator(".app:not(.lost)").wait_for()
    await hall.ticket()
    await office.page.locator(".strip", has_text="1 người").wait_for()

"""Procedures by name on the clerk's page, and what a line of the waiting list tells when it is asked."""

from collections.abc import Sequence

import msgspec
import pytest
from playwright.async_api import BrowserContext, Route

from queue_server.procedures import Procedure, Words, index, load
from tests.api.halls import TestHall
from tests.pages.halls import LONG_NAME, Desk, a_desk, bodies, later

pytestmark = pytest.mark.browser

COMMON = load().procedures


async def chosen(desk: Desk) -> str:
    """The code that the dialog would add, empty for none."""
    marked = desk.page.locator("dialog .pick:has(:checked) small")
    return (await marked.inner_text())[:8] if await marked.count() else ""


async def is_chosen(desk: Desk, code: str) -> None:
    """Wait until the dialog would add this one."""
    await desk.page.locator("dialog .pick:has(:checked)", has_text=code).wait_for()


async def is_noted(desk: Desk, names: Sequence[str]) -> None:
    """Wait until the visit shows these procedures, in this order."""
    for place, name in enumerate(names):
        row = desk.page.locator(".procedures li").nth(place)
        await row.locator(".what", has_text=name).wait_for()
    assert await desk.page.locator(".procedures li").count() == len(names)


async def test_a_procedure_is_found_noted_and_finished_by_keys_alone(hall: TestHall, desk: Desk) -> None:
    """The service index counts by procedure, and a clerk who must know codes by heart notes none."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.activate("Thêm thủ tục")
    await desk.dialog("Thêm thủ tục")
    await desk.sees("Thủ tục hay gặp")
    assert await chosen(desk) == ""
    await desk.page.keyboard.type("doi chung minh nhan dan")
    await is_chosen(desk, "1.014063")
    await desk.page.keyboard.press("Enter")
    await is_noted(desk, ["Đổi thẻ căn cước"])
    await desk.activate("Thêm thủ tục")
    await desk.dialog("Thêm thủ tục")
    await desk.sees("Thủ tục hay gặp")
    await desk.page.keyboard.press("ArrowDown")
    await is_chosen(desk, COMMON[0].code)
    await desk.page.keyboard.press("ArrowDown")
    await is_chosen(desk, COMMON[1].code)
    await desk.page.keyboard.press("Enter")
    await is_noted(desk, ["Đổi thẻ căn cước", "Đăng ký khai sinh"])
    for number, outcome in (("1", "Tiếp nhận hồ sơ"), ("6", "Chỉ hướng dẫn")):
        await desk.page.locator(".procedures .name").nth(0 if number == "1" else 1).focus()
        await desk.page.keyboard.press("Enter")
        await desk.press(number)
        await desk.page.locator(".procedures li", has_text=outcome).wait_for()
    await desk.press("F9")
    await desk.is_free()
    [finished] = await bodies(hall, "ticket-finished")
    assert [(one["procedure"], one["outcome"]) for one in finished["items"]] == [
        ("1.014063", "received"),
        (COMMON[1].code, "guidance"),
    ]


async def test_enter_before_the_answer_adds_nothing_that_was_not_seen(hall: TestHall, desk: Desk) -> None:
    """A fast typist presses Enter while the list still answers the words before."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.activate("Thêm thủ tục")
    await desk.sees("Thủ tục hay gặp")
    await desk.page.keyboard.type("khai sinh")
    await is_chosen(desk, "1.001193")
    await desk.page.keyboard.press("Control+A")
    await desk.page.keyboard.insert_text("ly hôn")
    await desk.page.keyboard.press("Enter")
    await is_chosen(desk, "2.000554")
    assert await desk.page.locator(".procedures li").count() == 0
    await desk.page.keyboard.press("Enter")
    await desk.page.locator(".procedures li").wait_for()


async def test_what_is_not_found_says_so_and_a_code_can_still_be_added(hall: TestHall, desk: Desk) -> None:
    """The catalogue is a snapshot; a decree of this morning is not in it."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.activate("Thêm thủ tục")
    await desk.sees("Thủ tục hay gặp")
    await desk.page.keyboard.type("pizza")
    await desk.sees("Không tìm thấy.")
    await desk.page.keyboard.press("Enter")
    await desk.dialog("Thêm thủ tục")
    await desk.page.keyboard.press("Control+A")
    await desk.page.keyboard.insert_text("9.999999")
    await desk.sees("Danh mục không có mã này.")
    await desk.page.keyboard.press("Enter")
    await is_noted(desk, ["9.999999"])


async def test_a_name_of_919_characters_is_read_and_moves_nothing(hall: TestHall, context: BrowserContext) -> None:
    """Short names repeat; the legal one tells them apart, and no key leaves its place for it."""
    names = [Procedure(code=f"1.00000{n}", name=f"{n} {LONG_NAME}", short_name=Words(LONG_NAME)) for n in range(8)]
    hall.parts.live.procedures = index(msgspec.structs.replace(load(), procedures=tuple(names)))
    for _ in range(12):
        await hall.ticket(procedures=["1.000001", "1.000002"])
    desk = await a_desk(context, hall)
    await desk.press("F2")
    await desk.is_open()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.page.locator(".procedures .name", has_text=LONG_NAME[:60]).first.wait_for()
    await desk.activate("Thêm thủ tục")
    await desk.sees("Thủ tục hay gặp")
    for width, height in ((1440, 900), (1366, 768), (1024, 700)):
        await desk.page.set_viewport_size({"width": width, "height": height})
        assert await desk.overflows() == []
        heights = await desk.page.locator("dialog .pick").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert max(heights) < 150
        assert await desk.page.locator("dialog footer .go").evaluate(IN_WINDOW)
    assert desk.faults == []


async def test_names_are_asked_for_one_after_the_other(hall: TestHall, context: BrowserContext) -> None:
    """Two hundred lines of codes must not use up what the server allows this clerk, keys come first."""
    for place in range(30):
        await hall.ticket(procedures=[COMMON[place].code])
    asked: list[str] = []
    at_once = most = 0
    page = await context.new_page()

    async def count(route: Route) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        asked.append(route.request.url)
        answer = await route.fetch()
        at_once -= 1
        await route.fulfill(response=answer)

    await page.route("**/api/v1/procedures?**", count)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    last = COMMON[29].short_name.vi
    await page.locator(".waiting .what", has_text=last.replace("\u00a0", " ")).wait_for()
    assert (len(asked), most) == (30, 1)
    assert desk.faults == []


async def test_a_line_tells_when_its_turn_is_expected_and_why(hall: TestHall, desk: Desk) -> None:
    """A citizen asks the clerk how long it takes; the answer can be checked by looking at the hall."""
    for _ in range(3):
        await hall.ticket(procedures=["2.000815"])
    await desk.page.locator(".waiting li").nth(2).wait_for()
    parts = hall.parts
    told = {one: (parts.engine.now(), 600 * place, 900) for place, one in enumerate(parts.engine.board.tickets)}
    parts.live.ticket_waits = told
    await desk.page.locator(".who").first.focus()
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("End")
    assert await desk.page.locator(".who[tabindex='0']").count() == 1
    parts.live.ticket_waits = told  # The forecaster may have come in between.
    await desk.page.keyboard.press("Enter")
    await desk.dialog("Số 1003, chi tiết")
    await desk.page.locator("dialog dl[aria-busy=false]").wait_for()
    await desk.sees("Quầy 4 làm Hộ tịch – Chứng thực; còn 2 người trước")
    assert "Chứng thực bản sao" in (await desk.page.locator("dialog").inner_text()).replace("\u00a0", " ")
    assert await desk.page.locator("dialog dd", has_text="khoảng 07:").count() == 1
    await desk.page.keyboard.press("Escape")
    assert await desk.page.evaluate("document.activeElement.textContent.includes('1003')")
    await desk.press("F2")
    await desk.holds("1001")


async def test_a_booked_time_is_shown_in_the_list_and_at_the_desk(hall: TestHall, desk: Desk) -> None:
    """Who booked 7:45 and is called before others must be explained to those who were there first."""
    day = hall.parts.engine.now().date().isoformat()
    rows = f"code,service,at\nA-1,ho-tich,{day}T07:45:00\n"
    put = await hall.call("PUT", "/api/v1/bookings", raw=rows.encode(), role="manager")
    assert put.body["taken"] == 1
    assert (await hall.post("/checkin", {"code": "A-1"}, role="kiosk")).status == 201
    await desk.page.locator(".waiting li b", has_text="Hẹn trước 07:45").wait_for()
    later(hall, 20)
    await desk.press("F2")
    await desk.holds("1001")
    await desk.page.locator(".facts div", has_text="Hẹn trước").locator("dd", has_text="07:45").wait_for()


IN_WINDOW = "one => { const box = one.getBoundingClientRect(); return box.bottom <= innerHeight && box.top >= 0; }"

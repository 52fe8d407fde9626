"""The page of whoever holds a ticket: on a telephone, out of doors, with the sound off or the link gone.

The promise: it says what is true, what to do and where to go; nobody is lost by it, and nobody else is told of them.
"""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.api.halls import TestHall, a_hall
from tests.config.halls import KEY
from tests.factories import clock
from tests.pages.halls import HALL, later
from tests.pages.phones import Phone, a_phone, a_pocket, do, forecast, next_at, path_of

pytestmark = pytest.mark.browser

# Waiting


async def test_somebody_who_waits_reads_the_place_the_time_and_the_counters(
    hall: TestHall, pocket: BrowserContext
) -> None:
    """One look, out of doors: how many before me, when about, when at the latest, where."""
    await hall.serving(2)
    await hall.serving(4)
    tickets = [await hall.ticket() for _ in range(5)]
    later(hall, 14)
    await forecast(hall)
    phone = await a_phone(pocket, hall, tickets[3])
    assert await phone.title() == "Còn 3 người phía trước"
    assert await phone.page.locator(".num").inner_text() == "1004"
    assert await phone.page.locator(".svc").inner_text() == "Hộ tịch – Chứng thực"
    assert await phone.page.locator(".kvp .plate").all_inner_texts() == ["2", "4"]
    said = await phone.page.locator(".st").inner_text()
    about, latest = re.findall(r"\d\d:\d\d", said)
    assert "07:44" <= about <= latest
    assert re.search(r"Gọi vào khoảng \d\d:\d\d\. 9 trên 10 lượt gọi trước \d\d:\d\d\.", " ".join(said.split()))
    await phone.page.get_by_text("Vì sao có giờ này").click()
    await phone.sees("còn 3 người trước")
    assert await phone.page.title() == "1004 · Còn 3 người phía trước · Phường An Hòa"
    await next_at(hall)
    await phone.sees("Còn 2 người phía trước")
    assert phone.faults == []


async def test_a_time_that_nobody_knows_is_not_made_up(hall: TestHall, pocket: BrowserContext) -> None:
    """No counter is open: the page says so and what to do, and no hour stands there."""
    phone = await a_phone(pocket, hall, await hall.ticket())
    await phone.sees("Chưa biết khi nào đến lượt.")
    await phone.sees("Chưa có quầy nào đang gọi việc này.")
    await phone.sees("chưa có quầy mở")
    assert re.findall(r"\d\d:\d\d", await phone.page.locator(".st").inner_text()) == []
    await hall.serving(4)
    await phone.page.locator(".kvp .plate", has_text="4").wait_for()
    assert phone.faults == []


async def test_a_pause_of_the_service_or_of_a_counter_is_said(hall: TestHall, pocket: BrowserContext) -> None:
    """Who sees nobody called any more must know that the number still counts."""
    await hall.serving(4)
    await next_at(hall)
    ticket = await hall.ticket()
    await hall.ticket()
    phone = await a_phone(pocket, hall, ticket)
    assert (await hall.post("/services/ho-tich/pause", {"reason": "meeting"}, role="manager")).status == 200
    await phone.sees("Việc này tạm ngừng cấp số mới.")
    await phone.sees("Số của ông/bà vẫn được gọi.")
    await do(hall, "pause", body={"reason": "break"})
    await phone.page.locator(".kvp .plate.off", has_text="4").wait_for()
    assert "tạm dừng" in await phone.page.locator(".kvp").inner_text()


SESSIONS = """[calendar]
[[calendar.session]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ticket_from = "07:00"
ticket_to = "11:15"
desk_from = "07:30"
desk_to = "11:30"

[[calendar.session]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ticket_from = "13:00"
ticket_to = "16:45"
desk_from = "13:30"
desk_to = "17:00"
"""


@pytest.mark.parametrize(
    ("begins", "minutes", "said", "todo"),
    [
        ("7:05", 0, "Quầy làm việc từ 07:30.", "Số của ông/bà được giữ."),
        ("11:00", 45, "Nghỉ trưa đến 13:30.", "gọi trước vào buổi chiều"),
        ("16:30", 20, "Đã hết giờ lấy số mới.", "vẫn được gọi, đến 17:00"),
        ("16:30", 45, "Quầy đã hết giờ làm việc hôm nay.", "Mời hỏi bàn hướng dẫn."),
    ],
)
async def test_lunch_and_closing_are_said_with_their_hour(
    tmp_path: Path, pocket: BrowserContext, begins: str, minutes: float, said: str, todo: str
) -> None:
    """A citizen who went out for noodles reads when the counters go on, and that the number is kept."""
    folder = tmp_path / "hall"
    (folder / "keys").mkdir(parents=True)
    (folder / "hall.toml").write_text(HALL.replace("[calendar]\nalways_open = true\n", SESSIONS))
    (folder / "keys" / "hall.key").write_bytes(KEY)
    (folder / "keys" / "hall.key").chmod(0o600)
    async with a_hall(folder, wall=clock(begins)) as hall:
        ticket = await hall.ticket()
        later(hall, minutes)
        phone = await a_phone(pocket, hall, ticket)
        await phone.sees(said)
        await phone.sees(todo)
        is_over = said.startswith("Quầy đã hết giờ")
        assert (await phone.title() == said) == is_over, "a place in line is no news when the day is over"
        assert phone.faults == []
        await phone.page.close()


# The call


async def test_a_call_fills_the_page_and_is_felt_and_heard(hall: TestHall, pocket: BrowserContext) -> None:
    """The telephone is in a pocket in a loud street: yellow, giant, vibrating, chiming, once for each call."""
    await hall.serving(4)
    ticket = await hall.ticket()
    phone = await a_phone(pocket, hall, ticket)
    await phone.activate("Rung, đổ chuông khi đến lượt")
    await phone.page.get_by_role("button", name="Sẽ rung và đổ chuông").wait_for()
    assert await phone.page.evaluate("() => [felt.length, heard, awake]") == [1, [880], 1]
    started = asyncio.get_running_loop().time()
    await next_at(hall)
    await phone.page.locator(".called").wait_for()
    assert asyncio.get_running_loop().time() - started < 5
    assert await phone.title() == "Mời đến quầy 4"
    plate = await phone.page.locator(".to .plate").bounding_box()
    number = await phone.page.locator(".num").bounding_box()
    assert plate is not None
    assert number is not None
    assert plate["height"] >= 100
    assert number["height"] >= 110
    ground = await phone.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 200, 30)"
    assert await phone.page.title() == "● 1001 → Quầy 4 · Phường An Hòa"
    assert await phone.page.evaluate("() => felt.at(-1)") == [400, 200, 400, 200, 400]
    assert await phone.page.evaluate("() => heard.slice(1)") == [659, 880, 659, 880]
    await do(hall, "recall")
    await phone.page.wait_for_function("() => felt.length === 3")
    await do(hall, "start")
    await phone.sees("Đang phục vụ tại quầy")
    assert await phone.page.evaluate("() => felt.length") == 3
    assert phone.faults == []


async def test_nothing_vibrates_or_sounds_that_was_not_allowed(hall: TestHall, pocket: BrowserContext) -> None:
    """A telephone that rings in a meeting by itself is never opened here again; and off is off."""
    await hall.serving(4)
    first, second = await hall.ticket(), await hall.ticket()
    phone = await a_phone(pocket, hall, first)
    await next_at(hall)
    await phone.page.locator(".called").wait_for()
    assert await phone.page.evaluate("() => [felt, heard, awake]") == [[], [], 0]
    other = await a_phone(pocket, hall, second)
    await other.activate("Rung, đổ chuông khi đến lượt")
    await other.activate("Sẽ rung và đổ chuông")
    await next_at(hall)
    await other.page.locator(".called").wait_for()
    assert await other.page.evaluate("() => [felt.at(-1), heard.length, awake]") == [0, 1, 0]


async def test_an_old_call_never_looks_like_a_new_one(hall: TestHall, pocket: BrowserContext) -> None:
    """Without a link nobody knows whether the call still holds: no yellow, and the hour at which it was true."""
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await next_at(hall)
    await phone.page.locator(".called").wait_for()
    await pocket.set_offline(True)
    await phone.sees("Chưa cập nhật được từ 07:30. Mời nghe loa.")
    assert await phone.page.locator(".called").count() == 0
    assert await phone.title() == "Đã gọi lúc 07:30, mời đến quầy 4"
    await pocket.set_offline(False)
    await phone.page.locator(".called").wait_for()


# What goes wrong


async def test_a_lost_link_is_said_within_ten_seconds_and_the_times_go(hall: TestHall, pocket: BrowserContext) -> None:
    """A page that looks fresh and is not keeps people in the café while they are called."""
    await hall.serving(4)
    await next_at(hall)
    tickets = [await hall.ticket() for _ in range(6)]
    await forecast(hall)
    phone = await a_phone(pocket, hall, tickets[-1])
    await phone.sees("Gọi vào khoảng")
    await pocket.set_offline(True)
    started = asyncio.get_running_loop().time()
    await phone.sees("Chưa cập nhật được từ 07:30")
    assert asyncio.get_running_loop().time() - started < 10
    assert re.findall(r"\d\d:\d\d", await phone.page.locator(".st").inner_text()) == []
    assert await phone.page.locator(".num").inner_text() == "1006"
    assert await phone.page.locator(".kvp .plate:not(.off)").count() == 0
    await next_at(hall)
    await pocket.set_offline(False)
    await phone.sees("Còn 4 người phía trước")
    assert await phone.page.locator(".notice.stop").count() == 0


async def test_what_failed_for_want_of_a_link_is_forgotten_with_the_link(
    hall: TestHall, pocket: BrowserContext
) -> None:
    """A warning that stays after all is well again is believed: somebody goes and asks for a new number."""
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await pocket.set_offline(True)
    await phone.activate("Tôi không cần số này nữa")
    await phone.activate("Bỏ số này")
    await phone.sees("Chưa nối được tới máy chủ.")
    await phone.sees("Chưa cập nhật được từ 07:30")
    await pocket.set_offline(False)
    await phone.page.locator(".phone.lost").wait_for(state="detached")
    await phone.page.get_by_text("Chưa nối được tới máy chủ.").wait_for(state="detached")
    assert await phone.title() == "Ông/bà là người tiếp theo"


async def test_who_is_called_is_not_asked_whether_to_be_called(hall: TestHall, pocket: BrowserContext) -> None:
    """The yellow page says one thing; a blue key under it, for a call that has come, is a second one."""
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await next_at(hall)
    await phone.page.locator(".called").wait_for()
    assert await phone.page.locator(".pa .b").count() == 0


SIGHT = """(sight) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => sight });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_back_from_the_background_the_page_is_right_at_once(hall: TestHall, pocket: BrowserContext) -> None:
    """In the background it costs nobody anything; seen again it does not wait for its turn to ask."""
    await hall.serving(4)
    for _ in range(6):
        ticket = await hall.ticket()
    phone = await a_phone(pocket, hall, ticket)
    asked: list[str] = []
    phone.page.on("request", lambda one: asked.append(one.url))
    await phone.page.evaluate(SIGHT, "hidden")
    await next_at(hall)
    await phone.page.wait_for_timeout(8000)
    assert len(asked) <= 1  # What was on its way already.
    started = asyncio.get_running_loop().time()
    await phone.page.evaluate(SIGHT, "visible")
    await phone.sees("Còn 4 người phía trước")
    assert asyncio.get_running_loop().time() - started < 1
    assert phone.faults == []


async def test_a_telephone_that_is_to_ring_goes_on_in_the_background(hall: TestHall, pocket: BrowserContext) -> None:
    """The screen is off and the telephone in a bag: that is when it has to ring."""
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await phone.activate("Rung, đổ chuông khi đến lượt")
    await phone.page.evaluate(SIGHT, "hidden")
    await next_at(hall)
    await phone.page.wait_for_function("() => felt.length === 2")


async def test_a_wrong_clock_and_a_far_time_zone_change_nothing(hall: TestHall, browser: Browser) -> None:
    """Hours are the hall's, whatever the telephone thinks."""
    pocket = await a_pocket(browser, zone="America/New_York")
    await hall.serving(4)
    ticket = await hall.ticket()
    await next_at(hall)
    page = await pocket.new_page()
    await page.clock.install(time=1_600_000_000)
    phone = Phone(page)
    await page.goto(hall.url + path_of(ticket))
    await phone.sees("gọi lúc 07:30")
    await page.clock.run_for(2500)
    assert "Cập nhật 07:30" in await page.locator(".pa").inner_text()
    await pocket.close()


async def test_unknown_tickets_and_wrong_keys_get_one_and_the_same_answer(
    hall: TestHall, pocket: BrowserContext
) -> None:
    """Whoever tries ids or keys learns nothing; whoever mistyped learns what to do."""
    ticket = await hall.ticket()
    wrong = f"{'0' * 32}"
    paths = [f"/t/{ticket['id']}?key={wrong}", f"/t/nothing?key={wrong}", f"/t/{ticket['id']}", "/t/nothing"]
    pages = [await hall.call("GET", path) for path in paths]
    assert {(page.status, page.raw) for page in pages} == {(404, pages[0].raw)}
    for path in ("", "/follow"):
        answers = [await hall.get(f"/tickets/{one}{path}?key={wrong}") for one in (ticket["id"], "nothing")]
        assert {(one.status, one.raw) for one in answers} == {(403, answers[0].raw)}
        bare = [await hall.get(f"/tickets/{one}{path}") for one in (ticket["id"], "nothing")]
        assert {(one.status, one.raw) for one in bare} == {(401, bare[0].raw)}
    phone = await a_phone(pocket, hall, {"id": ticket["id"], "key": wrong})
    await phone.sees("Không tìm thấy phiếu này")
    await phone.sees("Mời mở lại đường dẫn trên phiếu")
    await phone.sees("đưa phiếu cho bàn hướng dẫn")
    assert "1001" not in await phone.page.content()

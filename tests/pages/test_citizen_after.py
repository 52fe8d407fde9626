"""The page of whoever holds a ticket: giving up the number, how the visit was, and every state with its next step."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import BrowserContext

from tests.api.halls import TestHall
from tests.pages.halls import kinds, later
from tests.pages.phones import Phone, a_phone, do, next_at

pytestmark = pytest.mark.browser

# Giving up


async def test_a_number_is_given_up_by_keys_and_only_when_confirmed(hall: TestHall, pocket: BrowserContext) -> None:
    """One tap in a pocket must not cost somebody the morning."""
    await hall.serving(4)
    ticket = await hall.ticket()
    phone = await a_phone(pocket, hall, ticket)
    await phone.activate("Tôi không cần số này nữa")
    await phone.dialog("Bỏ số 1001?")
    await phone.page.keyboard.press("Escape")
    assert "ticket-cancelled" not in await kinds(hall)
    await phone.activate("Tôi không cần số này nữa")
    await phone.dialog("Bỏ số 1001?")
    for _ in range(6):
        if await phone.page.evaluate("() => document.activeElement.textContent.includes('Bỏ số này')"):
            break
        await phone.page.keyboard.press("Tab")
    await phone.page.keyboard.press("Enter")
    await phone.sees("Số này đã hủy")
    await phone.sees("mời lấy số mới")
    assert (await kinds(hall)).count("ticket-cancelled") == 1
    assert await phone.page.get_by_role("button", name="Tôi không cần").count() == 0
    assert phone.faults == []


async def test_who_is_called_while_giving_up_is_told_why_not(hall: TestHall, pocket: BrowserContext) -> None:
    """The call was faster: the page says so in words, and shows the call."""
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await phone.activate("Tôi không cần số này nữa")
    await phone.dialog("Bỏ số 1001?")
    await next_at(hall)
    await phone.page.get_by_role("dialog").get_by_role("button", name="Bỏ số này").click()
    await phone.page.locator(".called").wait_for()
    assert "ticket-cancelled" not in await kinds(hall)
    phone.faults.clear()  # The browser's log tells of the refusal.


# Afterwards


async def _served(hall: TestHall, pocket: BrowserContext) -> Phone:
    await hall.serving(4)
    phone = await a_phone(pocket, hall, await hall.ticket())
    await next_at(hall)
    await do(hall, "start")
    await do(hall, "finish")
    await phone.sees("Ông/bà có hài lòng không?")
    return phone


async def test_an_unhappy_visit_is_rated_with_its_reason_and_once(hall: TestHall, pocket: BrowserContext) -> None:
    """By keys; the reason is asked after an unhappy face alone, and the answer is one."""
    phone = await _served(hall, pocket)
    await phone.sees("Không ghi tên.")
    await phone.activate("Chưa hài lòng")
    await phone.sees("Vì sao?")
    await phone.activate("Chờ lâu")
    await phone.activate("Gửi")
    await phone.sees("Cảm ơn ông/bà đã trả lời.")
    rows = [row for row in await hall.parts.journal.read() if row.kind == "rating-given"]
    assert len(rows) == 1
    assert '"reasons":["waiting"],"score":2' in rows[0].body
    await phone.page.reload()
    await phone.sees("Cảm ơn ông/bà đã trả lời.")
    assert phone.faults == []


async def test_a_happy_face_is_one_tap_and_to_skip_is_always_there(hall: TestHall, pocket: BrowserContext) -> None:
    """Nobody owes an answer."""
    phone = await _served(hall, pocket)
    await phone.activate("Bỏ qua")
    assert await phone.page.locator(".ask").count() == 0
    assert "rating-given" not in await kinds(hall)
    await phone.page.reload()
    await phone.sees("Ông/bà có hài lòng không?")
    await phone.activate("Rất hài lòng")
    await phone.sees("Cảm ơn ông/bà đã trả lời.")
    assert (await kinds(hall)).count("rating-given") == 1


async def test_a_question_that_is_over_is_gone(hall: TestHall, pocket: BrowserContext) -> None:
    """The hall asks for two minutes; later the page thanks and asks nothing."""
    phone = await _served(hall, pocket)
    later(hall, 3)
    await phone.page.locator(".ask").wait_for(state="detached")
    await phone.sees("Đã xong, cảm ơn ông/bà")


async def _held(hall: TestHall) -> None:
    await do(hall, "hold")


async def _away(hall: TestHall) -> None:
    await do(hall, "away", body={"reason": "missing-paper"})


async def _absent(hall: TestHall) -> None:
    await do(hall, "absent")


async def _absent_for_long(hall: TestHall) -> None:
    await do(hall, "absent")
    later(hall, 31)


async def _day_over(hall: TestHall) -> None:
    assert (await hall.post("/day/close", {"reason": "other"}, role="manager")).status == 200


@pytest.mark.parametrize(
    ("what", "said", "todo"),
    [
        (_held, "Số được giữ tại quầy 4", "Mời ở gần quầy."),
        (_away, "Số được giữ trong lúc ông/bà đi bổ sung", "không phải lấy số mới"),
        (_absent, "Lỡ lượt, số vẫn dùng được", "Mời báo bàn hướng dẫn trước 08:00, không phải lấy số mới."),
        (_absent_for_long, "Đã quá giờ quay lại", "mời lấy số mới"),
        (_day_over, "Số này hết hiệu lực", "Mời lấy số mới hoặc hỏi bàn hướng dẫn."),
    ],
)
async def test_every_state_says_what_to_do_now(
    hall: TestHall, pocket: BrowserContext, what: Callable[[TestHall], Awaitable[None]], said: str, todo: str
) -> None:
    """Every dead end names a next step."""
    await hall.serving(4)
    ticket = await hall.ticket()
    await next_at(hall)
    await what(hall)
    phone = await a_phone(pocket, hall, ticket)
    assert await phone.title() == said
    await phone.sees(todo)
    assert await phone.page.locator(".called").count() == 0
    assert phone.faults == []

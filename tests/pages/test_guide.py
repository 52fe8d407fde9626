"""The guide's tablet: what a person at the door does for citizens, by touch and by keys, and what the journal holds."""

import pytest
from playwright.async_api import Browser, Route

from tests.api.halls import TestHall
from tests.pages.guides import PORTRAIT, a_guide, found
from tests.pages.halls import bodies, kinds, later

pytestmark = pytest.mark.browser


async def test_a_number_is_given_and_printed_with_two_touches(hall: TestHall, browser: Browser) -> None:
    """Most people at the desk want just that."""
    async with a_guide(browser, hall) as guide:
        await guide.choose("Đất đai")
        await guide.tap("Cấp số và in phiếu")
        await guide.has_ticket("2001")
        await guide.settled()
        assert await guide.prints() == 1
        [issued] = await bodies(hall, "ticket-issued")
        assert (issued["service"], issued["origin"]) == ("dat-dai", "guide")
        [slip] = await bodies(hall, "slip-printed")
        assert (slip["ticket"], slip["result"]) == (issued["ticket"], "printed")


async def test_everything_can_be_said_before_a_number_is_given(hall: TestHall, browser: Browser) -> None:
    """Priority with its proof, how many dossiers, the language, the receipt: all in one place, in one request."""
    async with a_guide(browser, hall, PORTRAIT) as guide:
        await guide.choose("Trả kết quả")
        await guide.tap("Chọn diện ưu tiên")
        await guide.dialog("Ưu tiên")
        await guide.choose("Người cao tuổi")
        await guide.choose("Đã xem: Thẻ căn cước")
        await guide.tap("Chọn", exact=True)
        await guide.tap("Thêm một hồ sơ")
        await guide.choose("Tiếng Anh")
        await guide.page.locator("#dossier").fill("H38.12-261119-0042")
        await guide.tap("Chỉ cấp số")
        await guide.has_ticket("4001")
        await guide.sees("Đã xác nhận diện ưu tiên.")
        assert await guide.prints() == 0
        staff = (await found(hall, 4001))["staff"]
        assert (staff["items"], staff["language"], staff["dossiers"]) == (2, "en", ["H38.12-261119-0042"])
        [decided] = await bodies(hall, "priority-decided")
        assert (decided["confirmed"], decided["proof_seen"]) == (1, 1)


async def test_the_whole_page_works_by_keys_alone(hall: TestHall, browser: Browser) -> None:
    """A tablet with a keyboard cover, and everybody who cannot aim."""
    async with a_guide(browser, hall) as guide:
        keyboard = guide.page.keyboard
        await guide.page.locator(".tile input").first.focus()
        await guide.press("ArrowDown", "ArrowDown", "F2")
        await guide.has_ticket("4001")
        await guide.press("Escape", "F4")
        await guide.page.locator("#number:focus").wait_for()
        await keyboard.type("4001")
        await guide.press("F2")
        await guide.has_ticket("4001")
        await guide.activate("Chuyển dịch vụ")
        await guide.dialog("Chuyển số 4001")
        await guide.press("ArrowDown", "Enter")
        await guide.sees("Đã chuyển số 4001 sang")
        await guide.activate("Hủy số")
        await guide.dialog("Hủy số 4001")
        await guide.press("1", "Enter")
        await guide.in_state("Đã hủy")
        for key, focused in (("F7", ".choice button"), ("F8", "#words"), ("F9", "#code")):
            await guide.press(key)
            await guide.page.locator(f"{focused}:focus").wait_for()


async def test_a_nervous_finger_gives_one_number(hall: TestHall, browser: Browser) -> None:
    """Six quick touches on the main button: one ticket, one slip, and the ticket stays in sight."""
    async with a_guide(browser, hall) as guide:
        await guide.choose("Đất đai")
        box = await guide.page.get_by_role("button", name="Cấp số và in phiếu").bounding_box()
        assert box is not None
        for _ in range(6):
            await guide.page.touchscreen.tap(box["x"] + 300, box["y"] + 30)
        await guide.has_ticket("2001")
        await guide.settled()
        assert await guide.prints() == 1
        assert (await kinds(hall)).count("ticket-issued") == 1


async def test_a_number_that_nobody_saw_given_is_not_given_twice(hall: TestHall, browser: Browser) -> None:
    """The hall took the request and the answer was lost, again and again; the next press finds that same number."""
    async with a_guide(browser, hall) as guide:
        lost = 0

        async def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            await route.fetch()
            await route.abort()

        await guide.page.route("**/api/v1/tickets", lose)
        await guide.choose("Đất đai")
        await guide.tap("Chỉ cấp số")
        await guide.sees("Chưa rõ việc vừa bấm đã được ghi hay chưa.")
        assert lost == 5
        await guide.page.unroute("**/api/v1/tickets")
        guide.faults.clear()  # The requests that were cut on purpose.
        await guide.tap("Chỉ cấp số")
        await guide.has_ticket("2001")
        assert (await kinds(hall)).count("ticket-issued") == 1


async def test_a_wrong_ticket_is_moved_with_or_without_its_place(hall: TestHall, browser: Browser) -> None:
    """Who was sent to the wrong line by a machine need not pay for it; who chose it may."""
    await hall.ticket()
    await hall.ticket()
    async with a_guide(browser, hall) as guide:
        for number, keeps in (("1001", True), ("1002", False)):
            await guide.press("F7")
            await guide.page.locator(".row", has_text=number).tap()
            await guide.has_ticket(number)
            await guide.tap("Chuyển dịch vụ")
            await guide.dialog(f"Chuyển số {number}")
            await guide.choose("Đất đai")
            if not keeps:
                await guide.choose("Giữ chỗ theo giờ lấy số")
                await guide.choose("Lý do khác")
                await guide.page.get_by_label("Ghi lý do").fill("<b>tự đổi ý</b>")
            await guide.tap("Chuyển", exact=True)
            await guide.sees(f"Đã chuyển số {number} sang Đất đai.")
        first, second = await bodies(hall, "ticket-moved")
        assert (first["service"], first["reason"], "place" in first) == ("dat-dai", "wrong-service", False)
        assert (second["reason"], "place" in second, "reason" in second["commitments"]) == ("other", True, True)


async def test_priority_is_confirmed_only_with_its_proof_and_can_be_refused(hall: TestHall, browser: Browser) -> None:
    """A claim costs nothing; the guide looks at the card before it counts as confirmed."""
    await hall.ticket(priority="cao-tuoi")
    async with a_guide(browser, hall, PORTRAIT) as guide:
        await guide.press("F7")
        await guide.page.locator(".row", has_text="Người cao tuổi · chưa xác nhận").tap()
        await guide.tap("Xác nhận ưu tiên")
        await guide.dialog("Diện ưu tiên của số 1001")
        go = guide.page.locator("dialog .go")
        assert await go.get_attribute("aria-disabled") == "true"
        await guide.choose("Đã xem: Thẻ căn cước")
        await go.tap()
        await guide.sees("Đã xác nhận diện ưu tiên.")
        await guide.tap("Xác nhận ưu tiên")
        await guide.tap("Không thuộc diện")
        await guide.sees("Đã ghi không thuộc diện ưu tiên.")
        confirmed, refused = await bodies(hall, "priority-decided")
        assert (confirmed["confirmed"], confirmed["proof_seen"]) == (1, 1)
        assert (refused.get("confirmed", 0), refused["rank_class"]) == (0, 0)


async def test_somebody_who_was_absent_comes_back_at_the_guides_desk(hall: TestHall, browser: Browser) -> None:
    """They ask whoever stands at the door, with the slip in the hand."""
    await hall.ticket()
    await hall.serving(4)
    await hall.post("/counters/4/next", role="clerk")
    await hall.post("/counters/4/absent", role="clerk")
    async with a_guide(browser, hall) as guide:
        await guide.tap("Tìm số")
        for digit in "1001":
            await guide.page.locator(".pad").get_by_role("button", name=digit, exact=True).tap()
        await guide.tap("Tìm số này")
        await guide.in_state("Vắng mặt")
        await guide.tap("Đã quay lại")
        await guide.sees("Số 1001 đã vào lại hàng chờ.")
        await guide.in_state("Đang chờ")
        await guide.tap("Xong")
        await guide.page.locator("#number").fill("1999")
        await guide.tap("Tìm số này")
        await guide.sees("Hôm nay chưa có số này.")


async def test_a_booking_becomes_a_number_once(hall: TestHall, browser: Browser) -> None:
    """A scanner types the code and Enter; a code that was used says which number it was."""
    table = "code,service,at\nHEN-07,dat-dai,2026-11-23T08:00:00+07:00\n"
    put = await hall.call("PUT", "/api/v1/bookings", raw=table.encode(), role="manager")
    assert put.body["taken"] == 1
    async with a_guide(browser, hall) as guide:
        await guide.tap("Hẹn trước")
        await guide.page.locator("#code").fill("HEN-07")
        await guide.page.keyboard.press("Enter")
        await guide.has_ticket("2001")
        await guide.sees("Đã nhận hẹn, số 2001.")
        await guide.press("F9")
        await guide.page.keyboard.type("HEN-07")
        await guide.page.keyboard.press("Enter")
        await guide.page.locator(".told .notice.warn").wait_for()
        assert (await kinds(hall)).count("ticket-issued") == 1


async def test_who_calls_for_help_is_seen_within_a_second_and_stays_until_somebody_goes(
    hall: TestHall, browser: Browser
) -> None:
    """A clerk in trouble and a citizen who does not know what to press must not wait to be noticed."""
    async with a_guide(browser, hall) as guide:
        await guide.page.locator(".tile", has_text="Hộ tịch").get_by_text("Chưa có quầy mở").wait_for()
        await hall.serving(4)
        await guide.page.locator(".tile", has_text="Hộ tịch").get_by_text("Chưa có quầy mở").wait_for(state="detached")
        for ask, role, words in (
            ("/counters/4/help", "clerk", "gọi hỗ trợ"),
            ("/kiosk/help", "kiosk", "người dân gọi"),
        ):
            assert (await hall.post(ask, {}, role=role)).status == 200
            await guide.page.locator(".alert", has_text=words).wait_for(timeout=1000)
        await guide.tap("Tìm số")
        assert await guide.page.locator(".alert").count() == 2
        foot = await guide.page.locator(".find .foot").bounding_box()
        last = await guide.page.locator(".pad .b").last.bounding_box()
        assert foot is not None
        assert last is not None
        assert last["y"] + last["height"] <= foot["y"], "two calls for help hide the key for 0"
        assert await guide.is_small() == []
        assert (await guide.page.title()).startswith("(2) ")
        await guide.tap("Đã tới: 4")
        await guide.page.locator(".alert", has_text="gọi hỗ trợ").wait_for(state="detached", timeout=1000)
        await guide.tap("Đã tới")
        await guide.page.locator(".alert").wait_for(state="detached", timeout=1000)


async def test_a_citizen_who_does_not_read_gets_number_and_counter_as_signs(hall: TestHall, browser: Browser) -> None:
    """The number fills the screen; called, the screen turns yellow; a voice says it where the machine has one."""
    ticket = await hall.ticket()
    await hall.serving(4)
    async with a_guide(browser, hall, voice=True) as guide:
        await guide.press("F7")
        await guide.page.locator(".row", has_text="1001").tap()
        await guide.tap("Hiện số to")
        giant = guide.page.locator("dialog.giant")
        await giant.get_by_text("Hỏi tôi").wait_for()
        box = await giant.locator(".huge").bounding_box()
        assert box is not None
        assert box["height"] > 0.35 * 768
        assert await giant.locator(".plate").all_inner_texts() == ["4"]
        assert "calling" not in str(await giant.get_attribute("class"))
        await hall.post("/counters/4/next", role="clerk")
        await guide.page.locator("dialog.giant.calling").wait_for()
        await giant.get_by_role("button", name="Đọc số").tap()
        await guide.page.wait_for_function("window.spoken.length === 2")
        said = await guide.page.evaluate("window.spoken")
        assert said[0] == ["Số của ông bà là 1, 0, 0, 1. Mời chờ gọi đến quầy 4.", "vi-VN"]
        assert said[1] == ["Mời số 1, 0, 0, 1 đến quầy 4.", "vi-VN"]
        await guide.press("Escape")
        [shown] = await bodies(hall, "slip-printed")
        assert (shown["ticket"], shown["result"]) == (ticket["id"], "shown")


async def test_procedures_say_what_to_bring_and_lead_to_a_number(hall: TestHall, browser: Browser) -> None:
    """Half of those who ask at the door lack a paper; better now than after the wait."""
    async with a_guide(browser, hall) as guide:
        await guide.press("F8")
        await guide.page.keyboard.type("khai sinh")
        await guide.page.locator(".results .row", has_text="1.001193").tap()
        detail = guide.page.locator(".detail")
        for words in ("Miễn phí", "Giấy chứng sinh", "Nộp trực tuyến được", "163/QĐ-BTP"):
            await detail.get_by_text(words).first.wait_for()
        await guide.tap("Cấp số cho việc này")
        await guide.choose("Hộ tịch")
        await guide.tap("Chỉ cấp số")
        await guide.has_ticket("1001")
        assert (await found(hall, 1001))["staff"]["procedures"] == ["1.001193"]


async def test_the_open_ticket_moves_on_with_the_hall(hall: TestHall, browser: Browser) -> None:
    """What stands on the tablet while the guide talks must not be older than what the lobby shows."""
    for _ in range(3):
        await hall.ticket()
    await hall.serving(4)
    async with a_guide(browser, hall) as guide:
        await guide.press("F7")
        await guide.page.locator(".row", has_text="1002").tap()
        await guide.sees("1 người")
        await hall.post("/counters/4/next", role="clerk")
        await guide.sees("0 người")
        later(hall, 2)
        await hall.post("/counters/4/next", role="clerk")
        await guide.in_state("Đang gọi")

"""A clerk's day in a real browser, driven by keys alone: each key does what it says, and the journal holds it."""

import pytest
from playwright.async_api import Browser

from tests.api.halls import TestHall
from tests.pages.halls import Desk, a_browser_of, a_desk, a_person, bodies, counter, kinds, later

pytestmark = pytest.mark.browser


async def test_a_visit_from_call_to_next_by_keys_alone(hall: TestHall, desk: Desk) -> None:
    """Eight hours a day: F2, F7, a code, an outcome, F2."""
    for _ in range(2):
        await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F4")
    await desk.sees("Đã gọi lại.")
    await desk.press("F7")
    await desk.sees("Số đang phục vụ")
    await desk.scan("H38.12-261119-0042")
    await desk.press("Escape")
    await desk.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    await desk.press("F2")
    await desk.holds("1002")
    [finished] = await bodies(hall, "ticket-finished")
    assert [one["outcome"] for one in finished["items"]] == ["received"]
    assert finished["ended_by"] == "finish"
    assert "dossier.0" in finished["commitments"]
    assert await desk.number() == "1002"


async def test_finishing_alone_leaves_the_desk_free(hall: TestHall, desk: Desk) -> None:
    """A clerk who needs a moment calls nobody."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F7")
    await desk.sees("Số đang phục vụ")
    await desk.press("F9")
    await desk.sees("Chưa chọn kết quả lượt này.")
    assert "ticket-finished" not in await kinds(hall)
    await desk.press("6")
    await desk.chosen("Chỉ hướng dẫn")
    await desk.press("F9")
    await desk.is_free()
    assert (await counter(hall))["ticket"] is None


async def test_each_procedure_has_its_own_outcome_and_codes(hall: TestHall, desk: Desk) -> None:
    """Three procedures in one visit are three lines of the service index."""
    await hall.ticket(procedures=["1.001193", "1.004873"], dossiers=["H38.12-261119-0042"])
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("1")
    await desk.chosen_times(0)  # The next procedure is up, and has no outcome yet.
    await desk.scan("anything at all")
    await desk.sees("Mã chưa đúng mẫu thường gặp.")
    await desk.press("Escape")
    await desk.press("2")
    await desk.chosen("Yêu cầu bổ sung")
    await desk.press("F9")
    await desk.is_free()
    [finished] = await bodies(hall, "ticket-finished")
    assert [(one["procedure"], one["outcome"]) for one in finished["items"]] == [
        ("1.001193", "received"),
        ("1.004873", "supplement"),
    ]


async def test_a_scanner_does_not_choose_outcomes(hall: TestHall, desk: Desk) -> None:
    """A code that begins with digits comes as fast as a scanner types, wherever the focus is."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.page.evaluate("document.activeElement.blur()")
    for sign in "123.45.H38-261119-0042":
        await desk.page.keyboard.press(sign)
    await desk.page.keyboard.press("Enter")
    await desk.sees("123.45.H38-261119-0042")
    await desk.chosen_times(0)


async def test_absent_held_and_away_come_back(hall: TestHall, desk: Desk) -> None:
    """Nobody loses a place by going to the copy shop."""
    for _ in range(3):
        await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F10")
    await desk.sees("Đã ghi số 1001 vắng mặt.")
    await desk.press("F2")
    await desk.holds("1002")
    await desk.press("Shift+F9")
    await desk.sees("Đã giữ số 1002 tại quầy này.")
    await desk.press("F2")
    await desk.holds("1003")
    await desk.activate("Đi bổ sung giấy tờ")
    await desk.dialog("Số 1003 đi bổ sung")
    await desk.page.keyboard.press("3")  # Which digit stands at which reason is on the screen.
    await desk.page.keyboard.press("Enter")
    await desk.is_free()
    found = await counter(hall)
    assert [one["number"] for one in found["absent"]] == [1001]
    assert [one["number"] for one in found["held"]] == [1002]
    assert [one["number"] for one in found["away"]] == [1003]
    assert found["away"][0]["staff"]["left_why"]["vi"]
    await desk.activate("Gọi vào số 1002")
    await desk.holds("1002")
    await desk.press("6")
    await desk.chosen("Chỉ hướng dẫn")
    await desk.press("F9")
    await desk.is_free()
    await desk.activate("Số 1003 đã quay lại")
    await desk.sees("Số 1003 đã vào lại hàng chờ.")
    await desk.activate("Số 1001 đã quay lại")
    await desk.sees("Số 1001 đã vào lại hàng chờ.")
    assert {one["number"] for one in (await counter(hall))["waiting"]} == {1001, 1003}


async def test_a_transfer_keeps_place_and_comes_back(hall: TestHall, desk: Desk) -> None:
    """The citizen keeps the number, and the desk gets them back."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F8")
    await desk.dialog("Chuyển số 1001")
    await desk.page.keyboard.press("Space")  # The first target has the focus: land.
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Space")  # Then back here.
    await desk.page.keyboard.press("2")
    await desk.page.keyboard.press("Enter")
    await desk.is_free()
    [moved] = await bodies(hall, "ticket-transferred")
    assert (moved["service"], moved["back_to"], moved["back_service"]) == ("dat-dai", 4, "ho-tich")
    assert "place" not in moved
    assert moved["reason"] == "next-step"


async def test_a_number_out_of_order_needs_a_reason(hall: TestHall, desk: Desk) -> None:
    """Jumping the queue is written down."""
    for _ in range(3):
        await hall.ticket()
    await desk.activate("Gọi một số khác")
    await desk.dialog("Gọi một số khác")
    await desk.page.keyboard.type("1003")
    await desk.page.keyboard.press("Enter")
    assert "ticket-called" not in await kinds(hall)
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("1")
    await desk.page.keyboard.press("Enter")
    await desk.holds("1003")
    [called] = await bodies(hall, "ticket-called")
    assert called["reason"]["code"] == "by-number"
    assert called["reason"]["why"] == "appointment"


async def test_priority_is_confirmed_with_the_proof_or_refused(hall: TestHall, desk: Desk) -> None:
    """Who claims it shows the paper; what was seen is reported."""
    await hall.ticket(priority="cao-tuoi")
    await desk.press("F2")
    await desk.holds("1001")
    await desk.sees("chưa xác nhận")
    await desk.activate("Xác nhận hoặc đổi diện ưu tiên")
    await desk.dialog("Diện ưu tiên của số 1001")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Space")
    await desk.page.keyboard.press("Enter")
    await desk.sees("Đã xác nhận diện ưu tiên.")
    [decided] = await bodies(hall, "priority-decided")
    assert (decided["confirmed"], decided["proof_seen"]) == (1, 1)
    await desk.activate("Xác nhận hoặc đổi diện ưu tiên")
    await desk.dialog("Diện ưu tiên của số 1001")
    for _ in range(3):
        await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await desk.sees("Đã ghi không thuộc diện ưu tiên.")
    assert (await counter(hall))["ticket"]["staff"]["rank_class"] == 0


async def test_pause_help_close_and_open_again(hall: TestHall, desk: Desk) -> None:
    """A break has a reason; the counter says so to everybody."""
    await desk.activate("Gọi hỗ trợ")
    await desk.sees("Đã báo người hỗ trợ tới quầy.")
    await desk.activate("Tạm dừng")
    await desk.dialog("Tạm dừng")
    await desk.page.keyboard.press("1")
    await desk.page.keyboard.press("Enter")
    await desk.sees("Quầy đang tạm dừng")
    assert (await counter(hall))["state"] == "paused"
    await desk.press("F2")
    await desk.sees("Không có ai đang chờ.")
    await desk.activate("Đóng quầy")
    await desk.dialog("Đóng quầy")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await desk.sees("Quầy đang đóng")
    await desk.press("F2")
    await desk.is_open()
    assert {"help-asked", "counter-paused", "counter-resumed", "counter-closed"} <= set(await kinds(hall))


async def test_soon_after_a_call_the_next_one_is_asked_for_twice(hall: TestHall, desk: Desk) -> None:
    """A second F2 by mistake must not cost somebody their turn."""
    for _ in range(2):
        await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.press("F2")
    await desk.dialog("Số 1001 vừa mới được gọi")
    await desk.page.keyboard.press("Enter")  # The first answer is to go back.
    assert await desk.number() == "1001"
    later(hall, 1)
    await desk.page.wait_for_function("() => document.querySelector('.timer b').textContent >= '01:00'")
    await desk.press("F2")
    await desk.holds("1002")


async def test_the_counter_of_another_is_taken_over_in_plain_words(
    hall: TestHall, desk: Desk, browser: Browser
) -> None:
    """Nobody loses a desk by a click of somebody else."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    minh = await a_browser_of(browser, hall, await a_person(hall.parts.people, "minh", "Trần Văn Minh"))
    his = await a_desk(minh, hall)
    await his.sees("Nguyễn Thu Hà đang làm việc tại quầy này.")
    await his.press("F4")  # Nothing of hers can be touched.
    await his.press("F2")
    await his.dialog("Nhận lại quầy")
    await his.page.keyboard.press("Escape")
    assert "counter-opened" in await kinds(hall)
    assert (await kinds(hall)).count("counter-opened") == 1
    await his.press("F2")
    await his.dialog("Nhận lại quầy")
    await his.page.keyboard.press("Tab")
    await his.page.keyboard.press("Enter")
    await his.sees("Bắt đầu phục vụ")
    await desk.sees("Trần Văn Minh đang làm việc tại quầy này.")
    await his.press("F7")
    await desk.sees("Số đang phục vụ")
    await minh.close()


async def test_the_same_clerk_on_another_machine_is_asked(hall: TestHall, desk: Desk, browser: Browser) -> None:
    """One person in two browsers is one person at one counter."""
    await hall.ticket()
    signed = await hall.parts.people.signing.sign_in("ha", "hoa sen nở sớm mai", "127.0.0.2")
    elsewhere = await a_browser_of(browser, hall, str(signed.cookie))  # type: ignore[union-attr]  # It is no refusal.
    there = await a_desk(elsewhere, hall)
    await there.press("F2")
    await there.dialog("Dùng quầy trên máy này")
    assert (await counter(hall))["ticket"] is None
    await there.page.keyboard.press("Tab")
    await there.page.keyboard.press("Enter")
    await there.settled()
    await there.press("F2")
    await there.holds("1001")
    await elsewhere.close()


async def test_a_manager_acts_with_a_reason(hall: TestHall, browser: Browser) -> None:
    """A sick clerk's citizens are served, and the record says by whom and why."""
    manager = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ql", "Lê Quản Lý", "manager"))
    desk = await a_desk(manager, hall)
    await desk.press("F2")
    await desk.sees("Việc này cần ghi lý do.")
    await desk.page.get_by_label("Lý do làm thay").focus()
    await desk.page.keyboard.type("cán bộ nghỉ ốm")
    await hall.ticket()
    await desk.press("F2")
    await desk.is_open()
    await desk.press("F2")
    await desk.holds("1001")
    await manager.close()

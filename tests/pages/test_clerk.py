"""The clerk's page in a real browser, driven by its keys alone.

The promise: whatever a hurried hand does, each press is one thing or nothing; and the page always says what is true.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Route, WebSocketRoute

from tests.api.halls import Json, TestHall
from tests.pages.halls import HOSTILE, LONG_NAME, Desk, a_browser_of, a_desk, a_person, later

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def cookie(hall: TestHall) -> str:
    """Hà is signed in."""
    return await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà")


@pytest_asyncio.fixture
async def context(hall: TestHall, browser: Browser, cookie: str) -> AsyncIterator[BrowserContext]:
    """Hà's browser."""
    context = await a_browser_of(browser, hall, cookie)
    yield context
    await context.close()


@pytest_asyncio.fixture
async def desk(hall: TestHall, context: BrowserContext) -> AsyncIterator[Desk]:
    """Counter 4, opened by its first key; nothing may be wrong on it in the end."""
    desk = await a_desk(context, hall)
    await desk.press("F2")
    await desk.is_open()
    yield desk
    assert desk.faults == []


async def counter(hall: TestHall, number: int = 4) -> Json:
    """The counter as the hall has it."""
    return (await hall.get(f"/counters/{number}", role="manager")).body


async def kinds(hall: TestHall) -> list[str]:
    """What has happened, in order."""
    return [row.kind for row in await hall.parts.journal.read()]


async def bodies(hall: TestHall, kind: str) -> list[Json]:
    """The bodies of all events of a kind."""
    return [json.loads(row.body) for row in await hall.parts.journal.read() if row.kind == kind]


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


async def test_a_nervous_finger_calls_one(hall: TestHall, desk: Desk) -> None:
    """Ten presses in a row, and a key held down, are one call."""
    for _ in range(10):
        await hall.ticket()
    for _ in range(10):
        await desk.page.keyboard.press("F2")
    await desk.holds("1001")
    for _ in range(20):
        await desk.page.keyboard.down("F2")  # Held down, a key repeats.
    await desk.page.keyboard.up("F2")
    assert (await kinds(hall)).count("ticket-called") == 1


async def test_a_slow_line_sends_one_request_and_a_cut_one_the_same_again(hall: TestHall, desk: Desk) -> None:
    """The answer is lost, the call is not made twice."""
    for _ in range(3):
        await hall.ticket()
    keys: list[str] = []

    async def lose_the_first(route: Route) -> None:
        keys.append(await route.request.header_value("Idempotency-Key") or "")
        answer = await route.fetch()
        await (route.abort() if len(keys) == 1 else route.fulfill(response=answer))

    await desk.page.route("**/next", lose_the_first)
    for _ in range(5):
        await desk.page.keyboard.press("F2")
    await desk.holds("1001")
    await desk.settled()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert (await kinds(hall)).count("ticket-called") == 1
    desk.faults.clear()  # The browser's log tells of the request that we cut.


async def test_two_tabs_show_the_same_and_do_not_fight(hall: TestHall, desk: Desk, context: BrowserContext) -> None:
    """A second tab, forgotten behind the first, must not end a visit that it does not show."""
    for _ in range(3):
        await hall.ticket()
    other = await a_desk(context, hall)
    await desk.press("F2")
    await desk.holds("1001")
    await other.holds("1001")
    await asyncio.gather(other.press("F10"), desk.press("F10"))
    await desk.is_free()
    await other.is_free()
    assert (await kinds(hall)).count("ticket-absent") == 1
    await other.press("F2")
    await desk.holds("1002")
    desk.faults.clear()  # One of the two was told that the counter had moved on.


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


async def test_a_lost_link_says_what_still_works_and_comes_back(hall: TestHall, desk: Desk) -> None:
    """Within ten seconds the page stops looking fresh; what was noted is there when the link is back."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.page.context.set_offline(True)
    await desk.page.evaluate("() => { window.lostAt = performance.now() }")
    await desk.sees("Mất kết nối từ")
    assert await desk.page.evaluate("() => performance.now() - window.lostAt") < 10_000
    await desk.sees("bàn phím quầy")
    await desk.page.keyboard.press("F4")
    await desk.scan("H38.12-261119-0042")
    await desk.press("Escape")
    await desk.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    await desk.page.context.set_offline(False)
    await desk.page.locator(".app:not(.lost)").wait_for()
    await desk.press("F9")
    await desk.is_free()
    assert (await bodies(hall, "ticket-finished"))[0]["items"] == [{"outcome": "received"}]
    assert "ticket-recalled" not in await kinds(hall)
    desk.faults.clear()  # The browser's log tells of the link.


async def test_a_link_that_dies_in_silence_is_seen_within_ten_seconds(hall: TestHall, context: BrowserContext) -> None:
    """A switch that lost its power says nothing; the page must not go on looking fresh."""
    page = await context.new_page()
    silent: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        silent.append(socket)
        server.on_message(lambda message: socket.send(message) if len(silent) < 2 and not muted else None)

    muted: list[bool] = []
    await page.route_web_socket("**/feed?**", pass_on)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await desk.sees("Đã kết nối")
    muted.append(True)
    started = asyncio.get_running_loop().time()
    await desk.sees("Mất kết nối từ")
    assert asyncio.get_running_loop().time() - started < 10.5
    assert len(silent) >= 2


async def test_notes_outlive_a_reload(hall: TestHall, desk: Desk) -> None:
    """F5 by habit must not cost the codes of a visit."""
    await hall.ticket()
    await desk.press("F2")
    await desk.holds("1001")
    await desk.scan("H38.12-261119-0042")
    await desk.press("Escape")
    await desk.press("1")
    await desk.chosen("Tiếp nhận hồ sơ")
    await desk.page.reload()
    await desk.holds("1001")
    await desk.sees("H38.12-261119-0042")
    await desk.chosen("Tiếp nhận hồ sơ")


async def test_what_people_write_is_shown_and_never_run(
    hall: TestHall, context: BrowserContext, browser: Browser
) -> None:
    """A scanned code or a name may hold anything."""
    her = await a_browser_of(browser, hall, await a_person(hall.parts.people, "hostile", HOSTILE[:90]))
    desk = await a_desk(her, hall, 5)
    dialogs: list[str] = []
    desk.page.on("dialog", lambda one: dialogs.append(one.message))
    await desk.press("F2")
    await desk.is_open()
    await hall.ticket(procedures=[HOSTILE[:60]], dossiers=[HOSTILE])
    await desk.press("F2")
    await desk.holds("1001")
    await desk.sees(HOSTILE)
    await desk.scan(HOSTILE + "2")
    await desk.sees(HOSTILE + "2")
    assert await desk.page.locator("img, script:not([src])").count() == 0
    assert dialogs == []
    assert desk.faults == []
    await her.close()


async def test_two_hundred_wait_and_names_are_long(hall: TestHall, context: BrowserContext) -> None:
    """The number and the keys stay where they are, whatever stands beside them."""
    for _ in range(205):
        await hall.ticket("dai", procedures=["1.001193"] * 20)
    desk = await a_desk(context, hall, 5)
    await desk.press("F2")
    await desk.is_open()
    await desk.press("F2")
    await desk.holds("5001")
    await desk.sees("Đang chờ 204")
    assert await desk.page.locator(".waiting li").count() == 200
    for width, height in ((1440, 900), (1366, 768), (1024, 700)):
        await desk.page.set_viewport_size({"width": width, "height": height})
        assert await desk.overflows() == []
    assert desk.faults == []


async def test_names_of_procedures_take_the_place_of_codes(hall: TestHall, context: BrowserContext) -> None:
    """A clerk reads what somebody came for; a name of 919 characters is there whole and moves nothing."""
    page = await context.new_page()

    async def known(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "procedures": True})

    async def names(route: Route) -> None:
        found = [{"code": "1.001193", "name": LONG_NAME, "short_name": {"vi": "", "en": ""}}]
        found += [{"code": "2.000815", "name": "x", "short_name": {"vi": "Chứng thực bản sao", "en": "Certified copy"}}]
        await route.fulfill(json={"procedures": found})

    await page.route("**/api/v1/hall", known)
    await page.route("**/api/v1/procedures?**", names)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await page.locator(".columns").wait_for()
    await desk.press("F2")
    await desk.is_open()
    for _ in range(2):
        await hall.ticket(procedures=["1.001193", "2.000815"])
    await desk.press("F2")
    await desk.holds("1001")
    await page.locator(".procedures .name", has_text="Chứng thực bản sao").wait_for()
    assert LONG_NAME.strip() in await page.locator(".procedures .name").first.inner_text()
    for width, height in ((1440, 900), (1024, 700)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await desk.overflows() == []
    await desk.activate("Thêm thủ tục")
    await desk.dialog("Thêm thủ tục")
    await page.keyboard.type("khai sinh")
    await page.get_by_role("dialog").get_by_text("Chứng thực bản sao").wait_for()
    await page.keyboard.press("Escape")
    assert desk.faults == []


async def test_a_wrong_clock_and_a_far_time_zone_change_nothing(hall: TestHall, browser: Browser, cookie: str) -> None:
    """The desk's machine may think that it is last year in New York."""
    context = await a_browser_of(browser, hall, cookie, zone="America/New_York")
    page = await context.new_page()
    await page.clock.install(time=1_600_000_000)
    desk = Desk(page)
    await hall.ticket()
    later(hall, 17)
    await page.goto(f"{hall.url}/counter/4")
    await page.locator(".columns").wait_for()
    await page.clock.run_for(1500)
    assert await page.locator(".bar time").inner_text() == "07:47"
    await desk.sees("17 phút")
    assert await page.locator(".waiting .late").count() == 1
    await context.close()


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


async def test_the_language_changes_at_once(hall: TestHall, desk: Desk) -> None:
    """English for whoever reads it better, remembered on this machine."""
    await desk.activate("English")
    await desk.sees("Nobody is waiting.")
    assert await desk.page.locator("html").get_attribute("lang") == "en"
    await desk.page.reload()
    await desk.sees("Call next")
    await desk.activate("Tiếng Việt")
    await desk.sees("Gọi số tiếp theo")


async def test_whoever_signs_out_elsewhere_is_out_here(hall: TestHall, desk: Desk) -> None:
    """A session that is over shows nothing any more."""
    for session in await hall.parts.people.register.sessions():
        await hall.parts.people.register.end_session(session.id)
    await desk.page.wait_for_url("**/sign-in**")


async def test_a_call_is_on_the_screen_at_once(hall: TestHall, context: BrowserContext) -> None:
    """Half of the calls are shown within 60 ms of the commit, on a machine that runs other tests beside."""
    took = await _from_commit_to_glass(hall, context, 15)
    assert took[7] <= 60, [round(one) for one in took]


@pytest.mark.slow
async def test_a_call_is_on_the_screen_within_sixty_milliseconds(hall: TestHall, context: BrowserContext) -> None:
    """The promise: p95 at most 60 ms, on a machine that has nothing else to do."""
    took = await _from_commit_to_glass(hall, context, 60)
    assert took[56] <= 60, [round(one) for one in took]


async def _from_commit_to_glass(hall: TestHall, context: BrowserContext, count: int) -> list[float]:
    """Milliseconds from each commit to the frame that shows it, sorted; another machine calls."""
    page = await context.new_page()
    await page.goto(f"{hall.url}/counter/2")
    await page.locator(".columns").wait_for()
    await page.evaluate(WATCH)
    await hall.serving(2)
    committed: list[float] = []
    hall.parts.engine.followers.append(lambda commit: committed.append(time.time()))
    took = []
    for _ in range(count):
        number = (await hall.ticket())["number"]
        await asyncio.sleep(0.12)  # The feed sends at most ten views a second: this one is not measured against that.
        await page.evaluate("number => window.expect(String(number))", number)
        await hall.post("/counters/2/next", role="clerk")
        called_at = committed[-1]
        took.append(await page.evaluate("() => window.seen") - called_at * 1000)
        await hall.post("/counters/2/finish", role="clerk")
        await asyncio.sleep(0.12)
    return sorted(took)


WATCH = """() => {
  const shown = () => document.querySelector(".current .big")?.textContent;
  window.expect = (number) => {
    window.seen = new Promise((done) => {
      // The frame after the change begins when the one with the change is on the glass.
      const glass = () => requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
      const look = () => shown() === number && (observer.disconnect(), glass());
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  };
}"""

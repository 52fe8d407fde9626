"""The guide's tablet on a bad day: no link, a full hall, hostile words; every size, for fingers and for all."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser

from queue_server.api.keys import ticket_key
from tests.api.halls import TestHall
from tests.pages.guides import LANDSCAPE, PORTRAIT, Guide, a_guide
from tests.pages.halls import HALL, HOSTILE, LONG_NAME, a_pages_hall, later
from tests.pages.test_access_for_all import violations

pytestmark = pytest.mark.browser

SIZES = (LANDSCAPE, PORTRAIT)
SLIP_MM = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.width / 96 * 25.4, box.height / 96 * 25.4];
}"""


async def _issue(guide: Guide) -> None:
    await guide.page.locator(".tile").first.tap()


async def _claim(guide: Guide) -> None:
    await _issue(guide)
    await guide.press("F9")
    await guide.page.locator(".tabs button").first.tap()
    await guide.page.locator(".option .b").first.tap()
    await guide.page.locator(".pick").nth(1).tap()


async def _ticket(guide: Guide) -> None:
    await _issue(guide)
    await guide.press("F2")
    await guide.has_ticket("1")


async def _giant(guide: Guide) -> None:
    await _ticket(guide)
    await guide.settled()
    await guide.page.locator(".deeds .b").nth(1).tap()
    await guide.page.locator("dialog.giant").wait_for()


async def _move(guide: Guide) -> None:
    await _ticket(guide)
    await guide.settled()
    await guide.page.locator(".deeds .b").nth(2).tap()
    await guide.page.locator("dialog").wait_for()


async def _find(guide: Guide) -> None:
    await guide.press("F4")


async def _hall(guide: Guide) -> None:
    await guide.press("F7")


async def _counters(guide: Guide) -> None:
    await guide.press("F7")
    await guide.page.locator(".choice .b").nth(2).tap()


async def _procedures(guide: Guide) -> None:
    await guide.press("F8")
    await guide.page.locator(".results .row").first.tap()


async def _booking(guide: Guide) -> None:
    await guide.press("F9")


async def _lost(guide: Guide) -> None:
    await guide.page.context.set_offline(True)
    await guide.page.locator(".app.lost").wait_for()


STATES: dict[str, Callable[[Guide], Awaitable[None]]] = {
    "give": _issue,
    "claim": _claim,
    "ticket": _ticket,
    "giant": _giant,
    "move": _move,
    "find": _find,
    "waiting": _hall,
    "counters": _counters,
    "procedures": _procedures,
    "booking": _booking,
    "link lost": _lost,
}


@pytest.mark.parametrize("state", STATES)
async def test_every_state_is_for_everybody_and_for_fingers(hall: TestHall, browser: Browser, state: str) -> None:
    """Axe finds nothing, nothing is out of the window, nothing to touch is under 12 mm; in both languages."""
    for _ in range(4):
        await hall.ticket(priority="cao-tuoi", items=2)
    await hall.serving(4)
    await hall.post("/counters/4/next", role="clerk")
    await hall.post("/counters/4/help", role="clerk")
    await hall.post("/kiosk/help", role="kiosk")
    later(hall, 20)
    for size in SIZES:
        for language in ("vi", "en"):
            async with a_guide(browser, hall, size, language=language) as guide:
                await STATES[state](guide)
                assert await guide.is_small() == [], f"{size} {language}"
                assert await guide.is_outside() == [], f"{size} {language}"
                assert await violations(guide.page) == [], f"{size} {language}"


async def test_without_a_link_the_page_says_what_still_works(hall: TestHall, browser: Browser) -> None:
    """Nothing is guessed: no time that may be old, no key that would do nothing; paper still comes."""
    for _ in range(3):
        await hall.ticket()
    async with a_guide(browser, hall) as guide:
        await guide.choose("Hộ tịch")
        await guide.tap("Cấp số và in phiếu")
        await guide.has_ticket("1004")
        await guide.page.context.set_offline(True)
        await guide.sees("Mất kết nối từ")
        await guide.sees("Vẫn dùng được: máy lấy số")
        assert await guide.page.locator(".facts", has_text="khoảng").get_by_text("chưa rõ").count() == 1
        move = guide.page.get_by_role("button", name="Chuyển dịch vụ")
        assert (await move.get_attribute("aria-disabled"), await move.get_attribute("title")) == (
            "true",
            "Chờ có kết nối lại",
        )
        await guide.tap("In phiếu")
        await guide.sees("Đã gửi phiếu 1004 ra máy in.")
        assert await guide.prints() == 2
        assert await guide.page.locator(".slip .when b").all_inner_texts() == ["chưa rõ", "chưa rõ"]
        await guide.press("Escape")
        assert await guide.page.locator(".foot .primary").get_attribute("aria-disabled") == "true"
        await guide.page.context.set_offline(False)
        await guide.page.locator(".app.lost").wait_for(state="detached")
        guide.faults.clear()  # Requests and links that were cut on purpose.


async def test_hostile_words_are_words(tmp_path: Path, browser: Browser) -> None:
    """Whoever names a kiosk, a service or a group, and whatever is on a receipt: it is shown, never run."""
    name = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    text = HALL.replace('vi = "Đất đai"', f'vi = "{name}"').replace('vi = "Người cao tuổi"', f'vi = "{name}"')
    async with a_pages_hall(tmp_path / "hall", text) as hall:
        hall.tokens["kiosk"] = str(await hall.parts.people.register.issue_token("kiosk", "<b>Kiosk</b><script>"))
        await hall.post("/kiosk/help", role="kiosk")
        async with a_guide(browser, hall) as guide:
            await guide.sees("<b>Kiosk</b><script>: người dân gọi")
            await guide.page.locator(".tile").nth(1).tap()
            await guide.page.locator("#dossier").fill(HOSTILE)
            await guide.page.locator(".option .b").first.tap()
            await guide.page.locator(".pick", has_text="onerror").tap()
            await guide.page.locator("dialog .go").tap()
            await guide.tap("Cấp số và in phiếu")
            await guide.has_ticket("2001")
            assert HOSTILE in await guide.page.locator(".about .service").inner_text()
            assert HOSTILE in await guide.page.locator(".slip .service").inner_text(timeout=1000)
            await guide.press("F7")
            await guide.page.locator(".lines", has_text="onerror").wait_for()
            assert await guide.page.locator("img, b b").count() == 0


def a_full_hall() -> str:
    """Sixty counters and a dozen services, one of them with a name as long as the longest of the national index."""
    services = "".join(
        f'\n[[service]]\nid = "s{n}"\nname = "{LONG_NAME[:118].strip() if n == 3 else f"Dịch vụ số {n}"}"\n'
        f'numbers = "{n}001-{n}999"\n'
        for n in range(1, 10)
    )
    every = ", ".join(f'"s{n}"' for n in range(1, 10))
    counters = "".join(f"\n[[counter]]\nnumber = {n}\nservices = [{every}]\n" for n in range(1, 61))
    return HALL[: HALL.index("[[service]]")] + services + counters


async def test_two_hundred_waiting_and_sixty_counters_stay_usable(tmp_path: Path, browser: Browser) -> None:
    """Monday after a holiday: the list scrolls, every line is a target, and a call is drawn at once."""
    async with a_pages_hall(tmp_path / "hall", a_full_hall()) as hall:
        for one in range(205):
            await hall.ticket(f"s{one % 9 + 1}")
        async with a_guide(browser, hall, PORTRAIT) as guide:
            assert await guide.page.locator(".tile").count() == 9
            await guide.press("F7")
            await guide.sees("Đang chờ 205")
            assert await guide.page.locator(".lines li").count() == 200
            assert await guide.page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
            await guide.sees("và 5 người nữa; mời tìm theo số")
            assert await guide.is_outside() == []
            assert await guide.is_small() == []
            last = guide.page.locator(".lines .row").last
            await last.scroll_into_view_if_needed()
            await last.tap()
            await guide.page.locator(".about").wait_for()
            assert await guide.page.locator(".plates .plate").count() == 10
            await guide.sees("và 50 quầy")
            assert await guide.is_outside() == []
            await guide.press("F7")
            await guide.page.locator(".choice .b").nth(2).tap()
            await guide.page.locator(".desks").wait_for()
            assert await guide.page.locator(".desks li").count() == 60
            await hall.serving(60)
            await hall.post("/counters/60/next", role="clerk")
            await guide.page.locator(".desks li.calling", has_text="1001").wait_for(timeout=1000)
            assert await guide.is_outside() == []


async def test_the_slip_is_as_wide_as_the_paper_and_as_long_as_needed(hall: TestHall, browser: Browser) -> None:
    """80 mm rolls, cut behind the last line; the number as large as the paper allows; the citizen's own language."""
    for _ in range(3):
        await hall.ticket()
    await hall.serving(4)
    async with a_guide(browser, hall) as guide:
        await guide.page.locator(".tile .wait", has_text="phút").wait_for()
        await guide.choose("Tiếng Anh")
        await guide.choose("Hộ tịch")
        await guide.tap("Cấp số và in phiếu")
        await guide.has_ticket("1004")
        await guide.settled()
        pdf = await guide.page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == 1
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert box is not None
        width, length = (float(part) / 72 * 25.4 for part in box.groups())
        _, height = await guide.page.evaluate(SLIP_MM, ".slip")
        assert width == pytest.approx(80, abs=0.5)
        assert length == pytest.approx(height + 4.5, abs=1.5)
        number = await guide.page.evaluate(SLIP_MM, ".slip .number span")
        assert number[0] == pytest.approx(0.98 * 72, abs=0.5)
        slip = await guide.page.locator(".slip").inner_text()
        for words in ("Your number", "Civil status – Certification", "Counters", "Journal", "An Hoa ward"):
            assert words in slip
        about, ahead = await guide.page.locator(".slip .when b").all_inner_texts()
        assert ahead == "3 people"
        bound = re.search(r"9 in 10 are called before (\d\d:\d\d)", slip)
        assert bound is not None
        assert "07:30" < about < bound[1] < "12:00"
        rows = (await hall.get(f"/tickets/{await _path_of_qr(hall)}", role=None)).body["rows"]
        view = await guide.page.locator(".slip .qr").get_attribute("viewBox")
        assert view == f"0 0 {len(rows) + 8} {len(rows) + 8}"
        runs = sum(len(re.findall("1+", row)) for row in rows)
        assert (await guide.page.locator(".slip .qr path").get_attribute("d") or "").count("M") == runs


async def _path_of_qr(hall: TestHall) -> str:
    """The door of the code of the last ticket."""
    ticket = hall.parts.engine.board.by_number[1004]
    return f"{ticket}/qr?key={ticket_key(hall.parts, ticket)}"


async def test_without_a_public_address_the_slip_has_no_code(tmp_path: Path, browser: Browser) -> None:
    """Most halls have none; the slip is whole without it."""
    text = HALL.replace('public_url = "http://127.0.0.1"', "")
    async with a_pages_hall(tmp_path / "hall", text) as hall, a_guide(browser, hall) as guide:
        await guide.choose("Đất đai")
        await guide.tap("Cấp số và in phiếu")
        await guide.has_ticket("2001")
        await guide.settled()
        assert await guide.page.locator(".slip .number").inner_text(timeout=1000) == "2001"
        assert await guide.page.locator(".slip .qr").count() == 0

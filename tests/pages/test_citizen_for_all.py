"""The page of whoever holds a ticket: for everybody, about nobody, and for a hall full of telephones."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Request

from queue_server.api.keys import ticket_key
from tests.api.halls import Json, TestHall, a_hall
from tests.config.halls import KEY
from tests.pages.halls import HALL, PASSWORD, a_person
from tests.pages.phones import SIZES, Phone, a_phone, a_pocket, do, next_at, path_of
from tests.pages.test_access_for_all import violations

pytestmark = pytest.mark.browser

WEIGHT_MAX = 90_000
FIRST_PAINT_MS_MAX = 500


# For everybody, and about nobody


async def test_the_page_speaks_the_language_in_which_the_number_was_taken(
    hall: TestHall, pocket: BrowserContext
) -> None:
    """Who took the number in English reads English; a choice made here goes first, and is kept."""
    await hall.serving(4)
    ticket = await hall.ticket(language="en")
    phone = await a_phone(pocket, hall, ticket)
    assert await phone.page.locator("html").get_attribute("lang") == "en"
    await phone.sees("You are next")
    await phone.sees("Civil status – Certification")
    await phone.activate("Tiếng Việt")
    await phone.sees("Ông/bà là người tiếp theo")
    await phone.page.reload()
    await phone.sees("Ông/bà là người tiếp theo")
    other = await a_phone(pocket, hall, await hall.ticket(language="km"), "&lang=vi")
    assert await other.page.locator("html").get_attribute("lang") == "vi"
    assert phone.faults == []


async def _nobody_ahead(hall: TestHall) -> None:
    await hall.serving(4)


async def _is_called(hall: TestHall) -> None:
    await hall.serving(4)
    await next_at(hall)


async def _is_asked(hall: TestHall) -> None:
    await _is_called(hall)
    await do(hall, "start")
    await do(hall, "finish")


async def _is_absent(hall: TestHall) -> None:
    await _is_called(hall)
    await do(hall, "absent")


async def _nothing(_: TestHall) -> None:
    """No counter is open."""


STATES: dict[str, Callable[[TestHall], Awaitable[None]]] = {
    "waiting": _nobody_ahead,
    "no counter": _nothing,
    "called": _is_called,
    "asked": _is_asked,
    "absent": _is_absent,
}


@pytest.mark.parametrize("tongue", ["vi", "en"])
@pytest.mark.parametrize("state", [*STATES, "unknown", "giving up", "why"])
async def test_the_page_is_for_everybody(hall: TestHall, pocket: BrowserContext, state: str, tongue: str) -> None:
    """Nothing is found by axe in any state at any size, and at twice the size of text nothing is out of the window."""
    ticket = await hall.ticket("dai")
    await hall.ticket()
    await STATES.get(state, _is_asked if state == "why" else _nobody_ahead)(hall)
    shown: Json = {"id": "x", "key": "y"} if state == "unknown" else ticket
    if state not in {"unknown", "no counter", "giving up"}:
        listed = (await hall.get("/counters/4", role="manager")).body
        shown = await hall.ticket() if state == "waiting" else await _with_key(hall, listed, ticket)
    phone = await a_phone(pocket, hall, shown, f"&lang={tongue}")
    if state == "giving up":
        await phone.page.locator(".pa .b").last.click()
        await phone.page.get_by_role("dialog").wait_for()
    if state == "why":
        await phone.page.locator(".face").last.click()
        await phone.page.locator(".whys").wait_for()
    for width, height in SIZES:
        await phone.page.set_viewport_size({"width": width, "height": height})
        assert await violations(phone.page) == [], f"{width} x {height}"
        assert await phone.overflows() == [], f"{width} x {height}"
    await phone.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert await phone.overflows() == [], "twice the size of text"
    assert await violations(phone.page) == [], "twice the size of text"


async def _with_key(hall: TestHall, counter: Json, fallback: Json) -> Json:
    """The ticket that the counter has or had last, with the key of its holder."""
    found = counter["ticket"] or next(iter(counter["absent"]), None)
    board = hall.parts.engine.board
    finished = [one.id for one in board.tickets.values() if one.state.value == "finished"]
    name = found["id"] if found else (finished[0] if finished else fallback["id"])
    return {"id": name, "key": ticket_key(hall.parts, name)}


async def test_without_scripts_the_page_still_says_where_to_go(hall: TestHall, browser: Browser) -> None:
    """An old telephone, or one that saves data: number, place and counters stand there, and to reload."""
    pocket = await a_pocket(browser, scripts=False)
    await hall.serving(4)
    ticket = await hall.ticket()
    page = await pocket.new_page()
    await page.goto(hall.url + path_of(ticket))
    said = await page.inner_text("body")
    for part in ("1001", "Đang chờ", "Ông/bà là người tiếp theo.", "Quầy phục vụ: 4.", "Mời tải lại trang"):
        assert part in said
    number = await page.get_by_text("1001", exact=True).bounding_box()
    assert number is not None
    assert number["y"] < 100, "the page begins with an empty screen"
    assert "Đang mở trang" not in said
    await next_at(hall)
    await page.reload()
    assert "Mời đến quầy 4." in await page.inner_text("body")
    await do(hall, "pause")
    await page.goto(hall.url + path_of(await hall.ticket()))
    assert "Chưa có quầy nào đang gọi việc này." in await page.inner_text("body")
    await pocket.close()


async def test_nothing_personal_and_no_key_leaves_the_telephone(
    hall: TestHall, pocket: BrowserContext, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link over a shoulder shows a number; no other site and no log ever learns the key."""
    await hall.serving(4)
    await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà")
    ticket = await hall.ticket(priority="cao-tuoi", person="a" * 64, dossiers=["H38.12-261119-0042"])
    asked: list[Request] = []
    phone = Phone(await pocket.new_page())
    phone.page.on("request", lambda one: asked.append(one))
    page = await phone.page.goto(hall.url + path_of(ticket))
    assert page is not None
    headers = await page.all_headers()
    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")
    await phone.sees("Ông/bà là người tiếp theo")
    for secret in ("cao-tuoi", "Người cao tuổi", "a" * 64, "H38", "Thu Hà", PASSWORD):
        assert secret not in await phone.page.content()
    assert ticket["key"] not in await phone.page.inner_text("body")
    assert {await one.header_value("referer") for one in asked} == {None}
    written = capsys.readouterr()
    assert ticket["key"] not in written.out + written.err
    view = (await hall.get(f"/tickets/{ticket['id']}/follow?key={ticket['key']}")).body
    assert "priority" not in view
    assert "key" not in view


async def test_no_link_is_given_where_the_hall_has_no_public_address(tmp_path: Path) -> None:
    """A link that leads nowhere is worse than none; with an address it leads to this page."""
    for address, expected in (("", False), ("https://hall.example/", True)):
        folder = tmp_path / f"hall{int(expected)}"
        (folder / "keys").mkdir(parents=True)
        (folder / "hall.toml").write_text(HALL.replace('"http://127.0.0.1"', f'"{address}"'))
        (folder / "keys" / "hall.key").write_bytes(KEY)
        (folder / "keys" / "hall.key").chmod(0o600)
        async with a_hall(folder) as hall:
            ticket = await hall.ticket()
            assert ticket["url"] == (f"https://hall.example{path_of(ticket)}" if expected else None)
            assert (await hall.call("GET", path_of(ticket))).status == 200


# A whole hall of telephones


async def test_a_hall_behind_one_address_is_not_slowed_by_itself_nor_by_a_stranger(tmp_path: Path) -> None:
    """Everybody on the hall's own network comes from one address; holders are counted by their tickets."""
    async with a_hall(tmp_path / "hall", server="public_rate_per_s = 1\npublic_rate_burst = 5") as hall:
        tickets = [await hall.ticket() for _ in range(40)]
        paths = [f"/tickets/{one['id']}/follow?key={one['key']}" for one in tickets]
        for _ in range(8):
            assert (await hall.get("/tickets/x/follow?key=guess")).status in {403, 429}
        assert (await hall.get("/tickets/x/follow?key=guess")).code == "too-many-requests"
        for _ in range(3):
            assert {(await hall.get(path)).status for path in paths} == {200}
        assert (await hall.call("GET", path_of(tickets[0]))).status == 200
        answers = [await hall.get(paths[0]) for _ in range(30)]
        assert {one.status for one in answers} == {200, 429}
        assert (await hall.get(paths[1])).status == 200
        page = (await hall.call("GET", path_of(tickets[2]))).raw.decode()
        for url in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
            assert (await hall.call("GET", url)).status == 200


async def test_a_page_that_has_seen_it_all_hears_so_in_a_few_bytes(hall: TestHall) -> None:
    """Two thousand telephones ask every few seconds; most of the time nothing has happened."""
    await hall.serving(4)
    await next_at(hall)
    await hall.ticket()
    ticket = await hall.ticket()
    path = f"/api/v1/tickets/{ticket['id']}/follow?key={ticket['key']}"
    first = await hall.call("GET", path)
    tag = {"If-None-Match": first.headers["ETag"]}
    same = await hall.call("GET", path, headers=tag)
    assert (same.status, same.raw) == (304, b"")
    assert first.body["again_s"] == 2
    await next_at(hall)
    changed = await hall.call("GET", path, headers=tag)
    assert (changed.status, changed.body["ahead"]) == (200, 0)
    assert datetime.fromisoformat(changed.body["at"]).utcoffset() is not None


async def test_a_ticket_that_has_ended_is_asked_for_no_more(hall: TestHall) -> None:
    """Yesterday's telephones must not keep today's hall busy; those far away ask less often than those near."""
    await hall.serving(4)
    tickets = [await hall.ticket() for _ in range(6)]
    path = f"/tickets/{tickets[0]['id']}/follow?key={tickets[0]['key']}"
    far = (await hall.get(f"/tickets/{tickets[5]['id']}/follow?key={tickets[5]['key']}")).body
    assert (far["ahead"], far["again_s"]) == (5, 6)
    assert (await hall.post(f"/tickets/{tickets[0]['id']}/cancel?key={tickets[0]['key']}", {})).status == 200
    assert (await hall.get(path)).body["again_s"] == 0


async def test_it_weighs_little_and_is_there_at_once(hall: TestHall, pocket: BrowserContext) -> None:
    """A telephone on a poor line outside the hall: under 90 kB in all, something to read within half a second."""
    await hall.serving(4)
    ticket = await hall.ticket()
    page = await hall.call("GET", path_of(ticket))
    total = len(page.raw)
    for url in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.raw.decode())):
        async with hall.http.get(hall.url + url, headers={"Accept-Encoding": "gzip"}) as got:
            total += int(got.headers["Content-Length"])
    assert total < WEIGHT_MAX, f"{total} bytes"
    phone = await a_phone(pocket, hall, ticket)
    await phone.sees("Ông/bà là người tiếp theo")
    paints = await phone.page.evaluate("() => performance.getEntriesByType('paint').map((one) => one.startTime)")
    fetched = await phone.page.evaluate(
        "() => performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)"
    )
    assert paints[0] <= FIRST_PAINT_MS_MAX, paints
    assert fetched < WEIGHT_MAX, f"{fetched} bytes came"

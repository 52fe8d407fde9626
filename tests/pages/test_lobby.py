"""The lobby in a browser: every call is seen, from the last row, for weeks, and an old one never looks new."""

import asyncio
import re
from importlib import resources
from pathlib import Path

import pytest
from playwright.async_api import Browser

from queue_server.presenting.texts import TONGUES, Tongue
from tests.api.halls import Json, TestHall, a_hall
from tests.config.halls import KEY
from tests.factories import clock
from tests.pages.halls import HALL, HOSTILE, TEXTS
from tests.pages.lobbies import STEP_MS, Feed, Wall, a_view, a_wall
from tests.pages.test_access_for_all import violations
from tests.pages.test_week import memory

pytestmark = pytest.mark.browser

STATIC = Path(str(resources.files("queue_server") / "pages" / "static"))
HOLD_MS = 8000
HURRIED_MS = 2500
TWELVE = [(str(1040 + number), number) for number in range(1, 13)]


async def in_view(wall: Wall, selector: str, text: str = "") -> None:
    """Wait until this stands on the screen."""
    await wall.page.locator(selector, has_text=text).first.wait_for()


async def times_large(wall: Wall, steps: int) -> dict[str, int]:
    """For how long each number is large, in milliseconds, while so many steps of time pass."""
    seen: dict[str, int] = {}
    for _ in range(steps):
        for number in await wall.large():
            seen[number] = seen.get(number, 0) + STEP_MS
        await wall.passes(STEP_MS)
    return seen


def feed_of(wall: Wall) -> Feed:
    """Our feed of this screen."""
    assert wall.feed is not None, "this wall is fed by the hall"
    return wall.feed


# One call after the other, from a real hall


async def test_a_call_is_large_at_once_and_calm_when_the_citizen_has_come(hall: TestHall, browser: Browser) -> None:
    """The number and where to go, before anybody has looked away."""
    await hall.serving(4)
    first, second = await hall.ticket(), await hall.ticket()
    async with a_wall(browser, hall) as wall:
        await in_view(wall, ".nobody", "Chưa có lượt gọi.")
        await in_view(wall, ".strip", f"{first['number']} · {second['number']}")
        await hall.post("/counters/4/next", role="clerk")
        await in_view(wall, ".hero.fresh .n", "1001")
        assert await wall.page.locator(".hero .plate").inner_text() == "4"
        assert await wall.page.locator(".board, .recent").count() == 0, "it stands there once"
        await hall.post("/counters/4/next", role="clerk")
        await in_view(wall, ".cell.now .n", "1002")  # The first has not been large long enough.
        assert await wall.large() == ["1001", "1002"]


async def test_a_screen_that_comes_late_shows_who_is_on_the_way(hall: TestHall, browser: Browser) -> None:
    """A television that was switched on again must not say that nobody is called."""
    await hall.serving(4)
    await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    async with a_wall(browser, hall) as wall:
        await in_view(wall, ".hero.fresh .n", "1001")


async def test_twelve_calls_in_one_second_are_all_on_the_screen(tmp_path: Path, browser: Browser) -> None:
    """In every peer a second call within the polling gap is lost."""
    counters = "".join(f'\n[[counter]]\nnumber = {number}\nservices = ["ho-tich"]\n' for number in range(1, 13))
    head, _, tail = HALL.partition("[[counter]]")
    folder = tmp_path / "twelve"
    (folder / "keys").mkdir(parents=True)
    (folder / "hall.toml").write_text(head + counters + tail[tail.index("[[priority]]") :])
    (folder / "keys" / "hall.key").write_bytes(KEY)
    (folder / "keys" / "hall.key").chmod(0o600)
    async with a_hall(folder, wall=clock("7:30")) as hall, a_wall(browser, hall) as wall:
        for number in range(1, 13):
            await hall.serving(number)
        numbers = {str((await hall.ticket())["number"]) for _ in range(12)}
        await asyncio.gather(*(hall.post(f"/counters/{number}/next", role="clerk") for number in range(1, 13)))
        await in_view(wall, ".cells.k6")
        await in_view(wall, ".next", "còn 6 số")
        assert await wall.all_numbers() == numbers
        assert len(await wall.large()) == 6


async def test_a_zone_shows_its_own_calls(tmp_path: Path, browser: Browser) -> None:
    """A screen on the second floor must not send people to the first; a zone without counters says so."""
    async with a_hall(tmp_path / "hall") as hall:
        await hall.serving(1)
        await hall.serving(2)
        await hall.ticket()
        await hall.ticket()
        async with a_wall(browser, hall, query="?zone=a") as wall, a_wall(browser, hall, query="?zone=none") as lost:
            await hall.post("/counters/2/next", role="clerk")
            await hall.post("/counters/1/next", role="clerk")
            await in_view(wall, ".hero.fresh .n", "1002")
            assert await wall.large() == ["1002"]
            await in_view(lost, ".say", "Khu này chưa có quầy.")


# Bursts: times are let pass by the test


async def test_every_call_of_a_burst_is_large_for_its_time(hall: TestHall, browser: Browser) -> None:
    """Six share the large area; nobody's turn is cut short by somebody else's."""
    async with a_wall(browser, hall, a_view(12), has_clock=True) as wall:
        for shown, counter in TWELVE:
            feed_of(wall).call(shown, counter)
        await in_view(wall, ".next", "còn 6 số")
        assert await wall.all_numbers() == {shown for shown, _ in TWELVE}
        seen = await times_large(wall, 100)
        assert set(seen) == {shown for shown, _ in TWELVE}
        assert min(seen.values()) >= HOLD_MS, seen
        assert await wall.page.locator(".hero.fresh .n").all_inner_texts() == ["1052"]
        await wall.passes(60_000)
        assert await wall.large() == [], "after a minute it is no news any more"
        await in_view(wall, ".hero.calm .n", "1052")


async def test_a_flood_hurries_and_loses_nobody(hall: TestHall, browser: Browser) -> None:
    """More calls than the screen can hold for eight seconds each: a shorter time for all, in order."""
    async with a_wall(browser, hall, a_view(60), has_clock=True) as wall:
        for number in range(1, 41):
            feed_of(wall).call(str(2000 + number), number)
        seen = await times_large(wall, 120)
        assert set(seen) == {str(2000 + number) for number in range(1, 41)}
        assert min(seen.values()) >= HURRIED_MS, seen


async def test_a_cell_is_replaced_alone(hall: TestHall, browser: Browser) -> None:
    """Whoever looks for a number finds it where it was a moment ago."""
    async with a_wall(browser, hall, a_view(12), has_clock=True) as wall:
        for shown, counter in TWELVE[:6]:
            feed_of(wall).call(shown, counter)
            await wall.passes(1000)
        before = await wall.large()
        assert before == [shown for shown, _ in TWELVE[:6]]
        feed_of(wall).call("1047", 7)
        await in_view(wall, ".next", "còn 1 số")
        assert await wall.large() == before
        await wall.passes(HOLD_MS - 6000 + STEP_MS)
        assert await wall.large() == ["1047", *before[1:]]


async def test_whoever_has_come_is_not_called_later(hall: TestHall, browser: Browser) -> None:
    """A call that was answered before its turn on the screen would only confuse."""
    async with a_wall(browser, hall, a_view(12), has_clock=True) as wall:
        feed = feed_of(wall)
        for shown, counter in TWELVE[:8]:
            feed.call(shown, counter)
        await in_view(wall, ".next", "còn 2 số")
        feed.show(calls=[{**one, "calling": one["shown"] != "1048"} for one in feed.view["calls"]])
        await in_view(wall, ".next", "còn 1 số")
        assert "1048" not in await times_large(wall, 80)


async def test_a_recall_is_said_and_starts_the_time_anew(hall: TestHall, browser: Browser) -> None:
    """The clerk calls again because the citizen did not look."""
    async with a_wall(browser, hall, a_view(), has_clock=True) as wall:
        feed_of(wall).call("1041", 1)
        await in_view(wall, ".hero.fresh", "Mời số")
        await wall.passes(30_000)
        feed_of(wall).call("1041", 1, repeat=True)
        await in_view(wall, ".hero.fresh", "Mời lại số")
        await wall.passes(55_000)
        assert await wall.large() == ["1041"]
        await wall.passes(6_000)
        assert await wall.large() == []


# The link


@pytest.mark.parametrize("tongue", TONGUES)
async def test_a_silent_link_is_said_in_large_type_within_ten_seconds(
    hall: TestHall, browser: Browser, tongue: Tongue
) -> None:
    """A board that stands still looks like a board on which nobody is called."""
    async with a_wall(browser, hall, a_view(20), tongue=tongue, has_clock=True) as wall:
        feed_of(wall).call("1041", 1)
        await in_view(wall, ".hero.fresh")
        feed_of(wall).is_down = True
        await wall.page.clock.run_for(10_000)
        assert await wall.page.locator(".stale h2").inner_text() == TEXTS.say(tongue, "lobby.stale")
        assert (
            await wall.page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('h2')).fontSize)") > 90
        )
        assert await wall.page.locator(".hero, .cells, .strip, .board").count() == 0
        assert await wall.page.locator(".plate:not(.off)").count() == 0, "nothing looks like a call"
        await in_view(wall, ".cap", TEXTS.say(tongue, "lobby.stale-calls", {"time": "09:06"}))
        await wall.page.clock.resume()  # For axe, which looks at its watch.
        assert await violations(wall.page) == []
        feed_of(wall).is_down = False
        await in_view(wall, ".hero")
        assert await wall.page.locator(".stale").count() == 0


async def test_a_short_break_changes_nothing(hall: TestHall, browser: Browser) -> None:
    """A server that restarts within seconds needs no alarm in the hall; what was called meanwhile comes again."""
    async with a_wall(browser, hall, a_view(), has_clock=True) as wall:
        feed = feed_of(wall)
        feed.call("1041", 1)
        await in_view(wall, ".hero.fresh .n", "1041")
        await feed.sockets[-1].close()
        await wall.page.clock.run_for(2_000)
        assert len(feed.sockets) == 2
        assert f"after={feed.sequence}" in feed.sockets[-1].url
        feed.call("1042", 2)
        await in_view(wall, ".cell .n", "1042")
        assert await wall.page.locator(".stale").count() == 0


async def test_a_hall_that_counts_from_the_start_again_is_heard(hall: TestHall, browser: Browser) -> None:
    """After a restore the sequences are small again; a screen must not take every call for an old one."""
    async with a_wall(browser, hall, a_view(), has_clock=True) as wall:
        feed = feed_of(wall)
        feed.sequence = 5
        feed.show(calls=[])
        feed.call("1041", 1)
        await in_view(wall, ".hero.fresh .n", "1041")


# For everybody, and for weeks


@pytest.mark.parametrize("tongue", TONGUES)
async def test_the_lobby_is_for_everybody(hall: TestHall, browser: Browser, tongue: Tongue) -> None:
    """Contrast, names of regions, both languages: in every state."""
    notice = {"code": "lunch", "text": {"vi": "Nghỉ trưa đến 13:30.", "en": "Lunch until 13:30."}}
    async with a_wall(browser, hall, a_view(20), tongue=tongue) as wall:
        assert await wall.page.locator("html").get_attribute("lang") == tongue
        assert await violations(wall.page) == [], "calm"
        feed_of(wall).call("1041", 1)
        await in_view(wall, ".hero.fresh")
        await wall.page.wait_for_timeout(3000)  # The pulse is over.
        assert await violations(wall.page) == [], "a call"
        for shown, counter in TWELVE[1:9]:
            feed_of(wall).call(shown, counter)
        await in_view(wall, ".cells.k6")
        await wall.page.wait_for_timeout(3000)
        assert await violations(wall.page) == [], "a burst"
    async with a_wall(browser, hall, a_view(6, calls=0, open=False, notices=[notice]), tongue=tongue) as wall:
        assert await violations(wall.page) == [], "nobody was called"


async def test_a_call_pulses_slowly_and_not_at_all_where_motion_disturbs(hall: TestHall, browser: Browser) -> None:
    """Under 2 Hz and over in three seconds; with reduced motion a cut and nothing more."""
    async with a_wall(browser, hall, a_view()) as wall:
        feed_of(wall).call("1041", 1)
        await in_view(wall, ".hero.fresh")
        script = "() => { const one = getComputedStyle(document.querySelector('.hero')); "
        script += "return [one.animationName, one.animationDuration, one.animationIterationCount]; }"
        name, duration, count = await wall.page.evaluate(script)
        assert (name[:4], duration, count) == ("call", "1s", "3")
        await wall.page.emulate_media(reduced_motion="reduce")
        assert (await wall.page.evaluate(script))[0] == "none"


async def test_names_and_labels_are_text(hall: TestHall, browser: Browser) -> None:
    """Whatever somebody wrote into a file, a screen runs none of it."""
    view = a_view(8)
    view["name"] = {"vi": HOSTILE, "en": HOSTILE}
    view["services"][0]["name"] = {"vi": HOSTILE, "en": HOSTILE}
    view["counters"][0]["label"] = view["calls"][0]["label"] = "<b>1</b>'\"${"
    view["notices"] = [{"code": "x", "text": {"vi": HOSTILE, "en": HOSTILE}}]
    async with a_wall(browser, hall, view) as wall:
        assert await wall.page.locator("h1").inner_text() == HOSTILE
        assert HOSTILE in await wall.page.locator(".strip").inner_text()
        assert await wall.page.locator("#page img, #page b b").count() == 0
        assert await wall.faulty() == []


async def test_the_clock_is_the_halls(hall: TestHall, browser: Browser) -> None:
    """A television's own clock is often wrong by hours, in another zone."""
    async with a_wall(browser, hall, a_view()) as wall:
        assert await wall.page.locator(".when b").inner_text() == "09:06"
        said = await wall.page.locator(".when p").inner_text()
        assert "Thứ Hai, 23/11/2026" in said
        assert "Làm việc 07:30–11:30 · 13:30–17:00" in said


async def test_waits_are_said_as_far_as_they_are_known(hall: TestHall, browser: Browser) -> None:
    """About, never sharp; unknown is a word, not a guess."""
    services = a_view()["services"]
    services[0]["expected_wait_s"] = None
    async with a_wall(browser, hall, a_view(services=0) | {"services": services}) as wall:
        lines = [" ".join(one.split()) for one in await wall.page.locator(".strip li").all_inner_texts()]
        assert lines == [
            "Hộ tịch – Chứng thực 12 chờ chưa rõ Tiếp theo 1006 · 1007",
            "Đất đai 21 chờ khoảng 38 phút Tiếp theo 2014 · 2015",
            "Trả kết quả 3 chờ khoảng 4 phút Tiếp theo 4009",
            "Bảo hiểm – Chính sách xã hội 6 chờ khoảng 240 phút Tiếp theo 3022 · 3023",
            "Kinh doanh gọi ngay",
            "Chờ trung bình hôm nay 11 phút đạt mục tiêu 15 phút",
        ]
        feed_of(wall).show(wait_mean_s=1200)
        await in_view(wall, ".fit", "mục tiêu 15 phút")
        assert await wall.page.locator(".fit.good").count() == 0
        feed_of(wall).show(wait_mean_s=None)
        await wall.settled()
        assert await wall.page.locator(".fit").count() == 0


async def test_todays_mean_wait_comes_from_the_hall(hall: TestHall, browser: Browser) -> None:
    """The figure of the service index, to which the hall is held."""
    await hall.serving(4)
    await hall.ticket()
    await hall.post("/counters/4/next", role="clerk")
    await hall.post("/counters/4/finish", {"outcome": "received"}, role="clerk")
    async with a_wall(browser, hall) as wall:
        await in_view(wall, ".fit", "đạt mục tiêu 15 phút")


async def test_weeks_of_calls_leave_nothing_behind(hall: TestHall, browser: Browser) -> None:
    """Nobody restarts a television: lists are bounded, and what was shown is forgotten."""
    async with a_wall(browser, hall, a_view(20), has_clock=True) as wall:
        session = await wall.page.context.new_cdp_session(wall.page)
        await session.send("HeapProfiler.enable")
        sizes = []
        for batch in range(12):
            for turn in range(60):
                feed_of(wall).call(str(1000 + (batch * 60 + turn) % 900), turn % 20 + 1)
            await wall.passes(10_000)
            sizes.append(await memory(session))
        (early, nodes_early), (late, nodes_late) = sizes[3], sizes[-1]
        assert late - early < 250_000, sizes
        assert nodes_late <= nodes_early + 200, sizes


def test_a_televisions_browser_understands_the_scripts() -> None:
    """Sets of 2021 have Chrome 85: what lit-html itself needs, and nothing newer."""
    newer = re.compile(r"\.at\(|structuredClone|Object\.hasOwn|\.findLast|\.toSorted|static \{|this\.#")
    waiting, seen = [STATIC / "js" / "lobby.js"], set[Path]()
    while waiting:
        path = waiting.pop().resolve()
        if path in seen or "vendor" in path.parts:
            continue
        seen.add(path)
        text = path.read_text("utf-8")
        top = "\n".join(line for line in text.splitlines() if not line.startswith((" ", "//", "}")))
        assert not re.search(r"\bawait\b", top), path.name
        assert not newer.search(text), path.name
        waiting += [path.parent / one for one in re.findall(r'from "(\.[^"]+)"', text)]
    assert len(seen) > 5


async def test_it_weighs_little_and_asks_nobody_else(hall: TestHall, browser: Browser) -> None:
    """A hall without the Internet has the same screen; a restart of forty screens is no load."""
    page = await hall.call("GET", "/lobby")
    total = len(page.raw)
    for url in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.raw.decode())):
        async with hall.http.get(hall.url + url, headers={"Accept-Encoding": "gzip"}) as got:
            total += int(got.headers["Content-Length"])
    assert total < 150_000, f"{total} bytes"
    async with a_wall(browser, hall, a_view(20)) as wall:
        asked: list[Json] = await wall.page.evaluate(
            "() => performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"
        )
        assert all(name.startswith(hall.url) for name, _ in asked)
        assert sum(size for _, size in asked) < 150_000

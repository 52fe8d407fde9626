"""A lobby screen on a wall: a real browser, fed by a real hall or by a feed of ours that says what a test wants."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from playwright.async_api import Browser, WebSocketRoute

from queue_server.presenting.texts import Tongue
from tests.api.halls import Json, TestHall
from tests.pages.halls import TWO_FRAMES, Desk, a_browser_of

NOW = "2026-11-23T09:06:00+07:00"
STEP_MS = 250
VIEW_MS = 5000
EARLIER = "2026-11-23T08:50:00+07:00"
SERVICES: tuple[tuple[str, str, int, int, list[str]], ...] = (
    ("Hộ tịch – Chứng thực", "Civil status – Certification", 12, 840, ["1006", "1007"]),
    ("Đất đai", "Land", 21, 2280, ["2014", "2015"]),
    ("Trả kết quả", "Results", 3, 240, ["4009"]),
    ("Bảo hiểm – Chính sách xã hội", "Insurance – Social policy", 6, 14400, ["3022", "3023"]),
    ("Kinh doanh", "Business", 0, 0, []),
)
NUMBERS = ("1005", "2013", "3021", "4008", "1004", "1003", "2011", "2012", "3020", "4007", "2009", "5002")
STATES = ("serving",) * 9 + ("paused", "open", "closed")


def a_call(sequence: int, shown: str, counter: int, *, calling: bool = False, at: str = EARLIER) -> Json:
    """One of the last calls."""
    return {
        "sequence": sequence, "number": 1, "shown": shown, "counter": counter, "label": str(counter),
        "at": at, "calling": calling,
    }  # fmt: skip


def a_view(counters: int = 6, services: int = 5, calls: int = 12, **more: Json) -> Json:
    """A hall in full swing that calls nobody right now."""
    last = [a_call(100 - index, NUMBERS[index], index % counters + 1) for index in range(calls)]
    return {
        "name": {"vi": "Trung tâm Phục vụ hành chính công phường An Hòa", "en": "An Hoa ward public service centre"},
        "at": NOW,
        "open": True,
        "opens_at": None,
        "calls": last,
        "counters": [_counter(number, last) for number in range(1, counters + 1)],
        "services": [_service(index) for index in range(services)],
        "notices": [],
        "hours": [{"opens": "07:30", "closes": "11:30"}, {"opens": "13:30", "closes": "17:00"}],
        "wait_mean_s": 660,
        "goal_s": 900,
        **more,
    }


def _counter(number: int, last: Sequence[Json]) -> Json:
    state = STATES[(number - 1) % len(STATES)]
    shown = next((one["shown"] for one in last if one["counter"] == number), "1001") if state == "serving" else None
    return {"number": number, "label": str(number), "state": state, "ticket": shown and 1, "shown": shown}


def _service(index: int) -> Json:
    vi, en, waiting, expected, following = SERVICES[index % len(SERVICES)]
    name = {"vi": vi, "en": en}
    return {
        "id": f"s{index}", "name": name, "waiting": waiting, "expected_wait_s": expected, "wait_p90_s": None,
        "next": following,
    }  # fmt: skip


def announced(sequence: int, shown: str, counter: int, *, repeat: bool = False) -> Json:
    """A call as it is announced."""
    return {
        "kind": "announce", "sequence": sequence, "number": 1, "shown": shown, "counter": counter,
        "label": str(counter), "repeat": repeat, "text": {"vi": "", "en": ""}, "audio": {"vi": None, "en": None},
    }  # fmt: skip


class Wall(Desk):
    """A lobby screen."""

    feed: "Feed | None" = None

    async def large(self) -> list[str]:
        """The numbers in the large area, whether as one or as several; a call of the past is none."""
        return await self.page.locator(".hero.fresh .n, .cell .n").all_inner_texts()

    async def all_numbers(self) -> set[str]:
        """Every number on the screen."""
        return set(await self.page.locator(".num").all_inner_texts())

    async def settled(self) -> None:
        """Wait until what came is drawn."""
        await self.page.evaluate(TWO_FRAMES)

    async def passes(self, milliseconds: int) -> None:
        """Let time pass, on a screen with a clock of ours; the hall goes on sending its views."""
        while milliseconds > 0:
            if self.feed is not None:
                self.feed.show()
            await self.page.clock.run_for(min(milliseconds, VIEW_MS))
            milliseconds -= VIEW_MS

    async def faulty(self) -> list[str]:
        """What is out of the window, cut, or lies on other text."""
        found: list[str] = await self.page.evaluate(FAULTS)
        return found


class Feed:
    """What the screen hears, in the place of the hall."""

    def __init__(self, view: Json) -> None:
        self.view = view
        self.sequence = 100
        self.sockets: list[WebSocketRoute] = []
        self.is_down = False

    def listen(self, socket: WebSocketRoute) -> None:
        """A screen connects."""
        self.sockets.append(socket)
        if self.is_down:
            return  # The line is there and nobody speaks.
        socket.send(
            json.dumps({"kind": "welcome", "schema": 1, "schema_min": 1, "sequence": self.sequence, "now": NOW})
        )
        self.show()

    def show(self, **more: Json) -> None:
        """Send the view, changed."""
        self.view = {**self.view, **more}
        self.sockets[-1].send(json.dumps({"kind": "view", "sequence": self.sequence, "view": self.view}))

    def call(self, shown: str, counter: int, *, repeat: bool = False) -> None:
        """Announce a call, and put it into the view as the hall does."""
        self.sequence += 1
        self.sockets[-1].send(json.dumps(announced(self.sequence, shown, counter, repeat=repeat)))
        others = [one for one in self.view["calls"] if one["shown"] != shown]
        self.show(calls=[a_call(self.sequence, shown, counter, calling=True, at=NOW), *others][:12])


@asynccontextmanager
async def a_wall(
    browser: Browser,
    hall: TestHall,
    view: Json | None = None,
    *,
    size: tuple[int, int] = (1920, 1080),
    query: str = "",
    tongue: Tongue = "vi",
    has_clock: bool = False,
) -> AsyncIterator[Wall]:
    """A lobby screen that is up; with a view it is fed by us, with a clock the test lets time pass."""
    context = await a_browser_of(browser, hall, width=size[0], height=size[1], tongue=tongue)
    context.set_default_timeout(8_000)
    wall = Wall(await context.new_page(), tongue)
    if has_clock:
        await wall.page.clock.install(time=NOW)
    if view is not None:
        wall.feed = Feed(view)
        await wall.page.route_web_socket("**/feed?**", wall.feed.listen)
    await wall.page.goto(f"{hall.url}/lobby{query}")
    await wall.page.locator(".hero, .cells").first.wait_for()
    await wall.page.evaluate("() => document.fonts.ready")
    if has_clock:
        await wall.page.clock.pause_at(datetime.fromisoformat(NOW) + timedelta(seconds=5))
    yield wall
    assert wall.faults == []
    await context.close()


FAULTS = """() => {
  const found = [];
  const parts = [...document.querySelectorAll("#page *")].filter((one) => one.getBoundingClientRect().width);
  const named = (one) => one.tagName + "." + one.getAttribute("class") + " " + one.textContent.slice(0, 30);
  for (const one of parts) {
    const box = one.getBoundingClientRect();
    const isOut = box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
    if (isOut) found.push("out: " + named(one));
    const isCut = one.clientWidth && one.scrollWidth > one.clientWidth + 2;
    if (isCut && !one.closest("svg")) found.push("cut: " + named(one));
  }
  for (const row of document.querySelectorAll(".strip li, .hero .who, .hero .where")) {
    const lines = [...row.children].map((one) => one.getBoundingClientRect()).filter((box) => box.height);
    lines.slice(1).forEach((box, index) => {
      if (box.top < lines[index].bottom - 2) found.push("overlaps: " + named(row));
    });
    const box = row.getBoundingClientRect();
    const isTaller = lines.some((line) => line.top < box.top - 2 || line.bottom > box.bottom + 2);
    if (isTaller) found.push("taller: " + named(row));
  }
  const blocks = [...document.querySelectorAll("main > *")].map((one) => one.getBoundingClientRect());
  blocks.slice(1).forEach((box, index) => {
    if (box.top < blocks[index].bottom - 2) found.push("blocks overlap");
  });
  return found;
}"""

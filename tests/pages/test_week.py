"""A page that stays open for a week: views come and go, and nothing is kept of them."""

import json
import time

import pytest
from playwright.async_api import Browser, CDPSession, WebSocketRoute

from tests.api.halls import Json, TestHall
from tests.pages.halls import TWO_FRAMES, Desk, a_browser_of, a_person, later

pytestmark = pytest.mark.browser

BATCH = 100
BATCHES = 45
WARM = 9
LATE = (34, 39, 44)
"""Batches after which memory is looked at: 2,500 views lie between the first look and the next. The engine's own
spikes come and go between the late ones, which is why the least of them counts; what is kept stays in all of them."""
GROWTH_BYTES_MAX = 250_000


async def memory(session: CDPSession) -> tuple[int, int]:
    """Bytes that are still in use, and nodes, after the garbage is gone."""
    for _ in range(2):
        await session.send("HeapProfiler.collectGarbage")
    heap = await session.send("Runtime.getHeapUsage")
    counters = await session.send("Memory.getDOMCounters")
    return int(heap["usedSize"]), int(counters["nodes"])


async def test_thousands_of_views_leave_nothing_behind(hall: TestHall, browser: Browser) -> None:
    """Each view is another list, another ticket, another reason; heap and nodes stay as they were."""
    for position in range(40):
        await hall.ticket(procedures=["2.000815"] if position % 3 else [], items=1 + position % 4)
        later(hall, 0.5)
    await hall.serving(4)
    await hall.post("/counters/4/next", role="clerk")
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"))
    page = await context.new_page()
    sockets: list[WebSocketRoute] = []
    views: list[Json] = []

    def listen(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server().on_message(lambda message: pass_on(socket, str(message)))

    def pass_on(socket: WebSocketRoute, message: str) -> None:
        if json.loads(message)["kind"] == "view":
            views.append(json.loads(message))
        socket.send(message)

    await page.route_web_socket("**/feed?**", listen)
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await desk.holds("1001")
    session = await context.new_cdp_session(page)
    await session.send("HeapProfiler.enable")
    first = views[-1]
    sizes = []
    for batch in range(BATCHES):
        for turn in range(BATCH):
            sockets[-1].send(json.dumps(another(first, batch * BATCH + turn)))
        await page.evaluate(TWO_FRAMES)
        if batch in {WARM, *LATE}:
            sizes.append(await memory(session))
    (early, nodes_early), *rest = sizes
    late, nodes_late = min(size for size, _ in rest), min(nodes for _, nodes in rest)
    assert late - early < GROWTH_BYTES_MAX, f"{early} bytes became {late}"
    assert nodes_late <= nodes_early + 200
    assert desk.faults == []
    await context.close()


SOAK_VIEWS = 200_000
SOAK_FIRST = 20_000
SOAK_STEP = 5_000
SOAK_SHARE = 0.03
"""The heap at the end is at most so much more than after the first tenth."""


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_two_hundred_thousand_views_leave_nothing_behind(hall: TestHall, browser: Browser) -> None:
    """A page that is never closed: each view is read and drawn whole, and at the end the heap is what it was."""
    for position in range(40):
        await hall.ticket(procedures=["2.000815"] if position % 3 else [], items=1 + position % 4)
        later(hall, 0.5)
    await hall.serving(4)
    await hall.post("/counters/4/next", role="clerk")
    context = await a_browser_of(browser, hall, await a_person(hall.parts.people, "ha", "Nguyễn Thu Hà"))
    await context.add_init_script(FEEDS)
    page = await context.new_page()
    desk = Desk(page)
    await page.goto(f"{hall.url}/counter/4")
    await desk.holds("1001")
    session = await context.new_cdp_session(page)
    await session.send("HeapProfiler.enable")
    sizes: dict[int, tuple[int, int]] = {}
    began = time.monotonic()
    for done in range(SOAK_STEP, SOAK_VIEWS + 1, SOAK_STEP):
        await page.evaluate(FEED, [done - SOAK_STEP, done])
        if done % SOAK_FIRST == 0:
            await page.evaluate(FEED, [1, 2])  # The same view is shown at each look.
            sizes[done] = await memory(session)
            tell(f"{done} views, {time.monotonic() - began:.0f} s: heap {sizes[done][0]}, nodes {sizes[done][1]}")
    (early, nodes_early), (late, nodes_late) = sizes[SOAK_FIRST], sizes[SOAK_VIEWS]
    tell(f"heap {early} -> {late} bytes ({late / early - 1:+.2%}), nodes {nodes_early} -> {nodes_late}")
    assert late <= early * (1 + SOAK_SHARE), sizes
    assert nodes_late <= nodes_early + 200, sizes
    assert desk.faults == []
    await context.close()


def tell(line: str) -> None:
    """Figures for whoever runs it with `-s`."""
    print(line, flush=True)  # noqa: T201  # They are what the run is for.


FEEDS = """{
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(url) {
      super(url);
      window.feed = this;
      this.addEventListener("message", (event) => {
        if (window.isFed) event.stopImmediatePropagation();
        else if (JSON.parse(event.data).kind === "view") window.first ??= event.data;
      });
    }
  };
}"""
"""Keeps hold of the page's feed and of the first view that came by it; later ones are ours alone."""
FEED = """async ([from, to]) => {
  window.isFed = true;
  for (let turn = from; turn < to; turn += 1) {
    const message = JSON.parse(window.first); // As `another` has it.
    const { view } = message;
    const shift = turn % view.waiting.length;
    view.waiting = [...view.waiting.slice(shift), ...view.waiting.slice(0, shift)];
    view.waiting_count = turn;
    view.ticket = turn % 7 ? { ...view.ticket, id: `t${turn}`, shown: String(1000 + turn) } : null;
    view.state = turn % 7 ? "calling" : "open";
    message.sequence += turn + 1;
    window.feed.onmessage({ data: JSON.stringify(message) });
    if (turn % 50 === 0) await new Promise(requestAnimationFrame);
  }
}"""
"""Gives the page views as fast as it takes them; each is read and drawn before the next."""


def another(first: Json, turn: int) -> Json:
    """A view unlike the one before: other people wait, another number is at the desk."""
    view = dict(first["view"])
    shift = turn % len(view["waiting"])
    view["waiting"] = view["waiting"][shift:] + view["waiting"][:shift]
    view["waiting_count"] = turn
    view["ticket"] = None if turn % 7 == 0 else {**view["ticket"], "id": f"t{turn}", "shown": str(1000 + turn)}
    view["state"] = "open" if turn % 7 == 0 else "calling"
    return {"kind": "view", "sequence": first["sequence"] + turn + 1, "view": view}

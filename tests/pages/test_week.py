"""A page that stays open for a week: views come and go, and nothing is kept of them."""

import json

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


def another(first: Json, turn: int) -> Json:
    """A view unlike the one before: other people wait, another number is at the desk."""
    view = dict(first["view"])
    shift = turn % len(view["waiting"])
    view["waiting"] = view["waiting"][shift:] + view["waiting"][:shift]
    view["waiting_count"] = turn
    view["ticket"] = None if turn % 7 == 0 else {**view["ticket"], "id": f"t{turn}", "shown": str(1000 + turn)}
    view["state"] = "open" if turn % 7 == 0 else "calling"
    return {"kind": "view", "sequence": first["sequence"] + turn + 1, "view": view}

"""Pages and probes."""

import json
import re

from prometheus_client.parser import text_string_to_metric_families

from tests.api.halls import TestHall


async def test_pages_let_nothing_foreign_in(hall: TestHall) -> None:
    """A page that runs only our own files cannot be made to run another's."""
    for path in ("/", "/lobby"):
        answer = await hall.call("GET", path)
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        text = answer.raw.decode()
        assert "Xã Thử" in text
        assert not re.search(r"<style|style=|<script(?![^>]*src=)| on[a-z]+=", text), path


async def test_no_answer_tells_what_it_is_made_of(hall: TestHall) -> None:
    """The names and versions of libraries tell an attacker which old faults to try."""
    for path in ("/", "/lobby", "/sign-in", "/manager", "/assets/nothing", "/healthz", "/api/v1/board", "/nothing"):
        answer = await hall.call("GET", path)
        assert answer.headers["Server"] == "denluot", path


async def test_nothing_beside_the_pages_is_served(hall: TestHall) -> None:
    """No path leads out of the folder."""
    for name in ("..%2fapi%2fapp.py", "home.html", "%2e%2e/app.py", "nothing.js", "__init__.py"):
        assert (await hall.call("GET", f"/assets/{name}")).status == 404
        assert (await hall.call("GET", f"/assets/0/{name}")).status == 404


async def test_the_probes_tell_how_the_machine_is(hall: TestHall) -> None:
    """A watchdog restarts what is not alive, and sends nobody to what is not ready."""
    assert (await hall.call("GET", "/healthz")).body == {"status": "ok"}
    ready = await hall.call("GET", "/readyz")
    assert (ready.status, ready.body["ready"]) == (200, True)
    hall.parts.engine.clock_in_doubt = "the clock says 1970"
    doubtful = await hall.call("GET", "/readyz")
    assert (doubtful.status, doubtful.code) == (503, "clock-unconfirmed")
    refused = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")
    assert (refused.status, refused.code) == (503, "clock-unconfirmed")
    assert (await hall.post("/clock/confirm", role="admin")).status == 200
    assert (await hall.ticket())["number"] == 1001


async def test_figures_can_be_read_by_a_program(hall: TestHall) -> None:
    """An observer's dashboard."""
    await hall.ticket()
    text = (await hall.call("GET", "/metrics", role="observer")).raw.decode()
    found = {one.name: one for one in text_string_to_metric_families(text)}
    assert {sample.labels["service"]: sample.value for sample in found["denluot_waiting"].samples} == {
        "ho-tich": 1,
        "dat-dai": 0,
    }


async def test_the_journal_is_read_page_by_page(hall: TestHall) -> None:
    """An auditor who was away for a year reads on where the last page ended."""
    await hall.ticket()
    pages, after = [], 0
    while lines := (await hall.get(f"/events?after={after}&limit=2", role="auditor")).raw.splitlines():
        pages.append([json.loads(line) for line in lines])
        after = pages[-1][-1]["sequence"]
    rows = [row for page in pages for row in page]
    assert [row["sequence"] for row in rows] == list(range(1, hall.parts.engine.board.sequence + 1))
    assert rows[-1]["hash"] == hall.parts.engine.head
    assert set(rows[0]) == {"sequence", "at", "kind", "version", "body", "hash"}
    for query in ("after=x", "limit=0", "limit=99999", "after=-1"):
        assert (await hall.get(f"/events?{query}", role="auditor")).status == 422


async def test_the_index_counts_today_and_refuses_nonsense(hall: TestHall) -> None:
    """The same figures as the report, while the hall is open."""
    await hall.ticket()
    await hall.serving(1)
    await hall.post("/counters/1/next", role="clerk")
    await hall.post("/counters/1/finish", {"outcome": "received"}, role="clerk")
    index = (await hall.get("/service-index?by=service", role="manager")).body
    assert (index["from"], index["to"], index["journal_head"]) == ("2026-11-23", "2026-11-23", hall.parts.engine.head)
    assert [(row["group"], row["served"]) for row in index["rows"]] == [("ho-tich", 1)]
    for query in ("by=nothing", "from=today", "from=2026-11-24&to=2026-11-23", "from=1900-01-01"):
        assert (await hall.get(f"/service-index?{query}", role="manager")).status == 422

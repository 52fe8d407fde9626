"""The guide's doors: calls for a person, a ticket by its number, the code for a slip."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import segno

from tests.api.halls import TestHall, a_hall, make_folder
from tests.api.test_feed import a_screen, hear, status_of


async def alerts_of(screen: Any) -> list[str]:
    """The ids of the calls in the next view."""
    return [one["id"] for one in (await hear(screen, "view"))["view"]["alerts"]]


async def test_a_call_for_a_person_is_shown_at_once_and_ends_when_somebody_goes(hall: TestHall) -> None:
    """A citizen who pressed the key three times is one citizen, who waits since the first time."""
    async with a_screen(hall, "view=guide", "guide") as screen:
        assert await alerts_of(screen) == []
        first = (await hall.post("/kiosk/help", role="kiosk")).body
        [shown] = await alerts_of(screen)
        assert (await hall.post("/kiosk/help", {}, role="kiosk")).body == first
        assert first["open"]
        await hall.serving(1)
        await hall.post("/counters/1/help", role="clerk")
        while "counter-1" not in (seen := await alerts_of(screen)):
            pass
        assert seen == [shown, "counter-1"]
        assert (await hall.post("/kiosk/help/done", {"kiosk": shown}, role="guide")).body == {
            "open": False,
            "since": None,
        }
        while shown in (seen := await alerts_of(screen)):
            pass
        assert (await hall.post("/counters/1/help/done", role="guide")).status == 200
        while seen:
            seen = await alerts_of(screen)


async def test_a_kiosk_takes_its_own_call_back_and_no_others(hall: TestHall) -> None:
    """The citizen found the way; another kiosk's citizen still waits."""
    await hall.post("/kiosk/help", role="kiosk")
    await hall.post("/kiosk/help/done", {"kiosk": "kiosk-somebody-else"}, role="kiosk")
    assert hall.parts.live.alerts == ()
    missing = await hall.post("/kiosk/help/done", role="guide")
    assert (missing.status, missing.detail["field"]) == (422, "kiosk")


async def test_a_counters_call_outlives_the_server(tmp_path: Path) -> None:
    """Power comes back after a minute, and the clerk still sits there with somebody who shouts."""
    async with a_hall(tmp_path / "hall") as hall:
        await hall.serving(2)
        await hall.post("/counters/2/help", role="clerk")
        [before] = hall.parts.live.alerts
        tokens, now = hall.tokens, hall.parts.engine.now()
    async with a_hall(tmp_path / "hall", tokens=tokens, wall=now + timedelta(minutes=1)) as hall:
        assert hall.parts.live.alerts == (before,)
        assert before.label == "2A"
    async with a_hall(tmp_path / "hall", tokens=tokens, wall=now + timedelta(minutes=40)) as hall:
        assert hall.parts.live.alerts == ()


async def test_only_guides_and_managers_see_the_guides_view(hall: TestHall) -> None:
    """It names priority groups, which are nobody else's business."""
    for role in ("kiosk", "display", "device", "observer", "clerk"):
        assert await status_of(hall, "view=guide", role) == 403, role
    assert await status_of(hall, "view=guide") == 401
    for role in ("guide", "manager", "admin"):
        async with a_screen(hall, "view=guide", role) as screen:
            assert (await hear(screen, "view"))["view"]["waiting_count"] == 0


async def test_a_ticket_is_found_by_the_number_on_the_paper(hall: TestHall) -> None:
    """The citizen holds a number, not an id."""
    ticket = await hall.ticket(priority="cao-tuoi")
    answer = await hall.get(f"/tickets?number={ticket['number']}", role="guide")
    assert (answer.body["id"], answer.body["priority"], answer.body["key"]) == (ticket["id"], "cao-tuoi", None)
    assert (await hall.get("/tickets?number=1999", role="guide")).code == "unknown-number"
    for wrong in ("", "?number=", "?number=abc", "?number=0", "?number=1000000"):
        assert (await hall.get(f"/tickets{wrong}", role="guide")).status in {404, 422}, wrong
    assert (await hall.get("/tickets?number=x", role="guide")).status == 422


async def test_the_code_on_the_slip_is_the_link_of_that_ticket(hall: TestHall) -> None:
    """It is a key: whoever has none is not given one."""
    ticket = await hall.ticket()
    path = f"/tickets/{ticket['id']}/qr"
    answer = await hall.get(f"{path}?key={ticket['key']}")
    code = segno.make_qr(ticket["url"], error="m", boost_error=False)
    assert answer.body["rows"] == ["".join(map(str, row)) for row in code.matrix]
    assert (await hall.get(path, role="guide")).status == 403
    assert (await hall.get(f"{path}?key=wrong", role="admin")).status == 403
    assert json.dumps(answer.body).count("1") > 100


async def test_without_a_public_address_there_is_no_code(tmp_path: Path) -> None:
    """A link that leads nowhere makes a citizen think that the ticket is worth nothing."""
    folder = tmp_path / "hall"
    make_folder(folder)
    text = (folder / "hall.toml").read_text().replace('public_url = "https://hall.example"', "")
    (folder / "hall.toml").write_text(text)
    async with a_hall(folder) as hall:
        ticket = (await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk")).body
        assert ticket["url"] is None
        assert (await hall.get(f"/tickets/{ticket['id']}/qr?key={ticket['key']}")).status == 404

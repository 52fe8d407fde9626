"""Every role at every route, against a table that was written from the contract and not from the code."""

import re
from contextlib import suppress
from pathlib import Path

import aiohttp

from queue_server import api
from queue_server.api.access import TABLE
from queue_server.people.roles import ROLES
from queue_server.presenting.texts import load as load_texts
from tests.api.halls import TestHall

# One line for each route: the initials of the roles that get through. k kiosk, d display, c clerk, g guide, m manager,
# u auditor, a admin, v device, o observer, p nobody signed in.
WRITTEN = """
POST /api/v1/tickets                    k.cg..a...
POST /api/v1/tickets/handover           k.....a...
GET /api/v1/tickets                     ..cgmua...
GET /api/v1/tickets/{id}/qr             ......a...
GET /api/v1/tickets/{id}                kdcgmuavo.
GET /api/v1/tickets/{id}/follow         ......a...
POST /api/v1/tickets/{id}/cancel        k.cg..a...
POST /api/v1/tickets/{id}/move          ..cg..a...
POST /api/v1/tickets/{id}/priority      ..cg..a...
POST /api/v1/tickets/{id}/tomorrow      ..cgm.a...
POST /api/v1/tickets/{id}/slip          k.cg..a...
POST /api/v1/leases                     k.....a...
POST /api/v1/ratings                    kdcgmuavop
POST /api/v1/checkin                    k..g..a...
PUT /api/v1/bookings                    ....m.a...
GET /api/v1/counters/{n}                ..c.m.av..
POST /api/v1/counters/{n}/open          ..c.m.av..
POST /api/v1/counters/{n}/close         ..c.m.av..
POST /api/v1/counters/{n}/pause         ..c.m.av..
POST /api/v1/counters/{n}/resume        ..c.m.av..
POST /api/v1/counters/{n}/help          ..c.m.av..
POST /api/v1/counters/{n}/help/done     ..cgm.a...
POST /api/v1/counters/{n}/next          ..c.m.av..
POST /api/v1/counters/{n}/call          ..c.m.av..
POST /api/v1/counters/{n}/recall        ..c.m.av..
POST /api/v1/counters/{n}/start         ..c.m.av..
POST /api/v1/counters/{n}/absent        ..c.m.av..
POST /api/v1/counters/{n}/hold          ..c.m.av..
POST /api/v1/counters/{n}/away          ..cgm.a...
POST /api/v1/counters/{n}/return        ..cgm.a...
POST /api/v1/counters/{n}/transfer      ..c.m.av..
POST /api/v1/counters/{n}/finish        ..c.m.av..
PUT /api/v1/counters/{n}/services       ....m.a...
GET /api/v1/board                       .dcgmua.o.
GET /api/v1/reasons                     kdcgmuavo.
GET /api/v1/hall                        kdcgmuavo.
GET /api/v1/procedures                  kdcgmuavop
POST /api/v1/services/{id}/pause        ....m.a...
POST /api/v1/services/{id}/resume       ....m.a...
POST /api/v1/services/{id}/catch-up     ....m.a...
POST /api/v1/day/close                  ....m.a...
POST /api/v1/clock/confirm              ......a...
POST /api/v1/kiosk/help                 k.....a...
POST /api/v1/kiosk/help/done            k..gm.a...
GET /api/v1/service-index               ....mua.o.
GET /api/v1/events                      ....mua...
GET /api/v1/events/lines                ....mua...
GET /api/v1/feed                        kdcgmuavop
POST /api/v1/session                    kdcgmuavop
GET /api/v1/session                     kdcgmuavo.
DELETE /api/v1/session                  kdcgmuavo.
PUT /api/v1/session/password            kdcgmuavo.
POST /api/v1/pairing                    kdcgmuavop
GET /api/v1/pairing                     ......a...
GET /api/v1/pairing/{poll}              kdcgmuavop
POST /api/v1/pairing/{code}/approve     ......a...
DELETE /api/v1/pairing/{code}           ......a...
GET /api/v1/people                      ......a...
POST /api/v1/people                     ......a...
PUT /api/v1/people/{login}              ......a...
POST /api/v1/people/{login}/password    ......a...
DELETE /api/v1/people/{login}           ......a...
GET /api/v1/tokens                      ......a...
POST /api/v1/tokens                     ......a...
DELETE /api/v1/tokens/{name}            ......a...
GET /healthz                            kdcgmuavop
GET /readyz                             kdcgmuavop
GET /api/v1/openapi.json                kdcgmuavop
GET /metrics                            ......a.o.
GET /                                   kdcgmuavop
GET /lobby                              kdcgmuavop
GET /sign-in                            kdcgmuavop
GET /counter                            kdcgmuavop
GET /counter/{n}                        kdcgmuavop
GET /t/{id}                             kdcgmuavop
GET /guide                              kdcgmuavop
GET /manager                            kdcgmuavop
GET /assets/{version}/{path:.+}         kdcgmuavop
"""
LETTERS = dict(
    zip(
        "kdcgmuavo",
        ROLES_IN_ORDER := ("kiosk", "display", "clerk", "guide", "manager", "auditor", "admin", "device", "observer"),
        strict=True,
    )
)
SAMPLES = {
    "{id}": "nothing",
    "{n}": "1",
    "{poll}": "nothing",
    "{code}": "NONE",
    "{login}": "nobody",
    "{name}": "nothing",
}


def _written() -> dict[tuple[str, str], str]:
    lines = (line.split() for line in WRITTEN.strip().splitlines())
    return {(method, template): letters for method, template, letters in lines}


def test_the_written_table_names_every_route_and_role() -> None:
    """A route that nobody thought about is a route that anybody may call."""
    assert set(_written()) == set(TABLE)
    assert set(ROLES_IN_ORDER) == set(ROLES)


async def test_each_role_gets_through_where_the_contract_says(hall: TestHall) -> None:
    """A kiosk that could call, or a display that could take tickets, would be found by a bored visitor."""
    wrong = []
    for (method, template), letters in _written().items():
        path = template
        for name, sample in SAMPLES.items():
            path = path.replace(name, sample)
        for letter, role in [*LETTERS.items(), ("p", None)]:
            answer = await hall.call(method, path, raw=b"[" if method in {"POST", "PUT"} else None, role=role)
            is_through = answer.status not in {401, 403}
            if is_through != (letter in letters):
                wrong.append((method, template, role, answer.status))
            if not is_through:
                assert answer.code in {"unauthorized", "forbidden"}
    assert wrong == []


async def test_a_token_of_one_counter_acts_only_there(hall: TestHall) -> None:
    """A keypad's token copied to another desk must not call for that desk."""
    for role, own, other in (("clerk of 2", 2, 1), ("box of 1", 1, 2)):
        assert (await hall.post(f"/counters/{own}/open", role=role)).status == 200
        refused = await hall.post(f"/counters/{other}/open", role=role)
        assert (refused.status, refused.code) == (403, "counter-not-yours")


async def test_a_manager_acts_at_a_counter_with_a_reason_only(hall: TestHall) -> None:
    """Who acts for a clerk leaves a trace of why."""
    without = await hall.post("/counters/1/open", role="manager")
    assert (without.status, without.code, without.detail["field"]) == (422, "reason-needed", "reason")
    assert (await hall.post("/counters/1/open", {"reason": "Chị Lan ốm"}, role="manager")).status == 200
    assert (await hall.get("/counters/1", role="manager")).status == 200


async def test_without_a_good_token_nothing_is_told(hall: TestHall) -> None:
    """A wrong token is not somebody unknown: it is refused even where everybody may ask."""
    for header in ("Bearer nonsense", "Bearer", "Basic x", "Bearer " + "é" * 50):
        with suppress(aiohttp.ClientError, UnicodeEncodeError):
            answer = await hall.call("GET", "/api/v1/board", headers={"Authorization": header})
            assert (answer.status, answer.code) == (401, "unauthorized")


async def test_a_device_cannot_name_an_outcome(hall: TestHall) -> None:
    """A button knows that the visit is over, not how."""
    await hall.ticket()
    await hall.post("/counters/1/open", role="device")
    await hall.post("/counters/1/next", role="device")
    refused = await hall.post("/counters/1/finish", {"outcome": "received"}, role="device")
    assert refused.status == 403
    assert (await hall.post("/counters/1/finish", role="device")).status == 200


def test_every_no_has_a_sentence_of_its_own() -> None:
    """A code without a text would be answered with a sentence that helps nobody."""
    texts = load_texts()
    folder = Path(api.__file__).parent
    sources = [
        file.read_text(encoding="utf-8")
        for part in ("api", "core", "people")
        for file in (folder.parent / part).rglob("*.py")
    ]
    codes = {code for text in sources for code in re.findall(r"(?:Refusal\(|Problem\(\s*\d+,)\s*\"([a-z-]+)\"", text)}
    assert len(codes) > 40
    assert {code for code in codes if not texts.knows(f"error.{code}")} == set()

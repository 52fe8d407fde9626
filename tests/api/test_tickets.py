"""Tickets over HTTP: who sees what, and what becomes of what is said."""

from datetime import timedelta

from tests.api.halls import TestHall
from tests.factories import clock


async def test_only_the_issuer_is_given_the_key(hall: TestHall) -> None:
    """Whoever has the key may give the ticket up."""
    ticket = await hall.ticket()
    assert len(ticket["key"]) == 32
    for role in ("clerk", "observer", "display", "manager"):
        seen = await hall.get(f"/tickets/{ticket['id']}", role=role)
        assert (seen.body["key"], seen.body["url"]) == (None, None)
    with_key = await hall.get(f"/tickets/{ticket['id']}?key={ticket['key']}")
    assert (with_key.status, with_key.body["key"]) == (200, ticket["key"])


async def test_a_wrong_key_tells_nothing(hall: TestHall) -> None:
    """Whether a ticket of that id exists must not be found by trying."""
    ticket = await hall.ticket()
    wrong = await hall.get(f"/tickets/{ticket['id']}?key={'0' * 32}")
    unknown = await hall.get(f"/tickets/{'0' * 16}?key={'0' * 32}")
    assert (wrong.status, wrong.raw) == (unknown.status, unknown.raw)
    assert (wrong.status, wrong.code) == (403, "key-wrong")
    assert (await hall.get(f"/tickets/{ticket['id']}")).status == 401


async def test_the_group_is_for_the_staff_and_never_in_the_journal(hall: TestHall) -> None:
    """That somebody is disabled is nobody's business but the desk's."""
    ticket = await hall.ticket(priority="cao-tuoi", language="vi", dossiers=["HS-77"], person="abc")
    assert ticket["priority"] == "cao-tuoi"
    clerk = await hall.get(f"/tickets/{ticket['id']}", role="clerk")
    assert (clerk.body["priority"], clerk.body["staff"]["language"]) == ("cao-tuoi", "vi")
    for role in ("display", "observer", "kiosk"):
        seen = await hall.get(f"/tickets/{ticket['id']}", role=role)
        assert seen.body["priority"] is None
        assert "staff" not in seen.body
    journal = (await hall.get("/events?limit=5000", role="auditor")).raw
    assert b"cao-tuoi" not in journal.split(b'"kind":"ticket-issued"')[1]
    assert b"HS-77" not in journal
    rows = await hall.parts.journal.side_since(0)
    assert {row.name: row.value for row in rows} == {
        "group": "cao-tuoi",
        "language": "vi",
        "person": "abc",
        "dossier.0": "HS-77",
    }
    assert {row.subject for row in rows} == {ticket["id"]}


async def test_a_citizen_gives_the_ticket_up_with_its_key(hall: TestHall) -> None:
    """Somebody who goes home frees the place."""
    ticket = await hall.ticket()
    cancelled = await hall.post(f"/tickets/{ticket['id']}/cancel?key={ticket['key']}", {"reason": "Tôi về"})
    assert (cancelled.status, cancelled.body["state"]) == (200, "cancelled")
    again = await hall.post(f"/tickets/{ticket['id']}/cancel?key={ticket['key']}")
    assert (again.status, again.code) == (409, "ticket-ended")


async def test_what_the_path_names_in_vain_is_not_found(hall: TestHall) -> None:
    """404 for addresses, 422 for bodies, 409 for the rules: each has its own remedy."""
    for path, body in (
        ("/tickets/none/cancel", {}),
        ("/tickets/none/move", {"service": "ho-tich", "reason": "guide"}),
        ("/tickets/none/slip", {"result": "printed"}),
        ("/counters/77/next", {}),
        ("/counters/x/next", {}),
        ("/services/none/pause", {"reason": "load"}),
    ):
        answer = await hall.post(path, body, role="admin")
        assert answer.status == 404, path


async def test_what_the_body_names_in_vain_names_its_field(hall: TestHall) -> None:
    """A form must know which field to mark."""
    ticket = await hall.ticket()
    for path, body, field in (
        ("/tickets", {"service": "none"}, "service"),
        ("/tickets", {"service": "ho-tich", "priority": "none"}, "priority"),
        (f"/tickets/{ticket['id']}/move", {"service": "none", "reason": "guide"}, "service"),
        (f"/tickets/{ticket['id']}/priority", {"group": "none"}, "group"),
        ("/tickets", {"service": "ho-tich", "items": 100}, "items"),
        ("/tickets", {"servce": "ho-tich"}, "servce"),
        ("/ratings", {"ask": "x", "score": 77}, "score"),
        ("/leases", {"service": "none"}, "service"),
    ):
        answer = await hall.post(path, body, role="admin")
        assert (answer.status, answer.detail["field"]) == (422, field), path
    misspelt = await hall.post("/tickets", {"servce": "ho-tich"}, role="kiosk")
    assert misspelt.detail["nearest"] == "service"


async def test_staff_move_a_ticket_and_decide_on_priority(hall: TestHall) -> None:
    """The help desk mends what went wrong at the kiosk."""
    ticket = await hall.ticket()
    moved = await hall.post(f"/tickets/{ticket['id']}/move", {"service": "dat-dai", "reason": "nhầm"}, role="guide")
    assert (moved.body["service"], moved.body["number"]) == ("dat-dai", 1001)
    confirmed = await hall.post(
        f"/tickets/{ticket['id']}/priority", {"group": "cao-tuoi", "proof_seen": True, "reason": "CCCD"}, role="guide"
    )
    assert (confirmed.body["priority"], confirmed.body["staff"]["confirmed"]) == ("cao-tuoi", True)
    slip = await hall.post(f"/tickets/{ticket['id']}/slip", {"result": "printed"}, role="kiosk")
    assert slip.status == 200


async def test_an_unserved_visitor_is_promised_tomorrow(hall: TestHall) -> None:
    """Whoever waited in vain comes first next time."""
    ticket = await hall.ticket()
    promised = await hall.post(f"/tickets/{ticket['id']}/tomorrow", role="guide", key="t")
    again = await hall.post(f"/tickets/{ticket['id']}/tomorrow", role="guide", key="t")
    assert promised.status == 200
    assert (promised.body["day"], promised.body["ticket"]["state"]) == ("2026-11-24", "expired")
    assert (again.body["id"], again.body["key"]) == (promised.body["id"], promised.body["key"])


async def test_a_kiosk_issues_from_its_lease_and_hands_over(hall: TestHall) -> None:
    """The link may be down for an hour; nobody who took a slip then may lose the place."""
    lease = await hall.post("/leases", {"service": "ho-tich", "count": 3}, role="kiosk", key="l")
    again = await hall.post("/leases", {"service": "ho-tich", "count": 3}, role="kiosk", key="l")
    assert lease.body == again.body
    assert lease.body["expires_at"].startswith("2026-11-24T00:00:00")
    one, two, three = lease.body["numbers"]
    now = hall.parts.engine.now()
    body = {
        "tickets": [{"id": one["id"], "issued_at": now.isoformat(), "priority": "cao-tuoi", "dossiers": ["HS"]}],
        "unused": [two["id"]],
        "now": (now + timedelta(seconds=30)).isoformat(),
    }
    handed = await hall.post("/tickets/handover", body, role="kiosk")
    assert handed.status == 200
    assert [(ticket["number"], ticket["key"]) for ticket in handed.body["tickets"]] == [(one["number"], one["key"])]
    assert (handed.body["unused"], handed.body["refused"]) == (1, [])
    late = await hall.post(
        "/tickets/handover",
        {"tickets": [{"id": "gone", "issued_at": now.isoformat()}], "now": now.isoformat()},
        role="kiosk",
    )
    assert late.body["refused"] == [{"id": "gone", "code": "lease-unknown"}]
    assert three["number"] not in {ticket["number"] for ticket in handed.body["tickets"]}


async def test_impossible_times_of_a_kiosk_are_refused_and_harm_nobody(hall: TestHall) -> None:
    """A kiosk whose clock is broken must not stop the hall."""
    for wild in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"):
        bodies: tuple[dict[str, object], ...] = (
            {"tickets": [{"id": "x", "issued_at": wild}], "now": clock("8:00").isoformat()},
            {"tickets": [], "now": wild},
        )
        for body in bodies:
            answer = await hall.post("/tickets/handover", body, role="kiosk")
            assert answer.status == 422
    old = {"tickets": [{"id": "x", "issued_at": "1970-01-01T00:00:00Z"}], "now": "1970-01-01T00:00:01Z"}
    assert (await hall.post("/tickets/handover", old, role="kiosk")).status == 200
    assert (await hall.ticket())["number"] == 1001

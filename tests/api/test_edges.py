"""What careless and hostile clients send: always an answer with a code, never a stack trace, never a stopped hall."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.api.routes import SERVED
from queue_server.journal.port import JournalUnavailable
from tests.api.halls import TestHall, a_hall


async def test_every_error_has_the_same_shape(hall: TestHall) -> None:
    """A client reads one shape, and a person reads a sentence in both languages."""
    for answer in (
        await hall.call("GET", "/nothing"),
        await hall.call("DELETE", "/healthz"),
        await hall.call("POST", "/api/v1/tickets", raw=b"{", role="kiosk"),
        await hall.get("/board"),
        await hall.post("/counters/1/next", role="clerk"),
    ):
        assert set(answer.body) == {"error"}
        assert set(answer.body["error"]) == {"code", "message", "detail"}
        assert set(answer.body["error"]["message"]) == {"vi", "en"}
        assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"service":"ho-tich"} x', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"7", 422),
        (b"", 422),
        (b'{"service":7}', 422),
        (b'{"service":"ho-tich","items":1e400}', 422),
        (b'{"service":"ho-tich","items":true}', 422),
        ('{"service":"ho\u200b-tich"}'.encode(), 422),
        ('{"service":"ho-tich","language":"v\u202ei"}'.encode(), 422),
        (b'{"service":"ho-tich\\u0000"}', 422),
        (b'{"service":"ho-tich","items":' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
        (b"[" * 60_000, 400),
    ],
)
async def test_bodies_that_cannot_be_are_refused_by_name(hall: TestHall, raw: bytes, status: int) -> None:
    """400 for what is no JSON, 422 with the field for what is no ticket."""
    answer = await hall.call("POST", "/api/v1/tickets", raw=raw, role="kiosk")
    assert answer.status == status, answer.raw
    if status == 422:
        assert "field" in answer.detail


async def test_composed_and_decomposed_letters_are_one(hall: TestHall) -> None:
    """A Mac sends ố as three signs; the reason must read the same for ever."""
    await hall.ticket()
    await hall.serving(1)
    await hall.post("/counters/1/next", role="clerk")
    assert (await hall.post("/counters/1/away", {"reason": "thie\u0302\u0301u"}, role="clerk")).status == 200
    assert [row.value for row in await hall.parts.journal.side_since(0)] == ["thiếu"]


async def test_a_large_body_is_refused_before_it_is_read(hall: TestHall) -> None:
    """Ten megabytes to a server that reads them would be memory for whoever asks."""
    announced = await _raw_request(hall, b"Content-Length: 10000000\r\n\r\n")
    assert b" 413 " in announced.split(b"\r\n")[0]
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    streamed = await _raw_request(hall, b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 8)
    assert b" 413 " in streamed.split(b"\r\n")[0]


async def _raw_request(hall: TestHall, rest: bytes) -> bytes:
    host, port = hall.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    token = hall.tokens["kiosk"].encode()
    writer.write(b"POST /api/v1/tickets HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + b"\r\n" + rest)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_full_disk_is_said_and_then_gone(hall: TestHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost and nothing is promised; when there is room again, work goes on."""

    async def fails(*_: object, **__: object) -> None:
        raise JournalUnavailable("no space left")

    append = hall.parts.journal.append
    monkeypatch.setattr(hall.parts.journal, "append", fails)
    refused = await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k")
    assert (refused.status, refused.code) == (503, "journal-unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    monkeypatch.setattr(hall.parts.journal, "append", append)
    assert (await hall.post("/tickets", {"service": "ho-tich"}, role="kiosk", key="k")).body["number"] == 1001


async def test_a_fault_of_ours_tells_nothing_of_itself(hall: TestHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace in an answer is a map for a thief, and a name in a log is one too many."""

    def breaks() -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(hall.parts.engine, "now", breaks)
    answer = await hall.get("/board", role="clerk")
    monkeypatch.undo()
    assert (answer.status, answer.code) == (500, "internal")
    assert b"ZeroDivision" not in answer.raw
    assert b"secret" not in answer.raw


async def test_whoever_asks_too_often_waits(tmp_path: Path) -> None:
    """One telephone in a loop must not slow the hall down."""
    limits = "public_rate_per_s = 1\npublic_rate_burst = 5\nrate_per_s = 1\nrate_burst = 8"
    async with a_hall(tmp_path / "hall", server=limits) as hall:
        public = [await hall.call("GET", "/healthz") for _ in range(7)]
        assert [answer.status for answer in public] == [200] * 5 + [429] * 2
        assert int(public[-1].headers["Retry-After"]) >= 1
        assert public[-1].code == "too-many-requests"
        signed_in = [await hall.get("/board", role="clerk") for _ in range(10)]
        assert [answer.status for answer in signed_in] == [200] * 8 + [429] * 2
        assert (await hall.get("/board", role="manager")).status == 200


_leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_json = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_plausible = st.sampled_from(
    [
        "ho-tich",
        "dat-dai",
        "cao-tuoi",
        "came-back",
        1001,
        1,
        2,
        3,
        "2026-11-23T08:00:00+07:00",
        "2026-11-24",
        True,
        "",
        "vi",
    ]
)


def _bodies(fields: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Objects with the right names and any values, and anything else."""
    return st.dictionaries(st.sampled_from(fields), _plausible | _json, max_size=6) | _json if fields else _json


WITH_BODY = [route for route in SERVED if route.body is not None and "/session" not in route.template]


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.template}")
async def test_no_body_breaks_anything(hall: TestHall, route: Any) -> None:
    """Whatever comes, the answer has a code, and the hall gives the next number."""
    bodies: list[bytes] = []

    @given(_bodies(route.body.__struct_fields__) | st.binary(max_size=50))
    @settings(max_examples=25, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def gather(body: Any) -> None:
        bodies.append(body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass"))

    gather()
    ticket = await hall.ticket()
    await hall.serving(1)
    path = route.template.replace("{n}", "1").replace("{login}", "nobody").replace("{code}", "NONE")
    path = path.replace("{id}", "ho-tich" if "/services/" in path else ticket["id"])
    for raw in bodies:
        answer = await hall.call(route.method, path, raw=raw, role="admin")
        assert answer.status < 500, (raw, answer.raw)
    assert (await hall.get("/board", role="clerk")).status == 200

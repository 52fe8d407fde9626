"""A real hall behind a real socket, for tests that speak HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from multidict import CIMultiDict

from queue_server.api.app import Parts, build_app
from queue_server.api.listening import Patience, listening
from queue_server.main import open_hall
from queue_server.people import people as people_module
from queue_server.people.passwords import Hasher
from queue_server.people.roles import ROLES, Role
from queue_server.people.store import open_store
from tests.config.halls import KEY
from tests.factories import clock

BRIEF = Patience(lingering_s=0.2)
Json = Any  # Answers are read loosely here; their types are tested with the wire.

HALL = """
[hall]
id = "xa-thu"
name = { vi = "Xã Thử", en = "Test commune" }

[server]
public_url = "https://hall.example"
SERVER

[calendar]
always_open = true

[tickets]
first_tomorrow = true
min_service_s = 0
next_guard_ms = 0

[[service]]
id = "ho-tich"
name = { vi = "Hộ tịch", en = "Civil status" }
numbers = "1001-1999"
lease_reserve = 100

[[service]]
id = "dat-dai"
name = { vi = "Đất đai", en = "Land" }
numbers = "2001-2003"

[[counter]]
number = 1
services = ["ho-tich", "dat-dai"]
zone = "a"

[[counter]]
number = 2
label = "2A"
services = ["ho-tich"]

[[counter]]
number = 3
services = ["dat-dai"]

[[priority]]
group = "cao-tuoi"
label = "Người cao tuổi"
rank = 2
"""


class Answer:
    """One answer, read."""

    def __init__(self, status: int, headers: CIMultiDict[str], raw: bytes, body: Json) -> None:
        self.status = status
        self.headers = headers
        self.raw = raw
        self.body = body

    @property
    def code(self) -> str:
        """The code of an error."""
        code: str = self.body["error"]["code"]
        return code

    @property
    def detail(self) -> Json:
        """The detail of an error."""
        return self.body["error"]["detail"]


class TestHall:
    """A hall that listens, and a token for each role."""

    __test__ = False

    def __init__(self, parts: Parts, url: str, http: aiohttp.ClientSession, tokens: dict[str, str]) -> None:
        self.parts = parts
        self.url = url
        self.http = http
        self.tokens = tokens

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        role: str | None = None,
        key: str | None = None,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask with the token of a role, or without one."""
        sent = dict(headers or {})
        if role is not None:
            sent["Authorization"] = f"Bearer {self.tokens[role]}"
        if key is not None:
            sent["Idempotency-Key"] = key
        content: dict[str, Any] = {"data": raw} if raw is not None else {} if body is None else {"json": body}
        async with self.http.request(method, self.url + path, headers=sent, allow_redirects=False, **content) as got:
            raw_answer = await got.read()
            is_json = got.content_type == "application/json" and raw_answer
            return Answer(got.status, CIMultiDict(got.headers), raw_answer, await got.json() if is_json else None)

    async def post(self, path: str, body: object = None, *, role: str | None = None, key: str | None = None) -> Answer:
        """`POST` under `/api/v1`."""
        return await self.call("POST", f"/api/v1{path}", body, role=role, key=key)

    async def get(self, path: str, *, role: str | None = None) -> Answer:
        """`GET` under `/api/v1`."""
        return await self.call("GET", f"/api/v1{path}", role=role)

    async def ticket(self, service: str = "ho-tich", **more: object) -> Json:
        """Take a ticket at the kiosk."""
        answer = await self.post("/tickets", {"service": service, **more}, role="kiosk")
        assert answer.status == 201, answer.raw
        return answer.body

    async def serving(self, counter: int = 1) -> None:
        """Open a counter with the clerk's token."""
        assert (await self.post(f"/counters/{counter}/open", role="clerk")).status == 200


def make_folder(folder: Path, server: str = "") -> None:
    """The files of a hall."""
    (folder / "keys").mkdir(parents=True)
    (folder / "hall.toml").write_text(HALL.replace("SERVER", server))
    (folder / "keys" / "hall.key").write_bytes(KEY)
    (folder / "keys" / "hall.key").chmod(0o600)


@asynccontextmanager
async def a_hall(
    folder: Path,
    *,
    server: str = "",
    wall: datetime | None = None,
    tokens: dict[str, str] | None = None,
    patience: Patience = BRIEF,
) -> AsyncIterator[TestHall]:
    """A hall in `folder` on a free port of this machine; opened again, it goes on with its journal and `tokens`."""
    if not (folder / "hall.toml").exists():
        make_folder(folder, server)
    async with open_store(folder / "people.db", create=True):
        pass
    async with (
        open_hall(folder, wall or clock("8:00")) as parts,
        listening(build_app(parts), parts.texts, "127.0.0.1", 0, drain_s=1, patience=patience) as url,
    ):
        known = tokens or await _tokens(parts)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            yield TestHall(parts, url, http, known)


async def _tokens(parts: Parts) -> dict[str, str]:
    register = parts.people.register
    tokens: dict[str, str] = {role: str(await register.issue_token(role, f"the {role}")) for role in ROLES}
    tokens["clerk of 2"] = str(await register.issue_token("clerk", "clerk of 2", 2))
    tokens["box of 1"] = str(await register.issue_token("device", "box of 1", 1))
    return tokens


def cheap_hasher() -> Hasher:
    """The real argon2id with figures so small that a test does not wait for it."""
    return Hasher(memory_kib=8, passes=1)


__all__ = ["HALL", "Answer", "Json", "Role", "TestHall", "a_hall", "cheap_hasher", "make_folder", "people_module"]

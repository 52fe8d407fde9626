"""The doors of a running hall that trials use, and the faults that strike it. Each door writes into the history.

A new door makes `Asked` values and sends them; a new fault has a name and strikes. Nothing else knows them.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import aiohttp
import msgspec
from msgspec import Struct

from tests.hall.history import Answer, Asked, Claim, History, Seen, Wanted
from tests.hall.running import Server

API = "/api/v1"


class Door(Protocol):
    """A way into the hall."""

    async def send(self, asked: Asked) -> Answer | None:
        """Send a request, once more if it was sent before; None when the answer was lost."""
        ...


class Fault(Protocol):
    """Something bad that happens to a hall under load."""

    name: str

    async def strike(self, server: Server) -> None:
        """Let it happen, and the hall be reachable again."""
        ...


class PowerCut:
    """The process is gone from one instant to the next, and is started again."""

    name = "power cut"

    async def strike(self, server: Server) -> None:
        """Kill and start."""
        await server.kill()
        await server.start()


class TicketSeen(Struct, frozen=True, kw_only=True):
    """What a trial reads of a ticket."""

    id: str
    number: int
    service: str
    state: str
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    counter: int | None
    head: str
    key: str | None = None


class NextSeen(Struct, frozen=True):
    """The answer of `/next`."""

    ticket: TicketSeen | None


class CounterSeen(Struct, frozen=True):
    """A counter on the board."""

    number: int
    ticket: int | None


class BoardSeen(Struct, frozen=True):
    """The whole hall."""

    sequence: int
    counters: tuple[CounterSeen, ...]


class ErrorSeen(Struct, frozen=True):
    """The inside of an error."""

    code: str


class ErrorAnswer(Struct, frozen=True):
    """A no."""

    error: ErrorSeen


class HttpDoor:
    """Requests of one token over HTTP.

    Lifetime: of a trial, over all restarts of the server. Concurrency: the loop's thread; many requests at once.
    """

    def __init__(self, session: aiohttp.ClientSession, server: Server, history: History, name: str) -> None:
        """`name` stands for the token, which is the scope of its keys."""
        self._session = session
        self._server = server
        self._history = history
        self._name = name

    def take(self, service: str, key: str) -> Asked:
        """A citizen wants a number."""
        body = json.dumps({"service": service})
        return self._asked("/tickets", key, Wanted(kind="ticket-issued", service=service), body)

    def next(self, counter: int, key: str) -> Asked:
        """A clerk wants the next citizen."""
        return self._asked(f"/counters/{counter}/next", key, Wanted(kind="ticket-called", counter=counter))

    def call(self, counter: int, number: int, key: str) -> Asked:
        """A clerk wants this number, out of order."""
        body = json.dumps({"number": number, "reason": "urgent"})
        return self._asked(f"/counters/{counter}/call", key, Wanted(kind="ticket-called", counter=counter), body)

    def start(self, counter: int, key: str) -> Asked:
        """The citizen sits down; said twice it happens once."""
        wanted = Wanted(kind="service-started", counter=counter)
        return self._asked(f"/counters/{counter}/start", key, wanted, may_share=True)

    def finish(self, counter: int, key: str) -> Asked:
        """A clerk is done."""
        return self._asked(f"/counters/{counter}/finish", key, Wanted(kind="ticket-finished", counter=counter))

    def board(self) -> Asked:
        """Somebody looks."""
        return Asked(door=self._name, method="GET", path=f"{API}/board")

    def _asked(self, path: str, key: str, wanted: Wanted, body: str = "", *, may_share: bool = False) -> Asked:
        return Asked(door=self._name, path=f"{API}{path}", body=body, key=key, wanted=wanted, may_share=may_share)

    async def send(self, asked: Asked) -> Answer | None:
        """Send a request, once more if it was sent before; None when the answer was lost."""
        headers = {"Content-Type": "application/json"} if asked.body else {}
        if asked.key:
            headers["Idempotency-Key"] = asked.key
        with self._history.asking(asked) as asking:
            try:
                url = f"{self._server.url}{asked.path}"
                async with self._session.request(
                    asked.method, url, data=asked.body.encode() or None, headers=headers
                ) as response:
                    asking.answer = read_answer(asked, response.status, await response.read())
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                pass  # Nobody knows what became of it.
        return asking.answer


def read_answer(asked: Asked, status: int, body: bytes) -> Answer:
    """What the bytes of an answer vouch for."""
    if not 200 <= status < 300:
        return Answer(status=status, identity=(status, msgspec.json.decode(body, type=ErrorAnswer).error.code))
    kind = asked.wanted.kind
    if not kind:
        board = msgspec.json.decode(body, type=BoardSeen)
        return Answer(status=status, seen=Seen(sequence=board.sequence, number_at=_numbers(board)))
    if asked.path.endswith("/next"):
        ticket = msgspec.json.decode(body, type=NextSeen).ticket
        if ticket is None:
            return Answer(status=status, nobody_waits_at=asked.wanted.counter, identity=(status, None))
    else:
        ticket = msgspec.json.decode(body, type=TicketSeen)
    counter = None if kind == "ticket-issued" else asked.wanted.counter
    claim = Claim(kind=kind, ticket=ticket.id, number=ticket.number, counter=counter, at=_INSTANT[kind](ticket))
    identity = (status, ticket.id, ticket.number, ticket.key)
    return Answer(status=status, claims=(claim,), identity=identity, head=ticket.head)


_INSTANT: dict[str, Callable[[TicketSeen], datetime | None]] = {
    "ticket-issued": lambda ticket: ticket.issued_at,
    "ticket-called": lambda ticket: ticket.called_at,
    "service-started": lambda ticket: ticket.started_at,
    "ticket-finished": lambda ticket: ticket.finished_at,
}


def _numbers(board: BoardSeen) -> dict[int, int | None]:
    return {counter.number: counter.ticket for counter in board.counters}


class AnnounceSeen(Struct, frozen=True):
    """One message of the feed, of any kind."""

    kind: str
    sequence: int = 0
    number: int = 0
    counter: int = 0


async def announcements(
    session: aiohttp.ClientSession, server: Server, history: History, screen: str, *, after: int | None, until: int
) -> list[AnnounceSeen]:
    """What a lobby screen is told before it sees the hall as of event `until`."""
    heard: list[AnnounceSeen] = []
    query = {"view": "lobby"} if after is None else {"view": "lobby", "after": str(after)}
    async with session.ws_connect(f"{server.url}{API}/feed", params=query) as feed:
        async for message in feed:
            assert message.type is aiohttp.WSMsgType.TEXT, f"the feed said {message}"
            said = msgspec.json.decode(message.data, type=AnnounceSeen)
            if said.kind == "announce":
                history.hear(screen, said.sequence, said.number, said.counter)
                heard.append(said)
            elif said.kind == "view" and said.sequence >= until:
                break
    return heard

"""One request on its way through: reading the body, and turning a command's outcome into an answer that repeats."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

import aiohttp
import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from msgspec import Struct

from queue_server.api.alerts import Alerts
from queue_server.api.errors import HEADERS, NOT_YET, Problem, error_bytes, invalid, invalid_body, status_of
from queue_server.api.feed import Feed
from queue_server.api.gate import Asker, Gate
from queue_server.api.parts import Parts
from queue_server.api.ready import ReadyAnswer
from queue_server.api.seats import Seats
from queue_server.bookings.store import Bookings
from queue_server.core.commands import AnyCommand
from queue_server.core.refusal import Refusal
from queue_server.engine import KeyRef, Outcome, Request
from queue_server.journal.port import Kept, Word
from queue_server.wire.codec import BodyReader, Invalid, Malformed, encode

HEAD_LENGTH = 12
BODY_SECONDS = 15  # A body that takes longer is given up: 408.
NO_FIELDS: Mapping[str, str] = MappingProxyType({})
NO_WORDS: Mapping[str, tuple[Word, ...]] = MappingProxyType({})
NOWHERE: frozenset[str] = frozenset()
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")

B = TypeVar("B", bound=Struct)
A = TypeVar("A", bound=Struct)


class Doors(Struct, frozen=True, kw_only=True):
    """What the application itself keeps between requests."""

    gate: Gate
    seats: Seats
    feed: Feed
    alerts: Alerts
    bookings: Bookings
    report_turn: asyncio.Lock
    """Held by the one report that reads the journal; the others wait."""


class Exchange(Struct, frozen=True):
    """One request, who asks, and what answers."""

    request: web.Request
    parts: Parts
    asker: Asker
    doors: Doors


class Shape(Generic[A]):
    """One kind of answer to commands.

    What is kept for repeats holds neither keys nor the journal's head; `finish` adds them to each answer. Nor does it
    hold what persons said: `hide` takes that out, and `finish` puts in what the side table still has.
    """

    def __init__(
        self,
        kind: type[A],
        finish: Callable[[Parts, str, A], A] | None = None,
        status: int = 200,
        hide: Callable[[A], A] | None = None,
    ) -> None:
        self.kind = kind
        self.decode = msgspec.json.Decoder(kind).decode
        self.status = status
        self._finish = finish
        self._hide = hide

    def to_keep(self, value: A) -> bytes:
        """What is stored of the answer for repeats."""
        return encode(value if self._hide is None else self._hide(value))

    def answer(self, parts: Parts, head: str, value: A) -> web.Response:
        """The answer with everything that is never kept; `head` is the journal's."""
        finished = value if self._finish is None else self._finish(parts, head[:HEAD_LENGTH], value)
        return ReadyAnswer(self.status, encode(finished))


class Task(Struct, Generic[A], frozen=True, kw_only=True):
    """A command with everything that its answer needs."""

    command: AnyCommand
    shape: Shape[A]
    build: Callable[[Outcome], A]
    complete: Callable[[Outcome], A] | None = None
    """Makes at once what `build` and the shape's `finish` make in two steps, for answers that nobody keeps."""
    body: Struct | None = None
    words: Mapping[str, tuple[Word, ...]] = NO_WORDS
    person: str | None = None
    in_path: frozenset[str] = NOWHERE
    """Codes that say 404: what they name stands in the path."""
    fields: Mapping[str, str] = NO_FIELDS
    """Codes that say 422, with the field of the body that they are about."""


# Bodies


class Body(Generic[B]):
    """One kind of body, and the names of its fields for whoever misspells one."""

    def __init__(self, kind: type[B]) -> None:
        self.kind = kind
        self._reader = BodyReader(kind)
        self._names = _field_names(kind)

    async def read(self, exchange: Exchange) -> B:
        """The body, or Problem: 400, 413 or 422."""
        content = exchange.request.content
        raw = content.read_nowait() if content.is_eof() else await read_bytes(exchange)
        if len(raw) > exchange.parts.live.config.server.body_bytes_max:
            raise Problem(413, "too-large", {"limit": exchange.parts.live.config.server.body_bytes_max})
        try:
            return self._reader.read(raw)
        except Malformed:
            raise Problem(400, "malformed") from None
        except Invalid as found:
            raise invalid_body(found, self._names) from None


async def read_bytes(exchange: Exchange) -> bytes:
    """The body's bytes, or Problem: 413 beyond the limit, of which no more is read, 408 when it does not come."""
    request, limit = exchange.request, exchange.parts.live.config.server.body_bytes_max
    if (request.content_length or 0) > limit:
        raise Problem(413, "too-large", {"limit": limit})
    try:
        if request.content.is_eof():  # It came with its headers, as nearly always.
            raw = request.content.read_nowait()
            if len(raw) > limit:
                raise Problem(413, "too-large", {"limit": limit})
            return raw
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise Problem(408, "request-timeout") from None
    except (ConnectionError, aiohttp.ClientPayloadError, web.RequestPayloadError, HttpProcessingError):
        raise Problem(400, "malformed") from None


def _field_names(kind: type[Struct]) -> tuple[str, ...]:
    """The names of a body's fields and of those of the structs within it."""
    schemas = msgspec.json.schema_components([kind])[1]
    return tuple(sorted({name for schema in schemas.values() for name in schema.get("properties", {})}))


def whole_number(exchange: Exchange, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query within its bounds, or 422."""
    text = exchange.request.query.get(name)
    if text is None:
        return default
    if not _WHOLE_NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise invalid(name, f"Expected a whole number from {low} to {high}")
    return int(text)


# Answers


def json_answer(value: object, status: int = 200) -> web.Response:
    """Ready bytes as an answer."""
    return web.Response(status=status, body=encode(value), headers=HEADERS)


def key_of(exchange: Exchange, body: Struct | None, scope: str = "") -> KeyRef | None:
    """The digests of the request's Idempotency-Key and body; None without a key."""
    given = exchange.request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not _KEY.fullmatch(given):
        raise invalid("Idempotency-Key", "Expected 1 to 64 of A-Z, a-z, 0-9, _ and -")
    request = exchange.request
    scoped = "\n".join((scope or exchange.asker.actor, request.method, request.path, given))
    content = b"" if body is None else encode(body)
    return KeyRef(key=hashlib.sha256(scoped.encode()).hexdigest(), request=hashlib.sha256(content).hexdigest())


async def act(exchange: Exchange, task: Task[A], key: KeyRef | None = None) -> web.Response:
    """Submit the command and answer; a repeated Idempotency-Key gets what the first request got."""
    parts = exchange.parts
    key = key or key_of(exchange, task.body)
    if key is None:
        outcome = await parts.engine.submit(Request(command=task.command, words=task.words, person=task.person))
        if outcome.refusal is not None:
            raise refused(outcome.refusal, task.in_path, task.fields)
        if task.complete is not None:
            return ReadyAnswer(task.shape.status, encode(task.complete(outcome)))
        return task.shape.answer(parts, outcome.head, task.build(outcome))
    built: list[A] = []

    def render(outcome: Outcome) -> tuple[int, bytes] | None:
        if outcome.refusal is not None:
            status = status_of(outcome.refusal, task.in_path, task.fields)
            refusal = outcome.refusal
            return (409, error_bytes(parts.texts, refusal.code, refusal.detail)) if status == 409 else None
        built.append(task.build(outcome))
        return task.shape.status, task.shape.to_keep(built[0])

    outcome = await parts.engine.submit(
        Request(
            command=task.command,
            words=task.words,
            key=key,
            render=render,
            person=task.person,
        )
    )
    if outcome.replay is not None:
        return repeat(parts, task.shape, outcome.replay)
    if outcome.refusal is not None:
        raise refused(outcome.refusal, task.in_path, task.fields)
    return task.shape.answer(parts, outcome.head, built[0] if built else task.build(outcome))


def repeat(parts: Parts, shape: Shape[A], kept: Kept) -> web.Response:
    """The kept answer again, with keys and head added anew."""
    if kept.status >= 400:
        return ReadyAnswer(kept.status, kept.answer)
    return shape.answer(parts, parts.engine.head, shape.decode(kept.answer))


def known_repeat(exchange: Exchange, shape: Shape[A], key: KeyRef | None) -> web.Response | None:
    """What this key was answered before, for calls that must look at something else first."""
    kept = None if key is None else exchange.parts.engine.kept(key)
    return None if kept is None else repeat(exchange.parts, shape, kept)


def refused(refusal: Refusal, in_path: frozenset[str] = NOWHERE, fields: Mapping[str, str] = NO_FIELDS) -> Problem:
    """The refusal as the end of a request."""
    status = status_of(refusal, in_path, fields)
    detail = dict(refusal.detail)
    if status == 422:
        detail = {"field": fields[refusal.code], **detail}
    if refusal.code in NOT_YET:
        return Problem(503, refusal.code, detail, {"Retry-After": "5"})
    return Problem(status, refusal.code, detail)

"""No as an answer: `{"error":{"code","message":{"vi","en"},"detail"}}`, and what makes it.

Whatever goes wrong in one request becomes an answer with a code, and the hall goes on.
"""

import asyncio
import difflib
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog
from aiohttp import web
from multidict import CIMultiDict

from queue_server.bookings.store import BookingsUnavailable
from queue_server.core.refusal import Refusal
from queue_server.engine import Busy, KeyMismatch
from queue_server.journal.port import JournalUnavailable
from queue_server.people import errors as people_errors
from queue_server.presenting.texts import Texts
from queue_server.wire.answers import Error, ErrorAnswer
from queue_server.wire.codec import Invalid, encode

Detail = Mapping[str, str | int]

RETRY_SECONDS = "1"
RESTART_SECONDS = 1.0
NOT_YET = frozenset({"starting", "clock-unconfirmed"})
"""Refusals that say nothing about the hall's rules: the same request may succeed in a moment."""
HEADERS = {
    "Content-Type": "application/json",
    "Server": "denluot",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger()


class Problem(Exception):
    """This request ends here, with this answer."""

    def __init__(
        self, status: int, code: str, detail: Detail | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail: Detail = detail or {}
        self.headers: Mapping[str, str] = headers or {}


def invalid(field: str, problem: str, **detail: str | int) -> Problem:
    """422 for a value that cannot be, by the name of its field."""
    return Problem(422, "invalid", {"field": field, "problem": problem, **detail})


def too_many(retry_s: int) -> Problem:
    """429: come back after so many seconds."""
    seconds = max(retry_s, 1)
    return Problem(429, "too-many-requests", {"retry_after_s": seconds}, {"Retry-After": str(seconds)})


def invalid_body(found: Invalid, known: Iterable[str]) -> Problem:
    """422 for a body, naming the field and, where it is misspelt, the nearest that there is."""
    detail: dict[str, str | int] = {"field": found.field, "problem": found.problem}
    if "unknown field" in found.problem:
        misspelt = found.field.rpartition(".")[2]
        near = difflib.get_close_matches(misspelt, list(known), 1, cutoff=0.5)
        detail |= {"nearest": near[0]} if near else {}
    return Problem(422, "invalid", detail)


def status_of(refusal: Refusal, in_path: frozenset[str], fields: Mapping[str, str]) -> int:
    """The status of a refusal: 404 for what the path names in vain, 422 for what the body names in vain, else 409."""
    if refusal.code in NOT_YET:
        return 503
    if refusal.code in in_path:
        return 404
    return 422 if refusal.code in fields else 409


def error_bytes(texts: Texts, code: str, detail: Detail) -> bytes:
    """The body of an answer from 400 on."""
    return encode(ErrorAnswer(Error(code=code, message=texts.error(code), detail=dict(detail))))


class Refusals:
    """Turns whatever ends a request early into its answer, so that the hall goes on."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def answer(self, request: web.Request, fault: Exception) -> web.Response:
        """The answer to a request that ended with this; what nobody foresaw is logged and answered 500."""
        if isinstance(fault, Problem):
            return self.say(fault)
        known = _of_aiohttp(fault) if isinstance(fault, web.HTTPException) else _of_ours(fault)
        if known is None:
            log.error("request failed", route=_route(request), **_trace(fault))
        return self.say(known or Problem(500, "internal"))

    def say(self, problem: Problem) -> web.Response:
        """The problem in words."""
        headers = CIMultiDict({**HEADERS, **problem.headers})
        if problem.status == 503:
            headers.setdefault("Retry-After", RETRY_SECONDS)
        body = error_bytes(self._texts, problem.code, problem.detail)
        response = web.Response(status=problem.status, body=body, headers=headers)
        if problem.status in {408, 413}:
            response.force_close()  # The rest of what is too slow or too large is not read.
        return response


def _route(request: web.Request) -> str:
    """The template and not the path, which may hold a ticket's id."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource is not None else '-'}"


def _of_aiohttp(raised: web.HTTPException) -> Problem:
    match raised:
        case web.HTTPRequestEntityTooLarge():
            return Problem(413, "too-large")
        case _ if 400 <= raised.status < 500:
            return Problem(400, "malformed")
        case _:
            return Problem(raised.status, "internal")


def _of_ours(fault: Exception) -> Problem | None:
    match fault:
        case Busy():
            return Problem(503, "busy")
        case JournalUnavailable():
            return Problem(503, "journal-unavailable")
        case KeyMismatch():
            return Problem(422, "key-reused", {"field": "Idempotency-Key"})
        case BookingsUnavailable():
            return Problem(503, "bookings-unavailable")
        case people_errors.PeopleUnavailable():
            return Problem(503, "people-unavailable")
        case people_errors.Invalid():
            return Problem(422, fault.code, {"problem": str(fault), **fault.detail})
        case people_errors.Unknown():
            return Problem(404, fault.code, fault.detail)
        case people_errors.PeopleError():
            return Problem(409, fault.code, fault.detail)
        case _:
            return None


def _trace(fault: Exception) -> dict[str, str]:
    """Where it happened, without any value: those may be names or secrets, and a log is read by many."""
    return {"fault": type(fault).__name__, "trace": "".join(traceback.format_tb(fault.__traceback__))}


async def keep_running(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a part of the API until cancelled; a fault in it is logged, and it starts again after a second."""
    while True:
        try:
            await run()
        except Exception as fault:
            log.error("started again", part=name, **_trace(fault))
        await asyncio.sleep(RESTART_SECONDS)

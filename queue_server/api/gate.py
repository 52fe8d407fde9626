"""Who asks, and whether they may: a dictionary look-up by the digest of the token or of the session's cookie."""

import time
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web
from msgspec import Struct

from queue_server.api.access import Rule
from queue_server.api.errors import Problem, too_many
from queue_server.api.keys import key_fits
from queue_server.api.limits import Buckets
from queue_server.api.parts import Parts
from queue_server.core.ids import Actor
from queue_server.people.directory import Principal
from queue_server.people.roles import Role
from queue_server.people.secret import csrf_matches, digest_of

COOKIE = "denluot_session"
CSRF_HEADER = "X-CSRF-Token"
PUBLIC = Actor("public")
READING = frozenset({"GET", "HEAD"})
KEY_RATE_PER_S, KEY_RATE_BURST = 2, 20
"""How often the holder of one ticket may ask: a page asks every other second at most, in two tabs perhaps."""
FILES_PER_REQUEST = 20  # A page is some thirty files from memory: so many of them weigh as much as one request.
_BEARER = "bearer "
HEADERS_KNOWN = 256  # A hall has fewer screens and devices; each asks many times.


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks."""

    principal: Principal | None
    role: Role | None
    """None for somebody who is not signed in, or who acts by a ticket's key alone."""
    actor: Actor
    address: str


class Gate:
    """Lets requests in.

    Lifetime: of the application. Concurrency: the loop's thread; nothing here waits.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._directory = parts.people.directory
        self.buckets = Buckets(time.monotonic)

    def admit(self, request: web.Request, rule: Rule) -> Asker:
        """Who asks, or Problem: 401, 403 or 429."""
        principal = self.principal(request)
        address = request.remote or ""
        has_key = rule.takes_key and self._has_key(request)
        wait = self._wait(request, rule, principal, has_key=has_key)
        if wait:
            raise too_many(wait)
        if principal is not None and (rule.is_public or principal.role in rule.roles):
            if principal.must_change and not (rule.before_change or rule.is_public):
                raise Problem(403, "password-change-needed")
            _counter_is_own(request, principal, rule)
            return Asker(principal=principal, role=principal.role, actor=principal.actor, address=address)
        if rule.is_public or has_key:
            return Asker(principal=None, role=None, actor=PUBLIC, address=address)
        if principal is None:
            if rule.takes_key and "key" in request.query:
                raise Problem(403, "key-wrong")
            raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
        raise Problem(403, "forbidden", {"role": principal.role})

    def principal(self, request: web.Request) -> Principal | None:
        """Who holds the token or the session that came along, None when neither came; 401 for a worthless token."""
        header = request.headers.get("Authorization")
        if header is not None:
            digest = _bearer_digest(header)
            found = None if digest is None else self._directory.by_token(digest)
            if found is None:
                raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
            return found
        cookie = request.cookies.get(COOKIE) if "Cookie" in request.headers else None
        if not cookie:
            return None
        digest = digest_of(cookie)  # A paired screen has its token as the cookie.
        principal = self._directory.by_session(digest) or self._directory.by_token(digest)
        if principal is not None and request.method not in READING:
            self.same_origin(request)
            if not csrf_matches(cookie, request.headers.get(CSRF_HEADER, "")):
                raise Problem(403, "csrf", {"header": CSRF_HEADER})
        return principal

    def same_origin(self, request: web.Request) -> None:
        """Nothing for a request from our own pages or from no page at all, else 403."""
        origin = request.headers.get("Origin")
        if origin is None:
            return
        ours = {request.host, urlsplit(self._parts.live.config.server.public_url).netloc}
        try:
            theirs = urlsplit(origin).netloc
        except ValueError:
            theirs = ""
        if not theirs or theirs not in ours:
            raise Problem(403, "origin")

    def _wait(self, request: web.Request, rule: Rule, principal: Principal | None, *, has_key: bool) -> int:
        """Seconds until this caller may ask again, 0 for at once.

        Everybody on the hall's own network may share one address. So whoever holds a ticket is counted by the ticket,
        and files by themselves; what is left for the address are strangers, and guesses of keys.
        """
        limits, address = self._parts.live.config.server, request.remote or ""
        if principal is not None:
            return self.buckets.take(principal.session or principal.actor, limits.rate_per_s, limits.rate_burst)
        if has_key:
            return self.buckets.take(f"ticket {request.match_info['id']}", KEY_RATE_PER_S, KEY_RATE_BURST)
        if rule.is_file:
            per_s, burst = limits.public_rate_per_s * FILES_PER_REQUEST, limits.public_rate_burst * FILES_PER_REQUEST
            return self.buckets.take(f"files {address}", per_s, burst)
        return self.buckets.take(address, limits.public_rate_per_s, limits.public_rate_burst)

    def _has_key(self, request: web.Request) -> bool:
        key = request.query.get("key")
        return key is not None and key_fits(self._parts, request.match_info["id"], key)


@lru_cache(maxsize=HEADERS_KNOWN)
def _bearer_digest(header: str) -> bytes | None:
    """The digest of a bearer token, or None for another scheme. Whose it is, is looked up anew each time."""
    return digest_of(header[7:].strip()) if header[:7].lower() == _BEARER else None


def _counter_is_own(request: web.Request, principal: Principal, rule: Rule) -> None:
    """A token that belongs to a counter acts there alone; a person's counter is only the one they prefer."""
    if not rule.at_counter or principal.counter is None or principal.kind != "token":
        return
    if request.match_info["n"] != str(principal.counter):
        raise Problem(403, "counter-not-yours", {"counter": principal.counter})

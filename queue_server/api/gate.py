"""Who asks, and whether they may: a dictionary look-up by the digest of the token or of the session's cookie."""

import time
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
_BEARER = "bearer "


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
        limits = self._parts.live.config.server
        if principal is None:
            address = request.remote or ""
            wait = self.buckets.take(address, limits.public_rate_per_s, limits.public_rate_burst)
        else:
            address = request.remote or ""
            wait = self.buckets.take(principal.session or principal.actor, limits.rate_per_s, limits.rate_burst)
        if wait:
            raise too_many(wait)
        if principal is not None and (rule.is_public or principal.role in rule.roles):
            if principal.must_change and not (rule.before_change or rule.is_public):
                raise Problem(403, "password-change-needed")
            _counter_is_own(request, principal, rule)
            return Asker(principal=principal, role=principal.role, actor=principal.actor, address=address)
        if rule.is_public or (rule.takes_key and self._has_key(request, principal)):
            return Asker(principal=None, role=None, actor=PUBLIC, address=address)
        if principal is None:
            raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
        raise Problem(403, "forbidden", {"role": principal.role})

    def principal(self, request: web.Request) -> Principal | None:
        """Who holds the token or the session that came along, None when neither came; 401 for a worthless token."""
        header = request.headers.get("Authorization")
        if header is not None:
            found = self._directory.by_token(digest_of(header[7:].strip())) if _is_bearer(header) else None
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

    def _has_key(self, request: web.Request, principal: Principal | None) -> bool:
        key = request.query.get("key")
        if key is None:
            return False
        if key_fits(self._parts, request.match_info["id"], key):
            return True
        if principal is None:
            raise Problem(403, "key-wrong")
        return False


def _is_bearer(header: str) -> bool:
    return header[:7].lower() == _BEARER


def _counter_is_own(request: web.Request, principal: Principal, rule: Rule) -> None:
    """A token that belongs to a counter acts there alone; a person's counter is only the one they prefer."""
    if not rule.at_counter or principal.counter is None or principal.kind != "token":
        return
    if request.match_info["n"] != str(principal.counter):
        raise Problem(403, "counter-not-yours", {"counter": principal.counter})

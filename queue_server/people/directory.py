"""Who stands behind a token or a session, in memory, so that no request waits for the disk to know its caller."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec
import structlog
from msgspec import Struct

from queue_server.core.ids import Actor, CounterNumber
from queue_server.people.errors import PeopleUnavailable
from queue_server.people.roles import Role
from queue_server.people.store import Store, milliseconds

POLL_SECONDS = 0.25
IDLE_MS_MAX = 12 * 3_600_000  # A clerk signs in once a day, over lunch and all; a night ends the session.
OPEN_MS_MAX = 16 * 3_600_000  # However busy, nobody works from one morning into the next.
SAVE_SEEN_MS = 5 * 60_000  # A restart may take so much of a session's idle time for unused; never more.

Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


class Principal(Struct, frozen=True, kw_only=True):
    """Who asks, and what they may do."""

    actor: Actor
    role: Role
    counter: CounterNumber | None = None
    """For a token the counter it works at; for a person the one they prefer."""
    kind: Literal["token", "session"]
    name: str
    session: str = ""
    """The id of the session, to end it by; not its secret."""
    must_change: bool = False
    """With a one-time password a person may do nothing but change it and sign out."""

    def __repr__(self) -> str:
        return f"Principal(actor={self.actor!r}, role={self.role!r}, kind={self.kind!r})"  # Names stay out of logs.


class _TokenRow(Struct, frozen=True, array_like=True):
    id: Actor
    name: str
    role: Role
    counter: CounterNumber | None
    digest: bytes | None


class _SessionRow(Struct, frozen=True, array_like=True):
    id: str
    digest: bytes
    opened_ms: int
    seen_ms: int
    person: Actor
    name: str
    role: Role
    counter: CounterNumber | None
    must_change: int


class _NameRow(Struct, frozen=True, array_like=True):
    id: Actor
    name: str


class _Stamp(Struct, frozen=True, array_like=True):
    """Differs whenever the file was changed: by another connection, or by rows through our own."""

    others: int
    own: int


class _Session(Struct, frozen=True):
    principal: Principal
    closes_ms: int


class Directory:
    """Everybody who may ask something.

    Lifetime: as long as its store; `reload` fills it. Concurrency: the loop's thread; reading never waits.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._tokens: dict[bytes, Principal] = {}
        self._sessions: dict[bytes, _Session] = {}
        self._seen_ms: dict[bytes, int] = {}
        self._names: dict[Actor, str] = {}
        self._standing: frozenset[Principal] = frozenset()
        self._stamp = _Stamp(-1, -1)
        self._saved_ms = milliseconds(clock())
        self._reloading = asyncio.Lock()  # Protects the order of reloads: an older reading never replaces a newer one.
        self._turn = asyncio.Event()
        self.generation = 0
        """Counts the changes; goes up when somebody comes, goes or may do something else."""
        self.fault = ""
        """Why the last look at the file failed, for the health page; until it works, those last known stand."""

    def by_token(self, digest: bytes) -> Principal | None:
        """Who holds this token."""
        return self._tokens.get(digest)

    def by_session(self, digest: bytes) -> Principal | None:
        """Who is signed in with this session, if it is neither over nor idle for too long. Asking counts as use."""
        session = self._sessions.get(digest)
        now_ms = milliseconds(self._clock())
        if session is None or self._is_over(digest, session, now_ms):
            return None
        self._seen_ms[digest] = now_ms
        return session.principal

    def stands(self, principal: Principal) -> bool:
        """Whether the principal may still do exactly what it could when it was given out. Does not count as use."""
        return principal in self._standing

    def name_of(self, actor: Actor) -> str | None:
        """The name of a token or a person, also of one that is revoked or has left."""
        return self._names.get(actor)

    async def changed(self, after: int) -> int:
        """Wait until `generation` is beyond `after`, and give it. Then ask `stands` for each open connection."""
        while self.generation <= after:
            await self._turn.wait()
        return self.generation

    async def reload(self) -> None:
        """Read everybody anew, or raise PeopleUnavailable and leave those last known."""
        async with self._reloading:
            # The stamp comes first: what changes while the tables are read is read again at the next look.
            stamp = await self._read_stamp()
            tokens = await self._store.ask(_TokenRow, _TOKENS)
            sessions = await self._store.ask(_SessionRow, _SESSIONS)
            names = await self._store.ask(_NameRow, "SELECT id, name FROM person")
            self._put(tokens, sessions, names)
            self._stamp = stamp

    async def notice(self) -> None:
        """Look once for changes by other processes and for sessions that are over."""
        if await self._read_stamp() != self._stamp:
            await self.reload()
        now_ms = milliseconds(self._clock())
        over = [digest for digest, session in self._sessions.items() if self._is_over(digest, session, now_ms)]
        for digest in over:
            del self._sessions[digest]
        if over:
            self._tell()
        if now_ms - self._saved_ms >= SAVE_SEEN_MS:
            await self.save_seen()

    async def watch(self) -> None:
        """Look four times a second, for ever. A database that fails is looked at again; the hall goes on."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.notice()
            except PeopleUnavailable as fault:
                if not self.fault:
                    log.warning("people unavailable", reason=str(fault))
                self.fault = str(fault)
            else:
                self.fault = ""

    async def save_seen(self) -> None:
        """Store when each session was last used, and delete those that are over; due every five minutes and at stop."""
        now_ms = milliseconds(self._clock())
        seen = {
            session.principal.session: self._seen_ms[digest]
            for digest, session in self._sessions.items()
            if digest in self._seen_ms
        }
        text = msgspec.json.encode(seen).decode()
        await self._store.ask(_NameRow, _SAVE_SEEN, text, text)
        await self._store.ask(_NameRow, _END_OVER, now_ms - OPEN_MS_MAX, now_ms - IDLE_MS_MAX)
        self._saved_ms = now_ms

    def _is_over(self, digest: bytes, session: _Session, now_ms: int) -> bool:
        return now_ms >= session.closes_ms or now_ms >= self._seen_ms[digest] + IDLE_MS_MAX

    async def _read_stamp(self) -> _Stamp:
        [stamp] = await self._store.ask(_Stamp, "SELECT data_version, total_changes() FROM pragma_data_version")
        return stamp

    def _put(self, tokens: list[_TokenRow], sessions: list[_SessionRow], names: list[_NameRow]) -> None:
        self._tokens = {row.digest: _token_principal(row) for row in tokens if row.digest is not None}
        self._sessions = {
            row.digest: _Session(_session_principal(row), row.opened_ms + OPEN_MS_MAX) for row in sessions
        }
        self._seen_ms = {row.digest: max(row.seen_ms, self._seen_ms.get(row.digest, 0)) for row in sessions}
        now_ms = milliseconds(self._clock())
        self._sessions = {d: s for d, s in self._sessions.items() if not self._is_over(d, s, now_ms)}
        names_before = self._names
        self._names = {row.id: row.name for row in tokens} | {row.id: row.name for row in names}
        if self._everybody() != self._standing or self._names != names_before:
            self._tell()

    def _everybody(self) -> frozenset[Principal]:
        return frozenset((*self._tokens.values(), *(session.principal for session in self._sessions.values())))

    def _tell(self) -> None:
        self._standing = self._everybody()
        self.generation += 1
        self._turn.set()
        self._turn = asyncio.Event()


def _token_principal(row: _TokenRow) -> Principal:
    return Principal(actor=row.id, role=row.role, counter=row.counter, kind="token", name=row.name)


def _session_principal(row: _SessionRow) -> Principal:
    return Principal(
        actor=row.person,
        role=row.role,
        counter=row.counter,
        kind="session",
        name=row.name,
        session=row.id,
        must_change=row.must_change == 1,
    )


_TOKENS = "SELECT id, name, role, counter, iif(revoked_ms IS NULL, digest, NULL) FROM token"
_SESSIONS = """
    SELECT session.id, digest, opened_ms, seen_ms, person.id, name, role, counter, must_change
    FROM session JOIN person ON person.id = session.person WHERE ended_ms IS NULL
"""
_SAVE_SEEN = """
    UPDATE session SET seen_ms = max(seen_ms, (SELECT value FROM json_each(?) WHERE key = session.id))
    WHERE id IN (SELECT key FROM json_each(?))
"""
_END_OVER = "DELETE FROM session WHERE opened_ms <= ? OR seen_ms <= ?"

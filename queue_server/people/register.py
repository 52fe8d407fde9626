"""Tokens and people as they are stored: issue, revoke, add, change, end, list; for server and command line alike."""

import sqlite3
from collections.abc import Awaitable, Callable

from msgspec import Struct

from queue_server.core.ids import Actor, CounterNumber
from queue_server.people import passwords, roles, secret
from queue_server.people.directory import Clock
from queue_server.people.errors import Full, PeopleError, Taken, Unknown, shown
from queue_server.people.passwords import Hasher
from queue_server.people.roles import Role
from queue_server.people.secret import Secret
from queue_server.people.store import PersonLine, SessionLine, Store, TokenLine, Value, milliseconds

TOKENS_MAX = 2000  # Live ones; the next is refused until one is revoked.
PEOPLE_MAX = 2000  # The same, for people whose account has not ended.


class _Id(Struct, frozen=True, array_like=True):
    """What a change gives back: whom it changed; no row means nobody."""

    id: str


class Register:
    """Tokens and people as they are stored.

    Every change is durable, and told to `after_change`, before its method returns.
    Lifetime: as long as its store. Concurrency: any task of the loop.
    """

    def __init__(self, store: Store, hasher: Hasher, clock: Clock, after_change: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._after_change = after_change

    async def issue_token(self, role: str, name: str, counter: int | None = None) -> Secret:
        """A new token, given this once; Invalid, Taken or Full otherwise."""
        known, clean, desk = self.check_grant(role, name, counter)
        token = secret.new_token()
        values = (
            secret.new_id("t"),
            clean,
            roles.name_key(clean),
            known,
            desk,
            secret.digest_of(token),
            self._now_ms(),
        )
        try:
            issued = await self._store.ask(_Id, _ISSUE, *values, TOKENS_MAX)
        except sqlite3.IntegrityError as fault:
            raise _name_taken(clean) from fault
        if not issued:
            raise Full("tokens-full", f"the hall has {TOKENS_MAX} tokens; revoke those not used", limit=TOKENS_MAX)
        await self._after_change()
        return token

    def check_grant(self, role: str, name: str, counter: int | None) -> tuple[Role, str, CounterNumber | None]:
        """Role, name and counter as a token may have them, or Invalid."""
        known = roles.token_role(role)
        return known, roles.clean_name(name), roles.counter_for(known, counter)

    async def expect_free(self, clean: str) -> None:
        """Nothing if no live token has this name, else Taken."""
        if await self._store.ask(_Id, _HAS_NAME, roles.name_key(clean)):
            raise _name_taken(clean)

    async def revoke_token(self, name: str) -> None:
        """The live token of that name is worth nothing from now on; Unknown if there is none."""
        clean = roles.clean_name(name)
        if not await self._store.ask(_Id, _REVOKE, self._now_ms(), roles.name_key(clean)):
            raise Unknown("token-unknown", f"no live token is named {shown(clean)}; see the list of tokens", name=clean)
        await self._after_change()

    async def tokens(self) -> list[TokenLine]:
        """The live tokens, by name."""
        return await self._store.ask(TokenLine, _TOKENS)

    async def add_person(self, login: str, name: str, role: str, counter: int | None = None) -> Secret:
        """A new account and its one-time password, given this once; Invalid, Taken or Full otherwise."""
        clean, known = roles.clean_login(login), roles.person_role(role)
        desk = roles.counter_for(known, counter)
        shown_name = roles.clean_name(name)
        one_time = passwords.one_time_password()
        hashed = await self._hasher.hash(one_time)
        values = (secret.new_id("p"), clean, shown_name, known, desk, hashed, self._now_ms())
        try:
            added = await self._store.ask(_Id, _ADD, *values, PEOPLE_MAX)
        except sqlite3.IntegrityError as fault:
            sentence = f"login {shown(clean)} belongs to another; choose another login, or end that account first"
            raise Taken("login-taken", sentence, login=clean) from fault
        if not added:
            raise Full("people-full", f"the hall has {PEOPLE_MAX} people; end accounts not used", limit=PEOPLE_MAX)
        await self._after_change()
        return one_time

    async def change_person(self, login: str, *, name: str, role: str, counter: int | None = None) -> None:
        """Another display name, role or counter. Another role ends the person's sessions at once."""
        known = roles.person_role(role)
        await self._on_person(_CHANGE, login, roles.clean_name(name), known, roles.counter_for(known, counter))

    async def reset_password(self, login: str) -> Secret:
        """A new one-time password; the old one, and every session opened with it, are worth nothing from now on."""
        one_time = passwords.one_time_password()
        await self._on_person(_RESET, login, await self._hasher.hash(one_time))
        return one_time

    async def end_person(self, login: str) -> None:
        """The account is over and its sessions end at once. The name stays with the id, for the records."""
        await self._on_person(_END, login, self._now_ms())

    async def people(self) -> list[PersonLine]:
        """The people who have an account, by login."""
        return await self._store.ask(PersonLine, _PEOPLE)

    async def sessions(self, person: Actor | None = None) -> list[SessionLine]:
        """The sessions of one person or of all, the newest first. The last use is at most five minutes old."""
        return await self._store.ask(SessionLine, _SESSIONS, person)

    async def end_session(self, session: str, of: Actor | None = None) -> None:
        """End one session, by its id, at once; Unknown if there is none, or it is not `of` that person."""
        if not await self._store.ask(_Id, _END_SESSION, session, of):
            raise Unknown("session-unknown", f"no session has the id {shown(session)}; see the list of sessions")
        await self._after_change()

    async def _on_person(self, statement: str, login: str, *values: Value) -> None:
        key = roles.login_key(login)
        if not await self._store.ask(_Id, statement, key, *values):
            raise await self._why_not(login, key)
        await self._after_change()

    async def _why_not(self, login: str, key: str) -> PeopleError:
        if await self._store.ask(_Id, _PERSON_OF, key):
            sentence = f"login {shown(key)} is the last admin; make another person admin first"
            return Taken("last-admin", sentence, login=key)
        return Unknown("person-unknown", f"no account has the login {shown(login)}; see the list of people")

    def _now_ms(self) -> int:
        return milliseconds(self._clock())


def _name_taken(clean: str) -> Taken:
    sentence = f"a live token is named {shown(clean)}; choose another name, or revoke that token first"
    return Taken("token-name-taken", sentence, name=clean)


_ISSUE = """
    INSERT INTO token (id, name, name_key, role, counter, digest, issued_ms)
    SELECT ?, ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM token WHERE revoked_ms IS NULL) < ? RETURNING id
"""
_REVOKE = "UPDATE token SET revoked_ms = ? WHERE name_key = ? AND revoked_ms IS NULL RETURNING id"
_HAS_NAME = "SELECT id FROM token WHERE name_key = ? AND revoked_ms IS NULL"
_TOKENS = "SELECT id, name, role, counter, issued_ms FROM token WHERE revoked_ms IS NULL ORDER BY name_key"

_ADD = """
    INSERT INTO person (id, login, name, role, counter, password, must_change, added_ms)
    SELECT ?, ?, ?, ?, ?, ?, 1, ? WHERE (SELECT count(*) FROM person WHERE ended_ms IS NULL) < ? RETURNING id
"""
# Without an admin nobody could let anybody in, so the last one neither leaves nor takes another role.
_CHANGE = """
    UPDATE person SET name = ?2, role = ?3, counter = ?4
    WHERE login = ?1 AND ended_ms IS NULL AND (
        role <> 'admin' OR ?3 = 'admin' OR (SELECT count(*) FROM person WHERE role = 'admin' AND ended_ms IS NULL) > 1
    ) RETURNING id
"""
_END = """
    UPDATE person SET ended_ms = ?2
    WHERE login = ?1 AND ended_ms IS NULL AND (
        role <> 'admin' OR (SELECT count(*) FROM person WHERE role = 'admin' AND ended_ms IS NULL) > 1
    ) RETURNING id
"""
_RESET = """
    UPDATE person SET password = ?2, password_number = password_number + 1, must_change = 1
    WHERE login = ?1 AND ended_ms IS NULL RETURNING id
"""
_PERSON_OF = "SELECT id FROM person WHERE login = ? AND ended_ms IS NULL"
_PEOPLE = """
    SELECT id, login, name, role, counter, must_change, added_ms FROM person WHERE ended_ms IS NULL ORDER BY login
"""
_SESSIONS = """
    SELECT session.id, person.id, login, address, opened_ms, seen_ms
    FROM session JOIN person ON person.id = session.person WHERE ?1 IS NULL OR person.id = ?1
    ORDER BY opened_ms DESC, session.rowid DESC
"""
_END_SESSION = "DELETE FROM session WHERE id = ?1 AND (?2 IS NULL OR person = ?2) RETURNING id"

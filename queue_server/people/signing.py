"""Signing in and out, and changing one's own password."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from queue_server.core.refusal import Refusal
from queue_server.people import passwords, roles, secret
from queue_server.people.directory import Clock, Principal
from queue_server.people.errors import Full, Invalid
from queue_server.people.lockout import Lockout
from queue_server.people.passwords import Hasher
from queue_server.people.register import Register
from queue_server.people.secret import Secret
from queue_server.people.store import Store, milliseconds

ADDRESS_LENGTH_MAX = 64


class SignedIn(Struct, frozen=True, kw_only=True):
    """A new session; both secrets are given this once."""

    cookie: Secret
    csrf: Secret
    person: str
    session: str
    must_change: bool


class _Account(Struct, frozen=True, array_like=True):
    id: str
    login: str
    password: str
    must_change: int

    def __repr__(self) -> str:
        return f"_Account(id={self.id!r})"


class _Opened(Struct, frozen=True, array_like=True):
    id: str


class Signing:
    """The door for people.

    Lifetime: as long as its store. Concurrency: any task of the loop.
    """

    def __init__(
        self,
        store: Store,
        hasher: Hasher,
        register: Register,
        clock: Clock,
        after_change: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._register = register
        self._clock = clock
        self._after_change = after_change
        self._lockout = Lockout()

    async def sign_in(self, login: str, password: str, address: str) -> SignedIn | Refusal:
        """A session, or a refusal that tells nothing of which part was wrong.

        `sign-in-wrong`; `sign-in-wait` with `retry_after_s` after too many wrong ones; `sign-in-busy` with the same.
        """
        account = await self._check(_BY_LOGIN, roles.login_key(login), roles.login_key(login), password, address)
        return account if isinstance(account, Refusal) else await self._open(account, address)

    async def change_password(self, who: Principal, old: str, new: str, address: str) -> SignedIn | Refusal:
        """The new password stands, all the person's sessions are over, and this is a new one.

        Invalid when the new one may not be a password; the refusals of `sign_in` when the old one is not right.
        """
        if who.kind != "session":
            raise Invalid(
                "no-password", f"{who.actor} is a token and has no password; sign in as a person", field="old"
            )
        account = await self._check(_BY_ID, who.actor, f"={who.actor}", old, address)
        if isinstance(account, Refusal):
            return account
        accepted = passwords.accept(new, account.login)
        if accepted == passwords.normalised(old):
            raise Invalid("password-same", "the new password is the old one; take another", field="password")
        hashed = await self._hash(accepted)
        if isinstance(hashed, Refusal):
            return hashed
        # The old hash is named, so that a password that an admin reset meanwhile is not overwritten.
        if not await self._store.ask(_Opened, _SET, hashed, account.id, account.password):
            return Refusal("sign-in-wrong")
        return await self._open(_Account(account.id, account.login, hashed, 0), address)

    async def sign_out(self, who: Principal) -> None:
        """This session is over; Unknown if it was already."""
        await self._register.end_session(who.session)

    async def _check(self, by: str, key: str, counted_as: str, password: str, address: str) -> _Account | Refusal:
        wait = self._lockout.attempt(counted_as, address, self._clock())
        if wait:
            return Refusal("sign-in-wait", {"retry_after_s": wait})
        found = await self._store.ask(_Account, by, key)
        account = found[0] if found else None
        try:
            right = await self._hasher.matches(account.password if account else None, password)
        except Full as busy:
            self._lockout.undecided(counted_as, address)
            return Refusal(busy.code, busy.detail)
        if account is None or not right:
            return Refusal("sign-in-wrong")
        self._lockout.succeeded(counted_as, address)
        return account

    async def _hash(self, accepted: str) -> str | Refusal:
        try:
            return await self._hasher.hash(accepted)
        except Full as busy:
            return Refusal(busy.code, busy.detail)

    async def _open(self, account: _Account, address: str) -> SignedIn | Refusal:
        cookie, session, now_ms = secret.new_secret(), secret.new_id("s"), milliseconds(self._clock())
        values = (session, secret.digest_of(cookie), address[:ADDRESS_LENGTH_MAX], now_ms, account.id, account.password)
        # Checking took a while: an account that ended, or a password that was reset, meanwhile opens nothing.
        if not await self._store.ask(_Opened, _OPEN, *values):
            return Refusal("sign-in-wrong")
        await self._after_change()
        return SignedIn(
            cookie=cookie,
            csrf=secret.csrf_of(cookie),
            person=account.id,
            session=session,
            must_change=account.must_change == 1,
        )


_BY_LOGIN = "SELECT id, login, password, must_change FROM person WHERE login = ? AND ended_ms IS NULL"
_BY_ID = "SELECT id, login, password, must_change FROM person WHERE id = ? AND ended_ms IS NULL"
_SET = """
    UPDATE person SET password = ?1, password_number = password_number + 1, must_change = 0
    WHERE id = ?2 AND password = ?3 AND ended_ms IS NULL RETURNING id
"""
_OPEN = """
    INSERT INTO session (id, digest, address, opened_ms, seen_ms, person)
    SELECT ?1, ?2, ?3, ?4, ?4, id FROM person WHERE id = ?5 AND password = ?6 AND ended_ms IS NULL RETURNING id
"""

"""Pairing: a screen without a keyboard shows a code, an admin approves it, and the screen fetches its token.

Pairings are kept in memory: a restart ends them, and the screen shows a new code. A token is made only when the screen
comes for it, so none waits anywhere and none is left over when the screen never comes.
"""

import secrets
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from queue_server.core.ids import CounterNumber
from queue_server.core.refusal import Refusal
from queue_server.people import secret
from queue_server.people.directory import Clock
from queue_server.people.errors import PeopleError, PeopleUnavailable, Taken, Unknown, shown
from queue_server.people.register import Register
from queue_server.people.roles import Role
from queue_server.people.secret import Secret

OPEN_SECONDS = 600
OPEN_MAX = 50  # The next screen is told to try again when the oldest pairing ends.
OPEN_PER_ADDRESS_MAX = 5  # So that one address cannot take all places.
CODE_LENGTH = 6
CODE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"  # No two look alike across a hall: without 0 O 1 I L 2 Z 5 S 8 B.


class PairingStarted(Struct, frozen=True, kw_only=True):
    """What the screen needs: the code to show and the secret to ask with."""

    code: str
    poll: Secret
    ends_at: datetime


class OpenPairing(Struct, frozen=True, kw_only=True):
    """A pairing as an admin sees it."""

    code: str
    address: str
    began_at: datetime
    ends_at: datetime
    approved_as: str
    """The name given at approval; empty until then."""


class _Grant(Struct, frozen=True):
    role: Role
    name: str
    counter: CounterNumber | None


class _Pairing(Struct, frozen=True, kw_only=True):
    code: str
    address: str
    began_at: datetime
    grant: _Grant | None = None

    @property
    def ends_at(self) -> datetime:
        return self.began_at + timedelta(seconds=OPEN_SECONDS)


class Pairings:
    """The pairings that are open.

    Lifetime: the process. Concurrency: the loop's thread.
    """

    def __init__(self, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock
        self._by_poll: dict[bytes, _Pairing] = {}  # In the order they began, so the first is the next to end.

    def start(self, address: str) -> PairingStarted | Refusal:
        """A code and a secret, good for ten minutes; `pairings-full` with `retry_after_s` beyond a limit."""
        now = self._forget_old()
        mine = [pairing for pairing in self._by_poll.values() if pairing.address == address]
        for held, limit in ((mine, OPEN_PER_ADDRESS_MAX), (list(self._by_poll.values()), OPEN_MAX)):
            if len(held) >= limit:
                wait = -((now - held[0].ends_at) // timedelta(seconds=1))
                return Refusal("pairings-full", {"limit": limit, "retry_after_s": wait})
        poll = secret.new_secret()
        pairing = _Pairing(code=self._new_code(), address=address, began_at=now)
        self._by_poll[secret.digest_of(poll)] = pairing
        return PairingStarted(code=pairing.code, poll=poll, ends_at=pairing.ends_at)

    def open(self) -> tuple[OpenPairing, ...]:
        """What waits for an admin or for its screen, the oldest first."""
        self._forget_old()
        return tuple(
            OpenPairing(
                code=pairing.code,
                address=pairing.address,
                began_at=pairing.began_at,
                ends_at=pairing.ends_at,
                approved_as=pairing.grant.name if pairing.grant else "",
            )
            for pairing in self._by_poll.values()
        )

    async def approve(self, code: str, role: str, name: str, counter: int | None = None) -> None:
        """The screen that shows the code may fetch such a token. Unknown, Invalid or Taken otherwise.

        Approving the same code again before the screen came replaces what it gets.
        """
        grant = _Grant(*self._register.check_grant(role, name, counter))
        await self._register.expect_free(grant.name)
        poll, pairing = self._find(code)
        for other_poll, other in self._by_poll.items():
            if other_poll != poll and other.grant is not None and other.grant.name == grant.name:
                sentence = f"code {other.code} was approved as {shown(grant.name)}; choose another name"
                raise Taken("token-name-taken", sentence, name=grant.name)
        self._by_poll[poll] = msgspec.structs.replace(pairing, grant=grant)

    def refuse(self, code: str) -> None:
        """End a pairing; Unknown if it is not open."""
        poll, _ = self._find(code)
        del self._by_poll[poll]

    async def collect(self, poll: str) -> Secret | Refusal | None:
        """The token, exactly once; None while nobody has approved; `pairing-over` when there is nothing to wait for.

        If the database fails, PeopleUnavailable, and the screen may ask again. If the name was taken since it was
        approved, Taken: the pairing goes back to waiting, and the admin approves it under another name.
        """
        self._forget_old()
        key = secret.digest_of(poll)
        pairing = self._by_poll.get(key)
        if pairing is None:
            return Refusal("pairing-over")
        if pairing.grant is None:
            return None
        grant = pairing.grant
        # Taken out first: a second question at the same moment finds nothing.
        del self._by_poll[key]
        try:
            return await self._register.issue_token(grant.role, grant.name, grant.counter)
        except PeopleError as fault:
            kept = grant if isinstance(fault, PeopleUnavailable) else None
            self._by_poll[key] = msgspec.structs.replace(pairing, grant=kept)
            raise

    def _find(self, code: str) -> tuple[bytes, _Pairing]:
        self._forget_old()
        typed = code[:64].upper().replace(" ", "").replace("-", "")
        for poll, pairing in self._by_poll.items():
            if pairing.code == typed:
                return poll, pairing
        raise Unknown("pairing-unknown", f"no screen shows the code {shown(code)} now; read it again from the screen")

    def _forget_old(self) -> datetime:
        now = self._clock()
        self._by_poll = {poll: pairing for poll, pairing in self._by_poll.items() if now < pairing.ends_at}
        return now

    def _new_code(self) -> str:
        taken = {pairing.code for pairing in self._by_poll.values()}
        while (code := "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))) in taken:
            pass
        return code

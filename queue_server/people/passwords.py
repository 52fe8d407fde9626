"""Passwords of people: what may be one, and hashing them with argon2id where it holds nobody up."""

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from queue_server.people.errors import Full, Invalid
from queue_server.people.secret import Secret

LENGTH_MIN = 10
LENGTH_MAX = 128  # Signs after NFC; a longer one is refused, never cut.
BESIDE_LOGIN_MIN = 6

MEMORY_KIB = 65536
PASSES = 3
LANES = 1  # One lane takes longer than four for us and for a thief alike, but leaves the other cores to the hall.
THREADS = 2
WAITING_MAX = 64  # Each takes about 0.2 s of a thread; the 65th is told to try again in a few seconds.
RETRY_SECONDS = 5

ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Without i, l, o, 0, 1: it is read from paper and typed.
COMMON = frozenset(
    """
    0123456789 1234567890 0987654321 9876543210 12345678910 123456789a a123456789 1q2w3e4r5t qwertyuiop
    qwerty12345 qwerty123456 password123 password1234 passw0rd123 matkhau123 matkhau1234 matkhau12345
    iloveyou123 vietnam123 vietnam2020 vietnam2025 vietnam2026 admin12345 admin123456 administrator
    hanhchinhcong motcua12345 denluot123 denluot2026 abcdefghij abc1234567
    """.split()  # noqa: SIM905  # One line of words reads better than thirty of quotes.
)
"""The passwords of ten signs and more that are tried first here."""

Result = TypeVar("Result")


def normalised(password: str) -> str:
    """The same password however the keyboard composes its letters: NFC."""
    return unicodedata.normalize("NFC", password)


def accept(password: str, login: str) -> str:
    """The password in NFC if it may be one, or Invalid. As NIST advises: length counts, kinds of signs do not."""
    clean = normalised(password[: 8 * LENGTH_MAX])
    if len(clean) < LENGTH_MIN:
        raise _invalid("password-too-short", f"the password is too short; take {LENGTH_MIN} signs or more", LENGTH_MIN)
    if len(clean) > LENGTH_MAX:
        raise _invalid("password-too-long", f"the password is too long; take at most {LENGTH_MAX} signs", LENGTH_MAX)
    folded = clean.casefold()
    if folded in COMMON or len(set(folded)) < 4 or len(folded.replace(login, "")) < BESIDE_LOGIN_MIN:
        raise _invalid("password-common", "the password is easily guessed; take several words that are yours alone")
    if any(unicodedata.category(sign) == "Cs" for sign in clean):
        raise _invalid("password-invalid", "the password holds half a sign; type it anew")
    return clean


def one_time_password() -> Secret:
    """A password to be handed over on paper and changed at the first sign-in: 16 signs, 79 bits."""
    groups = ("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(4))
    return Secret("-".join(groups))


class Hasher:
    """Hashes and checks passwords beside the loop.

    One hash takes about 0.2 s and 64 MiB: on the loop it would stop every call in the hall, and sixty clerks who sign
    in at half past seven would take 4 GiB at once. So two threads of its own do it, and the others wait. A pool keeps
    to two even when a browser gives up waiting, which a semaphore around `asyncio.to_thread` does not.
    Lifetime: `with Hasher() as hasher`. Concurrency: any task of the loop.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._argon2 = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=LANES)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._waiting = 0
        # Nobody's hash: checked for logins that do not exist, so that they take as long as those that do.
        salt, nothing = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={passes},p={LANES}${salt}${nothing}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, accepted: str) -> str:
        """The argon2id hash of a password that `accept` gave, or Full."""
        return await self._aside(lambda: self._argon2.hash(accepted))

    async def matches(self, stored: str | None, typed: str) -> bool:
        """Whether the typed password is the stored one, or Full. `None` takes as long and is never right."""
        clean = normalised(typed[: 8 * LENGTH_MAX])
        if len(clean) > LENGTH_MAX or any(unicodedata.category(sign) == "Cs" for sign in clean):
            stored, clean = None, ""
        right = await self._aside(lambda: self._verify(stored or self._nobody, clean))
        return right and stored is not None

    def _verify(self, stored: str, clean: str) -> bool:
        try:
            return self._argon2.verify(stored, clean)
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _aside(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING_MAX:
            sentence = f"{WAITING_MAX} people sign in at once; try again in {RETRY_SECONDS} seconds"
            raise Full("sign-in-busy", sentence, retry_after_s=RETRY_SECONDS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _invalid(code: str, sentence: str, limit: int = 0) -> Invalid:
    return Invalid(code, sentence, field="password", **({"limit": limit} if limit else {}))

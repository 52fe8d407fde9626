"""Guessing passwords: it gets slower and slower, in bounded memory, and nobody is shut out for good."""

import asyncio
import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.core.refusal import Refusal
from queue_server.people import passwords
from queue_server.people.lockout import FOR_ADDRESS, FOR_LOGIN, Lockout
from queue_server.people.people import People
from queue_server.people.signing import SignedIn
from tests.people.conftest import TurnedClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def waits(lockout: Lockout, tries: int, *, login: str = "an", address: str = "192.0.2.1") -> list[int]:
    """Try wrongly as soon as it is allowed; what had to be waited before each try."""
    at, waited = NOON, []
    for _ in range(tries):
        wait = lockout.attempt(login, address, at)
        waited.append(wait)
        if wait:
            at += timedelta(seconds=wait)
            assert lockout.attempt(login, address, at) == 0
    return waited


def test_each_wrong_password_beyond_the_fifth_doubles_the_wait_up_to_five_minutes() -> None:
    """A clerk may mistype a few times; a program may not try thousands."""
    assert waits(Lockout(), 16) == [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_a_wait_is_not_lengthened_by_asking_again() -> None:
    """Who keeps pressing the button must still get in when the time is over."""
    lockout = Lockout()
    waits(lockout, 10)
    first = lockout.attempt("an", "192.0.2.1", NOON + timedelta(seconds=20))
    assert [lockout.attempt("an", "192.0.2.2", NOON + timedelta(seconds=20)) for _ in range(50)] == [first] * 50


def test_an_address_that_tries_many_logins_waits_too() -> None:
    """One common password tried on every clerk is guessing as well."""
    lockout = Lockout()
    waited = [lockout.attempt(f"login{n}", "192.0.2.1", NOON) for n in range(40)]
    assert waited.count(0) == FOR_ADDRESS.free + 1
    assert lockout.attempt("an", "192.0.2.2", NOON) == 0


def test_one_subscriber_of_ipv6_is_one_address() -> None:
    """Everybody there owns more addresses than any table can hold."""
    lockout = Lockout()
    waited = [lockout.attempt(f"login{n}", f"2001:db8::{n:x}", NOON) for n in range(40)]
    assert waited.count(0) == FOR_ADDRESS.free + 1
    assert lockout.attempt("an", "2001:db8:1::1", NOON) == 0


def test_own_success_does_not_pay_for_guessing_at_others() -> None:
    """Else whoever has one account would guess at all the others without waiting."""
    lockout = Lockout()
    for number in range(FOR_ADDRESS.free + 1):
        lockout.attempt(f"login{number}", "192.0.2.1", NOON)
    later = NOON + timedelta(seconds=1)
    assert lockout.attempt("mine", "192.0.2.1", later) == 0
    lockout.succeeded("mine", "192.0.2.1")
    lockout.attempt("other", "192.0.2.1", later + timedelta(seconds=1))
    assert lockout.attempt("other", "192.0.2.1", later + timedelta(seconds=1)) == 2


def test_an_hour_without_failure_forgets() -> None:
    """Yesterday's typing errors are nobody's business."""
    lockout = Lockout()
    waits(lockout, 12)
    assert waits_from(lockout, NOON + timedelta(hours=2)) == [0, 0, 0, 0, 0, 0, 1]


def waits_from(lockout: Lockout, at: datetime) -> list[int]:
    """What must be waited before each of seven wrong tries at one moment."""
    return [lockout.attempt("an", "192.0.2.1", at) for _ in range(7)]


def test_the_table_stays_small_under_a_flood_of_logins() -> None:
    """Memory must not be a way to stop the hall."""
    lockout = Lockout()
    for number in range(FOR_LOGIN.entries_max + 100):
        lockout.attempt("x" * 50 + str(number), f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", NOON)
    assert len(lockout._logins._entries) == FOR_LOGIN.entries_max  # The bound has no public face.
    assert len(lockout._addresses._entries) == FOR_ADDRESS.entries_max


async def test_tries_sent_at_once_are_not_all_let_through(hall: People) -> None:
    """A program does not wait for the first answer before it sends the second guess."""
    tries = [hall.signing.sign_in("admin", f"guess number {n}", "192.0.2.1") for n in range(20)]
    answers = await asyncio.gather(*tries)
    assert answers.count(Refusal("sign-in-wrong")) == FOR_LOGIN.free + 1
    assert answers.count(Refusal("sign-in-wait", {"retry_after_s": 1})) == 20 - FOR_LOGIN.free - 1


async def test_the_right_password_works_after_the_wait_and_wipes_the_slate(
    hall: People, clock: TurnedClock, one_time: str
) -> None:
    """The clerk remembers at last, and starts the day like any other."""
    for _ in range(6):
        await hall.signing.sign_in("admin", "wrong password", "192.0.2.1")
    assert await hall.signing.sign_in("admin", one_time, "192.0.2.1") == Refusal("sign-in-wait", {"retry_after_s": 1})
    clock.turn(seconds=1)
    assert isinstance(await hall.signing.sign_in("admin", one_time, "192.0.2.1"), SignedIn)
    assert await hall.signing.sign_in("admin", "wrong password", "192.0.2.1") == Refusal("sign-in-wrong")


async def test_too_many_at_once_are_told_to_come_again_and_not_counted(
    hall: People, one_time: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half past seven: everybody signs in. Who is turned away has not mistyped anything."""
    verify, go_on = passwords.Hasher._verify, threading.Event()  # To hold a hash up there is no public way.

    def held_up(self: passwords.Hasher, stored: str, clean: str) -> bool:
        assert go_on.wait(10)
        return verify(self, stored, clean)

    monkeypatch.setattr(passwords, "WAITING_MAX", 1)
    monkeypatch.setattr(passwords.Hasher, "_verify", held_up)
    async with asyncio.TaskGroup() as group:
        tries = [
            group.create_task(hall.signing.sign_in("admin", one_time, "192.0.2.1"), name=f"try {n}") for n in range(6)
        ]
        for turned_away in itertools.islice(asyncio.as_completed(tries), 5):
            assert await turned_away == Refusal("sign-in-busy", {"retry_after_s": 5})
        go_on.set()
    assert [isinstance(task.result(), SignedIn) for task in tries].count(True) == 1
    assert isinstance(await hall.signing.sign_in("admin", one_time, "192.0.2.1"), SignedIn)


async def test_hashing_does_not_hold_up_the_loop() -> None:
    """A sign-in must not delay a call: the loop keeps turning while a password of full strength is hashed."""
    turns, done = 0, asyncio.Event()

    async def turn() -> None:
        nonlocal turns
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)

    with passwords.Hasher() as hasher:
        async with asyncio.TaskGroup() as group:
            group.create_task(turn(), name="turning")
            stored = await hasher.hash("bốn mùa hoa nở quanh nhà")
            assert await hasher.matches(stored, "bốn mùa hoa nở quanh nhà")
            done.set()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert turns > 100

"""Slow guessing down: after some wrong passwords a login, and an address, must wait longer and longer.

The counts are kept in memory: a restart forgives. A login that does not exist is counted like any other, so that
being locked tells nothing. Who guesses at another's login can make that person wait, but never more than five minutes.
"""

import hashlib
import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta

from msgspec import Struct


class Patience(Struct, frozen=True, kw_only=True):
    """How long wrong passwords are borne."""

    free: int
    """So many failures cost nothing; each further one doubles the wait, from one second."""
    wait_seconds_max: int
    forget_seconds: int = 3600
    """After so long without a failure all is forgotten."""
    entries_max: int = 4096
    """At the limit the entry that failed longest ago is forgotten."""


FOR_LOGIN = Patience(free=5, wait_seconds_max=300)
FOR_ADDRESS = Patience(free=30, wait_seconds_max=30)
"""A whole hall may stand behind one address, so an address is borne longer and waits less."""


class _Entry(Struct, frozen=True):
    failures: int
    last: datetime
    until: datetime


class Lockout:
    """Who must wait before the next try.

    Lifetime: the process. Concurrency: the loop's thread.
    """

    def __init__(self) -> None:
        self._logins = _Table(FOR_LOGIN)
        self._addresses = _Table(FOR_ADDRESS)

    def attempt(self, login: str, address: str, at: datetime) -> int:
        """Begin a try: the seconds to wait first, or 0.

        With 0 the try counts as failed until `succeeded` takes it back, so that a hundred tries sent at once are not
        all let through before the first is found wrong. A try that must wait is not counted: waiting always ends.
        """
        keys = _login_key(login), _address_key(address)
        wait = max(self._logins.wait_seconds(keys[0], at), self._addresses.wait_seconds(keys[1], at))
        if wait == 0:
            self._logins.fail(keys[0], at)
            self._addresses.fail(keys[1], at)
        return wait

    def succeeded(self, login: str, address: str) -> None:
        """The password was right. The address keeps its other failures: else one own login would pay for guessing."""
        self._logins.forget(_login_key(login))
        self._addresses.forgive(_address_key(address))

    def undecided(self, login: str, address: str) -> None:
        """The password was not checked after all; the try does not count."""
        self._logins.forgive(_login_key(login))
        self._addresses.forgive(_address_key(address))


class _Table:
    """Failures by key, bounded."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()

    def wait_seconds(self, key: bytes, at: datetime) -> int:
        entry = self._entries.get(key)
        return 0 if entry is None else max(0, -((at - entry.until) // timedelta(seconds=1)))

    def fail(self, key: bytes, at: datetime) -> None:
        entry = self._entries.pop(key, None)
        forgotten = entry is None or (at - entry.last).total_seconds() >= self._patience.forget_seconds
        failures = 1 if entry is None or forgotten else entry.failures + 1
        self._entries[key] = _Entry(failures, at, at + timedelta(seconds=self._seconds(failures)))
        if len(self._entries) > self._patience.entries_max:
            self._entries.popitem(last=False)

    def forget(self, key: bytes) -> None:
        self._entries.pop(key, None)

    def forgive(self, key: bytes) -> None:
        entry = self._entries.get(key)
        if entry is not None:
            until = entry.last + timedelta(seconds=self._seconds(entry.failures - 1))
            self._entries[key] = _Entry(entry.failures - 1, entry.last, until)

    def _seconds(self, failures: int) -> int:
        over = failures - self._patience.free
        return 0 if over <= 0 else min(self._patience.wait_seconds_max, 1 << min(over - 1, 30))


def _login_key(login: str) -> bytes:
    # A digest: what is typed may be long, and may be a password in the wrong field.
    return hashlib.sha256(login.encode("utf-8", "surrogatepass")).digest()


def _address_key(address: str) -> bytes:
    """One subscriber owns 2^64 addresses of IPv6, so those are counted by their first half."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode("utf-8", "surrogatepass")).digest()
    return known.packed[:8] if known.version == 6 else known.packed

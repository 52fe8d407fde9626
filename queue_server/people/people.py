"""All of this package in one value, for the composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from queue_server.people.directory import Clock, Directory
from queue_server.people.errors import PeopleUnavailable
from queue_server.people.pairing import Pairings
from queue_server.people.passwords import Hasher
from queue_server.people.register import Register
from queue_server.people.signing import Signing
from queue_server.people.store import open_store

log = structlog.get_logger(__name__)


class People:
    """The people and devices of one hall.

    Lifetime: `open_people`'s block. Concurrency: the loop's thread.
    """

    def __init__(self, directory: Directory, register: Register, signing: Signing, pairings: Pairings) -> None:
        self.directory = directory
        self.register = register
        self.signing = signing
        self.pairings = pairings


@asynccontextmanager
async def open_people(path: Path, clock: Clock, hasher: Hasher | None = None) -> AsyncIterator[People]:
    """The people of the hall whose `people.db` this is. The caller runs `people.directory.watch()` as a task."""
    with hasher or Hasher() as threads:
        async with open_store(path) as store:
            directory = Directory(store, clock)
            await directory.reload()
            register = Register(store, threads, clock, directory.reload)
            signing = Signing(store, threads, register, clock, directory.reload)
            yield People(directory, register, signing, Pairings(register, clock))
            try:
                await directory.save_seen()
            except PeopleUnavailable as fault:
                log.warning("people unavailable", reason=str(fault))

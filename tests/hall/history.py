"""What was asked at the doors of a hall and what was answered, with instants of one monotonic clock.

A door is anything that takes requests: HTTP today; keypads, MQTT and kiosks will put their entries into the same
history. `tests.hall.proof` shows afterwards, with the journal, that nothing was lost, doubled or out of order.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from queue_server.clock import HallClock


class Wanted(Struct, frozen=True, kw_only=True):
    """What a request comes to if it is granted, in the words of the journal."""

    kind: str = ""
    """The kind of the event; empty for requests that only look."""
    service: str = ""
    counter: int | None = None


class Asked(Struct, frozen=True, kw_only=True):
    """One request as the door sent it; sending it again is the same request under the same key."""

    door: str
    method: str = "POST"
    path: str
    body: str = ""
    key: str = ""
    """The Idempotency-Key, or what a door has in its place, such as a keypad's boot and count."""
    wanted: Wanted = Wanted()
    may_share: bool = False
    """Whether two requests may rightly come to one event: start pressed twice, a bouncing key."""

    @property
    def operation(self) -> tuple[str, str, str, str]:
        """What makes requests with a key one and the same: the scope of the contract, and the key."""
        return (self.door, self.method, self.path, self.key)


class Claim(Struct, frozen=True, kw_only=True):
    """One thing that an answer vouches for; an event of this kind with these figures must be in the journal."""

    kind: str
    ticket: str
    number: int
    counter: int | None = None
    at: datetime | None = None
    """The event's own instant, where the answer names it."""


class Seen(Struct, frozen=True, kw_only=True):
    """A whole view of the hall as of one event: which number stands at which counter."""

    sequence: int
    number_at: Mapping[int, int | None] = {}


class Answer(Struct, frozen=True, kw_only=True):
    """What came back."""

    status: int
    claims: tuple[Claim, ...] = ()
    identity: tuple[str | int | None, ...] = ()
    """What a repeat under the same key must give again: status, id, number, key."""
    head: str = ""
    """The journal's head as the answer names it, or its beginning."""
    nobody_waits_at: int | None = None
    """The counter for which nobody waited."""
    seen: Seen | None = None

    @property
    def is_granted(self) -> bool:
        """Whether it says that something was done or found."""
        return 200 <= self.status < 300


class Entry(Struct, frozen=True, kw_only=True):
    """One request and its answer; None where the answer was lost, so that nobody knows what became of it."""

    asked: Asked
    started: float
    ended: float
    answer: Answer | None


class Heard(Struct, frozen=True, kw_only=True):
    """One announcement that reached one screen."""

    screen: str
    sequence: int
    number: int
    counter: int
    at: float


class Mark(Struct, frozen=True, kw_only=True):
    """Something else that happened, such as a fault; it explains, and proves nothing."""

    name: str
    at: float


class Asking:
    """A request under way; without an answer it counts as lost."""

    def __init__(self) -> None:
        self.answer: Answer | None = None


class History:
    """The record of one trial.

    Lifetime: of the trial, over all restarts of the server. Concurrency: the loop's thread.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, started: datetime | None = None) -> None:
        """Begin to record. `started` is the wall time of this moment; made-up histories give their own."""
        self.entries: list[Entry] = []
        self.heard: list[Heard] = []
        self.marks: list[Mark] = []
        self._monotonic = monotonic
        self._started = started or HallClock(ZoneInfo("UTC")).now()
        self._started_at = monotonic()

    @contextmanager
    def asking(self, asked: Asked) -> Iterator[Asking]:
        """Record one request around what sends it and sets its answer."""
        asking = Asking()
        started = self._monotonic()
        try:
            yield asking
        finally:
            self.entries.append(Entry(asked=asked, started=started, ended=self._monotonic(), answer=asking.answer))

    def hear(self, screen: str, sequence: int, number: int, counter: int) -> None:
        """Record an announcement that just reached a screen."""
        self.heard.append(Heard(screen=screen, sequence=sequence, number=number, counter=counter, at=self._monotonic()))

    def mark(self, name: str) -> None:
        """Record something else."""
        self.marks.append(Mark(name=name, at=self._monotonic()))

    def wall(self, instant: float) -> datetime:
        """The wall time of an instant of the record."""
        return self._started + timedelta(seconds=instant - self._started_at)

    def lost(self) -> list[Asked]:
        """Requests with a key that were never answered, each once, in the order in which they were first sent."""
        answered = {entry.asked.operation for entry in self.entries if entry.answer is not None}
        keyed = (entry.asked for entry in self.entries if entry.asked.key)
        return list({asked.operation: asked for asked in keyed if asked.operation not in answered}.values())

    def answered(self) -> list[Entry]:
        """Requests with a key that were granted, each with its first answer."""
        first: dict[tuple[str, str, str, str], Entry] = {}
        for entry in self.entries:
            if entry.asked.key and entry.answer is not None and entry.answer.is_granted:
                first.setdefault(entry.asked.operation, entry)
        return list(first.values())

    def granted(self, kind: str) -> int:
        """How many events of this kind the answers vouch for, repeats counted once."""
        return sum(
            1
            for entry in self.answered()
            if entry.answer is not None and any(claim.kind == kind for claim in entry.answer.claims)
        )

"""Those of a line who still wait and compete, for the arithmetic of `turns`: where each stands and who is older."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate, chain, islice
from typing import NamedTuple

from queue_server.core.lanes import Lane, Place

Chunks = tuple[tuple[Place, ...], ...]


class Stretch:
    """Those of one line who still wait and compete, by position from 0; it only ever gets shorter.

    Lifetime: one question. Concurrency: none.
    """

    __slots__ = ("_chunks", "_starts", "high", "low")

    def __init__(self, lane: Lane, called: int = 0) -> None:
        self._chunks = lane.chunks
        self._starts = list(accumulate(map(len, lane.chunks), initial=0))
        self.low, self.high = called, lane.size
        """Positions in the whole line: the first who waits, and the first behind the stretch."""

    def __len__(self) -> int:
        """How many still wait."""
        return self.high - self.low

    def __getitem__(self, position: int) -> Place:
        """Who stands at this position."""
        position += self.low
        index = bisect_right(self._starts, position) - 1
        return self._chunks[index][position - self._starts[index]]

    def below(self, rank: int) -> int:
        """How many have a smaller rank."""
        probe = (rank,)
        index = bisect_left(self._chunks, (probe,)) - 1
        at = self._starts[index] + bisect_left(self._chunks[index], probe) if index >= 0 else 0
        return min(max(at, self.low), self.high) - self.low

    def cut(self, first: int, last: int) -> list[Place]:
        """Those from one position up to another, not included."""
        first, last = first + self.low, last + self.low
        index = bisect_right(self._starts, first) - 1
        start = self._starts[index]
        places = chain.from_iterable(self._chunks[index : bisect_left(self._starts, last, index)])
        return list(islice(places, first - start, last - start))

    def edges(self, first: int, last: int) -> list[int]:
        """Where the chunks begin between two positions, and these two."""
        starts = self._starts
        inner = starts[bisect_right(starts, first + self.low) : bisect_left(starts, last + self.low)]
        return [first, *(start - self.low for start in inner), last]

    def chunks(self, first: int, last: int) -> Chunks | None:
        """The chunks that hold those from one position up to another; None if the last goes on behind the stretch."""
        if last <= first:
            return ()
        begin = bisect_right(self._starts, first + self.low) - 1
        end = bisect_left(self._starts, last + self.low)
        return self._chunks[begin:end] if self._starts[end] <= self.high else None

    def drop_below(self, rank: int) -> int:
        """Take those of a smaller rank out, and say how many they were."""
        called = self.below(rank)
        self.low += called
        return called

    def of_session(self, session: int) -> "Stretch":
        """Those of this session, which must be the earliest; they leave this stretch."""
        part: Stretch = object.__new__(Stretch)
        part._chunks, part._starts, part.low = self._chunks, self._starts, self.low
        part.high = self.high
        if self[len(self) - 1].session > session:
            part.high = self.low + bisect_right(self, session, key=lambda place: place.session)
        self.low = part.high
        return part


Stretches = dict[int, Stretch]
"""By class, lowest first; none of those who came back."""


class Sought(NamedTuple):
    """The place that is asked about."""

    rank_class: int
    rank: int


def by_age(lines: Iterable[Stretch], sought: Sought | None) -> int:
    """How many of these lines are older than the sought one; all of them when nobody is sought."""
    return sum(len(line) if sought is None else line.below(sought.rank) for line in lines)

"""A lane: who waits in one line, in order, cheap to change at any length.

A lane is a tuple of sorted chunks, none empty, none over 512 places. Adding, dropping and putting back touch one
chunk, so the cost does not grow with the number of people waiting; only the tuple of chunks is copied whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from msgspec import Struct

from queue_server.core.ids import TicketId

CHUNK_MAX = 512
CHUNK_TAIL = 64


class Place(NamedTuple):
    """One ticket's place: lanes are ordered by `rank`, which is never shared by two tickets of a day."""

    rank: int
    ticket: TicketId
    session: int


class Lane(Struct, frozen=True):
    """Everyone in one line. Its truth is whether anybody stands in it."""

    chunks: tuple[tuple[Place, ...], ...] = ()
    size: int = 0
    """How many stand in it, so that nobody counts them."""
    backward: int = 0
    """How many stand right behind somebody of a later session: none, but for places given anew in a later session."""

    def __bool__(self) -> bool:
        """Whether anybody stands in this line."""
        return self.size > 0


EMPTY = Lane()


def _first_rank(chunk: tuple[Place, ...]) -> int:
    return chunk[0].rank


def add(lane: Lane, place: Place) -> Lane:
    """The lane with one more place, at its rank."""
    chunks = lane.chunks
    last = chunks[-1] if chunks else ()
    if not last or place.rank > last[-1].rank:  # The newest, as nearly always: no chunk to look for.
        backward = lane.backward + 1 if last and place.session < last[-1].session else lane.backward
        if len(last) < CHUNK_TAIL:
            last = (*last, place)
            return Lane(chunks[:-1] + (last,), lane.size + 1, backward)  # noqa: RUF005  Copies once less.
        if len(chunks) > 1 and len(chunks[-2]) + len(last) <= CHUNK_MAX:  # A short end and few, long chunks before it.
            chunks = (*chunks[:-2], chunks[-2] + last)
        return Lane((*chunks, (place,)), lane.size + 1, backward)
    index = max(bisect_right(chunks, place.rank, key=_first_rank) - 1, 0)
    chunk = chunks[index]
    at = bisect_left(chunk, place)
    backward = lane.backward + _turned_back(place, *_neighbours(chunks, index, at, at))
    chunk = (*chunk[:at], place, *chunk[at:])
    half = CHUNK_MAX // 2
    parts = (chunk,) if len(chunk) <= CHUNK_MAX else (chunk[:half], chunk[half:])
    return Lane((*chunks[:index], *parts, *chunks[index + 1 :]), lane.size + 1, backward)


def drop(lane: Lane, rank: int) -> Lane:
    """The lane without the place of this rank, or LookupError: only a bug drops what is not there."""
    chunks, backward = lane.chunks, lane.backward
    if chunks and chunks[0][0].rank == rank:  # The first, as nearly always: no chunk to look for.
        if backward:
            backward -= _turned_back(chunks[0][0], *_neighbours(chunks, 0, 0, 1))
        first = chunks[0][1:]
        return Lane((first, *chunks[1:]) if first else chunks[1:], lane.size - 1, backward)
    index = bisect_right(chunks, rank, key=_first_rank) - 1
    chunk = chunks[index] if index >= 0 else ()
    at = bisect_left(chunk, rank, key=lambda place: place.rank)
    if at == len(chunk) or chunk[at].rank != rank:
        raise LookupError(f"no place of rank {rank} in this lane")
    if backward:
        backward -= _turned_back(chunk[at], *_neighbours(chunks, index, at, at + 1))
    chunk = (*chunk[:at], *chunk[at + 1 :])
    return Lane((*chunks[:index], *((chunk,) if chunk else ()), *chunks[index + 1 :]), lane.size - 1, backward)


def _neighbours(
    chunks: tuple[tuple[Place, ...], ...], index: int, left: int, right: int
) -> tuple[Place | None, Place | None]:
    """Who stands before position `left` and from position `right` on of one chunk, looking into the chunks beside."""
    chunk = chunks[index]
    before_it = chunk[left - 1] if left else chunks[index - 1][-1] if index else None
    if right < len(chunk):
        return before_it, chunk[right]
    return before_it, chunks[index + 1][0] if index + 1 < len(chunks) else None


def _turned_back(place: Place, left: Place | None, right: Place | None) -> int:
    """By how much `backward` is greater with this place between these two than without it."""
    with_it = (left is not None and place.session < left.session) + (
        right is not None and right.session < place.session
    )
    return with_it - (left is not None and right is not None and right.session < left.session)


def head(lane: Lane) -> Place | None:
    """Who is first, or None when nobody waits here."""
    return lane.chunks[0][0] if lane.chunks else None


def places(lane: Lane) -> Iterator[Place]:
    """All places in order."""
    return chain.from_iterable(lane.chunks)


def before(lane: Lane, rank: int) -> int:
    """How many wait here with a smaller rank."""
    chunks = lane.chunks
    if chunks and chunks[-1][-1].rank == rank:  # The newest, whom every new slip tells this.
        return lane.size - 1
    probe = (rank,)  # Tuples are compared without a key: a place begins with its rank, a chunk with its first place.
    index = bisect_left(chunks, (probe,))
    if index == 0:
        return 0
    return sum(map(len, chunks[: index - 1])) + bisect_left(chunks[index - 1], probe)

"""Interleaved priority as arithmetic: how many calls come before one, while jumps and visitors by age mix."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from queue_server.core.board import ORDINARY
from queue_server.core.lanes import Place
from queue_server.core.stretches import Chunks, Sought, Stretch, by_age

LEAPS = 16
FEW = 16
"""So many neighbours are looked at one by one."""
KNOWN_MAX = 256
_KNOWN: dict[int, tuple[int, list[Place], Chunks, int]] = {}
"""What was found of parts of lines, by the rank of the first: the share, those of the part, the chunks of ordinary
visitors between them, and the greatest of share * n - (ordinary visitors between the first and the n-th after it).
Lines that change hardly share most of their chunks, so it saves time; no answer depends on it.
"""


def _remember(share: int, part: list[Place], between: Chunks, gain: int) -> None:
    if len(_KNOWN) >= KNOWN_MAX:
        _KNOWN.clear()
    _KNOWN[part[0].rank] = (share, part, between, gain)


class Mixed:
    """Interleaved, while ordinary visitors and those of the best rank, who alone jump, both wait.

    A jump comes just before the ordinary visitor i (from 0) whenever i + owed is a multiple of the share, as long as
    somebody is there to jump: `jumps(i)` of them until then. Jumps and visitors by age draw from one line of the best
    rank. With a(q) ordinary visitors of an earlier place, the q-th of it (from 1) is called by age before the ordinary
    visitor a(q) at the latest, so that before the ordinary visitor i there are called

        jumps(i) + the greatest q - jumps(a(q) - 1) of those with a(q) <= i

    of it: the greatest of those is `overdue`. All others of priority stand between them by age.

    Lifetime: one question. Concurrency: none.
    """

    def __init__(self, ordinary: Stretch, priority: Sequence[Stretch], since: int, share: int) -> None:
        self._ordinary, self._best, self._rest = ordinary, priority[0], priority[1:]
        self._since, self._share, self._owed = since, share, min(since, share)
        self._oldest = self._best.below(ordinary[0].rank)
        """So many of the best rank are older than every ordinary visitor."""
        self._found: dict[int, int] = {}

    def before(self, sought: Sought, line: Stretch | None) -> int | None:
        """How many are called before the sought one; None when one of the two lines ends before."""
        if sought.rank_class == ORDINARY:
            at = self._ordinary.below(sought.rank)
            best = self._best_before(at)
            return None if best >= len(self._best) else at + best + by_age(self._rest, sought)
        assert line is not None, "the sought one waits in one of these lines"
        if line is not self._best:
            return self._before_other(sought)
        at = line.below(sought.rank)
        when = self._when(at)
        return None if when is None else when.ordinary + at + self._rest_below(when.rest)

    def until_a_line_ends(self) -> tuple[int, int]:
        """Call everyone until one of the two lines ends; how many, and the ordinary calls since the last jump."""
        last = len(self._best) - 1
        when = self._when(last)
        if when is None:
            ordinary, rest = len(self._ordinary), self._ordinary[len(self._ordinary) - 1].rank
            best = self._best_before(ordinary - 1)
            since = self._since_at(ordinary)
        else:
            ordinary, best, rest = when.ordinary, last + 1, when.rest
            since = 0 if when.is_jump else self._since_at(ordinary)
        self._ordinary.low += ordinary
        self._best.low += best
        return ordinary + best + sum(line.drop_below(rest) for line in self._rest), since

    # The sum above

    def _jumps(self, at: int) -> int:
        return (at + self._owed) // self._share if at >= 0 else 0

    def _since_at(self, at: int) -> int:
        """Ordinary calls since the last jump, just after the call of the ordinary visitor before `at`."""
        jumps = self._jumps(at - 1)
        return at - (jumps * self._share - self._owed) if jumps else self._since + at

    def _best_before(self, at: int) -> int:
        """How many of the best rank are called before the ordinary visitor `at`, were there enough of them."""
        return self._jumps(at) + self.overdue(self._best.below(self._ordinary[at].rank))

    def overdue(self, count: int) -> int:
        """The greatest q - jumps(a(q) - 1) among the first `count`."""
        if count <= self._oldest:
            return self._oldest
        if count not in self._found:
            self._found[count] = self._find_overdue(count)
        return self._found[count]

    def _find_overdue(self, count: int) -> int:
        """In leaps.

        With the a(q) of one, so many after it cannot exceed the greatest that is known, whatever theirs are. Where
        priority visitors come clearly more or clearly less often than their jumps, few leaps are enough. Where they
        come about as often, leaps are short, and after `LEAPS` of them chunks are looked at whole, or remembered.
        """
        at, age = self._oldest, self._age(self._oldest)
        greatest = max(self._oldest, self._overdue(at, age), self._overdue(count - 1, self._age(count - 1)))
        for _ in range(LEAPS):
            at = greatest + self._jumps(age - 1)
            if at >= count:
                return greatest
            age = self._age(at)
            greatest = max(greatest, self._overdue(at, age))
            if count - at <= FEW:
                return max(greatest, self._overdue_between(at, age, count))
        for first, last in pairwise(self._best.edges(at, count)):
            age = self._age(first)
            if self._overdue(last - 1, age) > greatest:
                greatest = max(greatest, self._overdue_between(first, age, last))
        return greatest

    def _age(self, at: int) -> int:
        """a(q) of the visitor at this position of the best rank."""
        return self._ordinary.below(self._best[at].rank)

    def _overdue(self, at: int, age: int) -> int:
        return at + 1 - self._jumps(age - 1)

    def _overdue_between(self, first: int, age: int, last: int) -> int:
        """The greatest in one chunk or a part of it; `age` is a(q) of the first."""
        best = self._best.cut(first, last)
        last_age = self._ordinary.below(best[-1].rank)
        between = self._ordinary.chunks(age, last_age) if last - first > FEW else None
        known = None if between is None else _KNOWN.get(best[0].rank)
        if known is not None and known[:3] == (self._share, best, between):
            gain = known[3]
        else:
            older = self._ordinary.cut(age, last_age)
            gain = max([self._share * one - bisect_left(older, place) for one, place in enumerate(best)])
            if between is not None:
                _remember(self._share, best, between, gain)
        return -((age - 1 + self._owed - self._share * (first + 1) - gain) // self._share)

    def _when(self, at: int) -> "_When | None":
        """When the visitor `at` of the best rank is called; None when the ordinary line ends before."""
        own = self._best[at].rank
        age = self._ordinary.below(own)
        if not age:
            return _When(0, own, is_jump=False)
        earlier = self._best.below(self._ordinary[age - 1].rank)
        jump = (at + 1 - self.overdue(earlier)) * self._share - self._owed
        if min(age, jump) >= len(self._ordinary):
            return None
        if age <= jump:
            return _When(age, own, is_jump=False)
        rest = self._ordinary[jump - 1].rank if jump else 0
        is_between = bool(self._rest) and at > 0 and rest < self._best[at - 1].rank < self._ordinary[jump].rank
        if is_between and (not jump or self._best_before(jump - 1) < at):
            rest = self._best[at - 1].rank  # Called by age, just before the jump.
        return _When(jump, rest, is_jump=True)

    def _before_other(self, sought: Sought) -> int | None:
        at = self._ordinary.below(sought.rank)
        if at == len(self._ordinary):
            return None
        best = max(self._best_before(at - 1) if at else 0, self._best.below(sought.rank))
        is_jump_due = self._jumps(at) > self._jumps(at - 1)
        if is_jump_due and best < len(self._best) and self._best.below(self._ordinary[at].rank) <= best:
            best += 1  # Nobody of the best rank goes by age any more before the next ordinary visitor.
        return None if best >= len(self._best) else at + best + by_age(self._rest, sought)

    def _rest_below(self, rank: int) -> int:
        return sum(line.below(rank) for line in self._rest)


class _When(NamedTuple):
    """When somebody of the best rank is called."""

    ordinary: int
    """After so many ordinary visitors."""
    rest: int
    """After all others of priority with a smaller rank."""
    is_jump: bool

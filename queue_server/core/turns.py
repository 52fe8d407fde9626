"""How many calls come before a place, worked out by arithmetic on the lines instead of playing call after call.

It rests on what `policy` does and on nothing else; the tests play the policy call by call and compare. What it asks of
its caller: nobody of the lines has come back from an absence (they go by the count of calls), and within one line
nobody of an earlier session stands behind somebody of a later one. The settings are those that a hall's file allows:
at least one ordinary call per priority visitor, and at least one priority call in a row.

The cost follows the number of lines and hardly their lengths; interleaving is in `interleaved`.
"""

from queue_server.core.board import BULK, ORDINARY, PLACE_BITS, Tally
from queue_server.core.interleaved import Mixed
from queue_server.core.lanes import EMPTY
from queue_server.core.rules import PolicyRules
from queue_server.core.stretches import Sought, Stretch, Stretches, by_age


def calls_before(lines: Stretches, sought: Sought, tally: Tally, policy: PolicyRules, now: int) -> int:
    """How many of these lines, which end up empty, are called before the sought place that stands in one of them."""
    turns, calls = _Turns(tally, policy, now), 0
    while True:
        competing = _of_earliest_session(lines) if policy.carry_over else lines
        own = competing.get(sought.rank_class)
        if own is not None and own[len(own) - 1].rank >= sought.rank:
            return calls + turns.before(competing, sought)
        called = turns.all(competing)
        assert called, f"nobody is called, but rank {sought.rank} waits"
        calls += called


def bulk_turns(others: int, bulk: int, since: int, share: int) -> int:
    """How many of `bulk` are called among so many other calls and just before the next one; `since` as in a tally."""
    if share <= 0:
        return bulk
    first = max(share - since, 0)
    return 0 if others < first else min(bulk, 1 + (others - first) // share)


def _of_earliest_session(lines: Stretches) -> Stretches:
    waiting = {rank_class: line for rank_class, line in lines.items() if len(line)}
    earliest = min(line[0].session for line in waiting.values())
    return {
        rank_class: line.of_session(earliest) for rank_class, line in waiting.items() if line[0].session == earliest
    }


class _Turns:
    """What the calls so far add up to, as in a `Tally`, moved on by many calls at a time.

    Lifetime: one question. Concurrency: none.
    """

    def __init__(self, tally: Tally, policy: PolicyRules, now: int) -> None:
        self._policy = policy
        self._since_jump, self._in_row, self._since_bulk = (
            tally.ordinary_since_priority,
            tally.priority_in_row,
            tally.others_since_bulk,
        )
        limit = policy.escalate_after_s * 1000
        self._late = now - limit + 1 << PLACE_BITS if limit else 0
        """Smaller ranks have waited too long."""

    def before(self, lines: Stretches, sought: Sought) -> int:
        """How many are called before the sought place, which competes."""
        if sought.rank < self._late:
            return sum(line.below(sought.rank) for line in lines.values())
        late = self._escalate(lines) if self._late else 0
        bulk = lines.get(BULK)
        if bulk is not None and sought.rank_class == BULK:
            own = bulk.below(sought.rank)
            others = sum(len(line) for rank_class, line in lines.items() if rank_class != BULK)
            return late + own + min(self._first_bulk() + own * max(self._policy.others_per_bulk, 0), others)
        calls = self._others(lines, sought)
        return late + calls + (self._bulk_turns(calls, len(bulk)) if bulk else 0)

    def all(self, lines: Stretches) -> int:
        """Call everyone of these lines, and say how many they were."""
        late = self._escalate(lines) if self._late else 0
        others, bulk = self._others(lines, None), len(lines.get(BULK, ()))
        taken = self._bulk_turns(others - 1, bulk) if others else 0
        if taken:
            self._since_bulk = others - self._first_bulk() - (taken - 1) * max(self._policy.others_per_bulk, 0)
        else:
            self._since_bulk += others
        if taken < bulk:  # Those left over go one after another, by age.
            self._since_bulk = self._in_row = 0
        return late + others + bulk

    def _escalate(self, lines: Stretches) -> int:
        """Call those who have waited too long, oldest first."""
        bulk = lines.get(BULK)
        late_bulk = bulk.below(self._late) if bulk is not None else 0
        last_bulk = bulk[late_bulk - 1].rank if bulk is not None and late_bulk else 0
        others = [(rank_class, line) for rank_class, line in lines.items() if rank_class != BULK]
        since = sum(line.below(self._late) - line.below(last_bulk) for _, line in others)
        self._since_bulk = since if late_bulk else self._since_bulk + since
        calls = bulk.drop_below(self._late) if bulk is not None else 0
        for rank_class, line in others:
            called = line.drop_below(self._late)
            calls += called
            if rank_class == ORDINARY and called:
                self._since_jump += called
                self._in_row = 0
        return calls

    # Bulk: others are called in their own order, and bulk calls fall between them

    def _first_bulk(self) -> int:
        """After how many other calls the first bulk turn comes."""
        return max(self._policy.others_per_bulk - self._since_bulk, 0)

    def _bulk_turns(self, others: int, bulk: int) -> int:
        """How many of `bulk` are called among so many other calls and just before the next one."""
        return bulk_turns(others, bulk, self._since_bulk, self._policy.others_per_bulk)

    # All others, in the order of their calls: how many before the sought one, or how many there are

    def _others(self, lines: Stretches, sought: Sought | None) -> int:
        ordinary = lines.get(ORDINARY, NOBODY)
        priority = {rank_class: line for rank_class, line in lines.items() if ORDINARY < rank_class < BULK}
        if priority and self._policy.priority == "strict":
            return self._strict(ordinary, priority, sought)
        if priority and self._policy.priority == "interleaved":
            return self._interleaved(ordinary, priority, sought)
        self._since_jump += len(ordinary)
        self._in_row = 0 if len(ordinary) else self._in_row
        return by_age((ordinary, *priority.values()), sought)

    def _strict(self, ordinary: Stretch, priority: Stretches, sought: Sought | None) -> int:
        longest, first = self._policy.priority_in_row_max, sum(map(len, priority.values()))
        run = min(self._in_row, longest)
        if sought is None:
            self._in_row = _run_after(run, longest, first, len(ordinary))
            return first + len(ordinary)
        if sought.rank_class == ORDINARY:
            own = ordinary.below(sought.rank)
            return own + min(first, longest * (own + 1) - run)
        own = sum(len(line) for rank_class, line in priority.items() if rank_class < sought.rank_class)
        own += priority[sought.rank_class].below(sought.rank)
        return own + min(len(ordinary), (own + run) // longest)

    def _interleaved(self, ordinary: Stretch, priority: Stretches, sought: Sought | None) -> int:
        share, calls = self._policy.ordinary_per_priority, 0
        while True:
            priority = {rank_class: line for rank_class, line in priority.items() if len(line)}
            if not priority or not len(ordinary):
                return calls + self._unmixed(ordinary, priority, sought)
            mixed = Mixed(ordinary, list(priority.values()), self._since_jump, share)
            if sought is not None:
                before = mixed.before(sought, priority.get(sought.rank_class))
                if before is not None:
                    return calls + before
            called, self._since_jump = mixed.until_a_line_ends()
            assert called, "nobody is called, but two lines wait"
            calls += called

    def _unmixed(self, ordinary: Stretch, priority: Stretches, sought: Sought | None) -> int:
        """Only ordinary or only priority visitors are left; the first of the latter may still take a jump."""
        jumped = 0
        if priority and self._since_jump >= self._policy.ordinary_per_priority:
            rank_class, line = next(iter(priority.items()))
            if sought == (rank_class, line[0].rank):
                return 0
            line.low += 1
            jumped, self._since_jump = 1, 0
        self._since_jump += len(ordinary)
        return jumped + by_age((ordinary, *priority.values()), sought)


NOBODY = Stretch(EMPTY)


def _run_after(run: int, longest: int, priority: int, ordinary: int) -> int:
    """How many strict priority calls in a row stand at the end of so many calls that began with a run."""
    if not priority:
        return 0 if ordinary else run
    if ordinary > (priority - 1 + run) // longest:
        return 0  # The last call was an ordinary one.
    if ordinary:
        priority, run = priority - (longest * ordinary - run), 0
    return (run + priority) % (longest + 1)  # After the longest run the next of them goes by age, and it begins anew.

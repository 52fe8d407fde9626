"""The lines of a service as a chain of nominations: whom the hall's policy puts forward, one after the other.

What a service nominates depends on its own lines, its own tally and, where long waits are escalated, on the clock; not
on how long visits take. So the policy is asked once for each step, and all runs of a forecast walk the same chain.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from queue_server.core.board import Tally, milliseconds_of
from queue_server.core.ids import TicketId
from queue_server.core.lanes import Place
from queue_server.core.policy import Head, Nominee, nominate, standing, tally_after
from queue_server.core.rules import PolicyRules

Standing = tuple[int, int, int, int]
NEVER = 1 << 62
"""Later than every instant, in milliseconds."""


class Visitor:
    """Somebody who waits: what the desk will be taken for, and when the visitor is called in each run.

    Lifetime: one forecast. Concurrency: none.
    """

    __slots__ = (
        "break_start",
        "break_stride",
        "called",
        "is_guest",
        "rank_class",
        "service",
        "start",
        "stride",
        "table",
    )

    def __init__(
        self,
        service: int,
        rank_class: int,
        table: Sequence[float],
        walks: tuple[int, int, int, int],
        *,
        is_guest: bool = False,
    ) -> None:
        self.service, self.rank_class, self.table = service, rank_class, table
        self.start, self.stride, self.break_start, self.break_stride = walks
        self.is_guest = is_guest
        """A newcomer who is only asked about, and takes no time and no turn."""
        self.called: list[float] = []
        """Milliseconds from the forecast to the call, one for each run."""


class _State(NamedTuple):
    """How many were called from each line, and what that added up to."""

    taken: tuple[int, ...]
    tally: Tally


class Step:
    """One nomination. A value but for the step after it, which is worked out when it is first asked for."""

    __slots__ = ("_line", "_state", "_then", "escalated", "escalates_at", "nominee", "standings", "visitor")

    def __init__(self, line: "Line", state: _State, nominee: Nominee) -> None:
        self._line, self._state = line, state
        self._then: tuple[Step | None] | None = None
        self.nominee, self.visitor = nominee, line.visitor(nominee.place.ticket)
        self.standings: Sequence[Standing] = [
            standing(nominee, position, line.policy) for position in range(line.positions)
        ]
        """Against other services, by the position of this one in a counter's list."""
        self.escalated: Step | None = None
        """What takes the place of this nomination ..."""
        self.escalates_at = NEVER
        """... from this instant on, in milliseconds."""

    def then(self) -> "Step | None":
        """What the service nominates once this one is called; None when nobody is left."""
        if self._then is None:
            self._then = (self._line.after(self._state, self.nominee, self.visitor),)
        return self._then[0]


class Line:
    """All lines of one service, as they were when the forecast began.

    Lifetime: one forecast. Concurrency: none.
    """

    def __init__(
        self,
        lines: Mapping[int, Sequence[Place]],
        policy: PolicyRules,
        positions: int,
        visitor: Callable[[TicketId], Visitor],
    ) -> None:
        self.policy, self.positions, self.visitor = policy, positions, visitor
        self._classes, self._places = tuple(lines), tuple(lines.values())
        self._steps: dict[_State, Step | None] = {}

    def first(self, tally: Tally) -> Step | None:
        """What the service nominates now."""
        return self._at(_State((0,) * len(self._classes), tally))

    def after(self, state: _State, nominee: Nominee, visitor: Visitor) -> Step | None:
        """What it nominates after that."""
        taken = tuple(
            count + (count < len(places) and places[count] is nominee.place)
            for count, places in zip(state.taken, self._places, strict=True)
        )
        if visitor.is_guest:
            return self._at(_State(taken, state.tally))
        return self._at(_State(taken, tally_after(state.tally, nominee.code, visitor.rank_class)))

    def _at(self, state: _State) -> Step | None:
        if state not in self._steps:  # Escalated or not, runs come together again: each state is worked out once.
            self._steps[state] = self._nominate(state)
        return self._steps[state]

    def _nominate(self, state: _State) -> Step | None:
        heads: list[Head] = [
            (rank_class, places[count])
            for rank_class, places, count in zip(self._classes, self._places, state.taken, strict=True)
            if count < len(places)
        ]
        usual = nominate(heads, state.tally, self.policy, -NEVER)
        if usual is None:
            return None
        step = Step(self, state, usual)
        late = nominate(heads, state.tally, self.policy, NEVER) if self.policy.escalate_after_s else None
        if late is not None and late.code == "escalated":
            step.escalated = Step(self, state, late)
            step.escalates_at = milliseconds_of(late.place.rank) + self.policy.escalate_after_s * 1000
        return step

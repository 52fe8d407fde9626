"""Who is next: what one service nominates, and how a counter chooses between services."""

import hypothesis.strategies as st
from hypothesis import given

from queue_server.core.board import BULK, ORDINARY, PLACE_BITS, RETURNED, Tally
from queue_server.core.ids import TicketId
from queue_server.core.lanes import Place
from queue_server.core.policy import Head, nominate, tally_after
from queue_server.core.rules import PolicyRules

CLASSES = (ORDINARY, 1, 2, BULK, RETURNED)


def a_head(rank_class: int, place: int, session: int = 0) -> Head:
    """The first of a line, `place` in milliseconds; for those who came back, the call they are due at."""
    return rank_class, Place(place << PLACE_BITS | rank_class, TicketId(f"T{rank_class}-{place}"), session)


HEADS = st.lists(
    st.builds(a_head, st.sampled_from(CLASSES), st.integers(0, 30), st.integers(0, 1)),
    min_size=1,
    max_size=5,
    unique_by=lambda head: head[0],
).map(sorted)
TALLIES = st.builds(Tally, *[st.integers(0, 8)] * 4)
POLICIES = st.builds(
    PolicyRules,
    priority=st.sampled_from(("none", "strict", "interleaved")),
    ordinary_per_priority=st.integers(1, 4),
    priority_in_row_max=st.integers(1, 4),
    others_per_bulk=st.integers(1, 4),
    escalate_after_s=st.sampled_from((0, 1)),
    carry_over=st.sampled_from((0, 1)),
)


@given(HEADS, TALLIES, POLICIES, st.integers(0, 3000))
def test_somebody_who_waits_is_always_nominated(heads: list[Head], tally: Tally, policy: PolicyRules, now: int) -> None:
    """An idle desk before a full hall is the one thing nobody forgives."""
    nominee = nominate(heads, tally, policy, now)
    assert nominee is not None
    assert (nominee.rank_class, nominee.place) in heads


@given(TALLIES, POLICIES)
def test_nobody_is_nominated_from_empty_lines(tally: Tally, policy: PolicyRules) -> None:
    """An empty line is no error."""
    assert nominate([], tally, policy, 0) is None


@given(HEADS, TALLIES, POLICIES, st.integers(0, 3000))
def test_nobody_of_a_later_session_goes_before_an_earlier_one(
    heads: list[Head], tally: Tally, policy: PolicyRules, now: int
) -> None:
    """Who waited over lunch is not put behind the afternoon."""
    nominee = nominate(heads, tally, policy, now)
    queue = [head for head in heads if head[0] != RETURNED]
    if nominee is not None and policy.carry_over and nominee.rank_class != RETURNED:
        assert nominee.place.session == min(place.session for _, place in queue)


@given(HEADS, TALLIES, POLICIES)
def test_no_priority_means_the_oldest_place(heads: list[Head], tally: Tally, policy: PolicyRules) -> None:
    """A hall that switched priority off is first come, first served, but for shares and returns."""
    plain = [head for head in heads if head[0] not in {BULK, RETURNED}]
    off = PolicyRules(priority="none", carry_over=0)
    nominee = nominate(plain, tally, off, 0)
    assert (nominee.place if nominee else None) == min((place for _, place in plain), default=None)


@given(HEADS, TALLIES, POLICIES)
def test_whoever_came_back_waits_for_the_due_call_unless_nobody_else_does(
    heads: list[Head], tally: Tally, policy: PolicyRules
) -> None:
    """Two calls are the price of not having been there; more would be a punishment."""
    nominee = nominate(heads, tally, policy, 0)
    back = [place for rank_class, place in heads if rank_class == RETURNED]
    if back and nominee is not None:
        is_due = back[0].rank >> PLACE_BITS <= tally.calls or len(heads) == 1
        assert (nominee.code == "returned") == is_due


@given(st.integers(1, 6), st.integers(1, 4))
def test_interleaved_calls_one_priority_visitor_after_so_many_ordinary_ones(ratio: int, lines: int) -> None:
    """The law gives priority visitors their turn, and everybody else theirs."""
    policy = PolicyRules(priority="interleaved", ordinary_per_priority=ratio)
    tally, codes = Tally(), ""
    for call in range(ratio * lines + lines):
        nominee = nominate([a_head(ORDINARY, call), a_head(1, 1000 + call)], tally, policy, 0)
        assert nominee is not None
        tally = tally_after(tally, nominee.code, nominee.rank_class)
        codes += "P" if nominee.code == "priority-turn" else "o"
    assert codes == ("o" * ratio + "P") * lines


@given(st.integers(1, 6))
def test_strict_calls_an_ordinary_visitor_after_the_longest_run(longest: int) -> None:
    """Strict priority must not starve the others."""
    policy = PolicyRules(priority="strict", priority_in_row_max=longest)
    tally, codes = Tally(), ""
    for call in range(2 * longest + 2):
        nominee = nominate([a_head(ORDINARY, 0), a_head(1, 1000 + call)], tally, policy, 0)
        assert nominee is not None
        tally = tally_after(tally, nominee.code, nominee.rank_class)
        codes += "P" if nominee.code == "priority-first" else "o"
    assert codes == ("P" * longest + "o") * 2


def test_the_better_rank_goes_first_among_priority_visitors() -> None:
    """The table's ranks mean something."""
    heads = [a_head(ORDINARY, 1), a_head(1, 9), a_head(2, 5)]
    nominee = nominate(heads, Tally(), PolicyRules(priority="strict"), 0)
    assert nominee is not None
    assert nominee.rank_class == 1


def test_a_bulk_ticket_is_called_after_so_many_others_or_when_alone() -> None:
    """An agent with twenty dossiers neither blocks the hall nor waits for ever."""
    policy = PolicyRules(others_per_bulk=3)
    heads = [a_head(ORDINARY, 5), a_head(BULK, 1)]
    codes = [nominate(heads, Tally(others_since_bulk=since), policy, 0) for since in (0, 2, 3)]
    assert [one and one.code for one in codes] == ["longest-wait", "longest-wait", "bulk-turn"]
    alone = nominate([a_head(BULK, 1)], Tally(), policy, 0)
    assert alone is not None
    assert (alone.code, alone.rank_class) == ("longest-wait", BULK)


def test_a_wait_beyond_the_limit_goes_before_everything_else() -> None:
    """Escalation is the last promise: nobody is forgotten."""
    policy = PolicyRules(priority="strict", escalate_after_s=10)
    heads = [a_head(ORDINARY, 1000), a_head(1, 2000)]
    early, late = (nominate(heads, Tally(), policy, now) for now in (10_999, 11_000))
    assert early is not None
    assert late is not None
    assert (early.code, late.code, late.rank_class) == ("priority-first", "escalated", ORDINARY)

"""Where a ticket stands: how many are called before it, by the hall's own policy and not by a second truth.

`call_order` plays the policy over iterators of the lines, so nothing is copied. `ahead` works the same out by
arithmetic (`turns`), and plays only while somebody waits whom the arithmetic leaves out.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from queue_server.core import lanes
from queue_server.core.board import BULK, ORDINARY, RETURNED, Board, State, Tally, Ticket, lanes_of, rules_of
from queue_server.core.ids import ServiceId
from queue_server.core.lanes import Lane
from queue_server.core.policy import Head, Nominee, nominate, tally_after
from queue_server.core.rules import PolicyRules
from queue_server.core.stretches import Sought, Stretch, Stretches
from queue_server.core.turns import bulk_turns, calls_before

STEPS_MAX = 500
"""So many calls are played at most, for the sake of those whom the arithmetic leaves out."""


def call_order(board: Board, service: ServiceId, at: datetime) -> Iterator[Nominee]:
    """Everyone waiting for a service in the order of their calls, each with its rule, if nobody else came."""
    return (nominee for nominee, _, _ in _calls(board, service, at))


def _calls(board: Board, service: ServiceId, at: datetime) -> Iterator[tuple[Nominee, int, Tally]]:
    """The same, each with the class of its line and the tally after the call."""
    policy, now = rules_of(board).policy, _milliseconds(at)
    tally = board.services[service].tally
    lines = {rank_class: lanes.places(lane) for rank_class, lane in lanes_of(board, service)}
    heads = {rank_class: next(places) for rank_class, places in lines.items()}
    while heads:
        queue: list[Head] = sorted(heads.items())
        nominee = nominate(queue, tally, policy, now)
        assert nominee is not None, "somebody waits, so somebody is nominated"
        from_class = next(one for one, place in queue if place is nominee.place)
        tally = tally_after(tally, nominee.code, board.tickets[nominee.place.ticket].rank_class)
        yield nominee, from_class, tally
        following = next(lines[from_class], None)
        if following is None:
            del heads[from_class]
        else:
            heads[from_class] = following


def ahead(board: Board, ticket: Ticket, at: datetime) -> int | None:
    """How many of its service are called before this waiting ticket, if nobody else came; None when it does not wait.

    It is exactly the ticket's position in `call_order`, at a cost that hardly follows the lengths of the lines. Calls
    are played one by one only until nobody is left who came back from an absence or who, placed anew in a later
    session, stands behind people of that session. Where that takes more than `STEPS_MAX` calls, the answer counts
    earlier places and no longer turns.
    """
    if ticket.state is not State.WAITING:
        return None
    if ticket.lane is None:
        assert ticket.counter is not None, f"ticket {ticket.id} waits in no line and for no counter"
        return lanes.before(board.counters[ticket.counter].directed, ticket.lane_rank)
    service, rank_class = ticket.lane
    lines = board.lanes[service]
    if len(lines) == 1:
        return lanes.before(lines[rank_class], ticket.lane_rank)  # One line: nobody goes out of its order.
    policy = rules_of(board).policy
    if rank_class == ORDINARY and policy.priority != "strict":
        known = _ahead_of_newest(board, lines, ticket, policy)
        if known is not None:
            return known
    return _worked_out(board, ticket, policy, at)


def _ahead_of_newest(board: Board, lines: dict[int, Lane], ticket: Ticket, policy: PolicyRules) -> int | None:
    """The short way for the newest ordinary ticket, which every new slip names; None where it is not so simple.

    Everybody of an earlier place goes before it, by age or by a jump, and bulk tickets when it is their turn.
    """
    others = -1
    for lane in lines.values():
        last = lane.chunks[-1][-1]
        if last.rank > ticket.rank or (policy.carry_over and (last.session > ticket.session or lane.backward)):
            return None
        others += lane.size
    if RETURNED in lines:
        return None
    bulk = lines.get(BULK)
    if bulk is None:
        return others
    if policy.escalate_after_s or (policy.carry_over and _are_earlier(lines, ticket.session)):
        return None
    others -= bulk.size
    since = board.services[ticket.service].tally.others_since_bulk
    return others + bulk_turns(others, bulk.size, since, policy.others_per_bulk)


def _are_earlier(lines: dict[int, Lane], session: int) -> bool:
    return any(lane.chunks[0][0].session < session for lane in lines.values())


def _worked_out(board: Board, ticket: Ticket, policy: PolicyRules, at: datetime) -> int:
    """By arithmetic, after as many single calls as it takes until the arithmetic holds."""
    assert ticket.lane is not None, f"ticket {ticket.id} stands in no line of its service"
    lines = dict(lanes_of(board, ticket.service))
    waiting = {rank_class: Stretch(lane) for rank_class, lane in lines.items() if rank_class != RETURNED}
    calls, tally, left_out = 0, board.services[ticket.service].tally, _left_out(lines, policy)
    if left_out:
        for nominee, from_class, after in islice(_calls(board, ticket.service, at), STEPS_MAX):
            if nominee.place.ticket == ticket.id:
                return calls
            calls, tally = calls + 1, after
            left_out -= _leaves(waiting, nominee, from_class, policy)
            if not left_out:
                break
        else:
            return max(sum(lanes.before(lane, ticket.rank) for lane in lines.values()), STEPS_MAX)
    sought = Sought(ticket.lane[1], ticket.lane_rank)
    return calls + calls_before(waiting, sought, tally, policy, _milliseconds(at))


def _left_out(lines: dict[int, Lane], policy: PolicyRules) -> int:
    """How many wait for whom the arithmetic does not hold."""
    if (policy.priority == "interleaved" and policy.ordinary_per_priority < 1) or (
        policy.priority == "strict" and policy.priority_in_row_max < 1
    ):
        return sum(lane.size + 1 for lane in lines.values())  # A hall's file may not say so; it is played to the end.
    returned = lines[RETURNED].size if RETURNED in lines else 0
    if not policy.carry_over:
        return returned
    return returned + sum(lane.backward for rank_class, lane in lines.items() if rank_class != RETURNED)


def _leaves(waiting: Stretches, nominee: Nominee, from_class: int, policy: PolicyRules) -> int:
    """Take one who is called out of the stretches; 1 for one of those whom the arithmetic leaves out."""
    if from_class == RETURNED:
        return 1
    line = waiting[from_class]
    line.low += 1
    return int(bool(policy.carry_over) and line.low > 1 and line[-2].session > nominee.place.session)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)

"""Where a ticket stands: how many are called before it, by the hall's own policy and not by a second truth.

The policy is played forward over iterators of the lines, so nothing is copied, and at most `STEPS_MAX` calls deep.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from queue_server.core import lanes
from queue_server.core.board import (
    BULK,
    ORDINARY,
    RETURNED,
    Board,
    State,
    Ticket,
    lanes_of,
    rules_of,
)
from queue_server.core.ids import ServiceId
from queue_server.core.policy import Head, Nominee, nominate, tally_after

STEPS_MAX = 500
"""Beyond this many calls ahead the answer counts earlier places instead of playing the policy on."""


def call_order(board: Board, service: ServiceId, at: datetime) -> Iterator[Nominee]:
    """Everyone waiting for a service in the order of their calls, each with its rule, if nobody else came."""
    policy, now = rules_of(board).policy, round(at.timestamp() * 1000)
    tally = board.services[service].tally
    lines = {rank_class: lanes.places(lane) for rank_class, lane in lanes_of(board, service)}
    heads = {rank_class: next(places) for rank_class, places in lines.items()}
    while heads:
        queue: list[Head] = sorted(heads.items())
        nominee = nominate(queue, tally, policy, now)
        assert nominee is not None, "somebody waits, so somebody is nominated"
        yield nominee
        from_class = next(one for one, place in queue if place is nominee.place)
        tally = tally_after(tally, nominee.code, board.tickets[nominee.place.ticket].rank_class)
        following = next(lines[from_class], None)
        if following is None:
            del heads[from_class]
        else:
            heads[from_class] = following


def ahead(board: Board, ticket: Ticket, at: datetime) -> int | None:
    """How many of its service are called before this waiting ticket; None when it does not wait.

    The newest ordinary ticket of a service, which every new slip names, is counted without playing the policy.
    """
    if ticket.state is not State.WAITING:
        return None
    if ticket.counter is not None:
        return lanes.before(board.counters[ticket.counter].directed, ticket.lane_rank)
    lines = board.lanes.get(ticket.service, {})
    if len(lines) == 1 and ticket.rank_class in lines:
        return lanes.before(lines[ticket.rank_class], ticket.rank)  # One line: nobody goes out of its order.
    if _is_newest_ordinary(board, ticket) and _comes_after_all(board, ticket):
        return _ahead_of_newest(board, ticket)
    for position, one in enumerate(islice(call_order(board, ticket.service, at), STEPS_MAX)):
        if one.place.ticket == ticket.id:
            return position
    earlier = sum(lanes.before(lane, ticket.rank) for _, lane in lanes_of(board, ticket.service))
    return max(earlier, STEPS_MAX)


def _is_newest_ordinary(board: Board, ticket: Ticket) -> bool:
    if ticket.rank_class != ORDINARY or ticket.lane != (ticket.service, ORDINARY):
        return False
    for rank_class, lane in lanes_of(board, ticket.service):
        if rank_class == RETURNED or lane.chunks[-1][-1].rank > ticket.rank:
            return False
    return True


def _comes_after_all(board: Board, ticket: Ticket) -> bool:
    """Whether everyone of an earlier place goes before the newest ordinary ticket, bulk tickets only by their share."""
    policy, others = rules_of(board).policy, [one for one in lanes_of(board, ticket.service) if one[0] != ORDINARY]
    if policy.priority == "strict" and any(rank_class != BULK for rank_class, _ in others):
        return False  # After the longest run of priority calls an ordinary ticket goes before the rest of them.
    if all(rank_class != BULK for rank_class, _ in others):
        return True
    heads = (lane.chunks[0][0] for _, lane in lanes_of(board, ticket.service))
    is_one_session = not policy.carry_over or all(head.session == ticket.session for head in heads)
    return is_one_session and not policy.escalate_after_s and policy.others_per_bulk > 0


def _ahead_of_newest(board: Board, ticket: Ticket) -> int:
    """All ordinary and priority tickets go before the newest ordinary one; bulk ones only when it is their turn."""
    sizes = {rank_class: lane.size for rank_class, lane in lanes_of(board, ticket.service)}
    bulk = sizes.pop(BULK, 0)
    others = sum(sizes.values()) - 1
    share = rules_of(board).policy.others_per_bulk
    since = board.services[ticket.service].tally.others_since_bulk
    return others + min(bulk, _bulk_turns(others, since, share))


def _bulk_turns(others: int, since: int, share: int) -> int:
    """How many bulk calls fall among this many other calls and just before the next one."""
    if since >= share:
        return 1 + others // share
    return 0 if others < share - since else 1 + (others - (share - since)) // share

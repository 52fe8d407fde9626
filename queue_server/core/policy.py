"""Who is next. Policies are pure orderings that look at the heads of lines and at a tally, never at everyone waiting.

Within one line (a service and a class) the oldest place is always first, so the heads are enough, and a call costs the
same with ten or ten thousand people waiting. First each service of the counter nominates one of its heads, then the
counter chooses between the nominees.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from queue_server.core import lanes
from queue_server.core.board import (
    BULK,
    ORDINARY,
    RETURNED,
    Board,
    Counter,
    Tally,
    milliseconds_at,
    milliseconds_of,
    rules_of,
)
from queue_server.core.events import Reason
from queue_server.core.ids import ServiceId, TicketId
from queue_server.core.lanes import Place
from queue_server.core.rules import PolicyRules

Head = tuple[int, Place]
"""The class of a line and who is first in it."""


class Nominee(Struct, frozen=True):
    """Whom one service would call, and by which rule."""

    code: str
    rank_class: int
    place: Place
    order: int
    """Where it stands against the nominees of other services: smaller goes first."""


class Pick(Struct, frozen=True):
    """Whom the counter calls, and why."""

    ticket: TicketId
    reason: Reason


def pick(board: Board, counter: Counter, at: datetime) -> Pick | None:
    """Who is next at this counter, or None when nobody waits for it."""
    policy, now = rules_of(board).policy, milliseconds_at(at)
    best: tuple[tuple[int, int, int, int], Nominee] | None = None
    for position, service in enumerate(counter.services):
        nominee = nominate(heads_of(board, service), board.services[service].tally, policy, now)
        if nominee is None:
            continue
        key = standing(nominee, position, policy)
        if best is None or key < best[0]:
            best = (key, nominee)
    directed = lanes.head(counter.directed)
    if directed is not None and (best is None or directed_goes_first(directed, best[1])):
        return Pick(directed.ticket, Reason(code="directed", services=counter.services))
    return None if best is None else Pick(best[1].place.ticket, _reason(best[1], counter.services, policy))


def heads_of(board: Board, service: ServiceId) -> list[Head]:
    """Who is first in each line of a service, lowest class first."""
    lines = board.lanes.get(service)
    return [(rank_class, lines[rank_class].chunks[0][0]) for rank_class in sorted(lines)] if lines else []


def nominate(heads: Sequence[Head], tally: Tally, policy: PolicyRules, now: int) -> Nominee | None:
    """Whom one service would call next at `now` (milliseconds), given the heads of its lines."""
    if not heads:
        return None
    if len(heads) == 1 and heads[0][0] == ORDINARY and not policy.escalate_after_s:
        # Most often only ordinary tickets wait, and the rules below all come to this.
        return Nominee("longest-wait", ORDINARY, heads[0][1], heads[0][1].rank)
    queue = [head for head in heads if head[0] != RETURNED]
    for rank_class, place in heads:
        if rank_class == RETURNED and (_due(place) <= tally.calls or not queue):
            return Nominee("returned", RETURNED, place, 0)
    if policy.carry_over and len(queue) > 1:
        earliest = min(place.session for _, place in queue)
        queue = [head for head in queue if head[1].session == earliest]
    oldest_class, oldest = min(queue, key=lambda head: head[1].rank)
    if policy.escalate_after_s and now - milliseconds_of(oldest.rank) >= policy.escalate_after_s * 1000:
        return Nominee("escalated", oldest_class, oldest, oldest.rank)
    return _by_class(queue, oldest.rank, tally, policy)


def _by_class(queue: Sequence[Head], oldest_rank: int, tally: Tally, policy: PolicyRules) -> Nominee:
    bulk = next((head for head in queue if head[0] == BULK), None)
    others = [head for head in queue if head[0] != BULK]
    if bulk is not None and (not others or tally.others_since_bulk >= policy.others_per_bulk):
        return Nominee("bulk-turn" if others else "longest-wait", BULK, bulk[1], oldest_rank)
    priority = min((head for head in others if head[0] != ORDINARY), default=None)
    ordinary = next((head for head in others if head[0] == ORDINARY), None)
    if priority is not None and policy.priority == "strict":
        if tally.priority_in_row < policy.priority_in_row_max:
            return Nominee("priority-first", priority[0], priority[1], priority[1].rank)
        # The run is used up: an ordinary visitor of this service, or whoever waits longest at the counter.
        rank_class, place = priority if ordinary is None else ordinary
        return Nominee("longest-wait", rank_class, place, place.rank)
    if (
        priority is not None
        and policy.priority == "interleaved"
        and tally.ordinary_since_priority >= policy.ordinary_per_priority
        and (ordinary is None or priority[1].rank > ordinary[1].rank)
    ):
        return Nominee("priority-turn", priority[0], priority[1], priority[1].rank)
    rank_class, place = min(others, key=lambda head: head[1].rank)
    return Nominee("longest-wait", rank_class, place, place.rank)


def tally_after(tally: Tally, code: str, rank_class: int) -> Tally:
    """The tally once a ticket of this class was called by the rule `code`; a directed call takes no shared turn."""
    if code == "directed":
        return tally
    is_ordinary = rank_class == ORDINARY
    since = 0 if code == "priority-turn" else tally.ordinary_since_priority + is_ordinary
    in_row = tally.priority_in_row
    if code == "priority-first":
        in_row += 1
    elif is_ordinary or code == "longest-wait":
        in_row = 0
    return Tally(
        calls=tally.calls + 1,
        ordinary_since_priority=since,
        priority_in_row=in_row,
        others_since_bulk=0 if rank_class == BULK else tally.others_since_bulk + 1,
    )


def _due(place: Place) -> int:
    return milliseconds_of(place.rank)


def standing(nominee: Nominee, position: int, policy: PolicyRules) -> tuple[int, int, int, int]:
    """Where a nominee stands against those of the counter's other services; `position` is its service's in the list."""
    in_order = position if policy.order == "service-order" else 0
    match nominee.code:
        case "returned" | "escalated":
            return (0, 0, 0, nominee.order)
        case "priority-turn" | "priority-first":
            return (1, in_order, nominee.rank_class, nominee.order)
        case _:
            return (1, in_order, BULK, nominee.order)


def directed_goes_first(directed: Place, nominee: Nominee) -> bool:
    """Whether somebody who waits for this counter alone is called before the best nominee."""
    return nominee.code not in {"returned", "escalated"} and directed.rank < nominee.place.rank


def _reason(nominee: Nominee, services: tuple[ServiceId, ...], policy: PolicyRules) -> Reason:
    rank = nominee.rank_class if ORDINARY < nominee.rank_class < BULK else 0
    match nominee.code:
        case "priority-turn":
            return Reason(code="priority-turn", services=services, rank=rank, ratio=policy.ordinary_per_priority)
        case "priority-first":
            return Reason(code="priority-first", services=services, rank=rank, ratio=policy.priority_in_row_max)
        case "bulk-turn":
            return Reason(code="bulk-turn", services=services, ratio=policy.others_per_bulk)
        case "escalated":
            return Reason(code="escalated", services=services, ratio=policy.escalate_after_s)
        case "returned":
            return Reason(code="returned", services=services)
        case _:
            return Reason(code="longest-wait", services=services, rank=rank)

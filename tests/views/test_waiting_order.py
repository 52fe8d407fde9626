"""The waiting list and the button agree: played to its end, every policy calls exactly as the list said."""

import random
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from queue_server.core.board import Board
from queue_server.core.events import AnyEvent, TicketCalled, TicketFinished
from queue_server.core.ids import TicketId
from queue_server.core.policy import pick
from queue_server.core.rules import NumberRange, PolicyRules
from queue_server.views.counters import waiting_order
from tests.views.halls import CIVIL, HA, LAND, ONE, PICKUP, at, issued, opened, some_rules, told

NOW = at(7, 52)
POLICIES = {
    "interleaved": PolicyRules(ordinary_per_priority=2),
    "strict": PolicyRules(priority="strict", priority_in_row_max=2),
    "no priority": PolicyRules(priority="none"),
    "service order": PolicyRules(order="service-order", others_per_bulk=1),
    "escalating": PolicyRules(escalate_after_s=1800),
    "bulk": PolicyRules(others_per_bulk=2),
    "no carry-over": PolicyRules(carry_over=0, others_per_bulk=3, ordinary_per_priority=1),
}


def a_random_hall(chance: random.Random, policy: PolicyRules) -> Board:
    """Thirty tickets of three services, all classes and two sessions, and one counter that serves them all."""
    rules = some_rules(policy)
    services = tuple(
        replace(one, ranges=(NumberRange(one.ranges[0].first, one.ranges[0].first + 500),)) for one in rules.services
    )
    rules = replace(rules, services=services, counters=(replace(rules.counters[0], services=(CIVIL, LAND, PICKUP)),))
    next_number, instant = {CIVIL: 1001, LAND: 2001, PICKUP: 4001}, at(7)
    story: list[tuple[datetime, AnyEvent]] = []
    for _ in range(30):
        instant += timedelta(seconds=chance.randint(1, 60))
        service = chance.choice(list(next_number))
        rank, items, session = chance.choice((0, 0, 0, 1, 2, 3)), chance.choice((1, 1, 1, 6)), chance.choice((0, 0, 1))
        number = next_number[service]
        story.append((instant, issued(number, service=service, rank=rank, items=items, session=session)))
        next_number[service] += 1
    return told(*story, (NOW, opened()), rules=rules)


def played(board: Board, calls: int) -> tuple[list[TicketId], Board]:
    """Whom the counter calls, and the board afterwards."""
    taken: list[TicketId] = []
    while len(taken) < calls and (chosen := pick(board, board.counters[ONE], NOW)) is not None:
        call = TicketCalled(ticket=chosen.ticket, counter=ONE, reason=chosen.reason, by=HA)
        ended = TicketFinished(ticket=chosen.ticket, counter=ONE, ended_by="next", by=HA)
        board = told((NOW, call), (NOW, ended), board=board)
        taken.append(chosen.ticket)
    return taken, board


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_the_waiting_list_is_the_order_of_the_calls(policy: PolicyRules) -> None:
    """A clerk who tells somebody "you are third" must be right."""
    for seed in range(15):
        chance = random.Random(seed)
        _, board = played(a_random_hall(chance, policy), chance.randint(0, 8))
        promised = [ticket for ticket, _ in waiting_order(board, board.counters[ONE], NOW)]
        taken, _ = played(board, 100)
        assert promised == taken, f"seed {seed}"

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core.board import Board
from queue_server.core.commands import CloseCounter, PauseCounter
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId
from queue_server.core.rules import PolicyRules
from queue_server.forecast.estimates import Estimates
from queue_server.forecast.fast_forward import Forecast, take
from tests.forecast.halls import EIGHT, Hall, rules

A, B = ServiceId("a"), ServiceId("b")
ONE = CounterNumber(1)
# Those that share turns between classes by counting may be off by a visit in one case of seventy: a guest of another
# service then stands where nobody will.
EXACT = [
    PolicyRules(bulk_from=0, priority="none"),
    PolicyRules(bulk_from=0, priority="none", order="service-order"),
    PolicyRules(bulk_from=0, priority="none", escalate_after_s=1800),
    PolicyRules(bulk_from=0, priority="strict", priority_in_row_max=2),
]
SHARING = [
    PolicyRules(bulk_from=0, ordinary_per_priority=2),
    PolicyRules(bulk_from=0, ordinary_per_priority=2, escalate_after_s=1800),
    PolicyRules(bulk_from=5, others_per_bulk=4),
]


def test_a_hall_that_has_not_started_forecasts_nothing() -> None:
    """The first view is asked for before the first event."""
    assert take(Board(), Estimates(), EIGHT) == {}


def test_with_a_free_counter_and_nobody_waiting_the_wait_is_none_at_all() -> None:
    """The citizen is called at once."""
    hall = Hall(rules((("a",),)))
    assert take(hall.board, hall.estimates, EIGHT) == {A: Forecast(made_at=EIGHT, wait_s=0)}


def test_a_service_that_no_open_counter_serves_has_no_forecast() -> None:
    """Zero or a guess would be a lie to whoever sits down for it."""
    hall = Hall(rules((("a",), ("b",), ("b",))))
    hall.do(CloseCounter(counter=CounterNumber(2), ask=AskId(""), by=Actor("desk")), EIGHT)
    hall.do(PauseCounter(counter=CounterNumber(3), reason="break", by=Actor("desk")), EIGHT)
    forecasts = take(hall.board, hall.estimates, EIGHT)
    assert (forecasts[A].wait_s, forecasts[B].wait_s) == (0, None)


def test_the_present_visit_and_those_ahead_are_counted_with_their_items() -> None:
    """Five papers take longer than one."""
    hall = Hall(rules((("a",),), expected_s=100))
    for name, items in (("now", 1), ("next", 3), ("last", 1)):
        hall.take(name, "a", EIGHT, items=items)
    hall.next(ONE, EIGHT)
    later = EIGHT + timedelta(seconds=40)
    assert take(hall.board, hall.estimates, later)[A].wait_s == 60 + 300 + 100


def test_an_overdue_visit_is_assumed_to_go_on_a_little() -> None:
    """The citizen at the desk is still there; zero would be wrong every time."""
    hall = Hall(rules((("a",),), expected_s=100))
    hall.take("now", "a", EIGHT)
    hall.next(ONE, EIGHT)
    assert take(hall.board, hall.estimates, EIGHT + timedelta(seconds=500))[A].wait_s == 30


def _told_and_true(policy: PolicyRules, seed: int, size: int, chosen: str) -> tuple[int | None, int]:
    hall = Hall(rules((("a", "b", "c"), ("b", "a"), ("c",)), policy=policy))
    at = hall.crowd(size, seed=seed, bulk=policy.bulk_from > 0)
    hall.all_call(at)
    at += timedelta(seconds=90)
    told, estimates = take(hall.board, hall.estimates, at)[ServiceId(chosen)].wait_s, hall.estimates
    hall.take("me", chosen, at)
    return told, int(hall.seconds_until_called("me", at, estimates))


@pytest.mark.parametrize("policy", EXACT)
@given(seed=st.integers(0, 10_000), size=st.integers(0, 40), chosen=st.sampled_from(["a", "b", "c"]))
@settings(max_examples=15, deadline=None)
def test_the_forecast_comes_true_when_visits_take_what_is_expected(
    policy: PolicyRules, seed: int, size: int, chosen: str
) -> None:
    """It runs the hall's own rule; a second rule would drift from the first at the next change."""
    told, true = _told_and_true(policy, seed, size, chosen)
    assert told == true


@pytest.mark.parametrize("policy", SHARING)
def test_rules_that_share_turns_are_forecast_almost_always_to_the_second(policy: PolicyRules) -> None:
    """Exactness for every service would cost one run for each."""
    cases = [_told_and_true(policy, seed, seed % 40, "abc"[seed % 3]) for seed in range(60)]
    exact = sum(told == true for told, true in cases)
    assert exact >= 55, f"{exact} of {len(cases)} to the second"


def test_beyond_the_cap_the_wait_goes_on_at_the_pace_of_the_run() -> None:
    """A crowd of thousands must not cost more time, and must not be told a shorter wait."""
    hall = Hall(rules((("a",), ("a",)), expected_s=60))
    at = hall.crowd(1500)
    items = sum(ticket.items for ticket in hall.board.tickets.values())
    assert take(hall.board, hall.estimates, at)[A].wait_s == pytest.approx(items * 60 / 2, rel=0.05)


def test_the_board_is_left_as_it_was() -> None:
    """Screens and the engine hold the same board."""
    hall = Hall(rules((("a", "b"), ("b",))))
    at = hall.crowd(30)
    lanes = {service: dict(lines) for service, lines in hall.board.lanes.items()}
    services, counters = dict(hall.board.services), dict(hall.board.counters)
    take(hall.board, hall.estimates, at)
    assert (hall.board.lanes, hall.board.services, hall.board.counters) == (lanes, services, counters)

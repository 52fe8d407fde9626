from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core.board import Board
from queue_server.core.commands import CloseCounter, PauseCounter
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.policy import pick
from queue_server.core.rules import Calendar, PolicyRules
from queue_server.forecast.chance import STRATA
from queue_server.forecast.estimates import Estimates
from queue_server.forecast.fast_forward import CALLS_MAX, take
from queue_server.forecast.rollouts import CALLS_BUDGET, forecast, forecast_in_parts, runs_for
from tests.forecast.halls import EIGHT, Hall, rules

A, B = ServiceId("a"), ServiceId("b")
ONE = CounterNumber(1)
SKILLS = (("a", "b", "c"), ("b", "a"), ("c",))
POLICIES = [
    PolicyRules(bulk_from=0, priority="none"),
    PolicyRules(bulk_from=0, priority="none", order="service-order"),
    PolicyRules(bulk_from=0, ordinary_per_priority=2, escalate_after_s=1800),
    PolicyRules(bulk_from=0, priority="strict", priority_in_row_max=2),
    PolicyRules(bulk_from=5, others_per_bulk=3),
]


def crowded(size: int, *, seed: int = 1, policy: PolicyRules | None = None, expected_s: int = 600) -> Hall:
    """A hall that never closes, with everybody at work for ninety seconds."""
    hall = Hall(replace(rules(SKILLS, policy=policy, expected_s=expected_s), calendar=Calendar(always_open=1)))
    at = hall.crowd(size, seed=seed, bulk=policy is not None and policy.bulk_from > 0)
    hall.all_call(at)
    return hall


def later(size: int) -> timedelta:
    """From eight o'clock until the forecast is made."""
    return timedelta(seconds=size + 90)


@pytest.mark.parametrize("policy", POLICIES)
@given(size=st.integers(0, 120), seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_nine_in_ten_is_never_less_than_the_middle(policy: PolicyRules, size: int, seed: int) -> None:
    """A promise shorter than the estimate beside it would be read as a mistake, and be one."""
    hall = crowded(size, seed=seed, policy=policy)
    told = forecast(hall.board, hall.estimates, EIGHT + later(size), seed)
    for one in (*told.by_service.values(), *told.by_ticket.values()):
        assert one.wait_s is not None
        assert one.wait_p90_s is not None
        assert 0 <= one.wait_s <= one.wait_p90_s


def test_the_same_seed_tells_the_same_and_another_one_nearly_the_same() -> None:
    """Chance is an argument: what was told can be told again, and hardly depends on it."""
    hall, at = crowded(60), EIGHT + later(60)
    first = forecast(hall.board, hall.estimates, at, 1)
    assert forecast(hall.board, hall.estimates, at, 1) == first
    other = forecast(hall.board, hall.estimates, at, 2)
    assert other != first
    assert other.by_service[A].wait_s == pytest.approx(first.by_service[A].wait_s, rel=0.1)
    assert other.by_service[A].wait_p90_s == pytest.approx(first.by_service[A].wait_p90_s, rel=0.15)


def test_a_longer_line_is_never_told_a_shorter_wait() -> None:
    """Citizens compare their slips."""
    hall = Hall(replace(rules((("a",), ("a",))), calendar=Calendar(always_open=1)))
    before, before_p90, at = 0, 0, EIGHT + timedelta(seconds=90)
    for number in range(80):
        hall.take(f"t{number}", "a", EIGHT + timedelta(seconds=number))
        told = forecast(hall.board, hall.estimates, at, 7).by_service[A]
        assert told.wait_s is not None
        assert told.wait_p90_s is not None
        assert (told.wait_s, told.wait_p90_s) >= (before, before_p90)
        assert told.wait_p90_s >= before_p90
        before, before_p90 = told.wait_s, told.wait_p90_s
    assert before > 0


def test_those_who_wait_are_told_their_own_place() -> None:
    """The third in line waits less than the tenth, whatever a newcomer would."""
    hall = Hall(replace(rules((("a",),)), calendar=Calendar(always_open=1)))
    for number in range(10):
        hall.take(f"t{number}", "a", EIGHT + timedelta(seconds=number))
    hall.next(ONE, EIGHT + timedelta(seconds=20))
    told = forecast(hall.board, hall.estimates, EIGHT + timedelta(seconds=30), 1)
    waits = [told.by_ticket[TicketId(f"t{number}")].wait_s for number in range(1, 10)]
    assert waits == sorted(set(waits), key=lambda wait: wait or 0)
    newcomer = told.by_service[A].wait_s
    assert newcomer is not None
    assert all(wait is not None and wait < newcomer for wait in waits)
    assert TicketId("t0") not in told.by_ticket


def test_an_absence_of_figures_gives_a_wide_promise_that_many_visits_narrow() -> None:
    """On its first morning a hall knows little, and says so by its range."""
    hall = Hall(replace(rules((("a",),)), calendar=Calendar(always_open=1)))
    for number in range(60):
        hall.take(f"t{number}", "a", EIGHT + timedelta(seconds=number))
    cold = forecast(hall.board, hall.estimates, EIGHT + timedelta(minutes=2), 1).by_service[A]
    at = EIGHT + timedelta(minutes=2)
    for _ in range(51):
        hall.next(ONE, at)
        at += timedelta(minutes=10)
    warm = forecast(hall.board, hall.estimates, at, 1).by_service[A]
    for told in (cold, warm):
        assert told.wait_s
        assert told.wait_p90_s
    assert warm.wait_s == pytest.approx(9 * 600, rel=0.2)
    assert (cold.wait_p90_s or 0) / (cold.wait_s or 1) > (warm.wait_p90_s or 0) / (warm.wait_s or 1) * 0.95
    assert (cold.wait_p90_s or 0) > 1.3 * (cold.wait_s or 0)


def test_a_cold_hall_with_nothing_learned_forecasts_every_service() -> None:
    """The first citizen of the first day asks too."""
    assert forecast(Board(), Estimates(), EIGHT, 1).by_service == {}
    hall = Hall(rules(SKILLS))
    told = forecast(hall.board, hall.estimates, EIGHT, 1)
    assert {one.wait_s for one in told.by_service.values()} == {0}
    assert {one.wait_p90_s for one in told.by_service.values()} == {0}


def test_a_service_that_no_open_counter_serves_has_no_forecast() -> None:
    """Zero or a guess would be a lie to whoever sits down for it."""
    hall = Hall(rules((("a",), ("b",), ("b",))))
    hall.take("waits", "b", EIGHT)
    hall.do(CloseCounter(counter=CounterNumber(2), ask=AskId(""), by=Actor("desk")), EIGHT)
    hall.do(PauseCounter(counter=CounterNumber(3), reason="break", by=Actor("desk")), EIGHT)
    told = forecast(hall.board, hall.estimates, EIGHT, 1)
    assert (told.by_service[B].wait_s, told.by_service[B].wait_p90_s) == (None, None)
    assert told.by_service[A].wait_s == 0
    assert TicketId("waits") not in told.by_ticket


@pytest.mark.parametrize("policy", POLICIES)
def test_without_chance_it_says_what_expected_times_say(policy: PolicyRules) -> None:
    """One machine runs ahead for both; what chance adds is chance and nothing else."""
    hall, at = crowded(40, policy=policy), EIGHT + later(40)
    estimates = replace(hall.estimates, spread=0.0)
    told, expected = forecast(hall.board, estimates, at, 3).by_service, take(hall.board, estimates, at)
    for service, one in told.items():
        assert one.wait_s == pytest.approx(expected[service].wait_s, abs=1)
        assert one.wait_p90_s == pytest.approx(expected[service].wait_s, abs=1)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_first_call_of_the_run_is_the_one_the_policy_makes(policy: PolicyRules) -> None:
    """There is one rule for who is next: the runs ask it step by step, and must come to the same choice."""
    for seed in range(20):
        hall = Hall(replace(rules(SKILLS, policy=policy), calendar=Calendar(always_open=1)))
        at = hall.crowd(30, seed=seed, bulk=policy.bulk_from > 0) + timedelta(seconds=900 * (seed % 4))
        told = forecast(hall.board, hall.estimates, at, seed).by_ticket
        first = pick(hall.board, hall.board.counters[ONE], at)
        assert first is not None
        assert told[first.ticket].wait_s == 0


def test_a_break_between_sessions_is_part_of_the_wait() -> None:
    """Who is told ten minutes at half past eleven, and is called at one, does not believe the next figure."""
    hall = Hall(rules((("a",),)))
    just_before_lunch = EIGHT + timedelta(hours=3, minutes=28)
    for name in ("now", "next"):
        hall.take(name, "a", EIGHT + timedelta(hours=3))
    hall.next(ONE, just_before_lunch)
    told = forecast(hall.board, hall.estimates, just_before_lunch, 1).by_ticket[TicketId("next")]
    assert told.wait_s == pytest.approx(92 * 60, abs=60)


def test_a_crowd_is_run_five_hundred_calls_deep_and_told_more_beyond() -> None:
    """A crowd of thousands must not cost more time, and must not be told a shorter wait."""
    hall = Hall(replace(rules((("a",), ("a",)), expected_s=60), calendar=Calendar(always_open=1)))
    at = hall.crowd(1500)
    assert runs_for(hall.board) == CALLS_BUDGET // CALLS_MAX
    told = forecast(hall.board, hall.estimates, at, 1)
    items = sum(ticket.items for ticket in hall.board.tickets.values())
    assert told.by_service[A].wait_s == pytest.approx(items * 60 / 2, rel=0.15)
    assert len(told.by_ticket) == CALLS_MAX


def test_the_parts_of_a_forecast_come_to_the_forecast() -> None:
    """Who shares a thread with the hall gives way between parts."""
    hall, at = crowded(30), EIGHT + later(30)
    *between, last = forecast_in_parts(hall.board, hall.estimates, at, 1)
    assert len(between) >= STRATA // 8
    assert set(between) == {None}
    assert last == forecast(hall.board, hall.estimates, at, 1)


def test_two_hundred_waiting_at_ten_counters_are_forecast_in_time() -> None:
    """Twenty milliseconds a service is the promise; the limit here leaves room for a busy machine."""
    services = "abcdefghijkl"
    skills = tuple(tuple(services[(3 * counter + step) % 12] for step in range(6)) for counter in range(10))
    hall = Hall(replace(rules(skills), calendar=Calendar(always_open=1)))
    at = hall.crowd(210)
    hall.all_call(at)

    def seconds() -> float:
        before = perf_counter()
        forecast(hall.board, hall.estimates, at, 1)
        return perf_counter() - before

    assert min(seconds() for _ in range(5)) < 0.020 * len(services)


def test_the_board_is_left_as_it_was() -> None:
    """Screens and the engine hold the same board."""
    hall, at = crowded(30), EIGHT + later(30)
    before = (dict(hall.board.lanes), dict(hall.board.services), dict(hall.board.counters))
    forecast(hall.board, hall.estimates, at, 1)
    assert (hall.board.lanes, hall.board.services, hall.board.counters) == before

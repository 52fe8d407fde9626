"""The figures that a manager sees during the day are those that the index gives at the same moment."""

from collections import Counter
from time import perf_counter

import pytest
from msgspec import structs

from queue_server.core.events import TicketCalled, TicketIssued
from queue_server.reports.service_index import By, service_index
from queue_server.reports.today import STEP_MINUTES, Today
from queue_server.wire.manager import DayFigures
from tests.reports.generated import a_day
from tests.reports.stories import DEFINITIONS, MONDAY, clock

NAMES = tuple(field.name for field in structs.fields(DayFigures))


def _index(day: list, by: By) -> dict[str, dict[str, object]]:  # type: ignore[type-arg]
    found = service_index(day, first_day=MONDAY, last_day=MONDAY, by=by, definitions=DEFINITIONS)
    return {row.group: {name: getattr(row, name) for name in NAMES} for row in found.rows}


@pytest.mark.parametrize("seed", range(6))
def test_the_page_and_the_index_agree_at_every_moment_of_an_odd_day(seed: int) -> None:
    """Two figures under one name that differ would be believed by nobody, and the day is the one that is watched."""
    day, today = a_day(seed), Today(MONDAY)
    for count, (event, at, _) in enumerate(day, start=1):
        today.follow(event, at)
        if count % 150 and count != len(day):
            continue
        hall, services = today.figures()
        assert structs.asdict(hall) == _index(day[:count], "")[""]
        by_service = {
            name: structs.asdict(row) for name, row in services.items() if row.tickets or row.refused_no_numbers
        }
        assert by_service == _index(day[:count], "service")


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_counts_everybody_once_and_ends_with_who_waits(seed: int) -> None:
    """A line that drifts from the hall shows a queue that is not there."""
    day, today = a_day(seed), Today(MONDAY)
    waiting = Counter[str]()
    for event, at, _ in day:
        today.follow(event, at)
        waiting[type(event).__name__] += 1
    steps = today.steps(clock("20:00"))
    assert sum(one.issued for one in steps) == waiting[TicketIssued.__name__]
    assert sum(one.called for one in steps) == waiting[TicketCalled.__name__]
    assert [one.minute for one in steps] == list(range(steps[0].minute, steps[-1].minute + 1, STEP_MINUTES))
    assert steps[-1].waiting == 0, "after the seal nobody waits"
    assert all(one.waiting >= 0 for one in steps)


def test_a_turn_costs_its_news_and_not_the_day() -> None:
    """At two thousand tickets a turn must stay far below the time of a frame, on the machine that serves the hall."""
    day, today = a_day(1, steps=6000), Today(MONDAY)
    spent = []
    for count, (event, at, _) in enumerate(day, start=1):
        today.follow(event, at)
        if count % 40 == 0:
            began = perf_counter()
            today.figures()
            today.steps(at)
            spent.append(perf_counter() - began)
    assert sorted(spent)[len(spent) // 2] < 0.005

"""What the events of a day and of the days before teach beyond the mean visit."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from queue_server.core.events import AnyEvent, CounterPaused, CounterResumed, DayOpened
from queue_server.core.ids import Actor, CounterNumber
from queue_server.forecast.estimates import HISTORY_MAX, Estimates, learn, learn_from_history, with_history
from tests.reports.stories import (
    CERTIFY,
    CLERK,
    MONDAY,
    ONE,
    THREE,
    TWO,
    absent,
    called,
    clock,
    finished,
    issued,
    opened,
)

EIGHT = clock("8:00")
SLOW, QUICK = Actor("p-slow"), Actor("p-quick")


def visits(
    count: int, minutes: float, counter: CounterNumber = ONE, *, name: str = "t"
) -> list[tuple[AnyEvent, datetime]]:
    """So many visits of so many minutes, one after the other."""
    told: list[tuple[AnyEvent, datetime]] = []
    for index in range(count):
        at = EIGHT + timedelta(minutes=minutes * index)
        told.append((issued(f"{name}{index}"), at))
        told.append((called(f"{name}{index}", counter), at))
        told.append((finished(f"{name}{index}", counter), at + timedelta(minutes=minutes)))
    return told


def learned(*told: tuple[AnyEvent, datetime], before: Estimates | None = None) -> Estimates:
    """The estimates after these events."""
    estimates = before or Estimates()
    for event, at in told:
        estimates = learn(estimates, event, at)
    return estimates


def test_a_slow_clerk_is_known_after_a_while_and_not_after_one_visit() -> None:
    """One long visit is chance; thirty are a clerk."""
    desks = [(opened(ONE, SLOW), EIGHT), (opened(TWO, QUICK), EIGHT)]
    once = learned(*desks, *visits(8, 10, TWO, name="q"), *visits(1, 20, ONE))
    assert 1 < once.slowness(SLOW, CERTIFY) < 1.1
    often = learned(
        *desks, *[pair for both in zip(visits(60, 8, TWO, name="q"), visits(60, 16), strict=True) for pair in both]
    )
    assert often.slowness(SLOW, CERTIFY) > 1.2 > 0.85 > often.slowness(QUICK, CERTIFY)
    assert often.slowness("somebody new", CERTIFY) == 1


def test_a_visit_that_nobody_ended_counts_as_a_long_one_and_no_more() -> None:
    """The clerk went home; the next day's waits must not be told in hours."""
    usual = learned(*visits(30, 10))
    forgotten = learned(*visits(1, 600, name="x"), before=usual)
    assert forgotten.milliseconds(CERTIFY) < 1.25 * usual.milliseconds(CERTIFY)


def test_who_does_not_come_is_counted_with_what_it_cost() -> None:
    """One in ten absent makes the line shorter, as everybody who waits has noticed."""
    told: list[tuple[AnyEvent, datetime]] = []
    for index in range(10):
        told += [(issued(f"a{index}"), EIGHT), (called(f"a{index}"), EIGHT)]
        told.append((absent(f"a{index}"), EIGHT + timedelta(minutes=1)))
    estimates = learned(*visits(70, 5), *told)
    assert estimates.absent_share() == pytest.approx(0.1)
    assert estimates.calls.absent_ms / estimates.calls.absent == 60_000
    assert Estimates().absent_share() == 0


def test_the_time_a_desk_stays_free_is_learned_only_while_somebody_waits() -> None:
    """An empty hall is no slow clerk."""
    waiting: list[tuple[AnyEvent, datetime]] = [
        (issued("a"), EIGHT),
        (issued("b"), EIGHT),
        (called("a"), EIGHT),
        (finished("a"), EIGHT + timedelta(minutes=5)),
    ]
    late = EIGHT + timedelta(minutes=7)
    assert learned(*waiting, (called("b"), late)).desks.gaps == (120_000,)
    nobody: list[tuple[AnyEvent, datetime]] = [
        (issued("a"), EIGHT),
        (called("a"), EIGHT),
        (finished("a"), EIGHT + timedelta(minutes=5)),
        (issued("c"), late),
    ]
    assert learned(*nobody, (called("c"), late)).desks.gaps == ()


def test_pauses_are_learned_by_the_hour_in_which_they_begin() -> None:
    """Lunch is half an hour at noon and not ten minutes at any time."""
    told: list[tuple[AnyEvent, datetime]] = []
    for counter in (ONE, TWO, THREE, CounterNumber(4)):
        for begins, minutes in ((clock("9:30"), 10), (clock("11:45"), 30), (clock("14:30"), 10)):
            told.append((CounterPaused(counter=counter, reason="break", by=CLERK), begins))
            told.append((CounterResumed(counter=counter, by=CLERK), begins + timedelta(minutes=minutes)))
    desks = learned(*sorted(told, key=lambda one: one[1]), *visits(20, 5)).desks
    assert set(desks.pause_lengths(11)) == {1_800_000}
    assert desks.pause_share(11) > desks.pause_share(8)


def test_history_stands_before_today_and_today_goes_on_as_if_it_had_been_there() -> None:
    """It is read in the background, after the hall has opened."""
    past = learn_from_history([(DayOpened(day=MONDAY), clock("6:00")), *visits(50, 20)])
    today = learned(*visits(5, 10, name="n"), (issued("waits"), EIGHT), before=Estimates())
    both = with_history(today, past)
    assert both.underway == today.underway
    assert both.measured[CERTIFY].visits == 55
    assert both.milliseconds(CERTIFY) > 17 * 60_000
    assert both.shapes[CERTIFY][-5:] == today.shapes[CERTIFY]
    assert both.desks.free_since == today.desks.free_since


def test_history_is_bounded_however_long_the_journal_is() -> None:
    """Ten years of events must not keep a hall busy after a restart."""
    read = 0

    def endless() -> Iterator[tuple[AnyEvent, datetime]]:
        nonlocal read
        while True:
            read += 1
            yield issued("a"), EIGHT

    learn_from_history(endless())
    assert read == HISTORY_MAX

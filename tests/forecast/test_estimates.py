from datetime import timedelta

from queue_server.core.events import DayOpened, HallConfigured, TicketHeld, TicketTransferred
from queue_server.core.ids import TicketId
from queue_server.forecast.estimates import VISITS_MAX, Estimates, learn
from tests.reports.stories import (
    CERTIFY,
    CLERK,
    LAND,
    MONDAY,
    ONE,
    RULES,
    Story,
    absent,
    called,
    clock,
    finished,
    issued,
    returned,
    started,
)

A = TicketId("a")


def learned(story: Story) -> Estimates:
    """What the events of a story teach."""
    estimates = Estimates()
    for event, at, _ in story.events:
        estimates = learn(estimates, event, at)
    return estimates


def test_before_anything_is_measured_the_rules_say_what_is_assumed() -> None:
    """The first citizen of a new hall is told something sensible."""
    assert learned(Story()).milliseconds(CERTIFY) == 600_000
    assert learned(Story()).milliseconds(CERTIFY, items=3) == 1_800_000
    assert Estimates().milliseconds(LAND) == 600_000


def test_the_assumption_weighs_as_much_as_five_visits() -> None:
    """One odd visit must not turn the forecast over."""
    story = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:10:30", started()).tell("8:12", finished())
    assert learned(story).milliseconds(CERTIFY) == (5 * 600_000 + 120_000) // 6


def test_a_visit_with_items_teaches_what_one_item_takes() -> None:
    """Ten copies in ten minutes are not a slow service."""
    story = Story().tell("8:00", issued(items=10)).tell("8:10", called()).tell("8:20", finished())
    assert learned(story).milliseconds(CERTIFY) == (5 * 600_000 + 600_000) // 15


def test_doubtful_and_inaccurate_visits_and_absences_teach_nothing() -> None:
    """They say how buttons were pressed, not how long a service takes."""
    for ending in (finished(doubtful=1, ended_by="next"), finished(inaccurate=1, ended_by="day-end")):
        story = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:11", ending)
        assert learned(story).milliseconds(CERTIFY) == 600_000
    story = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:11", absent()).tell("8:12", returned())
    assert learned(story).milliseconds(CERTIFY) == 600_000


def test_each_desk_of_a_transfer_teaches_its_own_service() -> None:
    """The second desk's time is not the first one's."""
    story = Story().tell("8:00", issued()).tell("8:10", called())
    story.tell("8:11", TicketTransferred(ticket=A, from_counter=ONE, service=LAND, reason="pay", by=CLERK))
    story.tell("8:20", called()).tell("8:21", TicketHeld(ticket=A, counter=ONE, by=CLERK))
    estimates = learned(story.tell("8:40", returned()))
    assert estimates.milliseconds(CERTIFY) == estimates.milliseconds(LAND) == (5 * 600_000 + 60_000) // 6


def test_old_visits_are_forgotten_and_nothing_grows() -> None:
    """A service that became quicker is believed after a while, and a year of visits fits in the same value."""
    estimates = learn(Estimates(), HallConfigured(rules=RULES, by=CLERK), clock("6:00"))
    for minutes in [20] * VISITS_MAX + [5] * 4 * VISITS_MAX:
        at = clock("8:00")
        for event, later in ((issued(), 0), (called(), 0), (finished(), minutes)):
            estimates = learn(estimates, event, at + timedelta(minutes=later))
    assert abs(estimates.milliseconds(CERTIFY) - 300_000) < 30_000
    assert len(estimates.underway) == 0


def test_a_new_day_forgets_who_was_under_way_and_keeps_what_was_learned() -> None:
    """A visit cannot last over night; what a service takes does not change by midnight."""
    story = Story().tell("8:00", issued(), issued("b")).tell("8:10", called()).tell("8:12", finished())
    before = learned(story)
    after = learn(before, DayOpened(day=MONDAY + timedelta(days=1)), clock("6:00", MONDAY + timedelta(days=1)))
    assert (len(before.underway), len(after.underway)) == (1, 0)
    assert after.milliseconds(CERTIFY) == before.milliseconds(CERTIFY)

from datetime import timedelta

import msgspec

from queue_server.core.events import (
    DayOpened,
    PriorityDecided,
    Promise,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketHeld,
    TicketMoved,
    TicketRecalled,
    TicketRefused,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
    TomorrowPromised,
)
from queue_server.core.ids import Actor, LeaseId, TicketId
from queue_server.reports.figures import Row
from queue_server.reports.service_index import service_index
from tests.reports.stories import (
    CERTIFY,
    CLERK,
    DEFINITIONS,
    LAND,
    MONDAY,
    ONE,
    THREE,
    TWO,
    Story,
    absent,
    called,
    clock,
    finished,
    issued,
    item,
    offered,
    opened,
    rated,
    returned,
    started,
)

A = TicketId("a")
CONTRACT_KEYS = [
    "group",
    "tickets",
    "served",
    "absent",
    "cancelled",
    "expired",
    "open",
    "inaccurate",
    "doubtful",
    "offline",
    "refused_no_numbers",
    "wait_n",
    "wait_mean_s",
    "wait_p50_s",
    "wait_p90_s",
    "wait_max_s",
    "wait_within_15min_share",
    "wait_ended_by_start_share",
    "wait_open_hours_mean_s",
    "before_opening_mean_s",
    "second_wait_n",
    "second_wait_mean_s",
    "return_wait_mean_s",
    "lunch_crossing",
    "service_n",
    "service_mean_s",
    "service_p90_s",
    "ratings_asked",
    "ratings",
    "rating_response_share",
    "satisfied",
    "neutral",
    "dissatisfied",
    "satisfaction_share",
    "dossiers",
    "dossiers_dissatisfied",
    "priority_claimed",
    "priority_confirmed",
]


def test_the_answer_has_exactly_the_keys_of_the_contract() -> None:
    """Auditors' programs read these names; one missing or renamed breaks them all."""
    answer = msgspec.to_builtins(Story().index())
    assert list(answer) == ["from", "to", "by", "definitions", "journal_head", "rows"]
    assert list(answer["rows"][0]) == CONTRACT_KEYS
    assert [figure.key for figure in DEFINITIONS.figures] == CONTRACT_KEYS


def test_a_day_without_tickets_has_no_means_instead_of_zeros() -> None:
    """A zero would read as: nobody had to wait."""
    row = Story().total()
    assert (row.tickets, row.wait_n, row.wait_mean_s, row.wait_within_15min_share) == (0, 0, None, None)
    assert Story().index("service").rows == ()


def test_the_wait_ends_when_start_is_pressed() -> None:
    """The walk to the desk is part of what the citizen waits."""
    row = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:11", started()).tell("8:20", finished()).total()
    assert (row.wait_mean_s, row.service_mean_s, row.wait_ended_by_start_share) == (660, 540, 1.0)


def test_without_start_the_wait_ends_at_the_call_and_a_recall_does_not_move_it() -> None:
    """A clerk could otherwise lengthen or shorten waits by calling again."""
    story = Story().tell("8:00", issued()).tell("8:10", called())
    story.tell("8:14", TicketRecalled(ticket=A, counter=ONE, by=CLERK)).tell("8:20", finished())
    row = story.total()
    assert (row.wait_mean_s, row.service_mean_s, row.wait_ended_by_start_share) == (600, 600, 0.0)


def test_after_absence_the_new_call_ends_the_wait_and_the_citizen_counts_as_served_only() -> None:
    """Absent and served at once would count one person twice."""
    story = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:12", absent()).tell("8:20", returned())
    row = story.tell("8:25", called()).tell("8:26", started()).tell("8:30", finished()).total()
    assert (row.served, row.absent, row.wait_mean_s, row.return_wait_mean_s) == (1, 0, 26 * 60, 6 * 60)
    assert (row.wait_n, row.service_mean_s) == (1, 240)


def test_absent_cancelled_and_expired_are_counted_apart_and_in_no_mean() -> None:
    """Who gives up early would otherwise make the wait look short."""
    story = Story().tell("8:00", *(issued(name) for name in ("a", "b", "c", "d", "e")))
    story.tell("8:01", called("a")).tell("8:02", absent("a"))
    story.tell("8:03", TicketCancelled(ticket=TicketId("b"), channel="staff", reason="left", by=CLERK))
    promise = Promise(ticket=TicketId("z"), day=MONDAY + timedelta(days=1), number=1, service=CERTIFY, rank_class=0)
    story.tell("16:00", TomorrowPromised(ticket=TicketId("c"), promise=promise, by=CLERK))
    story.tell("23:00", TicketExpired(ticket=TicketId("d"), by=CLERK))
    row = story.total()
    assert (row.tickets, row.served, row.absent, row.cancelled, row.expired, row.open) == (5, 0, 1, 1, 2, 1)
    assert row.wait_n == 0


def test_before_opening_is_no_part_of_the_wait() -> None:
    """The desk cannot be blamed for the time before it opened, yet the crowd at the doors must show."""
    story = Story().tell("7:05", issued()).tell("7:40", called()).tell("7:41", started()).tell("7:50", finished())
    row = story.tell("8:00", issued("b")).tell("8:01", called("b")).tell("8:05", finished("b")).total()
    assert (row.wait_mean_s, row.before_opening_mean_s) == ((660 + 60) // 2, 25 * 60)


def test_a_booked_visitor_waits_from_the_booked_time() -> None:
    """Who comes early waits by choice."""
    story = Story().tell("8:00", issued(booked_at=clock("9:00"))).tell("9:07", called()).tell("9:10", finished())
    assert story.total().wait_mean_s == 7 * 60


def test_a_booked_visitor_who_is_called_early_waits_no_time() -> None:
    """A negative wait would shorten the mean of the others."""
    story = Story().tell("8:00", issued(booked_at=clock("9:00"))).tell("8:30", called()).tell("8:40", finished())
    assert story.total().wait_mean_s == 0


def test_lunch_counts_in_the_wait_and_is_shown_apart() -> None:
    """The citizen sat through it; leaving it out of the main figure would hide the oldest complaint of all."""
    story = Story().tell("11:00", issued()).tell("13:10", called()).tell("13:20", finished())
    row = story.tell("14:00", issued("b", session=1)).tell("14:02", called("b")).tell("14:05", finished("b")).total()
    assert (row.wait_max_s, row.wait_open_hours_mean_s, row.lunch_crossing) == (130 * 60, (40 * 60 + 120) // 2, 1)


def test_the_calendar_in_force_when_the_ticket_was_issued_sets_the_opening() -> None:
    """A ticket for the afternoon, taken at lunch, waits from the afternoon's opening."""
    story = Story().tell("12:40", issued(session=1)).tell("13:05", called()).tell("13:10", finished())
    row = story.total()
    assert (row.wait_mean_s, row.before_opening_mean_s, row.lunch_crossing) == (300, 1200, 0)


def test_a_leased_ticket_counts_from_its_issue_at_the_kiosk_not_from_the_hand_over() -> None:
    """The citizen waited while the network was down."""
    lease = issued(origin="lease", lease=LeaseId("l"), issued_at=clock("8:00"))
    row = Story().tell("8:30", lease).tell("8:40", called()).tell("8:50", finished()).total()
    assert (row.offline, row.wait_mean_s) == (1, 40 * 60)


def test_a_caught_up_ticket_is_served_with_times_unknown() -> None:
    """The press of a button afterwards is not when the citizen was served."""
    row = Story().tell("8:00", issued()).tell("9:00", TicketCaughtUp(ticket=A, by=CLERK)).total()
    assert (row.served, row.inaccurate, row.wait_n, row.service_n) == (1, 1, 0, 0)


def test_who_was_still_at_the_desk_at_day_end_is_in_no_mean() -> None:
    """A forgotten finish would otherwise be a service of nine hours."""
    story = Story().tell("8:00", issued()).tell("8:10", called()).tell("8:11", started())
    row = story.tell("23:00", finished(ended_by="day-end", inaccurate=1)).total()
    assert (row.served, row.inaccurate, row.wait_n, row.service_n) == (1, 1, 0, 0)


def test_a_doubtful_visit_is_served_and_waited_but_has_no_service_time() -> None:
    """Clerks who press next twice would otherwise be the fastest of the hall."""
    story = Story().tell("8:00", issued()).tell("8:10", called())
    row = story.tell("8:10:05", finished(ended_by="next", doubtful=1)).total()
    assert (row.served, row.doubtful, row.wait_n, row.wait_mean_s, row.service_n) == (1, 1, 1, 600, 0)


def _there_and_back() -> Story:
    story = Story().tell("7:30", opened(ONE), opened(TWO, Actor("p-minh"))).tell("8:00", issued())
    story.tell("8:10", called()).tell("8:11", started())
    there = TicketTransferred(
        ticket=A, from_counter=ONE, service=LAND, back_to=ONE, reason="pay", items=(item("1.1"),), by=CLERK
    )
    story.tell("8:20", there).tell("8:25", called(counter=TWO)).tell("8:26", started(counter=TWO))
    back = TicketTransferred(ticket=A, from_counter=TWO, service=CERTIFY, counter=ONE, reason="return", by=CLERK)
    story.tell("8:30", back).tell("8:32", called())
    dossiers = {"dossier.0": "x", "dossier.1": "y"}
    story.tell("8:40", finished(items=(item("1.1"), item("2.2")), commitments=dossiers))
    return story.tell("8:40", offered()).tell("8:41", rated(score=1))


def test_a_transfer_there_and_back_is_one_ticket_with_two_second_waits() -> None:
    """The citizen came once; only desks see three visits."""
    row = _there_and_back().total()
    assert (row.tickets, row.served, row.wait_mean_s) == (1, 1, 660)
    assert (row.second_wait_n, row.second_wait_mean_s) == (2, (6 * 60 + 2 * 60) // 2)
    assert (row.service_n, row.service_mean_s) == (1, (9 + 4 + 8) * 60)


def test_rows_by_desk_count_visits() -> None:
    """Each desk answers for its own visits, and the main wait stands with the first."""
    story = _there_and_back()
    by_service, by_counter, by_clerk = story.rows("service"), story.rows("counter"), story.rows("clerk")
    assert (by_service["certify"].tickets, by_service["land"].tickets) == (2, 1)
    assert (by_service["certify"].wait_n, by_service["land"].wait_n) == (1, 0)
    assert (by_counter["1"].service_mean_s, by_counter["2"].service_mean_s) == ((9 + 8) * 30, 240)
    assert (by_clerk["p-lan"].dissatisfied, by_clerk["p-minh"].ratings_asked) == (1, 0)
    assert by_clerk["p-lan"].dossiers_dissatisfied == 2


def test_a_ticket_counts_in_each_of_its_procedures_with_the_dossiers_of_it() -> None:
    """One visit may bring papers for several procedures."""
    rows = _there_and_back().rows("procedure")
    assert {group: (row.tickets, row.dossiers, row.dossiers_dissatisfied) for group, row in rows.items()} == {
        "1.1": (1, 1, 1),
        "2.2": (1, 1, 1),
    }


def test_away_and_return_is_a_second_visit_with_a_wait_of_its_own() -> None:
    """Fetching a paper is not waiting; queueing again after it is."""
    story = Story().tell("8:00", issued()).tell("8:05", called()).tell("8:06", started())
    story.tell("8:10", TicketSentAway(ticket=A, counter=ONE, reason="form", by=CLERK)).tell("9:00", returned())
    story.tell("9:04", called(counter=TWO)).tell("9:05", started(counter=TWO)).tell("9:10", finished(counter=TWO))
    row, counters = story.total(), story.rows("counter")
    assert (row.wait_mean_s, row.return_wait_mean_s, row.service_mean_s) == (360, 300, 9 * 60)
    assert (counters["1"].served, counters["2"].served, counters["2"].return_wait_mean_s) == (1, 1, 300)


def test_who_never_comes_back_expires_as_a_ticket_and_was_served_as_a_visit() -> None:
    """The desk did its part; the citizen's matter is not done."""
    story = Story().tell("8:00", issued()).tell("8:05", called())
    story.tell("8:10", TicketHeld(ticket=A, counter=ONE, by=CLERK)).tell("23:00", TicketExpired(ticket=A, by=CLERK))
    assert (story.total().expired, story.total().wait_n) == (1, 0)
    assert (story.rows("service")["certify"].served, story.rows("service")["certify"].wait_n) == (1, 1)


def test_a_closing_counter_does_not_begin_a_new_wait_for_who_is_still_waiting() -> None:
    """The second wait began with the transfer, whatever the counter does then."""
    story = Story().tell("8:00", issued()).tell("8:05", called())
    story.tell("8:10", TicketTransferred(ticket=A, from_counter=ONE, service=LAND, counter=THREE, reason="r", by=CLERK))
    story.tell("8:20", TicketReturned(ticket=A, why="counter-closed", by=CLERK))
    row = story.tell("8:30", called(counter=TWO)).tell("8:40", finished(counter=TWO)).total()
    assert (row.second_wait_mean_s, row.return_wait_mean_s) == (1200, None)


def test_a_moved_ticket_counts_for_the_service_it_was_moved_to() -> None:
    """A wrong button at the kiosk is not that service's queue."""
    story = Story().tell("8:00", issued()).tell("8:05", TicketMoved(ticket=A, service=LAND, reason="wrong", by=CLERK))
    assert list(story.rows("service")) == ["land"]


def test_only_refusals_for_want_of_numbers_are_counted_as_such() -> None:
    """The scandal no other system records; closing time is another matter."""
    story = Story()
    for why in ("no-numbers", "daily-limit", "session-limit", "would-pass-closing"):
        story.tell("9:00", TicketRefused(service=LAND, why=why, session=0, by=CLERK))
    assert story.total().refused_no_numbers == 3
    assert story.rows("service")["land"].refused_no_numbers == 3
    assert story.rows("hour")["09"].refused_no_numbers == 3


def test_the_confirmed_share_of_priority_is_of_claims() -> None:
    """Priority given without a claim must not make the share of true claims look high."""
    story = Story().tell("8:00", issued("a", claimed_rank=1), issued("b", claimed_rank=2), issued("c"))
    for name, confirmed in (("a", 1), ("b", 0), ("c", 1)):
        decided = PriorityDecided(
            ticket=TicketId(name), rank_class=confirmed, confirmed=1 if confirmed else 0, proof_seen=1, by=CLERK
        )
        story.tell("8:05", decided)
    assert (story.total().priority_claimed, story.total().priority_confirmed) == (2, 1)


def test_ratings_count_by_the_scale_and_beside_the_share_of_answers() -> None:
    """Ratings saturate; without the share of answers they say nothing."""
    story = Story()
    for name, score in (("a", 3), ("b", 2), ("c", 1), ("d", None), ("e", 9)):
        story.tell("8:00", issued(name)).tell("8:01", called(name)).tell("8:05", finished(name), offered(name))
        if score is not None:
            story.tell("8:06", rated(name, score))
    row = story.seal().total()
    assert (row.ratings_asked, row.ratings, row.rating_response_share) == (5, 4, 0.8)
    assert (row.satisfied, row.neutral, row.dissatisfied, row.satisfaction_share) == (1, 1, 1, 0.25)


def test_dossiers_brought_count_where_desks_named_none() -> None:
    """A keypad names no dossiers; the code that the citizen scanned still ties the rating to the dossier."""
    story = Story().tell("8:00", issued(commitments={"dossier.0": "x", "group": "y"})).tell("8:01", called())
    row = story.tell("8:05", finished(), offered()).tell("8:06", rated(score=1)).total()
    assert (row.dossiers, row.dossiers_dissatisfied) == (1, 1)


def test_halves_round_up_and_percentiles_are_measured_values() -> None:
    """Whoever computes it anew from the journal must find the same second."""
    story = Story()
    for name, waited in (("a", "8:00:01"), ("b", "8:00:02"), ("c", "8:00:03.500"), ("d", "8:00:03.500")):
        story.tell("8:00", issued(name)).tell(waited, called(name)).tell("8:10", finished(name))
    row = story.total()
    assert (row.wait_mean_s, row.wait_p50_s, row.wait_p90_s, row.wait_max_s) == (3, 2, 4, 4)


def test_days_outside_the_range_add_nothing_but_their_rules() -> None:
    """A reader may begin at any earlier day."""
    before, wanted = Story(day=MONDAY), Story(day=MONDAY + timedelta(days=1))
    before.tell("8:00", issued("old")).tell("8:10", called("old")).tell("8:20", finished("old"))
    wanted.tell("8:00", issued("new")).tell("8:04", called("new")).tell("8:20", finished("new"))
    after = (DayOpened(day=MONDAY + timedelta(days=2)), clock("6:00", MONDAY + timedelta(days=2)), 99)
    events = [*before.events, *wanted.events, after]
    index = service_index(events, first_day=wanted.day, last_day=wanted.day, by="day", definitions=DEFINITIONS)
    assert [(row.group, row.tickets, row.wait_mean_s) for row in index.rows] == [("2026-11-24", 1, 240)]


def test_a_promised_ticket_waits_from_the_opening_of_its_day() -> None:
    """It is issued at midnight, when nobody is there."""
    story = Story().tell("6:00", issued(origin="promise", issued_at=clock("0:00")))
    story.tell("7:35", called()).tell("7:40", finished())
    row = story.total()
    assert (row.wait_mean_s, row.before_opening_mean_s) == (300, None)
    assert list(story.rows("hour")) == ["07"]


def test_periods_are_named_so_that_they_sort() -> None:
    """A spreadsheet sorts them as text."""
    story = Story().tell("8:00", issued()).tell("9:30", issued("b"))
    groups = {by: list(story.rows(by)) for by in ("hour", "weekday", "day", "month", "quarter", "year")}
    assert groups == {
        "hour": ["08", "09"],
        "weekday": ["1"],
        "day": ["2026-11-23"],
        "month": ["2026-11"],
        "quarter": ["2026-Q4"],
        "year": ["2026"],
    }


def test_every_row_adds_up() -> None:
    """Tickets = served + absent + cancelled + expired + open, in every row of every grouping."""

    def adds_up(row: Row) -> bool:
        return row.tickets == row.served + row.absent + row.cancelled + row.expired + row.open

    story = _there_and_back().tell("9:00", issued("b", LAND)).tell("9:05", called("b", TWO))
    assert all(adds_up(row) for by in ("", "service", "counter", "clerk", "hour") for row in story.index(by).rows)

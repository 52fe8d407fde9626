"""Ratings: one answer to one invitation, in time."""

from msgspec.structs import replace

from queue_server.core.commands import RateVisit, Tick
from queue_server.core.decide import refusal_in
from queue_server.core.events import RatingGiven, RatingOffered
from queue_server.core.ids import HALL_ITSELF, AskId, TicketId
from queue_server.core.refusal import Refusal
from tests.factories import KIOSK, LAND, ONE, TWO, Hall, clock, code_of

TICK = Tick(by=HALL_ITSELF, asks=(AskId("X"), AskId("Y")))


def a_finished_visit() -> tuple[Hall, RateVisit]:
    """A visit that has just ended, and its good rating."""
    hall = Hall(opened=[1, 2])
    hall.take(), hall.next(), hall.start()
    hall.later(minutes=5)
    hall.finish()
    (ask,) = hall.board.asks
    return hall, RateVisit(by=KIOSK, ask=ask, score=3, reasons=("slow", "invented"))


def why_not(hall: Hall, command: RateVisit) -> str:
    """Why an answer cannot count; it is counted that it was tried."""
    before = hall.board.ratings_refused
    events = hall.events(command)
    assert hall.board.ratings_refused == before + 1
    refusal = refusal_in(hall.board, events, hall.at)
    return "" if refusal is None else refusal.code


def test_a_visit_is_rated_once_within_its_time() -> None:
    """The last instant counts, the one after it does not."""
    hall, rating = a_finished_visit()
    hall.later(seconds=120)
    (given,) = hall.events(rating)
    assert isinstance(given, RatingGiven)
    assert (given.ticket, given.score, given.reasons) == (TicketId("T1"), 3, ("slow",))
    assert why_not(hall, rating) == "rating-repeated"


def test_a_late_answer_and_one_nobody_asked_for_are_refused_and_counted() -> None:
    """A satisfaction figure that anybody can push is worth nothing."""
    hall, rating = a_finished_visit()
    hall.later(seconds=120, milliseconds=1)
    assert why_not(hall, rating) == "rating-late"
    assert why_not(hall, replace(rating, ask=None, ticket="T1")) == "rating-late"
    assert why_not(hall, replace(rating, ask="no")) == "rating-unasked"
    assert why_not(hall, replace(rating, ask=None)) == "rating-unasked"
    assert why_not(hall, replace(rating, ask=None, ticket="no")) == "rating-unasked"


def test_a_score_that_the_scale_does_not_have_is_refused() -> None:
    """And the answer names those that it has."""
    hall, rating = a_finished_visit()
    assert hall.decide(replace(rating, score=4)) == Refusal("score-unknown", {"score": 4, "known": "1, 2, 3"})


def test_a_visit_may_be_rated_by_its_ticket() -> None:
    """From the page behind the code on the slip."""
    hall, rating = a_finished_visit()
    assert code_of(hall.decide(replace(rating, ask=None, ticket="T1"))) == ""
    hall.take()
    assert why_not(hall, replace(rating, ask=None, ticket="T3")) == "rating-unasked"


def test_a_long_visit_is_rated_fifteen_minutes_after_it_began() -> None:
    """The citizen is still there then; and once only, whatever happens afterwards."""
    hall = Hall(opened=[1])
    hall.take(), hall.next(), hall.start()
    hall.later(minutes=15, milliseconds=-1)
    assert hall.events(TICK) == ()
    hall.later(milliseconds=1)
    (offered,) = hall.events(TICK)
    assert offered == RatingOffered(
        ask=AskId("X"), ticket=TicketId("T1"), counter=ONE, scale="faces", scale_version=1, expires_at=clock("8:17")
    )
    assert hall.events(TICK) == ()
    assert len(hall.finish()) == 1  # type: ignore[arg-type]


def test_a_visit_through_two_desks_is_asked_about_once() -> None:
    """And nothing stays due for ever, which would keep the hall ticking for nothing."""
    hall = Hall(opened=[1, 2])
    hall.take(), hall.next(), hall.start()
    hall.later(minutes=15)
    hall.events(TICK)
    hall.transfer(service=LAND), hall.next(2), hall.start(2)
    assert hall.board.asks_due == ()
    hall.later(minutes=15)
    assert hall.events(TICK) == ()
    assert hall.board.counters[TWO].ticket == "T1"


def test_more_ratings_due_than_ids_wait_for_the_next_tick() -> None:
    """None is forgotten."""
    hall = Hall(opened=[1, 2])
    for counter in (1, 2):
        hall.take(), hall.next(counter), hall.start(counter)
    hall.later(minutes=15)
    assert [len(hall.events(replace(TICK, asks=(AskId(name),)))) for name in "PQR"] == [1, 1, 0]

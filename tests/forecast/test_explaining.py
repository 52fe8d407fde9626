from datetime import timedelta

import pytest

from queue_server.core.commands import CloseCounter
from queue_server.core.ids import Actor, AskId, CounterNumber, TicketId
from queue_server.forecast.explaining import explain, say
from queue_server.presenting.texts import Texts, load
from tests.forecast.halls import EIGHT, Hall, rules


@pytest.fixture(scope="module")
def texts() -> Texts:
    """The texts of the hall."""
    return load()


def test_a_wait_is_explained_by_counters_services_and_people_ahead(texts: Texts) -> None:
    """Whoever doubts the figure can look at the counter and count."""
    hall = Hall(rules((("a", "b"), ("b",))))
    for number in range(8):
        hall.take(f"t{number}", "a", EIGHT + timedelta(seconds=number))
    hall.take("other", "b", EIGHT + timedelta(seconds=30))
    at = EIGHT + timedelta(minutes=1)
    explanation = explain(hall.board, hall.board.tickets[TicketId("t7")], at)
    assert (explanation.ahead, explanation.shared, explanation.ahead_of_others) == (7, ("b",), 1)
    said = say(explanation, hall.board, texts)
    assert said.en == "Counter 1 serves a and b; 7 ahead"
    assert said.vi == "Quầy 1 làm a và b; còn 7 người trước"


def test_no_counter_and_many_counters_are_said_in_short(texts: Texts) -> None:
    """A line on a phone has room for three counters."""
    hall = Hall(rules((("a",),) * 5))
    hall.take("t", "a", EIGHT)
    ticket = hall.board.tickets[TicketId("t")]
    assert say(explain(hall.board, ticket, EIGHT), hall.board, texts).en == (
        "Counter 1 serves a; counter 2 serves a; counter 3 serves a; and 2 more counters; nobody ahead"
    )
    for number in range(1, 6):
        hall.do(CloseCounter(counter=CounterNumber(number), ask=AskId(""), by=Actor("desk")), EIGHT)
    assert say(explain(hall.board, ticket, EIGHT), hall.board, texts).en == "No open counter serves a now"

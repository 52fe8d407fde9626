"""The checker itself: it finds nothing in an honest record, and every seeded fault by its name.

A checker that passes everything would be worse than none, for the whole hall is trusted because of it.
"""

from msgspec.structs import replace

from queue_server.core.events import Reason, TicketCalled, TicketIssued
from queue_server.core.ids import TicketId
from tests.hall.history import Answer, Claim, Entry, Heard, Seen
from tests.hall.made_up import CIVIL, CLERK, LAND, ONE, STEP_S, TWO, MadeUp, answer_of
from tests.hall.proof import violations
from tests.hall.violation import Violation


def a_morning() -> MadeUp:
    """Six tickets, three calls, one of them finished, and a counter that asks in vain."""
    hall = MadeUp()
    hall.call(TWO)
    for service in (CIVIL, CIVIL, LAND, CIVIL, LAND, CIVIL):
        hall.take(service)
    for counter in (ONE, TWO):
        hall.call(counter)
    hall.finish(ONE)
    hall.call(ONE)
    return hall


def rules_broken(hall: MadeUp) -> set[str]:
    """The names of everything that the checker finds."""
    return {one.rule for one in violations(hall.history, hall.rows)}


def a_ticket(ticket: TicketId, number: int) -> TicketIssued:
    """A ticket that the hall's own rules would not give."""
    return TicketIssued(ticket=ticket, number=number, service=CIVIL, session=0, origin="desk", by=CLERK)


def test_an_honest_record_has_no_violation() -> None:
    """A checker that cries wolf would soon be switched off."""
    hall = a_morning()
    assert violations(hall.history, hall.rows) == []


def test_an_acknowledged_ticket_that_is_not_in_the_journal_is_found() -> None:
    """The citizen holds a number that the hall knows nothing of."""
    hall = a_morning()
    issued = a_ticket(TicketId("never-written"), 1900)
    hall.note(hall.asked("/tickets", "ticket-issued", service=CIVIL), answer_of(issued, hall.at, ""))
    assert rules_broken(hall) == {"lost"}


def test_an_acknowledged_call_that_is_not_in_the_journal_is_found() -> None:
    """A citizen was called, walked to the desk, and after the restart waits again."""
    hall = a_morning()
    ticket = hall.take()
    called = TicketCalled(ticket=ticket.ticket, counter=TWO, reason=Reason(code="longest-wait"), by=CLERK)
    hall.note(hall.asked("/next", "ticket-called", counter=TWO), answer_of(called, hall.at, "", ticket.number))
    assert rules_broken(hall) == {"lost"}


def test_an_acknowledged_finish_that_is_not_in_the_journal_is_found() -> None:
    """The report would count a visit that has no end."""
    hall = a_morning()
    present = hall.board.counters[TWO].ticket
    assert present is not None
    claim = Claim(kind="ticket-finished", ticket=present, number=hall.number_of(present), counter=TWO)
    hall.note(hall.asked("/finish", "ticket-finished", counter=TWO), Answer(status=200, claims=(claim,)))
    assert rules_broken(hall) == {"lost"}


def test_a_cut_tail_is_found_by_the_answers_alone() -> None:
    """After a power cut the chain of a shorter journal is whole; only the answers remember the rest."""
    hall = a_morning()
    del hall.rows[-2:]
    assert rules_broken(hall) == {"lost", "head-unknown"}


def test_an_answer_with_another_number_than_the_journal_is_found() -> None:
    """Paper and journal must say the same."""
    hall = a_morning()
    issued = hall.take()
    entry = hall.history.entries.pop()
    assert entry.answer is not None
    claims = (replace(entry.answer.claims[0], number=issued.number + 1),)
    hall.history.entries.append(replace(entry, answer=replace(entry.answer, claims=claims)))
    assert rules_broken(hall) == {"lost", "nobody-asked"}


def test_one_number_given_to_two_citizens_is_found() -> None:
    """Two people stand up when it is called."""
    hall = a_morning()
    issued = a_ticket(TicketId("second-holder"), 1001)
    hall.happen(issued)
    hall.note(hall.asked("/tickets", "ticket-issued", service=CIVIL), answer_of(issued, hall.at, ""))
    assert rules_broken(hall) == {"number-twice"}


def test_a_ticket_called_to_two_counters_is_found() -> None:
    """The citizen cannot be at both."""
    hall = a_morning()
    hall.finish(TWO)
    present = hall.board.counters[ONE].ticket
    assert present is not None
    called = TicketCalled(ticket=present, counter=TWO, reason=Reason(code="by-number", why="mistake"), by=CLERK)
    hall.happen(called)
    asked = hall.asked("/call", "ticket-called", counter=TWO)
    hall.note(asked, answer_of(called, hall.at, "", hall.number_of(present)))
    assert rules_broken(hall) == {"double-call"}


def test_a_call_to_a_counter_that_has_somebody_is_found() -> None:
    """The one who is being served would vanish from the board without an end."""
    hall = a_morning()
    waiting = hall.take()
    reason = Reason(code="by-number", why="urgent")
    called = TicketCalled(ticket=waiting.ticket, counter=ONE, reason=reason, by=CLERK)
    hall.happen(called)
    asked = hall.asked("/call", "ticket-called", counter=ONE)
    hall.note(asked, answer_of(called, hall.at, "", waiting.number))
    assert rules_broken(hall) == {"double-call"}


def test_a_call_out_of_order_is_found() -> None:
    """Somebody was let in by the back door, under the reason of an ordinary call."""
    hall = a_morning()
    hall.finish(TWO)
    last = hall.take()
    reason = Reason(code="longest-wait", services=(CIVIL, LAND))
    called = TicketCalled(ticket=last.ticket, counter=TWO, reason=reason, by=CLERK)
    hall.happen(called)
    asked = hall.asked("/next", "ticket-called", counter=TWO)
    hall.note(asked, answer_of(called, hall.at, "", last.number))
    assert rules_broken(hall) == {"unlawful-call", "overtaken"}


def test_a_call_out_of_order_that_says_so_is_lawful() -> None:
    """A clerk may call a number; the reason stands in the journal and is counted."""
    hall = a_morning()
    hall.finish(TWO)
    last = hall.take()
    called = TicketCalled(ticket=last.ticket, counter=TWO, reason=Reason(code="by-number", why="urgent"), by=CLERK)
    hall.happen(called)
    asked = hall.asked("/call", "ticket-called", counter=TWO)
    hall.note(asked, answer_of(called, hall.at, "", last.number))
    assert rules_broken(hall) == set()


def test_the_right_ticket_for_the_wrong_reason_is_found() -> None:
    """The reason is what the citizen is told and the auditor reads."""
    hall = a_morning()
    hall.finish(TWO)
    lawful = hall.would_call(TWO)
    called = replace(lawful, reason=replace(lawful.reason, code="priority-turn", rank=1))
    hall.happen(called)
    asked = hall.asked("/next", "ticket-called", counter=TWO)
    hall.note(asked, answer_of(called, hall.at, "", hall.number_of(called.ticket)))
    assert rules_broken(hall) == {"unlawful-call"}


def test_a_repeated_key_with_two_effects_is_found() -> None:
    """The kiosk asked twice because the network was slow, and two slips came out."""
    hall = a_morning()
    hall.take(key="same")
    hall.take(key="same")
    assert {"key-two-effects", "key-answers-differ"} <= rules_broken(hall)


def test_a_repeated_key_whose_first_effect_nobody_heard_of_is_found() -> None:
    """The answer was lost, the retry made a second ticket, and the first one will be called to nobody."""
    hall = a_morning()
    hall.take(key="same", is_lost=True)
    hall.take(key="same")
    assert rules_broken(hall) == {"nobody-asked"}


def test_a_repeated_key_with_one_effect_and_one_answer_is_right() -> None:
    """This is what keys are for."""
    hall = a_morning()
    hall.take(key="same", is_lost=True)
    lost = hall.history.entries[-1]
    issued = hall.board.tickets[TicketId("ticket-7")]
    assert hall.history.lost() == [lost.asked]
    claim = Claim(kind="ticket-issued", ticket=issued.id, number=issued.number)
    answer = Answer(status=201, claims=(claim,), identity=(201, issued.id, issued.number))
    for _ in range(2):
        hall.note(lost.asked, answer)
    assert hall.history.lost() == []
    assert rules_broken(hall) == set()


def test_a_repeat_after_nobody_waited_may_call_somebody() -> None:
    """Nothing had happened, so the same press may do it now; from then on it is the same call again."""
    hall = MadeUp()
    hall.call(ONE, key="same")
    hall.take()
    hall.call(ONE, key="same")
    called = hall.history.entries[-1]
    hall.note(called.asked, called.answer)
    assert rules_broken(hall) == set()
    hall.finish(ONE)
    hall.note(called.asked, Answer(status=200, nobody_waits_at=ONE, identity=(200, None)))
    assert rules_broken(hall) == {"key-answers-differ"}


def test_a_repeat_that_was_answered_otherwise_is_found() -> None:
    """A retry must give the same slip."""
    hall = a_morning()
    hall.take(key="same")
    first = hall.history.entries[-1]
    assert first.answer is not None
    hall.note(first.asked, replace(first.answer, identity=(200, "ticket-7", 1)))
    assert rules_broken(hall) == {"key-answers-differ"}


def test_a_key_granted_for_another_body_is_found() -> None:
    """Two citizens would share one ticket."""
    hall = a_morning()
    hall.take(key="same")
    first = hall.history.entries[-1]
    hall.note(replace(first.asked, body='{"service":"dat-dai"}'), first.answer)
    assert rules_broken(hall) == {"key-reused"}


def test_one_ticket_as_the_answer_to_two_citizens_is_found() -> None:
    """Two keys are two citizens."""
    hall = a_morning()
    hall.take()
    first = hall.history.entries[-1]
    hall.note(replace(first.asked, key="another"), first.answer)
    assert "one-event-for-two" in rules_broken(hall)


def test_what_is_said_twice_and_happens_once_may_answer_both() -> None:
    """Start pressed again names the first start; the event is as old as that."""
    hall = a_morning()
    hall.start(ONE)
    hall.take()
    hall.start(ONE)
    assert rules_broken(hall) == set()
    assert hall.history.entries.pop(-3).asked.wanted.kind == "service-started"
    assert rules_broken(hall) == {"nobody-asked"}


def test_a_ticket_that_nobody_asked_for_is_found() -> None:
    """A number given to nobody keeps a desk waiting."""
    hall = a_morning()
    hall.happen(a_ticket(TicketId("from-nowhere"), 1900))
    assert rules_broken(hall) == {"nobody-asked"}


def test_a_lost_answer_explains_one_event_and_no_more() -> None:
    """What a client does not know may have happened, once."""
    hall = a_morning()
    hall.take(is_lost=True)
    assert rules_broken(hall) == set()
    hall.take(is_lost=True)
    hall.history.entries.pop()
    assert rules_broken(hall) == {"nobody-asked"}


def test_a_refused_request_that_had_an_effect_is_found() -> None:
    """No means that nothing happened."""
    hall = a_morning()
    hall.take()
    entry = hall.history.entries.pop()
    hall.history.entries.append(replace(entry, answer=Answer(status=409)))
    assert rules_broken(hall) == {"nobody-asked"}


def test_two_tickets_in_the_reverse_order_of_their_answers_are_found() -> None:
    """Who held a slip before the other came in must stand before the other."""
    hall = a_morning()
    hall.take()
    early = hall.history.entries.pop()
    hall.take()
    late = hall.history.entries.pop()
    hall.history.entries += [
        replace(early, started=late.started, ended=late.ended),
        replace(late, started=early.started, ended=early.ended),
    ]
    assert "time-order" in rules_broken(hall)


def test_an_event_after_its_own_answer_is_found() -> None:
    """An answer that runs ahead of the disk is a promise, not a fact."""
    hall = a_morning()
    hall.take()
    entry = hall.history.entries.pop()
    early = replace(entry, started=entry.started - 3 * STEP_S, ended=entry.ended - 3 * STEP_S)
    hall.history.entries.append(early)
    assert "outside-interval" in rules_broken(hall)


def test_a_head_that_is_not_in_the_journal_is_found() -> None:
    """The slip names the journal's head, so that the citizen can prove what it said."""
    hall = a_morning()
    hall.take()
    entry = hall.history.entries.pop()
    assert entry.answer is not None
    hall.history.entries.append(replace(entry, answer=replace(entry.answer, head="0123456789ab")))
    assert rules_broken(hall) == {"head-unknown"}


def test_nobody_waits_while_somebody_does_is_found() -> None:
    """A clerk was sent to lunch while the hall was full."""
    hall = a_morning()
    hall.finish(TWO)
    hall.note(hall.asked("/next", "ticket-called", counter=TWO), Answer(status=200, nobody_waits_at=TWO))
    assert rules_broken(hall) == {"somebody-waits"}


def _view(hall: MadeUp, sequence: int, numbers: dict[int, int | None]) -> None:
    hall.note(hall.asked("/board", "", key=""), Answer(status=200, seen=Seen(sequence=sequence, number_at=numbers)))


def _numbers(hall: MadeUp) -> dict[int, int | None]:
    return {
        number: None if counter.ticket is None else hall.number_of(counter.ticket)
        for number, counter in hall.board.counters.items()
    }


def test_a_true_view_is_right_and_a_false_one_is_found() -> None:
    """The lobby would send a citizen to the wrong desk."""
    hall = a_morning()
    _view(hall, hall.board.sequence, _numbers(hall))
    assert rules_broken(hall) == set()
    _view(hall, hall.board.sequence, {**_numbers(hall), ONE: 1999})
    assert rules_broken(hall) == {"untrue-view"}


def test_a_stale_view_is_found() -> None:
    """Whoever was told of a ticket must see it on the board from then on."""
    hall = a_morning()
    sequence, numbers = hall.board.sequence, _numbers(hall)
    hall.take()
    _view(hall, sequence, numbers)
    assert rules_broken(hall) == {"time-order"}


def _call_of(hall: MadeUp) -> Heard:
    row = next(row for row in hall.rows if row.kind == "ticket-called")
    return Heard(screen="lobby", sequence=row.sequence, number=1001, counter=ONE, at=hall.now)


def test_an_announcement_of_a_call_is_right() -> None:
    """The voice says what the journal says."""
    hall = a_morning()
    hall.history.heard.append(_call_of(hall))
    assert rules_broken(hall) == set()


def test_a_false_repeated_or_early_announcement_is_found() -> None:
    """The voice said what did not happen, said it twice, or said it before it happened."""
    for spoilt in (
        [replace(_call_of(a_morning()), number=1002)],
        [replace(_call_of(a_morning()), counter=TWO)],
        [replace(_call_of(a_morning()), sequence=10_000)],
        [_call_of(a_morning())] * 2,
        [replace(_call_of(a_morning()), at=0.0)],
    ):
        hall = a_morning()
        hall.history.heard += spoilt
        assert rules_broken(hall) == {"announcement"}, spoilt


def test_a_changed_journal_is_told_before_anything_else() -> None:
    """With a broken chain nothing that the journal says can be believed."""
    hall = a_morning()
    hall.rows[5] = replace(hall.rows[5], body="{}")
    (violation,) = violations(hall.history, hall.rows)
    assert violation.rule == "chain"
    assert "event 6" in str(violation)


def test_a_violation_reads_as_one_line() -> None:
    """It is what a person sees when the nightly run fails."""
    assert str(Violation("lost", "the words")) == "lost: the words"


def test_an_entry_without_a_key_stands_for_itself() -> None:
    """Doors without keys, such as a view, never repeat."""
    hall = a_morning()
    hall.take(key="")
    hall.take(key="")
    assert rules_broken(hall) == set()
    assert isinstance(hall.history.entries[-1], Entry)

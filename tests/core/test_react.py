"""What the world is told after an event, and what is still owed after a restart."""

from queue_server.core.board import Board
from queue_server.core.commands import AskHelp, FinishTicket, RateVisit, Recall, SealDay
from queue_server.core.decide import Decision
from queue_server.core.effects import (
    AnnounceTicket,
    AnyEffect,
    AskForRating,
    CallForHelp,
    PrintSlip,
    SealReport,
    ShowAtCounter,
    WithdrawRating,
)
from queue_server.core.evolve import evolve
from queue_server.core.ids import AskId, TicketId
from queue_server.core.react import react, resume, unanswered
from queue_server.core.refusal import Refusal
from tests.factories import BOX, KIOSK, LAN, LAND, ONE, THREE, TWO, Hall

SHOWN = tuple(ShowAtCounter(counter=number) for number in (ONE, TWO, THREE))


def effects(board: Board, decision: Decision, hall: Hall) -> list[AnyEffect]:
    """The effects of these events, as the engine gathers them."""
    assert not isinstance(decision, Refusal)
    gathered: list[AnyEffect] = []
    for event in decision:
        board = evolve(board, event, hall.at)
        gathered.extend(react(board, event))
    return gathered


def test_a_call_is_announced_once_and_a_recall_again() -> None:
    """The sequence is the announcement's identity, so a screen that has it stays silent."""
    hall = Hall(opened=[1])
    hall.take()
    hall.next()
    (call,) = unanswered(hall.board, hall.at)
    assert call == AnnounceTicket(
        sequence=hall.board.sequence, ticket=TicketId("T1"), number=1001, counter=ONE, repeat=False
    )
    before = hall.board
    recalled = effects(before, hall.do(Recall(by=BOX, counter=ONE)), hall)
    assert recalled == [
        AnnounceTicket(sequence=hall.board.sequence, ticket=TicketId("T1"), number=1001, counter=ONE, repeat=True),
        ShowAtCounter(counter=ONE),
    ]
    assert [one.repeat for one in unanswered(hall.board, hall.at)] == [True]
    assert unanswered(hall.board, hall.at, after=hall.board.sequence) == ()


def test_an_answered_or_old_call_is_not_announced_again() -> None:
    """After a reconnect nobody is called who already sits at the desk."""
    hall = Hall(opened=[1, 2])
    hall.take(), hall.take(), hall.next(1), hall.next(2), hall.start(2)
    assert [one.number for one in unanswered(hall.board, hall.at)] == [1001]
    hall.later(seconds=60)
    assert len(unanswered(hall.board, hall.at)) == 1
    hall.later(milliseconds=1)
    assert unanswered(hall.board, hall.at) == ()


def test_the_rest_of_the_world_hears_what_concerns_it() -> None:
    """Panels, rating boxes, printers, the manager."""
    hall = Hall(opened=[1, 2])
    before = hall.board
    hall.take(slip="owed"), hall.take()
    assert resume(hall.board, hall.at)[0] == PrintSlip(ticket=TicketId("T1"))
    hall.next(), hall.start()
    hall.later(minutes=1)
    before = hall.board
    finished = effects(before, hall.do(FinishTicket(by=BOX, counter=ONE, ask=AskId("A"))), hall)
    ask = AskForRating(ask=AskId("A"), ticket=TicketId("T1"), counter=ONE)
    assert finished == [ShowAtCounter(counter=ONE), ask]
    assert ask in resume(hall.board, hall.at)
    before = hall.board
    assert effects(before, hall.do(RateVisit(by=KIOSK, ask=AskId("A"), score=3)), hall) == [
        WithdrawRating(ask=AskId("A"), counter=ONE)
    ]
    assert ask not in resume(hall.board, hall.at)
    assert effects(hall.board, hall.do(AskHelp(by=BOX, counter=ONE)), hall) == [CallForHelp(counter=ONE)]
    hall.next()
    before = hall.board
    assert effects(before, hall.transfer(service=LAND), hall) == [ShowAtCounter(counter=ONE)]
    before = hall.board
    sealed = effects(before, hall.do(SealDay(by=LAN)), hall)
    assert sealed[-1] == SealReport(sequence=hall.board.sequence)


def test_after_a_restart_every_panel_is_told_what_to_show() -> None:
    """A panel may have lost power too."""
    hall = Hall()
    assert resume(hall.board, hall.at) == SHOWN

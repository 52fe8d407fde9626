"""The one function that decides: what a command comes to on this board, at this instant.

No clock, no chance, no I/O: the same board, command and instant give the same events for ever.
"""

from datetime import datetime

from queue_server.core.board import Board
from queue_server.core.commands import (
    AnyCommand,
    AskHelp,
    CallNext,
    CallNumber,
    CancelTicket,
    CatchUp,
    CloseCounter,
    ConfigureHall,
    ConfirmClock,
    FinishTicket,
    GrantLease,
    HandOver,
    HoldTicket,
    MarkAbsent,
    MoveTicket,
    OpenCounter,
    PauseCounter,
    PauseService,
    PromiseTomorrow,
    RateVisit,
    Recall,
    RecordSlip,
    ResumeCounter,
    ResumeService,
    ReturnTicket,
    SealDay,
    SendAway,
    SetCounterServices,
    SetPriority,
    StartService,
    TakeTicket,
    Tick,
    TransferTicket,
)
from queue_server.core.deciding import counters, desk, hall, leases, ratings, tickets
from queue_server.core.events import AnyEvent, RatingRefused, TicketRefused
from queue_server.core.refusal import Refusal

Decision = tuple[AnyEvent, ...] | Refusal

OfTheHall = Tick | ConfigureHall | ConfirmClock | SealDay | GrantLease | HandOver
"""What can be decided after the day is sealed, or before any day is open."""


def decide(board: Board, command: AnyCommand, at: datetime) -> Decision:
    """The events that this command comes to, none when it is fulfilled already, or why the rules say no."""
    if board.rules is not None and board.day is not None and not board.is_sealed:
        # What a crowd at the doors brings, before all that is asked once in a while.
        if isinstance(command, TakeTicket):
            return tickets.take_ticket(board, command, at)
        if isinstance(command, CallNext):
            return desk.call_next(board, command, at)
    match command:
        case Tick() | ConfigureHall() | ConfirmClock() | SealDay() | GrantLease() | HandOver():
            return _of_the_hall(board, command, at)
        case _ if board.rules is None or board.day is None:
            return Refusal("starting", {})
        case _ if board.is_sealed:
            return Refusal("day-sealed", {"day": board.day.isoformat(), **tickets.opening_detail(board, at)})
        case TakeTicket():
            return tickets.take_ticket(board, command, at)
        case CancelTicket():
            return tickets.cancel(board, command, at)
        case MoveTicket():
            return tickets.move(board, command, at)
        case SetPriority():
            return tickets.set_priority(board, command)
        case PromiseTomorrow():
            return tickets.promise_tomorrow(board, command)
        case RecordSlip():
            return tickets.record_slip(board, command)
        case PauseService():
            return hall.pause_service(board, command)
        case ResumeService():
            return hall.resume_service(board, command)
        case CatchUp():
            return hall.catch_up(board, command)
        case RateVisit():
            return ratings.rate(board, command, at)
        case _:
            return _at_counter(board, command, at)


def _of_the_hall(board: Board, command: OfTheHall, at: datetime) -> Decision:
    match command:
        case Tick():
            return hall.tick(board, command, at)
        case ConfigureHall():
            return hall.configure(board, command, at)
        case ConfirmClock():
            return hall.confirm_clock(board, command, at)
        case _ if board.rules is None:
            return Refusal("starting", {})
        case SealDay():
            return hall.seal_day(board, command)
        case GrantLease():
            return leases.grant(board, command)
        case HandOver():
            return leases.hand_over(board, command, at)


AnyAtCounter = (
    OpenCounter
    | CloseCounter
    | PauseCounter
    | ResumeCounter
    | AskHelp
    | SetCounterServices
    | CallNext
    | CallNumber
    | Recall
    | StartService
    | MarkAbsent
    | HoldTicket
    | SendAway
    | ReturnTicket
    | TransferTicket
    | FinishTicket
)


def _at_counter(board: Board, command: AnyAtCounter, at: datetime) -> Decision:
    match command:
        case CallNext():
            return desk.call_next(board, command, at)
        case CallNumber():
            return desk.call_number(board, command, at)
        case Recall():
            return desk.recall(board, command)
        case StartService():
            return desk.start(board, command)
        case MarkAbsent():
            return desk.absent(board, command)
        case HoldTicket():
            return desk.hold(board, command)
        case SendAway():
            return desk.send_away(board, command)
        case ReturnTicket():
            return desk.return_ticket(board, command, at)
        case TransferTicket():
            return desk.transfer(board, command, at)
        case FinishTicket():
            return desk.finish(board, command, at)
        case OpenCounter():
            return counters.open_counter(board, command, at)
        case CloseCounter():
            return counters.close_counter(board, command, at)
        case PauseCounter():
            return counters.pause_counter(board, command)
        case ResumeCounter():
            return counters.resume_counter(board, command)
        case AskHelp():
            return counters.ask_help(board, command)
        case SetCounterServices():
            return counters.set_services(board, command)


def refusal_in(board: Board, events: tuple[AnyEvent, ...], at: datetime) -> Refusal | None:
    """The no that stands in the journal as an event: a citizen without a number, a rating that cannot count."""
    if len(events) != 1:
        return None
    event = events[0]
    if isinstance(event, TicketRefused):
        return tickets.refusal_of(board, event, at)
    return Refusal(f"rating-{event.why}", {}) if isinstance(event, RatingRefused) else None

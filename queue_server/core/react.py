"""What must be done in the world after an event, and what is still owed after a restart. Nothing here is stored."""

from datetime import datetime, timedelta

from queue_server.core.board import Board, State
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
from queue_server.core.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    DaySealed,
    HelpAsked,
    RatingGiven,
    RatingOffered,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketFinished,
    TicketHeld,
    TicketIssued,
    TicketRecalled,
    TicketSentAway,
    TicketTransferred,
)

ANNOUNCED_AGAIN_S = 60
"""After a restart or a reconnect, calls of the last minute that nobody answered are announced again."""


def react(board: Board, event: AnyEvent) -> tuple[AnyEffect, ...]:
    """The effects of an event, given the board right after it."""
    match event:
        case TicketIssued():
            return (PrintSlip(ticket=event.ticket),) if event.slip == "owed" else ()
        case TicketCalled() | TicketRecalled():
            ticket = board.tickets[event.ticket]
            announce = AnnounceTicket(
                sequence=board.sequence,
                ticket=ticket.id,
                number=ticket.number,
                counter=event.counter,
                repeat=isinstance(event, TicketRecalled),
            )
            return (announce, ShowAtCounter(counter=event.counter))
        case RatingOffered():
            return (AskForRating(ask=event.ask, ticket=event.ticket, counter=event.counter),)
        case TicketFinished() | ServiceStarted() | TicketAbsent() | TicketHeld() | TicketSentAway():
            return (ShowAtCounter(counter=event.counter),)
        case CounterOpened() | CounterClosed() | CounterPaused() | CounterResumed():
            return (ShowAtCounter(counter=event.counter),)
        case TicketTransferred():
            return (ShowAtCounter(counter=event.from_counter),)
        case RatingGiven():
            return (WithdrawRating(ask=event.ask, counter=board.asks[event.ask].counter),)
        case HelpAsked():
            return (CallForHelp(counter=event.counter),)
        case DaySealed():
            return (SealReport(sequence=board.sequence),)
        case _:
            return ()


def resume(board: Board, at: datetime) -> tuple[AnyEffect, ...]:
    """What is owed when the hall comes back: slips not printed, unanswered calls of the last minute, open ratings."""
    slips = tuple(PrintSlip(ticket=ticket) for ticket in board.slips_owed)
    asks = tuple(
        AskForRating(ask=ask.ask, ticket=ask.ticket, counter=ask.counter)
        for ask in sorted(board.asks.values(), key=lambda one: (one.expires_at, one.ask))
        if not ask.is_answered and ask.expires_at > at
    )
    panels = tuple(ShowAtCounter(counter=number) for number in sorted(board.counters))
    return (*slips, *unanswered(board, at), *asks, *panels)


def unanswered(board: Board, at: datetime, after: int = 0) -> tuple[AnnounceTicket, ...]:
    """The last announcement of each call of the last minute that is still open, later than sequence `after`."""
    since = at - timedelta(seconds=ANNOUNCED_AGAIN_S)
    return tuple(
        AnnounceTicket(
            sequence=call.sequence, ticket=call.ticket, number=call.number, counter=call.counter, repeat=call.repeat
        )
        for call in board.calls
        if call.sequence > after
        and call.at >= since
        and board.tickets[call.ticket].state is State.CALLED
        and board.tickets[call.ticket].call_sequence == call.sequence
    )

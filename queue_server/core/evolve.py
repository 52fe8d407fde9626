"""The one place that makes boards. An event has happened, so `evolve` never refuses."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from queue_server.core.board import Ask, Board, State, rules_of
from queue_server.core.events import (
    AnyEvent,
    ClockConfirmed,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterServicesSet,
    DayOpened,
    DaySealed,
    HallConfigured,
    HallCreated,
    HelpAsked,
    LeaseGranted,
    NumbersUnused,
    PriorityDecided,
    RatingGiven,
    RatingOffered,
    RatingRefused,
    ServicePaused,
    ServiceResumed,
    ServiceStarted,
    SlipPrinted,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    TicketHandedLate,
    TicketHeld,
    TicketIssued,
    TicketMoved,
    TicketRecalled,
    TicketRefused,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
    TomorrowPromised,
)
from queue_server.core.evolving import hall, tickets
from queue_server.core.evolving.lines import put, without_due


def evolve(board: Board, event: AnyEvent, at: datetime) -> Board:
    """The board after one more event; its sequence is one higher."""
    if isinstance(event, TicketIssued):  # The busiest change of all makes one board, not two.
        return tickets.issued(board, event, at)
    board = replace(board, sequence=board.sequence + 1, at=at)
    match event:
        case TicketCalled():
            return tickets.called(board, event, at)
        case TicketFinished():
            return tickets.finished(board, event, at)
        case RatingOffered():
            return _rating_offered(board, event)
        case ServiceStarted():
            return _started(board, event, at)
        case TicketAbsent():
            return tickets.left_counter(board, event.ticket, event.counter, State.ABSENT, at)
        case TicketHeld():
            return tickets.left_counter(board, event.ticket, event.counter, State.HELD, at)
        case TicketSentAway():
            return tickets.left_counter(board, event.ticket, event.counter, State.AWAY, at, why=event.reason)
        case TicketRecalled():
            return tickets.recalled(board, event, at)
        case TicketReturned():
            return tickets.returned(board, event)
        case TicketTransferred():
            return tickets.transferred(board, event)
        case TicketMoved():
            return tickets.moved(board, event)
        case TicketCancelled():
            return tickets.ended(board, event.ticket, State.CANCELLED, at)
        case TicketExpired():
            return tickets.ended(board, event.ticket, State.EXPIRED, at)
        case TicketCaughtUp():
            return tickets.ended(board, event.ticket, State.FINISHED, at)
        case TomorrowPromised():
            return tickets.ended(hall.promised(board, event), event.ticket, State.EXPIRED, at)
        case PriorityDecided():
            return tickets.priority_decided(board, event)
        case SlipPrinted():
            return tickets.slip_printed(board, event)
        case RatingGiven():
            answered = replace(board.asks[event.ask], is_answered=True)
            return replace(board, asks=board.asks.set(event.ask, answered))
        case RatingRefused():
            return replace(board, ratings_refused=board.ratings_refused + 1)
        case HallCreated() | ClockConfirmed() | HelpAsked() | TicketHandedLate():
            return board
        case _:
            return _of_the_hall(board, event, at)


AnyOfTheHall = (
    HallConfigured
    | DayOpened
    | DaySealed
    | ServicePaused
    | ServiceResumed
    | TicketRefused
    | LeaseGranted
    | NumbersUnused
    | CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterResumed
    | CounterServicesSet
)


def _of_the_hall(board: Board, event: AnyOfTheHall, at: datetime) -> Board:
    match event:
        case HallConfigured():
            return hall.configured(board, event)
        case DayOpened():
            return hall.day_opened(board, event, at)
        case DaySealed():
            return replace(board, is_sealed=True)
        case ServicePaused():
            return hall.paused(board, event.service, is_paused=True)
        case ServiceResumed():
            return hall.paused(board, event.service, is_paused=False)
        case TicketRefused():
            return hall.refused(board, event)
        case LeaseGranted():
            return hall.lease_granted(board, event, at)
        case NumbersUnused():
            return hall.numbers_unused(board, event)
        case CounterOpened():
            return hall.counter_opened(board, event, at)
        case CounterClosed():
            return hall.counter_closed(board, event)
        case CounterPaused():
            return hall.counter_paused(board, event.counter, is_paused=True)
        case CounterResumed():
            return hall.counter_paused(board, event.counter, is_paused=False)
        case CounterServicesSet():
            return hall.services_set(board, event)


def _started(board: Board, event: ServiceStarted, at: datetime) -> Board:
    ticket = replace(board.tickets[event.ticket], state=State.SERVING, started_at=at)
    if ticket.ask is not None:  # One visit is asked about once, however many desks it goes through.
        return put(board, ticket)
    due = at + timedelta(seconds=rules_of(board).settings.rating_after_start_s)
    return put(replace(board, asks_due=(*board.asks_due, (due, event.ticket))), ticket)


def _rating_offered(board: Board, event: RatingOffered) -> Board:
    ask = Ask(ask=event.ask, ticket=event.ticket, counter=event.counter, expires_at=event.expires_at)
    ticket = replace(board.tickets[event.ticket], ask=event.ask)
    return replace(
        board,
        tickets=board.tickets.set(event.ticket, ticket),
        asks=board.asks.set(event.ask, ask),
        asks_due=without_due(board, event.ticket),
    )

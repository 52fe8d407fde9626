"""What happens between a counter and the citizen it calls."""

from datetime import datetime, timedelta

from queue_server.core import calendar
from queue_server.core.board import FINAL, Board, Counter, State, Ticket, rules_of, ticket_by_number
from queue_server.core.commands import (
    AtCounter,
    CallNext,
    CallNumber,
    FinishTicket,
    HoldTicket,
    MarkAbsent,
    Recall,
    ReturnTicket,
    SendAway,
    StartService,
    TransferTicket,
)
from queue_server.core.deciding.counters import counter_for, open_counter_for
from queue_server.core.deciding.ending import end_present
from queue_server.core.events import (
    AnyEvent,
    CounterOpened,
    Reason,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketHeld,
    TicketRecalled,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
)
from queue_server.core.evolve import evolve
from queue_server.core.ids import ServiceId
from queue_server.core.policy import pick
from queue_server.core.refusal import Refusal

Decision = tuple[AnyEvent, ...] | Refusal


def call_next(board: Board, command: CallNext, at: datetime) -> Decision:
    """End what the counter holds and call who is next; with nobody waiting only the first half happens."""
    counter = counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    opening: tuple[AnyEvent, ...] = ()
    if not counter.is_open:
        refusal = _may_not_open_by_key(board, command, at)
        if refusal is not None:
            return refusal
        opening = (CounterOpened(counter=command.counter, channel="device", by=command.by),)
    if counter.is_paused:
        return Refusal("counter-paused", {"counter": command.counter})
    if command.channel == "device" and _is_bounce(board, counter, at):
        return ()
    ending = end_present(board, counter, at, by=command.by, ended_by="next", ask=command.ask)
    # A finished ticket leaves all lines as they are, but one that goes back to its first desk joins a line.
    present = board
    for event in ending:
        if isinstance(event, TicketTransferred):
            present = evolve(present, event, at)
    choice = pick(present, present.counters[command.counter], at)
    if choice is None:  # Then the reason of whoever acts for the clerk belongs to the ending.
        said = command.commitments
        told = end_present(board, counter, at, by=command.by, ended_by="next", ask=command.ask, commitments=said)
        return (*opening, *(told if said else ending))
    called = TicketCalled(
        ticket=choice.ticket,
        counter=command.counter,
        reason=choice.reason,
        by_device=1 if command.channel == "device" else 0,
        by=command.by,
        commitments=command.commitments,
    )
    return (*opening, *ending, called)


def _may_not_open_by_key(board: Board, command: AtCounter, at: datetime) -> Refusal | None:
    if command.channel != "device":
        return Refusal("counter-closed", {"counter": command.counter})
    if not calendar.desk_is_open(board.sessions, at):
        return Refusal("outside-desk-hours", {"counter": command.counter})
    if not board.counters[command.counter].services:
        return Refusal("counter-serves-nothing", {"counter": command.counter})
    return None


def _is_bounce(board: Board, counter: Counter, at: datetime) -> bool:
    guard = timedelta(milliseconds=rules_of(board).settings.next_guard_ms)
    return counter.ticket is not None and counter.device_called_at is not None and at - counter.device_called_at < guard


def call_number(board: Board, command: CallNumber, at: datetime) -> Decision:
    """Call one number out of order; what the counter holds ends first."""
    counter = open_counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    if counter.is_paused:
        return Refusal("counter-paused", {"counter": command.counter})
    ticket = ticket_by_number(board, command.number)
    if ticket is None:
        return Refusal("unknown-number", {"number": command.number})
    if ticket.id == counter.ticket:
        return ()
    refusal = _not_callable(board, counter, ticket, at)
    if refusal is not None:
        return refusal
    called = TicketCalled(
        ticket=ticket.id,
        counter=command.counter,
        reason=Reason(code="by-number", why=command.why),
        by_device=1 if command.channel == "device" else 0,
        by=command.by,
        commitments=command.commitments,
    )
    return (*end_present(board, counter, at, by=command.by, ended_by="next", ask=command.ask), called)


def _not_callable(board: Board, counter: Counter, ticket: Ticket, at: datetime) -> Refusal | None:
    number = counter.rules.number
    is_own = ticket.counter == number and ticket.state in {State.HELD, State.WAITING}
    if ticket.service not in counter.services and not is_own:
        return Refusal("service-not-here", {"number": ticket.number, "counter": number})
    match ticket.state:
        case State.WAITING | State.AWAY:
            return None
        case State.HELD:
            if is_own:
                return None
            return Refusal("wrong-counter", {"number": ticket.number, "counter": ticket.counter or 0})
        case State.ABSENT:
            return _too_late_to_return(board, ticket, at)
        case State.CALLED | State.SERVING:
            return Refusal("at-counter", {"number": ticket.number, "counter": ticket.counter or 0})
        case State.FINISHED | State.CANCELLED | State.EXPIRED:
            return Refusal("ticket-ended", {"number": ticket.number, "state": ticket.state.value})


def _too_late_to_return(board: Board, ticket: Ticket, at: datetime) -> Refusal | None:
    assert ticket.absent_at is not None, f"ticket {ticket.id} is absent since some time"
    limit = rules_of(board).settings.absent_return_minutes
    if at - ticket.absent_at > timedelta(minutes=limit):
        return Refusal("return-too-late", {"number": ticket.number, "limit_minutes": limit})
    return None


def _present(board: Board, command: AtCounter, *states: State) -> Ticket | Refusal:
    """The ticket at the counter, if it is in one of these states."""
    counter = open_counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    if counter.ticket is None:
        return Refusal("counter-empty", {"counter": command.counter})
    ticket = board.tickets[counter.ticket]
    if ticket.state not in states:
        code = "not-called" if State.CALLED in states else "not-serving"
        return Refusal(code, {"number": ticket.number, "state": ticket.state.value})
    return ticket


def recall(board: Board, command: Recall) -> Decision:
    """The same call, announced again."""
    ticket = _present(board, command, State.CALLED)
    if isinstance(ticket, Refusal):
        return ticket
    return (TicketRecalled(ticket=ticket.id, counter=command.counter, by=command.by, commitments=command.commitments),)


def start(board: Board, command: StartService) -> Decision:
    """Service starts; said twice it starts once."""
    ticket = _present(board, command, State.CALLED, State.SERVING)
    if isinstance(ticket, Refusal):
        return ticket
    if ticket.state is State.SERVING:
        return ()
    return (ServiceStarted(ticket=ticket.id, counter=command.counter, by=command.by, commitments=command.commitments),)


def absent(board: Board, command: MarkAbsent) -> Decision:
    """The called citizen did not come; somebody being served cannot be absent."""
    ticket = _present(board, command, State.CALLED)
    if isinstance(ticket, Refusal):
        return ticket
    return (TicketAbsent(ticket=ticket.id, counter=command.counter, by=command.by, commitments=command.commitments),)


def hold(board: Board, command: HoldTicket) -> Decision:
    """The citizen waits for this desk while it calls others."""
    ticket = _present(board, command, State.CALLED, State.SERVING)
    if isinstance(ticket, Refusal):
        return ticket
    return (TicketHeld(ticket=ticket.id, counter=command.counter, by=command.by, commitments=command.commitments),)


def send_away(board: Board, command: SendAway) -> Decision:
    """The citizen mends papers and comes back without queueing."""
    ticket = _present(board, command, State.CALLED, State.SERVING)
    if isinstance(ticket, Refusal):
        return ticket
    return (
        TicketSentAway(
            ticket=ticket.id,
            counter=command.counter,
            reason=command.reason,
            procedures=command.procedures,
            by=command.by,
            commitments=command.commitments,
        ),
    )


def return_ticket(board: Board, command: ReturnTicket, at: datetime) -> Decision:
    """A held, away or absent ticket waits again: for its desk, at its old place, or after the next calls."""
    if command.counter not in board.counters:
        return Refusal("unknown-counter", {"counter": command.counter})
    ticket = ticket_by_number(board, command.number)
    if ticket is None:
        return Refusal("unknown-number", {"number": command.number})
    said = command.commitments
    match ticket.state:
        case State.HELD:
            return (TicketReturned(ticket=ticket.id, counter=ticket.counter, by=command.by, commitments=said),)
        case State.AWAY:
            return (TicketReturned(ticket=ticket.id, by=command.by, commitments=said),)
        case State.ABSENT:
            refusal = _too_late_to_return(board, ticket, at)
            due = rules_of(board).settings.absent_after_calls
            return refusal or (TicketReturned(ticket=ticket.id, due_calls=due, by=command.by, commitments=said),)
        case _:
            detail: dict[str, str | int] = {"number": ticket.number, "state": ticket.state.value}
            return Refusal("ticket-ended" if ticket.state in FINAL else "not-held-away-or-absent", detail)


def transfer(board: Board, command: TransferTicket, at: datetime) -> Decision:
    """The citizen goes on to a service or to one open counter, keeping number and, by default, place."""
    ticket = _present(board, command, State.CALLED, State.SERVING)
    if isinstance(ticket, Refusal):
        return ticket
    service = command.service or ticket.service
    if command.to_counter is None and command.service is None:
        service = ServiceId(rules_of(board).settings.default_transfer)
    if service not in board.services:
        return Refusal("unknown-service", {"service": service})
    if command.to_counter is not None:
        target = board.counters.get(command.to_counter)
        if target is None:
            return Refusal("unknown-counter", {"counter": command.to_counter})
        if command.to_counter == command.counter:
            return Refusal("same-counter", {"counter": command.counter})
        if not target.is_open:
            return Refusal("counter-closed", {"counter": command.to_counter})
    return (
        TicketTransferred(
            ticket=ticket.id,
            from_counter=command.counter,
            service=service,
            counter=command.to_counter,
            back_to=command.counter if command.then_return else None,
            back_service=ticket.service if command.then_return else None,
            place=None if command.keep_place else at,
            reason=command.reason,
            items=command.items,
            by=command.by,
            commitments=command.commitments,
        ),
    )


def finish(board: Board, command: FinishTicket, at: datetime) -> Decision:
    """The visit ends with its outcomes; a ticket lent by another desk goes back there."""
    ticket = _present(board, command, State.CALLED, State.SERVING)
    if isinstance(ticket, Refusal):
        return ticket
    return end_present(
        board,
        board.counters[command.counter],
        at,
        by=command.by,
        ended_by="finish",
        ask=command.ask,
        items=command.items,
        commitments=command.commitments,
    )

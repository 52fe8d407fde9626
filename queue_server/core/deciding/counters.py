"""Opening, closing and pausing counters, and what they serve."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from queue_server.core import lanes
from queue_server.core.board import Board, Counter
from queue_server.core.commands import (
    AskHelp,
    AtCounter,
    CloseCounter,
    OpenCounter,
    PauseCounter,
    ResumeCounter,
    SetCounterServices,
)
from queue_server.core.deciding.ending import end_present
from queue_server.core.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterServicesSet,
    HelpAsked,
    TicketReturned,
)
from queue_server.core.ids import Actor, AskId, is_person
from queue_server.core.refusal import Refusal

Decision = tuple[AnyEvent, ...] | Refusal
NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


def counter_for(board: Board, command: AtCounter) -> Counter | Refusal:
    """The counter, if it exists and the one who asks may act there now."""
    counter = board.counters.get(command.counter)
    if counter is None:
        return Refusal("unknown-counter", {"counter": command.counter})
    if is_person(command.by) and not command.on_behalf and counter.is_open and counter.clerk != command.by:
        return Refusal("counter-taken", {"counter": command.counter})
    if command.holds is not None and command.holds != (counter.ticket or ""):
        return Refusal("moved-on", {"counter": command.counter})
    return counter


def open_counter_for(board: Board, command: AtCounter) -> Counter | Refusal:
    """The same, for what only an open counter can do."""
    counter = counter_for(board, command)
    if isinstance(counter, Counter) and not counter.is_open:
        return Refusal("counter-closed", {"counter": command.counter})
    return counter


def open_counter(board: Board, command: OpenCounter, at: datetime) -> Decision:
    """The counter calls, with this clerk; an open counter changes hands only on purpose."""
    counter = board.counters.get(command.counter)
    if counter is None:
        return Refusal("unknown-counter", {"counter": command.counter})
    if not counter.services:
        return Refusal("counter-serves-nothing", {"counter": command.counter})
    if counter.is_open and counter.clerk == command.clerk:
        return ()
    is_taken = counter.is_open and counter.clerk is not None and is_person(counter.clerk)
    if is_taken and command.clerk is None:
        return ()
    if is_taken and not command.take_over:
        return Refusal("counter-taken", {"counter": command.counter})
    elsewhere = _open_elsewhere(board, command)
    if elsewhere and not command.take_over:
        return Refusal("clerk-elsewhere", {"counter": elsewhere[0].rules.number})
    closing = tuple(event for other in elsewhere for event in _left(board, other, at, command.by))
    opened = CounterOpened(
        counter=command.counter,
        clerk=command.clerk,
        channel=command.channel,
        taken_over=1 if is_taken else 0,
        by=command.by,
        commitments=command.commitments,
    )
    return (*closing, opened)


def _open_elsewhere(board: Board, command: OpenCounter) -> list[Counter]:
    if command.clerk is None or not is_person(command.clerk):
        return []
    return [
        counter
        for number, counter in sorted(board.counters.items())
        if number != command.counter and counter.is_open and counter.clerk == command.clerk
    ]


def _left(board: Board, counter: Counter, at: datetime, by: Actor) -> tuple[AnyEvent, ...]:
    """What is left behind ends as at closing; nobody is there to ask for a rating."""
    return (*end_present(board, counter, at, by=by, ended_by="close", ask=AskId("")), *_closing(counter, by))


def close_counter(board: Board, command: CloseCounter, at: datetime) -> Decision:
    """What the counter holds ends; what waits for it alone goes back to its service at the original place."""
    counter = open_counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    ending = end_present(board, counter, at, by=command.by, ended_by="close", ask=command.ask)
    return (*ending, *_closing(counter, command.by, command.commitments))


def _closing(counter: Counter, by: Actor, commitments: Mapping[str, str] = NOTHING_SAID) -> tuple[AnyEvent, ...]:
    waiting = (*counter.held, *(place.ticket for place in lanes.places(counter.directed)))
    back = tuple(TicketReturned(ticket=ticket, why="counter-closed", by=by) for ticket in waiting)
    return (*back, CounterClosed(counter=counter.rules.number, by=by, commitments=dict(commitments)))


def pause_counter(board: Board, command: PauseCounter) -> Decision:
    """The counter takes a break; the citizen at the desk, if any, is served to the end."""
    counter = open_counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    if counter.is_paused:
        return ()
    return (
        CounterPaused(counter=command.counter, reason=command.reason, by=command.by, commitments=command.commitments),
    )


def resume_counter(board: Board, command: ResumeCounter) -> Decision:
    """The counter is back."""
    counter = open_counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    if not counter.is_paused:
        return ()
    return (CounterResumed(counter=command.counter, by=command.by, commitments=command.commitments),)


def ask_help(board: Board, command: AskHelp) -> Decision:
    """A colleague is asked for, even at a closed counter."""
    counter = counter_for(board, command)
    if isinstance(counter, Refusal):
        return counter
    return (HelpAsked(counter=command.counter, by=command.by, commitments=command.commitments),)


def set_services(board: Board, command: SetCounterServices) -> Decision:
    """The counter serves these services today, in this order."""
    counter = board.counters.get(command.counter)
    if counter is None:
        return Refusal("unknown-counter", {"counter": command.counter})
    for service in command.services:
        if service not in board.services:
            return Refusal("unknown-service", {"service": service})
    services = tuple(dict.fromkeys(command.services))
    if not services:
        return Refusal("counter-serves-nothing", {"counter": command.counter})
    if services == counter.services:
        return ()
    return (
        CounterServicesSet(
            counter=command.counter,
            services=services,
            reason=command.reason,
            by=command.by,
            commitments=command.commitments,
        ),
    )

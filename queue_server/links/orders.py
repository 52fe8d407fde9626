"""What units are to show, ask and sound after something happened in the hall. Pure: effects and the board to orders."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Literal, assert_never

from msgspec import Struct

from devices.words import Ask, Beep, Order, ShowNumber, UnitId
from queue_server.core.board import Board, Counter, State
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
from queue_server.core.ids import AskId, CounterNumber
from queue_server.core.policy import pick
from queue_server.links.units import UnitAtCounter

Orders = Iterator[tuple[UnitId, Order]]
PanelState = Literal["calling", "serving", "paused", "closed", "open"]


class Idle(Struct, frozen=True):
    """Counters that stand open and empty."""

    alone: frozenset[CounterNumber] = frozenset()
    """Nobody waits whom they would call."""
    waited_for: frozenset[CounterNumber] = frozenset()
    """Somebody does."""


def orders_of(
    effect: AnyEffect, board: Board, units: Iterable[UnitAtCounter], asked: Mapping[CounterNumber, AskId], at: datetime
) -> Orders:
    """Orders of one effect, in the order they are to leave; `asked` is what each counter's rating boxes ask now.

    Slips are not for units at counters, and alerts and reports are for people.
    """
    match effect:
        case ShowAtCounter():
            yield from ((one.unit, panel(board, one)) for one in units if one.digits and one.counter == effect.counter)
        case AnnounceTicket():
            yield from _over_the_hall(effect, board, units)
        case AskForRating():
            ask = _asking(effect, board, at)
            yield from ((one.unit, ask) for one in units if ask and one.asks and one.counter == effect.counter)
        case WithdrawRating():
            if asked.get(effect.counter) == effect.ask:  # A later invitation stays.
                yield from shut(effect.counter, units)
        case SealReport():
            yield from ((one.unit, panel(board, one)) for one in units if one.digits)
        case PrintSlip() | CallForHelp():
            return
        case _:
            assert_never(effect)


def shut(counter: CounterNumber, units: Iterable[UnitAtCounter]) -> Orders:
    """The counter's rating boxes ask no longer."""
    return ((one.unit, Ask(ask="")) for one in units if one.asks and one.counter == counter)


def panel(board: Board, unit: UnitAtCounter) -> ShowNumber:
    """What a unit shows by what its counter does now. A unit without a counter is dark until the next call."""
    counter = None if unit.counter is None else board.counters.get(unit.counter)
    if counter is None or board.is_sealed or not counter.is_open:
        return ShowNumber(state="open" if unit.counter is None and not board.is_sealed else "closed")
    ticket = None if counter.ticket is None else board.tickets[counter.ticket]
    state = _state(board, counter)
    return ShowNumber(
        number=None if ticket is None else _fitting(ticket.number, unit),
        state=state,
        blink=state == "calling",
        counter=_shown_counter(counter),
    )


def idle(board: Board, units: Iterable[UnitAtCounter], at: datetime) -> Idle:
    """The counters with something that beeps that stand open and empty, by whether anybody waits for them."""
    if board.rules is None or board.is_sealed:
        return Idle()
    numbers = {one.counter for one in units if one.beeps and one.counter is not None}
    counters = (board.counters[number] for number in numbers if number in board.counters)
    empty = [one for one in counters if one.is_open and not one.is_paused and one.ticket is None]
    waited_for = frozenset(one.rules.number for one in empty if pick(board, one, at) is not None)
    return Idle(frozenset(one.rules.number for one in empty) - waited_for, waited_for)


def beeps(counters: frozenset[CounterNumber], units: Iterable[UnitAtCounter]) -> Orders:
    """One short sound at these counters."""
    return ((one.unit, Beep()) for one in units if one.beeps and one.counter in counters)


def _over_the_hall(call: AnnounceTicket, board: Board, units: Iterable[UnitAtCounter]) -> Orders:
    """Boards of no counter show the last call with its counter; a counter's own panel has its own effect."""
    counter = board.counters.get(call.counter)
    zone = "" if counter is None else counter.rules.zone
    shown = call.counter if counter is None else _shown_counter(counter)
    for one in units:
        if one.digits and one.counter is None and one.zone in {"", zone}:
            number = _fitting(call.number, one)
            yield one.unit, ShowNumber(number=number, state="calling", blink=True, counter=shown)


def _asking(effect: AskForRating, board: Board, at: datetime) -> Ask | None:
    """The invitation with the time that it still has; None when it is over."""
    ask, ticket = board.asks.get(effect.ask), board.tickets.get(effect.ticket)
    if ask is None or ask.is_answered or ask.expires_at <= at:
        return None
    left_s = ceil((ask.expires_at - at).total_seconds())
    return Ask(ask=ask.ask, number=None if ticket is None else ticket.number, expires_s=left_s)


def _state(board: Board, counter: Counter) -> PanelState:
    if counter.ticket is not None:
        return "calling" if board.tickets[counter.ticket].state is State.CALLED else "serving"
    return "paused" if counter.is_paused else "open"


def _fitting(number: int, unit: UnitAtCounter) -> int | None:
    """The number, or nothing where it is wider than the unit: half a number would call somebody else."""
    return number if number < 10**unit.digits else None


def _shown_counter(counter: Counter) -> int:
    """The counter as people call it, where that is a number."""
    label = counter.rules.label
    return int(label) if label.isascii() and label.isdecimal() and len(label) <= 4 else counter.rules.number

"""Keys and scores of devices to commands of the hall. Pure: what the unit said before is a value that comes along."""

from msgspec import Struct
from msgspec.structs import replace

from devices.words import KEYS, KeyPressed, Rated
from queue_server.core.board import Board
from queue_server.core.commands import (
    AnyCommand,
    AskHelp,
    CallNext,
    CallNumber,
    CloseCounter,
    FinishTicket,
    HoldTicket,
    MarkAbsent,
    OpenCounter,
    PauseCounter,
    RateVisit,
    Recall,
    ResumeCounter,
    SendAway,
    StartService,
    TransferTicket,
)
from queue_server.core.events import AnyEvent, TicketCalled
from queue_server.core.ids import AskId, CounterNumber
from queue_server.core.reasons import OTHER
from queue_server.core.refusal import Refusal
from queue_server.links.units import Pad, PressId, Remembered, UnitAtCounter, Verdict

LATE_AFTER_S = 3.0  # A press acts within this time of being heard, or never.
TYPED_FOR_S = 10.0  # Digits are forgotten this long after the last of them: a lunch later, `next` means next again.
DIGITS_MAX = 6  # The widest number of a hall; more digits than this name nobody.
REPEATED_WITHIN_S = 10.0  # Where a unit does not tell its life, the same count later than this is a new press.
PRESSES_PER_S_MAX = 15  # More than a hand can do; what a babbling unit says beyond it is refused.
REMEMBERED_MAX = 64  # Settled presses per unit; older repeats are known by the answers that the engine keeps.


class Act(Struct, frozen=True):
    """Submit this command; `press` is None where the unit does not count its presses."""

    command: AnyCommand
    press: PressId | None


def pressed(
    pad: Pad, unit: UnitAtCounter, report: KeyPressed, board: Board, now: float, ask: AskId
) -> tuple[Pad, Act | Verdict]:
    """What a press asks for, or why it asks for nothing.

    `now` and `heard_at` are seconds of one monotonic clock; `ask` names the rating that ending a visit may offer.
    """
    heard = _heard_lately(pad, now)
    told = _not_to_be_obeyed(pad, report, heard, now)
    if told is not None:
        return _remember(replace(pad, heard=heard), report, told), told
    if unit.counter is None:
        told = Verdict("refused", "no-counter")
        return _remember(replace(pad, heard=heard), report, told), told
    pad = replace(_without_stale_digits(pad, report.heard_at), heard=heard)
    if report.key.startswith("digit:"):
        pad, told = _typed(pad, report)
        return _remember(pad, report, told), told
    typed = pad.typed if report.number is None else str(report.number)
    pad = replace(pad, typed="")
    wanted = _wanted(unit, unit.counter, report.key, typed, board, ask)
    if isinstance(wanted, Verdict):
        return _remember(pad, report, wanted), wanted
    return pad, Act(wanted, press_of(pad, report))


def rated(pad: Pad, unit: UnitAtCounter, report: Rated, now: float) -> tuple[Pad, Act | Verdict]:
    """The score as an answer to its invitation, which alone decides whether it comes in time; or a repeat."""
    heard = _heard_lately(pad, now)
    known = known_repeat(pad, report)
    if known is None and len(heard) > PRESSES_PER_S_MAX:
        known = Verdict("refused", "too-many-presses")
    pad = replace(pad, heard=heard)
    if known is not None:
        return _remember(pad, report, known), known
    return pad, Act(RateVisit(by=unit.by, ask=AskId(report.ask), score=report.score), press_of(pad, report))


def settled(pad: Pad, report: KeyPressed | Rated, verdict: Verdict, press: PressId | None = None) -> Pad:
    """The pad after a command came to this: its repeat will not act.

    `press` is the name that it acted under, where the unit may have begun another life since.
    """
    return _remember(pad, report, verdict, press)


def verdict_of(board: Board, command: AnyCommand, events: tuple[AnyEvent, ...], refusal: Refusal | None) -> Verdict:
    """What to tell whoever pressed; `board` is the one after the command."""
    if refusal is not None:
        return Verdict("refused", refusal.code)
    if isinstance(command, CallNext) and not any(isinstance(event, TicketCalled) for event in events):
        is_same = not events and board.counters[command.counter].ticket is not None
        return Verdict("done", "shown-again" if is_same else "nobody-waiting")
    return Verdict("done")


def new_life(pad: Pad) -> Pad:
    """The unit began anew: counts of a unit that does not tell its life start over, and digits typed are gone."""
    return replace(pad, epoch=pad.epoch + 1, typed="")


def press_of(pad: Pad, report: KeyPressed | Rated) -> PressId | None:
    """The name of a press, or None where the unit counts nothing and its driver alone knows repeats.

    Keys and scores may be counted apart, so they are told apart.
    """
    if not report.boot and not report.seq:
        return None
    life = f"boot {report.boot}" if report.boot else f"epoch {pad.epoch}"
    return PressId(f"{'score' if isinstance(report, Rated) else 'key'} {life}", report.seq)


def known_repeat(pad: Pad, report: KeyPressed | Rated) -> Verdict | None:
    """The answer to a press that was settled before, with the code that it had then."""
    press = press_of(pad, report)
    if press is None:
        return None
    for one in reversed(pad.settled):
        if one.press == press:
            is_old = not report.boot and report.heard_at - one.heard_at > REPEATED_WITHIN_S
            return None if is_old else Verdict("repeat", one.verdict.code)
    return None


# A press before its meaning


def _heard_lately(pad: Pad, now: float) -> tuple[float, ...]:
    """The instants of the last second with this one; no longer than it must be to see that it is too many."""
    return (*(instant for instant in pad.heard if now - instant < 1), now)[-PRESSES_PER_S_MAX - 1 :]


def _not_to_be_obeyed(pad: Pad, report: KeyPressed, heard: tuple[float, ...], now: float) -> Verdict | None:
    known = known_repeat(pad, report)
    if known is not None:
        return known
    if now - report.heard_at > LATE_AFTER_S:
        return Verdict("late", "too-late")
    if len(heard) > PRESSES_PER_S_MAX:
        return Verdict("refused", "too-many-presses")
    return None if report.key in KEYS else Verdict("refused", "unknown-key")


def _remember(pad: Pad, report: KeyPressed | Rated, verdict: Verdict, press: PressId | None = None) -> Pad:
    press = press or press_of(pad, report)
    if press is None or verdict.result == "repeat":
        return pad
    one = Remembered(press, verdict, report.heard_at)
    return replace(pad, settled=(*pad.settled, one)[-REMEMBERED_MAX:])


# Digits


def _without_stale_digits(pad: Pad, heard_at: float) -> Pad:
    is_stale = pad.typed and heard_at - pad.typed_at > TYPED_FOR_S
    return replace(pad, typed="") if is_stale else pad


def _typed(pad: Pad, report: KeyPressed) -> tuple[Pad, Verdict]:
    """One digit more. One too many is kept as well, so that a cut number is never taken for what was meant."""
    typed = (pad.typed + report.key.removeprefix("digit:"))[: DIGITS_MAX + 1]
    verdict = Verdict("refused", "number-too-long") if len(typed) > DIGITS_MAX else Verdict("done")
    return replace(pad, typed=typed, typed_at=report.heard_at), verdict


# Keys

_PLAIN: dict[str, type[Recall | MarkAbsent | HoldTicket | StartService | AskHelp]] = {
    "recall": Recall,
    "absent": MarkAbsent,
    "hold": HoldTicket,
    "start": StartService,
    "help": AskHelp,
}
"""Keys that are a command by themselves."""
_WITH_DIGITS = frozenset({"next", "transfer"})


def _wanted(
    unit: UnitAtCounter, counter: CounterNumber, key: str, typed: str, board: Board, ask: AskId
) -> AnyCommand | Verdict:
    """The command of a key with the digits before it; keys that take none forget them."""
    number = None
    if key in _WITH_DIGITS and typed:
        if len(typed) > DIGITS_MAX:
            return Verdict("refused", "number-too-long")
        number = int(typed)
    if key in _PLAIN:
        return _PLAIN[key](by=unit.by, counter=counter, channel="device")
    match key:
        case "next":
            if number is None:
                return CallNext(by=unit.by, counter=counter, channel="device", ask=ask)
            return CallNumber(by=unit.by, counter=counter, channel="device", number=number, why="keypad", ask=ask)
        case "transfer":
            to_counter = None if number is None else CounterNumber(number)
            return TransferTicket(by=unit.by, counter=counter, channel="device", to_counter=to_counter, reason=OTHER)
        case "away":
            return SendAway(by=unit.by, counter=counter, channel="device", reason=OTHER)
        case "finish":
            return FinishTicket(by=unit.by, counter=counter, channel="device", ask=ask)
        case "open":
            return _open(unit, counter, board)
        case "close":
            return CloseCounter(by=unit.by, counter=counter, channel="device", ask=ask)
        case "pause":
            return PauseCounter(by=unit.by, counter=counter, channel="device", reason=OTHER)
        case _:
            return Verdict("refused", "unknown-key")


def _open(unit: UnitAtCounter, counter: CounterNumber, board: Board) -> OpenCounter | ResumeCounter:
    """`open` at a counter that takes a break ends the break; there is no other key for it."""
    present = board.counters.get(counter)
    if present is not None and present.is_open and present.is_paused:
        return ResumeCounter(by=unit.by, counter=counter, channel="device")
    return OpenCounter(by=unit.by, counter=counter, channel="device")

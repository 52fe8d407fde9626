"""Keys of a counter's devices: each means one thing, acts once and in time, or says why not."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from devices.words import KEYS, KeyPressed, Rated, UnitId
from queue_server.core.commands import (
    AnyCommand,
    AskHelp,
    AtCounter,
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
from queue_server.core.events import TicketCalled
from queue_server.core.ids import Actor, AskId, CounterNumber
from queue_server.core.reasons import AWAY, CALL, PAUSE, TRANSFER
from queue_server.core.refusal import Refusal
from queue_server.links import translate
from queue_server.links.translate import Act, pressed, rated, settled, verdict_of
from queue_server.links.units import Pad, UnitAtCounter, Verdict
from tests.factories import ONE, TWO, Hall

PAD_1 = UnitId("pad-1")
BOX_ACTOR = Actor("t-pad-1")
UNIT = UnitAtCounter(unit=PAD_1, by=BOX_ACTOR, counter=ONE)
ASK = AskId("ask")


def a_press(key: str, seq: int = 1, heard_at: float = 100.0, **fields: int) -> KeyPressed:
    """A press of a box in its first life."""
    return replace(KeyPressed(unit=PAD_1, key=key, boot=1, seq=seq, heard_at=heard_at), **fields)


def after(keys: list[str], *, hall: Hall | None = None, pad: Pad = Pad()) -> tuple[Pad, Act | Verdict]:  # noqa: B008
    """What the last of these presses came to, half a second apart."""
    board = (hall or Hall(opened=[1])).board
    told: Act | Verdict = Verdict("done")
    for count, key in enumerate(keys):
        now = 100.0 + count / 2
        pad, told = pressed(pad, UNIT, a_press(key, count + 1, now), board, now, ASK)
    return pad, told


def command_of(keys: list[str], *, hall: Hall | None = None) -> AnyCommand:
    """The command of the last of these presses."""
    _, told = after(keys, hall=hall)
    assert isinstance(told, Act), f"{keys} came to {told}"
    return told.command


COMMANDS = {
    "next": CallNext,
    "recall": Recall,
    "absent": MarkAbsent,
    "hold": HoldTicket,
    "away": SendAway,
    "transfer": TransferTicket,
    "start": StartService,
    "finish": FinishTicket,
    "open": OpenCounter,
    "close": CloseCounter,
    "pause": PauseCounter,
    "help": AskHelp,
}


@pytest.mark.parametrize("key", [key for key in KEYS if not key.startswith("digit:")])
def test_each_key_asks_for_its_command_at_its_own_counter(key: str) -> None:
    """A clerk who presses absent must not finish a visit, least of all the colleague's."""
    command = command_of([key])
    assert type(command) is COMMANDS[key]
    assert isinstance(command, AtCounter)
    assert (command.counter, command.channel, command.by) == (ONE, "device", BOX_ACTOR)


def test_reasons_of_keys_are_those_of_the_closed_lists() -> None:
    """What stands in the journal must be readable by reports, which know the lists alone."""
    away, pause, transfer = (command_of([key]) for key in ("away", "pause", "transfer"))
    called = command_of(["digit:1", "next"])
    assert isinstance(away, SendAway)
    assert isinstance(pause, PauseCounter)
    assert isinstance(transfer, TransferTicket)
    assert isinstance(called, CallNumber)
    assert away.reason in AWAY
    assert pause.reason in PAUSE
    assert transfer.reason in TRANSFER
    assert called.why in CALL


def test_digits_then_next_call_that_number() -> None:
    """The keypad's way to call somebody out of order."""
    command = command_of(["digit:1", "digit:0", "digit:0", "digit:2", "next"])
    assert isinstance(command, CallNumber)
    assert (command.number, command.why, command.ask) == (1002, "keypad", ASK)


def test_digits_then_transfer_send_to_that_counter() -> None:
    """The desk that passes a citizen on says which desk is next."""
    command = command_of(["digit:1", "digit:2", "transfer"])
    assert isinstance(command, TransferTicket)
    assert (command.to_counter, command.service) == (CounterNumber(12), None)


def test_a_lone_transfer_goes_to_the_halls_default_target() -> None:
    """Neither service nor counter is named: the core takes the default of the rules."""
    command = command_of(["transfer"])
    assert isinstance(command, TransferTicket)
    assert (command.to_counter, command.service) == (None, None)


def test_a_number_that_comes_with_its_key_counts_as_typed() -> None:
    """Polled keypads send the number and the key in one frame."""
    _, told = pressed(Pad(typed="9", typed_at=99.0), UNIT, a_press("next", number=1003), Hall().board, 100.0, ASK)
    assert isinstance(told, Act)
    assert isinstance(told.command, CallNumber)
    assert told.command.number == 1003


def test_digits_are_used_once() -> None:
    """The next citizen must not be the last number again."""
    assert isinstance(command_of(["digit:7", "next", "next"]), CallNext)


@pytest.mark.parametrize("key", ["recall", "start", "finish", "help"])
def test_another_key_forgets_the_digits(key: str) -> None:
    """Digits that were typed by mistake end with whatever is pressed instead."""
    assert isinstance(command_of(["digit:7", key, "next"]), CallNext)


def test_digits_of_before_lunch_are_forgotten() -> None:
    """A 1 that somebody leaned on must not call number 1 an hour later."""
    pad, _ = after(["digit:7"])
    late = 100.0 + translate.TYPED_FOR_S + 0.1
    _, told = pressed(pad, UNIT, a_press("next", 2, late), Hall(opened=[1]).board, late, ASK)
    assert isinstance(told, Act)
    assert isinstance(told.command, CallNext)


def test_too_many_digits_call_nobody_and_are_then_forgotten() -> None:
    """A number cut short is somebody else's; and the key after that works again."""
    pad, told = after(["digit:1"] * 7)
    assert told == Verdict("refused", "number-too-long")
    assert len(after(["digit:1"] * 13)[0].typed) == translate.DIGITS_MAX + 1
    pad, told = pressed(pad, UNIT, a_press("next", 8, 104.0), Hall().board, 104.0, ASK)
    assert told == Verdict("refused", "number-too-long")
    _, told = pressed(pad, UNIT, a_press("next", 9, 105.0), Hall().board, 105.0, ASK)
    assert isinstance(told, Act)


def test_open_ends_a_break() -> None:
    """Only an opened counter can be paused, and the box has no key of its own for coming back."""
    hall = Hall(opened=[1])
    hall.pause(1)
    assert isinstance(command_of(["open"], hall=hall), ResumeCounter)
    hall = Hall()
    assert isinstance(command_of(["open"], hall=hall), OpenCounter)


@pytest.mark.parametrize(("age_s", "acts"), [(0.0, True), (2.9, True), (3.1, False), (60.0, False)])
def test_a_press_acts_within_three_seconds_or_never(age_s: float, acts: bool) -> None:
    """A call that comes a minute after the key finds the clerk with somebody else."""
    pad, told = pressed(Pad(), UNIT, a_press("next", heard_at=100.0), Hall().board, 100.0 + age_s, ASK)
    assert isinstance(told, Act) is acts
    if not acts:
        assert told == Verdict("late", "too-late")
        _, again = pressed(pad, UNIT, a_press("next", heard_at=101.0 + age_s), Hall().board, 101.0 + age_s, ASK)
        assert again == Verdict("repeat", "too-late"), "and its repeat never acts either"


def test_a_repeat_is_the_same_life_and_count() -> None:
    """Radio repeats itself; the clerk pressed once."""
    pad, told = after(["next"])
    pad = settled(pad, a_press("next"), Verdict("done"))
    assert isinstance(told, Act)
    assert pressed(pad, UNIT, a_press("next"), Hall().board, 103.0, ASK)[1] == Verdict("repeat")
    assert isinstance(pressed(pad, UNIT, a_press("next", 2), Hall().board, 100.0, ASK)[1], Act)
    assert isinstance(pressed(pad, UNIT, a_press("next", boot=2), Hall().board, 100.0, ASK)[1], Act)


def test_a_repeated_digit_is_typed_once() -> None:
    """11 instead of 1 calls somebody else."""
    pad, _ = after(["digit:1"])
    pad, told = pressed(pad, UNIT, a_press("digit:1"), Hall().board, 100.5, ASK)
    assert told == Verdict("repeat")
    assert pad.typed == "1"


def test_a_repeat_says_why_the_first_was_refused() -> None:
    """The answer to the first may be what was lost."""
    pad = settled(Pad(), a_press("recall"), Verdict("refused", "counter-empty"))
    assert pressed(pad, UNIT, a_press("recall"), Hall().board, 100.0, ASK)[1] == Verdict("repeat", "counter-empty")


def test_a_box_without_lives_begins_another_when_it_comes_online() -> None:
    """After a power cut it counts from 1 again, and its first press must act."""
    press = a_press("next", boot=0)
    pad = settled(Pad(), press, Verdict("done"))
    assert pressed(pad, UNIT, press, Hall().board, 100.0, ASK)[1] == Verdict("repeat")
    told = pressed(translate.new_life(pad), UNIT, press, Hall().board, 100.0, ASK)[1]
    assert isinstance(told, Act)


def test_a_box_without_lives_is_not_silenced_by_an_old_count() -> None:
    """Its coming online may have been missed; an hour later the same count is another press."""
    pad = settled(Pad(), a_press("next", boot=0), Verdict("done"))
    much_later = a_press("next", boot=0, heard_at=3700.0)
    assert isinstance(pressed(pad, UNIT, much_later, Hall().board, 3700.0, ASK)[1], Act)


def test_a_unit_that_counts_nothing_may_press_again() -> None:
    """Its driver recognises repeats of the wire; two presses of such a keypad look alike."""
    press = a_press("recall", 0, boot=0)
    pad = settled(Pad(), press, Verdict("done"))
    _, told = pressed(pad, UNIT, press, Hall().board, 100.0, ASK)
    assert told == Act(Recall(by=BOX_ACTOR, counter=ONE, channel="device"), None)


def test_a_thousand_presses_in_a_second_are_bounded() -> None:
    """A stuck key must not bury the hall under commands, nor grow what is remembered."""
    pad, acts = Pad(), 0
    for count in range(1000):
        now = 100.0 + count / 1000
        pad, told = pressed(pad, UNIT, a_press("next", count + 1, now), Hall().board, now, ASK)
        acts += isinstance(told, Act)
    assert acts == translate.PRESSES_PER_S_MAX
    assert len(pad.settled) <= translate.REMEMBERED_MAX
    assert len(pad.heard) <= translate.PRESSES_PER_S_MAX + 1
    _, told = pressed(pad, UNIT, a_press("next", 1001, 102.0), Hall().board, 102.0, ASK)
    assert isinstance(told, Act), "a second of quiet later it may press again"


def test_a_unit_of_no_counter_and_an_unknown_key_are_refused() -> None:
    """A table of keys with a mistake must do nothing, and say so."""
    nowhere = UnitAtCounter(unit=PAD_1, by=BOX_ACTOR)
    assert pressed(Pad(), nowhere, a_press("next"), Hall().board, 100.0, ASK)[1] == Verdict("refused", "no-counter")
    assert after(["digit:x"])[1] == after(["launch"])[1] == Verdict("refused", "unknown-key")


def test_a_score_answers_its_own_invitation_once() -> None:
    """Visitors tap twice; they mean it once. The invitation, not the box, decides about the time."""
    report = Rated(unit=PAD_1, ask="ask", score=3, boot=1, seq=1, heard_at=100.0)
    pad, told = rated(Pad(), UNIT, report, 110.0)
    assert isinstance(told, Act)
    assert told.command == RateVisit(by=BOX_ACTOR, ask=ASK, score=3)
    pad = settled(pad, report, Verdict("done"))
    assert rated(pad, UNIT, report, 111.0)[1] == Verdict("repeat")
    assert isinstance(pressed(pad, UNIT, a_press("next"), Hall().board, 100.0, ASK)[1], Act), "keys count apart"


def test_next_says_whether_it_called() -> None:
    """Nobody waiting, and a bounce that only showed the call again, look alike on a box without words."""
    hall = Hall(opened=[1])
    command = CallNext(by=BOX_ACTOR, counter=ONE, channel="device", ask=ASK)
    assert verdict_of(hall.board, command, hall.events(command), None) == Verdict("done", "nobody-waiting")
    hall.take()
    assert verdict_of(hall.board, command, hall.events(command), None) == Verdict("done")
    assert verdict_of(hall.board, command, hall.events(command), None) == Verdict("done", "shown-again")
    assert verdict_of(hall.board, command, (), Refusal("counter-paused")) == Verdict("refused", "counter-paused")


PRESSES = st.lists(
    st.tuples(
        st.sampled_from([*KEYS, "digit:x", ""]),
        st.integers(0, 2),
        st.integers(0, 4),
        st.sampled_from([None, None, 0, 2, 1001, 1002, -1, 10**9]),
        st.sampled_from([0.0, 0.05, 0.3, 2.0, 20.0]),
        st.sampled_from([0.0, 0.0, 1.0, 4.0]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(PRESSES)
def test_random_presses_never_raise_and_never_call_one_press_twice(
    presses: list[tuple[str, int, int, int | None, float, float]],
) -> None:
    """Whatever a box babbles, a press that named itself acts at most once, and the hall's rules hold."""
    hall = Hall(opened=[1, TWO])
    for _ in range(5):
        hall.take()
    pad, now, acted = Pad(), 100.0, set()
    for key, boot, seq, number, pause, age in presses:
        now += pause
        hall.at += timedelta(seconds=pause)
        report = KeyPressed(unit=PAD_1, key=key, number=number, boot=boot, seq=seq, heard_at=now - age)
        pad, told = pressed(pad, UNIT, report, hall.board, now, hall.new_ask())
        assert len(pad.typed) <= translate.DIGITS_MAX + 1
        if isinstance(told, Act):
            assert age <= translate.LATE_AFTER_S
            if boot:
                assert (boot, seq) not in acted
                acted.add((boot, seq))
            decision = hall.do(told.command)
            events = () if isinstance(decision, Refusal) else decision
            refusal = decision if isinstance(decision, Refusal) else None
            assert sum(isinstance(event, TicketCalled) for event in events) <= 1
            pad = settled(pad, report, verdict_of(hall.board, told.command, events, refusal))

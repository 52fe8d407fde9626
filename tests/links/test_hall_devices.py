"""Presses in a running hall: written before they are answered, in their order, and never twice."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.words import KEYS, Ask, Beep, KeyPressed, Order, Printed, Rated, Scanned, ShowNumber, UnitId
from queue_server.clock import HallClock
from queue_server.core.board import State
from queue_server.engine import Engine
from queue_server.journal.memory import MemoryJournal
from queue_server.links import hall_devices
from queue_server.links.hall_devices import HallDevices
from tests.engine.test_engine import MORNING, ZONE
from tests.factories import TWO, changed
from tests.links.hall_with_units import BOX, PAD, PAD_2, PANEL, RULES, UNITS, MemoryUnits, an_ask, running


async def test_a_press_calls_shows_and_is_answered() -> None:
    """The way of every working day: key, number on the panel, light on the key."""
    async with running() as hall:
        await hall.take()
        await hall.press("next")
        assert hall.units.of(PANEL)[-1] == ShowNumber(number=1001, state="calling", blink=True, counter=1)
        assert hall.units.answers() == [(1, "done")]
        await hall.press("start", first=2)
        assert hall.units.of(PANEL)[-1] == ShowNumber(number=1001, state="serving", counter=1)


async def test_nothing_is_shown_or_answered_before_it_is_written() -> None:
    """After a power cut the journal must know of everybody who stood up."""
    async with running() as hall:
        await hall.take()
        hall.units.told.clear()
        hall.journal.hold()
        await hall.press("next")
        assert hall.units.told == []
        hall.journal.release()
        await hall.quiet()
        assert hall.units.answers() == [(1, "done")]


async def test_a_repeat_after_a_crash_between_write_and_answer_calls_nobody_twice() -> None:
    """The box did not see its answer and says it again to a server that was just started."""
    journal = MemoryJournal()
    async with running(journal) as hall:
        await hall.take(3)
        await hall.press("next")
    async with running(journal) as hall:
        await hall.press("next")
        assert hall.units.answers() == [(1, "repeat")]
        assert len(await hall.calls()) == 1
        await hall.press("next", first=2)
        assert len(await hall.calls()) == 2


async def test_a_box_that_gives_one_press_two_keys_is_refused() -> None:
    """Its count or its life is broken; what it meant is unknown, so nothing is done."""
    journal = MemoryJournal()
    async with running(journal) as hall:
        await hall.take(3)
        await hall.press("next")
    async with running(journal) as hall:
        await hall.press("finish")
        assert hall.units.answers() == [(1, "refused")]
        assert [row.kind for row in await journal.read(limit=1000)].count("ticket-finished") == 0


@pytest.mark.parametrize("boot", [0, 7])
async def test_a_repeat_is_answered_and_acts_once(boot: int) -> None:
    """Boxes say it again until they hear an answer."""
    async with running() as hall:
        await hall.take(3)
        for _ in range(3):
            await hall.press("next", boot=boot)
        assert hall.units.answers() == [(1, "done"), (1, "repeat"), (1, "repeat")]
        assert len(await hall.calls()) == 1


async def test_coming_online_begins_a_new_count_where_a_box_tells_no_life() -> None:
    """A box whose plug was pulled counts from 1 again, and its first press must call."""
    async with running() as hall:
        await hall.take(3)
        await hall.press("next", boot=0)
        hall.devices.online(PAD)
        await hall.press("next", boot=0)
        assert hall.units.answers() == [(1, "done"), (1, "done")]
        assert len(await hall.calls()) == 2


async def test_a_press_of_the_life_before_is_no_press_of_this_one() -> None:
    """The plug was pulled while the disk was slow; what comes after it is new all the same."""
    async with running() as hall:
        await hall.take(3)
        hall.journal.hold()
        await hall.press("next", boot=0)
        hall.devices.online(PAD)
        hall.journal.release()
        await hall.quiet()
        await hall.press("next", boot=0)
        assert hall.units.answers() == [(1, "done"), (1, "done")]


async def test_an_answer_kept_since_the_morning_swallows_no_press_of_the_afternoon() -> None:
    """The server and a box without lives were both switched off at lunch; the box counts from 1, as at eight."""
    journal = MemoryJournal()
    async with running(journal) as hall:
        await hall.take(3)
        await hall.press("next", boot=0)
    async with running(journal) as hall:
        hall.clock.not_before(hall.engine.now() + timedelta(seconds=60))
        await hall.press("next", boot=0)
        assert hall.units.answers() == [(1, "done")]
        await hall.press("next", boot=0)
        assert hall.units.answers()[-1] == (1, "repeat")
        assert len(await hall.calls()) == 2


async def test_a_box_without_lives_that_starts_with_another_key_is_heard() -> None:
    """It restarted with the server; its first press this time is not the first press of before."""
    journal = MemoryJournal()
    async with running(journal) as hall:
        await hall.take(3)
        await hall.press("next", boot=0)
    async with running(journal) as hall:
        await hall.press("start", boot=0)
        assert hall.units.answers() == [(1, "done")]


async def test_presses_of_a_unit_act_in_their_order() -> None:
    """Call, start, finish, call: in any other order somebody is finished who was never served."""
    async with running() as hall:
        await hall.take(2)
        await hall.press("next", "start", "finish", "next", "start")
        kinds = [row.kind for row in await hall.journal.read(limit=1000)]
        said = [one for one in kinds if one in {"ticket-called", "service-started", "ticket-finished"}]
        assert said == ["ticket-called", "service-started", "ticket-finished", "ticket-called", "service-started"]
        assert hall.units.answers() == [(seq, "done") for seq in range(1, 6)]


async def test_digits_then_next_call_that_number() -> None:
    """Typed on the keypad, out of order, with the keypad's own reason."""
    async with running() as hall:
        await hall.take(3)
        await hall.press("digit:1", "digit:0", "digit:0", "digit:3", "next")
        assert hall.units.of(PANEL)[-1] == ShowNumber(number=1003, state="calling", blink=True, counter=1)
        (call,) = await hall.calls()
        assert '"why":"keypad"' in call
        assert '"by_device":1' in call


async def test_digits_then_transfer_send_to_that_counter() -> None:
    """And the other desk calls them."""
    async with running() as hall:
        await hall.take(1)
        await hall.press("next", "start", "digit:2", "transfer")
        assert hall.units.answers()[-1] == (4, "done")
        await hall.press("next", unit=PAD_2)
        (ticket,) = hall.engine.board.tickets.values()
        assert (ticket.counter, ticket.state) == (TWO, State.CALLED)


async def test_a_bounce_only_shows_the_call_again() -> None:
    """A key that chatters has another count for each press, and the hall's guard stops it."""
    async with running(rules=changed(RULES, next_guard_ms=1500)) as hall:
        await hall.take(3)
        await hall.press("next")
        shown = len(hall.units.of(PANEL))
        await hall.press("next", first=2)
        assert len(await hall.calls()) == 1
        assert len(hall.units.of(PANEL)) == shown + 1
        assert hall.units.of(PANEL)[-1] == hall.units.of(PANEL)[-2]


async def test_a_press_that_waited_too_long_never_acts() -> None:
    """The disk was slow for four seconds; the clerk has pressed again or gone on by hand."""
    async with running() as hall:
        await hall.take(3)
        hall.journal.hold()
        await hall.press("next", "next")
        hall.now += 4
        hall.journal.release()
        await hall.quiet()
        assert hall.units.answers() == [(1, "done"), (2, "late")]
        assert len(await hall.calls()) == 1


async def test_a_refusal_and_a_full_disk_are_answered() -> None:
    """A box that stays dark makes the clerk press again and again."""
    async with running() as hall:
        await hall.press("recall")
        assert hall.units.answers() == [(1, "refused")]
        await hall.take()
        hall.journal.fail_next_append()
        await hall.press("next", first=2)
        assert hall.units.answers()[-1] == (2, "refused")
        await hall.press("next", first=3)
        assert hall.units.answers()[-1] == (3, "done"), "and the hall goes on"


async def test_a_thousand_presses_at_once_stay_bounded_and_others_are_served() -> None:
    """One stuck keypad must not cost the counter beside it a second."""
    async with running() as hall:
        await hall.take(5)
        for seq in range(1, 1001):
            hall.devices.hear(KeyPressed(unit=PAD, key="help", boot=1, seq=seq, heard_at=hall.now))
        assert hall.devices.counts[PAD, "refused"] == 1000 - hall_devices.WAITING_MAX, "what cannot wait is refused"
        await hall.press("next", unit=PAD_2)
        assert hall.units.answers(PAD_2) == [(1, "done")]
        await hall.quiet()
        assert len(hall.units.answers()) == 1000
        assert hall.devices.counts[PAD, "done"] <= hall_devices.WAITING_MAX
        assert hall.devices.counts.total() == 1001


async def test_a_rating_is_asked_answered_and_shut() -> None:
    """One answer for one visit; the box then sleeps."""
    async with running() as hall:
        await hall.take()
        await hall.press("next", "start", "finish")
        ask = hall.units.of(BOX)[-1]
        assert isinstance(ask, Ask)
        assert (ask.number, ask.expires_s) == (1001, 120)
        for _ in range(2):
            hall.devices.hear(Rated(unit=BOX, ask=ask.ask, score=3, boot=1, seq=1, heard_at=hall.now))
        await hall.quiet()
        assert hall.units.answers(BOX) == [(1, "done"), (1, "repeat")]
        assert Ask(ask="") in hall.units.of(BOX)
        assert [row.kind for row in await hall.journal.read(limit=1000)].count("rating-given") == 1


async def test_an_invitation_nobody_answers_is_cleared_at_its_end() -> None:
    """The next citizen must not rate the visit before."""
    async with running() as hall:
        await hall.take()
        await hall.press("next", "start", "finish")
        ((seconds, waker),) = hall.sleeps
        assert 119 < seconds <= 120
        waker.set()
        await hall.quiet()
        assert hall.units.of(BOX)[-1] == Ask(ask="")


async def test_an_open_invitation_is_still_cleared_after_the_devices_were_started_again() -> None:
    """A fault of one driver must not leave a question standing for the next citizen."""
    async with running() as hall:
        await hall.take()
        await hall.press("next", "start", "finish")
        await hall.start_again()
        assert len(hall.sleeps) == 2
        hall.sleeps[-1][1].set()
        await hall.quiet()
        assert hall.units.of(BOX)[-1] == Ask(ask="")


async def test_a_commit_shows_each_panel_once() -> None:
    """Ending one visit and calling the next is one change; a slow bus has no time for two."""
    async with running() as hall:
        await hall.take(2)
        await hall.press("next", "start")
        hall.units.told.clear()
        await hall.press("next", first=3)
        assert [order.number for order in hall.units.of(PANEL) if isinstance(order, ShowNumber)] == [1002]


async def test_a_hall_that_comes_back_shows_and_asks_what_is_owed() -> None:
    """Panels went dark with the server; the citizen who was called stands in front of one."""
    journal = MemoryJournal()
    async with running(journal) as hall:
        await hall.take(2)
        await hall.press("next", "start", "finish", "next")
    async with running(journal) as hall:
        assert hall.units.of(PANEL)[-1] == ShowNumber(number=1002, state="calling", blink=True, counter=1)
        assert [type(order) for order in hall.units.of(BOX)] == [Ask]


async def test_an_idle_clerk_hears_one_beep_when_somebody_comes() -> None:
    """One for the first who waits, none for each after, none when a visit ends with people waiting."""
    async with running() as hall:
        await hall.take(3)
        assert hall.units.of(PAD).count(Beep()) == 1
        await hall.press("next", "start", "finish")
        assert hall.units.of(PAD).count(Beep()) == 1


async def test_a_unit_that_refuses_orders_stops_nothing() -> None:
    """A board that was unplugged for good is no reason to stop calling."""
    async with running() as hall:
        hall.units.refusing = PANEL
        await hall.take()
        await hall.press("next")
        assert hall.units.answers() == [(1, "done")]


class BrokenUnits(MemoryUnits):
    """Units with a driver that meets a bug of ours as soon as it is to show a call."""

    def order(self, unit: UnitId, order: Order) -> None:
        if isinstance(order, ShowNumber) and order.number is not None:
            raise ZeroDivisionError("a bug of the driver")


async def test_a_bug_of_a_driver_ends_the_devices_and_not_the_hall() -> None:
    """The supervisor starts the devices again; the screens and the other doors never notice."""
    async with running() as hall:
        devices = HallDevices(hall.engine, BrokenUnits(), new_ask=an_ask, monotonic=lambda: 0.0)
        devices.place(UNITS)
        broken = asyncio.create_task(devices.run(), name="broken devices")
        await hall.take()
        await hall.press("next")
        with pytest.raises(ExceptionGroup) as fell:
            await broken
        assert fell.group_contains(ZeroDivisionError)
        assert devices.follow not in hall.engine.followers
        await hall.press("start", first=2)
        assert hall.units.answers() == [(1, "done"), (2, "done")]


async def test_a_unit_that_was_taken_away_does_nothing_more() -> None:
    """A revoked box may still have a battery."""
    async with running() as hall:
        await hall.take()
        hall.devices.place(UNITS[1:])
        await hall.press("next")
        assert await hall.calls() == []
        assert hall.units.answers() == []


async def test_a_press_before_the_hall_is_up_never_acts() -> None:
    """It was pressed for whoever stood there then."""
    engine = Engine(MemoryJournal(), HallClock(ZONE, wall=MORNING), an_ask)
    units = MemoryUnits()
    devices = HallDevices(engine, units, new_ask=an_ask, monotonic=lambda: 0.0)
    devices.place(UNITS)
    devices.hear(KeyPressed(unit=PAD, key="next", boot=1, seq=1, heard_at=0.0))
    await asyncio.sleep(0)
    assert units.told == []


async def test_what_is_no_press_goes_aside() -> None:
    """Codes and finished prints have parts of their own."""
    seen: list[Scanned | Printed] = []
    engine = Engine(MemoryJournal(), HallClock(ZONE, wall=MORNING), an_ask)
    devices = HallDevices(engine, MemoryUnits(), new_ask=an_ask, monotonic=lambda: 0.0, aside=seen.append)
    printed = Printed(unit=PAD, job="j", outcome="done")
    devices.hear(printed)
    assert seen == [printed]


PRESSES = st.lists(
    st.tuples(
        st.sampled_from([PAD, PAD_2]),
        st.sampled_from([*KEYS, "next", "next", "finish"]),
        st.integers(1, 12),
        st.booleans(),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(PRESSES)
def test_presses_with_repeats_and_restarts_never_call_more_than_was_pressed(
    presses: list[tuple[UnitId, str, int, bool]],
) -> None:
    """Whatever is said again, and whenever the server falls, a press of one name calls one citizen at most."""

    async def all_of_it() -> None:
        journal = MemoryJournal()
        async with running(journal) as hall:
            await hall.take(8)
        calling = set()
        at = 0
        while at < len(presses):
            async with running(journal) as hall:
                while at < len(presses):
                    unit, key, seq, crashes = presses[at]
                    at += 1
                    if key == "next":
                        calling.add((unit, seq))
                    await hall.press(key, unit=unit, first=seq)
                    if crashes:
                        break
        assert len([row for row in await journal.read(limit=100_000) if row.kind == "ticket-called"]) <= len(calling)

    asyncio.run(all_of_it())

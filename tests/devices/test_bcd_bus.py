"""The polled bus of the field: repeats without sequence numbers, dead stations, and boards beside keypads."""

from pathlib import Path

from devices.drivers.bcd_bus import FIRST_BYTE_S, KIND, Bus, Options
from devices.framing import bcd
from devices.kind import Unit
from devices.polling import DEMOTED_EVERY_ROUNDS, MISSES_UNTIL_DEMOTED, Repeats, Schedule
from devices.simulation.ends import Knobs
from devices.words import KeyPressed, ShowNumber, UnitId
from tests.devices.bench import a_bench


def _station(address: int, **options: object) -> Unit:
    return Unit(id=UnitId(f"s{address}"), address=address, options=Options(**options))  # type: ignore[arg-type]


async def test_the_typed_number_comes_with_the_key(tmp_path: Path) -> None:
    """`105` and next is a call of 105; losing the digits calls somebody else."""
    async with a_bench(KIND, "pty", tmp_path, units=(_station(3),)) as bench:
        bench.press(bench.units[0], "next", number=105)
        await bench.until(lambda: bool(bench.reports))
        (report,) = bench.reports
        assert isinstance(report, KeyPressed)
        assert (report.key, report.number) == ("next", 105)


async def test_two_quick_presses_of_a_keypad_that_answers_idle_are_two(tmp_path: Path) -> None:
    """Between them it said that nothing was pressed, so the second is meant."""
    async with a_bench(KIND, "pty", tmp_path, units=(_station(3, idle_key="80"),)) as bench:
        bench.press(bench.units[0])
        await bench.until(lambda: len(bench.reports) == 1)
        await bench.settled(3 * FIRST_BYTE_S)
        bench.press(bench.units[0])
        await bench.until(lambda: len(bench.reports) == 2)


async def test_a_held_key_is_one_press(tmp_path: Path) -> None:
    """A keypad says a held key at every question; each would be a citizen called for nothing."""
    async with a_bench(KIND, "pty", tmp_path, units=(_station(3),)) as bench:
        for _ in range(20):
            bench.press(bench.units[0])
        await bench.until(lambda: len(bench.reports) >= 1)
        await bench.settled(20 * FIRST_BYTE_S + 0.2)
        assert len(bench.reports) == 1


async def test_keypads_boards_and_panels_share_the_wire(tmp_path: Path) -> None:
    """One pair of wires runs through the hall; each station takes its own frame and no other."""
    units = (_station(3), _station(20, role="main_board", way=2))
    async with a_bench(KIND, "pty", tmp_path, units=units) as bench:
        bench.channel.order(units[1].id, ShowNumber(number=105, counter=3))
        bench.channel.order(units[0].id, ShowNumber(number=12))
        await bench.until(lambda: [bench.shown(unit) for unit in units] == ["12", "105"])
        bench.press(units[0])
        await bench.until(lambda: len(bench.reports) == 1)


def test_a_panel_without_address_shows_two_bytes() -> None:
    """It takes any frame of three bytes, so its number is the whole of it."""
    panel = _station(1, role="panel")
    bus = Bus((panel,))
    bus.hear(b"\xaa" + bcd(77))
    assert bus.shown(panel.id) == "77"


async def test_a_key_outside_the_table_does_nothing_and_is_counted(tmp_path: Path) -> None:
    """The star differs from hall to hall; guessing its meaning would close somebody's counter."""
    async with a_bench(KIND, "pty", tmp_path, units=(_station(3),)) as bench:
        await bench.until(lambda: bench.states() == {"unheard"})
        bench.player.send(bytes.fromhex("AA038CFFFF"))
        await bench.settled()
        assert bench.reports == []
        assert bench.channel.health()[0].noise > 0


async def test_a_slow_adapter_that_cuts_frames_loses_nothing(tmp_path: Path) -> None:
    """At 9600 Bd with answers in single bytes, half a frame is normal and not noise."""
    knobs = Knobs(baud=9600, thinks_s=0.004, slice_bytes=1)
    async with a_bench(KIND, "pty", tmp_path, units=(_station(3), _station(4)), knobs=knobs) as bench:
        for number in range(1, 11):
            bench.press(bench.units[number % 2], number=number)
            await bench.until(lambda number=number: len(bench.reports) == number)  # type: ignore[misc]
        assert [report.number for report in bench.reports if isinstance(report, KeyPressed)] == list(range(1, 11))


def test_dead_stations_are_asked_seldom_and_come_back_at_once() -> None:
    """Four desks without a clerk must not make the others wait at every press."""
    schedule = Schedule((1, 2, 3))
    for _ in range(MISSES_UNTIL_DEMOTED):
        assert list(schedule.next_round()) == [1, 2, 3]
        schedule.answered(1)
        given_up = [schedule.missed(2), schedule.missed(3)]
    assert given_up == [True, True]
    rounds = [list(schedule.next_round()) for _ in range(DEMOTED_EVERY_ROUNDS)]
    assert all(1 in one for one in rounds)
    assert [sum(address in one for one in rounds) for address in (2, 3)] == [1, 1]
    assert not any({2, 3} <= set(one) for one in rounds), "one round bears all the dead ones"
    assert schedule.answered(2)
    assert 2 in list(schedule.next_round())


def test_the_same_frame_is_the_same_press_while_it_keeps_coming() -> None:
    """There is no number on these frames; only time tells."""
    repeats = Repeats()
    heard = [repeats.is_new(3, b"next", at, 0.4) for at in (0.0, 0.3, 0.6, 0.9, 1.31, 1.4)]
    assert heard == [True, False, False, False, True, False]
    assert repeats.is_new(3, b"recall", 1.41, 0.4)
    assert repeats.is_new(4, b"recall", 1.42, 0.4)
    repeats.released(3)
    assert repeats.is_new(3, b"recall", 1.43, 0.4)

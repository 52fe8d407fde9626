"""Our own box: what its numbers and acknowledgements are for, and that its page says what the code does."""

import re
from pathlib import Path

import pytest

from devices.drivers import cobs_box
from devices.drivers.cobs_box import KIND, LONGEST, Boxes, Frame, encode
from devices.errors import DeviceRefused
from devices.framing import FrameReader
from devices.words import KEYS, Answer, Ask, Beep, KeyPressed, ShowNumber
from tests.devices.bench import Bench, a_bench, units_of

PAGE = (Path(__file__).parents[2] / "firmware_config" / "cobs_box.md").read_text("utf-8")


def _boxes_of(bench: Bench) -> Boxes:
    assert isinstance(bench.player.simulator, Boxes)
    return bench.player.simulator


async def test_presses_keep_their_order_and_numbers(tmp_path: Path) -> None:
    """Digits typed quickly are a number; in another order they are another one."""
    keys = ["digit:1", "digit:0", "digit:5", "next"]
    async with a_bench(KIND, "pty", tmp_path) as bench:
        for key in keys:
            bench.press(bench.units[0], key)
        await bench.until(lambda: len(bench.reports) >= len(keys))
        pressed = [report for report in bench.reports if isinstance(report, KeyPressed)]
        assert [(one.key, one.boot, one.seq) for one in pressed] == [(key, 1, n) for n, key in enumerate(keys, start=1)]


async def test_a_power_cut_begins_a_new_life_and_shows_the_number_again(tmp_path: Path) -> None:
    """After a cut the box counts from one: that press is new, and the citizen's number must not stay dark."""
    async with a_bench(KIND, "pty", tmp_path) as bench:
        unit = bench.units[0]
        bench.channel.order(unit.id, ShowNumber(number=105, state="calling"))
        bench.press(unit)
        await bench.until(lambda: len(bench.reports) == 1 and bench.shown(unit) == "105")
        _boxes_of(bench).cut_power(unit.id)
        assert bench.shown(unit) == ""
        bench.press(unit)
        await bench.until(lambda: len(bench.reports) == 2 and bench.shown(unit) == "105")
        assert [(r.boot, r.seq) for r in bench.reports if isinstance(r, KeyPressed)] == [(1, 1), (2, 1)]


async def test_a_press_that_was_heard_before_the_cable_fell_is_not_said_again(tmp_path: Path) -> None:
    """The acknowledgement may be lost with the cable; the press must not act twice."""
    async with a_bench(KIND, "pty", tmp_path) as bench:
        bench.player.knobs.says_times = 1
        bench.press(bench.units[0])
        await bench.until(lambda: len(bench.reports) == 1)
        await bench.end.unplug()
        await bench.until(lambda: bench.states() == {"lost"})
        await bench.end.plug()
        await bench.until(lambda: bench.states() == {"up"})
        await bench.settled()
        assert len(bench.reports) == 1


async def test_the_box_shows_what_became_of_a_press_and_beeps_once(tmp_path: Path) -> None:
    """Whoever pressed must see it; and one beep is one beep, on a wire where every answer comes twice."""
    async with a_bench(KIND, "pty", tmp_path) as bench:
        bench.player.knobs.says_times = 2
        unit = bench.units[0]
        await bench.until(lambda: bench.states() == {"up"})
        bench.channel.order(unit.id, Answer(boot=1, seq=1, result="late"))
        bench.channel.order(unit.id, Beep())
        await bench.until(lambda: _boxes_of(bench).lamp(unit.id) == "late" and _boxes_of(bench).beeps(unit.id) > 0)
        await bench.settled()
        assert _boxes_of(bench).beeps(unit.id) == 1
        with pytest.raises(DeviceRefused, match="cannot do Ask"):
            bench.channel.order(unit.id, Ask(ask="a-1"))


async def test_a_beep_is_never_made_late(tmp_path: Path) -> None:
    """A desk that beeps for somebody who waited before lunch sends the clerk looking for nobody."""
    async with a_bench(KIND, "pty", tmp_path) as bench:
        unit = bench.units[0]
        await bench.until(lambda: bench.states() == {"up"})
        await bench.end.unplug()
        await bench.until(lambda: bench.states() == {"lost"})
        bench.channel.order(unit.id, Beep())
        bench.channel.order(unit.id, Answer(boot=1, seq=1, result="done"))
        await bench.end.plug()
        await bench.until(lambda: _boxes_of(bench).lamp(unit.id) == "done")
        assert _boxes_of(bench).beeps(unit.id) == 0


def test_a_repeated_request_is_answered_and_done_once() -> None:
    """The server asks again when the answer was lost; the box must not beep for each asking."""
    units = units_of(KIND)
    boxes = Boxes(units)
    request = encode(Frame(units[0].address, cobs_box.BEEP, 7))
    first, again = boxes.hear(request), boxes.hear(request)
    assert first == again != b""
    assert boxes.beeps(units[0].id) == 1


def test_frames_are_those_of_the_page() -> None:
    """Firmware is written from these bytes."""
    poll = encode(Frame(1, cobs_box.POLL, 0, b"\0\0\0\0"))
    assert poll == bytes.fromhex("03 01 01 01 01 01 01 03") + poll[8:]
    assert FrameReader(cobs_box.cut, longest=LONGEST).feed(poll) == [Frame(1, cobs_box.POLL, 0, b"\0\0\0\0")]


def test_the_page_of_the_box_says_what_the_driver_does() -> None:
    """Two descriptions of one wire drift apart unless something compares them."""
    kinds = dict(re.findall(r"^\| `([0-9a-f]{2})` \| (\w+) \|", PAGE, re.MULTILINE))
    assert kinds == {
        "01": "poll", "02": "show", "03": "answer", "04": "beep", "81": "idle", "82": "key", "83": "done",
    }  # fmt: skip
    assert (cobs_box.POLL, cobs_box.SHOW, cobs_box.ANSWER, cobs_box.BEEP) == (1, 2, 3, 4)
    assert (cobs_box.IDLE, cobs_box.KEY, cobs_box.DONE) == (0x81, 0x82, 0x83)
    assert f"{KIND.baud} Bd" in PAGE
    assert f"addresses {KIND.addresses[0]} to {KIND.addresses[-1]}" in PAGE
    assert f"longest frame with its zero\nhas {LONGEST} bytes" in PAGE.replace(" has", "\nhas")
    assert f"within {cobs_box.Options().patience_ms} ms" in PAGE
    for code, key in enumerate(KEYS[:12]):
        assert f"{code} {key}" in PAGE
    for names in (cobs_box.STATES, cobs_box.RESULTS):
        for code, name in enumerate(names):
            assert re.search(rf"{code}\s+{name}", PAGE), f"{code} {name}"


class _HardOfHearing(Boxes):
    """Boxes that miss the first acknowledgements."""

    misses = 5

    def _polled(self, box: cobs_box._SimulatedBox, boot: int, heard_seq: int) -> bytes:
        self.misses -= 1
        return super()._polled(box, boot, heard_seq if self.misses < 0 else 0)


async def test_a_key_said_again_for_want_of_an_acknowledgement_is_one_press(tmp_path: Path) -> None:
    """The box says a key until it knows that it was heard; the hall must call once."""
    async with a_bench(KIND, "memory", tmp_path) as bench:
        bench.player.simulator = boxes = _HardOfHearing(bench.units)
        bench.press(bench.units[0])
        await bench.until(lambda: boxes.misses < -3)
        assert len(bench.reports) == 1

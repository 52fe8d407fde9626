"""A ticket printer over memory, a real pty and TCP: what comes out, once, or why it does not."""

from pathlib import Path

import msgspec
import pytest

from devices.drivers.escpos_printer.composing import TextLine, image_page, text_page
from devices.drivers.escpos_printer.options import IMAGE_BYTES_MAX, Options
from devices.drivers.escpos_printer.status import LONGEST, cut
from devices.drivers.escpos_printer.talking import Talk
from devices.errors import DeviceRefused
from devices.framing import FrameReader
from devices.simulation.ends import Knobs
from devices.words import Beep, Print
from tests.devices.bench import PLACES
from tests.devices.printing import PRINTER, QUICK, a_dense_picture, a_desk, a_picture, inked_rows, printed_rows

PATIENT = msgspec.structs.replace(QUICK, expires_s=20.0)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("end_mark", ["paper-sensor", "process-id"])
async def test_what_was_sent_is_on_paper_dot_for_dot(place: str, end_mark: str, tmp_path: Path) -> None:
    """A wrong dot may be a wrong number; the paper is all that a citizen takes along."""
    options = msgspec.convert({"end_mark": end_mark, "expires_s": 20}, Options)
    pictures = [a_picture(seed) for seed in (1, 2, 3)]
    async with a_desk(tmp_path, place, options=options) as desk:
        for number, picture in enumerate(pictures):
            desk.print(f"job-{number}", picture)
        await desk.ended(3)
        assert desk.outcomes == [(f"job-{number}", "done", "") for number in range(3)]
        assert [printed_rows(sheet) for sheet in desk.printer.sheets] == [inked_rows(one) for one in pictures]
        assert desk.printer.unknown == []
        assert desk.printer.uncut.rows == [], "paper hangs out, not cut"


@pytest.mark.parametrize("place", PLACES)
async def test_a_job_told_twice_is_printed_once(place: str, tmp_path: Path) -> None:
    """Two papers with one number make two people of one place in the queue."""
    async with a_desk(tmp_path, place) as desk:
        desk.print("job-1")
        desk.print("job-1")
        await desk.ended()
        desk.print("job-1")
        await desk.bench.settled()
        assert len(desk.printer.sheets) == 1
        assert desk.outcomes == [("job-1", "done", "")] * 2, "who asks again is told the outcome again"


@pytest.mark.parametrize(
    ("knob", "fault"),
    [
        ("has_paper", "paper-out"),
        ("is_cover_open", "cover-open"),
        ("is_jammed", "jam"),
        ("is_cutter_stuck", "cutter"),
    ],
)
@pytest.mark.parametrize("place", PLACES)
async def test_each_fault_is_seen_and_nothing_is_sent_into_it(
    place: str, knob: str, fault: str, tmp_path: Path
) -> None:
    """A person must know what to mend; and a page given to a stopped printer comes out hours later."""
    is_fine = knob == "has_paper"
    async with a_desk(tmp_path, place) as desk:
        desk.turn(**{knob: not is_fine})
        await desk.fault(fault)
        received = desk.printer.received
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "failed", fault)]
        assert desk.printer.received - received < 200, "more than questions was sent"
        desk.turn(**{knob: is_fine})
        await desk.fault("")
        await desk.bench.settled(0.4)
        assert desk.printer.sheets == [], "printed late"
        desk.print("job-2")
        await desk.ended(2)
        assert desk.outcomes[1] == ("job-2", "done", "")


async def test_a_fault_that_ends_in_time_delays_the_page_only(tmp_path: Path) -> None:
    """Whoever changes the roll at once finds the slip printed, without asking again."""
    async with a_desk(tmp_path, options=PATIENT) as desk:
        desk.turn(is_cover_open=True)
        await desk.fault("cover-open")
        desk.print("job-1")
        desk.turn(is_cover_open=False)
        await desk.ended()
        assert desk.outcomes == [("job-1", "done", "")]


@pytest.mark.parametrize("place", PLACES)
async def test_near_end_is_seen_and_still_prints(place: str, tmp_path: Path) -> None:
    """Near the end there is paper for an hour; stopping then would be worse than running out."""
    async with a_desk(tmp_path, place) as desk:
        desk.turn(is_near_end=True)
        await desk.bench.until(lambda: desk.driver.status.paper == "near-end")
        assert desk.driver.status.fault == ""
        assert desk.driver.roll.left_mm == QUICK.near_end_mm
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "done", "")]
        assert desk.driver.roll.left_mm < QUICK.near_end_mm


@pytest.mark.parametrize("place", PLACES)
async def test_a_silent_printer_is_not_a_fine_one(place: str, tmp_path: Path) -> None:
    """Silence with the cable in is a printer without power: the page must say so, and no job may be called done."""
    async with a_desk(tmp_path, place) as desk:
        desk.bench.player.knobs.is_mute = True
        await desk.fault("unknown")
        assert desk.bench.states() == {"unheard"}
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "failed", "unknown")]
        desk.bench.player.knobs.is_mute = False
        await desk.fault("")
        assert desk.bench.states() == {"up"}
        assert desk.printer.sheets == []


@pytest.mark.parametrize("place", ["memory", "pty"])
async def test_falling_silent_behind_a_page_leaves_it_unknown(place: str, tmp_path: Path) -> None:
    """Nobody can tell whether the paper came; printing again by itself would make a second one."""
    async with a_desk(tmp_path, place) as desk:
        desk.turn(rows_a_turn=1)
        desk.print("job-1")
        await desk.bench.until(lambda: len(desk.printer.uncut.rows) > 3)
        desk.bench.player.knobs.is_mute = True
        await desk.ended()
        assert desk.outcomes == [("job-1", "unknown", "no-answer")]
        desk.bench.player.knobs.is_mute = False
        desk.turn(rows_a_turn=0)
        desk.print("job-2")
        await desk.ended(2)
        assert desk.outcomes[1] == ("job-2", "done", "")
        assert [printed_rows(sheet) == inked_rows(a_picture()) for sheet in desk.printer.sheets].count(True) == 1


@pytest.mark.parametrize("place", PLACES)
async def test_paper_that_ends_within_a_page_fails_it_and_its_rest_never_comes_out(place: str, tmp_path: Path) -> None:
    """Printers finish by themselves after a refill: that paper names a visitor who was told otherwise long ago."""
    async with a_desk(tmp_path, place) as desk:
        desk.turn(paper_rows=200)
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "failed", "paper-out")]
        assert desk.driver.roll.left_mm == 0
        before = len(printed_rows(desk.printer.uncut))
        desk.turn(has_paper=True)
        await desk.fault("")
        await desk.bench.until(lambda: len(desk.printer.sheets) == 1)
        assert len(printed_rows(desk.printer.sheets[0])) == before, "the rest came out after the refill"
        assert desk.driver.roll.left_mm == QUICK.roll_mm
        desk.print("job-2")
        await desk.ended(2)
        assert printed_rows(desk.printer.sheets[-1]) == inked_rows(a_picture())
        assert desk.outcomes[1] == ("job-2", "done", "")


async def test_a_printer_that_cannot_forget_leaves_its_page_unknown(tmp_path: Path) -> None:
    """Cheap printers finish after the refill whatever they are told: then nobody may say that nothing came out."""
    async with a_desk(tmp_path) as desk:
        desk.turn(paper_rows=200, can_clear=False)
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "unknown", "paper-out")]
        desk.turn(has_paper=True)
        desk.print("job-2")
        await desk.ended(2)
        assert desk.outcomes[1] == ("job-2", "done", "")
        assert printed_rows(desk.printer.sheets[-1]) == inked_rows(a_picture())


@pytest.mark.parametrize("can_clear", [True, False])
@pytest.mark.parametrize("place", PLACES)
async def test_a_cable_pulled_within_a_page_leaves_it_unknown_and_it_is_not_printed_again(
    place: str, can_clear: bool, tmp_path: Path
) -> None:
    """Half a slip may hang there. The next visitor's must come out whole all the same, and not as its rest."""
    async with a_desk(tmp_path, place, options=PATIENT, knobs=Knobs(baud=115_200)) as desk:
        desk.turn(can_clear=can_clear)
        begun = desk.printer.received
        desk.print("job-1", a_dense_picture())
        await desk.bench.until(lambda: desk.printer.received > begun + 3000)
        await desk.bench.end.unplug()
        await desk.ended()
        assert desk.outcomes == [("job-1", "unknown", "link-lost")]
        assert desk.driver.status.fault == "unknown"
        desk.bench.player.knobs.baud = 0
        await desk.bench.end.plug()
        desk.print("job-1")
        desk.print("job-2", a_picture(2))
        await desk.bench.until(lambda: ("job-2", "done", "") in desk.outcomes)
        whole = [printed_rows(sheet) for sheet in desk.printer.sheets]
        assert whole.count(inked_rows(a_picture(2))) == 1
        assert inked_rows(a_dense_picture()) not in whole
        assert {outcome for job, outcome, _ in desk.outcomes if job == "job-1"} == {"unknown"}


async def test_a_page_that_waits_for_a_cable_expires(tmp_path: Path) -> None:
    """Put in again after an hour, the cable must not bring the slips of people who have gone."""
    async with a_desk(tmp_path, "tcp") as desk:
        await desk.bench.end.unplug()
        await desk.bench.until(lambda: desk.bench.states() == {"lost"})
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "failed", "link-lost")]
        await desk.bench.end.plug()
        await desk.fault("")
        await desk.bench.settled()
        assert desk.printer.sheets == []


async def test_a_slow_printer_is_waited_for(tmp_path: Path) -> None:
    """A cold head takes its time; giving up early would call good paper unknown."""
    options = msgspec.structs.replace(QUICK, patience_s=20.0)
    async with a_desk(tmp_path, options=options) as desk:
        desk.turn(rows_a_turn=10)
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "done", "")]


async def test_questions_that_stand_in_a_picture_by_chance_do_not_mislead(tmp_path: Path) -> None:
    """Printers obey DLE EOT inside a picture; its stray answers must not look like an open cover."""
    picture = a_picture()
    for row, question in enumerate((1, 2, 3, 4) * 10):
        for bit, byte in enumerate((0x10, 0x04, question)):
            for place in range(8):
                picture.putpixel((400 + bit * 8 + place, 60 + row), 0 if byte >> (7 - place) & 1 else 1)
    async with a_desk(tmp_path, options=Options()) as desk:
        desk.turn(is_near_end=True)
        desk.print("job-1", picture)
        await desk.ended()
        assert b"\x10\x04\x02" in image_page(picture)
        assert desk.outcomes == [("job-1", "done", "")]
        assert printed_rows(desk.printer.sheets[0]) == inked_rows(picture)


async def test_one_false_word_does_not_end_a_page_that_was_sent(tmp_path: Path) -> None:
    """A flipped bit that says that the cover is open must not throw away a slip that is coming out."""
    options = msgspec.structs.replace(QUICK, patience_s=20.0)
    async with a_desk(tmp_path, options=options) as desk:
        desk.turn(rows_a_turn=1)
        desk.print("job-1")
        await desk.bench.until(lambda: len(desk.printer.uncut.rows) > 30)
        desk.bench.player.send(bytes.fromhex("38 00 00 0f"))
        await desk.bench.settled(0.1)
        desk.turn(rows_a_turn=0)
        await desk.ended()
        assert desk.outcomes == [("job-1", "done", "")]


async def test_a_stop_while_bytes_leave_fails_the_page_at_once(tmp_path: Path) -> None:
    """The rest is kept back; nobody waits for the end of a page that was never sent whole."""
    async with a_desk(tmp_path, "pty", options=PATIENT) as desk:
        begun = desk.printer.received
        desk.print("job-1")
        await desk.bench.until(lambda: desk.printer.received > begun + 2000)
        desk.bench.player.send(bytes.fromhex("38 00 00 0f"))
        await desk.ended()
        assert desk.outcomes == [("job-1", "failed", "stopped")]
        desk.print("job-2")
        await desk.ended(2)
        assert printed_rows(desk.printer.sheets[-1]) == inked_rows(a_picture())


async def test_an_old_word_is_not_an_answer() -> None:
    """What lay in the adapter from before would make a stopped printer look well."""
    turn = _Turn(lies=b"\x12", answers=b"\x1a")
    talk = Talk(turn, FrameReader(cut, longest=LONGEST), lambda: 0.0, 1.0)
    status = await talk.ask()
    assert status is not None
    assert status.online == "no"


class _Turn:
    """A printer that answers every question with the same byte; something lies there before each."""

    def __init__(self, *, lies: bytes, answers: bytes) -> None:
        self._lies, self._answers, self._heard = lies, answers, lies

    def send(self, data: bytes) -> float:
        assert data
        self._heard += self._answers
        return 0.0

    async def read(self, within_s: float) -> bytes:
        heard = self._heard[:1]
        self._heard = self._heard[1:]
        if within_s and not self._heard:
            self._heard = self._lies
        return heard


async def test_noise_on_the_wire_is_counted_and_believed_by_nobody(tmp_path: Path) -> None:
    """A long cable beside a motor brings rubbish; it must neither stop printing nor make a status."""
    async with a_desk(tmp_path, "pty", options=PATIENT, knobs=Knobs(slice_bytes=1)) as desk:
        desk.bench.player.send(bytes((0x80, 0xFF, 0x91, 0xE0)) * 50)
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "done", "")]
        assert sum(health.noise for health in desk.bench.channel.health()) == 200


async def test_a_one_way_printer_never_claims_success(tmp_path: Path) -> None:
    """A cable without a way back tells nothing: the page leaves, and people look."""
    async with a_desk(tmp_path, options=Options(end_mark="none")) as desk:
        desk.print("job-1")
        await desk.ended()
        assert desk.outcomes == [("job-1", "unknown", "cannot-tell")]
        await desk.bench.until(lambda: len(desk.printer.sheets) == 1)


async def test_text_goes_out_below_115200_baud_and_pictures_do_not(tmp_path: Path) -> None:
    """A picture at 9600 baud takes half a minute; letters take a quarter of a second."""
    async with a_desk(tmp_path, options=Options(pages="text")) as desk:
        with pytest.raises(DeviceRefused, match="slow wire"):
            desk.print("job-1")
        page = text_page(
            [TextLine(text="Số của ông/bà: Đợi", size=2), TextLine(text="4013", size=8)], "https://a.vn/t/1"
        )
        assert len(page) < 250
        desk.bench.channel.order(PRINTER, Print(job="job-2", page=page))
        await desk.ended()
        assert desk.outcomes == [("job-2", "done", "")]
        (sheet,) = desk.printer.sheets
        assert sheet.text == ["So cua ong/ba: Doi", "4013"]
        assert sheet.codes == ["https://a.vn/t/1"]
        assert desk.printer.unknown == []


async def test_what_it_can_never_do_is_refused(tmp_path: Path) -> None:
    """A refusal tells the staff at once; a page without end would hold up everybody's."""
    async with a_desk(tmp_path) as desk:
        order = desk.bench.channel.order
        with pytest.raises(DeviceRefused, match="cannot do Beep"):
            order(PRINTER, Beep())
        with pytest.raises(DeviceRefused, match="nothing to print"):
            order(PRINTER, Print(job="job-1", page=b""))
        with pytest.raises(DeviceRefused, match="25000 are the limit"):
            order(PRINTER, Print(job="job-1", page=bytes(IMAGE_BYTES_MAX + 1)))
        desk.turn(has_paper=False)
        await desk.fault("paper-out")
        for number in range(20):
            desk.print(f"waiting-{number}")
        with pytest.raises(DeviceRefused, match="too many") as refused:
            desk.print("one-more")
        assert refused.value.code == "too-many"
        await desk.ended(20)
        assert {outcome for _, outcome, _ in desk.outcomes} == {"failed"}

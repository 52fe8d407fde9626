"""What a printer says of itself, the states of its jobs, and the paper that is left."""

import random
from itertools import pairwise

import pytest

from devices.drivers.escpos_printer.composing import job_bytes, without_accents
from devices.drivers.escpos_printer.jobs import KEPT_MAX, WAITING_MAX, Job, JobBook
from devices.drivers.escpos_printer.options import Options, pages_for
from devices.drivers.escpos_printer.paper import FEED_AND_CUT_MM, length_mm, new_roll
from devices.drivers.escpos_printer.status import LONGEST, Heard, Status, cut, from_answers, from_automatic
from devices.framing import FrameReader

SAID = (
    (b"\x12", "answer"),
    (b"\x1a", "answer"),
    (b"\x72", "answer"),
    (b"\x14\x00\x00\x0f", "automatic"),
    (b"\x3c\x08\x0f\x0f", "automatic"),
    (b"\x03", "sensor"),
    (b"\x37\x220042\x00", "ended"),
    (b"\x37\x25\x00", "cleared"),
)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_status_is_read_in_any_slicing(size: int) -> None:
    """Adapters hand bytes over as they please; a status must not depend on it."""
    stream = b"".join(data for data, _ in SAID) * 20
    reader = FrameReader(cut, longest=LONGEST)
    heard = [one for at in range(0, len(stream), size) for one in reader.feed(stream[at : at + size])]
    assert [one.kind for one in heard] == [kind for _, kind in SAID] * 20
    assert reader.noise == 0


def test_rubbish_never_raises_and_is_counted() -> None:
    """A broken printer that says anything at all must not stop the hall."""
    chance = random.Random(4)
    reader = FrameReader(cut, longest=LONGEST)
    size_by_kind = {"answer": 1, "automatic": 4, "sensor": 1, "ended": 7, "cleared": 3}
    heard: list[Heard] = []
    fed = 0
    for _ in range(5_000):
        data = chance.randbytes(chance.randrange(1, 9))
        fed += len(data)
        heard += reader.feed(data)
    reader.settle()
    assert sum(size_by_kind[one.kind] for one in heard) + reader.noise == fed
    assert reader.noise > fed // 4


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}, ""),
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x1E}, ""),
        ({1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x7E}, "paper-out"),
        ({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x12}, "cover-open"),
        ({1: 0x1A, 2: 0x52, 3: 0x16, 4: 0x12}, "jam"),
        ({1: 0x1A, 2: 0x52, 3: 0x1A, 4: 0x12}, "cutter"),
        ({1: 0x1A, 2: 0x52, 3: 0x32, 4: 0x12}, "broken"),
        ({1: 0x1A, 2: 0x52, 3: 0x52, 4: 0x12}, "hot"),
        ({1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x12}, "offline"),
        ({1: 0x12, 2: 0x12, 3: 0x12}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_answers_mean_what_the_makers_table_says(answers: dict[int, int], fault: str) -> None:
    """Staff mend what the page names; a missing answer is not good news."""
    assert from_answers(answers).fault == fault


@pytest.mark.parametrize(
    ("data", "fault", "paper"),
    [
        ("10 00 00 0f", "", "enough"),
        ("10 00 03 0f", "", "near-end"),
        ("18 00 0f 0f", "paper-out", "out"),
        ("38 00 00 0f", "cover-open", "enough"),
        ("18 08 00 0f", "cutter", "enough"),
    ],
)
def test_automatic_status_means_the_same(data: str, fault: str, paper: str) -> None:
    """What the printer says unasked comes first; it must agree with what it says when asked."""
    status = from_automatic(bytes.fromhex(data))
    assert (status.fault, status.paper) == (fault, paper)


def test_a_job_never_goes_back_and_old_ones_are_forgotten() -> None:
    """Memory of a printer that runs for years stays small, and no outcome is ever changed."""
    book = JobBook()
    for number in range(3 * KEPT_MAX):
        book.tell(Job(id=str(number), page=b"x", expires_at=10.0))
        job = book.start(0.0)
        assert job is not None
        assert job.state == "sending"
        assert book.end("printed").page == b""
    kept = [number for number in range(3 * KEPT_MAX) if book.find(str(number)) is not None]
    assert len(kept) == KEPT_MAX + WAITING_MAX + 1
    assert kept[-1] == 3 * KEPT_MAX - 1


def test_an_expired_job_is_not_started_even_a_moment_late() -> None:
    """Between the expiry and its timer a printer may become ready; the visitor was promised otherwise."""
    book = JobBook()
    book.tell(Job(id="1", page=b"x", expires_at=10.0))
    assert book.start(10.0) is None
    assert [job.state for job in book.expire(10.0, "paper-out")] == ["failed"]
    assert book.start(0.0) is None


def test_the_length_of_a_page_is_reckoned_from_its_commands() -> None:
    """The estimate of paper stands on it."""
    raster = b"\x1dv0\x00\x02\x00\x50\x00" + bytes(160)
    doubled = b"\x1dv0\x03\x01\x00\x28\x00" + bytes(40)
    assert length_mm(raster) == 10 + FEED_AND_CUT_MM
    assert length_mm(doubled) == 10 + FEED_AND_CUT_MM
    assert length_mm(b"\x1bJ\x50" + b"abc\n" * 4) == 25 + FEED_AND_CUT_MM
    for page in (b"\x1d", b"\x1dv0", b"\x1d(", b"\x1bJ", b"\x1dv0\x00\xff\xff\xff\xff"):
        assert length_mm(page) >= FEED_AND_CUT_MM


def test_paper_left_is_counted_and_the_near_end_mark_is_learned() -> None:
    """Somebody is sent for a new roll an hour before, not ten minutes after; each roll makes the estimate better."""
    enough, near, out = (Status(paper=paper) for paper in ("enough", "near-end", "out"))
    roll = new_roll(Options(roll_mm=40_000, near_end_mm=2_000)).noticed(enough)
    for _ in range(100):
        roll = roll.printed(150)
    assert roll.left_mm == 25_000
    roll = roll.noticed(near)
    assert roll.left_mm == 2_000, "the sensor knows better"
    for _ in range(20):
        roll = roll.printed(150).noticed(near)
    assert roll.left_mm == 0
    roll = roll.noticed(out)
    assert (roll.left_mm, roll.near_end_mm) == (0, 3_000)
    roll = roll.noticed(enough)
    assert roll.left_mm == 40_000
    assert roll.noticed(near).left_mm == 3_000
    assert roll.noticed(Status()) == roll, "silence tells nothing"


def test_the_estimate_never_grows_by_printing() -> None:
    """An estimate that jumps up by itself sends nobody for paper."""
    roll = new_roll(Options())
    rolls = [roll := roll.printed(137) for _ in range(1_000)]
    assert all(after.left_mm <= before.left_mm for before, after in pairwise(rolls))
    assert rolls[-1].left_mm == 0


def test_letters_lose_accents_and_nothing_else() -> None:
    """Code pages of printers hold Vietnamese differently; a plain name is read, a question mark is not."""
    assert without_accents("Đăng ký khai sinh – Nguyễn Thị Ước") == "Dang ky khai sinh - Nguyen Thi Uoc"
    assert without_accents("a\x1b@b\n") == "a?@b?", "no command slips in by a name"


@pytest.mark.parametrize(("baud", "pages"), [(9600, "text"), (57_600, "text"), (115_200, "image"), (0, "image")])
def test_a_slow_wire_gets_text(baud: int, pages: str) -> None:
    """25 kB take 2.2 s at 115,200 baud and 26 s at 9600."""
    assert pages_for(baud) == pages


def test_a_job_is_framed_by_start_cut_and_mark() -> None:
    """Without the cut the slip hangs in the slot; without the mark nobody knows that it is there."""
    assert job_bytes(b"PAGE", b"\x1dr\x01") == b"\x1b@\x1da\x0ePAGE\x1bd\x06\x1dV\x01\x1dr\x01"

"""A slip on a slow printer: the same dots in fewer bytes."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from queue_server.presenting import slip_type
from queue_server.presenting.slip_bands import bands, raster
from queue_server.presenting.slips import Layout, PaperName, draw
from queue_server.presenting.texts import load
from tests.presenting.raster_reader import on_paper
from tests.presenting.slip_scenes import LAYOUTS, ORDINARY, SCENES

TEXTS, FACES = load(), slip_type.load()
BYTES_MAX = 25_000
"""More than that and a serial printer at 115,200 baud is still busy when the citizen has gone."""
ONE_LANGUAGE = ("ordinary", "offline", "first-next-time", "english", "barest")


@pytest.mark.parametrize(("paper", "layout"), LAYOUTS)
@pytest.mark.parametrize("name", SCENES)
def test_the_printer_prints_every_dot_of_the_picture(name: str, paper: PaperName, layout: Layout) -> None:
    """What was cut away to save bytes must have been white."""
    picture = draw(SCENES[name], TEXTS, FACES, paper=paper, layout=layout)
    printed = on_paper(raster(picture), picture.width)
    assert (printed.size, printed.tobytes()) == (picture.size, picture.tobytes())


@pytest.mark.parametrize("paper", ["80", "58"])
@pytest.mark.parametrize("name", ONE_LANGUAGE)
def test_a_lean_slip_is_out_within_three_seconds_at_115200_baud(name: str, paper: PaperName) -> None:
    """The queue at the kiosk is as fast as its printer."""
    assert len(raster(draw(SCENES[name], TEXTS, FACES, paper=paper, layout="lean"))) <= BYTES_MAX


@pytest.mark.parametrize(("paper", "layout"), LAYOUTS)
def test_the_code_is_read_from_the_bytes_that_the_printer_gets(paper: PaperName, layout: Layout) -> None:
    """The picture may be right and its way to the printer wrong."""
    picture = draw(ORDINARY, TEXTS, FACES, paper=paper, layout=layout)
    (read,) = zxingcpp.read_barcodes(on_paper(raster(picture), picture.width).convert("L"))
    assert read.text == ORDINARY.follow


def test_the_lean_number_and_code_go_out_at_a_quarter() -> None:
    """These two hold most of the ink; without doubling the lean slip is no leaner."""
    picture = draw(ORDINARY, TEXTS, FACES, paper="80", layout="lean")
    assert sum(band.is_double and band.height > 100 for band in bands(picture)) == 2


@settings(max_examples=60)
@given(st.binary(min_size=16, max_size=16 * 40), st.sampled_from([1, 2, 3, 40]))
def test_any_picture_arrives_whole(dots: bytes, scale: int) -> None:
    """Bands, centring and doubling are guesses about the picture; a wrong guess must cost bytes and never dots."""
    rows = len(dots) // 16
    picture = Image.frombytes("1", (128, rows), dots[: rows * 16])
    picture = picture.resize((128 * min(scale, 3), rows * scale), Image.Resampling.NEAREST)
    printed = on_paper(raster(picture), picture.width)
    assert (printed.size, printed.tobytes()) == (picture.size, picture.tobytes())

"""What differs between ticket printers, and the limits that hold for all."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

IMAGE_BYTES_MAX = 25_000  # 2.2 s at 115,200 baud; a visitor waits no longer for paper.
TEXT_BYTES_MAX = 2_000  # 2.1 s at 9600 baud.
IMAGE_BAUD_MIN = 115_200
DOTS_A_MM = 8  # 203 dots an inch, as all printers of this class have.


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One printer."""

    pages: Literal["image", "text"] = "image"
    """`text` for wires below 115,200 baud: pictures are refused, letters go out without accents."""
    end_mark: Literal["paper-sensor", "process-id", "none"] = "paper-sensor"
    """How it says that a page is on paper: `GS r 1` nearly everywhere; `GS ( H` names the page, on newer Epson models.
    `none`: it cannot speak (a one-way cable): nothing is asked, and the outcome of each job is unknown."""
    expires_s: Annotated[float, Meta(gt=0, le=600)] = 30.0
    """A page that is not on the wire after this time is not printed any more: its visitor has gone or was told."""
    patience_s: Annotated[float, Meta(gt=0, le=120)] = 8.0
    """How long after the last byte, besides the time of the paper itself, until nobody knows what became of a page."""
    answer_ms: Annotated[int, Meta(ge=10, le=5000)] = 300
    """How long it may think about a question of its state."""
    ask_every_ms: Annotated[int, Meta(ge=10, le=60_000)] = 1000
    """How often it is asked how it is; four times a second at least while somebody waits for paper."""
    roll_mm: Annotated[int, Meta(ge=1000, le=400_000)] = 45_000
    """The paper on a new roll: 45 m on 80 mm rolls of 65 mm, 80 m on those of 80 mm; the label of the box says it."""
    near_end_mm: Annotated[int, Meta(ge=0, le=20_000)] = 2_000
    """What is left when the near-end sensor speaks, until a first roll has been measured."""


def longest_page(options: Options) -> int:
    """Bytes that one page may have."""
    return IMAGE_BYTES_MAX if options.pages == "image" else TEXT_BYTES_MAX


def pages_for(baud: int) -> Literal["image", "text"]:
    """What suits a wire of this speed; 0 is a network or USB."""
    return "text" if 0 < baud < IMAGE_BAUD_MIN else "image"

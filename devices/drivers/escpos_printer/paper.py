"""How long a page is, and how much paper is left. Pure; millimetres."""

from msgspec import Struct
from msgspec.structs import replace

from devices.drivers.escpos_printer.options import DOTS_A_MM, Options
from devices.drivers.escpos_printer.status import Status

LINE_DOTS = 30  # One sixth of an inch, the line of all printers of this class after `ESC @`.
FEED_AND_CUT_MM = 23  # Six lines, so that the last row stands above the knife.
_ARGUMENTS = {
    **dict.fromkeys((b"\x1b" + bytes((code,)) for code in b"aE!-GMRVe{Jdt3"), 3),
    **dict.fromkeys((b"\x1d" + bytes((code,)) for code in b"!BHhwfbar"), 3),
    b"\x1b@": 2,
    b"\x1b2": 2,
    b"\x1dL": 4,
    b"\x1dW": 4,
    b"\x1dV": 3,
}


def length_mm(page: bytes) -> int:
    """What this page takes from the roll, with feed and cut. Commands that it does not know count nothing."""
    dots, at, lines = 0, 0, 1
    while at < len(page):
        command = page[at : at + 2]
        if command == b"\x1dv" and at + 8 <= len(page):
            width, rows = (
                int.from_bytes(page[at + 4 : at + 6], "little"),
                int.from_bytes(page[at + 6 : at + 8], "little"),
            )
            dots += rows * (2 if page[at + 3] & 2 else 1)
            at += 8 + width * rows
        elif command == b"\x1d(":
            at += 5 + int.from_bytes(page[at + 3 : at + 5], "little")
        elif command in _ARGUMENTS:
            argument = page[at + 2 : at + 3] or b"\0"
            dots += argument[0] if command == b"\x1bJ" else argument[0] * LINE_DOTS if command == b"\x1bd" else 0
            lines = (argument[0] & 7) + 1 if command == b"\x1d!" else lines
            at += _ARGUMENTS[command]
        else:
            dots += LINE_DOTS * lines if page[at] == 0x0A else 0
            at += 1
    return -(-dots // DOTS_A_MM) + FEED_AND_CUT_MM


class Roll(Struct, frozen=True, kw_only=True):
    """An estimate: what was printed is counted, and what the sensors say corrects it."""

    full_mm: int
    near_end_mm: int
    """What was left at the near-end mark of the last roll that was used up; before that, what the settings say."""
    left_mm: int
    since_mark_mm: int | None = None
    """Printed since the near-end mark was seen on this roll."""
    paper: str = "unknown"
    """What was last known."""

    def printed(self, mm: int) -> "Roll":
        """So much paper has gone, or may have gone."""
        since = None if self.since_mark_mm is None else self.since_mark_mm + mm
        return replace(self, left_mm=max(self.left_mm - mm, 0), since_mark_mm=since)

    def noticed(self, status: Status) -> "Roll":
        """What the sensors say now. A change from little or none to enough is a new roll."""
        if status.paper in {"unknown", self.paper}:
            return self
        roll = replace(self, paper=status.paper)
        match status.paper:
            case "out":
                measured = self.near_end_mm if self.since_mark_mm is None else self.since_mark_mm
                return replace(roll, left_mm=0, since_mark_mm=None, near_end_mm=measured)
            case "near-end" if self.paper == "out":
                return replace(roll, left_mm=self.near_end_mm)  # A started roll; where its mark lies was not seen.
            case "near-end":
                return replace(roll, left_mm=self.near_end_mm, since_mark_mm=0)
            case _ if self.paper == "unknown":
                return roll
            case _:
                return replace(roll, left_mm=self.full_mm, since_mark_mm=None)


def new_roll(options: Options) -> Roll:
    """The estimate before anything was heard: a full roll, corrected by the first mark."""
    return Roll(full_mm=options.roll_mm, near_end_mm=options.near_end_mm, left_mm=options.roll_mm)

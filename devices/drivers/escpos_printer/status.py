"""What a printer says of itself: answers to `DLE EOT 1` to `4`, the four bytes of `GS a`, end marks. Pure.

Epson's tables (ESC/POS command reference: DLE EOT, GS a, GS r, GS ( H, DLE DC4 fn 8). The fixed bits tell them apart:

    0xx1xx10                  answer to DLE EOT n; it does not say to which n
    0xx1xx00 0xx0xxxx ×3      sent by itself on each change
    0000ppnn                  answer to GS r 1: p paper end, n near end, each 00 or 11
    37 22 d d d d 00          all that came before the mark dddd is on paper
    37 25 00                  buffers have been emptied
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

LONGEST = 7
QUESTIONS = (1, 2, 3, 4)
_PAPER_SENSOR = frozenset((0x00, 0x03, 0x0C, 0x0F))

Fault = Literal["", "paper-out", "cover-open", "jam", "cutter", "broken", "hot", "offline", "unknown"]
STOPPING: frozenset[Fault] = frozenset(("paper-out", "cover-open", "jam", "cutter", "broken"))
"""A page on its way is not finished by waiting: a person has to come."""


class Heard(Struct, frozen=True):
    """One whole thing that was said."""

    kind: Literal["answer", "automatic", "sensor", "ended", "cleared"]
    data: bytes


class Status(Struct, frozen=True, kw_only=True):
    """How a printer is. What it did not say is unknown, and unknown is not fine."""

    paper: Literal["enough", "near-end", "out", "unknown"] = "unknown"
    cover: Literal["closed", "open", "unknown"] = "unknown"
    error: Literal["none", "jam", "cutter", "broken", "hot", "unknown"] = "unknown"
    online: Literal["yes", "no", "unknown"] = "unknown"

    @property
    def fault(self) -> Fault:
        """Why nothing can be printed now, the cause that a person can mend first; empty where all is known and well."""
        if self.cover == "open":
            return "cover-open"
        if self.paper == "out":
            return "paper-out"
        if self.error not in {"none", "unknown"}:
            return self.error  # type: ignore[return-value]  # The two that are no Fault were just excluded.
        if self.online == "no":
            return "offline"
        return "unknown" if "unknown" in {self.paper, self.cover, self.error, self.online} else ""


def cut(data: bytes | bytearray) -> tuple[int, Heard | None]:
    """One thing from the front of the bytes; see framing.Cut."""
    if not data:
        return 0, None
    first = data[0]
    if first & 0x93 == 0x12:
        return 1, Heard("answer", bytes(data[:1]))
    if first & 0x93 == 0x10:
        return _cut_automatic(data)
    if first in _PAPER_SENSOR:
        return 1, Heard("sensor", bytes(data[:1]))
    if first == 0x37:
        return _cut_block(data)
    return 1, None


def _cut_automatic(data: bytes | bytearray) -> tuple[int, Heard | None]:
    if any(byte & 0x90 for byte in data[1:4]):
        return 1, None
    return (4, Heard("automatic", bytes(data[:4]))) if len(data) >= 4 else (0, None)


def _cut_block(data: bytes | bytearray) -> tuple[int, Heard | None]:
    for head, size, kind in ((0x22, 7, "ended"), (0x25, 3, "cleared")):
        if len(data) < 2:
            return 0, None
        if data[1] == head:
            if len(data) < size:
                return 0, None
            block = bytes(data[2 : size - 1])
            return (1, None) if data[size - 1] else (size, Heard("ended" if kind == "ended" else "cleared", block))
    return 1, None


def from_answers(answers: Mapping[int, int]) -> Status:
    """What the answers to `DLE EOT n` say together, by n; those that never came leave their part unknown."""
    printer, offline, error, paper = (answers.get(question) for question in QUESTIONS)
    is_out = (offline is not None and bool(offline & 0x20)) or (paper is not None and bool(paper & 0x60))
    return Status(
        paper="out" if is_out else "unknown" if paper is None else "near-end" if paper & 0x0C else "enough",
        cover="unknown" if offline is None else "open" if offline & 0x04 else "closed",
        error="unknown" if error is None else _error(error),
        online="unknown" if printer is None else "no" if printer & 0x08 else "yes",
    )


def from_automatic(data: bytes) -> Status:
    """What the four bytes say."""
    return Status(
        paper="out" if data[2] & 0x0C else "near-end" if data[2] & 0x03 else "enough",
        cover="open" if data[0] & 0x20 else "closed",
        error=_error(data[1]),
        online="no" if data[0] & 0x08 else "yes",
    )


def _error(byte: int) -> Literal["none", "jam", "cutter", "broken", "hot"]:
    """The same bits in both forms; the gravest first."""
    if byte & 0x20:
        return "broken"
    if byte & 0x08:
        return "cutter"
    if byte & 0x04:
        return "jam"
    return "hot" if byte & 0x40 else "none"

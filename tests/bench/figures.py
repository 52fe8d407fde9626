"""What a measurement comes to, what machine it was taken on, and how both are told."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


class Figure(Struct, frozen=True, kw_only=True):
    """One promise and what was measured."""

    name: str
    promise: str
    measured: str
    holds: bool
    beside: str = ""
    """What helps to read the figure: its range, absolute rates, CPU."""


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    folder: Path
    """For halls and journals; on the disk that the promises are about."""
    alternations: int = 7
    seconds: float = 3.0
    """One run under load."""
    days: int = 750
    tickets_a_day: int = 2000
    screens: tuple[int, ...] = (100, 1000)
    calls: int = 200
    waiting: int = 10_000
    starts: int = 5
    say: Callable[[str], None] = print


def tiny(folder: Path) -> Plan:
    """A plan that only shows that the measurements run; its figures say nothing."""
    return Plan(
        folder=folder,
        alternations=1,
        seconds=0.3,
        days=3,
        tickets_a_day=100,
        screens=(10,),
        calls=8,
        waiting=300,
        starts=1,
    )


class Spread(Struct, frozen=True):
    """Some values of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def range(self, digits: int = 2) -> str:
        """From the smallest to the largest."""
        return f"[{min(self.values):.{digits}f}..{max(self.values):.{digits}f}]"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def loop_name() -> str:
    """The event loop that the server and the empty handler both run on."""
    return "asyncio" if find_spec("uvloop") is None else "uvloop"


def machine(load: str, commit_ms: float) -> str:
    """The facts without which the figures mean nothing."""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, loop {loop_name()}, "
        f"load from {load}, one durable commit {commit_ms:.2f} ms"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def as_table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, which is read well as it stands."""
    rows = [("what", "promise", "measured", "holds", "beside it")]
    rows += [(one.name, one.promise, one.measured, "yes" if one.holds else "**no**", one.beside) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write_down(table: str, facts: str, day: str) -> None:
    """Put the table into the document, between its marks; the words around it stay."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\nMeasured on {day}: {facts}.\n\n{table}\n{END}{after}", "utf-8")

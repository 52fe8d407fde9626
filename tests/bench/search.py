"""How long a search takes among 6,000 procedures, made of a real snapshot's rows or, without one, of the sample's."""

import gc
import statistics
import sys
import time
from datetime import date
from itertools import count, islice
from pathlib import Path

import msgspec

from queue_server.procedures import Catalogue, Index, Procedure, Words, index, load, search
from queue_server.procedures.importing import import_snapshot
from queue_server.procedures.shortening import short_name
from tests.bench.figures import Figure, Plan, percentile
from tests.procedures.asked import ASKED

PROCEDURES = 6_000
PROMISE_MS = 5.0
REPEATS = 7
LIMIT = 10
HOSTILE = (
    "đăng ký cấp giấy chứng nhận quyền sử dụng đất cho người có yếu tố nước ngoài tại cơ quan",
    "thu tuc cap lai giay phep hoat dong trong linh vuc " * 4,
    "a b c d e f g h i k l m n o p q r s t u v x y",
    "chugn nhna giayy phpe hoajt dongg cuar nguowif nuowcs ngoaif taij vietj namm trongg khuu vucj " * 2,
    "t",
    "1",
)
"""The commonest words, many words, single letters, nothing but mistakes, a first letter, a first digit."""


def measure(plan: Plan) -> list[Figure]:
    """Among procedures made of the sample's: a national snapshot is not ours to keep here."""
    del plan  # It takes a second as it is.
    return run()


def run(path: Path | None = None) -> list[Figure]:
    """The slowest of the citizens' queries, and the slowest of the hostile ones, each as the median of its repeats."""
    catalogue = grown(path)
    started = time.perf_counter()
    ready = index(catalogue)
    build_ms = (time.perf_counter() - started) * 1000
    beside = f"{len(catalogue.procedures)} procedures, {len(ready.words)} words, index built in {build_ms:.0f} ms"
    asked = {query: _median_ms(ready, query) for query, _ in ASKED}
    hostile = {query: _median_ms(ready, query) for query in HOSTILE}
    return [
        _figure("search among 6000 procedures, as citizens type", asked, beside),
        _figure("search among 6000 procedures, hostile", hostile, beside),
    ]


def grown(path: Path | None) -> Catalogue:
    """6,000 procedures: the rows as they are, then made-up ones.

    Those are the first half of one name and the other half of another, so that words stay as common as they are.
    """
    handmade = load()
    if path is None:
        source = handmade
    else:
        taken = import_snapshot(path.read_bytes(), source="bench", snapshot_date=date(2026, 7, 20), handmade=handmade)
        source = taken.catalogue
    real = source.procedures
    made = (_made(real, number) for number in count(len(real)))
    return msgspec.structs.replace(source, procedures=(*real, *islice(made, max(0, PROCEDURES - len(real)))))


def _made(real: tuple[Procedure, ...], number: int) -> Procedure:
    one = real[number % len(real)]
    other = real[(number * 7 + number // len(real)) % len(real)]
    first, second = one.name.split(), other.name.split()
    name = " ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :])
    return Procedure(
        code=f"9.{number:06d}",
        name=name,
        short_name=Words(short_name(name)),
        field=other.field,
        level=one.level,
    )


def _median_ms(ready: Index, query: str) -> float:
    """Time of the processor: a search waits for nothing, and what else the machine does is not its cost."""
    times: list[float] = []
    gc.collect()
    for _ in range(REPEATS):
        started = time.thread_time()
        search(ready, query, LIMIT)
        times.append((time.thread_time() - started) * 1000)
    return statistics.median(times)


def _figure(name: str, times: dict[str, float], beside: str) -> Figure:
    slowest = max(times, key=lambda query: times[query])
    middle, high = (percentile(list(times.values()), share) for share in (0.5, 0.95))
    return Figure(
        name=name,
        promise=f"≤ {PROMISE_MS:g} ms each",
        measured=f"p50 {middle:.2f}, p95 {high:.2f}, max {times[slowest]:.2f} ms",
        holds=times[slowest] <= PROMISE_MS,
        beside=f"slowest «{slowest[:40]}»; {beside}",
    )


if __name__ == "__main__":
    for figure in run(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(f"{figure.name}: {figure.measured} ({figure.promise}); {figure.beside}")

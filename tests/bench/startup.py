"""How soon a hall with years behind it answers again, and how much memory it needs with its screens."""

import os
from pathlib import Path

from queue_server.journal.port import JOURNAL_FILE
from tests.bench.broadcast import FEED
from tests.bench.figures import Figure, Plan, Spread
from tests.bench.halls import running_hall
from tests.bench.history import hall_with_history
from tests.bench.load import one_by_one
from tests.bench.screens import wall
from tests.bench.throughput import ISSUES, NEXTS

READY_SECONDS = 2.0
MEGABYTES = 120
SCREENS = 100


def measure(plan: Plan) -> list[Figure]:
    """Ready after a restart, and resident memory with 100 screens."""
    folder, token = hall_with_history(plan)
    warm, cold = [], []
    for _ in range(plan.starts):
        _forget_file(folder / JOURNAL_FILE)
        with running_hall(folder, token) as hall:
            cold.append(hall.ready_s)
        with running_hall(folder, token) as hall:
            warm.append(hall.ready_s)
    return [_ready(plan, Spread(tuple(cold)), Spread(tuple(warm))), _memory(plan, folder, token)]


def _forget_file(path: Path) -> None:
    """Ask the kernel to drop what it holds of a file, as after a restart of the machine."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _ready(plan: Plan, cold: Spread, warm: Spread) -> Figure:
    return Figure(
        name=f"restart on {plan.days * plan.tickets_a_day} past tickets and a day of {plan.tickets_a_day}",
        promise=f"ready in at most {READY_SECONDS:.0f} s",
        measured=f"{cold.median:.2f} s",
        holds=cold.median <= READY_SECONDS,
        beside=f"{cold.range()} with the journal out of memory, else {warm.median:.2f} s {warm.range()}",
    )


def _memory(plan: Plan, folder: Path, token: str) -> Figure:
    with running_hall(folder, token) as hall:
        alone = hall.resident_mb()
        with wall(hall, FEED, SCREENS) as screens:
            one_by_one(hall, [*ISSUES, *NEXTS] * 5)
            screens.drain()
            used = hall.resident_mb()
    return Figure(
        name=f"memory on a day of {plan.tickets_a_day} tickets with {SCREENS} screens",
        promise=f"at most {MEGABYTES} MB",
        measured=f"{used:.0f} MB",
        holds=used <= MEGABYTES,
        beside=f"{alone:.0f} MB before the screens came",
    )

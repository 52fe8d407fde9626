"""`python -m tests.bench [NAME…]`: measure, print the table, and after a full run write it into docs/performance.md."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from tests.bench import broadcast, core_cost, search, startup, throughput
from tests.bench.commits import commit_ms
from tests.bench.figures import Figure, Plan, as_table, machine, tiny, write_down
from tests.bench.load import tool

BENCHES: Mapping[str, Callable[[Plan], list[Figure]]] = {
    "core": core_cost.measure,
    "issue": throughput.measure_issue,
    "next": throughput.measure_next,
    "flat": throughput.measure_flat,
    "screens": broadcast.measure,
    "start": startup.measure,
    "search": search.measure,
}


def main() -> int:
    """0 when every promise holds, 1 when one does not."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure against the promised figures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all when left out")
    parser.add_argument("--quick", action="store_true", help="show that the measurements run; the figures say nothing")
    parser.add_argument("--folder", type=Path, help="where halls are made; a disk, for commits in memory cost nothing")
    parser.add_argument("--alternations", type=int, help="turns of each side")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no measurement is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    with tempfile.TemporaryDirectory(prefix="denluot-bench-", dir=options.folder) as folder:
        plan = tiny(Path(folder)) if options.quick else Plan(folder=Path(folder))
        if options.alternations:
            plan = replace(plan, alternations=options.alternations)
        figures: list[Figure] = []
        for name in options.names or BENCHES:
            print(f"measuring {name} ...", flush=True)
            for figure in BENCHES[name](plan):
                print(f"  {figure.name}: {figure.measured} ({figure.promise}); {figure.beside}", flush=True)
                figures.append(figure)
        facts = machine(tool(), commit_ms(Path(folder)))
    table = as_table(figures)
    print(f"{table}\n\n{facts}")
    if not options.names and not options.quick:
        write_down(table, facts, datetime.now(UTC).date().isoformat())  # Dates a document.
    return 0 if all(one.holds for one in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

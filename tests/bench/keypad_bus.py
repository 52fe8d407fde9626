"""Press to report on one 9600 Bd bus of BCD keypads, on a pty that takes the wire's time.

`python -m tests.bench.keypad_bus` prints them.

Figures are of the whole way: the key is down, the keypad is asked, its answer crosses the wire, the report is made.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from random import Random

from devices.drivers import bcd_bus
from devices.kind import Unit
from devices.simulation.ends import Knobs
from devices.words import KeyPressed, UnitId
from tests.devices.bench import Bench, a_bench

BAUD = 9600


def keypads(count: int, *, idle_key: str = "") -> tuple[Unit, ...]:
    """Keypads at the addresses 1 and up."""
    options = bcd_bus.Options(idle_key=idle_key)
    return tuple(Unit(id=UnitId(f"keypad-{place}"), address=place, options=options) for place in range(1, count + 1))


async def press_to_report(count: int, presses: int, *, thinks_s: float, idle_key: str = "") -> list[float]:
    """Seconds from each press to its report, sorted. One press at a time, anywhere, at any moment of the round."""
    chance = Random(4)
    with tempfile.TemporaryDirectory() as folder:
        knobs = Knobs(baud=BAUD, thinks_s=thinks_s)
        units = keypads(count, idle_key=idle_key)
        async with a_bench(bcd_bus.KIND, "pty", Path(folder), knobs=knobs, units=units) as bench:
            for unit in units * bcd_bus.ANSWERS_REMEMBERED:  # The driver learns how long each one thinks.
                await _one(bench, unit)
            taken = []
            for _ in range(presses):
                await asyncio.sleep(chance.uniform(0.0, 0.2))
                taken.append(await _one(bench, chance.choice(units)))
    return sorted(taken)


async def _one(bench: Bench, unit: Unit) -> float:
    loop = asyncio.get_running_loop()
    before, at = len(bench.reports), loop.time()
    bench.press(unit, number=before % 9999 + 1)  # Another number each time, so that none is a repeat.
    await bench.until(lambda: len(bench.reports) > before)
    report = bench.reports[-1]
    assert isinstance(report, KeyPressed), f"a keypad gave {report}"
    assert report.unit == unit.id, f"{unit.id} was pressed, {report.unit} reported"
    return report.heard_at - at


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--presses", type=int, default=200)
    presses = arguments.parse_args().presses
    for count, thinks_s, idle_key in ((16, 0.004, ""), (16, 0.002, ""), (16, 0.002, "80"), (20, 0.004, "80")):
        taken = asyncio.run(press_to_report(count, presses, thinks_s=thinks_s, idle_key=idle_key))
        p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
        kind = "answer when idle" if idle_key else "silent when idle"
        print(
            f"{count} keypads, {kind}, think {thinks_s * 1000:.0f} ms: "
            f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, most {taken[-1] * 1000:.0f} ms of {len(taken)} presses"
        )


if __name__ == "__main__":
    main()

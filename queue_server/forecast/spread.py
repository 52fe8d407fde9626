"""How long visits and breaks may take: tables of equally likely values, one for each stratum of chance.

A service with few visits is given the assumed shape (lognormal), scaled to the expected visit; its own last visits
take over as they come in. No value is negative, and the mean of a table is the expected visit.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log, sqrt

from queue_server.core.ids import ServiceId
from queue_server.forecast.chance import STRATA, middles, normal_quantile
from queue_server.forecast.estimates import Estimates

Table = tuple[float, ...]
SHAPE_ASSUMED = 12
"""The assumed shape weighs as much as this many visits."""
OVERDUE_POWER = 3.0
"""A visit longer than all known ones goes on for half as long again on average (a Pareto tail)."""
OVERDUE_MIN_MS = 15_000
MIDDLES = middles(STRATA)
NORMALS: Table = tuple(normal_quantile(one) for one in MIDDLES)


@lru_cache(maxsize=64)
def lognormal(spread: float) -> Table:
    """Values of mean 1 with this standard deviation; all 1 where it is 0."""
    sigma = sqrt(log(1 + spread * spread))
    return _of_mean([exp(sigma * one) for one in NORMALS], 1.0)


def visit(estimates: Estimates, service: ServiceId) -> Table:
    """What one item of a service takes with an average clerk, in rising order; everybody comes."""
    seen = sorted(estimates.shapes.get(service, ()))
    assumed = lognormal(estimates.spread)
    mean = sum(seen) / len(seen) if seen else 1.0
    weighted = [(value / mean, 1.0) for value in seen]
    weighted += [(value, SHAPE_ASSUMED / STRATA) for value in assumed]
    return _of_mean(_quantiles(sorted(weighted)), estimates.milliseconds(service))


def with_absent(table: Table, share: float, cost_ms: float) -> Table:
    """The same where this share does not come and costs the desk so much."""
    count = round(share * STRATA)
    if count == 0:
        return table
    present = STRATA - count
    return (cost_ms,) * count + tuple(table[(2 * index + 1) * STRATA // (2 * present)] for index in range(present))


def left(table: Table, gone: float) -> Table:
    """What is left, in rising order, of something that takes as long as `table` says and has lasted `gone`."""
    first = bisect_right(table, gone)
    if first == len(table):
        return tuple(
            max(gone, OVERDUE_MIN_MS) * ((1 - share) ** (-1 / OVERDUE_POWER) - 1) + OVERDUE_MIN_MS / 2
            for share in MIDDLES
        )
    return _spread_out([value - gone for value in table[first:]])


def breaks(gaps: Sequence[int], share: float, pauses: Sequence[int]) -> Table:
    """How long a desk does not call after a visit: a gap, and for this share of visits a pause."""
    count = min(round(share * STRATA), STRATA) if pauses else 0
    usual = _spread_out(sorted(gaps)) if gaps else (0.0,) * STRATA
    if count == 0:
        return usual
    lengths = sorted(pauses)
    scale = share * STRATA / count
    long = tuple(lengths[(2 * index + 1) * len(lengths) // (2 * count)] * scale for index in range(count))
    return usual[: STRATA - count] + long


def _quantiles(weighted: list[tuple[float, float]]) -> list[float]:
    total = sum(weight for _, weight in weighted)
    table, passed, index = [], 0.0, 0
    for share in MIDDLES:
        while index < len(weighted) - 1 and passed + weighted[index][1] < share * total:
            passed += weighted[index][1]
            index += 1
        table.append(weighted[index][0])
    return table


def _of_mean(table: Sequence[float], mean: float) -> Table:
    scale = mean * len(table) / sum(table)
    return tuple(value * scale for value in table)


def _spread_out(values: Sequence[float]) -> Table:
    """The same values, in order, as a table of all strata: between two neighbours by straight lines."""
    last = len(values) - 1
    table = []
    for share in MIDDLES:
        position = min(max(share * len(values) - 0.5, 0.0), last)
        index = int(position)
        following = values[min(index + 1, last)]
        table.append(values[index] + (following - values[index]) * (position - index))
    return tuple(table)

"""Chance as a value: the same seed and the same name give the same draws for ever.

A draw is one of `STRATA` equally likely strata. Over the runs of a forecast each name goes through different strata in
a shuffled order, so eighty runs tell as much as several hundred independent ones. A name's draws depend on nothing but
seed and name: a longer line adds draws and changes none, and a forecast does not jump from second to second.
"""

from math import log, sqrt

STRATA = 79
"""A prime, so that every step walks through all strata; the 40th of 79 values is the median, the 72nd is 9 in 10."""
_MASK = (1 << 64) - 1
# Peter Acklam's rational approximation of the inverse normal distribution; off by at most 1.2e-9.
_A = (
    -39.69683028665376,
    220.9460984245205,
    -275.9285104469687,
    138.3577518672690,
    -30.66479806614716,
    2.506628277459239,
)
_B = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572)
_C = (-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
      2.938163982698783)  # fmt: skip
_D = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416)
_TAIL = 0.02425


def mixed(seed: int, name: int) -> int:
    """Sixty-four well-mixed bits of two integers (splitmix64)."""
    bits = (seed * 0x9E3779B97F4A7C15 + name * 0xD1B54A32D192ED03 + 0x9E3779B97F4A7C15) & _MASK
    bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & _MASK
    return bits ^ bits >> 31


def walk(seed: int, name: int) -> tuple[int, int]:
    """Where a name starts among the strata and its step: run `k` draws stratum `(start + k * step) % STRATA`."""
    bits = mixed(seed, name)
    return bits % STRATA, 1 + (bits >> 32) % (STRATA - 1)


def middles(count: int) -> tuple[float, ...]:
    """The middle of each of so many strata, between 0 and 1."""
    return tuple((index + 0.5) / count for index in range(count))


def normal_quantile(share: float) -> float:
    """What a standard normal value stays below with this probability, which is over 0 and under 1."""
    if share > 0.5:
        return -normal_quantile(1 - share)
    if share < _TAIL:
        root = sqrt(-2 * log(share))
        return _polynomial(_C, root) / (_polynomial(_D, root) * root + 1)
    offset = share - 0.5
    square = offset * offset
    return _polynomial(_A, square) * offset / (_polynomial(_B, square) * square + 1)


def _polynomial(factors: tuple[float, ...], value: float) -> float:
    total = 0.0
    for factor in factors:
        total = total * value + factor
    return total

from collections import Counter
from statistics import NormalDist, fmean

import pytest

from queue_server.forecast.chance import STRATA, middles, normal_quantile, walk
from queue_server.forecast.spread import breaks, left, lognormal, with_absent


def test_every_name_goes_through_every_stratum_once() -> None:
    """Eighty runs then weigh short and long visits as chance does."""
    for name in range(200):
        start, step = walk(5, name)
        assert sorted((start + run * step) % STRATA for run in range(STRATA)) == list(range(STRATA))


def test_names_and_seeds_are_spread_evenly() -> None:
    """Two tickets in step with each other would make the range too wide or too narrow."""
    counts = Counter(walk(seed, name)[0] for seed in range(20) for name in range(STRATA * 5))
    assert max(counts.values()) < 1.5 * 20 * 5
    assert len({walk(1, name) for name in range(500)}) > 450


def test_the_normal_quantile_is_the_one_of_the_books() -> None:
    """A slip in a coefficient would bend every range."""
    for share in (1e-6, 0.001, 0.02, 0.1, 0.5, 0.7, 0.99, 0.999999):
        assert normal_quantile(share) == pytest.approx(NormalDist().inv_cdf(share), abs=1e-7)


def test_a_shape_has_mean_one_and_no_spread_where_none_is_assumed() -> None:
    """The expected visit stays what it is, however wide visits are spread."""
    assert fmean(lognormal(0.8)) == pytest.approx(1)
    assert lognormal(0.0) == pytest.approx([1.0] * STRATA)


def test_what_is_left_of_a_visit_grows_when_it_is_overdue() -> None:
    """The longer a visit has gone beyond all known ones, the less it is about to end."""
    table = tuple(600 * value for value in lognormal(0.8))
    assert left(table, 0) == pytest.approx(table)
    assert all(value >= 0 for gone in (0, 100, 1000, 10_000) for value in left(table, gone))
    assert fmean(left(table, 100_000_000)) > fmean(left(table, 1_000_000)) > 0


def test_absent_visitors_take_their_share_of_the_table() -> None:
    """One in ten who do not come makes the line a tenth shorter, nearly."""
    table = tuple(600_000 * value for value in lognormal(0.8))
    assert with_absent(table, 0.0, 60_000) == table
    mixed = with_absent(table, 0.1, 60_000)
    assert len(mixed) == STRATA
    assert mixed.count(60_000) == round(0.1 * STRATA)
    assert fmean(mixed) == pytest.approx(0.9 * 600_000 + 0.1 * 60_000, rel=0.03)


def test_breaks_are_gaps_and_now_and_then_a_pause() -> None:
    """A pause after one visit in twenty must be in the range, and its whole length with it."""
    assert breaks((), 0.5, ()) == (0.0,) * STRATA
    assert fmean(breaks((), 0.05, (600_000,) * 4)) == pytest.approx(30_000)
    assert fmean(breaks((5_000,) * 9, 0.0, ())) == pytest.approx(5_000)
    assert middles(2) == (0.25, 0.75)

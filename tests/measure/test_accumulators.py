"""Every accumulator equals NumPy on the pool of its voxels, in whatever order and grouping they come."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import median_abs_deviation

from prep_core.measure import (
    Extremes,
    Histogram,
    Moments,
    Percentiles,
    QuantileCurve,
    Shares,
    Together,
    distribution_curve,
    kernel_mode,
    landmark_curve,
    median_and_iqr,
    median_and_mad,
)
from tests.measure.portions import Make, Parts, by_workers, one_after_the_other, pooled, portions

PERCENTS = (0.0, 1.0, 12.5, 50.0, 99.0, 100.0)
LIMITS = [-1e30, -3.0, 0.0, 7.0, 1e4]


def quantiles(pool: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.percentile(pool, PERCENTS).astype(np.float32)


def spread_by_numpy(pool: NDArray[np.float64]) -> dict[str, float]:
    lower, median, upper = np.percentile(pool, (25, 50, 75))
    return {"median": median, "spread": (upper - lower) / 1.349}


def shares(pool: NDArray[np.float64]) -> list[float]:
    return [float(np.mean(pool <= limit)) for limit in LIMITS]


EXACT: Mapping[str, tuple[Make, Callable[[NDArray[np.float64]], dict[str, Any]]]] = {
    "extremes": (Extremes, lambda pool: {"low": pool.min(), "high": pool.max()}),
    "histogram": (
        partial(Histogram, -200.0, 300.0, 37),
        lambda pool: {"counts": np.histogram(pool, 37, (-200, 300))[0]},
    ),
    "histogram of one value": (
        partial(Histogram, 1e30, 1e30, 3),
        lambda pool: {"counts": [np.count_nonzero(pool == 1e30), 0, 0]},
    ),
    "shares": (
        partial(Shares, LIMITS, including=True),
        lambda pool: {"limits": LIMITS, "shares": shares(pool)},
    ),
    "shares below": (
        partial(Shares, [5.0], including=False),
        lambda pool: {"limits": [5.0], "shares": [np.mean(pool < 5)]},
    ),
    "quantile curve": (partial(QuantileCurve, "curve", PERCENTS), lambda pool: {"curve": quantiles(pool)}),
    "landmarks": (partial(landmark_curve, PERCENTS), lambda pool: {"landmarks": quantiles(pool)}),
    "median and iqr": (median_and_iqr, spread_by_numpy),
}
"""Accumulators whose numbers are NumPy's to the last bit, and NumPy's answer."""

COUNTED: Mapping[str, Make] = {
    **{name: make for name, (make, _) in EXACT.items()},
    "median and mad": median_and_mad,
    "mode": kernel_mode,
    "distribution": partial(distribution_curve, "own"),
}
"""Accumulators that count, so that no order and no grouping can move a bit."""


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return list(one) == list(other) and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", EXACT)
@given(parts=portions())
def test_equals_numpy_on_the_pool(name: str, parts: Parts) -> None:
    make, numpy_says = EXACT[name]
    assert same(one_after_the_other(make, parts), numpy_says(pooled(parts)))


@pytest.mark.parametrize("name", COUNTED)
@given(parts=portions(), seed=st.integers(0, 99))
def test_order_and_grouping_change_nothing(name: str, parts: Parts, seed: int) -> None:
    make = COUNTED[name]
    shuffled = [parts[i] for i in np.random.default_rng(seed).permutation(len(parts))]
    wanted = one_after_the_other(make, parts)
    assert same(by_workers(make, shuffled), wanted)
    assert same(one_after_the_other(make, shuffled), wanted)
    assert make().names == tuple(wanted)


@given(parts=portions())
def test_median_and_mad_equal_scipy(parts: Parts) -> None:
    pool = pooled(parts)
    wanted = {"median": np.median(pool), "spread": median_abs_deviation(pool, scale="normal")}
    # Deviations are counted as float32.
    assert one_after_the_other(median_and_mad, parts) == pytest.approx(wanted, rel=1e-6, abs=1e-37)


@given(parts=portions())
def test_a_distribution_holds_the_share_at_or_below_each_of_its_values(parts: Parts) -> None:
    pool = pooled(parts)
    curve = one_after_the_other(partial(distribution_curve, "own"), parts)
    values, found = curve["own_values"].astype(np.float64), curve["own_shares"]
    wanted = np.searchsorted(np.sort(pool), values, side="right") / pool.size
    assert np.array_equal(found, wanted.astype(np.float32))
    assert (values[0], values[-1]) == (pool.min(), pool.max())
    assert np.isin(quantiles(pool)[[0, 2, 3, 5]], curve["own_values"]).all()


@given(parts=portions(), seed=st.integers(0, 99))
def test_members_that_need_one_pass_are_not_given_the_second(parts: Parts, seed: int) -> None:
    pool = pooled(parts)
    order = np.random.default_rng(seed).permutation(len(parts))
    wanted = {"median": np.median(pool), "mean": pool.mean(), "std": pool.std()}
    makers: tuple[Make, ...] = (
        lambda: Together(Percentiles(median=50.0), Moments()),
        lambda: Together(Percentiles(median=50.0), Together(Moments())),
    )
    size = float(np.abs(pool).max())
    for make in makers:
        for found in (one_after_the_other(make, parts), by_workers(make, [parts[i] for i in order])):
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-7 * size)


@pytest.mark.parametrize("name", COUNTED)
def test_many_voxels_in_many_portions(name: str) -> None:
    """Enough for several of the blocks in which portions are worked through."""
    rng = np.random.default_rng(0)
    values = (10 ** rng.uniform(-6, 4, 1_300_001) * rng.choice([-1, 1], 1_300_001)).astype(np.float32)
    parts = [values[:1], values[1:1_200_000], values[1_200_000:]]
    found = one_after_the_other(COUNTED[name], parts)
    assert same(by_workers(COUNTED[name], [values[1_200_000:], values[:1_200_000]]), found)
    if name in EXACT:
        assert same(found, EXACT[name][1](pooled(parts)))

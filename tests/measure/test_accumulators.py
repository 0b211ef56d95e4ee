"""Every accumulator equals NumPy on the pool of its voxels, in whatever order and grouping they come."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
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
    Voxels,
    distribution_curve,
    kernel_mode,
    landmark_curve,
    median_and_iqr,
    median_and_mad,
    stripe_moments,
)
from tests.measure.portions import (
    Make,
    Parts,
    by_workers,
    exact_moments,
    one_after_the_other,
    pooled,
    portions,
    repeated,
    same,
)

PERCENTS = (0.0, 1.0, 12.5, 50.0, 99.0, 100.0)
WEIGHTS = st.lists(st.integers(1, 9), min_size=4, max_size=4)
LIMITS = [-1e30, -3.0, 0.0, 7.0, 1e4]


def quantiles(pool: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.percentile(pool, PERCENTS).astype(np.float32)


def spread_by_numpy(pool: NDArray[np.float64]) -> dict[str, float]:
    lower, median, upper = np.percentile(pool, (25, 50, 75))
    return {"median": median, "spread": (upper - lower) / 1.349}


def true_moments(pool: NDArray[np.float64]) -> dict[str, float]:
    mean, variance = exact_moments(pool)
    return {"mean": float(mean), "std": math.sqrt(variance)}


def shares(pool: NDArray[np.float64]) -> list[float]:
    return [float(np.mean(pool <= limit)) for limit in LIMITS]


EXACT: Mapping[str, tuple[Make, Callable[[NDArray[np.float64]], dict[str, Any]]]] = {
    "extremes": (Extremes, lambda pool: {"low": pool.min(), "high": pool.max()}),
    "histogram": (
        partial(Histogram, -200.0, 300.0, 37),
        lambda pool: {"counts": np.histogram(pool, 37, (-200, 300))[0]},
    ),
    "histogram of one value": (
        partial(Histogram, 2.0**100, 2.0**100, 3),
        lambda pool: {"counts": [np.count_nonzero(pool == 2.0**100), 0, 0]},
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
    "moments": (Moments, true_moments),
    "voxels": (Voxels, lambda pool: {"voxels": pool.size}),
}
"""Accumulators whose numbers are those of NumPy or of fractions to the last bit, and that answer."""

REPEATED: Mapping[str, Make] = {
    **{name: make for name, (make, _) in EXACT.items() if name != "voxels"},
    "median and mad": median_and_mad,
    "distribution": partial(distribution_curve, "own"),
    "two of one pass and one of two": lambda: Together(Percentiles(median=50.0), Moments(), Together(Extremes())),
}
"""Accumulators for which a voxel that weighs more is one that comes more often."""

ALL: Mapping[str, Make] = {
    **REPEATED,
    "voxels": Voxels,
    "mode": kernel_mode,
    "white stripe": partial(stripe_moments, 0.05, "t1"),
}
"""Accumulators of 1-D portions of any size."""


def equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether all numbers are equal; whether a zero has a sign is not NumPy's to say."""
    return list(one) == list(other) and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", EXACT)
@given(parts=portions())
def test_equals_numpy_on_the_pool(name: str, parts: Parts) -> None:
    make, numpy_says = EXACT[name]
    assert equal(one_after_the_other(make, parts), numpy_says(pooled(parts)))


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=30)
@given(parts=portions(), seed=st.integers(0, 99), weights=WEIGHTS)
@example(parts=[np.float32([0.0]), np.float32([-0.0])], seed=3, weights=[1] * 4)
def test_order_and_grouping_change_nothing(name: str, parts: Parts, seed: int, weights: list[int]) -> None:
    make = ALL[name]
    order = np.random.default_rng(seed).permutation(len(parts))
    shuffled, weighed = [parts[i] for i in order], [weights[i] for i in order]
    wanted = one_after_the_other(make, parts, weights[: len(parts)])
    assert same(by_workers(make, shuffled, weighed), wanted)
    assert same(one_after_the_other(make, shuffled, weighed), wanted)
    assert make().names == tuple(wanted)


@pytest.mark.parametrize("name", REPEATED)
@settings(max_examples=30)
@given(parts=portions(), weights=WEIGHTS)
def test_a_weight_is_a_repetition(name: str, parts: Parts, weights: list[int]) -> None:
    weights = weights[: len(parts)]
    found = one_after_the_other(REPEATED[name], parts, weights)
    often = repeated(parts, weights)
    assert same(found, one_after_the_other(REPEATED[name], often))
    if name in EXACT:
        assert equal(found, EXACT[name][1](pooled(often)))


@pytest.mark.parametrize("make", [Percentiles, lambda **p: QuantileCurve("curve", list(p.values()))])
@pytest.mark.parametrize("parts", [[[-3], [1, 2]], [[-3.5], [1, 2]], [[-3], [1.5, 2]]])
def test_percentiles_have_their_place_among_more_than_a_float64_counts(make: Any, parts: list[list[float]]) -> None:
    arrays = [np.array(part, np.int16 if isinstance(part[0], int) else np.float32) for part in parts]
    found = one_after_the_other(lambda: make(first=0.0, middle=40.0, last=100.0), arrays, [1 << 60, 1 << 60])
    assert np.ravel(list(found.values())).tolist() == [parts[0][0], parts[1][0], parts[1][1]]


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
    wanted = {"median": float(np.median(pool)), **true_moments(pool)}
    makers: tuple[Make, ...] = (
        lambda: Together(Percentiles(median=50.0), Moments()),
        lambda: Together(Percentiles(median=50.0), Together(Moments())),
    )
    for make in makers:
        assert one_after_the_other(make, parts) == by_workers(make, [parts[i] for i in order]) == wanted


@pytest.mark.parametrize("name", ALL)
def test_many_voxels_in_many_portions(name: str) -> None:
    """Enough for several of the blocks in which portions are worked through."""
    rng = np.random.default_rng(0)
    values = (10 ** rng.uniform(-6, 4, 1_300_001) * rng.choice([-1, 1], 1_300_001)).astype(np.float32)
    parts = [values[:1], values[1:1_200_000], values[1_200_000:]]
    found = one_after_the_other(ALL[name], parts)
    assert same(by_workers(ALL[name], [values[1_200_000:], values[:1_200_000]]), found)
    if name in EXACT and name != "moments":  # a million fractions take too long; test_moments has fewer
        assert equal(found, EXACT[name][1](pooled(parts)))

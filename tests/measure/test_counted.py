"""Values given by how often each comes have the numbers that they have one by one."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pytest

from prep_core.measure import (
    Accumulator,
    Answered,
    Chosen,
    CoMoments,
    Countable,
    Derived,
    Extremes,
    Fixed,
    Histogram,
    InTurn,
    Moments,
    Otsu,
    Percentiles,
    QuantileCurve,
    Shares,
    StandardLandmarks,
    Together,
    Voxels,
    distribution_curve,
    kernel_mode,
    landmark_curve,
    median_and_iqr,
    median_and_mad,
    stripe_moments,
)
from prep_core.measure.counted_sum import counted_totals
from tests.measure.portions import Make, same, sent


def positive(values: np.ndarray) -> np.ndarray:
    return values > 0


def moments(_: Mapping[str, float]) -> Moments:
    return Moments()


def extremes(_: Mapping[str, float]) -> Extremes:
    return Extremes()


MAKERS: Mapping[str, Make] = {
    "percentiles": partial(Percentiles, low=0.0, some=12.3, high=100.0),
    "moments": Moments,
    "extremes": Extremes,
    "histogram": partial(Histogram, -20.0, 90.0, 13),
    "histogram of one value": partial(Histogram, 3.0, 3.0, 2),
    "shares": partial(Shares, [-1.0, 3.0, 40.0], including=True),
    "one share": partial(Shares, [3.0], including=False),
    "voxels": Voxels,
    "fixed": partial(Fixed, low=1.0),
    "otsu": Otsu,
    "quantile curve": partial(QuantileCurve, "curve", (0.0, 33.0, 100.0)),
    "distribution": partial(distribution_curve, "own"),
    "landmarks": partial(landmark_curve, (1.0, 50.0, 99.0)),
    "standard landmarks": partial(StandardLandmarks, (1.0, 50.0, 99.0), (0.0, 1.0)),
    "mode": kernel_mode,
    "median and mad": median_and_mad,
    "median and iqr": median_and_iqr,
    "white stripe": partial(stripe_moments, 0.1, "t1"),
    "together": lambda: Together(Percentiles(median=50.0), Moments()),
    "chosen": lambda: Chosen(positive, Moments()),
    "derived": lambda: Derived(np.square, Moments()),
    "answered": lambda: Answered(("mean", "std"), Moments(), dict),
    "in turn": lambda: InTurn(("mean", "low"), (moments, extremes)),
}

RNG = np.random.default_rng(9)
VALUES: Mapping[str, np.ndarray] = {
    "floats": RNG.normal(20, 30, 60).astype(np.float32),
    "whole floats": RNG.integers(-5, 50, 60).astype(np.float32),
    "int16": RNG.integers(-5, 50, 60).astype(np.int16),
    "uint8": RNG.integers(0, 50, 60).astype(np.uint8),
}
COUNTS = RNG.integers(0, 9, 60)


def taken(accumulator: Accumulator, values: np.ndarray, counts: np.ndarray | None = None) -> Accumulator:
    """After all passes over two portions, each taken by a worker of its own."""
    while True:
        workers = [sent(accumulator) for _ in range(2)]
        for worker, part in zip(workers, (slice(0, 25), slice(25, None)), strict=True):
            if counts is None:
                worker.update(values[part])
            else:
                assert isinstance(worker, Countable)
                worker.update_counted(values[part], counts[part])
        accumulator, other = workers
        accumulator.merge(other)
        if not accumulator.again():
            return accumulator


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("name", MAKERS)
def test_counted_values_are_repeated_ones(name: str, kind: str) -> None:
    values = VALUES[kind]
    if name == "standard landmarks":  # one portion is one scan
        one, other = MAKERS[name](), MAKERS[name]()
        other.update(np.repeat(values, COUNTS))
        assert isinstance(one, Countable)
        one.update_counted(values, COUNTS)
    else:
        one, other = taken(MAKERS[name](), values, COUNTS), taken(MAKERS[name](), np.repeat(values, COUNTS))
    assert one.count == other.count
    assert same(one.finish(), other.finish())


def test_sums_of_more_than_a_float_counts_are_exact() -> None:
    values = np.float32([0.1, -3.4e38, 1e-45, 7, 0])
    counts = np.array([2**61, 3, 2**40 + 1, 2**53 + 1, 5])
    exact = [int(value * 2.0**149) if abs(value) < 1e30 else int(value) << 149 for value in values.tolist()]
    often = counts.tolist()
    assert counted_totals(values, counts) == (
        sum(v * n for v, n in zip(exact, often, strict=True)),
        sum(v * v * n for v, n in zip(exact, often, strict=True)),
    )


def test_more_values_than_are_added_up_at_once() -> None:
    values, counts = np.arange(70_000, dtype=np.float32), np.full(70_000, 3)
    whole = [range(70_000), [v * v for v in range(70_000)]]
    assert counted_totals(values, counts) == (3 * sum(whole[0]) << 149, 3 * sum(whole[1]) << 298)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_what_has_no_float32_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="has values beyond float32"):
        Moments().update_counted(np.array([value]), np.array([1]))


def test_what_needs_the_voxels_says_so() -> None:
    assert not isinstance(CoMoments(2), Countable)
    with pytest.raises(TypeError, match="CoMoments needs the voxels themselves"):
        Answered(("mean",), CoMoments(2), dict).update_counted(np.zeros(1), np.ones(1, int))

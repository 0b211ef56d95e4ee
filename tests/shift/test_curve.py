"""Quantile curves against SciPy and NumPy on the full samples."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from prep_core.shift.curve import PERCENTS, curve_of, distance, median_of, mixture, rounded, spread_of

RNG = np.random.default_rng(5)
NORMAL = RNG.normal(40, 12, 20_000).astype(np.float32)
DECADES = np.exp(RNG.normal(-9, 4, 20_000)).astype(np.float32)
TISSUES = np.concatenate([np.full(9_000, -1024), RNG.integers(-120, 80, 11_000)]).astype(np.int16)
SAMPLES = {"normal": NORMAL, "eight decades": DECADES, "CT": TISSUES}


def scaled(values: NDArray, median: float, spread: float) -> NDArray[np.float64]:
    return np.arcsinh((values.astype(np.float64) - median) / spread)


@pytest.mark.parametrize("values", SAMPLES.values(), ids=SAMPLES)
def test_a_curve_is_numpys_percentiles(values: NDArray) -> None:
    assert curve_of(values) == tuple(np.percentile(values.astype(np.float64), PERCENTS, method="linear").tolist())


@pytest.mark.parametrize("values", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize(("factor", "shift"), [(1.0, 0.0), (1.1, 0.0), (1.0, 900.0), (0.001, 0.0), (30.0, -5.0)])
def test_the_distance_is_that_of_scipy_on_all_values(values: NDArray, factor: float, shift: float) -> None:
    """Between its 47 points a curve is a straight line: that costs at most 0.01 spreads and 2 % of the distance."""
    other = (values[::2] * np.float32(factor) + np.float32(shift)).astype(np.float32)
    training = curve_of(values)
    spread, median = spread_of(training), median_of(training)
    exact = wasserstein_distance(scaled(values, median, spread), scaled(other, median, spread))
    assert distance(curve_of(other), training, spread) == pytest.approx(exact, rel=0.02, abs=0.01)


def test_near_the_median_one_spread_counts_as_about_one() -> None:
    training = curve_of(np.full(10, 7.0) + np.linspace(-0.001, 0.001, 10))
    moved = tuple(value + 0.5 for value in training)
    assert distance(moved, training, spread=1.0) == pytest.approx(np.arcsinh(0.5), rel=1e-3)
    assert distance(training, training, spread=1.0) == 0.0


def test_a_mixture_is_the_curve_of_all_values_together() -> None:
    parts = [RNG.normal(at, 1, size) for at, size in ((0, 4_000), (1, 1_000), (9, 5_000))]
    mixed = mixture([curve_of(part) for part in parts], [part.size for part in parts])
    everything = np.concatenate(parts).astype(np.float32)
    shares = np.searchsorted(np.sort(everything), mixed, side="right") / everything.size
    assert np.abs(100 * shares - PERCENTS).max() < 0.15
    assert (mixed[0], mixed[-1]) == (everything.min(), everything.max())


def test_a_mixture_of_scans_weighed_alike_is_worked_out_by_hand() -> None:
    """Half lies between 0 and 1, half between 10 and 11: a quarter of all lies below 0.5, three quarters below 10.5."""
    low, high = (tuple(start + percent / 100 for percent in PERCENTS) for start in (0.0, 10.0))
    mixed = dict(zip(PERCENTS, mixture([low, high], [1.0, 1.0]), strict=True))
    assert (mixed[25.0], mixed[75.0]) == pytest.approx((0.5, 10.5), abs=1e-9)
    weighed = dict(zip(PERCENTS, mixture([low, high], [3.0, 1.0]), strict=True))
    assert (weighed[75.0], weighed[37.5]) == pytest.approx((1.0, 0.5), abs=1e-9)


@pytest.mark.parametrize("values", SAMPLES.values(), ids=SAMPLES)
def test_a_mixture_of_one_is_itself(values: NDArray) -> None:
    curve = curve_of(values)
    assert rounded(mixture([curve], [5.0])) == rounded(curve)
    assert rounded(mixture([curve, curve], [5.0, 1.0])) == rounded(curve)


def test_a_spread_is_that_of_a_normal_distribution_and_never_0() -> None:
    assert spread_of(curve_of(NORMAL)) == pytest.approx(12, rel=0.02)
    assert spread_of(curve_of(np.append(np.zeros(90), np.full(10, 3.29)))) == pytest.approx(1.0)
    assert spread_of(curve_of(np.full(5, -8.0))) == 8.0
    assert spread_of(curve_of(np.zeros(5))) == 1.0


def test_six_digits_are_kept_and_a_zero_has_no_sign() -> None:
    assert rounded([1234567.0, -0.00012345678, -0.0]) == (1234570.0, -0.000123457, 0.0)
    assert str(rounded([-0.0])[0]) == "0.0"

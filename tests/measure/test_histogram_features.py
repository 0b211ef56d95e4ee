"""Modes, stripes and landmarks: what is found in a histogram of known shape."""

from functools import partial

import numpy as np
import pytest

from prep_core.measure import Chosen, Derived, Moments, Percentiles, StandardLandmarks, kernel_mode, stripe_moments
from tests.measure.portions import by_workers, one_after_the_other
from tests.ops.scale.tissues import BRAINS

BRAIN = BRAINS[0][BRAINS[0] > 0]


@pytest.mark.parametrize(("shape", "scale"), [(2.0, 30.0), (9.0, 0.01), (40.0, 1e5)])
def test_the_mode_of_a_gamma_distribution_is_where_its_density_is_highest(shape: float, scale: float) -> None:
    values = np.random.default_rng(3).gamma(shape, scale, 1_000_000).astype(np.float32)
    found = one_after_the_other(kernel_mode, np.array_split(values, 3))
    assert found["mode"] == pytest.approx((shape - 1) * scale, abs=0.1 * shape**0.5 * scale)
    assert found["bin_width"] < 0.01 * shape**0.5 * scale


def test_the_mode_is_not_moved_by_hot_pixels_and_not_by_a_long_tail() -> None:
    rng = np.random.default_rng(0)
    background, tail = rng.normal(100, 4, 60_000), 100 * 10 ** rng.uniform(0, 5, 40_000)
    values = np.concatenate([background, tail]).astype(np.float32)
    found = one_after_the_other(kernel_mode, [values])
    assert found["mode"] == pytest.approx(100, abs=2.5 * found["bin_width"])
    hot = np.concatenate([values, np.full(20, 3e38, np.float32)])
    assert one_after_the_other(kernel_mode, [hot])["mode"] == pytest.approx(found["mode"], rel=0.01)


def test_the_mode_of_integers_is_the_most_frequent_one() -> None:
    values = np.random.default_rng(0).poisson(6.3, 200_000).astype(np.uint8)
    found = one_after_the_other(kernel_mode, [values])
    assert abs(found["mode"] - np.bincount(values).argmax()) <= found["bin_width"]


def test_a_value_that_half_of_the_voxels_have_is_the_mode_exactly() -> None:
    values = np.array([7.25] * 9 + [0, 1, 30], np.float32)
    assert one_after_the_other(kernel_mode, [values]) == {"mode": 7.25, "bin_width": 0.0}


@pytest.mark.parametrize(("contrast", "peak"), [("t1", 900), ("t2", 900), ("flair", 900), ("pd", 250)])
def test_each_contrast_finds_its_peak(contrast: str, peak: float) -> None:
    found = one_after_the_other(partial(stripe_moments, 0.05, contrast), [BRAIN])
    assert found["mode"] == pytest.approx(peak, abs=40)
    mode = found["mode"]
    below = np.mean(mode > BRAIN)
    low, high = np.quantile(BRAIN.astype(np.float64), (max(below - 0.05, 0), below + 0.05))
    stripe = BRAIN[(low < BRAIN) & (high > BRAIN)].astype(np.float64)
    assert (found["mean"], found["std"]) == pytest.approx((stripe.mean(), stripe.std()), rel=1e-9)


@pytest.mark.parametrize(("dtype", "passes"), [("float32", 6), ("uint16", 4)])
def test_a_stripe_counts_its_voxels_once(dtype: str, passes: int) -> None:
    stripe, taken = stripe_moments(0.05, "t1"), 1
    stripe.update(BRAIN.astype(dtype))
    while stripe.again():
        stripe.update(BRAIN.astype(dtype))
        taken += 1
    assert taken == passes


def test_a_stripe_is_the_same_in_any_order_and_grouping() -> None:
    make = partial(stripe_moments, 0.05, "t1")
    parts = np.array_split(np.random.default_rng(1).permutation(BRAIN), 5)
    wanted = one_after_the_other(make, [BRAIN])
    assert one_after_the_other(make, parts) == wanted
    assert by_workers(make, parts[::-1]) == wanted


def test_a_stripe_and_a_mode_are_those_of_the_weighted_voxels() -> None:
    """With two tissues apart: what weighs more than it has voxels becomes the peak, and kernels stay as wide."""
    rng = np.random.default_rng(5)
    few, many = rng.normal(100, 5, 3000).astype(np.float32), rng.normal(300, 5, 60_000).astype(np.float32)
    for make in (kernel_mode, partial(stripe_moments, 0.05, "t2")):
        assert one_after_the_other(make, [few, many])["mode"] == pytest.approx(300, abs=5)
        assert one_after_the_other(make, [few, many], [40, 1])["mode"] == pytest.approx(100, abs=5)
    rough = rng.gamma(3, 50, 400).astype(np.float32)
    for make in (kernel_mode, partial(stripe_moments, 0.05, "t1")):
        alone = one_after_the_other(make, [rough])
        assert one_after_the_other(make, [rough], [1 << 30]) == pytest.approx(alone, rel=0.01)


@pytest.mark.parametrize("values", [[5.0] * 9, [5.0], [1e30] * 3, [1.0, 2.0]])
def test_a_stripe_of_nothing_has_no_numbers(values: list[float]) -> None:
    found = one_after_the_other(partial(stripe_moments, 0.05, "t1"), [np.array(values, np.float32)])
    assert np.isnan([found["mean"], found["std"]]).all()
    assert np.float32(found["mode"]) in np.array(values, np.float32)


def test_what_is_left_out_of_all_voxels_has_no_numbers() -> None:
    none = Chosen(lambda values: values > 10, Moments())
    none.update(np.arange(10))
    assert (none.count, *map(str, none.finish().values())) == (0, "nan", "nan")
    assert one_after_the_other(lambda: Derived(np.square, Percentiles(high=100.0)), [np.arange(10)]) == {"high": 81}


def test_standard_landmarks_are_the_mean_over_scans_however_large_they_are() -> None:
    rng = np.random.default_rng(0)
    scans = [rng.gamma(3, scale, n).astype(np.float32) for scale, n in ((1, 50), (1e-3, 7000), (400, 11))]
    percents = (0.0, 25.0, 50.0, 100.0)
    own = [np.percentile(scan.astype(np.float64), percents) for scan in scans]
    wanted = np.mean([5 + (o - o[0]) / (o[-1] - o[0]) * 90 for o in own], axis=0)
    make = partial(StandardLandmarks, percents, (5.0, 95.0))
    found = one_after_the_other(make, scans)["standard"]
    assert found == pytest.approx(wanted, rel=1e-6)
    assert one_after_the_other(make, scans, [9, 2, 5])["standard"].tobytes() == found.tobytes()
    for order in ((2, 0, 1), (1, 2, 0)):
        shuffled = [scans[i] for i in order]
        assert one_after_the_other(make, shuffled)["standard"].tobytes() == found.tobytes()
        assert by_workers(make, shuffled)["standard"].tobytes() == found.tobytes()


def test_a_scan_without_a_range_is_named() -> None:
    with pytest.raises(ValueError, match="one of the scans: its percentiles 1 and 99 are both 4"):
        StandardLandmarks((1.0, 50.0, 99.0), (0.0, 1.0)).update(np.full(8, 4, np.uint8))

"""Two results against each other, by hand and by NumPy, SciPy and scikit-image."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from skimage import metrics

from prep_core.quality.two import agreement, as_picture, difference, joint, on_one_grid
from prep_core.scan import Scan, voxel_affine

RNG = np.random.Generator(np.random.PCG64(11))
FIRST = RNG.normal(100, 20, (2, 24, 20)).astype(np.float32)
SECOND = (0.5 * FIRST + RNG.normal(0, 3, FIRST.shape)).astype(np.float32)


def scan(data: np.ndarray, valid: np.ndarray | None = None, axes: str = "ZYX") -> Scan:
    return Scan(data, axes, voxel_affine(), valid=np.array(True) if valid is None else valid)


def test_the_figures_are_those_of_other_libraries() -> None:
    found = agreement(scan(FIRST), scan(SECOND))
    one, other = FIRST.astype(np.float64), SECOND.astype(np.float64)
    span = float(np.ptp(one))
    by = other - one
    assert found.mean == pytest.approx(by.mean())
    assert found.rmse == pytest.approx(np.sqrt(metrics.mean_squared_error(one, other)))
    assert found.relative == pytest.approx(found.rmse / one.std())
    assert found.largest == by.flat[np.abs(by).argmax()] < 0
    assert found.correlation == pytest.approx(stats.pearsonr(one.ravel(), other.ravel()).statistic)
    assert found.nmi == pytest.approx(nmi(one, other))
    assert found.psnr == pytest.approx(metrics.peak_signal_noise_ratio(one, other, data_range=span))
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": span}
    planes = [metrics.structural_similarity(a, b, **options) for a, b in zip(one, other, strict=True)]
    assert found.ssim == pytest.approx(np.mean(planes))


def nmi(one: np.ndarray, other: np.ndarray) -> float:
    """C. Studholme, D. Hill, D. Hawkes, Pattern Recognition 32:71, 1999, by SciPy's entropies."""
    counts = np.histogram2d(one.ravel(), other.ravel(), 100)[0]
    marginals = stats.entropy(counts.sum(axis=0)) + stats.entropy(counts.sum(axis=1))
    return float(marginals / stats.entropy(counts.ravel()))


def test_a_result_agrees_with_itself() -> None:
    found = agreement(scan(FIRST), scan(FIRST))
    assert (found.mean, found.rmse, found.largest, found.equal, found.psnr) == (0, 0, 0, 1, np.inf)
    assert (found.correlation, found.nmi, found.ssim) == (pytest.approx(1), pytest.approx(2), pytest.approx(1))


def test_only_what_is_valid_in_both_counts() -> None:
    left, right = np.ones((4, 4), bool), np.ones((4, 4), bool)
    left[0], right[:, 0] = False, False
    one = scan(np.zeros((4, 4), np.float32), left, "YX")
    other = scan(np.arange(16, dtype=np.float32).reshape(4, 4), right, "YX")
    # By hand: rows 1 to 3 without the first column hold 5 6 7, 9 10 11, 13 14 15.
    found = agreement(one, other)
    assert (found.mean, found.largest, found.equal) == (10, 15, 0)
    by = difference(one, other)
    assert np.isnan(by[0]).all()
    assert np.isnan(by[:, 0]).all()
    assert by[1, 1] == 5
    assert joint(one, other).counts.sum() == 9


def test_a_constant_has_no_correlation_and_no_range() -> None:
    flat = scan(np.full((12, 12), 3.0, np.float32), axes="YX")
    found = agreement(flat, scan(np.full((12, 12), 5.0, np.float32), axes="YX"))
    assert (found.mean, found.rmse) == (2, 2)
    assert [found.correlation, found.nmi, found.psnr, found.ssim, found.relative] == [None] * 5


def test_small_planes_have_no_ssim() -> None:
    assert agreement(scan(FIRST[:, :10]), scan(SECOND[:, :10])).ssim is None


def test_the_difference_of_whole_numbers_does_not_wrap() -> None:
    one, other = (scan(np.full((2, 2), v, np.uint8), axes="YX") for v in (200, 10))
    assert difference(one, other).tolist() == [[-190, -190], [-190, -190]]


def test_where_both_are_infinite_there_is_no_difference() -> None:
    one = scan(np.array([[np.inf, 1.0]], np.float32), axes="YX")
    np.testing.assert_array_equal(difference(one, one), [[np.nan, 0]])


def test_the_joint_histogram_is_that_of_numpy_with_what_is_beyond_in_its_rim() -> None:
    found = joint(scan(FIRST), scan(SECOND), bins=16)
    for values, edges in ((FIRST, found.first), (SECOND, found.second)):
        assert edges[[0, -1]] == pytest.approx(np.percentile(values.astype(np.float64), (0.1, 99.9)))
    clipped = (np.clip(v, e[0], e[-1]) for v, e in ((FIRST, found.first), (SECOND, found.second)))
    expected = np.histogram2d(*(v.ravel() for v in clipped), bins=(found.first, found.second))[0]
    np.testing.assert_array_equal(found.counts, expected.T)
    assert found.counts.sum() == FIRST.size


def test_a_joint_histogram_of_constants_has_one_full_bin() -> None:
    flat = scan(np.full((3, 3), 7.0, np.float32), axes="YX")
    assert np.count_nonzero(joint(flat, flat).counts) == 1


def test_pictures_go_from_the_percentiles_to_0_and_1() -> None:
    picture = as_picture(scan(FIRST))
    low, high = np.percentile(FIRST.astype(np.float64), (0.5, 99.5))
    np.testing.assert_allclose(picture.data, np.clip((FIRST - low) / (high - low), 0, 1), atol=1e-6)
    assert picture.unit == "1"
    assert not as_picture(scan(np.ones((3, 3), np.float32), axes="YX")).data.any()


def test_other_grids_are_said_and_refused() -> None:
    whole, part = scan(FIRST), scan(FIRST[:, :12])
    assert on_one_grid(whole, part) == (
        "The results have other grids (ZYX 2 x 24 x 20 and ZYX 2 x 12 x 20), "
        "so no voxel of one belongs to a voxel of the other."
    )
    for function in (agreement, joint):
        with pytest.raises(ValueError, match="other grids"):
            function(whole, part)
    half = np.zeros(FIRST.shape, bool)
    half[0] = True
    other_half = replace(whole, valid=~half)
    assert on_one_grid(replace(whole, valid=half), other_half) == "No voxel is valid in both results."

"""Every figure against a number worked out by hand, or somebody else's code."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from skimage import exposure, filters, measure, metrics

from prep_core.quality import figures

RNG = np.random.Generator(np.random.PCG64(7))
TRUTH = RNG.normal(100, 20, (3, 32, 40)).astype(np.float32)
NOISY = (TRUTH + RNG.normal(0, 5, TRUTH.shape)).astype(np.float32)
HALF = np.zeros((4, 4), bool)
HALF[:2] = True


def test_psnr_and_mse_are_those_of_scikit_image() -> None:
    assert figures.mse(NOISY, TRUTH) == pytest.approx(metrics.mean_squared_error(TRUTH, NOISY), rel=1e-6)
    expected = metrics.peak_signal_noise_ratio(TRUTH, NOISY, data_range=200.0)
    assert figures.psnr(NOISY, TRUTH, 200.0) == pytest.approx(expected, abs=1e-5)


def test_psnr_of_an_error_of_a_tenth_of_the_range_is_20_db_and_of_none_infinite() -> None:
    assert figures.psnr(np.full(5, 1.1), np.ones(5), 1.0) == pytest.approx(20)
    assert figures.psnr(TRUTH, TRUTH, 1.0) == math.inf


def test_ssim_is_wangs_plane_by_plane() -> None:
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 200.0}
    pairs = zip(TRUTH.astype(np.float64), NOISY.astype(np.float64), strict=True)
    each = [metrics.structural_similarity(a, b, **options) for a, b in pairs]
    assert figures.ssim(NOISY, TRUTH, 200.0) == pytest.approx(np.mean(each), abs=1e-12)
    assert figures.ssim(TRUTH, TRUTH, 200.0) == pytest.approx(1)
    with pytest.raises(ValueError, match="at least 11 x 11"):
        figures.ssim(TRUTH[:, :10], TRUTH[:, :10], 200.0)


def test_entropy_is_that_of_scikit_image_and_scipy() -> None:
    grey = np.round(TRUTH).astype(np.uint8)
    edges = np.arange(257) - 0.5
    assert figures.entropy(grey, edges) == pytest.approx(measure.shannon_entropy(grey), abs=1e-12)
    counts = exposure.histogram(TRUTH, nbins=64)[0]
    assert figures.entropy(TRUTH, 64) == pytest.approx(stats.entropy(counts, base=2), abs=1e-12)


@given(st.integers(1, 10))
def test_entropy_of_equal_shares_is_the_number_of_bits(bits: int) -> None:
    assert figures.entropy(np.arange(2**bits), 2**bits) == pytest.approx(bits)
    assert figures.entropy(np.full(9, bits), 4) == 0
    assert figures.entropy(np.full(9, 1e30 * bits), 4) == 0
    assert figures.entropy(np.array([1e16, 1e16 + 2]), 4 * bits) == 1


def test_values_beyond_the_edges_count_in_the_outermost_bins() -> None:
    assert figures.entropy(np.array([-5.0, 0.5, 1.5, 99.0]), np.array([0.0, 1.0, 2.0])) == 1


def test_cjv_cnr_and_snr_of_two_tissues() -> None:
    image = np.array([[8.0, 12, 8, 12], [8, 12, 8, 12], [17, 23, 17, 23], [17, 23, 17, 23]])
    assert figures.cjv(image, HALF, ~HALF) == pytest.approx((2 + 3) / 10)
    assert figures.cnr(image, HALF, ~HALF) == pytest.approx(10 / math.sqrt(4 + 9))
    assert figures.cnr(image, HALF, ~HALF, HALF) == pytest.approx(10 / math.sqrt(4 + 9 + 4))
    assert figures.snr(image, ~HALF) == pytest.approx(20 / 3)
    assert figures.snr(image, ~HALF, HALF) == pytest.approx(10)
    assert figures.cjv(image * 3 + 7, HALF, ~HALF) == pytest.approx(figures.cjv(image, HALF, ~HALF))


def test_figures_without_an_answer_say_why() -> None:
    flat = np.ones((4, 4))
    with pytest.raises(ValueError, match="different means, and both have 1"):
        figures.cjv(flat, HALF, ~HALF)
    with pytest.raises(ValueError, match="noise must be above 0"):
        figures.cnr(flat, HALF, ~HALF)
    with pytest.raises(ValueError, match="region_a must have at least one voxel"):
        figures.cjv(flat, np.zeros_like(HALF), HALF)
    with pytest.raises(ValueError, match="same shape"):
        figures.psnr(flat, flat[:2], 1.0)
    with pytest.raises(ValueError, match="spread before must be above 0"):
        figures.contrast_improvement(flat, flat)


def test_efc_is_1_where_energy_is_even_and_0_where_it_is_in_one_voxel() -> None:
    assert figures.efc(np.full((5, 5), 3.0)) == pytest.approx(1)
    assert figures.efc(np.eye(1, 25)) == 0
    # MRIQC's formula, written out.
    n, size = TRUTH.size, float(np.sqrt(np.sum(np.square(TRUTH, dtype=np.float64))))
    largest = n * (1 / math.sqrt(n)) * math.log(1 / math.sqrt(n))
    expected = np.sum((TRUTH / size) * np.log((TRUTH + 1e-16) / size)) / largest
    assert figures.efc(TRUTH) == pytest.approx(float(expected), rel=1e-5)
    with pytest.raises(ValueError, match="none of them negative"):
        figures.efc(np.array([1.0, -1.0]))


def test_spread_and_range_are_percentiles() -> None:
    ramp = np.linspace(1, 3, 101)
    assert figures.bias_spread(ramp) == pytest.approx(np.percentile(ramp, 98) / np.percentile(ramp, 2))
    assert figures.bias_spread(np.ones(5)) == 1
    assert figures.dynamic_range(ramp) == pytest.approx(1.96)
    assert figures.decades(np.array([0.0, -1, *[1] * 2000, 1000])) == pytest.approx(3, abs=1e-6)
    assert figures.decades(-ramp) is None
    assert figures.distinct_levels(np.array([1, 1, 2])) == 2


def test_clipping_is_counted_exactly_for_numpys_clip() -> None:
    before = np.arange(1000)
    clipped = figures.share_clipped(before, np.clip(before, 99, 949))
    assert clipped == (0.1, 0.051)
    assert figures.share_outside(before, 100, 949) == (0.1, 0.05)
    inside = before < 200
    assert figures.share_clipped(before, np.clip(before, 99, 949), inside) == (0.5, 0)


@given(st.floats(0.001, 1000), st.floats(-1000, 1000))
def test_a_step_that_only_rescales_clips_nothing(gain: float, offset: float) -> None:
    before = np.arange(-50, 50, dtype=np.float32)
    assert figures.share_clipped(before, before.astype(np.float64) * gain + offset) == (0, 0)
    assert figures.share_clipped(np.repeat(before, 3), np.repeat(-before, 3)) == (0, 0)


def test_a_constant_result_is_all_clipped() -> None:
    assert figures.share_clipped(np.arange(4), np.zeros(4)) == (1, 0)
    assert figures.share_clipped(np.ones(4), np.zeros(4)) == (0, 0)


def test_edges_are_those_of_sobel_plane_by_plane() -> None:
    inner = (slice(None), slice(1, -1), slice(1, -1))
    each = np.stack([filters.sobel(plane.astype(np.float64)) for plane in TRUTH])
    # scikit-image differs over two pixels without dividing by 2, and divides the magnitude by the square root of 2.
    valid = np.zeros(TRUTH.shape, bool)
    valid[inner] = True
    counted = np.zeros(TRUTH.shape, bool)
    counted[:, 2:-2, 2:-2] = True
    assert figures.mean_edge(TRUTH, valid) == pytest.approx(each[counted].mean() / math.sqrt(2), rel=1e-6)
    assert figures.edge_strength(TRUTH, TRUTH * 3) == pytest.approx(3)


def test_padding_makes_no_edge() -> None:
    ramp = np.tile(np.arange(20.0), (20, 1))
    ramp[:, :5] = np.nan
    valid = np.isfinite(ramp)
    assert figures.mean_edge(ramp, valid) == pytest.approx(1, abs=0.1)
    assert figures.mean_edge(ramp, np.zeros_like(valid)) == 0


def test_contrast_and_noise_are_ratios_of_spreads() -> None:
    assert figures.contrast_improvement(TRUTH, TRUTH * 2 + 5) == pytest.approx(2, rel=1e-6)
    bright = TRUTH > 100
    assert figures.noise_gain(TRUTH, np.where(bright, TRUTH, TRUTH * 4), ~bright) == pytest.approx(4, rel=1e-6)

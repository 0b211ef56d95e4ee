"""CLAHE from weak to strong, and what a range of HU takes."""

import numpy as np
import pytest
from skimage.exposure import equalize_adapthist
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from prep_core.presets import PRESETS
from prep_core.quality.clahe import clahe_engines, clahe_strip, rescaled
from prep_core.quality.hounsfield import hu_ranges
from prep_core.samples import load_sample
from prep_core.scan import Scan

PLANE = load_sample("fluorescence_nuclei")


def test_the_strip_is_scikit_images_against_the_rescaled_plane() -> None:
    first, row = clahe_strip(PLANE, (0.02,))
    low, high = np.percentile(PLANE.data, (0.1, 99.9))
    truth = np.clip((PLANE.data - low) / (high - low), 0, 1).reshape(PLANE.data.shape[-2:])
    assert first.clip_limit is None
    np.testing.assert_allclose(first.picture, truth, atol=1e-6)
    other = equalize_adapthist(truth.astype(np.float32), kernel_size=64, clip_limit=0.02, nbins=256)
    np.testing.assert_array_equal(row.picture, other.astype(np.float32))
    assert row.psnr == pytest.approx(peak_signal_noise_ratio(truth, other, data_range=1), abs=1e-4)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    assert row.ssim == pytest.approx(structural_similarity(truth, other.astype(float), **options), abs=1e-5)
    assert row.contrast == pytest.approx(other.std() / truth.std(), rel=1e-5)


def test_a_higher_limit_goes_further_from_the_input() -> None:
    rows = clahe_strip(PLANE)[1:]
    assert [row.psnr for row in rows] == sorted((row.psnr for row in rows), reverse=True)
    assert [row.edges for row in rows] == sorted(row.edges for row in rows)


def test_the_engines_are_near_each_other() -> None:
    for row in clahe_engines(PLANE, (0.01, 0.02)):
        assert row.correlation > 0.995
        assert 0 < row.mean_difference < 0.02
        assert row.mean_difference < row.largest_difference


def test_padding_is_black_and_a_plane_without_contrast_is_said() -> None:
    data = np.arange(400, dtype=np.float32).reshape(20, 20)
    scan = Scan(data, "YX", valid=data < 300)
    assert rescaled(scan)[15:].max() == 0
    assert rescaled(scan).max() == 1
    with pytest.raises(ValueError, match="no contrast to raise"):
        clahe_strip(Scan(np.ones((20, 20)), "YX"))
    with pytest.raises(ValueError, match="one plane"):
        clahe_strip(Scan(np.ones((2, 20, 20)), "ZYX"))
    assert clahe_strip(Scan(data[:8, :8], "YX"))[0].ssim is None


def test_hu_ranges_count_what_numpy_counts() -> None:
    scan = load_sample("ct_chest")
    values = scan.data[scan.valid]
    rows = {row.name: row for row in hu_ranges(scan)}
    assert list(rows) == [p.name for p in PRESETS if p.source == "HU range"]
    assert rows["Bone"].below == np.mean(values < -200)
    assert rows["Bone"].above == np.mean(values > 3000)
    assert rows["Lung"].kept > rows["Full"].kept > rows["Bone"].kept > rows["Soft tissue"].kept > 0.4


def test_the_entropy_kept_by_hand_and_inside_the_mask() -> None:
    # Four values of equal share: 2 bits; the soft tissue range leaves three, of shares 1/4, 1/2 and 1/4: 1.5 bits.
    data = np.tile(np.array([-900.0, -300, 0, 500]), (4, 4))
    row = hu_ranges(Scan(data, "YX", unit="HU", mask=data > -100))[1]
    assert (row.name, row.below, row.above) == ("Soft tissue", 0.5, 0.25)
    assert row.entropy == pytest.approx(1.5)
    assert row.kept == pytest.approx(0.75)
    assert row.inside_mask == (0, 0.5)
    apart = Scan(np.tile(np.array([0.0, 9, 10, 20]), (4, 4)), "YX", unit="HU")
    assert hu_ranges(apart)[0].entropy == pytest.approx(1.5)
    assert hu_ranges(Scan(np.zeros((4, 4)), "YX", unit="HU"))[0].kept == 1
    with pytest.raises(ValueError, match="need a scan in HU"):
        hu_ranges(Scan(data, "YX"))

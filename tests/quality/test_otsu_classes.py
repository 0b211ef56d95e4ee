"""Otsu's classes against the tissues of a phantom, every possible cut, and scikit-image."""

from itertools import combinations

import numpy as np
import pytest
from skimage.filters import threshold_multiotsu

from prep_core.quality.otsu_classes import otsu_classes
from prep_core.quality.report import before_after
from prep_core.quality.rows import classes, tissue_rows
from prep_core.recipe import Recipe
from prep_core.scan import Scan, voxel_affine

TRUTH = np.repeat([0, 1, 2], 192).reshape(24, 24)


def phantom(noise: float, seed: int) -> np.ndarray:
    """Three tissues of 10, 50 and 90 with noise of one strength."""
    return np.array([10.0, 50.0, 90.0])[TRUTH] + np.random.default_rng(seed).normal(0, noise, TRUTH.shape)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("noise", [0.0, 0.02, 0.1, 0.5, 2.0, 4.0])
def test_each_tissue_of_a_clean_phantom_is_a_class(noise: float, seed: int) -> None:
    np.testing.assert_array_equal(otsu_classes(phantom(noise, seed), 3), TRUTH)


def test_the_figures_are_those_of_the_tissues_that_were_drawn() -> None:
    scan = Scan(phantom(2.0, 1).astype(np.float32), "YX", voxel_affine())
    labels = classes(scan)
    assert labels is not None
    found = {figure.name: figure.before for figure in tissue_rows(scan, scan, labels)}
    dark, middle, bright = (scan.data[i == TRUTH].astype(np.float64) for i in range(3))
    apart = bright.mean() - middle.mean()
    assert found["SNR"] == pytest.approx(bright.mean() / dark.std())
    assert found["CNR"] == pytest.approx(apart / np.sqrt(dark.var() + middle.var() + bright.var()))
    assert found["CJV"] == pytest.approx((middle.std() + bright.std()) / apart)


def test_no_other_ends_of_bins_part_the_classes_better() -> None:
    """Of 12 bins as well as of 256: values that lie in few of them leave few cuts to try."""
    bins = np.array([0, 20, 24, 30, 90, 95, 120, 200, 210, 230, 240, 255])
    counts = np.array([40, 9, 30, 3, 8, 25, 2, 7, 30, 20, 12, 5])
    values = np.repeat(bins, counts).astype(np.float64)

    def between(cuts: tuple[int, ...]) -> float:
        parts = [values[np.digitize(values, cuts, right=True) == i] for i in range(3)]
        return float(sum(part.size * (part.mean() - values.mean()) ** 2 for part in parts))

    best = max(combinations(bins[:-1], 2), key=between)
    np.testing.assert_array_equal(otsu_classes(values, 3), np.digitize(values, best, right=True))


@pytest.mark.parametrize("classes_wanted", [2, 3])
def test_grey_levels_are_parted_as_by_scikit_image(classes_wanted: int) -> None:
    grey = np.clip(phantom(15.0, 0), 0, 255).astype(np.uint8)
    grey[0, :2] = 0, 255  # a bin is a grey level, and has no middle
    wanted = np.digitize(grey, threshold_multiotsu(grey, classes=classes_wanted), right=True)
    np.testing.assert_array_equal(otsu_classes(grey, classes_wanted), wanted)


@pytest.mark.parametrize("values", [[4.0], [0.0, 1.0], [0.0, 0.001, 1000.0], [np.float32(-3e38), 1.0, 2.0]])
def test_values_in_fewer_bins_than_classes_have_none(values: list[float]) -> None:
    assert otsu_classes(np.array(values, np.float32), 3) is None


def test_a_scan_with_one_hot_pixel_has_a_report_without_tissues() -> None:
    data = phantom(1.0, 0).astype(np.float32)
    data[0, 0] = 1e6
    report = before_after(Recipe(()), Scan(data, "YX", voxel_affine()))
    assert {"SNR", "CNR", "CJV"}.isdisjoint(figure.name for figure in report.figures)
    assert report.against is not None
    assert report.against.noise is None

"""Bias correction compared, on a head whose field is known and on what has none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio

from prep_core import load
from prep_core.line import Line
from prep_core.quality.bias_methods import METHODS, BiasComparison, BiasRow, compare_bias_methods
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.brain import brain_phantom
from prep_core.scan import Scan

PHANTOM = brain_phantom()
REGIONS = PHANTOM.white, PHANTOM.grey
BRAIN = PHANTOM.white | PHANTOM.grey


@pytest.fixture(scope="module")
def known() -> BiasComparison:
    return compare_bias_methods(PHANTOM.scan, PHANTOM.truth, REGIONS)


def by_name(found: BiasComparison) -> dict[str, BiasRow]:
    return {row.method: row for row in found.rows}


def test_there_is_a_row_for_each_method(known: BiasComparison) -> None:
    assert tuple(row.method for row in known.rows) == METHODS
    assert all(row.seconds is not None and row.seconds >= 0 and row.complaint == "" for row in known.rows)
    assert known.regions == REGIONS


def test_doing_nothing_is_the_scan_itself(known: BiasComparison) -> None:
    none = by_name(known)["none"]
    assert none.line is None
    assert none.spread == 1
    assert (none.picture == 1).all()
    assert np.array_equal(none.result, PHANTOM.scan.data)


def test_n4_is_nearest_to_the_truth_by_every_figure(known: BiasComparison) -> None:
    rows = by_name(known)
    others = [row for row in known.rows if row.method != "n4"]
    n4 = rows["n4"]
    assert n4.cjv < 0.06 < 0.15 < min(row.cjv for row in others)
    assert n4.mse < 100 < 400 < min(row.mse for row in others)
    assert n4.psnr > 35 > 27 > max(row.psnr for row in others)
    assert n4.ssim > max(row.ssim for row in others)
    assert rows["none"].cjv == pytest.approx(0.297, abs=0.001)


def test_smoothing_helps_and_a_polynomial_takes_the_skin_for_light(known: BiasComparison) -> None:
    rows = by_name(known)
    for method in ("gaussian", "homomorphic"):
        assert rows[method].mse < rows["none"].mse / 2
        assert rows[method].cjv < rows["none"].cjv
    assert rows["polynomial"].mse > rows["none"].mse


def test_the_picture_is_the_field_that_was_taken_away(known: BiasComparison) -> None:
    row = by_name(known)["n4"]
    ratio = (row.picture / PHANTOM.field)[BRAIN]
    assert ratio.std() / ratio.mean() < 0.01
    np.testing.assert_allclose(row.result * row.picture, PHANTOM.scan.data, rtol=1e-5)
    low, high = np.percentile(row.picture[PHANTOM.scan.data > 200], (2, 98))
    assert row.spread == pytest.approx(high / low, rel=0.05)


def test_the_figures_are_those_of_scikit_image(known: BiasComparison) -> None:
    row = by_name(compare_bias_methods(replace(PHANTOM.scan, mask=BRAIN), 3 * PHANTOM.truth, inside="mask"))["gaussian"]
    truth = 3 * PHANTOM.truth[BRAIN].astype(np.float64)
    result = row.result[BRAIN] * np.median(truth / row.result[BRAIN])
    assert row.mse == pytest.approx(mean_squared_error(truth, result), rel=1e-5)
    assert row.psnr == pytest.approx(peak_signal_noise_ratio(truth, result, data_range=1500), rel=1e-5)


def test_a_row_is_what_its_line_does(known: BiasComparison) -> None:
    for row in known.rows[1:]:
        assert isinstance(row.line, Line)
        assert np.array_equal(apply(Recipe((row.line,)), PHANTOM.scan).data, row.result)


def test_classes_that_all_results_agree_on_stand_in_for_tissues(known: BiasComparison) -> None:
    unknown = compare_bias_methods(PHANTOM.scan)
    for row, wanted in zip(unknown.rows, known.rows, strict=True):
        assert row.cjv == pytest.approx(wanted.cjv, rel=0.02)
        assert (row.mse, row.psnr, row.ssim) == (None, None, None)
    lower, upper = unknown.regions
    assert not (lower & upper).any()


def test_a_method_without_an_answer_says_why() -> None:
    scan = replace(PHANTOM.scan, spacing_known=False)
    rows = by_name(compare_bias_methods(scan))
    for method in ("gaussian", "homomorphic"):
        row = rows[method]
        assert "lowpass_field has a length in mm, and the voxel size is unknown" in row.complaint
        assert (row.result, row.picture, row.cjv, row.spread) == (None, None, None, None)
    assert rows["n4"].cjv < 0.06
    pixels = by_name(compare_bias_methods(scan, sigma=12.0, lengths_in="px"))
    assert pixels["gaussian"].cjv == pytest.approx(0.167, abs=0.001)


@pytest.mark.parametrize("padding", [np.nan, 7.0])
def test_padding_has_no_field(padding: float) -> None:
    valid = np.ones(PHANTOM.scan.data.shape, bool)
    valid[:5] = False
    data = np.where(valid, PHANTOM.scan.data, np.float32(padding))
    scan = replace(PHANTOM.scan, data=data, valid=valid)
    for row in compare_bias_methods(scan, PHANTOM.truth).rows:
        assert np.isnan(row.picture[:5]).all()
        assert np.isfinite(row.picture[5:]).all()
        assert np.isfinite([row.mse, row.psnr, row.ssim, row.cjv]).all()


def test_small_planes_have_no_ssim_and_flat_ones_no_cjv() -> None:
    data = np.random.default_rng(0).uniform(1, 2, (9, 9)).astype(np.float32)
    rows = compare_bias_methods(Scan(data, "YX", spacing_known=True), data, inside="positive").rows
    assert [row.ssim for row in rows] == [None] * 5
    flat = compare_bias_methods(Scan(np.ones((9, 9), np.float32), "YX", spacing_known=True), inside="positive")
    assert flat.regions is None
    assert [row.cjv for row in flat.rows] == [None] * 5
    assert "needs voxels inside that differ" in by_name(flat)["n4"].complaint


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"truth must have the shape of the scan, \(64, 80, 64\), got \(2, 2\)"):
        compare_bias_methods(PHANTOM.scan, np.zeros((2, 2)))
    with pytest.raises(ValueError, match="a region must have the shape of the scan"):
        compare_bias_methods(PHANTOM.scan, regions=(BRAIN, BRAIN[0]))
    empty = replace(PHANTOM.scan, mask=np.zeros_like(BRAIN))
    with pytest.raises(ValueError, match="has no voxel inside mask to compare"):
        compare_bias_methods(empty, inside="mask")


@pytest.mark.shared_data
def test_a_real_head_gets_a_field_from_each_method(shared_data: Path) -> None:
    (scan,) = load(shared_data / "mr" / "brain_t1gd_bias.nrrd")
    every_fourth = replace(scan, data=scan.data[:, ::4, ::4], valid=scan.valid[:, ::4, ::4])
    every_fourth = replace(every_fourth, affine=scan.affine @ np.diag([1, 4, 4, 1]))
    rows = by_name(compare_bias_methods(every_fourth))
    assert 1.5 < rows["n4"].spread < 3
    assert 1.2 < rows["homomorphic"].spread < rows["n4"].spread
    assert rows["n4"].cjv < rows["none"].cjv

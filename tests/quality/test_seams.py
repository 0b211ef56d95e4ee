"""A line on each patch alone, against the same worked out with NumPy."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.quality.seams import patchwise
from prep_core.scan import Scan, voxel_affine

ZSCORE = Line("zscore")
DATA = np.random.Generator(np.random.PCG64(5)).normal(50, 10, (8, 12)).astype(np.float32)
DATA[:, 8:] /= 100


def plane(data: np.ndarray, valid: np.ndarray | None = None) -> Scan:
    return Scan(data, "YX", voxel_affine(), valid=np.array(True) if valid is None else valid)


def scored(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return (values.astype(np.float64) - by.mean(dtype=np.float64)) / by.std(dtype=np.float64)


def test_each_patch_is_measured_alone() -> None:
    found = patchwise(ZSCORE, plane(DATA), scored(DATA, DATA), 4)
    assert (found.patches, found.refused) == (6, 0)
    for y in (0, 4):
        for x in (0, 4, 8):
            patch = DATA[y : y + 4, x : x + 4]
            np.testing.assert_allclose(found.result[y : y + 4, x : x + 4], scored(patch, patch), atol=1e-4)
            gain = DATA.std(dtype=np.float64) / patch.std(dtype=np.float64)
            np.testing.assert_allclose(found.noise[y : y + 4, x : x + 4], gain, rtol=1e-4)


def test_a_seam_is_what_two_patches_make_of_the_same_values() -> None:
    data = DATA[:4, :8]
    found = patchwise(ZSCORE, plane(data), scored(data, data), 4)
    strip, left, right = data[:, 3:5], data[:, :4], data[:, 4:]
    np.testing.assert_allclose(found.seams[:, 3:5], np.abs(scored(strip, right) - scored(strip, left)), atol=1e-4)
    assert not found.seams[:, :3].any()
    assert not found.seams[:, 5:].any()


def test_one_patch_has_no_seam_and_the_reference_as_its_result() -> None:
    found = patchwise(ZSCORE, plane(DATA), scored(DATA, DATA), 64)
    assert not found.seams.any()
    np.testing.assert_allclose(found.result, scored(DATA, DATA), atol=1e-4)
    np.testing.assert_allclose(found.noise, 1, rtol=1e-5)


def test_a_corner_holds_the_larger_of_its_seams() -> None:
    found = patchwise(ZSCORE, plane(DATA[:, :8]), scored(DATA, DATA)[:, :8], 4)
    a, b, c = DATA[:4, :4], DATA[:4, 4:8], DATA[4:, :4]
    value = DATA[3, 3]
    here, right, below = (float(scored(value, patch)) for patch in (a, b, c))
    assert found.seams[3, 3] == pytest.approx(max(abs(right - here), abs(below - here)), abs=1e-4)
    assert found.seams[4, 4] > 0


def test_constant_patches_and_padding_are_counted_and_left_out() -> None:
    data = DATA[:4].copy()
    data[:, 4:8] = 7
    valid = np.ones(data.shape, bool)
    valid[0] = valid[:, 8:] = False
    found = patchwise(ZSCORE, plane(data, valid), np.zeros(data.shape), 4)
    assert (found.patches, found.refused) == (3, 2)
    assert np.isnan(found.result[:, 4:]).all()
    assert np.isnan(found.result[0]).all()
    np.testing.assert_allclose(found.result[1:, :4], scored(data[1:, :4], data[1:, :4]), atol=1e-4)
    assert not found.seams.any()
    assert np.isnan(found.noise).all()


def test_numbers_of_a_training_set_play_no_part_in_a_patch() -> None:
    waiting = Line("zscore", over="dataset", pool="scans")
    found = patchwise(waiting, plane(DATA), scored(DATA, DATA), 64)
    np.testing.assert_allclose(found.result, scored(DATA, DATA), atol=1e-4)

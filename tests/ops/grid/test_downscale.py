"""Means of blocks: which voxels count, where the result lies, and what is left over."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.ops.grid.downscale import downscale
from prep_core.recipe import Recipe
from prep_core.run import StepError, trace
from tests.ops.grid.grids import OBLIQUE, THICK, any_grid, noise, positions, scan_of
from tests.suited import result_of


@any_grid
def test_the_centre_of_a_new_voxel_is_the_centre_of_its_block(affine):
    old = scan_of(noise((6, 8, 9)), affine)
    new = downscale(old, factor=(2, 4, 3))
    centres = positions(old).reshape(3, 3, 2, 2, 4, 3, 3).mean(axis=(2, 4, 6))
    np.testing.assert_allclose(positions(new), centres, atol=1e-9)
    np.testing.assert_allclose(new.spacing, np.multiply(old.spacing, (2, 4, 3)))
    np.testing.assert_allclose(new.direction, old.direction, atol=1e-12)


def test_a_voxel_is_valid_and_in_the_mask_where_half_its_block_is():
    valid = np.array([[1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 1, 0]], bool)
    data = np.where(valid, np.float32([[1, 2, 3, 9, 9, 9], [5, 6, 7, 9, 4, 9]]), np.nan).astype(np.float32)
    new = downscale(scan_of(data, axes="YX", mask=valid), factor=(1, 2, 2))
    np.testing.assert_array_equal(new.valid, [[True, True, False]])
    np.testing.assert_array_equal(new.mask, [[True, True, False]])
    np.testing.assert_array_equal(new.data, [[3.5, 5, 4]])


def test_padding_never_enters_and_a_block_without_tissue_shows_what_it_holds():
    valid = np.zeros((6, 4), bool)
    valid[:3] = True
    data = np.where(valid, np.float32(50), np.float32(-2000))
    data[5, 3] = np.nan
    data[0, 0] = np.inf
    new = downscale(scan_of(data, axes="YX", valid=valid), factor=(1, 2, 2))
    np.testing.assert_array_equal(new.data, [[50, 50], [50, 50], [-2000, -2000]])
    np.testing.assert_array_equal(new.valid, [[True, True], [True, True], [False, False]])


def test_a_block_with_nothing_finite_is_zero_and_not_valid():
    new = downscale(scan_of(np.full((2, 2), np.nan, np.float32), axes="YX"))
    assert (new.data.item(), new.valid.item()) == (0, False)


def test_what_fills_no_block_is_left_out_and_counted():
    old = scan_of(noise((2, 5, 7)), THICK)
    (done,) = trace(Recipe((Line("downscale", {"factor": (1, 2, 3)}),)), old)
    assert done.scan.data.shape == (2, 2, 2)
    assert done.tally == {"cropped": 70 - 48}
    np.testing.assert_allclose(done.scan.data[0, 0, 0], old.data[0, :2, :3].mean(), rtol=1e-6)


def test_frames_channels_and_planes_are_taken():
    old = scan_of(noise((2, 3, 6, 8)), OBLIQUE, "TCYX", channels=("a", "b", "c"), unit="HU")
    new = downscale(old, factor=(50, 2, 4))
    np.testing.assert_allclose(new.data, old.data.reshape(2, 3, 3, 2, 2, 4).mean(axis=(3, 5)), atol=1e-6)
    assert (new.axes, new.channels, new.unit) == ("TCYX", ("a", "b", "c"), "HU")


def test_large_values_do_not_overflow():
    new = downscale(scan_of(np.full((4, 4), 3e38, np.float32), axes="YX"), factor=(1, 4, 4))
    np.testing.assert_allclose(new.data, 3e38, rtol=1e-6)


def test_white_noise_falls_by_the_root_of_the_block():
    old = scan_of(noise((400, 400)), axes="YX")
    assert downscale(old, factor=(1, 4, 4)).data.std() == pytest.approx(0.25, rel=0.02)


def test_a_factor_longer_than_an_axis_is_refused():
    with pytest.raises(StepError, match="line 1: downscale needs 4 voxels along z for a block, and the scan has 3"):
        result_of(Line("downscale", {"factor": (4, 1, 1)}), scan_of(noise((3, 8, 8))))


def test_a_factor_that_is_no_count_is_refused():
    with pytest.raises(RecipeError, match=r"downscale factor must be whole numbers of voxels, got 1, 1\.5, 2"):
        Line("downscale", {"factor": (1, 1.5, 2)})

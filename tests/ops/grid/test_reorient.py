"""Reorienting: any order of axes as nibabel makes it, planes, and what cannot be done."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nibabel.orientations import aff2axcodes, axcodes2ornt, io_orientation, ornt_transform
from scipy.spatial.transform import Rotation

from prep_core.line import Line, RecipeError
from prep_core.ops.grid.reorient import reorient
from prep_core.run import StepError
from prep_core.scan import Scan, voxel_affine
from tests.ops.grid.grids import OBLIQUE, SHEARED, affine_of, noise, scan_of
from tests.oracles.grid import in_nifti
from tests.suited import result_of

EVERY_ORDER = ("RAS", "LPS", "LAS", "RSA", "SPL", "AIR", "PIR", "ILA")


@pytest.mark.parametrize("affine", [OBLIQUE, SHEARED], ids=["oblique", "sheared"])
@pytest.mark.parametrize("axes", EVERY_ORDER)
def test_any_order_of_axes_is_that_of_nibabel(affine, axes):
    old = scan_of(noise((4, 5, 6)), affine)
    new = reorient(old, axes=axes)
    image = in_nifti(old)
    theirs = image.as_reoriented(ornt_transform(io_orientation(image.affine), axcodes2ornt(axes)))
    np.testing.assert_array_equal(new.data, np.asarray(theirs.dataobj).T)
    np.testing.assert_allclose(in_nifti(new).affine, theirs.affine, atol=1e-12)
    assert "".join(aff2axcodes(in_nifti(new).affine)) == axes
    assert new.orientation == axes[::-1]


@given(
    rotation=st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1),
    shear=st.tuples(*[st.floats(-0.6, 0.6)] * 3),
)
def test_any_grid_is_canonical_as_for_nibabel(rotation, shear):
    affine = voxel_affine((2.0, 1.1, 0.8))
    turned = Rotation.from_quat(rotation).as_matrix() @ affine[:3, :3]
    turned[:, 1] += shear[0] * turned[:, 0]
    turned[:, 2] += shear[1] * turned[:, 0] + shear[2] * turned[:, 1]
    left, _, right = np.linalg.svd(turned / np.linalg.norm(turned, axis=0))
    assume(is_clear(np.abs(left @ right)))
    affine[:3, :3] = turned
    old = scan_of(noise((2, 3, 4)), affine)
    theirs = nibabel.as_closest_canonical(in_nifti(old))
    np.testing.assert_array_equal(reorient(old).data, np.asarray(theirs.dataobj).T)


def is_clear(strength):
    """Whether no last bit decides: each axis points to one side most, no two alike if it is the same side."""
    side, ordered = strength.argmax(axis=0), np.sort(strength, axis=0)
    rivals = [abs(ordered[2, i] - ordered[2, j]) for i in range(3) for j in range(i) if side[i] == side[j]]
    return min([*(ordered[2] - ordered[1]), *rivals]) > 1e-6


def test_halfway_between_two_sides_x_goes_first():
    both = scan_of(noise((2, 3, 4)), affine_of((1.0, 1.0, 1.0), degrees=(0, 0, 45)))
    assert reorient(both, axes="LPS").data.shape == (2, 3, 4)


def test_reorienting_twice_is_reorienting_once_and_back_is_nothing():
    old = scan_of(noise((4, 5, 6)), OBLIQUE)
    own = old.orientation[::-1]
    there = reorient(reorient(old, axes="SAR"), axes="RAS")
    np.testing.assert_array_equal(there.data, reorient(old, axes="RAS").data)
    back = reorient(there, axes=own)
    np.testing.assert_array_equal(back.data, old.data)
    np.testing.assert_allclose(back.affine, old.affine, atol=1e-12)


def test_frames_channels_and_facts_stay():
    data = noise((2, 3, 4, 5, 6))
    old = scan_of(data, OBLIQUE, "TCZYX", channels=("a", "b", "c"), unit="HU", display_inverted=True)
    new = reorient(old, axes="SAR")
    alone = reorient(scan_of(data[1, 2].copy(), OBLIQUE), axes="SAR")
    np.testing.assert_array_equal(new.data[1, 2], alone.data)
    assert (new.channels, new.unit, new.display_inverted) == (("a", "b", "c"), "HU", True)


@pytest.mark.parametrize("axes", ["RAS", "LPS", "ARI", "PLS"])
def test_a_plane_is_turned_within_itself_as_one_slice_of_nibabel(axes):
    old = scan_of(noise((5, 6)), affine_of((3.0, 0.5, 0.7), degrees=(10, -15, 20)), "YX")
    new = reorient(old, axes=axes)
    image = in_nifti(old)
    theirs = image.as_reoriented(ornt_transform(io_orientation(image.affine), axcodes2ornt(axes)))
    assert new.axes == "YX"
    np.testing.assert_array_equal(new.data, np.asarray(theirs.dataobj)[..., 0].T)
    np.testing.assert_allclose(in_nifti(new).affine, theirs.affine, atol=1e-12)


def test_a_plane_is_not_turned_out_of_itself():
    coronal = scan_of(noise((5, 6)), affine_of((1.0, 1.0, 1.0), degrees=(90, 0, 0)), "YX")
    with pytest.raises(StepError, match=r"line 1: reorient needs slices .* point to SL; with axes RSA it stays"):
        result_of(Line("reorient"), coronal)
    assert reorient(coronal, axes="RSA").data.shape == (5, 6)


def test_a_scan_of_unknown_place_is_refused():
    with pytest.raises(StepError, match="line 1: reorient needs to know how the scan lies in the patient"):
        result_of(Line("reorient"), Scan(noise((3, 4, 5)), "ZYX"))


@pytest.mark.parametrize("axes", ["", "RA", "RAR", "RLS", "ras", "RASL", "RAX", "R A"])
def test_axes_that_are_no_orientation_are_refused(axes):
    with pytest.raises(RecipeError, match=f"reorient axes must be one each of L or R.*got '{axes}'"):
        Line("reorient", {"axes": axes})


def test_values_beyond_float32_are_not_valid():
    old = replace(scan_of(np.ones((2, 3, 4)), OBLIQUE), data=np.full((2, 3, 4), 1e300))
    assert not reorient(old).valid.any()

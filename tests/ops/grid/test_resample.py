"""Resampling: values and places, against SciPy, SimpleITK and scikit-image."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates
from skimage.transform import resize

from prep_core.ops.grid.resample import resample
from tests.ops.grid.grids import (
    OBLIQUE,
    ORDER,
    THICK,
    affine_of,
    any_grid,
    any_interpolation,
    between_two,
    in_space,
    noise,
    old_indices,
    positions,
    scan_of,
)


@any_grid
@any_interpolation
@pytest.mark.parametrize("spacing", [(1.3, 0.45, 0.52), (6.1, 2.3, 1.9)])
def test_values_are_those_of_scipy_at_the_same_patient_positions(affine, interpolation, spacing):
    old = scan_of(noise((9, 24, 21)), affine)
    new = resample(old, spacing=spacing, interpolation=interpolation, antialias=False)
    index = old_indices(new, old)
    mode = "mirror" if interpolation == "bspline" else "nearest"
    expected = map_coordinates(old.data, index, order=ORDER[interpolation], mode=mode)
    sure = ~between_two(index) if interpolation == "nearest" else np.ones(expected.shape, bool)
    np.testing.assert_allclose(new.data[sure], expected[sure], atol=1e-4)
    assert sure.mean() > 0.6


@pytest.mark.parametrize("affine", [THICK, OBLIQUE])
@any_interpolation
def test_values_are_those_of_simpleitk_on_the_same_grid(affine, interpolation):
    old = scan_of(noise((9, 24, 21)), affine)
    new = resample(old, spacing=(1.3, 2.1, 0.5), interpolation=interpolation, antialias=False)
    expected = SimpleITK.Resample(
        in_space(old),
        in_space(new),
        interpolator={
            "nearest": SimpleITK.sitkNearestNeighbor,
            "linear": SimpleITK.sitkLinear,
            "bspline": SimpleITK.sitkBSpline3,
        }[interpolation],
        useNearestNeighborExtrapolator=True,
    )
    sure = ~between_two(old_indices(new, old)) if interpolation == "nearest" else np.ones(new.data.shape, bool)
    np.testing.assert_allclose(new.data[sure], SimpleITK.GetArrayFromImage(expected)[sure], atol=1e-4)


@any_grid
@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("interpolation", ["linear", "bspline"])
@pytest.mark.parametrize("spacing", [(1.0, 0.4, 0.5), (7.5, 1.7, 1.5)])
def test_a_ramp_in_patient_space_stays_that_ramp(affine, antialias, interpolation, spacing):
    blank = scan_of(np.zeros((26, 40, 40), np.float32), affine)
    ramp = replace(blank, data=height(positions(blank)).astype(np.float32))
    new = resample(ramp, spacing=spacing, interpolation=interpolation, antialias=antialias)
    size = np.reshape(ramp.data.shape, (3, 1, 1, 1))
    index = old_indices(new, ramp)
    # The border is felt three sigma away by smoothing, and by splines 0.27 times less with every voxel.
    border = 10 if interpolation == "bspline" else 5 if antialias else 0
    inside = ((index >= border) & (index <= size - 1 - border)).all(axis=0)
    assert inside.sum() > 50
    np.testing.assert_allclose(new.data[inside], height(positions(new))[inside], atol=1e-4)


def height(place):
    x, y, z = place
    return 0.3 * x - 0.2 * y + 0.5 * z + 7


@pytest.mark.parametrize("affine", [affine_of((2.5, 1.0, 1.2)), OBLIQUE], ids=["thick", "oblique"])
@any_interpolation
@pytest.mark.parametrize("spacing", [(1.0, 0.5, 0.6), (3.1, 2.3, 1.9), (1.0, 2.0, 0.5)])
def test_blobs_stay_at_their_place_in_the_patient(affine, interpolation, spacing):
    blank = scan_of(np.zeros((36, 70, 80), np.float32), affine)
    centre = affine @ (17.3, 34.6, 39.2, 1)
    distance = np.linalg.norm(positions(blank) - centre[:3].reshape(3, 1, 1, 1), axis=0)
    blob = replace(blank, data=np.exp(-0.5 * (distance / 6.5) ** 2).astype(np.float32))
    new = resample(blob, spacing=spacing, interpolation=interpolation)
    found = (positions(new) * new.data).reshape(3, -1).sum(axis=1) / new.data.sum()
    allowed = np.linalg.norm(blank.spacing) / 2 if interpolation == "nearest" else 0.01
    assert np.linalg.norm(found - centre[:3]) < allowed


@pytest.mark.parametrize(
    ("size", "had", "asked", "expected"),
    [
        (10, 1.0, 1.0, 10),
        (10, 1.0, 3.0, 3),
        (10, 1.0, 3.9, 3),
        (3, 1.0, 50.0, 1),
        (1, 5.0, 1.0, 5),
        (7, 2.5, 0.7, 25),
    ],
)
def test_the_new_size_is_the_rounded_extent(size, had, asked, expected):
    old = scan_of(np.zeros((size, 4, 4), np.float32), affine_of((had, 1.0, 1.0)))
    new = resample(old, spacing=(asked, 1.0, 1.0))
    assert new.data.shape == (expected, 4, 4)
    assert new.spacing == pytest.approx((asked, 1.0, 1.0), rel=1e-12)


@any_grid
@given(spacing=st.tuples(*[st.floats(0.4, 40)] * 3))
def test_the_centre_of_the_extent_and_the_directions_stay(affine, spacing):
    old = scan_of(np.zeros((4, 6, 5), np.float32), affine)
    new = resample(old, spacing=spacing)
    middle = [scan.affine @ [*((n - 1) / 2 for n in scan.data.shape), 1] for scan in (old, new)]
    np.testing.assert_allclose(middle[1], middle[0], atol=1e-9)
    np.testing.assert_allclose(new.direction, old.direction, atol=1e-12)
    np.testing.assert_allclose(new.spacing, spacing, rtol=1e-12)


@any_interpolation
def test_the_same_spacing_changes_nothing(interpolation):
    old = scan_of(noise((6, 7, 8)), OBLIQUE)
    new = resample(old, spacing=old.spacing, interpolation=interpolation)
    np.testing.assert_allclose(new.data, old.data, atol=1e-6)
    np.testing.assert_allclose(new.affine, old.affine, atol=1e-12)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_antialiasing_is_that_of_scikit_image(factor):
    image = noise((60, 90))
    new = resample(scan_of(image, axes="YX"), spacing=(1.0, factor, 1.0))
    expected = resize(image, (60 // factor, 90), order=1, anti_aliasing=True, mode="reflect")
    np.testing.assert_allclose(new.data, expected, atol=1e-5)


def test_nearest_and_growing_axes_are_never_smoothed():
    old = scan_of(noise((6, 30, 30)))
    for parameters in (
        {"interpolation": "nearest", "spacing": (2.0, 2.0, 2.0)},
        {"spacing": (0.5, 0.3, 1.0)},
    ):
        smooth, sharp = (resample(old, **parameters, antialias=antialias) for antialias in (True, False))
        np.testing.assert_array_equal(smooth.data, sharp.data)


@any_interpolation
@pytest.mark.parametrize("spacing", [(0.31, 0.43, 0.57), (3.3, 2.9, 7.7)])
def test_air_stays_air_up_to_the_border(interpolation, spacing):
    air = scan_of(np.full((5, 9, 8), -1000, np.int16), unit="HU")
    new = resample(air, spacing=spacing, interpolation=interpolation)
    np.testing.assert_allclose(new.data, -1000, atol=1e-3)
    assert new.data.dtype == np.float32
    assert new.unit == "HU"


@pytest.mark.parametrize("slices", [1, 2, 3, 4])
def test_a_spline_through_few_slices_is_that_of_scipy(slices):
    old = scan_of(noise((slices, 9, 9)), affine_of((4.0, 1.0, 1.0)))
    new = resample(old, spacing=(1.0, 1.0, 1.0), interpolation="bspline")
    expected = map_coordinates(old.data, old_indices(new, old), order=3, mode="mirror")
    np.testing.assert_allclose(new.data, expected, atol=1e-5)


@any_interpolation
def test_frames_and_channels_are_resampled_each_by_itself(interpolation):
    both = scan_of(noise((2, 3, 4, 10, 12)), OBLIQUE, "TCZYX", channels=("a", "b", "c"))
    new = resample(both, spacing=(3.0, 0.9, 1.3), interpolation=interpolation)
    assert new.channels == both.channels
    for t, c in np.ndindex(2, 3):
        alone = resample(scan_of(both.data[t, c].copy(), OBLIQUE), spacing=(3.0, 0.9, 1.3), interpolation=interpolation)
        np.testing.assert_array_equal(new.data[t, c], alone.data)


def test_a_scan_without_z_uses_the_spacing_of_y_and_x():
    old = scan_of(noise((2, 10, 12)), affine_of((1.0, 0.5, 0.5)), "TYX")
    new = resample(old, spacing=(77.0, 1.0, 0.25))
    assert new.data.shape == (2, 5, 24)
    assert new.spacing == pytest.approx((1.0, 0.25))
    np.testing.assert_array_equal(new.affine[:, 0], old.affine[:, 0])

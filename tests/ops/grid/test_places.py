"""What lies somewhere in the patient is found there again, whatever a step does to the grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line
from prep_core.ops.grid.downscale import downscale
from tests.ops.grid.grids import OBLIQUE, affine_of, noise, positions, scan_of
from tests.ops.grid.places import BLOBS, PLACES, SPACINGS, THICK_SLICES, blob, by_zoom, centroid
from tests.suited import result_of


@pytest.mark.parametrize(
    ("mistake", "least", "most"),
    [("origin kept", 0.3, 1.5), ("spacing in array order", 27, 85), ("origin not set", 32, 34)],
)
def test_the_common_recipe_with_zoom_moves_the_same_blobs_by_far_more(mistake, least, most):
    """A contrast to the oracles of the steps, which allow 0.01 mm on the same scans."""
    blobs = [blob(affine, place) for affine in (THICK_SLICES, OBLIQUE) for place in PLACES]
    moved = [
        float(np.linalg.norm(centroid(by_zoom(scan, spacing, mistake)) - centre))
        for scan, centre in blobs
        for spacing in SPACINGS
    ]
    assert least < min(moved) <= max(moved) < most


@pytest.mark.parametrize("step", BLOBS)
def test_the_steps_do_change_the_grid_of_the_blobs(step):
    scan, _ = blob(OBLIQUE, PLACES[0])
    for params in BLOBS[step]:
        new = result_of(Line(step, params), scan)
        assert new.data.shape != scan.data.shape or not np.allclose(new.affine, scan.affine)


@pytest.mark.parametrize(
    ("step", "params"),
    [
        *(("reorient", {"axes": axes}) for axes in ("RAS", "LPS", "SAR", "AIL")),
        ("crop_foreground", {"what": "mask", "margin": 2.0}),
        ("crop_or_pad", {"size": (5, 9, 13)}),
    ],
)
@pytest.mark.parametrize("axes", ["ZYX", "TCZYX"])
def test_every_voxel_keeps_its_value_its_place_its_validity_and_its_mask(step, params, axes):
    shape = (2, 3, 6, 9, 8)[-len(axes) :]
    data = noise(shape, seed=2)
    inside = np.zeros(shape, bool)
    inside[..., 2:4, 3:7, 1:4] = noise((2, 4, 3)) > -1
    old = scan_of(data, OBLIQUE, axes, valid=noise(shape, seed=3) > -1, mask=inside)
    new = result_of(Line(step, params), old)
    assert new.axes == axes
    before, after = values_by_place(old), values_by_place(new)
    shared = before.keys() & after.keys()
    assert all(before[place] == after[place] for place in shared)
    # What is gone was cut away, what is new is padding.
    assert all(not any(valid) and not any(mask) for _, valid, mask in (after[p] for p in after.keys() - shared))
    assert len(shared) == np.prod([min(n, m) for n, m in zip(*sorted_sizes(old, new), strict=True)])


def sorted_sizes(old, new):
    """The sizes of the axes of both, in the same order of directions."""
    order = np.argmax(np.abs(old.direction.T @ new.direction), axis=1)
    return old.data.shape[-3:], tuple(new.data.shape[-3:][i] for i in order)


def values_by_place(scan):
    """For each patient position, rounded to a micrometre: data, validity and mask of all frames and channels there."""
    places = np.round(positions(scan), 3).reshape(3, -1).T + 0.0
    parts = [array.reshape(-1, len(places)).T for array in (scan.data, scan.valid, scan.mask)]
    return {tuple(place): tuple(tuple(p) for p in part) for place, *part in zip(places.tolist(), *parts, strict=True)}


@given(centre=st.tuples(*[st.floats(14, 18)] * 2), factor=st.integers(2, 5), width=st.floats(1.0, 2.0))
def test_downscale_keeps_a_smooth_structure_to_a_hundredth_of_a_voxel(centre, factor, width):
    index = np.indices((32 * factor, 32 * factor)) + 0.5
    distance = sum(((i - c * factor) / (width * factor)) ** 2 for i, c in zip(index, centre, strict=True))
    old = scan_of(np.exp(-0.5 * distance).astype(np.float32), axes="YX")
    new = downscale(old, factor=(1, factor, factor))
    found = (np.indices((32, 32)) + 0.5).reshape(2, -1) @ new.data.ravel().astype(np.float64) / new.data.sum()
    assert np.abs(found - centre).max() < 0.01


@given(at=st.integers(0, 29), factor=st.integers(1, 6))
def test_downscale_moves_a_point_by_less_than_half_a_block(at, factor):
    data = np.zeros((1, 30), np.float32)
    data[0, at] = 1
    old = scan_of(data, affine_of((1.0, 1.0, 1.0)), "YX")
    new = downscale(old, factor=(1, 1, factor))
    if at >= 30 // factor * factor:
        assert not new.data.any()
        return
    place = new.affine @ (0, 0, int(np.argmax(new.data)), 1)
    assert np.linalg.norm(place - old.affine @ (0, 0, at, 1)) <= (factor - 1) / 2 + 1e-9

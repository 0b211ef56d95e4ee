"""The claims of "Millimetres": who moves the ball, by how much, and which labels are made up."""

import math

import numpy as np
import pytest
import SimpleITK
from scipy.ndimage import map_coordinates

from prep_core.lessons import LESSONS
from prep_core.lessons.millimetres.tilted_volume import OFF_AXIS, centroid, simulated
from prep_core.samples import load_sample
from prep_core.scan import Scan, voxel_affine

LESSON = LESSONS["millimetres"]


def centre_by_hand(thickness: float, tilt: float, place: float) -> np.ndarray:
    """Where the ball is put, (x, y, z) in mm: from the middle of the volume along its turned axes."""
    slices = round(64 / thickness)
    along = (place - 0.5) * (slices - 1) * thickness
    across = (OFF_AXIS - 0.5) * 63
    turn = math.radians(tilt)
    return np.array(
        [across, math.cos(turn) * across - math.sin(turn) * along, math.sin(turn) * across + math.cos(turn) * along]
    )


@pytest.mark.parametrize(("thickness", "tilt", "place"), [(5.0, 20.0, 0.7), (2.0, 45.0, 0.5), (4.0, 0.0, 0.3)])
def test_the_ball_lies_where_trigonometry_puts_it(thickness: float, tilt: float, place: float) -> None:
    volume = simulated(thickness, tilt, place)
    np.testing.assert_allclose(volume.centre, centre_by_hand(thickness, tilt, place), atol=0.02)
    image = SimpleITK.GetImageFromArray(volume.ball.data)
    image.SetSpacing((1.0, 1.0, thickness))
    turn = math.radians(tilt)
    image.SetDirection((1, 0, 0, 0, math.cos(turn), -math.sin(turn), 0, math.sin(turn), math.cos(turn)))
    image.SetOrigin(volume.ball.origin)
    peak = np.unravel_index(int(np.argmax(volume.ball.data)), volume.ball.data.shape)
    corner = image.TransformIndexToPhysicalPoint([int(i) for i in peak[::-1]])
    assert np.linalg.norm(np.array(corner) - volume.centre) <= np.linalg.norm([thickness, 1, 1]) / 2 + 0.1


@pytest.mark.parametrize(("thickness", "spacing", "place"), [(5.0, 1.0, 0.7), (8.0, 1.0, 0.8), (4.0, 2.0, 0.35)])
def test_zoom_moves_the_ball_by_what_two_lines_say(thickness: float, spacing: float, place: float) -> None:
    """p (old - new) along each axis; all sizes here divide evenly."""
    numbers = LESSON.shown(thickness=thickness, spacing=spacing, place=place).numbers
    across = OFF_AXIS * (1 - spacing)
    slices = round(64 / thickness)
    new = slices * thickness / round(slices * thickness / spacing)
    by_hand = math.hypot(place * (thickness - new), across, across)
    assert numbers["predicted"] == pytest.approx(by_hand, abs=1e-6)
    assert numbers["off_zoom"] == pytest.approx(by_hand, abs=0.12)
    assert numbers["off_step"] < 0.02
    assert numbers["off_simpleitk"] < 0.05
    assert numbers["off_zoom_alone"] > 30


def test_set_size_alone_keeps_what_lies_beyond_its_corner() -> None:
    """The share of the ball in the box from 0 to 64 mm, by the error function of each axis; no tilt, thin slices."""
    numbers = LESSON.shown(thickness=1.0, tilt=0.0, spacing=2.0, place=0.5).numbers
    centre = centre_by_hand(1.0, 0.0, 0.5)
    low, high = -1.0, 63.0
    shares = [
        (math.erf((high - c) / (4 * math.sqrt(2))) - math.erf((low - c) / (4 * math.sqrt(2)))) / 2 for c in centre
    ]
    assert numbers["left_bare"] == pytest.approx(math.prod(shares), abs=0.03)
    assert numbers["left_step"] == pytest.approx(1, abs=0.01)


def test_breaking_it_moves_and_loses_the_ball() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["off_zoom"] > 5
    assert numbers["left_bare"] < 0.5
    assert numbers["off_step"] < 0.05


def test_only_nearest_keeps_labels() -> None:
    shown = LESSON.shown()
    numbers = shown.numbers
    assert numbers["no_label_nearest"] == numbers["ghosts_nearest"] == 0
    volume = simulated(5.0, 20.0, 0.7)
    labels = volume.labels.data
    slices = (13 - 1) / 2 + (np.arange(65) - 32) / 5
    grid = np.meshgrid(slices, np.arange(64), np.arange(64), indexing="ij")
    linear = map_coordinates(labels, grid, order=1, mode="nearest")
    strange = np.min([np.abs(linear - label) for label in (0, 1, 2, 5)], axis=0) > 1e-3
    assert numbers["no_label_linear"] == pytest.approx(strange.mean(), abs=1e-3)
    assert 0.001 < numbers["ghosts_linear"] < numbers["no_label_linear"] < numbers["no_label_bspline"]
    words = " ".join(shown.happened)
    assert sorted(set(np.rint(linear).astype(int).ravel()) - {0, 1, 2, 5}) == [3, 4]
    assert "the labels 3, 4 for linear" in words


@pytest.mark.parametrize("name", LESSON.samples)
def test_on_real_grids_the_step_stays_and_zoom_moves(name: str) -> None:
    numbers = LESSON.shown(load_sample(name), spacing=1.5).numbers
    assert numbers["off_step"] < 0.05
    assert numbers["off_zoom"] == pytest.approx(numbers["predicted"], rel=0.1)
    assert numbers["off_zoom"] > 0.4


def test_an_own_volume_may_have_time_channels_and_padding() -> None:
    data = np.random.default_rng(0).integers(0, 100, (2, 2, 12, 20, 22)).astype(np.uint16)
    valid = np.ones(data.shape, bool)
    data[..., :5], valid[..., :5] = 60000, False
    affine = voxel_affine((3.0, 1.5, 1.5), (5.0, -7.0, 100.0))
    shown = LESSON.shown(Scan(data, "TCZYX", affine, spacing_known=True, valid=valid))
    assert shown.pictures[0][0].high < 1000, "padding takes no part"
    assert shown.numbers["off_step"] < 0.1


def test_a_centroid_is_what_numpy_says() -> None:
    data = np.random.default_rng(1).random((3, 4, 5))
    affine = voxel_affine((3.0, 2.0, 1.0), (10.0, 20.0, 30.0))
    at = np.average(np.indices(data.shape).reshape(3, -1), axis=1, weights=data.ravel())
    expected = np.array([10, 20, 30]) + at[::-1] * [1, 2, 3]
    np.testing.assert_allclose(centroid(Scan(data, "ZYX", affine)), expected)


KNOWN = {"spacing_known": True, "affine": voxel_affine((2.0, 2.0, 2.0))}


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (
            Scan(np.ones((20, 30), np.float32), "YX", **KNOWN),
            "at least 6 voxels along z, y and x, this has 1 x 20 x 30",
        ),
        (Scan(np.ones((8, 20, 30), np.float32), "ZYX"), "does not say how large a voxel is"),
        (Scan(np.ones((8, 20, 30), np.complex64), "ZYX", **KNOWN), "needs real values"),
        (Scan(np.full((8, 20, 30), np.nan, np.float32), "ZYX", **KNOWN), "is all padding"),
        (
            Scan(np.ones((8, 20, 30), np.float32), "ZYX", voxel_affine((0.1, 0.1, 0.1)), spacing_known=True),
            "voxels of 1 mm make 1 x 2 x 3",
        ),
    ],
)
def test_what_it_cannot_use_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)

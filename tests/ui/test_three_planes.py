"""Cuts of a volume: the voxels against the affine, the sides of the body against NiBabel."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from prep_core.scan import Scan, voxel_affine
from prep_ui.planes.panes import cut_pane
from prep_ui.viewer import Crosshair, pack
from prep_ui.viewer.three_planes import AXES, PLAIN, Cut, crossing, cuts, place_of, taken
from tests.ui.test_viewer import unpack

OPPOSITE = dict(zip("LRPASI", "RLAPIS", strict=True))
RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
SHAPE = (3, 4, 5)
TURNS = [(0, 0, 0), (90, 0, 0), (0, 90, 0), (0, 0, 180), (90, 0, 90), (20, -35, 10), (-100, 15, 60), (180, 5, -95)]
WAYS = {"Axial": "PL", "Coronal": "IL", "Sagittal": "IP"}


def turned(degrees: tuple[float, float, float]) -> Scan:
    affine = voxel_affine((2.5, 0.7, 0.8), (-10.0, 20.0, 30.0))
    affine[:3, :3] = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix() @ affine[:3, :3]
    return Scan(np.arange(60, dtype=np.int16).reshape(SHAPE), "ZYX", affine, spacing_known=True, modality="MR")


def voxel_under(scan: Scan, cut: Cut, index: int, y: int, x: int) -> int:
    """The value at the voxel whose centre lies nearest to where `place_of` says that the pixel lies."""
    place = place_of(scan, cut, index)
    point = np.array(place.origin) + y * np.array(place.down) + x * np.array(place.right)
    z, row, column = np.rint(np.linalg.solve(scan.affine, [*point, 1.0])[:3]).astype(int)
    return int(scan.data[z, row, column])


@pytest.mark.parametrize("degrees", TURNS)
def test_each_pixel_is_the_voxel_at_its_place(degrees: tuple[float, float, float]) -> None:
    scan = turned(degrees)
    assert sorted(cut.across for cut in cuts(scan)) == ["X", "Y", "Z"]
    for cut in cuts(scan):
        picture = taken(scan.data, cut, 2)
        under = [[voxel_under(scan, cut, 2, y, x) for x in range(picture.shape[1])] for y in range(picture.shape[0])]
        np.testing.assert_array_equal(picture, under)


@pytest.mark.parametrize("degrees", TURNS)
def test_the_head_is_up_and_the_right_side_of_the_patient_on_the_left(degrees: tuple[float, float, float]) -> None:
    scan = turned(degrees)
    for cut in cuts(scan):
        place = place_of(scan, cut, 0)
        # NiBabel says where rows and columns of the picture point to, of the three axes that it is given.
        steps = np.eye(4)
        steps[:3, 0], steps[:3, 1] = place.down, place.right
        steps[:3, 2] = np.cross(place.down, place.right)
        down, right, _ = nibabel.orientations.aff2axcodes(RAS @ steps)
        assert down + right == WAYS[cut.name]
        assert cut.letters == OPPOSITE[right] + right + OPPOSITE[down] + down


def test_a_volume_of_unknown_place_is_cut_along_its_array() -> None:
    scan = turned((0, 0, 0))
    assert cuts(replace(scan, spacing_known=False)) == PLAIN
    assert cuts(replace(scan, modality="MIC")) == PLAIN


def test_a_volume_so_oblique_that_two_axes_name_the_same_side_is_cut_along_its_array() -> None:
    affine = np.eye(4)
    affine[:3, :3] = np.array([[0.8, 0.7, 0.1], [0.6, -0.5, 0.2], [0.0, 0.3, 1.0]]).T
    scan = replace(turned((0, 0, 0)), affine=affine)
    assert len({min(letter, OPPOSITE[letter]) for letter in scan.orientation}) < len(AXES)
    assert cuts(scan) == PLAIN


def test_the_crosshair_stays_in_the_volume_and_starts_in_its_middle() -> None:
    scan = turned((0, 0, 0))
    assert crossing(scan, {}) == {"Z": 1, "Y": 2, "X": 2}
    assert crossing(scan, {"Z": 9, "Y": -3, "X": 4, "T": 7}) == {"Z": 2, "Y": 0, "X": 4}


def test_padding_is_cut_with_the_pixels_and_reaches_the_browser() -> None:
    scan = replace(turned((0, 0, 0)), valid=np.arange(60).reshape(SHAPE) % 7 > 0)
    coronal = cuts(scan)[1]
    pane = cut_pane(scan, coronal, 1, (0.0, 59.0))
    assert pane.valid is not None
    np.testing.assert_array_equal(pane.valid, (scan.data % 7 > 0)[::-1, 1])
    crosshair = Crosshair({"Z": 1, "Y": 1, "X": 2}, {"Z": 3, "Y": 4, "X": 5})
    header, _ = unpack(pack([pane], pixel_aspect=1.0, height=9, crosshair=crosshair))
    assert header["crosshair"] == {"index": {"Z": 1, "Y": 1, "X": 2}, "size": {"Z": 3, "Y": 4, "X": 5}}
    found = header["panes"][0]["cut"]
    assert (found["name"], found["across"], found["down"], found["right"]) == ("Coronal", "Y", "Z", "X")
    assert (found["down_reversed"], found["right_reversed"]) == (True, False)


def test_colours_and_complex_values_can_be_cut() -> None:
    rgb = np.arange(180, dtype=np.uint8).reshape(3, *SHAPE)
    colour = cut_pane(Scan(rgb, "CZYX", channels=("R", "G", "B")), PLAIN[1], 2, (0.0, 1.0))
    np.testing.assert_array_equal(colour.image, rgb[:, :, 2])
    assert (colour.low, colour.high) == (0.0, 255.0)
    wave = np.full(SHAPE, 3 + 4j)
    np.testing.assert_array_equal(cut_pane(Scan(wave, "ZYX"), PLAIN[2], 0, (0.0, 5.0)).image, np.full((3, 4), 5.0))

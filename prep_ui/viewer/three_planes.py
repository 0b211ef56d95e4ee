"""A volume cut along each of its axes: axial, coronal and sagittal where the body is known, else XY, XZ and YZ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan
from prep_ui.viewer.place import OPPOSITE, Place, at_the_rims, is_of_a_patient

AXES = "ZYX"

Number = TypeVar("Number", bound=np.generic)

STANDARD: Mapping[str, tuple[str, str]] = {"Axial": ("P", "L"), "Coronal": ("I", "L"), "Sagittal": ("I", "P")}
"""Where rows and columns of each picture point to: the patient's right is on the left, the head is up."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a volume.

    Attributes
    ----------
    across, down, right : str
        The axes of the array ("Z", "Y", "X") across the plane, down the picture and to its right.
    down_reversed, right_reversed : bool
        Whether the first index lies at the bottom, or at the right.
    letters : str
        The sides of the body at the left, right, top and bottom rim; empty where they are not known.
    """

    name: str
    across: str
    down: str
    right: str
    down_reversed: bool = False
    right_reversed: bool = False
    letters: str = ""


PLAIN = (Cut("XY", "Z", "Y", "X"), Cut("XZ", "Y", "Z", "X"), Cut("YZ", "X", "Z", "Y"))


def cuts(scan: Scan) -> tuple[Cut, ...]:
    """The three cuts of a volume, in the order in which they are shown."""
    points = dict(zip(AXES, scan.orientation, strict=True))
    # An oblique volume may lie so that two of its axes are nearest to the same one of the body.
    known = is_of_a_patient(scan) and len(
        {min(letter, letter.translate(OPPOSITE)) for letter in points.values()}
    ) == len(AXES)
    return tuple(_standard(name, *ways, points) for name, ways in STANDARD.items()) if known else PLAIN


def sizes(scan: Scan) -> dict[str, int]:
    """How many planes there are along each axis."""
    return {axis: scan.size(axis) for axis in AXES}


def crossing(scan: Scan, at: Mapping[str, int]) -> dict[str, int]:
    """The voxel in which the planes meet: as `at` says, else the one in the middle."""
    return {axis: min(max(at.get(axis, size // 2), 0), size - 1) for axis, size in sizes(scan).items()}


def taken(pixels: NDArray[Number], cut: Cut, index: int) -> NDArray[Number]:
    """The picture (..., down, right) of one plane of `pixels`, (..., z, y, x); a view."""
    lead = pixels.ndim - len(AXES)
    order = [lead + AXES.index(axis) for axis in (cut.across, cut.down, cut.right)]
    plane = pixels.transpose(*range(lead), *order)[..., index, :, :]
    return plane[..., :: -1 if cut.down_reversed else 1, :: -1 if cut.right_reversed else 1]


def place_of(scan: Scan, cut: Cut, index: int) -> Place:
    """Where that picture lies in space."""
    first = {cut.across: index, cut.down: 0, cut.right: 0}
    steps = {axis: scan.affine[:3, AXES.index(axis)] for axis in AXES}
    for axis, backwards in ((cut.down, cut.down_reversed), (cut.right, cut.right_reversed)):
        if backwards:
            first[axis] = scan.size(axis) - 1
            steps[axis] = -steps[axis]
    corner = scan.affine @ [*(first[axis] for axis in AXES), 1]
    origin, down, right = (
        (float(x), float(y), float(z)) for x, y, z in (corner[:3], steps[cut.down], steps[cut.right])
    )
    return Place(origin, down, right, scan.spacing_known, cut.letters)


def _standard(name: str, down: str, right: str, points: Mapping[str, str]) -> Cut:
    """The cut whose rows point to `down` and columns to `right`, where each axis points as `points` says."""
    axis_to = {
        letter: axis for axis, points_to in points.items() for letter in (points_to, points_to.translate(OPPOSITE))
    }
    rows, columns = axis_to[down], axis_to[right]
    across = next(axis for axis in AXES if axis not in (rows, columns))
    return Cut(name, across, rows, columns, points[rows] != down, points[columns] != right, at_the_rims(down + right))

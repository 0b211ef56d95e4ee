"""Another order and direction of the axes, with every voxel at its place in the patient."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.scans import carried, in_float32
from prep_core.param import P
from prep_core.scan import Scan

DIRECTIONS: Mapping[str, tuple[int, int]] = {
    "L": (0, 1),
    "R": (0, -1),
    "P": (1, 1),
    "A": (1, -1),
    "S": (2, 1),
    "I": (2, -1),
}
"""Where a letter points to: which of the patient's axes x, y, z (LPS), and which way along it."""


class Turn(NamedTuple):
    """For each new axis z, y, x: which old one it is, and whether it runs the other way."""

    source: tuple[int, ...]
    flipped: tuple[bool, ...]


def axes_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, unless `axes` has one letter for each axis of the patient."""
    axes = params["axes"]
    if len(axes) == 3 and sorted(DIRECTIONS[letter][0] for letter in axes if letter in DIRECTIONS) == [0, 1, 2]:
        return None
    return f"axes must be one each of L or R, P or A, S or I, in any order, as RAS, got {axes[:20]!r}"


def reorient(
    scan: Scan,
    *,
    axes: Annotated[
        str,
        P(
            "Where x, y and z point to, nearest: one each of L or R (left, right), P or A (posterior, anterior) "
            "and S or I (superior, inferior); RAS is the canonical order of NIfTI."
        ),
    ] = "RAS",
) -> Scan:
    """Flip and swap whole axes until x, y and z point to the wanted sides of the patient; no value changes.

    Parameters
    ----------
    scan : Scan
        With a known place in the patient.  T and C stay as they are.

    Returns
    -------
    Scan
        float32; each voxel at the patient position that it had, also where the grid is oblique.

    Raises
    ------
    ValueError
        Where the file did not say how the scan lies, or where a scan without Z would need slices in another plane.

    Notes
    -----
    The letters are in the order x, y, z, as `nibabel.aff2axcodes` gives them; the array is stored as (z, y, x), so they
    belong to its last, its middle and its first axis.  With RAS, the array is that of
    `nibabel.as_closest_canonical`, transposed.

    An axis goes with the side of the patient that it points to most, the clearest axis first, x before y before z [1]_:
    of the rotation nearest to the directions of the grid, U V^T of their singular value decomposition U S V^T.

    A scan without Z is one slice: its rows and columns can be flipped and swapped, and no more.

    References
    ----------
    .. [1] NiBabel, `nibabel.orientations.io_orientation`.
    """
    if not scan.spacing_known:
        raise ValueError(
            "needs to know how the scan lies in the patient, and the file did not say it; "
            "save it in a format that does (DICOM, NIfTI, NRRD), or remove this line"
        )
    turn = _turn(scan, axes)
    affine = scan.affine @ _to_old(turn, tuple(scan.size(axis) for axis in "ZYX"))
    return carried(in_float32(scan), lambda array: _turned(array, turn, len(scan.spatial_axes)), affine=affine)


def _turn(scan: Scan, axes: str) -> Turn:
    pointing = _pointing(scan.direction)
    wanted = [DIRECTIONS[letter] for letter in reversed(axes)]
    source = tuple(next(own for own in range(3) if pointing[own][0] == patient) for patient, _ in wanted)
    if "Z" not in scan.axes and source[0] != 0:
        in_plane = "".join(sorted(axes, key=lambda letter: DIRECTIONS[letter][0] == pointing[0][0]))
        raise ValueError(
            f"needs slices for another plane than this one, whose y and x point to {scan.orientation}; "
            f"with axes {in_plane} it stays in its plane"
        )
    flipped = tuple(pointing[own] != want for own, want in zip(source, wanted, strict=True))
    return Turn(source, flipped)


def _pointing(direction: NDArray[np.float64]) -> dict[int, tuple[int, int]]:
    """For each array axis z, y, x: the patient's axis that it follows most, and which way."""
    left, _, right = np.linalg.svd(direction)
    rotation = left @ right
    # Rounded, so that at 45 degrees the first axis wins, and not the last bit of the decomposition.
    free = np.abs(rotation).round(9)
    clearest_first = 2 - np.argsort(-free.max(axis=0)[::-1], kind="stable")
    found = {}
    for own in map(int, clearest_first):
        patient = int(np.argmax(free[:, own]))
        found[own] = (patient, 1 if rotation[patient, own] > 0 else -1)
        free[patient] = -1
    return found


def _turned(array: NDArray[Any], turn: Turn, spatial: int) -> NDArray[Any]:
    outer, unused = array.ndim - spatial, 3 - spatial
    order = (*range(outer), *(outer + own - unused for own in turn.source[unused:]))
    flips = (slice(None, None, -1 if flipped else 1) for flipped in turn.flipped[unused:])
    way: tuple[Any, ...] = (..., *flips)
    turned: NDArray[Any] = array.transpose(order)[way]
    return turned


def _to_old(turn: Turn, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """(4, 4) from a new index (z, y, x, 1) to the old one, of a grid of `shape` (z, y, x)."""
    to_old = np.zeros((4, 4))
    to_old[3, 3] = 1
    for new, (own, flipped) in enumerate(zip(*turn, strict=True)):
        to_old[own, new] = -1 if flipped else 1
        to_old[own, 3] = shape[own] - 1 if flipped else 0
    return to_old

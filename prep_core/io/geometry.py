"""From what headers say about place to the one affine of a scan: array index (z, y, x) to patient LPS mm."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError

Vector = NDArray[np.float64]

LARGEST, SMALLEST = 1e6, 1e-9
"""Sizes in mm between which a voxel can be: ten picometres to a kilometre and the like are typing errors."""

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
ROUNDING, SHEARED = 1e-4, 0.05
"""Cosines between axes: up to the first it is rounding, above the second the grid is no box any more."""


def is_size(value: float) -> bool:
    """Whether `value` can be the size of a voxel in mm."""
    return math.isfinite(value) and SMALLEST < value < LARGEST


def affine_of(vectors: Sequence[Vector], origin: Sequence[float] | Vector) -> NDArray[np.float64]:
    """The affine of a grid whose steps along x, y (and z) are `vectors`, LPS mm.

    A missing step along z has length 1 and stands upright on the other two.
    """
    x, y = (np.asarray(v, dtype=np.float64) for v in vectors[:2])
    if len(vectors) > 2:
        z = np.asarray(vectors[2], dtype=np.float64)
    else:
        upright = np.cross(x, y)
        z = upright / (np.linalg.norm(upright) or 1.0)
    affine = np.eye(4)
    affine[:3] = np.column_stack([z, y, x, np.asarray(origin, dtype=np.float64)])
    return affine


def shear(affine: NDArray[np.float64]) -> tuple[float, float]:
    """Cosines between axes of `affine`, 0 for a box and up to 1: of x with y, and the larger of z with these."""
    columns = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    cosines = np.abs(columns.T @ columns)
    return float(cosines[1, 2]), float(cosines[0, 1:].max())


def fault(affine: NDArray[np.float64]) -> str:
    """Why no scan can have this affine: the words that follow "it has", or nothing.

    Pixels must be rectangles, or no step could work in a plane.  Slices may be shifted against each other, as a
    tilted gantry leaves them: every plane is right, and every voxel has its place.
    """
    if not np.isfinite(affine).all():
        return "an affine with NaN or infinite values"
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not all(is_size(s) for s in lengths) or abs(np.linalg.det(affine[:3, :3] / lengths)) < 1e-6:
        return "a singular affine: a direction or spacing is zero, or far from any size in mm"
    within = shear(affine)[0]
    if within > SHEARED:
        return f"sheared axes in plane (cosine {within:.3f} between rows and columns, which must be orthogonal)"
    return ""


def check_affine(name: str, affine: NDArray[np.float64]) -> list[str]:
    """Warnings about an affine that is not quite a box.

    Raises
    ------
    ReadError
        For an affine that has a `fault`.
    """
    if why := fault(affine):
        raise ReadError(f"{name} has {why}; repair its header or resample it first")
    within, across = shear(affine)
    if across > SHEARED:
        return [
            f"its slices are shifted against each other (shear {across:.3f}, not orthogonal to the plane): each voxel "
            "keeps its place, but steps that look across slices take the grid for a box"
        ]
    off = max(within, across)
    return [f"its axes are not quite orthogonal (shear {off:.4f}); kept as they are"] if off > ROUNDING else []

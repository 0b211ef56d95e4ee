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
"""Cosines between axes: up to the first it is rounding, above the second the grid is not a box any more."""


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


def shear(affine: NDArray[np.float64]) -> float:
    """The largest cosine between two axes of `affine`: 0 for a box, up to 1."""
    columns = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    off = columns.T @ columns - np.eye(3)
    return float(np.abs(off).max())


def check_affine(name: str, affine: NDArray[np.float64]) -> list[str]:
    """Warnings about an affine that is not quite a box.

    Raises
    ------
    ReadError
        When it is not finite, singular, or sheared so far that no step could trust distances.
    """
    if not np.isfinite(affine).all():
        raise ReadError(f"{name} has an affine with NaN or infinite values; repair its header")
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not all(is_size(s) for s in lengths) or abs(np.linalg.det(affine[:3, :3] / lengths)) < 1e-6:
        raise ReadError(f"{name} has a singular affine: a direction or spacing is zero; repair its header")
    off = shear(affine)
    if off > SHEARED:
        raise ReadError(
            f"{name} has sheared axes (cosine {off:.3f} between directions that must be orthogonal); resample it first"
        )
    return [f"its axes are not quite orthogonal (shear {off:.4f}); kept as they are"] if off > ROUNDING else []

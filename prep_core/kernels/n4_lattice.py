"""Sums of B-splines along one axis: from voxels to the control points that they see, and back."""

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@kernel
def gathered(values: Floats, first: Indices, weights: Floats, size: int) -> Floats:
    """For each control point the sum over voxels of value times weight: (before, n, after) to (before, size, after).

    Parameters
    ----------
    first : (n,) int64 ndarray
        Voxel i sees the control points first[i], first[i] + 1, ...
    weights : (n, seen) float64 ndarray
        The weight of each of them.
    """
    before, voxels, after = values.shape
    seen = weights.shape[1]
    sums = np.zeros((before, size, after))
    for i in range(voxels):
        sums[:, first[i] : first[i] + seen] += weights[i, :, None] * values[:, i : i + 1]
    return sums


@kernel
def spread(lattice: Floats, first: Indices, weights: Floats) -> Floats:
    """For each voxel the sum over control points of value times weight: (before, size, after) to (before, n, after).

    Parameters
    ----------
    first, weights
        As for `gathered`.
    """
    before, _, after = lattice.shape
    voxels, seen = weights.shape
    values = np.empty((before, voxels, after))
    for i in range(voxels):
        np.multiply(lattice[:, first[i]], weights[i, 0], out=values[:, i])
        for k in range(1, seen):
            values[:, i] += lattice[:, first[i] + k] * weights[i, k]
    return values

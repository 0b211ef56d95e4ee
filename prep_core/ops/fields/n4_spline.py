"""The B-splines of N4 on regular grids, one axis after the other.

A lattice of control points covers the grid from its first voxel to its last, in `mesh` equal spans along each axis, and
has mesh + order control points there.  The field is a sum of products of splines, one for each axis, so that sums over
voxels and over control points can be taken axis by axis.
"""

from collections.abc import Callable, Sequence
from math import comb, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.n4_lattice import gathered, spread
from prep_core.ops.cubic import cubic_weights

Floats = NDArray[np.float64]


class Basis(NamedTuple):
    """What positions along one axis see of the lattice: order + 1 control points each, and the weight of each.

    Attributes
    ----------
    first : (n,) int64 ndarray
    weights : (n, order + 1) float64 ndarray
    size : int
        Control points along the axis.
    """

    first: NDArray[np.int64]
    weights: Floats
    size: int

    def part(self, positions: slice) -> "Basis":
        return Basis(self.first[positions], np.ascontiguousarray(self.weights[positions]), self.size)

    def weighing(self, change: Callable[[Floats], Floats]) -> "Basis":
        return self._replace(weights=np.ascontiguousarray(change(self.weights)))


def basis(share: Floats, mesh: int, order: int) -> Basis:
    """The uniform B-splines of an order from 1 to 3.

    Parameters
    ----------
    share : (n,) float64 ndarray
        Positions as a share of the way from the first voxel to the last; those beyond are taken as at the end.
    """
    place = np.clip(share, 0.0, 1.0) * mesh
    first = np.minimum(place.astype(np.int64), mesh - 1)
    t = place - first
    if order == 3:
        weights = cubic_weights(t)
    elif order == 2:
        weights = np.stack([(1 - t) * (1 - t) / 2, (1 + 2 * t * (1 - t)) / 2, t * t / 2], axis=1)
    else:
        weights = np.stack([1 - t, t], axis=1)
    return Basis(first, weights, mesh + order)


def projected(values: Floats, bases: Sequence[Basis]) -> Floats:
    """The sum over voxels of value times weight, for each control point."""
    for axis, along in enumerate(bases):
        shape = values.shape
        sums = gathered(_three_axes(values, axis), along.first, along.weights, along.size)
        values = sums.reshape(*shape[:axis], along.size, *shape[axis + 1 :])
    return values


def evaluated(lattice: Floats, bases: Sequence[Basis]) -> Floats:
    """The spline at each position of a grid; with fewer bases than axes, along the last ones."""
    values = lattice
    for axis, along in zip(range(values.ndim)[::-1], reversed(bases), strict=False):
        shape = values.shape
        sums = spread(_three_axes(values, axis), along.first, along.weights)
        values = sums.reshape(*shape[:axis], len(along.first), *shape[axis + 1 :])
    return values


def refined(lattice: Floats, order: int) -> Floats:
    """The same spline on a lattice of twice as many spans along each axis."""
    for axis, size in enumerate(lattice.shape):
        fine = np.zeros((2 * (size - order) + order, size))
        for j in range(size):
            for k in range(order + 2):
                if 0 <= (row := 2 * j - order + k) < len(fine):
                    fine[row, j] = comb(order + 1, k) / 2**order
        lattice = np.moveaxis(np.einsum("rj,...j->...r", fine, np.moveaxis(lattice, axis, -1)), -1, axis)
    return np.ascontiguousarray(lattice)


def _three_axes(values: Floats, axis: int) -> Floats:
    """`values` with the axes before `axis` as one, and those after it."""
    return values.reshape(prod(values.shape[:axis]), values.shape[axis], prod(values.shape[axis + 1 :]))

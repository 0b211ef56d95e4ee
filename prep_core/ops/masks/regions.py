"""Shapes of voxels: connected parts, holes, opening and closing with a length."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from prep_core.ops.lengths import in_voxels

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


def voxel_size(spacing: Sequence[float] | None, axes: int, lengths_in: str) -> tuple[float, ...]:
    """The size of a voxel along each of `axes` axes, in the unit that `lengths_in` says.

    Raises
    ------
    ValueError
        For lengths in mm where the voxel size is not known.
    """
    return tuple(1 / voxels for voxels in in_voxels(1.0, spacing, axes, lengths_in))


def connected(mask: Mask, axes: int, diagonal: bool = False) -> tuple[Labels, NDArray[np.int64]]:
    """Number the connected parts of `mask` from 1.

    Parameters
    ----------
    mask : (...) bool ndarray
    axes : int
        How many of the last axes connect: 2 for parts within a plane, 3 for parts through a volume.
    diagonal : bool
        Whether voxels that share only an edge or a corner are connected.

    Returns
    -------
    labels, sizes
        0 outside `mask`, the number of the part inside; how many voxels each part has, beginning with part 1.
    """
    near = np.zeros((3,) * mask.ndim, bool)
    near[(1,) * (mask.ndim - axes)] = ndimage.generate_binary_structure(axes, axes if diagonal else 1)
    labels, count = ndimage.label(mask, near)
    return labels, np.bincount(labels[mask], minlength=count + 1)[1:]


def parts(labels: Labels, keep: NDArray[np.bool_]) -> Mask:
    """The voxels of those parts for which `keep`, beginning with part 1, is True."""
    kept: Mask = np.concatenate([[False], keep])[labels]
    return kept


def largest(mask: Mask) -> Mask:
    """The part of `mask` with the most voxels, connected through faces; the first of equals."""
    labels, sizes = connected(mask, mask.ndim)
    return labels == 1 + int(sizes.argmax()) if sizes.size else mask


def without_holes(mask: Mask) -> Mask:
    """`mask` with all that it encloses within a plane."""
    return _by_plane(lambda plane: np.asarray(ndimage.binary_fill_holes(plane), dtype=bool), mask)


def without_small_holes(mask: Mask, area: float) -> Mask:
    """`mask` with those holes within a plane that have at most `area` pixels."""
    labels, sizes = connected(without_holes(mask) & ~mask, 2)
    return mask | parts(labels, sizes <= area)


def eroded_square(mask: Mask, radius: float, size: Sequence[float]) -> Mask:
    """Where a square of half-width `radius` fits into a plane of `mask`; the border of the image takes nothing away.

    Parameters
    ----------
    size : (y, x) of a pixel, in the unit of `radius`
    """
    return _square(ndimage.minimum_filter1d, mask, radius, size, beyond=1)


def dilated_square(mask: Mask, radius: float, size: Sequence[float]) -> Mask:
    """What a square of half-width `radius` covers in each plane, when its centre runs over `mask`."""
    return _square(ndimage.maximum_filter1d, mask, radius, size, beyond=0)


def closed(mask: Mask, radius: float, size: Sequence[float]) -> Mask:
    """`mask` with those gaps within each plane that a disc of `radius` does not fit into."""
    return _by_plane(lambda plane: _eroded(dilated(plane, radius, size), radius, size), mask)


def dilated(mask: Mask, radius: float, size: Sequence[float]) -> Mask:
    """The voxels that are at most `radius` from a voxel of `mask`, along all of its axes."""
    return mask | (ndimage.distance_transform_edt(~mask, size) <= radius) if mask.any() else mask


def box_of(mask: Mask, margin: Sequence[int] | None = None) -> tuple[slice, ...]:
    """The smallest box that holds `mask`, which is not empty, and a margin of so many voxels along each axis."""
    around = margin or (0,) * mask.ndim
    box = []
    for axis, more in enumerate(around):
        at = np.flatnonzero(mask.any(axis=tuple(a for a in range(mask.ndim) if a != axis)))
        box.append(slice(max(0, int(at[0]) - more), int(at[-1]) + 1 + more))
    return tuple(box)


def reaches(length: float, size: Sequence[float]) -> tuple[int, ...]:
    """The fewest voxels that are as long as `length`, along each axis."""
    return tuple(math.ceil(length / step) for step in size)


def _eroded(mask: Mask, radius: float, size: Sequence[float]) -> Mask:
    return mask if mask.all() else mask & (ndimage.distance_transform_edt(mask, size) > radius)


def _by_plane(function: Callable[[Mask], Mask], mask: Mask) -> Mask:
    """`function` of each plane (the last two axes) that holds anything."""
    result = np.zeros_like(mask)
    for index in np.ndindex(mask.shape[:-2]):
        if mask[index].any():
            result[index] = function(mask[index])
    return result


def _square(function: Callable[..., Mask], mask: Mask, radius: float, size: Sequence[float], beyond: int) -> Mask:
    for axis, step in zip((-2, -1), size, strict=True):
        mask = function(mask, 2 * round(radius / step) + 1, axis, mode="constant", cval=beyond)
    return mask

"""Larger voxels that are the mean of the old ones in them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.lengths import ZYX
from prep_core.ops.scans import Floats, Mask, in_float32, moved, spatial_shape, whole_numbers
from prep_core.param import P
from prep_core.scan import Scan

Sizes = tuple[int, ...]


def factor_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, unless `factor` is in whole voxels."""
    return whole_numbers("factor", params["factor"], "voxels")


def downscale(
    scan: Scan,
    *,
    factor: Annotated[
        tuple[float, float, float],
        P(
            "Old voxels in a new one, along z, y, x; a scan without z uses y and x.",
            (1, 1024),
            "px",
            soft=(1, 8),
            parts=ZYX,
        ),
    ] = (1.0, 2.0, 2.0),
) -> Scan:
    """Make a scan smaller by whole numbers: each new voxel is the mean of a block of old ones.

    Parameters
    ----------
    scan : Scan
        T and C are mapped over.

    Returns
    -------
    Scan
        float32, in the same unit.  An axis of n voxels gets floor(n / factor); the centre of a new voxel is the centre
        of its block.

    Raises
    ------
    ValueError
        For a factor larger than the axis is long.

    Notes
    -----
    The mean is over the valid voxels of the block, in float64.  A new voxel is valid, and in the mask, where at least
    half of its block is.  A block without a valid voxel shows the mean of what is finite in it, or 0.

    Voxels at the end of an axis that fill no block are left out: their mean would not lie at the centre of the new
    voxel.  A smooth structure of two new voxels (full width at half maximum) or more stays in its place within a
    hundredth of a new voxel.  The centroid of a smaller or sharper one can move by up to (factor - 1) / 2 old voxels,
    because a voxel does not say where in it a value lies.  Means divide white noise by the square root of the number of
    voxels in a block.
    """
    by = tuple(int(each) for each in factor[-len(scan.spatial_axes) :])
    _refuse_too_few(spatial_shape(scan), by, scan.spatial_axes)
    old = in_float32(scan)
    shape = old.data.shape[: -len(by)] + tuple(n // each for n, each in zip(spatial_shape(scan), by, strict=True))
    data, valid = np.empty(shape, np.float32), np.empty(shape, bool)
    for at in np.ndindex(shape[: -len(by)]):
        data[at], valid[at] = _means(old.data[at], old.valid[at], by)
    mask = None if old.mask is None else _mostly(old.mask, by)
    affine = moved(scan.affine, [(each - 1) / 2 for each in by], by)
    return replace(old, data=data, valid=valid, mask=mask, affine=affine)


def downscale_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels filled no block."""
    by = params["factor"][-len(before.spatial_axes) :]
    return {"cropped": before.data.size - after.data.size * int(math.prod(by))}


def _refuse_too_few(old: Sizes, by: Sizes, axes: str) -> None:
    for n, each, axis in zip(old, by, axes.lower(), strict=True):
        if n < each:
            raise ValueError(f"needs {each} voxels along {axis} for a block, and the scan has {n}; make factor smaller")


def _means(old: Floats, valid: Mask, by: Sizes) -> tuple[NDArray[np.float64], Mask]:
    """The means of the blocks, and where at least half of a block is valid."""
    values, counted = _blocks(old, by), _blocks(valid, by)
    inner = tuple(range(1, values.ndim, 2))
    if counted.all():
        return values.mean(axis=inner, dtype=np.float64), np.array(True)
    has_some = counted.any(axis=inner, keepdims=True)
    used = np.where(has_some, counted, np.isfinite(values))
    total = np.where(used, values, 0).sum(axis=inner, dtype=np.float64)
    return total / np.maximum(used.sum(axis=inner), 1), _mostly(valid, by)


def _mostly(mask: Mask, by: Sizes) -> Mask:
    blocks = _blocks(mask, by)
    most: Mask = 2 * blocks.sum(axis=tuple(range(-2 * len(by) + 1, 0, 2))) >= math.prod(by)
    return most


def _blocks(array: NDArray[Any], by: Sizes) -> NDArray[Any]:
    """(..., k0, f0, k1, f1, ...) the last axes of `array`, each split into blocks of f; what fills none is left out."""
    sizes = [(n // each, each) for n, each in zip(array.shape[-len(by) :], by, strict=True)]
    whole: tuple[Any, ...] = (..., *(slice(count * each) for count, each in sizes))
    blocks: NDArray[Any] = array[whole].reshape(*array.shape[: -len(by)], *(n for pair in sizes for n in pair))
    return blocks

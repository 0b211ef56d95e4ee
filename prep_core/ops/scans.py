"""What the steps that take a whole scan share: float32 pixels, the affine of a new grid, and how large it may be."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan

MOST_VOXELS = 2**31

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def float32(data: NDArray[Any]) -> Floats:
    """`data` as float32; float64 values beyond its range become infinite, and so not valid."""
    with np.errstate(over="ignore"):
        return data.astype(np.float32, copy=False)


def in_float32(scan: Scan) -> Scan:
    """`scan` with float32 pixels, valid where they are finite."""
    data = float32(scan.data)
    finite = np.isfinite(data)
    return replace(scan, data=data, valid=scan.valid if finite.all() else scan.valid & finite)


def carried(scan: Scan, change: Callable[[NDArray[Any]], NDArray[Any]], **facts: Any) -> Scan:
    """`scan` after `change` of its data, its validity and its mask alike, and with other `facts`."""
    mask = None if scan.mask is None else change(scan.mask)
    return replace(scan, data=np.ascontiguousarray(change(scan.data)), valid=change(scan.valid), mask=mask, **facts)


def spatial_shape(scan: Scan) -> tuple[int, ...]:
    """(z, y, x), or (y, x) without Z."""
    return scan.data.shape[-len(scan.spatial_axes) :]


def moved(affine: NDArray[np.float64], first: Sequence[float], step: Sequence[float]) -> NDArray[np.float64]:
    """The affine of a new grid.

    Parameters
    ----------
    affine : (4, 4) float64 ndarray
        Of the old grid.
    first, step : sequence of float
        For each spatial axis: voxel j of the new grid has its centre at first + j * step, in voxels of the old one.
    """
    spatial = slice(3 - len(first), 3)
    to_old = np.eye(4)
    to_old[spatial, spatial] = np.diag(step)
    to_old[spatial, 3] = first
    return affine @ to_old


def refuse_too_many(shape: Sequence[int], advice: str) -> None:
    """Complain about a result of more than 2^31 voxels, before it is made."""
    if (voxels := math.prod(shape)) > MOST_VOXELS:
        raise ValueError(f"makes at most 2^31 voxels, got {voxels:,} {tuple(shape)}; {advice}")


def whole_numbers(name: str, values: Sequence[float], unit: str) -> str | None:
    """A complaint, unless all `values` of the parameter `name` are whole numbers of `unit`."""
    if all(value == int(value) for value in values):
        return None
    return f"{name} must be whole numbers of {unit}, got {', '.join(f'{value:g}' for value in values)}"

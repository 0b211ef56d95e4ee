"""Values of an image at the centres of the voxels of another grid with the same axes."""

from collections.abc import Callable, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from prep_core.kernels.parts import FEWEST, in_parts
from prep_core.kernels.resample import POLE, cubic_across_planes, cubic_within_planes, linear
from prep_core.ops.cubic import cubic_weights
from prep_core.ops.lines import mirrored
from prep_core.ops.scans import Floats

Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]

_FORGOTTEN = 64
"""Voxels after which what a line begins with has no part in a float64."""


class Axis(NamedTuple):
    """New voxels along one axis: voxel j of `size` has its centre at first + j * step, in voxels of the old ones."""

    size: int
    first: float
    step: float

    def places(self) -> Doubles:
        return (self.first + np.arange(self.size) * self.step).astype(np.float64, copy=False)


def interpolated(old: Floats, axes: Sequence[Axis], interpolation: str) -> Floats:
    """Values at the centres of the new voxels.

    Parameters
    ----------
    old : (z, y, x) or (y, x) float32 ndarray
    axes : sequence of Axis
        All new centres lie inside the old extent.
    interpolation : {"nearest", "linear", "bspline"}
    """
    if interpolation == "nearest":
        return _nearest(old, axes)
    flat = (1,) * (3 - old.ndim)
    volume = np.require(old.reshape(*flat, *old.shape), np.float32, ["C", "A"])
    all_axes = [*[Axis(1, 0.0, 1.0)] * len(flat), *axes]
    new = (_cubic if interpolation == "bspline" else _linear)(volume, all_axes)
    return new.reshape([axis.size for axis in axes])


def _nearest(old: Floats, axes: Sequence[Axis]) -> Floats:
    """Where rounding puts a centre outside the old extent, its nearest voxel is the answer."""
    new = SimpleITK.Resample(
        SimpleITK.GetImageFromArray(old),
        [axis.size for axis in reversed(axes)],
        interpolator=SimpleITK.sitkNearestNeighbor,
        outputOrigin=[axis.first for axis in reversed(axes)],
        outputSpacing=[axis.step for axis in reversed(axes)],
        useNearestNeighborExtrapolator=True,
    )
    values: Floats = SimpleITK.GetArrayFromImage(new)
    return values


def _linear(old: Floats, axes: Sequence[Axis]) -> Floats:
    """Between the centre of the outermost voxel and the border that voxel is the answer."""
    (z, share_z), (y, share_y), (x, share_x) = (_pairs(n, axis) for n, axis in zip(old.shape, axes, strict=True))
    new = np.empty([axis.size for axis in axes], np.float32)

    def fill(planes: slice, rows: slice) -> None:
        linear(old, z[planes], share_z[planes], y[rows], share_y[rows], x, share_x, new[planes, rows])

    if len(new) == 1:
        in_parts(new.shape[1], lambda rows: fill(slice(None), rows), fewest=FEWEST // new.shape[2] + 1)
    else:
        _by_planes(new, lambda planes: fill(planes, slice(None)))
    return new


def _pairs(n: int, axis: Axis) -> tuple[Indices, Doubles]:
    """For each new voxel the old one before it, and the share of the way to the next."""
    places = np.clip(axis.places(), 0, n - 1)
    before = np.minimum(places.astype(np.int64), max(n - 2, 0))
    return before, places - before


def _cubic(old: Floats, axes: Sequence[Axis]) -> Floats:
    """Along z and within planes, in the order that has less to do."""
    stages = [_across_planes, _within_planes] if axes[0].size <= len(old) else [_within_planes, _across_planes]
    for stage in stages:
        old = stage(old, axes)
    return old


def _across_planes(old: Floats, axes: Sequence[Axis]) -> Floats:
    if _stays(len(old), axes[0]):
        return old
    pixels = prod(old.shape[1:])
    new = np.empty((axes[0].size, pixels), np.float32)
    z, weights, ends = _taps(len(old), axes[0])
    lines = old.reshape(-1, pixels)
    in_parts(
        pixels,
        lambda part: cubic_across_planes(lines, z, weights, ends, part.start, part.stop, new),
        fewest=FEWEST // len(old) + 1,
    )
    return new.reshape(-1, *old.shape[1:])


def _within_planes(old: Floats, axes: Sequence[Axis]) -> Floats:
    if all(_stays(n, axis) for n, axis in zip(old.shape[1:], axes[1:], strict=True)):
        return old
    y, weights_y, ends_y = _taps(old.shape[1], axes[1])
    x, weights_x, ends_x = _taps(old.shape[2], axes[2])
    new = np.empty([len(old), *(axis.size for axis in axes[1:])], np.float32)
    _by_planes(
        new,
        lambda planes: cubic_within_planes(old[planes], y, weights_y, ends_y, x, weights_x, ends_x, new[planes]),
    )
    return new


def _stays(n: int, axis: Axis) -> bool:
    return axis == Axis(n, 0.0, 1.0)


def _taps(n: int, axis: Axis) -> tuple[Indices, Doubles, Doubles]:
    """For each new voxel four control points and their weights, and the weights of the first control point."""
    places = axis.places()
    before = np.floor(places).astype(np.int64)
    seen = mirrored(before[:, None] + np.arange(-1, 3), n)
    powers = np.cumprod([1.0] + [POLE] * (_FORGOTTEN - 1))
    ends = np.bincount(mirrored(np.arange(_FORGOTTEN), n), powers).astype(np.float64)
    return seen, cubic_weights(places - before), ends


def _by_planes(volume: Floats, work: Callable[[slice], None]) -> None:
    """Let `work` fill all planes of `volume`, in parts."""
    in_parts(len(volume), work, fewest=FEWEST // max(volume[0].size, 1) + 1)

"""Values between voxels, on a grid whose axes are those of the image: linear, and through the cubic spline.

Arithmetic is float64 and results are rounded to float32 once: for `linear` at its end, for the cubic at the end of each
of its two stages.  Of each axis a kernel is told which voxels a new one sees, and how much of each.
"""

import math

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]

_BLOCK = 1 << 17
"""Elements whose float64 stay in the second-level cache."""

POLE = math.sqrt(3) - 2
"""Of the recursion that finds the control points of the cubic spline."""


@kernel
def linear(
    values: Floats,
    z: Indices,
    share_z: Doubles,
    y: Indices,
    share_y: Doubles,
    x: Indices,
    share_x: Doubles,
    out: Floats,
) -> None:
    """Interpolate `values` (z, y, x) into `out`, along y, then x, then z.

    Parameters
    ----------
    z, y, x : (new,) int64 ndarray
        Along each axis the voxel before each new one; the one after it is the next, or at the end the same.
    share_z, share_y, share_x : (new,) float64 ndarray
        How far the new voxel is on the way to the one after.
    """
    ends = [n - 1 for n in values.shape]
    next_y, next_x = np.minimum(y + 1, ends[1]), np.minimum(x + 1, ends[2])

    def plane(at: int) -> Doubles:
        rows = values[at].astype(np.float64)
        mixed = _between(rows[y], rows[next_y], share_y[:, None])
        return _between(mixed[:, x], mixed[:, next_x], share_x)

    kept: dict[int, Doubles] = {}
    for k, (at, share) in enumerate(zip(z.tolist(), share_z, strict=True)):
        after = min(at + 1, ends[0])
        kept = {each: kept[each] if each in kept else plane(each) for each in (at, after)}
        out[k] = _between(kept[at], kept[after], share)


@kernel
def cubic_within_planes(
    values: Floats,
    y: Indices,
    weights_y: Doubles,
    ends_y: Doubles,
    x: Indices,
    weights_x: Doubles,
    ends_x: Doubles,
    out: Floats,
) -> None:
    """The cubic spline through the voxels of each plane of `values` (z, y, x), at other places of the plane.

    Parameters
    ----------
    y, x : (new, 4) int64 ndarray
        Along each axis the control points that a new voxel sees.
    weights_y, weights_x : (new, 4) float64 ndarray
        The weight of each of them.
    ends_y, ends_x : (m,) float64 ndarray
        By which the first voxels of a line enter its first control point (see `_control_points`).
    """
    for at, plane in enumerate(values):
        rows = _mixed(_control_points(plane.astype(np.float64), ends_y), y, weights_y)
        columns = _mixed(_control_points(np.ascontiguousarray(rows.T), ends_x), x, weights_x)
        with np.errstate(over="ignore"):  # a spline overshoots
            out[at] = columns.T


@kernel
def cubic_across_planes(
    values: Floats, z: Indices, weights_z: Doubles, ends_z: Doubles, start: int, stop: int, out: Floats
) -> None:
    """The same along the first axis of `values` (z, pixels), for the pixels from `start` to `stop`."""
    block = max(1, _BLOCK // len(values))
    for low in range(start, stop, block):
        part = slice(low, min(low + block, stop))
        mixed = _mixed(_control_points(values[:, part].astype(np.float64), ends_z), z, weights_z)
        with np.errstate(over="ignore"):  # a spline overshoots
            out[:, part] = mixed


def _between(before: Doubles, after: Doubles, share: Doubles) -> Doubles:
    return before + share * (after - before)


def _mixed(points: Doubles, seen: Indices, weights: Doubles) -> Doubles:
    """(new, lines) sums of four control points (n, lines) times their weights."""
    sums = points[seen[:, 0]] * weights[:, 0, None]
    for k in range(1, 4):
        sums += points[seen[:, k]] * weights[:, k, None]
    return sums


def _control_points(lines: Doubles, ends: Doubles) -> Doubles:
    """Make values (n, lines) into the control points of the cubic spline through them, mirrored at both ends.

    Two passes along the first axis, there and back, as Unser (1999), Splines, IEEE Signal Processing Magazine 16:22,
    has them in box 2.
    """
    n = len(lines)
    if n == 1:
        return lines
    lines *= 6.0
    first = np.zeros_like(lines[0])
    for i, weight in enumerate(ends):
        first += weight * lines[i]
    lines[0] = first
    for i in range(1, n):
        lines[i] += POLE * lines[i - 1]
    lines[n - 1] = (lines[n - 1] + POLE * lines[n - 2]) * (POLE / (POLE * POLE - 1.0))
    for i in range(n - 2, -1, -1):
        lines[i] = POLE * (lines[i + 1] - lines[i])
    return lines

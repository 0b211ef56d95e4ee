"""Values between voxels: along each axis the new voxel j has its centre at first + j * step, in old voxels."""

import math
from collections.abc import Sequence

import numpy as np


def linear_between(image: np.ndarray, size: Sequence[int], first: Sequence[float], step: Sequence[float]) -> np.ndarray:
    """Linear along y, then x, then z, in double precision; beyond the outermost centre is the outermost voxel."""
    flat = (1,) * (3 - image.ndim)
    values = image.reshape(*flat, *image.shape).astype(np.float64)
    for axis in (1, 2, 0):
        last, own = values.shape[axis] - 1, axis - len(flat)
        place = np.clip(first[own] + np.arange(size[own]) * step[own], 0, last) if own >= 0 else np.zeros(1)
        before = np.minimum(place.astype(np.int64), max(last - 1, 0))
        share = (place - before).reshape(-1, *[1] * (2 - axis))
        lower, upper = values.take(before, axis), values.take(np.minimum(before + 1, last), axis)
        values = lower + share * (upper - lower)
    return values.reshape(tuple(size)).astype(np.float32)


def spline_between(image: np.ndarray, size: Sequence[int], first: Sequence[float], step: Sequence[float]) -> np.ndarray:
    """The cubic spline through the voxels, along z and within planes; first along z if that leaves fewer planes."""
    within, across = [image.ndim - 2, image.ndim - 1], list(range(image.ndim - 2))
    for axes in [across, within] if across and size[0] <= image.shape[0] else [within, across]:
        if any((image.shape[axis], 0.0, 1.0) != (size[axis], first[axis], step[axis]) for axis in axes):
            values = image.astype(np.float64)
            for axis in axes:
                values = spline_along(values, axis, size[axis], first[axis], step[axis])
            image = values.astype(np.float32)
    return image


def spline_along(values: np.ndarray, axis: int, size: int, first: float, step: float) -> np.ndarray:
    """The cubic spline along one axis, mirrored at its ends; two recursions find its control points."""
    n, pole = values.shape[axis], math.sqrt(3) - 2
    place = first + np.arange(size) * step
    before = np.floor(place).astype(np.int64)
    t = place - before
    weights = [(1 - t) * (1 - t) * (1 - t) / 6, *(((3 * s - 6) * s * s + 4) / 6 for s in (t, 1 - t)), t * t * t / 6]
    around = max(2 * n - 2, 1)
    lines = np.moveaxis(values, axis, 0) * (6.0 if n > 1 else 1.0)
    if n > 1:
        folded = np.arange(64) % around
        ends = np.bincount(np.minimum(folded, 2 * n - 2 - folded), np.cumprod([1.0] + [pole] * 63))
        start = np.zeros_like(lines[0])
        for i, weight in enumerate(ends):
            start += weight * lines[i]
        lines[0] = start
        for i in range(1, n):
            lines[i] += pole * lines[i - 1]
        lines[n - 1] = (lines[n - 1] + pole * lines[n - 2]) * (pole / (pole * pole - 1.0))
        for i in range(n - 2, -1, -1):
            lines[i] = pole * (lines[i + 1] - lines[i])
    folded = (before[:, None] + np.arange(-1, 3)) % around
    seen = np.minimum(folded, 2 * n - 2 - folded)
    shape = (-1, *[1] * (lines.ndim - 1))
    a, b, c, d = (lines[seen[:, k]] * weight.reshape(shape) for k, weight in enumerate(weights))
    return np.moveaxis(a + b + c + d, 0, axis)

"""A symmetric filter along one axis, with the arithmetic of SciPy's ``correlate1d``."""

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]

_BLOCK = 1 << 17
"""Elements whose float64 stay in the second-level cache."""


@kernel
def correlated(values: Floats, lines: Indices, weights: Doubles, start: int, stop: int, out: Floats) -> None:
    """Filter `values` (before, n, after) along their second axis, for the last axis from `start` to `stop`.

    Parameters
    ----------
    lines : (n + 2 r,) int64 ndarray
        The elements that a line of n consists of when it is made longer by r at both ends.
    weights : (r + 1,) float64 ndarray
        Of the element itself, and of each farther pair around it.
    out : (before, n, after) float32 ndarray
        May be `values`.

    Notes
    -----
    Sums are float64: the element itself, and then the pairs, from the farthest to the nearest.
    """
    before, n, _ = values.shape
    radius = len(weights) - 1
    outer = max(1, _BLOCK // (n * max(1, stop - start)))
    inner = max(1, _BLOCK // n)
    for top in range(0, before, outer):
        for left in range(start, stop, inner):
            part = (slice(top, top + outer), slice(None), slice(left, min(left + inner, stop)))
            long = values[part].astype(np.float64)[:, lines]
            total = long[:, radius : radius + n] * weights[0]
            for far in range(radius, 0, -1):
                pair = long[:, radius - far : radius - far + n] + long[:, radius + far : radius + far + n]
                total += pair * weights[far]
            out[part] = total

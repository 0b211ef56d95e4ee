"""The cubic B-spline."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def cubic_weights(t: Floats) -> Floats:
    """(n, 4) weights of the control points around places (n,), which are `t` of the way from one to the next.

    The second of the four is the one before the place.
    """
    rest = 1 - t
    inner = [((3 * s - 6) * s * s + 4) / 6 for s in (t, rest)]
    return np.stack([rest * rest * rest / 6, *inner, t * t * t / 6], axis=1)

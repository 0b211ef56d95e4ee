"""The two passes of N4 over its voxels: into the histogram of their logarithms, and back from the sharpened one."""

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

Floats = NDArray[np.float64]


@kernel
def shared_counts(values: Floats, low: float, width: float, bins: int) -> Floats:
    """Count values (n,) in `bins` bins, each shared by the two bins whose centres it lies between.

    Parameters
    ----------
    low, width : float
        Centre of the first bin, and the distance of centres; no value lies below the first centre.
    """
    place = (values - low) / width
    below = np.minimum(place.astype(np.int64), bins - 1)
    share = np.where(below < bins - 1, place - below, 0.0)
    # Two sums, and one addition: in this order the loop adds as well.
    lower, upper = np.bincount(below, 1.0 - share, bins), np.bincount(below + 1, share, bins + 1)[:bins]
    counts: Floats = np.add(lower, upper, dtype=np.float64)
    return counts


@kernel
def left_over(values: Floats, low: float, width: float, sharpened: Floats) -> Floats:
    """How far values (n,) lie above what the bins (bins,) around them are sharpened to, which is linear in between."""
    place = (values - low) / width
    below = np.minimum(place.astype(np.int64), len(sharpened) - 2)
    start = sharpened[below]
    left: Floats = values - (start + (sharpened[below + 1] - start) * (place - below))
    return left

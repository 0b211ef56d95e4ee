"""Lines of voxels that go on beyond their ends."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def mirrored(index: Indices, n: int) -> Indices:
    """Which voxels lie at `index` of a line of `n` that goes on mirrored: ... 2 1 | 0 1 2 ... n - 1 | n - 2 ..."""
    around = max(2 * n - 2, 1)
    folded = index % around
    return np.minimum(folded, 2 * n - 2 - folded)

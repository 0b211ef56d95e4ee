"""Values parted into classes by Otsu's method, none of them torn at the threshold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_multiotsu

_BINS = 256


def otsu_classes(values: NDArray[Any], classes: int) -> NDArray[np.int64] | None:
    """The class of each of `values`, 0 for the lowest; None where they fill fewer bins than there are classes.

    Notes
    -----
    The method weighs whole bins, 256 from the least to the largest value, so a class ends where a bin ends.  Cutting in
    the middle of its last bin, which is the threshold that scikit-image returns for float values, would put voxels that
    were weighed with one class into the next: in a scan with little noise a good part of a tissue.

    References
    ----------
    N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
    Cybernetics 9:62, 1979.
    """
    # Float64, because the ends of the bins of a bright outlier beside small values are equal in float32.
    exact = values.astype(np.float64)
    counts, edges = np.histogram(exact, _BINS)
    if np.count_nonzero(counts) < classes:
        return None
    last = threshold_multiotsu(hist=(counts, np.arange(_BINS)), classes=classes)
    found: NDArray[np.int64] = np.digitize(exact, edges[last + 1])
    return found

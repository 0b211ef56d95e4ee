"""Equal bins, as ``numpy.histogram`` has them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.counting import counts_of_integers, has_few_bits
from prep_core.kernels.pieces import counted
from prep_core.kernels.switch import kernel

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_BLOCK = 1 << 18  # 2 MB of float64: stays in the second-level cache
_MANY = 1 << 17  # integers of which there are more than they have values


def equal_bins(values: NDArray[Any], low: float, high: float, bins: int) -> Counts:
    """How many of (n,) real numbers, as float64, lie in each of `bins` equal bins from `low` to `high`.

    The last bin has both of its edges.  What is outside is left out.

    Raises
    ------
    ValueError
        For ends that are not finite, or the wrong way round.
    """
    if has_few_bits(values) and values.size >= _MANY:
        lowest, counts = counts_of_integers(values)
        return counted_bins(np.arange(lowest, lowest + counts.size), counts, low, high, bins)
    edges = np.histogram_bin_edges(np.zeros(0), bins, (low, high))
    dtype, count = (np.float32, float_bins) if values.dtype == np.float32 else (np.float64, _bins)
    return counted(values, dtype, lambda piece: count(piece, edges))


def counted_bins(values: NDArray[Any], counts: Counts, low: float, high: float, bins: int) -> Counts:
    """As `equal_bins`, with each of `values` as often as `counts` says: less than 2^53 of all of them."""
    found = np.histogram(values.astype(np.float64), bins, (low, high), weights=counts)[0]
    return found.astype(np.int64, copy=False)


@kernel
def float_bins(values: NDArray[np.float32], edges: Floats) -> Counts:
    """How many of (n,) values lie in each of the equal bins between (bins + 1,) `edges`."""
    return _bins(values, edges)


def _bins(values: NDArray[Any], edges: Floats) -> Counts:
    counts = np.zeros(edges.size - 1, np.int64)
    for start in range(0, values.size, _BLOCK):
        block = values[start : start + _BLOCK].astype(np.float64)
        counts += np.histogram(block, counts.size, (edges[0], edges[-1]))[0]
    return counts

"""Values that arithmetic treats in ways of their own."""

import numpy as np
from numpy.typing import NDArray

SPECIAL = (0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e-45, -1e-45, 1e-38, 3.4e38, -3.4e38, 0.5, 2.5, -1.5)


def any_bits(size: int, seed: int = 0) -> NDArray[np.float32]:
    """Floats of any bits: every exponent, denormals, and NaN of every kind; the special ones first."""
    bits = np.random.default_rng(seed).integers(0, 1 << 32, size, np.uint32, endpoint=False)
    values = bits.view(np.float32)
    values[: len(SPECIAL)] = SPECIAL[:size]
    return values


def same_bits(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    return a.dtype == b.dtype == np.float32 and np.array_equal(a.view(np.uint32), b.view(np.uint32))

"""Numbers of 106 bits as the unevaluated sum of two float64, value by value.

T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18:224, 1971.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
"""The nearest float64, and what is missing."""

_SPLITTER = 2.0**27 + 1


def two_sum(a: Floats, b: Floats) -> Pair:
    """a + b, exact."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def two_product(a: Floats, b: Floats) -> Pair:
    """a b, exact."""
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    product = a * b
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def plus(a: Pair, b: Floats) -> Pair:
    total, missing = two_sum(a[0], b)
    return two_sum(total, missing + a[1])


def times(a: Pair, b: Pair) -> Pair:
    product, missing = two_product(a[0], b[0])
    return two_sum(product, missing + (a[0] * b[1] + a[1] * b[0]))


def difference(a: Pair, b: Pair) -> Floats:
    """a - b as the nearest float64, but for the last bits."""
    high, missing = two_sum(a[0], -b[0])
    rounded: Floats = high + (missing + (a[1] - b[1]))
    return rounded


def _halves(a: Floats) -> Pair:
    shifted = _SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high

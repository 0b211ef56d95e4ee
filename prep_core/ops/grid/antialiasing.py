"""The Gaussian before a grid with fewer voxels."""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.correlation import correlated
from prep_core.kernels.parts import FEWEST, in_parts
from prep_core.ops.lines import mirrored
from prep_core.ops.scans import Floats

_CUT = 4.0
"""In sigmas: where the Gaussian ends."""


def gaussian(image: Floats, sigma: Sequence[float]) -> Floats:
    """`image` under a Gaussian, mirrored at its borders: the bits of ``scipy.ndimage.gaussian_filter``, mode mirror.

    Parameters
    ----------
    image : (...) float32 ndarray
    sigma : sequence of float
        Along each axis, in voxels; 0 leaves an axis as it is.
    """
    result = np.require(image, np.float32, ["C", "A"])
    for axis, width in enumerate(sigma):
        if width > 0:
            out = result if result is not image else np.empty_like(result)
            _along(result, axis, width, out)
            result = out
    return result


def _along(image: Floats, axis: int, sigma: float, out: Floats) -> None:
    shape = (prod(image.shape[:axis]), image.shape[axis], prod(image.shape[axis + 1 :]))
    weights = _weights(sigma)
    radius = len(weights) - 1
    lines = mirrored(np.arange(-radius, shape[1] + radius), shape[1])
    values, results = image.reshape(shape), out.reshape(shape)
    if shape[0] == 1:
        in_parts(
            shape[2],
            lambda part: correlated(values, lines, weights, part.start, part.stop, results),
            fewest=FEWEST // shape[1] + 1,
        )
    else:
        in_parts(
            shape[0],
            lambda part: correlated(values[part], lines, weights, 0, shape[2], results[part]),
            fewest=FEWEST // prod(shape[1:]) + 1,
        )


def _weights(sigma: float) -> NDArray[np.float64]:
    """From the middle on, as SciPy computes them."""
    radius = int(_CUT * sigma + 0.5)
    bell = np.exp(-0.5 / (sigma * sigma) * np.arange(-radius, radius + 1) ** 2)
    weights: NDArray[np.float64] = (bell / bell.sum())[radius::-1]
    return np.ascontiguousarray(weights)

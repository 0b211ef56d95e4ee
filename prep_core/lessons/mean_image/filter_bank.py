"""A small bank of fixed convolution filters: what a first layer of a network sees, without its training."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

SIGMAS = (1.5, 3.0)
"""Widths of the filters in pixels."""

ORDERS = ((0, 0), (0, 1), (1, 0), (0, 2), (2, 0), (1, 1))
"""Derivatives by y and x: smooth brightness, edges, ridges, and corners."""

SIGNS = (1, -1)
FILTERS = len(SIGMAS) * len(ORDERS) * len(SIGNS)


def responses(images: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """(n, y, x) images to as many for each filter, and for its negative, where it is above 0 (ReLU)."""
    for sigma in SIGMAS:
        for order in ORDERS:
            found = gaussian_filter(images, (0, sigma, sigma), order=(0, *order), mode="nearest", truncate=3.0)
            yield from (np.maximum(sign * found, 0) for sign in SIGNS)


def pooled(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 2 * filters) the mean and the largest response of each filter: wherever in the picture it is."""
    found = [(response.mean(axis=(1, 2)), response.max(axis=(1, 2))) for response in responses(images)]
    features: NDArray[np.float32] = np.concatenate(np.transpose(found, (1, 0, 2))).T
    return features

"""Filters of one plane or volume; voxels that are not valid take no part."""

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter, median_filter
from skimage.exposure import equalize_adapthist


def in_voxels(length: float, spacing: Sequence[float] | None, axes: int) -> list[float]:
    """A length in mm along the last axes, in voxels."""
    if spacing is None:
        raise ValueError("a length is in mm: give the spacing")
    return [length / size for size in spacing[-axes:]]


def smoothed(image: np.ndarray, valid: np.ndarray, sigma: float | Sequence[float]) -> np.ndarray:
    """A Gaussian whose weights are normalised over the valid voxels."""
    result: np.ndarray
    if valid.all():
        result = gaussian_filter(image, sigma, mode="reflect", truncate=4.0)
        return result
    weight = gaussian_filter(valid.astype(np.float32), sigma, mode="reflect", truncate=4.0)
    total = gaussian_filter(np.where(valid, image, np.float32(0)), sigma, mode="reflect", truncate=4.0)
    result = np.divide(total, weight, out=image.copy(), where=valid)
    return result


def sharpened(image: np.ndarray, valid: np.ndarray, sigma: float | Sequence[float], amount: float) -> np.ndarray:
    blurred = smoothed(image, valid, sigma)
    return np.where(valid, image + amount * (image - blurred), image)


def local_median(image: np.ndarray, valid: np.ndarray, size: int) -> np.ndarray:
    if not valid.all():
        raise ValueError("a median beside padding is not written here: apply the recipe itself with prep_core")
    result: np.ndarray = median_filter(image, size, mode="mirror")
    return result


def clahe(
    image: np.ndarray,
    valid: np.ndarray,
    low: float,
    high: float,
    tile: int,
    clip_limit: float,
    bins: int,
) -> np.ndarray:
    """Contrast-limited adaptive histogram equalisation of the range from low to high."""
    missing = np.isnan(image)
    limited = np.clip(np.where(missing | ~valid, np.float32(low), image), low, high)
    scaled = np.clip((limited - low) / (high - low), 0, 1)
    if np.ptp(scaled) >= 1 / 65535:
        size = [min(tile, n) for n in image.shape]
        scaled = equalize_adapthist(scaled, kernel_size=size, clip_limit=clip_limit, nbins=bins)
    return np.where(missing, np.float32(np.nan), scaled)

"""Statistics of chosen voxels, and the parts of an image that have statistics of their own."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from skimage.filters import threshold_otsu


def single(image: np.ndarray) -> np.ndarray:
    """The image in single precision, in which every line computes."""
    if np.iscomplexobj(image):
        return image.astype(np.complex64, copy=False)
    return image.astype(np.float32, copy=False)


def voxels(image: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The voxels to measure, as a 1-D array."""
    values: np.ndarray = image[inside]
    if not values.size:
        raise ValueError("there are no voxels to measure")
    return values


def percentile(values: np.ndarray, percent: float) -> float:
    """NumPy's linear method."""
    return float(np.percentile(values.astype(np.float32).astype(np.float64), percent))


def mean_of(values: np.ndarray) -> float:
    return float(np.mean(values, dtype=np.float64))


def std_of(values: np.ndarray) -> float:
    """ddof 0."""
    return float(np.std(values.astype(np.float64)))


def scaled_mad(values: np.ndarray) -> float:
    """The median distance from the median, over that of a normal distribution with std 1."""
    distances = np.abs(values.astype(np.float64) - percentile(values, 50.0))
    return percentile(distances, 50.0) / 0.6744897501960817


def scaled_iqr(values: np.ndarray) -> float:
    """The distance between the quartiles, over that of a normal distribution with std 1."""
    return (percentile(values, 75.0) - percentile(values, 25.0)) / 1.349


def foreground(image: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """What lies above Otsu's threshold."""
    above: np.ndarray = valid & (image > threshold_otsu(image[valid]))
    return above


def by_part(
    image: np.ndarray, inside: np.ndarray, axes: str, split: str, statistic: Callable[..., float], *more: float
) -> np.ndarray:
    """The statistic of each part, where every index of the axes in `split` is a part of its own."""
    sizes = tuple(n if axis in split else 1 for axis, n in zip(axes, image.shape, strict=True))
    result = np.empty(sizes, np.float32)
    for index in np.ndindex(sizes):
        part = tuple(i if axis in split else slice(None) for axis, i in zip(axes, index, strict=True))
        result[index] = statistic(voxels(image[part], inside[part]), *more)
    return result


def frozen(numbers: Sequence[float], image: np.ndarray, axes: str, split: str) -> np.ndarray:
    """Frozen numbers, one for each part, in a shape that broadcasts over the image."""
    sizes = tuple(n if axis in split else 1 for axis, n in zip(axes, image.shape, strict=True))
    if len(numbers) != np.prod(sizes):
        raise ValueError(f"there are numbers for {len(numbers)} parts, and the image has {np.prod(sizes)}")
    return np.array(numbers, np.float32).reshape(sizes)


def require(image: np.ndarray, valid: np.ndarray, low: float, high: float) -> None:
    """Complain about values that have no answer."""
    outside = ((image < low) | (image > high)) & valid
    if outside.any():
        raise ValueError(f"values must be from {low:g} to {high:g}; {np.count_nonzero(outside)} voxels lie outside")


def on_parts(
    image: np.ndarray, valid: np.ndarray, spatial: int, function: Callable[..., np.ndarray], *numbers: Any, **more: Any
) -> np.ndarray:
    """The function on the last axes, as many as are spatial, once for each index of the others."""
    outer = image.shape[: image.ndim - spatial]
    own = [np.broadcast_to(np.reshape(n, np.shape(n)[: len(outer)]), outer) for n in numbers]
    result = np.empty_like(image)
    for index in np.ndindex(outer):
        result[index] = function(image[index], valid[index], *(float(n[index]) for n in own), **more)
    return result


def spatial_axes(axes: str) -> int:
    return sum(axis in "ZYX" for axis in axes)

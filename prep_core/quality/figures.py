"""Quality figures: pure functions of arrays, each with its formula and where it is from.

Arrays are real; the caller leaves padding and non-finite voxels out, by the masks or by giving the valid values alone.
Everything is computed in float64.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.metrics import structural_similarity

from prep_core.inspection import decades

__all__ = [
    "Clipped",
    "bias_spread",
    "cjv",
    "cnr",
    "contrast_improvement",
    "decades",
    "distinct_levels",
    "dynamic_range",
    "edge_strength",
    "efc",
    "entropy",
    "entropy_of",
    "mean_edge",
    "mse",
    "noise_gain",
    "psnr",
    "share_clipped",
    "share_outside",
    "snr",
    "ssim",
]

Values = NDArray[Any]
Mask = NDArray[np.bool_]

SSIM_SIDE = 11
"""Pixels across the Gaussian window of SSIM: 3.5 sigma of 1.5 to both sides."""


class Clipped(NamedTuple):
    """Shares of voxels, 0 to 1, that lost their differences at the low and at the high end."""

    low: float
    high: float


def mse(image: Values, truth: Values) -> float:
    """Mean squared error: mean((image - truth)^2)."""
    _same_shape(image, truth)
    return float(np.mean(np.square(_floats(image) - truth)))


def psnr(image: Values, truth: Values, data_range: float) -> float:
    """Peak signal-to-noise ratio in dB: 10 log10(data_range^2 / MSE); infinite where both are equal.

    As ``skimage.metrics.peak_signal_noise_ratio``; Q. Huynh-Thu, M. Ghanbari, Electronics Letters 44:800, 2008.
    """
    error = mse(image, truth)
    return 10 * math.log10(_positive(data_range, "data_range") ** 2 / error) if error else math.inf


def ssim(image: Values, truth: Values, data_range: float) -> float:
    """Structural similarity of two (..., y, x) images, from -1 to 1: the mean over all planes.

    ``skimage.metrics.structural_similarity`` with the Gaussian window (sigma 1.5), K1 = 0.01 and K2 = 0.03 of Z. Wang
    et al., IEEE Transactions on Image Processing 13:600, 2004.

    Raises
    ------
    ValueError
        For planes smaller than the window, 11 x 11 pixels.
    """
    _same_shape(image, truth)
    if min(truth.shape[-2:]) < SSIM_SIDE:
        raise ValueError(f"SSIM needs planes of at least 11 x 11 pixels, got {truth.shape[-2]} x {truth.shape[-1]}")
    planes = zip(_planes(image), _planes(truth), strict=True)
    options = {"data_range": _positive(data_range, "data_range"), "gaussian_weights": True, "sigma": 1.5}
    return float(np.mean([structural_similarity(b, a, use_sample_covariance=False, **options) for a, b in planes]))


def entropy(values: Values, bins: int | NDArray[np.float64] = 256) -> float:
    """Shannon entropy of the histogram in bits: -sum p log2 p (C. E. Shannon, 1948).

    Parameters
    ----------
    bins : int or (n + 1,) ndarray
        How many, equally wide from the least to the largest value, or their edges; values beyond the edges count for
        the outermost bins.  Entropies compare only where the width of the bins is the same.
    """
    _some(values, "values")
    exact = _floats(values)
    # Not by np.histogram_bin_edges, which refuses a range that is narrow for the size of its numbers.
    edges = bins if isinstance(bins, np.ndarray) else np.linspace(exact.min(), exact.max(), bins + 1)
    return entropy_of(np.histogram(np.clip(exact, edges[0], edges[-1]), edges)[0])


def entropy_of(counts: NDArray[np.int64]) -> float:
    """Shannon entropy in bits of how often each thing was counted."""
    shares = counts[counts > 0] / counts.sum()
    return float(abs(np.sum(shares * np.log2(shares))))


def cjv(image: Values, region_a: Mask, region_b: Mask) -> float:
    """Coefficient of joint variation of two tissues: (std a + std b) / abs(mean a - mean b); smaller is better.

    Falls when a bias field goes (B. Likar, M. A. Viergever, F. Pernus, IEEE Transactions on Medical Imaging 20:1398,
    2001).
    """
    a, b = _region(image, region_a, "region_a"), _region(image, region_b, "region_b")
    return float((a.std() + b.std()) / _apart(a, b, "CJV"))


def cnr(image: Values, region_a: Mask, region_b: Mask, background: Mask | None = None) -> float:
    """Contrast-to-noise ratio: abs(mean a - mean b) / sqrt(var a + var b + var background).

    As MRIQC; V. A. Magnotta, L. Friedman, Radiology 239:262, 2006.  Without `background` its variance is left out.
    """
    a, b = _region(image, region_a, "region_a"), _region(image, region_b, "region_b")
    noise = a.var() + b.var() + (0.0 if background is None else _region(image, background, "background").var())
    return float(abs(a.mean() - b.mean()) / _positive(math.sqrt(noise), "the noise"))


def snr(image: Values, region: Mask, background: Mask | None = None) -> float:
    """Signal-to-noise ratio: mean(region) / std(background), or / std(region) where there is no background.

    As it is said for one image in O. Dietrich et al., Journal of Magnetic Resonance Imaging 26:375, 2007.
    """
    signal = _region(image, region, "region")
    noise = signal if background is None else _region(image, background, "background")
    return float(signal.mean() / _positive(float(noise.std()), "the noise"))


def efc(image: Values) -> float:
    """Entropy focus criterion, 0 (all energy in one voxel) to 1 (the same everywhere); ghosts and blur raise it.

    With B = sqrt(sum x^2) and n voxels: sum(x/B ln(x/B)) / (sqrt(n) ln(1/sqrt(n))); D. Atkinson et al., IEEE
    Transactions on Medical Imaging 16:903, 1997, normalised as in MRIQC.

    Raises
    ------
    ValueError
        For negative values (it is meant for magnitudes), all zeros, or a single voxel.
    """
    values = _floats(image).ravel()
    if values.size < 2 or values.min() < 0 or not values.any():
        raise ValueError("EFC needs at least two voxels, none of them negative, and not all of them zero")
    share = values[values > 0] / np.linalg.norm(values)
    return float(np.sum(share * np.log(share)) / (math.sqrt(values.size) * -0.5 * math.log(values.size)))


def bias_spread(field: Values) -> float:
    """How far a field is from even: its 98th percentile over its 2nd; 1 where it is flat."""
    low, high = np.percentile(_floats(_some(field, "the field")), (2, 98))
    return float(high / _positive(float(low), "the 2nd percentile of the field"))


def dynamic_range(values: Values, low: float = 1.0, high: float = 99.0) -> float:
    """From the percentile `low` to `high`, in the unit of the values: the range that most of them use."""
    ends = np.percentile(_floats(_some(values, "values")), (low, high))
    return float(ends[1] - ends[0])


def distinct_levels(values: Values) -> int:
    """How many different values there are."""
    return int(np.unique(values).size)


def share_outside(values: Values, low: float, high: float) -> Clipped:
    """The shares of the values below `low` and above `high`: what a clip to this range takes."""
    size = _some(values, "values").size
    return Clipped(float(np.count_nonzero(values < low)) / size, float(np.count_nonzero(values > high)) / size)


def share_clipped(before: Values, after: Values, inside: Mask | None = None) -> Clipped:
    """The shares of voxels that lie at the least and at the largest result, together with others that were different.

    Parameters
    ----------
    inside : bool ndarray, optional
        Where to count; the ends are those of all voxels.

    Notes
    -----
    A level at the end counts as a whole as soon as it holds two different values of `before`: of a clip that is every
    voxel at the limit or beyond.  A step that keeps all voxels apart clips none, however it moves them; values nearer
    to each other than float32 can tell apart beside the largest one do not count as different.
    """
    _same_shape(before, _some(after, "values"))
    counted = np.ones(after.shape, bool) if inside is None else inside
    size = _some(after[counted], "the inside").size
    rounding = float(np.finfo(np.float32).eps) * max(abs(float(before.min())), abs(float(before.max())))

    def piled(end: Any) -> float:
        at_end = after == end
        merged = float(np.ptp(before[at_end])) > rounding
        return float(np.count_nonzero(at_end & counted)) / size if merged else 0.0

    return Clipped(piled(after.min()), piled(after.max())) if np.ptp(after) > 0 else Clipped(piled(after.min()), 0.0)


def contrast_improvement(before: Values, after: Values) -> float:
    """Ratio of the standard deviations, after over before: global (RMS) contrast; E. Peli, JOSA A 7:2032, 1990."""
    return float(_floats(after).std() / _positive(float(_floats(before).std()), "the spread before"))


def edge_strength(before: Values, after: Values, valid: Mask | None = None) -> float:
    """Ratio of the mean Sobel magnitudes of two (..., y, x) images, after over before, plane by plane.

    Where there is a mask `valid`, only pixels count whose eight neighbours are all in it.
    """
    _same_shape(before, after)
    return mean_edge(after, valid) / _positive(mean_edge(before, valid), "the edge strength before")


def mean_edge(image: Values, valid: Mask | None = None) -> float:
    """Mean magnitude of Sobel's gradient (I. Sobel, G. Feldman, 1968), per pixel; 0 where no pixel counts."""
    whole = np.ones(image.shape, bool)
    if valid is not None:
        box = np.ones((1,) * (image.ndim - 2) + (3, 3), bool)
        whole = ndimage.binary_erosion(valid, box, border_value=1)
    filled = image if valid is None else np.where(valid, image, 0.0)
    pairs = zip(_planes(filled), whole.reshape(-1, *image.shape[-2:]), strict=True)
    total = sum(float(_gradient(plane)[counted].sum()) for plane, counted in pairs)
    return total / max(int(np.count_nonzero(whole)), 1)


def _gradient(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Magnitude by Sobel's kernels, scaled to a change per pixel; beyond its rim a plane goes on as it ends."""
    wide = np.pad(plane, 1, mode="edge")
    rows = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    columns = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    magnitude: NDArray[np.float64] = np.hypot(rows[:, 2:] - rows[:, :-2], columns[2:] - columns[:-2]) / 8
    return magnitude


def noise_gain(before: Values, after: Values, background: Mask) -> float:
    """Ratio of the standard deviations in the background, after over before: what was done to the noise."""
    return contrast_improvement(_region(before, background, "background"), _region(after, background, "background"))


def _planes(image: Values) -> NDArray[np.float64]:
    return _floats(image).reshape(-1, *image.shape[-2:])


def _floats(values: Values) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)


def _region(image: Values, region: Mask, name: str) -> NDArray[np.float64]:
    _same_shape(image, region)
    return _floats(_some(image[region], name))


def _apart(a: NDArray[np.float64], b: NDArray[np.float64], figure: str) -> float:
    distance = abs(float(a.mean() - b.mean()))
    if distance == 0:
        raise ValueError(f"{figure} needs two regions with different means, and both have {a.mean():g}")
    return distance


def _some(values: Values, name: str) -> Values:
    if not values.size:
        raise ValueError(f"{name} must have at least one voxel, got none")
    return values


def _positive(value: float, name: str) -> float:
    if not value > 0:
        raise ValueError(f"{name} must be above 0, got {value:g}")
    return float(value)


def _same_shape(one: Values, other: Values) -> None:
    if one.shape != other.shape:
        raise ValueError(f"both images must have the same shape, got {one.shape} and {other.shape}")

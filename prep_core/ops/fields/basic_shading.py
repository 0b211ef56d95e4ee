"""The flat field by which a stack of images was shaded: the method BaSiC.

Each image is a level times one smooth flat field, plus what is in it, which is sparse.  Objective and re-weighting are
those of the paper; it is minimised by exact steps of the alternating direction method of multipliers.  Left out are
the dark field, which `flat_field` takes as a number, and the correction of drift: each image has a level of its own,
and the levels are not returned.

References
----------
Peng, Thorn, Schroeder, Wang, Theis, Marr and Navab (2017), A BaSiC tool for background and shading correction of
optical microscopy images, Nature Communications 8:14836.
Boyd, Parikh, Chu, Peleato and Eckstein (2011), Distributed optimization and statistical learning via the alternating
direction method of multipliers, Foundations and Trends in Machine Learning 3:1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn
from skimage.transform import resize_local_mean

Float64 = NDArray[np.float64]
Float32 = NDArray[np.float32]

WORKING_SIZE = 128
"""Pixels along each side of the images that are worked on, as in the paper."""

_SMOOTH = 1 / 800  # the weight of the smoothness for one image, as the authors choose it from the DCT of the mean image
_EPSILON = 0.1  # of the re-weighting, in shares of the level
_PENALTY = 5.0  # of the method of multipliers: residuals are around 1 / 5 of the level or less
_SWEEPS, _REWEIGHTINGS, _SETTLED = 30, 10, 1e-3


@dataclass
class _Model:
    """level[i] * flat (y, x), and what is left of each image (i, y, x): explained by `rest`, enforced by `dual`."""

    level: Float64
    flat: Float64
    rest: Float64
    dual: Float64


def shrunk(image: Float32) -> Float32:
    """The planes of `image` (..., y, x), with at most `WORKING_SIZE` pixels along y and x, each the mean of its area.

    NaN takes no part, and stays where there is nothing else.
    """
    sizes = tuple(min(n, WORKING_SIZE) for n in image.shape[-2:])
    planes = image.reshape(-1, *image.shape[-2:])
    return np.stack([_shrunk_plane(plane, sizes) for plane in planes]).reshape(*image.shape[:-2], *sizes)


def stretched(flat: Float64, sizes: tuple[int, int]) -> Float64:
    """`flat` (y, x) on a grid of other sizes over the same area, linear, beyond the outer centres too."""
    # Only here: it takes a third of a second to import, and no other step asks for it.
    from scipy.interpolate import make_interp_spline

    for axis, size in enumerate(sizes):
        own = flat.shape[axis]
        if 1 < own != size:
            centres = (np.arange(size) + 0.5) * own / size - 0.5
            flat = make_interp_spline(np.arange(own), flat, k=1, axis=axis)(centres)
    return flat


def basic_flat(images: Float32) -> Float64:
    """The flat field (y, x), with mean 1, of `images` (i, y, x) whose dark current is subtracted.

    NaN marks what is not known.  At most 10 re-weightings of 30 sweeps each are made, whatever the images are.

    Raises
    ------
    ValueError
        For images that are dark on the whole.
    """
    known = np.isfinite(images)
    used = known.any(axis=(1, 2))
    if not used.any():
        raise ValueError("has no voxels to measure")
    known, seen = known[used], images[used].astype(np.float64)
    medians = np.array([np.median(image[there]) for image, there in zip(seen, known, strict=True)])
    if medians.min() <= 0:
        raise ValueError("needs images that are brighter than dark; lower dark, or leave out the images without light")
    seen = np.where(known, seen, 0.0) / medians.mean()
    model = _started(seen, known, medians / medians.mean())
    smooth = _SMOOTH * len(seen) * float(np.abs(dctn(model.flat, norm="ortho")).sum())
    weights = known.astype(np.float64)
    for _ in range(_REWEIGHTINGS):
        last = model.flat
        for _ in range(_SWEEPS):
            _sweep(seen, weights, smooth, model)
        if np.abs(model.flat - last).sum() <= _SETTLED * last.size:
            break
        # Equation 6 of the paper: what is no background counts little next time.
        weights = np.where(known, 1 / (np.abs(model.rest) / model.level[:, None, None] + _EPSILON), 0.0)
        weights /= weights[known].mean()
        np.clip(model.dual, -weights, weights, out=model.dual)
    return model.flat


def _started(images: Float64, known: NDArray[np.bool_], level: Float64) -> _Model:
    total = np.where(known, images / level[:, None, None], 0.0).sum(axis=0)
    seen = known.sum(axis=0)
    flat = np.divide(total, seen, out=np.full(total.shape, total.sum() / seen.sum()), where=seen > 0)
    mean = flat.mean()
    level, flat = level * mean, flat / mean
    return _Model(level, flat, images - level[:, None, None] * flat, np.zeros_like(images))


def _sweep(images: Float64, weights: Float64, smooth: float, model: _Model) -> None:
    """One round: the flat, the levels and the rest, each at its best while the others stay."""
    target = images - model.rest + model.dual / _PENALTY
    power = float((model.level**2).sum())
    # einsum and not a matrix product: its order of summing does not depend on the number of threads.
    flat = np.einsum("i,iyx->yx", model.level, target) / power
    flat = idctn(_soft(dctn(flat, norm="ortho"), smooth / (_PENALTY * power)), norm="ortho")
    level = np.einsum("yx,iyx->i", flat, target) / (flat**2).sum()
    model.flat, model.level = flat / flat.mean(), np.maximum(level * flat.mean(), np.finfo(np.float64).tiny)
    left = images - model.level[:, None, None] * model.flat
    model.rest = _soft(left + model.dual / _PENALTY, weights / _PENALTY)
    model.dual += _PENALTY * (left - model.rest)


def _soft(values: Float64, threshold: Float64 | float) -> Float64:
    """The values, brought towards 0 by `threshold`."""
    return np.sign(values) * np.maximum(np.abs(values) - threshold, 0)


def _shrunk_plane(plane: Float32, sizes: Sequence[int]) -> Float32:
    known = np.isfinite(plane)
    if known.all():
        return np.asarray(resize_local_mean(plane, sizes, preserve_range=True), np.float32)
    total = resize_local_mean(np.where(known, plane, np.float32(0)), sizes, preserve_range=True)
    share = resize_local_mean(known.astype(np.float32), sizes)
    return np.where(share > 1e-6, total / np.maximum(share, 1e-6), np.nan).astype(np.float32)

"""Rules about brightness that changes slowly across a picture: coils in MR, lamps in microscopy.

The field is fitted to differences of neighbours.  A smooth field adds a little to every difference of logarithms; an
edge of an organ adds much to few, which a robust fit leaves out (after Hui, Zhou and Narayana 2010, J Magn Reson
Imaging 32:1197).
"""

import math
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen
from prep_core.findings.words import percent

Floats = NDArray[np.float64]

SIDE = 48
"""The picture is shrunk by whole numbers to at most so many points along each axis."""

SHORTEST = 4
"""An axis with fewer points says nothing about a field."""

ROUNDS = 12
"""Of weighting; the field does not move by 0.1 % after these."""

SURE = 3.0
"""A field is told when its logarithm is so many of its standard errors."""

BIAS = 1.4
"""p98 over p2 of the field of a coil."""

SHRINK = 4
"""For N4: on a head, what is lost against 1 or 2 is less than its own error."""

SHADING, OF_CONTRAST = 1.05, 0.2
"""p98 over p2 of the field of a lamp, and its logarithm as a share of that of p99 over p1 of the picture."""

LIT = ("MIC", "OT")
SMALLEST = 64
"""Pixels along each side."""


def bias_field(seen: Seen) -> Evidence | None:
    """MR in which one tissue is brighter on one side than on the other."""
    scan = seen.scan
    if scan.modality != "MR" or "Z" not in scan.axes or seen.low < 0 or seen.low == seen.high:
        return None
    image = _shrunk(_one(seen, "ZYX"))
    if not _has_two(image):
        return None
    found = smooth_field(image, image > threshold_otsu(image.reshape(-1)))
    if found is None or found[0] < BIAS or math.log(found[0]) < SURE * found[1]:
        return None
    return Evidence(
        f"A smooth field over the foreground changes by a factor of {found[0]:.2f} (p98 over p2, fitted to a copy of "
        f"{' x '.join(map(str, image.shape))} points).",
        {"shrink": SHRINK},
    )


def uneven_light(seen: Seen) -> Evidence | None:
    """A picture whose background is brighter on one side or in the middle."""
    scan = seen.scan
    if scan.modality not in LIT or seen.is_colour or "Z" in scan.axes or min(scan.data.shape[-2:]) < SMALLEST:
        return None
    if seen.percents[1.0] <= 0 or seen.percents[1.0] == seen.percents[99.0]:
        return None
    image = _shrunk(_one(seen, "YX"))
    found = smooth_field(image, image > 0)
    contrast = math.log(seen.percents[99.0] / seen.percents[1.0])
    if found is None or found[0] < SHADING or math.log(found[0]) < max(SURE * found[1], OF_CONTRAST * contrast):
        return None
    return Evidence(
        f"A smooth field changes by a factor of {found[0]:.2f} across the picture (p98 over p2), which is "
        f"{percent(math.log(found[0]) / contrast)} of its contrast (p99 over p1, as logarithms)."
    )


def smooth_field(image: Floats, inside: NDArray[np.bool_]) -> tuple[float, float] | None:
    """p98 over p2 of the smooth field in `image`, and the largest standard error of its logarithm.

    A polynomial of second order in the logarithm, fitted to differences of neighbours that are both `inside`, by least
    squares with Cauchy weights.  None where there are too few of them.
    """
    terms = _terms(image.shape)
    level = np.log(np.where(inside, image, 1.0))
    pairs = [_differences(terms, level, inside, axis) for axis in range(image.ndim) if image.shape[axis] >= SHORTEST]
    rows = np.concatenate([p[0] for p in pairs]) if pairs else np.zeros((0, terms.shape[-1]))
    if len(rows) < 20 * terms.shape[-1]:
        return None
    rises = np.concatenate([p[1] for p in pairs])
    weights = np.ones(len(rows))
    for _ in range(ROUNDS):
        weighted = rows * weights[:, None]
        normal = weighted.T @ weighted
        fit = np.linalg.pinv(normal) @ (weighted.T @ (rises * weights))
        left = rises - rows @ fit
        spread = 1.4826 * float(np.median(np.abs(left))) + 1e-12
        weights = 1 / np.sqrt(1 + np.square(left / spread))
    here = terms[inside]
    errors = (here @ np.linalg.pinv(normal) * here).sum(axis=1)
    low, high = np.percentile(here @ fit, (2, 98))
    return float(np.exp(high - low)), spread * math.sqrt(float(errors.max()))


def _terms(shape: tuple[int, ...]) -> Floats:
    """(*shape, n) the terms of first and second order in coordinates from -1 to 1."""
    along = [np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in shape]
    at = np.meshgrid(*along, indexing="ij")
    second = [a * b for a, b in combinations_with_replacement(at, 2)]
    return np.stack([*at, *second], axis=-1)


def _differences(terms: Floats, level: Floats, inside: NDArray[np.bool_], axis: int) -> tuple[Floats, Floats]:
    """Differences of neighbours along `axis`, of the terms and of the level, counted per length of the picture."""
    after = (slice(None),) * axis + (slice(1, None),)
    before = (slice(None),) * axis + (slice(None, -1),)
    both, n = inside[after] & inside[before], level.shape[axis]
    return (terms[after] - terms[before])[both] * n, (level[after] - level[before])[both] * n


def _one(seen: Seen, axes: str) -> Floats:
    """The first volume or plane as shares of the largest value, padding as 0."""
    first = tuple(slice(None) if axis in axes else 0 for axis in seen.scan.axes)
    data, valid = np.abs(seen.scan.data[first]), seen.scan.valid[first]
    thin = tuple(slice(None, None, max(1, n // (4 * SIDE))) for n in data.shape)
    return np.where(valid[thin], data[thin], 0).astype(np.float64) / seen.high


def _shrunk(image: Floats) -> Floats:
    """Means of blocks, at most `SIDE` along each axis."""
    for axis, n in enumerate(image.shape):
        by = math.ceil(n / SIDE)
        kept = np.moveaxis(image, axis, 0)[: n // by * by]
        image = np.moveaxis(kept.reshape(n // by, by, *kept.shape[1:]).mean(axis=1), 0, axis)
    return image


def _has_two(image: Floats) -> bool:
    return bool(image.min() < image.max())

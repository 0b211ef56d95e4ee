"""The lungs of a CT: air inside the body, without the airways and the gas of stomach and bowel."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from prep_core.ops.image import Image
from prep_core.ops.masks.body import THRESHOLD, body_of
from prep_core.ops.masks.regions import (
    Mask,
    box_of,
    closed,
    connected,
    dilated,
    eroded_square,
    parts,
    reaches,
    without_small_holes,
)

WALL = 2.0
"""mm around gas in which voxels are a mixture of gas and wall."""

GRAIN = 1.0
"""mm: half the side of the square over which noise is averaged before gas is told from lung."""

LEAK = 2.0
"""How many times larger than the pure gas it comes from is what is followed at most; more is emphysema, no airway."""

SMALLEST = 0.01
"""Share of the body that the largest lung has at least."""

SECOND = 0.1
"""Share of the largest part of the lungs that any other part has at least."""


def ct_lungs(image: Image, valid: Mask, size: Sequence[float], *, threshold: float, gas: float, closing: float) -> Mask:
    """The voxels of both lungs with their vessels.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
        HU.
    size : sequence of float
        Of a voxel along each axis, in the unit of `closing`.

    Raises
    ------
    ValueError
        Where there are no lungs, with what was looked for.
    """
    body = body_of(image, valid, size)
    air = body & (image < threshold)
    lungs = np.zeros(image.shape, bool)
    box = box_of(air) if air.any() else (slice(0),) * image.ndim
    inner = air[box]
    free = gas_of(image[box], inner, gas, size) if inner.size else inner
    found = _large_parts(inner & ~free, SMALLEST * np.count_nonzero(body))
    if not found.any():
        raise ValueError(
            f"finds no lungs: it looked for air between {gas:g} and {threshold:g} HU inside the body (above "
            f"{THRESHOLD:g} HU, {np.count_nonzero(body)} voxels), at least {SMALLEST:.0%} of it in one part; of "
            f"{np.count_nonzero(air)} voxels of air {np.count_nonzero(free)} are gas; check that the values are HU "
            "and show a chest"
        )
    joined = closed(found, closing, size[-2:]) & body[box] & ~free
    lungs[box] = without_small_holes(joined, math.pi * (3 * closing) ** 2 / math.prod(size[-2:]))
    return lungs


def gas_of(image: Image, air: Mask, gas: float, size: Sequence[float]) -> Mask:
    """The voxels of `air` that are gas and no lung: trachea, main bronchi, stomach, bowel.

    Where a part of the air in one plane has a median below `gas`, without its rim, it is pure gas.  From there gas is
    followed through the volume, as long as the image averaged over `GRAIN` stays below `gas`.
    """
    dark = air & (_averaged(image, size) < gas)
    core = eroded_square(air, 1, (1, 1))
    in_planes, areas = connected(air, 2)
    within, below = (np.bincount(in_planes[mask], minlength=len(areas) + 1)[1:] for mask in (core, core & dark))
    pure = parts(in_planes, 2 * below > within)
    labels, sizes = connected(dark, air.ndim)
    source, beyond = (np.bincount(labels[mask], minlength=len(sizes) + 1)[1:] for mask in (pure, ~pure))
    free = pure | parts(labels, (source > 0) & (beyond <= LEAK * source))
    if free.any():
        box = box_of(free, reaches(WALL, size))
        free[box] = dilated(free[box], WALL, size)
    return free & air


def _averaged(image: Image, size: Sequence[float]) -> Image:
    """`image` averaged over a square in each plane; what is not finite counts as tissue of 0 HU."""
    result = np.where(np.isfinite(image), image, np.float32(0))
    for axis, step in zip((-2, -1), size[-2:], strict=True):
        result = ndimage.uniform_filter1d(result, 2 * round(GRAIN / step) + 1, axis)
    return result


def _large_parts(mask: Mask, fewest: float) -> Mask:
    """The largest part, which has at least so many voxels, and those nearly as large."""
    labels, sizes = connected(mask, mask.ndim)
    if not sizes.size or sizes.max() < fewest:
        return np.zeros_like(mask)
    return parts(labels, sizes >= SECOND * sizes.max())

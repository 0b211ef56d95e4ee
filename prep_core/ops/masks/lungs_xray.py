"""The lung fields of a frontal chest radiograph, by thresholds, edges and shape."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import label, regionprops
from skimage.morphology import disk
from skimage.segmentation import clear_border, watershed
from skimage.transform import resize

from prep_core.ops.image import Image
from prep_core.ops.masks.regions import Mask, largest

Floats = NDArray[np.float64]

GRID = 256
"""Pixels of the longer side of the copy on which the fields are found."""

LEVELS = np.arange(20, 97, 2) / 100
"""Thresholds tried, as shares of the pixels below."""

SHARE = (0.02, 0.3)
"""What part of the picture one field covers."""

ELONGATION = 4.0
"""How many times longer than wide a field is at most."""

ALIKE = 0.3
"""The smaller field has at least this part of the area of the larger one."""

DARKER = 0.25
"""How much darker than the threshold the heart, the spine and the abdomen are, as a share of the pixels."""


@dataclass(frozen=True)
class Field:
    """A region that may be a lung field: its threshold, the column of its centre (0 to 1), and how good it is."""

    mask: Mask
    level: float
    column: float
    score: float


def xray_lungs(image: Image, valid: Mask, *, bright: bool, smoothing: float) -> Mask:
    """The voxels of both lung fields.

    Parameters
    ----------
    image : (y, x) float32 ndarray
    bright : bool
        Whether lungs have higher values than the heart.
    smoothing : float
        Half-width of the notches that are closed, as a share of the longer side.

    Raises
    ------
    ValueError
        Where there are no two fields, with what was looked for.
    """
    ranks = _ranks(image if bright else -image, valid)
    blurred = ndimage.gaussian_filter(ranks, 1.5)
    pair = _pair(_fields(blurred), blurred)
    if pair is None:
        other = "dark" if bright else "bright"
        raise ValueError(
            f"finds no two lung fields: it looked left and right for regions {'brighter' if bright else 'darker'} than "
            f"what is around them, each {SHARE[0]:.0%} to {SHARE[1]:.0%} of the picture, at most {ELONGATION:g} times "
            "longer than wide, alike in size, apart from the border, and the heart between them; check that this is a "
            f"frontal chest radiograph, and if its lungs are {other}, say lungs: {other}"
        )
    grown = _grown(ndimage.gaussian_filter(ranks, 1.0), pair)
    small = np.zeros(ranks.shape, bool)
    for number in (1, 2):
        small |= _smooth(grown == number, smoothing)
    full: Mask = resize(small.astype(np.float32), image.shape, order=1) > 0.5
    return full & valid


def _ranks(image: Image, valid: Mask) -> Floats:
    """A small copy in which a value is the share of the pixels below it: exposure and gamma no longer matter.

    Padding, and a shutter of the lowest value at the border, become as bright as what was exposed beside the body, so
    that they form one region with it.
    """
    seen = valid & np.isfinite(image)
    low, high = (float(image[seen].min()), float(image[seen].max())) if seen.any() else (0.0, 0.0)
    shutter = _at_border(seen & (image == np.float32(low)))
    filled = np.where(seen & ~shutter, image, np.float32(high)).astype(np.float64)
    scale = GRID / max(image.shape)
    shape = tuple(max(1, round(n * scale)) for n in image.shape)
    # Extremes of float64 would leave its range on the way; ranks do not care about a factor.
    copy = resize(filled / max(1.0, float(np.abs(filled).max())), shape, order=1, mode="edge", anti_aliasing=True)
    # Only here: it takes a second to import, and no other step asks for it.
    from scipy.stats import rankdata

    ranks: Floats = rankdata(copy).reshape(shape) / copy.size
    return ranks


def _fields(ranks: Floats) -> Iterator[Field]:
    """Regions above each threshold that do not touch the border and may be a lung."""
    slope = ndimage.gaussian_gradient_magnitude(ranks, 1.5)
    for level in LEVELS:
        apart = clear_border(ndimage.binary_opening(ranks > level, disk(3)))
        labels = label(apart)
        for region in regionprops(labels):
            share = region.area / ranks.size
            if not SHARE[0] <= share <= SHARE[1]:
                continue
            if region.axis_major_length > ELONGATION * region.axis_minor_length:
                continue
            mask = labels == region.label
            edge = slope[mask & ~ndimage.binary_erosion(mask)].mean()
            score = float(edge * region.solidity * np.sqrt(share))
            yield Field(mask, float(level), region.centroid[1] / ranks.shape[1], score)


def _pair(fields: Iterator[Field], ranks: Floats) -> tuple[Field, Field] | None:
    """The best field of the left half and that of the right half, if they are alike and the heart lies between."""
    every = tuple(fields)
    halves = ([f for f in every if f.column < 0.5], [f for f in every if f.column >= 0.5])
    if not all(halves):
        return None
    left, right = (max(half, key=lambda field: field.score) for half in halves)
    areas = sorted(np.count_nonzero(field.mask) for field in (left, right))
    heights = [field.mask.any(axis=1) for field in (left, right)]
    rows = heights[0] & heights[1]
    if areas[0] < ALIKE * areas[1] or np.count_nonzero(rows) < 0.5 * min(map(np.count_nonzero, heights)):
        return None
    columns = slice(*(int(field.column * ranks.shape[1]) for field in (left, right)))
    between = float(np.median(ranks[rows, columns].min(axis=1, initial=1.0)))
    return (left, right) if between < min(left.level, right.level) - DARKER else None


def _grown(ranks: Floats, pair: tuple[Field, Field]) -> NDArray[np.int32]:
    """1 and 2 where the fields are, grown to the steepest edge between them and what is certainly outside."""
    low = min(field.level for field in pair)
    dark = ndimage.binary_opening(ranks < low - DARKER, disk(2))
    exposed = ndimage.binary_opening(ranks > max(field.level for field in pair), disk(3))
    markers = np.zeros(ranks.shape, np.int32)
    markers[_at_border(dark) | _at_border(exposed)] = 3
    markers[[0, -1]] = 3
    markers[:, [0, -1]] = 3
    for number, field in enumerate(pair, start=1):
        markers[ndimage.binary_erosion(field.mask, disk(3))] = number
    grown: NDArray[np.int32] = watershed(ndimage.gaussian_gradient_magnitude(ranks, 1.0), markers)
    return grown


def _at_border(mask: Mask) -> Mask:
    """The parts of `mask` that touch the border of the picture."""
    touching: Mask = mask & ~clear_border(mask)
    return touching


def _smooth(mask: Mask, smoothing: float) -> Mask:
    """One field without spurs, notches and holes."""
    radius = round(smoothing * GRID)
    whole = largest(ndimage.binary_opening(mask, disk(4)))
    padded = np.pad(whole, radius)
    # A disc of this radius, by distance: a structuring element of its size would take seconds.
    wide = ndimage.distance_transform_edt(~padded) <= radius if whole.any() else padded
    closed = (ndimage.distance_transform_edt(wide) > radius) | padded
    inner = closed[radius : radius + mask.shape[0], radius : radius + mask.shape[1]]
    filled: Mask = ndimage.binary_fill_holes(inner)
    return filled

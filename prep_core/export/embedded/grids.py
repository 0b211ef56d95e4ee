"""Other grids: each answers with the new image, where it is valid, and what became of voxel size and orientation."""

import math
from collections.abc import Sequence

import numpy as np
import SimpleITK
from scipy.ndimage import gaussian_filter

from prep_core.export.embedded.between import linear_between, spline_between


def resampled(
    image: np.ndarray, valid: np.ndarray, spacing: Sequence[float] | None, new: Sequence[float], kind: str, smooth: bool
) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """The image in voxels of another size; the centre of its extent stays.

    Raises ValueError beside padding and without a voxel size.
    """
    if spacing is None:
        raise ValueError("resampling needs the spacing")
    if not valid.all():
        raise ValueError("resampling beside padding is not written here: apply the recipe itself with prep_core")
    new = tuple(new[-len(spacing) :])
    old = image.shape[-len(new) :]
    step = [asked / had for asked, had in zip(new, spacing, strict=True)]
    size = [max(1, round(n / each)) for n, each in zip(old, step, strict=True)]
    first = [(n - 1 - (k - 1) * each) / 2 for n, k, each in zip(old, size, step, strict=True)]
    sigma = [max(0.0, (each - 1) / 2) if smooth and n > 1 else 0.0 for n, each in zip(old, step, strict=True)]
    result = np.empty((*image.shape[: -len(new)], *size), np.float32)
    for index in np.ndindex(image.shape[: -len(new)]):
        part = gaussian_filter(image[index], sigma, mode="mirror") if any(sigma) else image[index]
        if kind == "nearest":
            moved = SimpleITK.Resample(
                SimpleITK.GetImageFromArray(part),
                size[::-1],
                interpolator=SimpleITK.sitkNearestNeighbor,
                outputOrigin=first[::-1],
                outputSpacing=step[::-1],
                useNearestNeighborExtrapolator=True,
            )
            result[index] = SimpleITK.GetArrayFromImage(moved)
        else:
            between = spline_between if kind == "bspline" else linear_between
            result[index] = between(part, size, first, step)
    return result, np.ones(result.shape, bool), new


def cropped_or_padded(
    image: np.ndarray, valid: np.ndarray, axes: str, size: Sequence[int], fill: float
) -> tuple[np.ndarray, np.ndarray]:
    """The image with `size` voxels along its spatial axes, 0 keeping one; what is added is not valid."""
    wanted = size[-sum(axis in "ZYX" for axis in axes) :]
    cut: list[slice] = [slice(None)] * image.ndim
    added = [(0, 0)] * image.ndim
    for axis, n in enumerate(wanted, start=image.ndim - len(wanted)):
        had = image.shape[axis]
        before = math.ceil(abs((n or had) - had) / 2)
        if n and n < had:
            cut[axis] = slice(before, before + n)
        elif n > had:
            added[axis] = (before, n - had - before)
    box = tuple(cut)
    return np.pad(image[box], added, constant_values=fill), np.pad(valid[box], added)


def cropped_to(
    image: np.ndarray, valid: np.ndarray, inside: np.ndarray, margins: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest box that holds what is inside, and a margin in voxels along each of the last axes."""
    if not inside.any():
        raise ValueError("there is no voxel to keep")
    cut: list[slice] = [slice(None)] * image.ndim
    for axis, margin in enumerate(margins, start=image.ndim - len(margins)):
        first, last = np.flatnonzero(inside.any(axis=tuple(a for a in range(image.ndim) if a != axis)))[[0, -1]]
        more = math.ceil(margin - 1e-6)
        cut[axis] = slice(max(0, int(first) - more), int(last) + 1 + more)
    return image[tuple(cut)], valid[tuple(cut)]


def block_means(
    image: np.ndarray, valid: np.ndarray, axes: str, spacing: Sequence[float] | None, factor: Sequence[int]
) -> tuple[np.ndarray, np.ndarray, tuple[float, ...] | None]:
    """The mean of each block of voxels, in double precision; what fills no block is left out."""
    if not valid.all():
        raise ValueError("a mean beside padding is not written here: apply the recipe itself with prep_core")
    by = factor[-sum(axis in "ZYX" for axis in axes) :]
    outer = image.ndim - len(by)
    counts = [n // each for n, each in zip(image.shape[outer:], by, strict=True)]
    if not all(counts):
        raise ValueError(f"a block has {tuple(by)} voxels, and the image {image.shape[outer:]}")
    whole = image[(*[slice(None)] * outer, *(slice(n * each) for n, each in zip(counts, by, strict=True)))]
    blocks = whole.reshape(*image.shape[:outer], *(n for pair in zip(counts, by, strict=True) for n in pair))
    means = blocks.mean(axis=tuple(range(outer + 1, blocks.ndim, 2)), dtype=np.float64).astype(np.float32)
    larger = None if spacing is None else tuple(size * each for size, each in zip(spacing, by, strict=True))
    return means, np.ones(means.shape, bool), larger


def reoriented(
    image: np.ndarray, valid: np.ndarray, spacing: Sequence[float] | None, orientation: str, wanted: str
) -> tuple[np.ndarray, np.ndarray, tuple[float, ...] | None, str]:
    """Axes swapped and flipped until they point to `wanted`; both name the spatial axes in the array's order."""
    sides = {"L": "LR", "R": "LR", "P": "PA", "A": "PA", "S": "SI", "I": "SI"}
    own = [sides[letter] for letter in orientation]
    if len(own) != len(wanted) or {sides[letter] for letter in wanted} != set(own):
        raise ValueError(f"an image whose axes point to {orientation} cannot be turned to {wanted}")
    source = [own.index(sides[letter]) for letter in wanted]
    outer = image.ndim - len(own)
    order = (*range(outer), *(outer + old for old in source))
    flipped = tuple(outer + new for new, old in enumerate(source) if orientation[old] != wanted[new])
    turned = [np.ascontiguousarray(np.flip(array.transpose(order), flipped)) for array in (image, valid)]
    return turned[0], turned[1], None if spacing is None else tuple(spacing[old] for old in source), wanted

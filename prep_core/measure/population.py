"""The reference population: which voxels of a scan are measured, and which of them together."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.choosing import chosen
from prep_core.measure.otsu import Otsu
from prep_core.scan import Scan

PER: Mapping[str, str] = {"all": "", "channel": "C", "frame": "T", "plane": "TCZ", "pixel": ""}
"""For each way to split a scan, the axes along which every index has numbers of its own.  Per pixel there are no
numbers but images."""

INSIDE = ("all", "positive", "foreground", "mask")

POOL = ("voxels", "scans")
"""How the voxels of several scans count together: each voxel alike, or each scan alike."""

_SCAN = 1 << 40
"""What a scan weighs where each counts alike, in whole numbers of which int64 has room for 2^22 scans."""


def weight_of(voxels: int, pool: str) -> int:
    """How many times each of `voxels` voxels, all of one part of one scan, counts among those of the other scans.

    With `pool` scans it is 2^40 / voxels, rounded: a scan of up to 2^41 voxels weighs what each of the others weighs,
    but for a share of voxels / 2^41 at most.
    """
    return max((2 * _SCAN + voxels) // (2 * voxels), 1) if pool == "scans" else 1


def split_sizes(scan: Scan, per: str) -> tuple[int, ...]:
    """The shape of one set of numbers for each part: as `scan.data.shape`, with 1 where voxels are pooled."""
    return tuple(n if axis in PER[per] else 1 for axis, n in zip(scan.axes, scan.data.shape, strict=True))


def inside_mask(scan: Scan, inside: str) -> NDArray[np.bool_] | None:
    """The voxels to measure, as a mask of the scan's shape; None for all of them.

    Padding and non-finite voxels are never inside.  Foreground is what lies above Otsu's threshold (1979) of all
    valid voxels.

    Raises
    ------
    ValueError
        For "mask" where no line has made one, and for a foreground of a constant scan.
    """
    if inside == "all":
        return None if scan.all_valid else scan.valid
    if inside == "positive":
        return scan.valid & (scan.data > 0)
    if inside == "foreground":
        return scan.valid & (scan.data > _otsu(scan))
    if scan.mask is None:
        raise ValueError("works inside the mask, and no line above it makes one; put a mask step above it")
    return scan.valid & scan.mask


def groups(scan: Scan, per: str, inside: str) -> Iterator[NDArray[Any]]:
    """The voxels of each part, as 1-D arrays, in the row-major order of `split_sizes`."""
    mask = inside_mask(scan, inside)
    sizes = split_sizes(scan, per)
    split = [axis in PER[per] for axis in scan.axes]
    for index in product(*map(range, sizes)):
        part = tuple(i if s else slice(None) for i, s in zip(index, split, strict=True))
        yield scan.data[part].reshape(-1) if mask is None else chosen(scan.data[part], mask[part])


def images(scan: Scan, inside: str) -> Iterator[NDArray[np.float32]]:
    """Each frame, as a float32 image with all other axes; NaN where a voxel is not inside."""
    mask = inside_mask(scan, inside)
    data = scan.data.astype(np.float32, copy=False)
    seen = data if mask is None else np.where(mask, data, np.float32(np.nan))
    yield from seen if "T" in scan.axes else (seen,)


def _otsu(scan: Scan) -> float:
    otsu, values = Otsu(), chosen(scan.data, scan.valid)
    otsu.update(values)
    if not otsu.again():
        raise ValueError("works inside the foreground, and the scan is constant: it has none")
    otsu.update(values)
    return otsu.finish()["threshold"]

"""Metal in CT: where it is, how much of it, how far beyond the scale, and a limit to its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.image import Image
from prep_core.ops.masks.regions import Mask, connected, parts
from prep_core.param import P
from prep_core.scan import Scan


@dataclass(frozen=True, slots=True)
class MetalRow:
    """What lies above one threshold.

    Attributes
    ----------
    threshold : float
        HU.
    regions, voxels : int
        Connected regions, and all voxels in them.
    share : float
        Of the valid voxels, 0 to 1.
    severity : float
        Share times mean excess over the threshold: what metal adds to the mean of the scan, in HU.
    """

    threshold: float
    regions: int
    voxels: int
    share: float
    severity: float


def metal(
    image: Image,
    valid: Mask,
    *,
    threshold: Annotated[
        float,
        P("Metal lies above; the densest bone is near 2000 HU, enamel near 3000.", (0, 1e5), "HU", soft=(1500, 4000)),
    ] = 2500.0,
    min_voxels: Annotated[int, P("Fewer connected voxels are noise.", (1, 1_000_000), "voxels", soft=(1, 100))] = 5,
    clamp: Annotated[bool, P("Limit the values of metal to the threshold.")] = False,
) -> tuple[Image, Mask]:
    """Find metal in a CT, count it, and limit its values to the threshold if asked.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
        HU.
    valid : bool ndarray of the same shape
        False where the image is padding, which is never metal.

    Returns
    -------
    image, mask
        The image, with the values of metal at the threshold where `clamp` says so; and where metal is.

    Notes
    -----
    Metal is every region of x > threshold with `min_voxels` or more, connected through faces, edges or corners.

    The tally has regions and voxels, their share of the valid voxels, severity, and saturated.  Severity is ours:
    share x mean(x - threshold) over metal, which is what metal adds to the mean of the scan, in HU.  It depends on the
    field of view, so compare it between scans of one protocol.  Saturated counts the voxels of metal that have
    exactly the largest value of the scan, where there is more than one: a scale of 12 bits ends at 3071 HU, and what
    is denser has that value.

    The streaks around metal stay: this step finds their cause.

    References
    ----------
    .. [1] L. Gjesteby et al., "Metal artifact reduction in CT: where are we after four decades?", IEEE Access 4:5826,
       2016.
    """
    mask = metal_regions(image, valid, threshold, min_voxels)
    return (np.where(mask, np.float32(threshold), image) if clamp else image), mask


def metal_regions(image: NDArray[Any], valid: Mask, threshold: float, min_voxels: int = 1) -> Mask:
    """The voxels above `threshold` in regions of `min_voxels` or more."""
    labels, sizes = connected(valid & (image > threshold), image.ndim, diagonal=True)
    return parts(labels, sizes >= min_voxels)


def metal_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """Regions, voxels, share, severity and saturated voxels of the metal that was found."""
    mask = np.zeros(before.data.shape, bool) if after.mask is None else after.mask
    row = _row(before.data, before.valid, mask, params["threshold"], len(before.spatial_axes))
    return {
        "regions": row.regions,
        "voxels": row.voxels,
        "share": row.share,
        "severity": row.severity,
        "saturated": saturated(before.data, mask),
    }


def saturated(data: NDArray[Any], mask: Mask) -> int:
    """How many voxels in `mask` have exactly the largest value in it; 0 where only one has."""
    values = data[mask]
    count = int(np.count_nonzero(values == values.max())) if values.size else 0
    return count if count > 1 else 0


def metal_report(
    scan: Scan | NDArray[Any], thresholds: Sequence[float] = (2000.0, 3000.0, 4000.0), min_voxels: int = 1
) -> tuple[MetalRow, ...]:
    """What lies above each of `thresholds`, for a table that compares them.

    Parameters
    ----------
    scan : Scan or (z, y, x) or (y, x) ndarray
        In HU.  Regions of a scan do not connect over time or channels; of an array, finite values are valid.

    Returns
    -------
    tuple of MetalRow
        In the order of `thresholds`.

    Raises
    ------
    ValueError
        For complex values, and where there is no valid voxel.
    """
    if isinstance(scan, Scan):
        data, valid, axes = scan.data, scan.valid, len(scan.spatial_axes)
    else:
        data, valid, axes = scan, np.isfinite(scan), scan.ndim
    if np.iscomplexobj(data) or not valid.any():
        raise ValueError("metal is counted in real values, and needs a valid voxel; take the magnitude first")
    return tuple(_report_row(data, valid, float(threshold), axes, min_voxels) for threshold in thresholds)


def _report_row(data: NDArray[Any], valid: Mask, threshold: float, axes: int, min_voxels: int) -> MetalRow:
    labels, sizes = connected(valid & (data > threshold), axes, diagonal=True)
    return _row(data, valid, parts(labels, sizes >= min_voxels), threshold, axes)


def _row(data: NDArray[Any], valid: Mask, mask: Mask, threshold: float, axes: int) -> MetalRow:
    sizes = connected(mask, axes, diagonal=True)[1]
    voxels, total = int(sizes.sum()), max(1, int(np.count_nonzero(valid)))
    excess = float((data[mask].astype(np.float64) - threshold).sum())
    return MetalRow(threshold, len(sizes), voxels, voxels / total, excess / total)

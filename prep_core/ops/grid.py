"""Steps that change the grid of voxels, and keep every voxel where it is in the patient."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

from prep_core.param import P
from prep_core.scan import Scan

MOST_VOXELS = 2**31

_INTERPOLATORS: Mapping[str, int] = {
    "nearest": SimpleITK.sitkNearestNeighbor,
    "linear": SimpleITK.sitkLinear,
    "bspline": SimpleITK.sitkBSpline,
}
_VALID_WEIGHT = 0.99
"""Share of a new voxel that must come from valid voxels."""

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def resample(
    scan: Scan,
    *,
    spacing: Annotated[
        tuple[float, float, float],
        P("New voxel size (z, y, x); a scan without z uses y and x.", (0.001, 1000), "mm", soft=(0.1, 10)),
    ] = (1.0, 1.0, 1.0),
    interpolation: Annotated[
        Literal["nearest", "linear", "bspline"],
        P(
            "nearest invents no values; linear is safe; bspline (cubic) is sharp but overshoots at edges; "
            "it makes values below the old minimum and above the old maximum."
        ),
    ] = "linear",
    antialias: Annotated[
        bool, P("Smooth axes that lose voxels first, so that fine detail does not turn into patterns.")
    ] = True,
) -> Scan:
    """Change the voxel size and keep every structure at its place in the patient.

    Parameters
    ----------
    scan : Scan
        With a known voxel size, and real values.  T and C are mapped over.

    Returns
    -------
    Scan
        float32, in the same unit.  An axis of n voxels of size s gets max(1, round(n s / spacing)) voxels;
        the centre of the extent and the directions stay.

    Raises
    ------
    ValueError
        For an unknown voxel size, complex values, or a result of more than 2^31 voxels.

    Notes
    -----
    Antialiasing is a Gaussian with sigma = (new / old - 1) / 2 old voxels on each axis that shrinks, the rule
    of skimage.transform.resize; nearest never smooths.  bspline is the cubic spline through the voxels.

    Voxels that are not valid never enter valid ones: the nearest valid value stands in for them.  A new voxel
    is valid where at least 99 % of its linear weight is from valid voxels; elsewhere it shows the nearest old
    value, or that stand-in where the old value is not finite.  The mask is resampled by nearest neighbour.
    """
    if np.iscomplexobj(scan.data):
        raise ValueError("resample needs real values, got complex ones; put magnitude above it")
    if not scan.spacing_known:
        raise ValueError(
            "resample needs to know the voxel size, and the file did not say it; "
            "save the scan with its voxel size in mm and load it again, or remove this line"
        )
    target = _target(scan, spacing, antialias and interpolation != "nearest")
    shape = scan.data.shape[: -len(target.size)] + target.size
    if (voxels := math.prod(shape)) > MOST_VOXELS:
        raise ValueError(f"resample makes at most 2^31 voxels, got {voxels:,} {shape}; choose a larger spacing")
    data, valid = _resampled(scan, target, shape, interpolation)
    mask = None if scan.mask is None else _mapped(scan.mask, target, shape)
    return replace(scan, data=data, valid=valid, mask=mask, affine=_moved(scan.affine, target))


class Target(NamedTuple):
    """A new grid in indices of the old one: voxel j of an axis has its centre at first + j * step."""

    size: tuple[int, ...]
    first: tuple[float, ...]
    step: tuple[float, ...]
    sigma: tuple[float, ...]


def _target(scan: Scan, spacing: tuple[float, ...], smooth: bool) -> Target:
    old = scan.data.shape[-len(scan.spatial_axes) :]
    new = spacing[-len(old) :]
    step = tuple(asked / had for asked, had in zip(new, scan.spacing, strict=True))
    size = tuple(max(1, round(n / each)) for n, each in zip(old, step, strict=True))
    first = tuple((n - 1 - (k - 1) * each) / 2 for n, k, each in zip(old, size, step, strict=True))
    return Target(size, first, step, tuple(max(0.0, (each - 1) / 2) * smooth for each in step))


def _moved(affine: NDArray[np.float64], target: Target) -> NDArray[np.float64]:
    """The affine of the new grid: new index to old index to patient."""
    spatial = slice(3 - len(target.size), 3)
    to_old = np.eye(4)
    to_old[spatial, spatial] = np.diag(target.step)
    to_old[spatial, 3] = target.first
    return affine @ to_old


def _resampled(scan: Scan, target: Target, shape: tuple[int, ...], interpolation: str) -> tuple[Floats, Mask]:
    """The new data, and where it is valid."""
    data, valid = np.empty(shape, np.float32), np.ones(shape, bool)
    for at in np.ndindex(shape[: -len(target.size)]):
        old = _float32(scan.data[at])
        old_valid = scan.valid[at] & np.isfinite(old)
        if old_valid.all():
            data[at] = _interpolated(_smoothed(old, target), target, interpolation)
        else:
            data[at], valid[at] = _around_holes(old, old_valid, target, interpolation)
    return data, valid


def _float32(data: NDArray[Any]) -> Floats:
    """`data` as float32; float64 values beyond its range become infinite, and so not valid."""
    with np.errstate(over="ignore"):
        return data.astype(np.float32)


def _around_holes(old: Floats, valid: Mask, target: Target, interpolation: str) -> tuple[Floats, Mask]:
    filled = _filled(old, valid)
    data = _interpolated(_smoothed(filled, target), target, interpolation)
    weight = _smoothed(valid.astype(np.float32), target)
    by = "nearest" if interpolation == "nearest" else "linear"
    still_valid = _interpolated(weight, target, by) >= _VALID_WEIGHT
    shown = _interpolated(np.where(np.isfinite(old), old, filled), target, "nearest")
    return np.where(still_valid, data, shown), still_valid


def _filled(old: Floats, valid: Mask) -> Floats:
    """`old` with the nearest valid value wherever it is not valid; 0 where nothing is."""
    if not valid.any():
        return np.zeros_like(old)
    nearest = distance_transform_edt(~valid, return_distances=False, return_indices=True)
    filled: Floats = old[tuple(nearest)]
    return filled


def _smoothed(old: Floats, target: Target) -> Floats:
    if not any(target.sigma):
        return old
    smoothed: Floats = gaussian_filter(old, target.sigma, mode="mirror")
    return smoothed


def _mapped(mask: Mask, target: Target, shape: tuple[int, ...]) -> Mask:
    new = np.empty(shape, bool)
    for at in np.ndindex(shape[: -len(target.size)]):
        new[at] = _interpolated(mask[at].astype(np.float32), target, "nearest") > 0
    return new


def _interpolated(old: Floats, target: Target, interpolation: str) -> Floats:
    """Values at the centres of the new voxels.

    All of them lie inside the old extent; where rounding puts one outside, its nearest voxel is the answer.
    """
    new = SimpleITK.Resample(
        SimpleITK.GetImageFromArray(_lengthened(old) if interpolation == "bspline" else old),
        target.size[::-1],
        interpolator=_INTERPOLATORS[interpolation],
        outputOrigin=target.first[::-1],
        outputSpacing=target.step[::-1],
        useNearestNeighborExtrapolator=True,
    )
    values: Floats = SimpleITK.GetArrayFromImage(new)
    return values


def _lengthened(old: Floats) -> Floats:
    """`old` with axes of 2 voxels mirrored to 3, because the spline filter refuses them.

    Mirroring is what the filter takes to lie beyond the border anyway, so the spline is the same.
    """
    return np.pad(old, [(0, int(n == 2)) for n in old.shape], mode="reflect")

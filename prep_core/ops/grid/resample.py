"""Another voxel size, with every structure at its place in the patient."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

import numpy as np
import SimpleITK
from scipy.ndimage import gaussian_filter

from prep_core.ops.filling import filled
from prep_core.ops.lengths import ZYX
from prep_core.ops.scans import Floats, Mask, float32, moved, refuse_too_many, spatial_shape
from prep_core.param import P
from prep_core.scan import Scan

_INTERPOLATORS: Mapping[str, int] = {
    "nearest": SimpleITK.sitkNearestNeighbor,
    "linear": SimpleITK.sitkLinear,
    "bspline": SimpleITK.sitkBSpline,
}
_VALID_WEIGHT = 0.99
"""Share of a new voxel that must come from valid voxels."""

_MOST_SHRINKING = 64.0
"""Times that antialiasing may make a voxel longer: the smoothing takes as many operations for every old voxel."""


def resample(
    scan: Scan,
    *,
    spacing: Annotated[
        tuple[float, float, float],
        P("New voxel size (z, y, x); a scan without z uses y and x.", (1e-6, 1000), "mm", soft=(0.1, 10), parts=ZYX),
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
        For an unknown voxel size, with antialias for voxels more than 64 times longer, and for a result of more than
        2^31 voxels.

    Notes
    -----
    Antialiasing is a Gaussian with sigma = (new / old - 1) / 2 old voxels on each axis that shrinks, the rule
    of skimage.transform.resize; nearest never smooths.  bspline is the cubic spline through the voxels.

    Voxels that are not valid never enter valid ones: the nearest valid value stands in for them.  A new voxel
    is valid where at least 99 % of its linear weight is from valid voxels; elsewhere it shows the nearest old
    value, or that stand-in where the old value is not finite.  The mask is resampled by nearest neighbour.
    """
    if not scan.spacing_known:
        raise ValueError(
            "needs to know the voxel size, and the file did not say it; "
            "save the scan with its voxel size in mm and load it again, or remove this line"
        )
    target = _target(scan, spacing, antialias and interpolation != "nearest")
    shape = scan.data.shape[: -len(target.size)] + target.size
    refuse_too_many(shape, "choose a larger spacing")
    data, valid = _resampled(scan, target, shape, interpolation)
    mask = None if scan.mask is None else _mapped(scan.mask, target, shape)
    return replace(scan, data=data, valid=valid, mask=mask, affine=moved(scan.affine, target.first, target.step))


class Target(NamedTuple):
    """A new grid in indices of the old one: voxel j of an axis has its centre at first + j * step."""

    size: tuple[int, ...]
    first: tuple[float, ...]
    step: tuple[float, ...]
    sigma: tuple[float, ...]


def _target(scan: Scan, spacing: tuple[float, ...], smooth: bool) -> Target:
    old = spatial_shape(scan)
    new = spacing[-len(old) :]
    step = tuple(asked / had for asked, had in zip(new, scan.spacing, strict=True))
    size = tuple(max(1, round(n / each)) for n, each in zip(old, step, strict=True))
    first = tuple((n - 1 - (k - 1) * each) / 2 for n, k, each in zip(old, size, step, strict=True))
    shrinks = tuple(each if smooth and n > 1 else 1.0 for n, each in zip(old, step, strict=True))
    if (most := max(shrinks)) > _MOST_SHRINKING:
        raise ValueError(
            f"makes voxels {most:,.0f} times longer, and antialias smooths for up to {_MOST_SHRINKING:g} times; "
            "choose a smaller spacing, or put downscale above it"
        )
    return Target(size, first, step, tuple(max(0.0, (each - 1) / 2) for each in shrinks))


def _resampled(scan: Scan, target: Target, shape: tuple[int, ...], interpolation: str) -> tuple[Floats, Mask]:
    """The new data, and where it is valid."""
    data, valid = np.empty(shape, np.float32), np.ones(shape, bool)
    for at in np.ndindex(shape[: -len(target.size)]):
        old = float32(scan.data[at])
        old_valid = scan.valid[at] & np.isfinite(old)
        if old_valid.all():
            data[at] = _interpolated(_smoothed(old, target), target, interpolation)
        else:
            data[at], valid[at] = _around_holes(old, old_valid, target, interpolation)
    return data, valid


def _around_holes(old: Floats, valid: Mask, target: Target, interpolation: str) -> tuple[Floats, Mask]:
    solid = filled(old, valid)
    data = _interpolated(_smoothed(solid, target), target, interpolation)
    weight = _smoothed(valid.astype(np.float32), target)
    by = "nearest" if interpolation == "nearest" else "linear"
    still_valid = _interpolated(weight, target, by) >= _VALID_WEIGHT
    shown = _interpolated(np.where(np.isfinite(old), old, solid), target, "nearest")
    return np.where(still_valid, data, shown), still_valid


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

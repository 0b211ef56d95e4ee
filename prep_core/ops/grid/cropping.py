"""Smaller and larger grids: cut to what matters, or to one size for all, with every voxel at its place."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import inside_mask
from prep_core.ops.lengths import ZYX, LengthsIn, in_voxels
from prep_core.ops.scans import carried, in_float32, moved, refuse_too_many, spatial_shape, whole_numbers
from prep_core.param import P
from prep_core.scan import Scan

_ROUNDING = 1e-6
"""A margin this much above a whole number of voxels, as 3 x 0.7 mm in voxels of 0.7 mm is, is that whole number."""


def crop_foreground(
    scan: Scan,
    *,
    what: Annotated[
        Literal["foreground", "positive", "mask", "valid"],
        P(
            "What must stay: foreground lies above Otsu's threshold, positive above 0, mask is what the last mask step "
            "made, valid is all that is no padding."
        ),
    ] = "foreground",
    margin: Annotated[
        float, P("Kept around it on every side, as far as the scan reaches.", (0, 10000), "mm or px", soft=(0, 50))
    ] = 0.0,
    lengths_in: LengthsIn = "mm",
) -> Scan:
    """Cut away the empty border: keep the smallest box that holds the foreground, and a margin.

    Parameters
    ----------
    scan : Scan
        One box holds the foreground of all its frames and channels, so that they still fit together.

    Returns
    -------
    Scan
        float32; the voxels of the box, untouched, at the patient position that they had.

    Raises
    ------
    ValueError
        Where no voxel is inside, and for a margin in mm where the voxel size is not known.

    Notes
    -----
    Along each axis the box is [max(0, first - m), min(n, last + 1 + m)), where first and last are the outermost
    indices inside and m is the margin in voxels, rounded up.  The size differs from scan to scan; crop_or_pad below
    it makes them alike.  One bright speck in the border is foreground too: put a mask step above and keep the mask.
    """
    inside = _inside(scan, what)
    if not inside.any():
        raise ValueError(f"finds no voxel to keep ({what}, padding excluded); choose another what, or remove this line")
    sides = len(scan.spatial_axes)
    spacing = scan.spacing if scan.spacing_known else None
    margins = in_voxels(margin, spacing, sides, lengths_in) if margin else (0.0,) * sides
    return _cut(scan, tuple(_span(inside, axis, margins[axis]) for axis in range(-sides, 0)))


def size_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, unless `size` is in whole voxels."""
    return whole_numbers("size", params["size"], "voxels")


def crop_or_pad(
    scan: Scan,
    *,
    size: Annotated[
        tuple[float, float, float],
        P(
            "Voxels along z, y, x; 0 keeps an axis as it is; a scan without z uses y and x.",
            (0, 65536),
            "px",
            soft=(0, 256),
            parts=ZYX,
        ),
    ] = (0.0, 256.0, 256.0),
    fill: Annotated[
        float,
        P("Value of the voxels that are added; -1000 is air in HU.", (-1e9, 1e9), "image units", soft=(-1000, 1000)),
    ] = 0.0,
) -> Scan:
    """Bring every scan to one size: cut what is too long, add what is too short, equally on both sides.

    Parameters
    ----------
    scan : Scan
        T and C are kept.

    Returns
    -------
    Scan
        float32; the voxels that stay are untouched, at the patient position that they had.  Those added are not valid
        and not in the mask.

    Raises
    ------
    ValueError
        For a result of more than 2^31 voxels.

    Notes
    -----
    Where an axis changes by an odd number d of voxels, ceil(d / 2) are cut or added before its first voxel and
    floor(d / 2) after its last, the rule of TorchIO's CropOrPad [1]_; so cutting and adding undo each other.  MONAI's
    ResizeWithPadOrCrop adds floor(d / 2) before, and cuts n // 2 - size // 2 before.

    References
    ----------
    .. [1] Perez-Garcia, Sparks, Ourselin 2021, "TorchIO", Computer Methods and Programs in Biomedicine 208:106236.
    """
    old = spatial_shape(scan)
    asked = tuple(int(n) for n in size[-len(old) :])
    new = tuple(n or had for n, had in zip(asked, old, strict=True))
    refuse_too_many(scan.data.shape[: -len(old)] + new, "choose a smaller size")
    before = [math.ceil(abs(n - had) / 2) for n, had in zip(new, old, strict=True)]
    cut = _cut(scan, tuple(_kept(had, n, off) for had, n, off in zip(old, new, before, strict=True)))
    added = [_added(had, n, off) for had, n, off in zip(old, new, before, strict=True)]
    return _padded(cut, added, fill)


def cropped_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels were cut away."""
    return {"cropped": before.data.size - after.data.size}


def crop_or_pad_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels were cut away, and how many were added."""
    kept = math.prod(map(min, before.data.shape, after.data.shape))
    return {"cropped": before.data.size - kept, "padded": after.data.size - kept}


def _inside(scan: Scan, what: str) -> NDArray[np.bool_]:
    if what == "valid":
        return scan.valid
    with np.errstate(over="ignore", invalid="ignore"):  # centres of Otsu's bins near the end of float32
        inside = inside_mask(scan, what)
    return scan.valid if inside is None else inside


def _span(inside: NDArray[np.bool_], axis: int, margin: float) -> slice:
    others = tuple(other for other in range(-inside.ndim, 0) if other != axis)
    first, last = np.flatnonzero(inside.any(axis=others))[[0, -1]]
    more = math.ceil(margin - _ROUNDING)
    return slice(max(0, int(first) - more), min(inside.shape[axis], int(last) + 1 + more))


def _cut(scan: Scan, spans: tuple[slice, ...]) -> Scan:
    affine = moved(scan.affine, [span.start for span in spans], [1] * len(spans))
    box: tuple[Any, ...] = (..., *spans)
    return carried(in_float32(scan), lambda array: array[box], affine=affine)


def _kept(had: int, new: int, before: int) -> slice:
    return slice(before, before + new) if new < had else slice(0, had)


def _added(had: int, new: int, before: int) -> tuple[int, int]:
    return (before, new - had - before) if new > had else (0, 0)


def _padded(scan: Scan, added: list[tuple[int, int]], fill: float) -> Scan:
    if not any(map(any, added)):
        return scan
    widths = [(0, 0)] * (scan.data.ndim - len(added)) + added
    return replace(
        scan,
        data=np.pad(scan.data, widths, constant_values=fill),
        valid=np.pad(scan.valid, widths),
        mask=None if scan.mask is None else np.pad(scan.mask, widths),
        affine=moved(scan.affine, [-before for before, _ in added], [1] * len(added)),
    )

"""The second stage of a line: a pure function of pixels and numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.measuring import refuse_complex
from prep_core.ops.image import Image
from prep_core.recipe import Line
from prep_core.scan import Scan


def carried_out(line: Line, numbers: Mapping[str, NDArray[np.float32]], scan: Scan) -> Scan:
    """Second stage: a pure function of pixels and numbers.

    `numbers` are as `spread` gives them, cut to the same place if `scan` is a slice of a larger one.
    """
    step, params = line.spec, {name: line.params[name] for name in line.spec.apply_names}
    refuse_complex(line, scan)
    if step.domain == "grid":
        result: Scan = step.apply(scan, **params)
        return result
    real = np.complex64 if np.iscomplexobj(scan.data) else np.float32
    image = _legal(line, scan, scan.data.astype(real, copy=False))
    # What overflows is refused below; what padding or NaN gives is nobody's number.
    with np.errstate(all="ignore"):
        data = np.asarray(_arithmetic(line, numbers, image, scan.spatial_axes, params), dtype=np.float32)
    _refuse_infinite(data, scan)
    inverted = scan.display_inverted and not step.turns_display
    return replace(scan, data=data, unit=step.unit_after(line.params, scan.unit), display_inverted=inverted)


def _arithmetic(
    line: Line,
    numbers: Mapping[str, NDArray[np.float32]],
    image: Image,
    spatial: str,
    params: Mapping[str, Any],
) -> Image:
    step, domain = line.spec, line.spec.domain_of(line.params)
    if domain == "voxel":
        voxels: Image = step.apply(image, numbers, **params) if step.measure else step.apply(image, **params)
        return voxels
    return _mapped(step.apply, image, numbers, params, min(2 if domain == "plane" else 3, len(spatial)))


def _mapped(
    function: Callable[..., Image],
    image: Image,
    numbers: Mapping[str, NDArray[Any]],
    params: Mapping[str, Any],
    ndim: int,
) -> Image:
    """`function` over the last `ndim` axes, once for each index of the others."""
    outer = image.shape[: image.ndim - ndim]
    parts = {name: np.broadcast_to(a.reshape(a.shape[: len(outer)]), outer) for name, a in numbers.items()}
    result = np.empty(image.shape, np.float32)
    for index in np.ndindex(outer):
        own = {name: float(part[index]) for name, part in parts.items()}
        result[index] = function(image[index], own, **params)
    return result


def _legal(line: Line, scan: Scan, image: Image) -> Image:
    """`image`, once its valid voxels are known to have an answer; the others are brought to values that have one."""
    if line.spec.legal is None:
        return image
    low, high = line.spec.legal(line.params)
    outside = int(np.count_nonzero(((image < low) | (image > high)) & scan.valid))
    if outside:
        values = image[scan.valid]
        raise ValueError(
            f"needs values from {low:g} to {high:g}; {outside} of {values.size} voxels lie outside, "
            f"from {values.min():g} to {values.max():g}; put a window, a clip or a rescale above it"
        )
    return image if scan.all_valid else np.clip(image, np.float32(low), np.float32(high))


def _refuse_infinite(data: Image, scan: Scan) -> None:
    finite = np.isfinite(data)
    if not finite.all() and not finite[scan.valid].all():
        count = int(np.count_nonzero(~finite[scan.valid]))
        raise ValueError(f"takes {count} voxels beyond what a float32 can hold; rescale above it")

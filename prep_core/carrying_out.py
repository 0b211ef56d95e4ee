"""The second stage of a line: a pure function of pixels and numbers."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.finite import is_finite
from prep_core.line import Line
from prep_core.measure import inside_mask
from prep_core.measuring import refuse_complex
from prep_core.ops.image import Image, Told
from prep_core.scan import Scan

Arrays = Mapping[str, NDArray[np.float32]]
Mask = NDArray[np.bool_]

_GIVES: Mapping[str, tuple[type, ...]] = {"pixels": (np.float32,), "mask": (np.bool_,), "both": (np.float32, np.bool_)}


def carried_out(
    line: Line, numbers: Arrays, scan: Scan, told: Told = lambda done, of: None, into: Image | None = None
) -> Scan:
    """Second stage: a pure function of pixels and numbers.

    Parameters
    ----------
    numbers : mapping
        As `spread` gives them, cut to the same place if `scan` is a slice of a larger one.
    told : callable
        Called after each plane or volume, where they are done one after the other, or after each round, where the step
        counts.
    into : float32 ndarray of the shape of the scan, optional
        Where a line that `goes_by_parts` writes its pixels; it may be the very array of the scan.
    """
    step = line.spec
    refuse_complex(line, scan)
    if step.domain in ("grid", "channels"):
        moved: Scan = step.apply(scan, **step.arguments(step.apply, line.params))
        return replace(moved, unit=step.unit_after(line.params, moved.unit))
    valid = None if scan.all_valid else scan.valid
    if is_pointwise(line):
        return with_pixels(line, scan, carried_out_pointwise(line, numbers, scan.data, valid))
    image = _legal(line, scan.data.astype(np.float32, copy=False), valid)
    # What overflows is refused below; what padding or NaN gives is nobody's number.
    with np.errstate(all="ignore"):
        answers = dict(zip(_names(line), _answers(line, numbers, image, scan, told, into), strict=True))
    made = replace(scan, mask=answers["mask"] & scan.valid) if "mask" in answers else scan
    if "pixels" not in answers:
        return made
    _refuse_infinite(answers["pixels"], valid)
    return with_pixels(line, made, answers["pixels"])


def with_pixels(line: Line, scan: Scan, pixels: Image) -> Scan:
    """`scan` after `line`, which made `pixels` of it."""
    inverted = scan.display_inverted and not line.spec.turns_display
    return replace(scan, data=pixels, unit=line.spec.unit_after(line.params, scan.unit), display_inverted=inverted)


def is_pointwise(line: Line) -> bool:
    """Whether `line` makes a value of each value, whatever lies around it."""
    step = line.spec
    return step.domain_of(line.params) == "voxel" and step.gives == "pixels" and step.asks <= {"image", "numbers"}


def goes_by_parts(line: Line) -> bool:
    """Whether `line` makes pixels of each plane or volume from those of the same plane or volume alone."""
    return line.spec.domain_of(line.params) in ("plane", "volume") and line.spec.gives == "pixels"


def carried_out_pointwise(line: Line, numbers: Arrays, image: Image, valid: Mask | None) -> Image:
    """As `carried_out`, of a pointwise line and the pixels alone, of any shape.

    Parameters
    ----------
    numbers : mapping
        Arrays that broadcast over `image`; a curve has one more axis.
    image : real or complex ndarray
    valid : bool ndarray of the same shape, or None
        None where all count.

    Returns
    -------
    float32 ndarray of the same shape
    """
    kind = np.complex64 if np.iscomplexobj(image) else np.float32
    image, curves = _legal(line, image.astype(kind, copy=False), valid), _has_curves(numbers, image)
    with np.errstate(all="ignore"):
        given = {"image": image, "numbers": numbers}
        (pixels,) = _by_part(line, numbers, image) if curves else _called(line, given)
    _refuse_infinite(pixels, valid)
    return pixels


def _names(line: Line) -> tuple[str, ...]:
    return ("pixels", "mask") if line.spec.gives == "both" else (line.spec.gives,)


def _answers(
    line: Line, numbers: Arrays, image: Image, scan: Scan, told: Told, into: Image | None
) -> tuple[NDArray[Any], ...]:
    """What the step makes of `image`: pixels, a mask, or both, of the shape of the scan."""
    domain = line.spec.domain_of(line.params)
    spatial = {"voxel": image.ndim, "plane": 2, "volume": len(scan.spatial_axes)}[domain]
    if domain == "voxel":
        return _called(line, {"image": image, "numbers": numbers, "told": told, **_surroundings(line, scan, spatial)})
    results = _empty(line, image) if into is None else (into,)
    return _mapped(line, numbers, image, scan, spatial, told, results)


def _has_curves(numbers: Arrays, image: Image) -> bool:
    return any(array.ndim > image.ndim for array in numbers.values())


def _called(line: Line, given: Mapping[str, Any]) -> tuple[NDArray[Any], ...]:
    step = line.spec
    asked = {name: given[name] for name in step.asks}
    answer = step.apply(**asked, **step.arguments(step.apply, line.params))
    kinds = _GIVES[step.gives]
    parts = answer if len(kinds) > 1 else (answer,)
    return tuple(np.asarray(part, dtype=kind) for part, kind in zip(parts, kinds, strict=True))


def _surroundings(line: Line, scan: Scan, spatial: int) -> dict[str, Any]:
    """What a step may ask for besides pixels and numbers."""
    asks: frozenset[str] = line.spec.asks
    given: dict[str, Any] = {}
    if "spacing" in asks:
        given["spacing"] = scan.spacing[-spatial:] if scan.spacing_known else None
    if "valid" in asks:
        given["valid"] = scan.valid
    if "inside" in asks:
        mask = inside_mask(scan, line.inside)
        given["inside"] = scan.valid if mask is None else mask
    return given


def _mapped(
    line: Line,
    numbers: Arrays,
    image: Image,
    scan: Scan,
    spatial: int,
    told: Told,
    results: tuple[NDArray[Any], ...],
) -> tuple[NDArray[Any], ...]:
    """`results`, written by the step on the last axes of `image`, as many as are `spatial`, index by index."""
    outer = image.shape[: image.ndim - spatial]
    around = _surroundings(line, scan, spatial)
    parts = {name: _of_each(outer, array) for name, array in numbers.items()}
    for done, index in enumerate(product(*map(range, outer)), start=1):
        own = {name: float(part[index]) for name, part in parts.items()}
        place = {name: value[index] if name in ("valid", "inside") else value for name, value in around.items()}
        rounds = partial(_told_within, told, done - 1, math.prod(outer))
        outs = [result[index] for result in results]
        given = {"image": image[index], "numbers": own, "told": rounds, "out": outs[0], **place}
        for out, answer in zip(outs, _called(line, given), strict=True):
            if answer is not out:
                out[...] = answer
        if "told" not in line.spec.asks:
            told(done, math.prod(outer))
    return results


def _of_each(outer: tuple[int, ...], array: NDArray[np.float32]) -> NDArray[np.float32]:
    """One number for each index of `outer`."""
    own = array.reshape(array.shape[: len(outer)])
    return own if own.shape == outer else np.broadcast_to(own, outer)


def _told_within(told: Told, before: int, parts: int, done: int, of: int) -> None:
    """Rounds of one of several alike parts, counted over all of them."""
    told(before * of + done, parts * of)


def _by_part(line: Line, numbers: Arrays, image: Image) -> tuple[NDArray[Any], ...]:
    """The step on the voxels of each part that has numbers and curves of its own."""
    sizes = next(array.shape[: image.ndim] for array in numbers.values())
    results = _empty(line, image)
    for index in np.ndindex(sizes):
        part = tuple(slice(i, i + 1) if n > 1 else slice(None) for i, n in zip(index, sizes, strict=True))
        own = {name: array[index] for name, array in numbers.items()}
        for result, answer in zip(results, _called(line, {"image": image[part], "numbers": own}), strict=True):
            result[part] = answer
    return results


def _empty(line: Line, image: Image) -> tuple[NDArray[Any], ...]:
    return tuple(np.empty(image.shape, kind) for kind in _GIVES[line.spec.gives])


def _legal(line: Line, image: Image, valid: Mask | None) -> Image:
    """`image`, once its valid voxels are known to have an answer; the others are brought to values that have one."""
    if line.spec.legal is None:
        return image
    low, high = line.spec.legal(line.params)
    beyond = (image < low) | (image > high)
    outside = int(np.count_nonzero(beyond if valid is None else beyond & valid))
    if outside:
        values = image.reshape(-1) if valid is None else image[valid]
        raise ValueError(
            f"needs values {_between(low, high)}; {outside} of {values.size} voxels lie outside, "
            f"from {values.min():g} to {values.max():g}; put a window, a clip or a rescale above it"
        )
    # Only what is not valid: a clip may change the sign of a zero, and padding elsewhere must not change a voxel.
    return image if valid is None else np.where(valid, image, np.clip(image, np.float32(low), np.float32(high)))


def _between(low: float, high: float) -> str:
    return f"of {low:g} or more" if high == np.finfo(np.float32).max else f"from {low:g} to {high:g}"


def _refuse_infinite(data: Image, valid: Mask | None) -> None:
    if is_finite(data):
        return
    infinite = ~np.isfinite(data)
    count = int(np.count_nonzero(infinite if valid is None else infinite & valid))
    if count:
        raise ValueError(f"takes {count} voxels beyond what a float32 can hold; rescale above it")

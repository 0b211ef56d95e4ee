"""Stored numbers of a DICOM dataset, which of them are padding, and the values that they stand for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

from prep_core.io.dicom_encoded import PIXELS, check_encoded, check_palette, is_swapped
from prep_core.io.dicom_tags import number, numbers, word
from prep_core.io.errors import decoding
from prep_core.io.limits import Limits
from prep_core.io.values import scale, value_type


@dataclass(frozen=True)
class Frames:
    """The frames of one dataset: (frames, rows, columns), or (frames, 3, rows, columns) in colour, as stored."""

    stored: NDArray[Any]
    colour: bool


def has_pixels(ds: Dataset) -> bool:
    return any(keyword in ds for keyword in PIXELS)


def frame_count(ds: Dataset) -> int:
    return max(1, int(number(ds, "NumberOfFrames", 1)))


def decode(name: str, ds: Dataset, limits: Limits) -> Frames:
    """Decode the pixels of a dataset that `has_pixels`, colours as RGB.

    Raises
    ------
    ReadError
        For pixels that are too many, truncated, or of a kind that no decoder knows.
    """
    samples, frames = int(number(ds, "SamplesPerPixel", 1)), frame_count(ds)
    shape = (frames, int(number(ds, "Rows", 0)), int(number(ds, "Columns", 0)))
    size = max(1, int(number(ds, "BitsAllocated", 16)) // 8)
    limits.check_array(name, (*shape, samples), size)
    palette = word(ds, "PhotometricInterpretation") == "PALETTE COLOR"
    with decoding(name, "DICOM pixels"):
        check_encoded(name, ds, shape)
        swapped = is_swapped(ds)
        pixels = pixel_array(ds).byteswap() if swapped else pixel_array(ds)
        if palette:
            check_palette(name, ds, pixels)
            pixels = apply_color_lut(pixels, ds)
    if samples == 1 and not palette:
        return Frames(pixels.reshape(shape), False)
    return Frames(np.ascontiguousarray(np.moveaxis(pixels.reshape(*shape, -1)[..., :3], -1, 1)), True)


def padding(ds: Dataset, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Where the stored numbers are padding (PS3.3 C.7.5.1.1.2); None where the dataset names none.

    The tag counts in stored numbers, before slope and intercept.
    """
    first = numbers(ds, "PixelPaddingValue")
    if not first:
        return None
    last = numbers(ds, "PixelPaddingRangeLimit") or first
    low, high = sorted((_as_stored(first[0], stored.dtype), _as_stored(last[0], stored.dtype)))
    return (stored >= low) & (stored <= high)


def values(ds_of: list[Dataset], stored: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """Slope and intercept, or the Modality LUT, of each dataset applied to its own pixels; one type for all."""
    if any("ModalityLUTSequence" in ds for ds in ds_of):
        with decoding("the Modality LUT", "a lookup table"):
            return [np.asarray(apply_modality_lut(s, ds)) for s, ds in zip(stored, ds_of, strict=True)]
    lines = [slope_and_intercept(ds) for ds in ds_of]
    types = {s.dtype for s in stored}
    common = np.result_type(*types) if len(types) > 1 else next(iter(types))
    whole = common.kind in "iu"
    ends = [(s.min(), s.max()) if whole else (0.0, 0.0) for s in stored]
    kind = value_type(common, [(*e, *line) for e, line in zip(ends, lines, strict=True)])
    return [scale(s, *line, kind) for s, line in zip(stored, lines, strict=True)]


def slope_and_intercept(ds: Dataset) -> tuple[float, float]:
    """1 and 0 where the dataset names none, or a slope of 0."""
    return number(ds, "RescaleSlope", 1.0) or 1.0, number(ds, "RescaleIntercept", 0.0)


def _as_stored(value: float, dtype: np.dtype[Any]) -> float:
    """Writers store a signed padding as unsigned, and the other way round: bring it into the range of the pixels."""
    if dtype.kind not in "iu":
        return value
    span = 2.0 ** (8 * dtype.itemsize)
    limits = np.iinfo(dtype)
    return value - span if value > limits.max else value + span if value < limits.min else value

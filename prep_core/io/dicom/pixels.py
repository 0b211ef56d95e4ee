"""Stored numbers of a DICOM dataset, colours as RGB, and which of them are padding."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom import palette as dicom_palette
from prep_core.io.dicom.decoders import Decoded, decode_native, signed
from prep_core.io.dicom.decoders import decode as decode_frames
from prep_core.io.dicom.encoded import PIXELS, check_tags, frames_in, has_swapped_pixels
from prep_core.io.dicom.tags import number, numbers, word
from prep_core.io.errors import ReadError, decoding
from prep_core.io.limits import Limits

PALETTE = "PALETTE COLOR"
PADDING = (
    ("PixelPaddingValue", "PixelPaddingRangeLimit"),
    ("FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit"),
    ("DoubleFloatPixelPaddingValue", "DoubleFloatPixelPaddingRangeLimit"),
)


@dataclass(frozen=True)
class Frames:
    """The frames of one dataset.

    Attributes
    ----------
    stored : (frames, rows, columns) ndarray, or (frames, 3, rows, columns) in colour
        Numbers as stored.
    colour : bool
    converted : tuple of str
        What was done to them.
    decoder : str
        Who decompressed them, with its version; empty where pydicom did all of it.
    """

    stored: NDArray[Any]
    colour: bool
    converted: tuple[str, ...]
    decoder: str


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
    check_tags(name, ds)
    samples, frames = int(number(ds, "SamplesPerPixel", 1)), frame_count(ds)
    shape = (frames, int(number(ds, "Rows", 0)), int(number(ds, "Columns", 0)))
    size = max(1, int(number(ds, "BitsAllocated", 16)) // 8)
    limits.check_array(name, (*shape, samples), size)
    with decoding(name, "DICOM pixels"):
        compressed = frames_in(name, ds, shape)
        cells = () if compressed else _cells(ds)
        (pixels, interpretation), by = decode_frames(name, ds, compressed) if compressed else (_native(ds), "")
        expected = (*shape, samples) if samples > 1 else shape
        if pixels.size != np.prod(expected):
            raise ReadError(
                f"{name} is corrupt: it holds {pixels.size} numbers, but its tags declare {np.prod(expected)}; "
                "get a fresh copy"
            )
        pixels, told = _as_rgb(name, ds, pixels.reshape(expected), interpretation)
    if pixels.ndim == len(shape):
        return Frames(pixels, False, (*cells, *told), by)
    return Frames(np.ascontiguousarray(np.moveaxis(pixels, -1, 1)), True, (*cells, *told), by)


def padding(ds: Dataset, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Where the stored numbers are padding (PS3.3 C.7.5.1.1.2); None where the dataset names none."""
    bounds = padding_range(ds, stored.dtype)
    return None if bounds is None else (stored >= bounds[0]) & (stored <= bounds[1])


def padding_range(ds: Dataset, stored: np.dtype[Any]) -> tuple[float, float] | None:
    """The smallest and the largest number of type `stored` that is padding; None where the dataset names none.

    The tag counts in stored numbers, before slope and intercept.
    """
    for value, limit in PADDING:
        if first := numbers(ds, value):
            last = numbers(ds, limit) or first
            low, high = sorted((_as_stored(first[0], stored), _as_stored(last[0], stored)))
            return low, high
    return None


def padding_value(ds: Dataset) -> float | None:
    """The stored number that the dataset uses for padding."""
    return next((found[0] for value, _ in PADDING if (found := numbers(ds, value))), None)


def _cells(ds: Dataset) -> tuple[str, ...]:
    """Sentences about uncompressed numbers that do not lie in their cells as usual."""
    swapped = ("the bytes of the pixels were swapped, as their private transfer syntax asks",)
    shifted = (f"the numbers lie {_lowest_bit(ds)} bits up in their cells, and were brought down",)
    return (*(swapped if has_swapped_pixels(ds) else ()), *(shifted if _lowest_bit(ds) else ()))


def _native(ds: Dataset) -> Decoded:
    swapped, low = has_swapped_pixels(ds), _lowest_bit(ds)
    if not swapped and not low:
        return decode_native(ds)
    stored, allocated = int(number(ds, "BitsStored", 0)), int(number(ds, "BitsAllocated", 0))
    if swapped:
        pixels, interpretation = np.frombuffer(ds.PixelData, f">u{allocated // 8}"), "MONOCHROME2"
    else:
        pixels, interpretation = decode_native(ds, keep_bits=True)
    is_signed = number(ds, "PixelRepresentation", 0) == 1
    return signed(pixels.astype(np.int64) >> low, stored, is_signed, allocated), interpretation


def _lowest_bit(ds: Dataset) -> int:
    """Where a number begins in its cell: PS3.5 8.1.1 lets it lie anywhere, and HighBit says where it ends."""
    if "PixelData" not in ds or number(ds, "BitsAllocated", 0) == 1:
        return 0
    return max(0, int(number(ds, "HighBit", -1)) + 1 - int(number(ds, "BitsStored", 0)))


def _as_rgb(name: str, ds: Dataset, pixels: NDArray[Any], interpretation: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Grey as it is, palettes applied; anything else must have become RGB while it was decoded."""
    told = word(ds, "PhotometricInterpretation")
    if interpretation == PALETTE:
        coloured, sentence = dicom_palette.as_rgb(name, ds, pixels)
        return coloured, (sentence,)
    if pixels.ndim == 3:
        return pixels, ()
    if interpretation != "RGB" or pixels.shape[-1] != 3:
        raise ReadError(
            f"{name} has colours of a kind that is not read here ({pixels.shape[-1]} samples, not RGB, YBR or a "
            "palette); convert it to RGB first"
        )
    return pixels, (f"{told} colours became RGB",) if told != "RGB" else ()


def _as_stored(value: float, dtype: np.dtype[Any]) -> float:
    """Writers store a signed padding as unsigned, and the other way round: bring it into the range of the pixels."""
    if dtype.kind not in "iu":
        return value
    span = 2.0 ** (8 * dtype.itemsize)
    limits = np.iinfo(dtype)
    return value - span if value > limits.max else value + span if value < limits.min else value

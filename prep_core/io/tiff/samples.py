"""What the samples of a TIFF are: intensities, colours, transparency, placeholders for no data."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError
from prep_core.io.values import rescaled

COLOURS = ("R", "G", "B")
ALPHA = (1, 2)
"""Kinds of extra samples that are transparency (TIFF 6.0, ExtraSamples); 0 is data of an unnamed kind."""

INKS_AND_LABS = ("SEPARATED", "CIELAB", "ICCLAB", "ITULAB", "LOGL", "LOGLUV")
DECODED_TO_RGB = ("JPEG", "OJPEG", "APERIO_JP2000_YCBC", "APERIO_JP2000_RGB", "JPEG2000", "WEBP")
"""Codecs that turn YCbCr into RGB by themselves."""

ALWAYS_LOSSY = ("OJPEG", "JPEG_LOSSY", "JPEGXR", "JPEGXR_NDPI")


@dataclass(frozen=True, slots=True)
class Samples:
    """Intensities with their axes, the names of their channels, what was done to get them, and what was lost."""

    data: NDArray[Any]
    axes: str
    channels: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_colours(name: str, page: Any) -> None:
    """Complain about inks and other colours that are neither grey nor RGB, and stay so when they are decoded.

    Raises
    ------
    ReadError
    """
    kind = page.photometric.name
    if kind in INKS_AND_LABS:
        raise ReadError(f"{name} holds colours of the kind {kind}; convert it to grey or RGB first")
    if kind == "YCBCR" and page.compression.name not in DECODED_TO_RGB:
        raise ReadError(f"{name} holds colours as YCbCr that no codec turns into RGB; convert it to RGB first")


def intensities(page: Any, array: NDArray[Any], axes: str) -> Samples:
    """The samples that are intensities: without transparency, with the colours of a palette."""
    kind = page.photometric.name
    if kind == "PALETTE" and page.colormap is not None:
        return _through_palette(page.colormap, array, axes)
    data = array.astype(np.uint8) if array.dtype == bool else array
    data, dropped = _without_alpha(page, data, axes)
    bands = data.shape[axes.index("S")] if "S" in axes else 1
    coloured = kind in ("RGB", "YCBCR") and bands == len(COLOURS)
    return Samples(data, axes, COLOURS if coloured else (), tuple(dropped), tuple(dropped))


def _through_palette(table: NDArray[np.uint16], array: NDArray[Any], axes: str) -> Samples:
    """The colours have 16 bits; writers of 8-bit pictures put a byte into the upper half, or into both."""
    bytewise = not (table & 255).any() or not (table % 257).any()
    colours = (table >> 8).astype(np.uint8) if bytewise else table.astype(np.uint16)
    told = f"the numbers of a palette were replaced by its {colours.dtype} colours"
    return Samples(colours[:, array], "S" + axes, COLOURS, (told,))


def _without_alpha(page: Any, data: NDArray[Any], axes: str) -> tuple[NDArray[Any], list[str]]:
    alpha = sum(int(kind) in ALPHA for kind in page.extrasamples)
    if not alpha or "S" not in axes:
        return data, []
    bands = np.arange(data.shape[axes.index("S")] - alpha)
    kept = np.take(data, bands, axis=axes.index("S"))
    return kept, ["the alpha channel (transparency) was dropped: it is not an intensity"]


def calibrated(found: Any, data: NDArray[Any]) -> tuple[NDArray[Any], list[str], list[str]]:
    """ImageJ's straight line from stored numbers to values, what was done, and what was not.

    ImageJ stores signed 16-bit numbers as unsigned ones, and keeps the -32768 here.
    """
    line, odd = calibration(found)
    values = rescaled(data, *line)
    return values, [calibrated_words(data.dtype, values.dtype, *line)] if values is not data else [], odd


def calibration(found: Any) -> tuple[tuple[float, float], list[str]]:
    """Slope and intercept, and what is odd about them."""
    if not isinstance(found, dict) or "cf" not in found:
        return (1, 0), []
    slope, intercept = found.get("c1", 1), found.get("c0", 0)
    straight = found["cf"] == 0 and all(isinstance(v, int | float) and math.isfinite(v) for v in (slope, intercept))
    if not straight or slope == 0:
        return (1, 0), ["ImageJ's calibration of its values is not a straight line and was not applied"]
    return (slope, intercept), []


def calibrated_words(stored: np.dtype[Any], values: np.dtype[Any], slope: float, intercept: float) -> str:
    """What was done to the stored numbers."""
    return f"stored {stored} numbers became {values}: slope {slope:g}, intercept {intercept:g} (ImageJ)"


def no_data(page: Any, data: NDArray[Any]) -> tuple[NDArray[np.bool_] | None, list[str]]:
    """Where the placeholder of GDAL for no data does not stand, and how often it does."""
    missing = placeholder(page)
    if missing is None:
        return None, []
    valid: NDArray[np.bool_] = data != missing
    return valid, missing_words(missing, valid.size - int(np.count_nonzero(valid)))


def placeholder(page: Any) -> float | None:
    """The finite number that GDAL writes for no data, if it says so."""
    try:
        missing = float(str(page.tags.valueof("GDAL_NODATA")).strip("\0 "))
    except ValueError:
        return None
    return missing if math.isfinite(missing) else None


def missing_words(missing: float, count: int) -> list[str]:
    """What to say of `count` samples of no data, if there are any."""
    told = f"{count} samples are {missing:g}, the file's word for no data, and are left out of statistics"
    return [told] if count else []


def is_lossy(compression: str, segment: bytes) -> bool:
    """Whether a compressed piece of a picture is not what was measured, so far as its first bytes tell.

    JPEG has a lossless frame (ITU T.81, SOF3), JPEG 2000 a reversible transform (T.800 A.6.1), WebP a chunk VP8L.
    """
    if compression == "JPEG":
        return b"\xff\xc3" not in segment[:4096]
    if "2000" in compression or "JP2000" in compression:
        style = segment.find(b"\xff\x52")
        return style < 0 or segment[style + 13 : style + 14] == b"\0"
    if compression == "WEBP":
        return segment[12:16] != b"VP8L"
    return compression in ALWAYS_LOSSY

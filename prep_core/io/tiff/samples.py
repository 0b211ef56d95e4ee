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
    if not isinstance(found, dict) or "cf" not in found:
        return data, [], []
    slope, intercept = found.get("c1", 1), found.get("c0", 0)
    straight = found["cf"] == 0 and all(isinstance(v, int | float) and math.isfinite(v) for v in (slope, intercept))
    if not straight or slope == 0:
        return data, [], ["ImageJ's calibration of its values is not a straight line and was not applied"]
    values = rescaled(data, slope, intercept)
    done = f"stored {data.dtype} numbers became {values.dtype}: slope {slope:g}, intercept {intercept:g} (ImageJ)"
    return values, [done] if values is not data else [], []


def no_data(page: Any, data: NDArray[Any]) -> tuple[NDArray[np.bool_] | None, list[str]]:
    """Where the placeholder of GDAL for no data does not stand, and how often it does."""
    try:
        missing = float(str(page.tags.valueof("GDAL_NODATA")).strip("\0 "))
    except ValueError:
        return None, []
    if not math.isfinite(missing):
        return None, []
    valid: NDArray[np.bool_] = data != missing
    count = valid.size - int(np.count_nonzero(valid))
    told = [f"{count} samples are {missing:g}, the file's word for no data, and are left out of statistics"]
    return valid, told if count else []


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

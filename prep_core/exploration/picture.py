"""One plane as a PNG inside a page."""

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from prep_core.inspection import magnitude_of, percentiles
from prep_core.scan import Scan

EDGE = 512
"""Pixels along an axis, at most; a larger plane shows every k-th of its own."""

SHOWN = (0.5, 99.5)
"""Percentiles of a plane that are black and white."""


@dataclass(frozen=True)
class Picture:
    """A PNG with the values that are black and white in it.

    Attributes
    ----------
    aspect : width over height, by the voxel size
    every : which pixels of the plane are shown: every k-th
    """

    png: bytes
    low: float
    high: float
    unit: str
    aspect: float
    every: int

    @property
    def address(self) -> str:
        """The picture as an address of its own."""
        return f"data:image/png;base64,{b64encode(self.png).decode()}"


def picture(plane: Scan) -> Picture:
    """`plane`, a scan of one image, in greys; padding is transparent, complex values are shown by magnitude."""
    height, width = plane.data.shape[-2:]
    every = -(-max(height, width) // EDGE)
    values = magnitude_of(plane).data.reshape(height, width)[::every, ::every].astype(np.float64)
    valid = plane.valid.reshape(height, width)[::every, ::every]
    low, high = _range(plane)
    share = (np.where(valid, values, low) - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    grey = 1 - share.clip(0, 1) if plane.display_inverted else share.clip(0, 1)
    pixels = np.stack([np.rint(255 * grey), np.where(valid, 255, 0)], axis=-1).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(pixels, "LA").save(stream, "PNG", compress_level=9)
    y, x = plane.spacing[-2:]
    return Picture(stream.getvalue(), low, high, plane.unit, width * x / (height * y), every)


def _range(plane: Scan) -> tuple[float, float]:
    """What is black and white: 0 and 1 for results in between, else percentiles."""
    values = magnitude_of(plane).data[plane.valid]
    if not values.size:
        return 0.0, 0.0
    least, low, high, largest = percentiles(values, (0.0, *SHOWN, 100.0))
    if plane.unit == "1" and least >= 0 and largest <= 1:
        return 0.0, 1.0
    return (low, high) if low < high else (least, largest)

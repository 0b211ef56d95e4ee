"""TIFF files for the tests, and what is read from them."""

import io
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from prep_core.io import load
from prep_core.scan import Scan

RNG = np.random.default_rng(0)
SMOOTH = (np.add.outer(np.arange(48), np.arange(64)) * 1.5).astype(np.uint8)


def tif(array: NDArray[Any], **words: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, **{"metadata": None, "photometric": "minisblack", **words})
    return stream.getvalue()


def one(data: bytes, **words: Any) -> Scan:
    (scan,) = load(data, name="picture.tif", **words)
    return scan


def told(scan: Scan, words: str) -> bool:
    return any(words in w for w in scan.source.warnings)

"""Stored numbers that are places in a palette, as RGB (PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import apply_color_lut
from pydicom.uid import ExplicitVRBigEndian

from prep_core.io.errors import ReadError

COLOURS = ("Red", "Green", "Blue")


def as_rgb(name: str, ds: Dataset, pixels: NDArray[Any]) -> tuple[NDArray[Any], str]:
    """`pixels` as (..., 3), and the sentence that says so.

    Raises
    ------
    ReadError
        For numbers beyond the end of the palette, where the standard would repeat its last colour.
    """
    told, first, _ = ds.RedPaletteColorLookupTableDescriptor
    entries = told or 2**16
    highest = int(np.max(pixels))
    if highest >= first + entries:
        raise ReadError(
            f"{name} is corrupt: it uses colour {highest} of a palette with {entries} entries; get a fresh copy"
        )
    sentence = f"stored numbers became RGB by the file's palette of {entries} colours"
    if "SegmentedRedPaletteColorLookupTableData" in ds:
        return apply_color_lut(pixels, ds)[..., :3], sentence
    tables = [_table(ds, colour, entries) for colour in COLOURS]
    at = np.clip(pixels.astype(np.int64) - first, 0, entries - 1)
    return np.stack([table[at] for table in tables], axis=-1), sentence


def _table(ds: Dataset, colour: str, entries: int) -> NDArray[Any]:
    data: bytes = ds[f"{colour}PaletteColorLookupTableData"].value
    if len(data) < 2 * entries:
        return np.frombuffer(data, np.uint8)[:entries]
    # Words are in the byte order of the file; pydicom leaves them as they are.
    order = ">" if ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<"
    return np.frombuffer(data, f"{order}u2")[:entries].astype(np.uint16)

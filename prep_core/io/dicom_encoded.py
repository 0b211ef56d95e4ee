"""Compressed DICOM, looked at before a decoder sees it: does it hold what its tags declare?"""

import math
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.uid import UID, ImplicitVRLittleEndian, RLELossless

from prep_core.io.dicom_tags import number
from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits

DEFLATED = b"1.2.840.10008.1.2.1.99"
GROUP_LENGTH = slice(140, 144)
META_START = 144
CHUNK = 1 << 20

J2K_SIZE = b"\xff\x4f\xff\x51"
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
UNDEFINED = 0xFFFFFFFF
RLE_OVERHEAD = 1 << 16

BIG_ENDIAN_PIXELS = UID("1.2.840.113619.5.2")
"""Private syntax of an old maker: tags as in Implicit VR Little Endian, pixels big-endian."""


def check_deflated(name: str, data: bytes, limits: Limits) -> None:
    """Inflate a deflated dataset without keeping it, and complain as soon as it is above the limits.

    Raises
    ------
    ReadError
        Above the limits, or when the stream is damaged.
    """
    if DEFLATED not in data[META_START : META_START + 1024]:
        return
    start = META_START + int.from_bytes(data[GROUP_LENGTH], "little")
    stream, waiting, total = zlib.decompressobj(-zlib.MAX_WBITS), data[start:], 0
    try:
        while waiting and not stream.eof:
            total += len(stream.decompress(waiting, CHUNK))
            waiting = stream.unconsumed_tail
            limits.check(name, "decoded_bytes", total, "its inflated size in bytes")
            limits.check_ratio(name, len(data), total)
    except zlib.error as fault:
        raise ReadError(f"{name} is truncated or corrupt: its deflated part is damaged; get a fresh copy") from fault


def check_length(name: str, ds: Dataset) -> None:
    """Complain where the file ends before the pixels do; pydicom takes what there is."""
    for keyword in (k for k in PIXELS if k in ds):
        item = ds.get_item(keyword)
        if isinstance(item, RawDataElement) and item.length != UNDEFINED and len(item.value or b"") < item.length:
            raise ReadError(
                f"{name} is truncated: expected {item.length} bytes of pixels, found {len(item.value or b'')}; "
                "get a fresh copy"
            )


def check_encoded(name: str, ds: Dataset, shape: tuple[int, ...]) -> None:
    """Complain about compressed pixels that claim another size than the tags; `shape` ends in rows, columns.

    Raises
    ------
    ReadError
        For a JPEG 2000 of another size, run lengths far longer than the picture, or colours that RLE cannot have.
    """
    syntax, pixels = ds.file_meta.TransferSyntaxUID, bytes(ds.get("PixelData") or b"")
    if syntax == BIG_ENDIAN_PIXELS:
        return
    if not syntax.is_transfer_syntax or syntax.is_private:
        raise ReadError(f"{name} uses the transfer syntax {syntax}, which is not supported; convert it first")
    if not syntax.is_compressed:
        return
    at = pixels[:4096].find(J2K_SIZE)
    if at >= 0:
        right, bottom, left, top = (int.from_bytes(pixels[at + n : at + n + 4]) for n in (8, 12, 16, 20))
        if (bottom - top, right - left) != shape[-2:]:
            raise ReadError(
                f"{name} is corrupt: its JPEG 2000 is {bottom - top} x {right - left}, but its tags declare "
                f"{shape[-2]} x {shape[-1]}; get a fresh copy"
            )
    if syntax == RLELossless:
        _check_rle(name, ds, len(pixels), shape)


def is_swapped(ds: Dataset) -> bool:
    """Whether the pixels are in the other byte order than the tags; the dataset is marked as plain little-endian."""
    swapped: bool = ds.file_meta.TransferSyntaxUID == BIG_ENDIAN_PIXELS
    if swapped:
        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    return swapped


def check_palette(name: str, ds: Dataset, pixels: NDArray[Any]) -> None:
    """Complain about stored numbers beyond the end of the palette (PS3.3 C.7.6.3.1.5 would repeat its last colour)."""
    entries, first, _ = ds.RedPaletteColorLookupTableDescriptor
    highest = int(np.max(pixels))
    if highest >= first + (entries or 2**16):
        raise ReadError(
            f"{name} is corrupt: it uses colour {highest} of a palette with {entries} entries; get a fresh copy"
        )


def _check_rle(name: str, ds: Dataset, length: int, shape: tuple[int, ...]) -> None:
    if str(ds.get("PhotometricInterpretation")).endswith(("422", "420")):
        raise ReadError(f"{name} is RLE with subsampled colours, which DICOM does not allow; convert it to RGB first")
    size = math.prod(shape) * int(number(ds, "SamplesPerPixel", 1)) * max(1, int(number(ds, "BitsAllocated", 8)) // 8)
    if length > 2 * size + RLE_OVERHEAD:
        raise ReadError(
            f"{name} is corrupt: {length} bytes of RLE for a declared size of {size} bytes; get a fresh copy"
        )

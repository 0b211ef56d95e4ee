"""DICOM pixels, looked at before a decoder sees them: does the file hold what its tags declare?"""

import math
import zlib

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.encaps import generate_frames
from pydicom.tag import Tag
from pydicom.uid import UID, RLELossless

from prep_core.io.dicom.codestream import check_frames, is_checked
from prep_core.io.dicom.tags import number, numbers, word
from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits

DEFLATED = b"1.2.840.10008.1.2.1.99"
GROUP_LENGTH = slice(140, 144)
META_START = 144
CHUNK = 1 << 20

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


def check_tags(name: str, ds: Dataset) -> None:
    """Complain about tags that contradict themselves, by their names.

    Raises
    ------
    ReadError
        For a number of frames that is none, impossible bits, or a transfer syntax that nobody reads.
    """
    if "NumberOfFrames" in ds and word(ds, "NumberOfFrames") and not numbers(ds, "NumberOfFrames"):
        raise ReadError(f"{name} has a NumberOfFrames that is not a number; repair its header")
    stored, allocated = number(ds, "BitsStored", 0), number(ds, "BitsAllocated", 0)
    if "PixelData" in ds and not 0 < stored <= allocated:
        raise ReadError(
            f"{name} has impossible bits: BitsStored {stored:g} of BitsAllocated {allocated:g}; repair its header"
        )
    syntax = ds.file_meta.TransferSyntaxUID
    if not isinstance(syntax, UID):
        raise ReadError(f"{name} has a transfer syntax that is no identifier; repair its header")
    if syntax != BIG_ENDIAN_PIXELS and (not syntax.is_transfer_syntax or syntax.is_private):
        shown = syntax if set(syntax) <= set("0123456789.") else "that is no number"
        raise ReadError(f"{name} uses the transfer syntax {shown}, which is not supported; convert it first")


def frames_in(name: str, ds: Dataset, shape: tuple[int, int, int]) -> list[bytes]:
    """The compressed frames of a dataset, checked; `shape` is (frames, rows, columns).  None where it is not.

    Raises
    ------
    ReadError
        For frames of another number or size than the tags say, or without an end; for run lengths far longer than
        the picture, or colours that RLE cannot have.
    """
    syntax, pixels = ds.file_meta.TransferSyntaxUID, ds.get("PixelData") or b""
    if syntax == RLELossless:
        _check_rle(name, ds, len(pixels), shape)
    if not is_checked(syntax):
        return []
    frames = list(generate_frames(pixels, number_of_frames=shape[0], extended_offsets=_offsets(ds)))
    if len(frames) != shape[0]:
        raise ReadError(
            f"{name} is corrupt: it holds {len(frames)} frames, but its tags declare {shape[0]}; get a fresh copy"
        )
    check_frames(name, frames, syntax, (*shape[1:], int(number(ds, "SamplesPerPixel", 1))))
    return frames


def let_go(ds: Dataset) -> None:
    """Take the pixels out of a dataset, in which it is still seen that there were some."""
    for keyword in (k for k in PIXELS if k in ds):
        tag = Tag(keyword)
        ds[tag] = RawDataElement(tag, None, 0, None, 0, *ds.original_encoding)


def has_swapped_pixels(ds: Dataset) -> bool:
    """Whether the pixels are in the other byte order than the tags."""
    return bool(ds.file_meta.TransferSyntaxUID == BIG_ENDIAN_PIXELS)


def _offsets(ds: Dataset) -> tuple[bytes, bytes] | None:
    offsets, lengths = ds.get("ExtendedOffsetTable"), ds.get("ExtendedOffsetTableLengths")
    return (offsets, lengths) if offsets and lengths else None


def _check_rle(name: str, ds: Dataset, length: int, shape: tuple[int, ...]) -> None:
    if word(ds, "PhotometricInterpretation").endswith(("422", "420")):
        raise ReadError(f"{name} is RLE with subsampled colours, which DICOM does not allow; convert it to RGB first")
    size = math.prod(shape) * int(number(ds, "SamplesPerPixel", 1)) * max(1, int(number(ds, "BitsAllocated", 8)) // 8)
    if length > 2 * size + RLE_OVERHEAD:
        raise ReadError(
            f"{name} is corrupt: {length} bytes of RLE for a declared size of {size} bytes; get a fresh copy"
        )

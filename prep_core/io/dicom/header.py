"""The header of a DICOM file, read without its pixels: enough to tell which series the file belongs to."""

import zlib
from io import BytesIO
from typing import BinaryIO

from pydicom import Dataset
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from prep_core.io import gzip_bytes
from prep_core.io.dicom.encoded import DEFLATED, GROUP_LENGTH, META_START
from prep_core.io.dicom.open import EMPTIED, MAGIC_AT, Headed, class_of, is_dicom, meaning
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File

TAGS = tuple(
    Tag(keyword)
    for keyword in (
        "SOPClassUID",
        "ImageType",
        "SeriesInstanceUID",
        "SeriesNumber",
        "ImageOrientationPatient",
        "StackID",
        "SamplesPerPixel",
        "PhotometricInterpretation",
        "NumberOfFrames",
        "Rows",
        "Columns",
        "PerFrameFunctionalGroupsSequence",
    )
)
"""What `series_of` and `names_of` ask for, and the kind of object."""

DIRECTORY = 0x0004
"""The group of a table of contents, which can be long (PS3.3 F.3)."""

PIXELS = 0x7FE0
"""The group of the pixels; only filling and signatures come behind it."""

BEGIN = META_START + 1024
"""Bytes in which the transfer syntax is told."""

UNPACKED = 1 << 22
"""Bytes of a packed file that are unpacked: a header fits, and a bomb does not go off."""


class _End:
    """Where reading stops: at the pixels, or at the records of a table of contents."""

    def __init__(self) -> None:
        self.may_have_pixels = False

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        group = int(tag) >> 16
        self.may_have_pixels |= group == PIXELS
        return group == DIRECTORY or group >= PIXELS


def header_of(file: File) -> Headed | None:
    """What a file says of the series it belongs to; None for what is no image, such as a report (PS3.4 B.5).

    Whether its pixels are there and whole is seen when it is read.

    Raises
    ------
    ReadError
        For a file that is not DICOM, or has a header that is damaged.
    """
    with decoding(file.shown, "DICOM"), file.open() as stream:
        end = _End()
        ds = _header(file.shown, _unzipped(stream, end), end)
        if not end.may_have_pixels and _is_no_image(ds):
            return None
        if not end.may_have_pixels and not _tells_series(ds):
            raise ReadError(f"{file.shown} is truncated: it ends inside its header; get a fresh copy")
        return Headed(file, ds)


def _unzipped(stream: BinaryIO, end: _End) -> BinaryIO:
    """The stream itself, or the beginning of what is packed in it."""
    packed = stream.read(len(gzip_bytes.MAGIC))
    if packed != gzip_bytes.MAGIC:
        return stream
    end.may_have_pixels = True
    return BytesIO(gzip_bytes.head(packed + stream.read(UNPACKED), UNPACKED))


def _header(name: str, stream: BinaryIO, end: _End) -> Dataset:
    stream.seek(0)
    begin = stream.read(BEGIN)
    if not is_dicom(begin[: MAGIC_AT + 8]):
        raise ReadError(f"{name} is not a DICOM file: it lacks the DICM mark; check what it really is")
    if DEFLATED in begin[META_START:BEGIN]:
        return _deflated(begin, stream, end)
    stream.seek(0)
    return read_partial(stream, end, force=True, specific_tags=list(TAGS))


def _deflated(begin: bytes, stream: BinaryIO, end: _End) -> Dataset:
    """PS3.5 A.5: all behind the file meta information is packed, and written with its types."""
    end.may_have_pixels = True
    stream.seek(META_START + int.from_bytes(begin[GROUP_LENGTH], "little"))
    inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream.read(UNPACKED), UNPACKED)
    return read_dataset(BytesIO(inflated), False, True, stop_when=end, specific_tags=list(TAGS))


def _is_no_image(ds: Dataset) -> bool:
    """Of an object without pixels; an image that lost them is one that is damaged."""
    uid = class_of(ds)
    if meaning(uid) != EMPTIED:
        return True
    # Of a class that only its maker knows, but not of one that was cut off while it was told.
    return UID(uid).is_private and "SeriesInstanceUID" in ds and "Rows" not in ds


def _tells_series(ds: Dataset) -> bool:
    """Whether a header goes on to the tags by which slices are told apart."""
    return "SeriesInstanceUID" in ds and "Columns" in ds

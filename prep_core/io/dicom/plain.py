"""Slices whose pixels lie in the file as they are needed: the header is read first, the pixels into their place."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from prep_core.io import gzip_bytes
from prep_core.io.dicom.encoded import DEFLATED, META_START, let_go
from prep_core.io.dicom.open import MAGIC_AT, Headed, is_dicom
from prep_core.io.dicom.tags import number, numbers, told, word
from prep_core.io.errors import DECODER_FAULTS
from prep_core.io.files import File

HEADERS = (1 << 14, 1 << 18)
"""Bytes in which the header of a plain slice usually ends, and in which it ends at last."""

SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
GREY = ("MONOCHROME1", "MONOCHROME2")
CELLS = (8, 16, 32)
NOT_PLAIN = frozenset(
    Tag(keyword)
    for keyword in (
        "DoubleFloatPixelData",
        "FloatPixelData",
        "ModalityLUTSequence",
        "PerFrameFunctionalGroupsSequence",
        "SegmentationType",
        "SharedFunctionalGroupsSequence",
    )
)


@dataclass(frozen=True)
class Plain(Headed):
    """A slice of grey numbers without any packing; its dataset lacks the pixels.

    Attributes
    ----------
    header : bytes
        All that comes before the pixels.
    dtype : dtype
        Of the stored numbers.
    unused : int
        Bits of each cell above the number in it.
    """

    header: bytes
    dtype: np.dtype[Any]
    unused: int

    @property
    def shape(self) -> tuple[int, int]:
        return _whole(self.ds, "Rows"), _whole(self.ds, "Columns")

    def read_into(self, stored: NDArray[Any]) -> str:
        """Read the stored numbers into `stored`, (rows, columns) without gaps, and give the digest of the file.

        Raises
        ------
        ReadError
            When the file changed since its header was read, or cannot be read.
        """
        sha = self.file.read_behind(self.header, stored.reshape(-1).view(np.uint8).data)
        if self.unused:
            # PS3.5 8.1.1: nobody knows what is in the unused bits.
            np.left_shift(stored, self.unused, out=stored)
            np.right_shift(stored, self.unused, out=stored)
        return sha


def plain(file: File) -> Plain | None:
    """The header of `file`, if it is a plain slice; all others, and those that are damaged, are read as a whole."""
    found = None if file.is_packed else _headed(file)
    if found is None or not _is_plain(found[0]):
        return None
    ds, header = found
    allocated = _whole(ds, "BitsAllocated")
    dtype = np.dtype(f"<{'ui'[_whole(ds, 'PixelRepresentation')]}{allocated // 8}")
    return Plain(file, ds, header, dtype, allocated - _whole(ds, "BitsStored")) if dtype.isnative else None


def _headed(file: File) -> tuple[Dataset, bytes] | None:
    """The tags of a file and its bytes before the pixels, if these are as many as the tags say."""
    for count in HEADERS:
        try:
            head = file.head(count)
            ds = _dataset(head)
            if ds is None:
                return None
            if "PixelData" in ds:
                start = _start(ds, file.size)
                return (ds, head[:start]) if 0 < start <= count else None
        except DECODER_FAULTS:
            # It may be cut in the middle of a tag: more of it tells, or reading all of it.
            continue
    return None


def _dataset(head: bytes) -> Dataset | None:
    """The tags in the first bytes of a file, if it is DICOM and not compressed."""
    compressed = head.startswith(gzip_bytes.MAGIC) or DEFLATED in head[META_START : META_START + 1024]
    if compressed or not is_dicom(head[: MAGIC_AT + 8]):
        return None
    ds = pydicom.dcmread(BytesIO(head), force=True, defer_size=len(head))
    # It would keep `head` in memory.
    ds.buffer = None
    return ds


def _start(ds: Dataset, size: int) -> int:
    """Where the pixels begin, if they are as many as the tags say and the file ends with them; else 0."""
    item = ds.get_item("PixelData", keep_deferred=True)
    want = _whole(ds, "Rows") * _whole(ds, "Columns") * _whole(ds, "BitsAllocated") // 8
    if not isinstance(item, RawDataElement) or not want or item.length != want + want % 2:
        return 0
    # Those of a small picture were read with the header.
    let_go(ds)
    return item.value_tell if item.value_tell + item.length == size else 0


def _is_plain(ds: Dataset) -> bool:
    """Whether nothing is to be done to the pixels but to read them."""
    if ds.file_meta.get("TransferSyntaxUID") not in SYNTAXES or not ds.keys().isdisjoint(NOT_PLAIN):
        return False
    return (
        _whole(ds, "SamplesPerPixel") == 1
        and word(ds, "PhotometricInterpretation") in GREY
        and numbers(ds, "PixelRepresentation") in ([0], [1])
        and _whole(ds, "BitsAllocated") in CELLS
        and 0 < _whole(ds, "BitsStored") <= _whole(ds, "BitsAllocated")
        and number(ds, "HighBit", -1) < _whole(ds, "BitsStored")
        and (told(ds, "NumberOfFrames") is None or _whole(ds, "NumberOfFrames") == 1)
    )


def _whole(ds: Dataset, keyword: str) -> int:
    """The one whole number in a tag, or 0."""
    found = numbers(ds, keyword)
    return int(found[0]) if len(found) == 1 and found[0].is_integer() else 0

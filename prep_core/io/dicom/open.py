"""One DICOM file opened: its tags, or in one sentence why there are no pixels in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import pydicom
from pydicom import Dataset
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, UID_dictionary

from prep_core.io import gzip_bytes
from prep_core.io.dicom.encoded import check_deflated, check_length
from prep_core.io.dicom.pixels import has_pixels
from prep_core.io.dicom.tags import word
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits

MAGIC_AT = 128
FIRST_GROUPS = (b"\x08\x00", b"\x02\x00")
FIRST_GROUP_BIG = b"\x00\x08\x00"

EMPTIED = "its pixels were taken out or cut off; choose the images of the series"
STORAGE = "1.2.840.10008.5.1.4.1.1."
KINDS: Mapping[str, str] = {
    "1.2.840.10008.1.3.10": "a table of contents; choose the folder that it lies in",
    "1.2.840.10008.5.1.4.39.": "a table of colours; choose a picture",
    f"{STORAGE}9.": "a signal over time; choose an image",
    f"{STORAGE}11.": "how other images are to be shown; choose those images",
    f"{STORAGE}4.2": "spectra; choose an image",
    f"{STORAGE}66.4": EMPTIED,
    f"{STORAGE}66.7": EMPTIED,
    f"{STORAGE}66": "raw data or a registration; choose the images made from it",
    f"{STORAGE}88.": "a report; choose the images that it is about",
    f"{STORAGE}104.": "a document; choose the images that it is about",
    f"{STORAGE}481.1": EMPTIED,
    f"{STORAGE}481.2": EMPTIED,
    f"{STORAGE}481.3": "contours; choose the images that they are drawn on, or make a mask of them first",
    f"{STORAGE}481.": "a treatment plan or record; choose its dose or its images",
}
"""What files without pixels are, by the beginning of their SOP class (PS3.4 B.5, PS3.6 A)."""


@dataclass(frozen=True)
class Headed:
    """One DICOM file, and what it says of itself."""

    file: File
    ds: Dataset


@dataclass(frozen=True)
class Opened(Headed):
    """One that has pixels."""

    sha256: str


def is_dicom(head: bytes) -> bool:
    """Whether a file that starts so is DICOM: with its preamble, or a bare dataset of group 0002 or 0008."""
    if head[MAGIC_AT : MAGIC_AT + 4] == b"DICM":
        return True
    bare = head[:2] in FIRST_GROUPS and head[3:4] == b"\x00"
    return (bare or _is_bare_big_endian(head)) and len(head) > MAGIC_AT


def open_file(file: File, limits: Limits) -> Opened:
    """The tags of `file`, gzipped or not.

    Raises
    ------
    ReadError
        For a file that is not DICOM, has no pixels, or is cut short.
    """
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    data = file.read()
    content = _unzipped(file.shown, data, limits)
    if not is_dicom(content[: MAGIC_AT + 8]):
        raise ReadError(f"{file.shown} is not a DICOM file: it lacks the DICM mark; check what it really is")
    check_deflated(file.shown, content, limits)
    with decoding(file.shown, "DICOM"):
        ds = pydicom.dcmread(BytesIO(content), force=True)
        # It would keep the bytes in memory a second time.
        ds.buffer = None
        check_pixels(file.shown, ds)
        if "TransferSyntaxUID" not in ds.file_meta or not ds.file_meta.TransferSyntaxUID:
            ds.file_meta.TransferSyntaxUID = _syntax_as_read(ds)
    return Opened(file, ds, digest(data))


def check_pixels(name: str, ds: Dataset) -> None:
    """Complain about a dataset without pixels, by what it is, or with fewer than it says."""
    if not has_pixels(ds):
        uid = class_of(ds)
        kind = UID(uid).name if uid in UID_dictionary else "of no known kind"
        raise ReadError(f"{name} has no pixels (it is: {kind}): {meaning(uid)}")
    check_length(name, ds)


def class_of(ds: Dataset) -> str:
    """The identifier of what kind of object a dataset is; empty where it does not say."""
    return word(ds, "SOPClassUID") or word(ds.file_meta, "MediaStorageSOPClassUID")


def meaning(uid: str) -> str:
    """What an object of class `uid` is that has no pixels, and what to choose in its place."""
    return next((words for start, words in KINDS.items() if uid.startswith(start)), EMPTIED)


def _unzipped(name: str, data: bytes, limits: Limits) -> bytes:
    if not data.startswith(gzip_bytes.MAGIC):
        return data
    # RFC 1952, 2.3.1: the last four bytes are the size of what was packed.
    size = int.from_bytes(data[-4:], "little")
    limits.check(name, "file_bytes", size, "its unpacked size in bytes")
    limits.check_ratio(name, len(data), size)
    return gzip_bytes.unpack(name, data, size)


def _is_bare_big_endian(head: bytes) -> bool:
    return head[:3] == FIRST_GROUP_BIG and head[4:6].isalpha() and head[4:6].isupper()


def _syntax_as_read(ds: Dataset) -> UID:
    """Of a file that does not name it: pydicom finds out the byte order, and whether types are written out."""
    implicit, little = ds.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian

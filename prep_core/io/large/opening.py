"""Which scans are read a part at a time, and the parts themselves."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from prep_core.io import numpy_files
from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.files import File, from_folder, from_path
from prep_core.io.large import nifti, npy, tiff, zarr
from prep_core.io.large.layout import Region
from prep_core.io.large.opened import Opened
from prep_core.io.large.survey import part_of, surveyed
from prep_core.io.limits import Limits
from prep_core.io.nifti import reader as nifti_reader
from prep_core.io.tiff import reader as tiff_reader
from prep_core.io.zarr.store import is_store
from prep_core.scan import Scan

HEAD = 540
"""Bytes in which the formats show themselves."""

MOST_BYTES, MOST_VOXELS, MOST_FILES = 2**46, 2**44, 2**24
"""What a file may claim that is never read as a whole: mistakes of a header are found, and time runs out first."""

Stamp = tuple[int, int]
"""Size and time of the last change, of a file or of the folder of a store."""


@dataclass(frozen=True)
class Outline:
    """A scan that is to be read in parts: a stand-in for its voxels in place of them, and how they are stored."""

    scan: Scan
    grain: tuple[int, ...]


def outline(path: Path, answers: Answers, limits: Limits) -> Outline | None:
    """What `path` holds, if it is larger than `limits.whole_bytes` and its format can be read in parts.

    Reads all of it once: for its digest, and for the findings that need all of its voxels.

    Raises
    ------
    ReadError
        As `prep_core.io.load`.
    """
    if not may_be_large(path, limits):
        return None
    opened = _opened(path, answers, _roomier(limits), stamp(path))
    if opened is None or opened.size <= limits.whole_bytes:
        return None
    scan = surveyed(opened, answers)
    return Outline(scan, opened.pixels.reshaped(scan.data.shape).grain)


def block(path: Path, answers: Answers, limits: Limits, scan: Scan, region: Region) -> Scan:
    """A region of the scan that `outline` gave for `path`, with its rows, planes and channels alone.

    Raises
    ------
    ReadError
        When that part of the file is damaged.
    """
    opened = _opened(path, answers, _roomier(limits), stamp(path))
    if opened is None:
        raise ReadError(f"{path.name} changed while it was read; wait until it is complete and try again")
    return part_of(scan, region, *replace(opened, pixels=opened.pixels.reshaped(scan.data.shape)).block(region))


def stamp(path: Path) -> Stamp:
    """What tells a file from another that lies at the same place later."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def may_be_large(path: Path, limits: Limits) -> bool:
    """Whether it is worth a look: a packed file must not unpack to more than `ratio` times its size."""
    if path.is_dir():
        return is_store(path)
    return path.is_file() and path.stat().st_size * limits.ratio > limits.whole_bytes


def _roomier(limits: Limits) -> Limits:
    """Limits for what is never held in memory as a whole."""
    return replace(
        limits,
        file_bytes=max(limits.file_bytes, MOST_BYTES),
        voxels=max(limits.voxels, MOST_VOXELS),
        decoded_bytes=max(limits.decoded_bytes, MOST_BYTES),
        members=max(limits.members, MOST_FILES),
        # Others keep the time; with theirs in here a file would be opened once more for each of them.
        seconds=1,
    )


@lru_cache(2)
def _opened(path: Path, answers: Answers, limits: Limits, _: Stamp) -> Opened | None:
    if path.is_dir():
        return zarr.opened(from_folder(path, limits), answers, limits)
    file = from_path(path)
    return _by_format(path, file, file.head(HEAD), answers, limits)


def _by_format(path: Path, file: File, head: bytes, answers: Answers, limits: Limits) -> Opened | None:
    if answers.raw:
        return None
    if numpy_files.is_npy(head):
        return npy.opened(path, file, answers, limits)
    if tiff_reader.is_tiff(head):
        return tiff.opened(path, file, answers, limits)
    if nifti_reader.is_nifti(head):
        return nifti.opened(path, file, answers, limits)
    return None

"""A result on the disk as the content of a file: the bytes that `prep_core.io.encode` gives for the whole scan."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import tifffile

from prep_core.io import gzip_bytes
from prep_core.io.large.lazy import stand_in
from prep_core.io.large.opened import digest_of_file
from prep_core.io.large.raw import Raw
from prep_core.io.write import LEVEL, nifti_bytes, nrrd_header, refuse_format, storable, tif_words
from prep_core.scan import Scan

STRIP = 262144
"""Bytes of a strip of a packed TIFF, as tifffile divides pages."""

HEADER = 348


def encode_to(path: Path, raw: Raw, outline: Scan, format: str) -> str:
    """Write the file that `encode` makes of the scan, whose pixels are in `raw`; return its digest.

    Raises
    ------
    ValueError
        As `encode`.
    """
    refuse_format(outline, format)
    if format == "npy":
        os.replace(raw.path, path)
    elif format == "tif":
        _write_tif(path, raw, outline)
    else:
        content = _nrrd(raw, outline) if format == "nrrd" else _nifti(raw, outline)
        with path.open("wb") as stream:
            stream.writelines(content)
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
    return digest_of_file(path)


def _write_tif(path: Path, raw: Raw, outline: Scan) -> None:
    """Strip by strip.  What tifffile is given packed, it writes as it is."""
    dtype = _stored_type(raw)
    rows = min(max(STRIP // (raw.shape[-1] * dtype.itemsize), 1), raw.shape[-2])
    pack = tifffile.TIFF.COMPRESSORS[tifffile.COMPRESSION.ADOBE_DEFLATE]
    strips = (pack(storable(band)) for band in raw.bands(range(len(raw.shape) - 2), rows))
    tifffile.imwrite(path, strips, shape=raw.shape, dtype=dtype, **tif_words(outline))


def _nrrd(raw: Raw, outline: Scan) -> Iterator[bytes]:
    dtype = _stored_type(raw)
    yield nrrd_header(outline, dtype)
    bands = raw.bands(range(len(raw.shape) - 2))
    little = dtype.newbyteorder("<")
    yield from gzip_bytes.packed((storable(band).astype(little, copy=False).tobytes() for band in bands), LEVEL)


def _nifti(raw: Raw, outline: Scan) -> Iterator[bytes]:
    """Channels are the slowest axis of the format, then time and slices."""
    outer = [outline.axes.index(axis) for axis in "CTZ" if axis in outline.axes]
    yield from gzip_bytes.packed(_unpacked_nifti(raw, outline, outer), LEVEL)


def _unpacked_nifti(raw: Raw, outline: Scan, outer: list[int]) -> Iterable[bytes]:
    yield _nifti_start(raw, outline)
    for band in raw.bands(outer):
        yield storable(band).tobytes()


def _nifti_start(raw: Raw, outline: Scan) -> bytes:
    """Header and extensions: those of a scan of one voxel, with the lengths of this one."""
    single = np.zeros((1,) * len(raw.shape), raw.dtype)
    content = nifti_bytes(replace(outline, data=single, valid=np.array(True), mask=None))
    header = nibabel.Nifti1Header(content[:HEADER])
    sizes: Mapping[str, int] = dict(zip(outline.axes, raw.shape, strict=True))
    header.set_data_shape([sizes.get(a, 1) for a in "XYZTC"[: len(header.get_data_shape())]])
    return bytes(header.binaryblock) + content[HEADER : int(header["vox_offset"])]


def _stored_type(raw: Raw) -> np.dtype[Any]:
    return storable(stand_in((0,), raw.dtype)).dtype

"""How much memory reading takes: an array is made once, however it is stored."""

import gzip
import hashlib
import io
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from prep_core.io import ReadError, Segment, load
from prep_core.io.digesting import Digested
from prep_core.io.files import from_path
from tests.io.dicom.slices import as_bytes, dataset

VOLUME = np.random.default_rng(4).integers(-500, 500, (24, 256, 512), np.int16)
ALLOWED = 1.25
"""Times the bytes of the array, for what readers take beside it."""


def as_nifti(volume: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    nibabel.Nifti1Image(volume.T, np.eye(4)).to_file_map({"image": nibabel.FileHolder(fileobj=stream)})
    return stream.getvalue()


def as_npy(volume: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, volume)
    return stream.getvalue()


def as_tiff(volume: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, volume, metadata={"axes": "ZYX"}, photometric="minisblack")
    return stream.getvalue()


def as_nrrd(volume: NDArray[Any], encoding: str = "raw", pack: Callable[[bytes], bytes] = bytes) -> bytes:
    sizes = " ".join(map(str, volume.shape[::-1]))
    header = f"NRRD0004\ntype: int16\ndimension: 3\nsizes: {sizes}\nendian: little\nencoding: {encoding}\n\n"
    return header.encode() + pack(volume.tobytes())


def as_metaimage(volume: NDArray[Any], is_packed: bool = False) -> bytes:
    sizes = " ".join(map(str, volume.shape[::-1]))
    header = f"ObjectType = Image\nNDims = 3\nDimSize = {sizes}\nElementSpacing = 1 1 1\nElementType = MET_SHORT\n"
    header += f"BinaryData = True\nCompressedData = {is_packed}\nElementDataFile = LOCAL\n"
    return header.encode() + (zlib.compress(volume.tobytes(), 1) if is_packed else volume.tobytes())


def flat_gzip(data: bytes) -> bytes:
    return gzip.compress(data, 1)


FILES: Mapping[str, Callable[[], bytes]] = {
    "a.npy": lambda: as_npy(VOLUME),
    "a.nii": lambda: as_nifti(VOLUME),
    "a.nii.gz": lambda: flat_gzip(as_nifti(VOLUME)),
    "a.tif": lambda: as_tiff(VOLUME),
    "a.nrrd": lambda: as_nrrd(VOLUME),
    "packed.nrrd": lambda: as_nrrd(VOLUME, "gzip", flat_gzip),
    "a.mha": lambda: as_metaimage(VOLUME),
}


def peak_of(source: Any) -> tuple[NDArray[Any], str, int]:
    """What is read, its digest, and the most bytes that were in use meanwhile."""
    tracemalloc.start()
    try:
        (scan,) = load(source, axes="ZYX")
        return scan.data, scan.source.sha256, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_into_one_array(name: str, tmp_path: Path) -> None:
    content = FILES[name]()
    path = tmp_path / name
    path.write_bytes(content)
    data, sha, peak = peak_of(path)
    np.testing.assert_array_equal(data, VOLUME)
    assert sha == hashlib.sha256(content).hexdigest()
    assert peak < ALLOWED * VOLUME.nbytes


def test_a_series_is_read_into_one_array(tmp_path: Path) -> None:
    for i, part in enumerate(VOLUME):
        tags = {"Rows": 256, "Columns": 512, "ImagePositionPatient": [0.0, 0.0, 2.0 * i], "InstanceNumber": i}
        (tmp_path / f"{23 - i:02d}.dcm").write_bytes(
            as_bytes(dataset(part, RescaleSlope=1, RescaleIntercept=3, **tags))
        )
    data, _, peak = peak_of(tmp_path)
    np.testing.assert_array_equal(data, VOLUME + np.int16(3))
    assert peak < ALLOWED * VOLUME.nbytes


@pytest.mark.parametrize("name", ["a.npy", "a.nii", "a.tif", "a.nrrd", "a.mha"])
def test_pixels_stay_where_they_are_in_a_segment(name: str) -> None:
    segment = Segment.of([FILES[name]()])
    data, _, peak = peak_of(segment)
    np.testing.assert_array_equal(data, VOLUME)
    assert segment.place_of(data) is not None
    assert peak < VOLUME.nbytes / 2


def test_a_packed_metaimage_is_unpacked_once(tmp_path: Path) -> None:
    path = tmp_path / "packed.mha"
    path.write_bytes(as_metaimage(VOLUME, is_packed=True))
    data, _, peak = peak_of(path)
    np.testing.assert_array_equal(data, VOLUME)
    # The packed bytes lie beside it.
    assert peak < ALLOWED * VOLUME.nbytes + path.stat().st_size


def test_a_file_that_grows_while_it_is_unpacked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.nii.gz"
    path.write_bytes(b"twelve bytes")
    packed = Digested(from_path(path))
    path.write_bytes(b"thirteen bytes")
    with packed.open() as stream:
        stream.read()
    with pytest.raises(ReadError, match=r"a\.nii\.gz changed while it was read; wait until it is complete"):
        packed.sha256()

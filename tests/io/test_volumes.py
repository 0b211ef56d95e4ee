"""Volumes: NIfTI, NRRD, MetaImage."""

import gzip
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from prep_core.io import ReadError, load
from prep_core.scan import Scan

BLOCK = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
RAS = np.array([[2.0, 0, 0, -10], [0, 3, 0, 20], [0, 0, 4, 30], [0, 0, 0, 1]])


def nifti(xyz: NDArray[Any], slope: float = np.nan, inter: float = np.nan) -> bytes:
    image = nibabel.Nifti1Image(xyz, RAS)
    image.header.set_xyzt_units("mm")
    data = bytearray(image.to_bytes())
    data[112:120] = np.array([slope, inter], "<f4").tobytes()
    return gzip.compress(bytes(data))


def one(data: bytes, name: str = "volume") -> Scan:
    (scan,) = load(data, name=name)
    return scan


def test_ras_becomes_lps() -> None:
    scan = one(nifti(BLOCK.T))
    np.testing.assert_array_equal(scan.data, BLOCK)
    np.testing.assert_allclose(scan.origin, (10, -20, 30))
    np.testing.assert_allclose(scan.affine @ [1, 1, 1, 1], (8, -23, 34, 1))
    assert (scan.spacing, scan.spacing_known) == ((4.0, 3.0, 2.0), True)


def test_a_fourth_dimension_is_time() -> None:
    data = np.stack([BLOCK, BLOCK + 100])
    scan = one(nifti(data.T))
    assert scan.axes == "TZYX"
    np.testing.assert_array_equal(scan.data, data)


@pytest.mark.parametrize(
    ("slope", "inter", "kind", "expected"),
    [
        (2, -1000, np.int16, 2 * BLOCK - 1000),
        (0.5, 1, np.float32, BLOCK * 0.5 + 1),
        (0, 99, np.int16, BLOCK),
        (np.nan, 99, np.int16, BLOCK),
        (1000, 0, np.int32, BLOCK.astype(np.int32) * 1000),
    ],
)
def test_scaling(slope: float, inter: float, kind: type, expected: NDArray[Any]) -> None:
    scan = one(nifti(BLOCK.T, slope, inter))
    assert scan.data.dtype == kind
    np.testing.assert_array_equal(scan.data, expected)


def test_nan_stays_and_is_not_valid() -> None:
    data = BLOCK.astype(np.float32)
    data[1, 2, 3], data[0, 0, 0] = np.nan, np.inf
    scan = one(nifti(data.T))
    np.testing.assert_array_equal(scan.data, data)
    assert np.count_nonzero(~scan.valid) == 2
    assert any(finding.name == "not_finite" for finding in scan.findings)


def test_nothing_finite_is_refused() -> None:
    with pytest.raises(ReadError, match="no finite voxel"):
        one(nifti(np.full((2, 3, 4), np.nan, np.float32)))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_nifti_is_refused(keep: float) -> None:
    data = nifti(np.random.default_rng(0).integers(0, 9999, (20, 20, 20)).astype(np.int16))
    with pytest.raises(ReadError, match=r"truncated|corrupt"):
        one(data[: int(keep * len(data))], "cut.nii.gz")


def test_a_flipped_bit_is_found() -> None:
    data = bytearray(nifti(np.random.default_rng(0).integers(0, 9999, (20, 20, 20)).astype(np.int16)))
    data[len(data) // 2] ^= 4
    with pytest.raises(ReadError, match="corrupt"):
        one(bytes(data), "bit.nii.gz")


def test_one_that_is_only_called_gz_is_read_and_told() -> None:
    scan = one(gzip.decompress(nifti(BLOCK.T)), "plain.nii.gz")
    np.testing.assert_array_equal(scan.data, BLOCK)
    assert any("not compressed with gzip" in w for w in scan.source.warnings)


@pytest.mark.parametrize("form", ["nrrd", "mha"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint32", "float32", "float64"])
def test_what_simpleitk_writes(form: str, compressed: bool, dtype: str, tmp_path: Path) -> None:
    image = SimpleITK.GetImageFromArray(BLOCK.astype(dtype))
    image.SetSpacing((0.5, 0.75, 2.5))
    image.SetOrigin((1, -2, 3))
    image.SetDirection((0, -1, 0, 1, 0, 0, 0, 0, 1))
    SimpleITK.WriteImage(image, str(tmp_path / f"v.{form}"), compressed)
    (scan,) = load(tmp_path / f"v.{form}")
    np.testing.assert_array_equal(scan.data, BLOCK.astype(dtype))
    assert (scan.axes, scan.data.dtype, scan.spacing) == ("ZYX", dtype, (2.5, 0.75, 0.5))
    np.testing.assert_allclose((scan.affine @ [2, 3, 4, 1])[:3], image.TransformIndexToPhysicalPoint((4, 3, 2)))


@pytest.mark.parametrize("form", ["nrrd", "mha"])
def test_a_truncated_volume_is_refused(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"v.{form}"
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(BLOCK), str(path))
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ReadError, match=rf"v\.{form} .*truncated"):
        load(path)


@pytest.mark.parametrize(
    "text",
    [
        "NRRD0004\ntype: uchar\ndimension: 2\nsizes: 2 2\nencoding: raw\ndata file: secret.raw\n\n",
        "NRRD0004\ntype: uchar\ndimension: 2\nsizes: 2 2\nencoding: raw\nDataFile: secret.raw\n\n",
        "NDims = 2\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = secret.raw\n",
        "NDims = 2\nDimSize = 2 2\nElementType = MET_UCHAR\nElementDataFile = LIST\nsecret.raw\n",
    ],
)
def test_data_in_another_file_is_never_opened(text: str, tmp_path: Path) -> None:
    (tmp_path / "secret.raw").write_bytes(b"\x01\x02\x03\x04")
    (tmp_path / "header.nrrd").write_text(text)
    with pytest.raises(ReadError, match=r"header\.nrrd .*not followed"):
        load(tmp_path / "header.nrrd")

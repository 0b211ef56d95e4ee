"""Every file that comes with nibabel is read as nibabel reads it, or refused with the reason that stands here."""

import gzip
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest

from prep_core.io import ReadError, load
from prep_core.io.foreign import refusal

ROOT = Path(nibabel.__file__).parent
FILES = sorted(p for p in ROOT.glob("**/tests/data/*") if p.is_file() and p.suffix != ".py" and p.name[0] != ".")

UNKNOWN = r"is of no format that is read here"
REFUSED: Mapping[str, str] = {
    "analyze.hdr": r"only the header of an Analyze 7\.5 pair: .* in analyze\.img, which is missing here",
    "nifti[12].hdr": r"only the header of a NIfTI pair: .* in nifti[12]\.img, which is missing here",
    "row_major.dconn.nii": r"has 6 dimensions .*an image has 2 to 5",
    "csa_slice_norm.dcm": r"has no pixels",
    "*.PAR": r"PAR/REC pair",
    "*.REC": UNKNOWN,
    "*.HEAD": r"HEAD/BRIK pair",
    "*.BRIK": UNKNOWN,
    "*.BRIK.gz": UNKNOWN,
    "minc1*.mnc": r"MINC 1",
    "tiny.mnc": r"MINC 1",
    "minc2*.mnc": r"MINC 2",
    "small.mnc": r"MINC 2",
    "example_1.nc": r"MINC 1",
    "test.mgz": r"MGH",
    "tinypet.v": r"ECAT 7",
    "*.trk": r"fibre tracks",
    "no_magic_number.tck": UNKNOWN,
    "*.tck": r"fibre tracks",
    "*.gii": r"GIFTI",
    "*.gii.gz": r"GIFTI",
    "*.gii.bz2": r"no tar archive is in it; unpack it first",
    "csa*.bin": r"bytes without a known header: say what they are",
    "csa*.bin.gz": UNKNOWN,
    "external.dat": r"bytes without a known header: say what they are",
    "*.rst": UNKNOWN,
    "*.m": UNKNOWN,
    "*.txt": UNKNOWN,
}
"""Why each file that is no volume of a format read here is refused."""

NAMED: Mapping[str, str] = {
    "tests/data/minc1_4d.mnc": "MINC 1 (NetCDF), which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/minc2_4d.mnc": "MINC 2, which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/small.mnc": "MINC 2, which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/T1.PAR": "the header of a Philips PAR/REC pair, which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/scaled+tlrc.HEAD": "the header of an AFNI HEAD/BRIK pair, which is not read here; convert it to NIfTI",
    "tests/data/test.mgz": "MGH, which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/tinypet.v": "ECAT 7, which is not read here; convert it to NIfTI (.nii.gz)",
    "tests/data/simple.tck": "a file of fibre tracks, which is not read here; it holds no voxels",
    "tests/data/standard.trk": "a file of fibre tracks, which is not read here; it holds no voxels",
    "gifti/tests/data/ascii.gii": "GIFTI, a surface, which is not read here; it holds no voxels",
}


def reason(path: Path) -> str | None:
    return next((words for pattern, words in REFUSED.items() if fnmatch(path.name, pattern)), None)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


TO_READ = [p for p in FILES if reason(p) is None]
TO_REFUSE = [p for p in FILES if reason(p) is not None]


def test_there_are_files_of_both_kinds() -> None:
    assert {p.name for p in TO_READ} >= {"anatomical.nii", "functional.nii", "example_nifti2.nii.gz", "0.dcm"}
    assert len(TO_REFUSE) > 80


@pytest.mark.parametrize("path", TO_REFUSE, ids=named)
def test_refused_with_the_reason(path: Path) -> None:
    with pytest.raises(ReadError, match=reason(path)) as refused:
        load(path)
    assert path.name in str(refused.value)
    assert str(path.parent) not in str(refused.value)


@pytest.mark.parametrize("path", [p for p in TO_READ if ".nii" in p.name], ids=named)
def test_voxels_and_places_are_those_of_nibabel(path: Path) -> None:
    (scan,) = load(path)
    image = nibabel.load(path)
    values = np.asarray(image.dataobj, dtype=np.float64)
    np.testing.assert_allclose(scan.data, values.T, rtol=1e-6)
    # RAS to LPS by hand: x and y change their sign; the array counts z, y, x.
    for k, j, i in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (2, 3, 4)):
        x, y, z, _ = image.affine @ [i, j, k, 1]
        np.testing.assert_allclose((scan.affine @ [k, j, i, 1])[:3], (-x, -y, z), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("path", [p for p in TO_READ if ".dcm" in p.name], ids=named)
def test_slices_have_the_grid_of_pydicom(path: Path) -> None:
    (scan,) = load(path)
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
        ds = pydicom.dcmread(stream)
    assert (scan.size("Z"), scan.size("Y"), scan.size("X")) == (ds.get("NumberOfFrames", 1), ds.Rows, ds.Columns)


def test_nothing_is_read_that_nobody_looks_at() -> None:
    assert [p.name for p in TO_READ if ".nii" not in p.name and ".dcm" not in p.name] == []


@pytest.mark.parametrize("name", NAMED)
def test_formats_that_are_not_read_have_a_name(name: str) -> None:
    raw = (ROOT / name).read_bytes()
    head = gzip.decompress(raw)[:1024] if raw.startswith(b"\x1f\x8b") else raw[:1024]
    words = refusal("file.x", head)
    assert words is not None
    assert words.startswith(f"file.x is {NAMED[name]}")


@pytest.mark.parametrize("name", [named(p) for p in TO_READ if not p.name.endswith(".gz")])
def test_formats_that_are_read_are_never_called_foreign(name: str) -> None:
    assert refusal("file.x", (ROOT / name).read_bytes()[:1024]) is None

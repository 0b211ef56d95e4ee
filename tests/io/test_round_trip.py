"""What is written is what is read back, by this program and by others."""

import gzip
import io
import itertools
from datetime import UTC, datetime
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK
import tifffile
from hypothesis import given

from prep_core.io import FORMATS, encode, load, write_atomic
from prep_core.scan import Scan, Source
from tests.io.volumes import TYPES, scans

FLOAT32 = {"rtol": 1e-5, "atol": 1e-3}
"""NIfTI keeps its affine as float32; positions here reach 500 mm."""

KEPT = ("nii.gz", "tif", "nrrd")
"""The formats that keep what a scan means, and not its voxels alone."""


def stored(scan: Scan) -> np.ndarray:
    """The voxels as a file can hold them: no image format has bool, and most have no half floats."""
    return scan.data.astype({"bool": "uint8", "float16": "float32"}.get(scan.data.dtype.name, scan.data.dtype))


@pytest.mark.parametrize("form", KEPT)
@given(scan=scans())
def test_meaning_survives(form: str, scan: Scan) -> None:
    (back,) = load(encode(scan, form), name=f"scan.{form}")
    assert back.data.dtype == stored(scan).dtype
    assert back.data.tobytes() == stored(scan).tobytes()
    np.testing.assert_array_equal(back.valid, scan.valid)
    assert (back.axes, back.unit, back.spacing_known) == (scan.axes, scan.unit, scan.spacing_known)
    assert back.channels == scan.channels
    tolerance = FLOAT32 if form == "nii.gz" else {"rtol": 1e-12, "atol": 0}
    np.testing.assert_allclose(back.affine, scan.affine, **tolerance)
    np.testing.assert_allclose(back.spacing, scan.spacing, rtol=1e-4)
    np.testing.assert_allclose(back.direction, scan.direction, atol=1e-4)


@given(scan=scans())
def test_npy_keeps_the_voxels(scan: Scan) -> None:
    (back,) = load(encode(scan, "npy"), name="scan.npy", axes=scan.axes)
    assert (back.axes, back.data.dtype) == (scan.axes, scan.data.dtype)
    assert back.data.tobytes() == scan.data.tobytes()


@pytest.mark.parametrize("form", FORMATS)
@given(scan=scans(types=("int16", "float32")))
def test_the_same_scan_gives_the_same_bytes(form: str, scan: Scan) -> None:
    assert encode(scan, form) == encode(scan, form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("order", ["F", "reversed", "big-endian"])
def test_memory_layout_does_not_show(form: str, order: str) -> None:
    plain = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    data = {"F": np.asfortranarray(plain), "reversed": plain[::-1].copy()[::-1], "big-endian": plain.astype(">i2")}
    (back,) = load(encode(Scan(data[order], "ZYX"), form), axes="ZYX")
    np.testing.assert_array_equal(back.data, plain)
    if order != "big-endian":
        assert encode(Scan(data[order], "ZYX"), form) == encode(Scan(plain, "ZYX"), form)


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_date_or_path_is_written(form: str, tmp_path: Path) -> None:
    source = Source("PHICANARY", "PHICANARY", "PHICANARY", {"fact": "PHICANARY"}, ("PHICANARY",))
    scan = Scan(np.zeros((2, 3, 4), np.uint8), "ZYX", name="PHICANARY", source=source)
    data = encode(scan, form)
    write_atomic(tmp_path / f"PHICANARY.{form}", data)
    for where in (data, b"".join(image_text(data, form))):
        assert b"PHICANARY" not in where
        assert str(datetime.now(UTC).year).encode() not in where


def test_the_gzip_header_holds_no_time() -> None:
    assert encode(Scan(np.zeros((2, 3)), "YX"), "nii.gz")[4:8] == bytes(4)


def image_text(data: bytes, form: str) -> list[bytes]:
    """The words that a reader finds in a file, unpacked."""
    if form == "nii.gz":
        return [bytes(nibabel.Nifti1Image.from_bytes(gzip.decompress(data)).header.binaryblock)]
    if form == "tif":
        with tifffile.TiffFile(io.BytesIO(data)) as tif:
            return [str(tag.value).encode() for tag in tif.pages[0].tags]
    return [data[:400]]


@pytest.mark.parametrize("form", KEPT)
def test_complex_values_are_refused_in_a_sentence(form: str) -> None:
    with pytest.raises(ValueError, match=f"{form} cannot hold complex values; add magnitude to the recipe"):
        encode(Scan(np.ones((3, 4), np.complex64), "YX"), form)


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_npy_keeps_complex_values(dtype: type) -> None:
    data = (np.arange(12).reshape(3, 4) * (1 - 2j)).astype(dtype)
    (back,) = load(encode(Scan(data, "YX"), "npy"))
    np.testing.assert_array_equal(back.data, data)
    assert back.data.dtype == dtype


def test_an_unknown_format_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"format must be one of nii\.gz, npy, tif, nrrd, got 'dcm'"):
        encode(Scan(np.zeros((3, 4)), "YX"), "dcm")


@pytest.mark.parametrize("form", KEPT)
def test_nothing_finite_is_lost_beside_nan(form: str) -> None:
    data = np.array([[1, np.nan, np.inf], [-np.inf, -0.0, 1e-40]], np.float32)
    (back,) = load(encode(Scan(data, "YX"), form))
    np.testing.assert_array_equal(back.data, data)
    np.testing.assert_array_equal(back.valid, np.isfinite(data))


@given(scan=scans(types=TYPES[1:]))
def test_nibabel_reads_the_same_voxels_in_the_same_places(scan: Scan) -> None:
    image = nibabel.Nifti1Image.from_bytes(gzip.decompress(encode(scan, "nii.gz")))
    voxels = np.asanyarray(image.dataobj)
    at = tuple(n - 1 for n in scan.data.shape)
    place = dict(zip(scan.axes, at, strict=True))
    index = [place.get(a, 0) for a in "XYZTC"][: voxels.ndim]
    np.testing.assert_array_equal(voxels[tuple(index)], scan.data[at])
    ras = image.affine @ [place["X"], place["Y"], place.get("Z", 0), 1]
    lps = scan.affine @ [place.get("Z", 0), place["Y"], place["X"], 1]
    np.testing.assert_allclose(ras * [-1, -1, 1, 1], lps, rtol=1e-4, atol=5e-3)


@pytest.mark.parametrize("form", ["nii.gz", "nrrd"])
@given(scan=scans("ZYX", TYPES[1:], finite=True))
def test_simpleitk_reads_the_same_voxels_in_the_same_places(form: str, scan: Scan, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("itk") / f"scan.{form}"
    path.write_bytes(encode(scan, form))
    image = SimpleITK.ReadImage(str(path))
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(image), scan.data)
    z, y, x = (n - 1 for n in scan.data.shape)
    lps = (scan.affine @ [z, y, x, 1])[:3]
    np.testing.assert_allclose(image.TransformIndexToPhysicalPoint((x, y, z)), lps, rtol=1e-4, atol=5e-3)


@given(scan=scans(types=TYPES[1:]))
def test_tifffile_reads_the_same_voxels_and_axes(scan: Scan) -> None:
    with tifffile.TiffFile(io.BytesIO(encode(scan, "tif"))) as tif:
        np.testing.assert_array_equal(tif.asarray().reshape(scan.data.shape), scan.data)
        assert tif.shaped_metadata[0]["axes"] == scan.axes


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32"])
def test_simpleitk_reads_the_pages_of_a_tif(dtype: str, tmp_path: Path) -> None:
    data = np.arange(60).reshape(3, 4, 5).astype(dtype)
    (tmp_path / "scan.tif").write_bytes(encode(Scan(data, "ZYX"), "tif"))
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(tmp_path / "scan.tif"))), data)


def test_write_atomic_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "scan.npy"
    for content in (b"first", b"second"):
        write_atomic(path, content)
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["scan.npy"]


@pytest.mark.parametrize("target", ["a_folder", "missing/scan.npy"])
def test_write_atomic_leaves_nothing_behind_when_it_fails(target: str, tmp_path: Path) -> None:
    (tmp_path / "a_folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError, match=r"a_folder|missing"):
        write_atomic(tmp_path / target, b"content")
    assert sorted(tmp_path.rglob("*")) == before


def test_no_reader_ever_finds_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "scan.npy"
    contents = [bytes([i]) * 200_000 for i in range(4)]
    write_atomic(path, contents[0])
    with path.open("rb") as opened:
        for content in itertools.islice(itertools.cycle(contents), 1, 8):
            write_atomic(path, content)
            assert path.read_bytes() == content
        assert opened.read() == contents[0]


def test_long_names_of_channels_stay_in_a_nifti_that_others_read() -> None:
    names = tuple(f"a long name for band {i}" for i in range(4))
    scan = Scan(np.arange(24, dtype=np.float32).reshape(4, 3, 2), "CYX", unit="HU", channels=names)
    data = encode(scan, "nii.gz")
    (back,) = load(data, name="bands.nii.gz")
    assert (back.axes, back.unit, back.channels) == ("CYX", "HU", names)
    image = nibabel.Nifti1Image.from_bytes(gzip.decompress(data))
    np.testing.assert_array_equal(np.asanyarray(image.dataobj).squeeze().T, scan.data)


def turned(*steps: tuple[float, float, float]) -> np.ndarray:
    """The affine whose steps along z, y, x are these."""
    affine = np.eye(4)
    affine[:3, :3] = np.transpose(steps)
    return affine


BLOCK = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
SKEW_IN_PLANE = turned((0, 0, 1), (0, 1, 0), (1, 0.5, 0))
TOO_SMALL = turned((0, 0, 1), (0, 1e-10, 0), (1, 0, 0))
SHIFTED_SLICES = turned((0, 0.7, 2), (0, 1, 0), (1, 0, 0))


@pytest.mark.parametrize(
    ("form", "scan", "words"),
    [
        ("nii.gz", Scan(np.zeros((2**15, 1), np.uint8), "YX"), "at most 32767 voxels along an axis, got 32768"),
        *((form, Scan(BLOCK, "ZYX", SKEW_IN_PLANE), "sheared axes in plane") for form in KEPT),
        *((form, Scan(BLOCK, "ZYX", TOO_SMALL), "a direction or spacing is zero") for form in KEPT),
        *((form, Scan(BLOCK, "ZYX", unit="u" * 101), "unit must have 1 to 100 letters") for form in KEPT),
        *((form, Scan(BLOCK[:1], "CYX", channels=("",)), "name of a channel must have") for form in KEPT),
    ],
)
def test_what_a_format_cannot_hold_is_refused_and_not_changed(form: str, scan: Scan, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        encode(scan, form)


@pytest.mark.parametrize("form", KEPT)
def test_slices_that_are_shifted_against_each_other_keep_their_places(form: str) -> None:
    (back,) = load(encode(Scan(BLOCK, "ZYX", SHIFTED_SLICES, True), form))
    np.testing.assert_allclose(back.affine, SHIFTED_SLICES, rtol=1e-6, atol=1e-6)
    (words,) = back.source.warnings
    assert "slices are shifted against each other (shear 0.330" in words


@pytest.mark.parametrize("form", KEPT)
@pytest.mark.parametrize("size", [2e-9, 1e5])
def test_sizes_far_from_any_picture(form: str, size: float) -> None:
    (back,) = load(encode(Scan(BLOCK, "ZYX", np.diag([size] * 3 + [1.0])[[2, 1, 0, 3]], True), form))
    np.testing.assert_allclose(back.spacing, (size,) * 3, rtol=1e-6)


def test_our_own_nifti_does_not_wonder_about_its_unit() -> None:
    (back,) = load(encode(Scan(BLOCK, "ZYX"), "nii.gz"))
    assert (back.spacing_known, back.source.warnings) == (False, ())

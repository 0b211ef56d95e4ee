"""Files read in parts: the same scan, with the same words about it, as from the whole file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from prep_core.io import AxesNeeded, Limits, ReadError
from prep_core.io.answers import Answers
from prep_core.io.large.opening import outline
from prep_core.io.write import encode
from prep_core.scan import Scan, voxel_affine
from tests.io.large.in_parts import LIMITS, assert_as_whole
from tests.io.zarr.stores import WAYS, array, multiscale, picture

RNG = np.random.default_rng(3)


def numbers(shape: tuple[int, ...], dtype: str = "u2") -> NDArray[Any]:
    kind = np.dtype(dtype)
    if kind.kind in "iu":
        return RNG.integers(0, 200, shape).astype(kind)
    values = RNG.normal(0, 100, shape)
    return (values + 1j * values[::-1] if kind.kind == "c" else values).astype(kind)


@pytest.mark.parametrize("dtype", ["u1", ">u2", "i4", "f2", "<f4", ">f8", "c8", "?", "u8"])
@pytest.mark.parametrize("fortran", [False, True])
def test_npy(tmp_path: Path, dtype: str, fortran: bool) -> None:
    values = numbers((5, 9, 14), dtype)
    np.save(tmp_path / "a.npy", np.asfortranarray(values) if fortran else values)
    assert_as_whole(tmp_path / "a.npy", axes="YXC" if dtype == "u1" else "TYX", spacing=(2.0, 1.0), unit="dB")


def test_values_that_are_not_finite_are_found_in_parts(tmp_path: Path) -> None:
    values = numbers((3, 20, 16), "f4")
    values[0, 4], values[1, :, 7], values[2] = np.nan, np.inf, np.nan
    values[1, 2] = -1e30
    np.save(tmp_path / "a.npy", values)
    assert_as_whole(tmp_path / "a.npy", voxels=33, axes="ZYX")


@pytest.mark.parametrize("value", [0.0, 7.0, 1e-40, 3e38])
def test_findings_about_odd_values_are_the_same(tmp_path: Path, value: float) -> None:
    np.save(tmp_path / "a.npy", np.full((9, 8), value, np.float32))
    assert_as_whole(tmp_path / "a.npy")


def test_what_holds_nothing_is_refused_as_from_the_whole(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.full((9, 8), np.nan, np.float32))
    with pytest.raises(ReadError, match="a has no finite voxel"):
        outline(tmp_path / "a.npy", Answers(), LIMITS)
    np.save(tmp_path / "b.npy", numbers((3, 9, 8)))
    with pytest.raises(AxesNeeded, match="say it with --axes CYX"):
        outline(tmp_path / "b.npy", Answers(), LIMITS)


def test_what_is_small_or_of_another_format_is_read_whole(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", numbers((9, 8)))
    assert outline(tmp_path / "a.npy", Answers(), Limits(whole_bytes=9 * 8 * 2)) is None
    assert outline(tmp_path / "a.npy", Answers(), Limits(whole_bytes=9 * 8 * 2 - 1)) is not None
    assert outline(tmp_path / "a.npy", Answers(), Limits()) is None
    (tmp_path / "a.nii.gz").write_bytes(encode(Scan(numbers((9, 8)), "YX"), "nii.gz"))
    assert outline(tmp_path / "a.nii.gz", Answers(), LIMITS) is None


def test_a_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", numbers((90, 80)))
    data = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(data[:-1])
    with pytest.raises(ReadError, match="truncated: expected 14400 bytes of data, found 14399"):
        outline(tmp_path / "a.npy", Answers(), LIMITS)


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 4), (6, 5, 4, 3), (6, 5, 4, 1, 2), (6, 5, 4, 3, 2)])
@pytest.mark.parametrize(("slope", "intercept"), [(1, 0), (2, -1024), (0.5, 3)])
def test_nifti(tmp_path: Path, shape: tuple[int, ...], slope: float, intercept: float) -> None:
    image = nibabel.Nifti1Image(numbers(shape, ">i2"), np.diag([-2.0, -1.5, 3, 1]))
    image.header.set_slope_inter(slope, intercept)
    image.header["scl_slope"], image.header["scl_inter"] = slope, intercept
    path = tmp_path / "a.nii"
    path.write_bytes(image.to_bytes())
    data = bytearray(path.read_bytes())
    data[112:120] = np.array([slope, intercept], "<f4").tobytes()
    path.write_bytes(bytes(data))
    assert_as_whole(path)


def test_our_own_nifti_keeps_its_axes(tmp_path: Path) -> None:
    scan = Scan(numbers((1, 3, 9, 8), "f4"), "CZYX", voxel_affine((3, 2, 1)), True, unit="HU", channels=("a b",))
    import gzip

    (tmp_path / "a.nii").write_bytes(gzip.decompress(encode(scan, "nii.gz")))
    assert_as_whole(tmp_path / "a.nii")


RGB = {"photometric": "rgb"}
GREY = {"photometric": "minisblack"}
TIFFS: Mapping[str, tuple[NDArray[Any], dict[str, Any]]] = {
    "strips": (numbers((40, 30)), {**GREY, "rowsperstrip": 7}),
    "packed strips": (numbers((40, 30)), {**GREY, "rowsperstrip": 7, "compression": "zlib", "predictor": True}),
    "tiles": (numbers((40, 50)), {**GREY, "tile": (16, 32)}),
    "packed tiles, big-endian": (numbers((40, 50)), {**GREY, "tile": (16, 32), "compression": "lzw", "byteorder": ">"}),
    "floats with a predictor": (
        numbers((40, 50), "f4"),
        {**GREY, "tile": (16, 16), "compression": "zlib", "predictor": 3},
    ),
    "interleaved": (numbers((20, 30, 5)), {**GREY, "planarconfig": "contig", "rowsperstrip": 3, "compression": "zstd"}),
    "planar": (numbers((5, 20, 30)), {**GREY, "planarconfig": "separate", "rowsperstrip": 3, "compression": "zlib"}),
    "planar tiles, BigTIFF": (
        numbers((5, 40, 30)),
        {**GREY, "planarconfig": "separate", "tile": (16, 16), "compression": "zlib", "bigtiff": True},
    ),
    "colours": (numbers((40, 30, 3), "u1"), {**RGB, "rowsperstrip": 7, "compression": "zlib"}),
    "grey colours": (np.repeat(numbers((40, 30, 1), "u1"), 3, 2), {**RGB, "rowsperstrip": 7}),
    "transparency": (numbers((40, 30, 4), "u1"), {**RGB, "extrasamples": ["unassalpha"], "tile": (16, 16)}),
    "pages": (numbers((4, 20, 30)), {**GREY, "compression": "zlib", "metadata": {"axes": "TYX"}}),
    "contiguous pages": (numbers((4, 20, 30)), {**GREY, "metadata": {"axes": "ZYX"}}),
    "channels and pages": (numbers((2, 4, 20, 30)), {**GREY, "compression": "zlib", "metadata": {"axes": "TCYX"}}),
    "ImageJ": (numbers((4, 20, 30)), {"imagej": True, "metadata": {"axes": "ZYX", "spacing": 2.0, "unit": "um"}}),
    "OME": (
        numbers((2, 3, 20, 30)),
        {"ome": True, "compression": "zlib", "metadata": {"axes": "CZYX", "Channel": {"Name": ["a", "b"]}}},
    ),
    "bits": (numbers((40, 30)) > 100, {**GREY, "compression": "zlib"}),
    "white zero": (numbers((40, 30), "u1"), {"photometric": "miniswhite", "compression": "zlib"}),
    "no data": (numbers((40, 30)) // 20, {**GREY, "extratags": [(42113, 2, 2, "3", True)], "compression": "zlib"}),
    "no data in floats": (
        np.where(numbers((40, 30)) > 150, np.nan, numbers((40, 30)) // 20).astype("f4"),
        {**GREY, "extratags": [(42113, 2, 2, "3", True)], "tile": (16, 16)},
    ),
}


@pytest.mark.parametrize("name", TIFFS)
def test_tiff(tmp_path: Path, name: str) -> None:
    values, how = TIFFS[name]
    tifffile.imwrite(tmp_path / "a.tif", values, **how)
    assert_as_whole(tmp_path / "a.tif", voxels=133)


def test_our_own_tiff_keeps_its_place_and_unit(tmp_path: Path) -> None:
    scan = Scan(
        numbers((3, 1, 40, 8), "f4"), "CZYX", voxel_affine((3, 2, 1)), True, unit="dB", channels=("a", "b", "c")
    )
    (tmp_path / "a.tif").write_bytes(encode(scan, "tif"))
    assert_as_whole(tmp_path / "a.tif")


def test_a_damaged_tile_is_refused_when_it_is_read(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", numbers((64, 64)), tile=(16, 16), compression="zlib", **GREY)
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        start, count = tif.pages[0].dataoffsets[5], tif.pages[0].databytecounts[5]
    data = bytearray((tmp_path / "a.tif").read_bytes())
    data[start : start + count] = bytes(count)
    (tmp_path / "a.tif").write_bytes(bytes(data))
    with pytest.raises(ReadError, match=r"a\.tif cannot be decoded as a strip or tile of a TIFF"):
        outline(tmp_path / "a.tif", Answers(), LIMITS)


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / next(iter(files)).split("/")[0]


@pytest.mark.parametrize("way", WAYS)
def test_zarr(tmp_path: Path, way: str) -> None:
    store = put(tmp_path, array(numbers((10, 21, 30), "i2"), **WAYS[way]))
    assert_as_whole(store, voxels=400, axes="ZYX")


def test_ome_zarr_with_chunks_that_are_missing(tmp_path: Path) -> None:
    files = picture(numbers((4, 16, 24)), {"multiscales": [multiscale({"0": [2.0, 0.5, 0.25]})]})
    chunk = max(name for name in files if name.rsplit("/", 1)[-1][0].isdigit())
    store = put(tmp_path, {name: data for name, data in files.items() if name != chunk})
    assert_as_whole(store, voxels=100)

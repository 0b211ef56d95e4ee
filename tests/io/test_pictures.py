"""Arrays and pictures: npy, npz, PNG, JPEG, TIFF."""

import io
import zipfile
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from prep_core.io import AxesNeeded, Limits, PartNeeded, ReadError, load
from prep_core.scan import Scan

PLANE = np.arange(60).reshape(6, 10)


def npy(array: NDArray[Any], **words: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **words)
    return stream.getvalue()


def png(array: NDArray[Any], form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, form)
    return stream.getvalue()


def tif(array: NDArray[Any], **words: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, **words)
    return stream.getvalue()


def one(data: bytes, **words: Any) -> Scan:
    (scan,) = load(data, **words)
    return scan


@pytest.mark.parametrize("dtype", [">i2", "<u4", ">f8", "c8", "f2", "?", "i8"])
def test_npy_of_any_type(dtype: str) -> None:
    scan = one(npy(PLANE.astype(dtype)))
    np.testing.assert_array_equal(scan.data, PLANE.astype(dtype))
    assert scan.data.dtype.isnative
    assert (scan.axes, scan.spacing_known) == ("YX", False)


def test_npy_in_the_order_of_fortran() -> None:
    np.testing.assert_array_equal(one(npy(np.asfortranarray(PLANE))).data, PLANE)


def test_pickles_are_refused() -> None:
    with pytest.raises(ReadError, match="pickle"):
        load(npy(np.array([{}, []], dtype=object), allow_pickle=True), name="objects.npy")


@pytest.mark.parametrize("cut", [1, 100, 470])
def test_a_truncated_npy_is_refused(cut: int) -> None:
    with pytest.raises(ReadError, match=r"short\.npy .*truncated"):
        load(npy(PLANE)[:-cut], name="short.npy")


@pytest.mark.parametrize(
    ("shape", "first"), [((7, 30, 40), "ZYX"), ((30, 40, 3), "YXC"), ((3, 30, 40), "CYX"), ((2, 5, 30, 40), "TZYX")]
)
def test_axes_are_asked_for(shape: tuple[int, ...], first: str) -> None:
    with pytest.raises(AxesNeeded, match=f"--axes {first}") as asked:
        load(npy(np.zeros(shape, np.int16)))
    assert (asked.value.shape, asked.value.dtype, asked.value.choices[0]) == (shape, "int16", first)


def test_axes_are_told() -> None:
    data = np.arange(24).reshape(2, 4, 3)
    scan = one(npy(data), axes="YXC", spacing=(0.5, 0.25), unit="dB", modality="OPT")
    assert (scan.axes, scan.spacing, scan.spacing_known) == ("CYX", (0.5, 0.25), True)
    assert (scan.unit, scan.modality) == ("dB", "OPT")
    np.testing.assert_array_equal(scan.data, np.moveaxis(data, -1, 0))


@pytest.mark.parametrize("axes", ["ZY", "ZYXX", "QYX", ""])
def test_axes_that_are_none_are_refused(axes: str) -> None:
    with pytest.raises(ValueError, match="axes"):
        load(npy(np.zeros((2, 3, 4))), axes=axes)


def test_npz_gives_a_scan_for_each_array() -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, a=PLANE, b=PLANE * 2.5)
    scans = load(stream.getvalue(), name="pair.npz")
    assert [s.name for s in scans] == ["pair-a", "pair-b"]
    np.testing.assert_array_equal(scans[1].data, PLANE * 2.5)
    for part in ("b", "b.npy"):
        (chosen,) = load(stream.getvalue(), name="pair.npz", part=part)
        assert (chosen.name, chosen.source.sha256) == (scans[1].name, scans[1].source.sha256)
    with pytest.raises(PartNeeded, match="has no part 'c'") as asked:
        load(stream.getvalue(), name="pair.npz", part="c")
    assert {p.name for p in asked.value.parts} == {"a", "b"}


def test_npz_with_a_pickle_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.npy", npy(np.array([{}], dtype=object), allow_pickle=True))
    with pytest.raises(ReadError, match="pickle"):
        load(stream.getvalue(), name="bad.npz")


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_grey_png(dtype: str) -> None:
    data = (PLANE * (1 if dtype == "uint8" else 1000)).astype(dtype)
    scan = one(png(data))
    assert (scan.axes, scan.data.dtype) == ("YX", dtype)
    np.testing.assert_array_equal(scan.data, data)


@pytest.mark.parametrize(("bands", "form"), [(3, "PNG"), (4, "PNG"), (3, "BMP")])
def test_colours_become_channels_and_alpha_is_dropped(bands: int, form: str) -> None:
    data = np.random.default_rng(0).integers(0, 255, (6, 10, bands)).astype(np.uint8)
    scan = one(png(data, form))
    assert (scan.axes, scan.channels) == ("CYX", ("R", "G", "B"))
    np.testing.assert_array_equal(scan.data, np.moveaxis(data[..., :3], -1, 0))
    assert any("alpha" in w for w in scan.source.warnings) == (bands == 4)


@pytest.mark.parametrize("bands", [2, 3, 4])
def test_sixteen_bit_colours_keep_their_bits(bands: int) -> None:
    data = np.random.default_rng(0).integers(0, 65535, (6, 10, bands)).astype(np.uint16)
    scan = one(imagecodecs.png_encode(data))
    expected = data[..., 0] if bands == 2 else np.moveaxis(data[..., :3], -1, 0)
    np.testing.assert_array_equal(scan.data, expected)


def test_a_palette_png_becomes_its_colours() -> None:
    image = Image.fromarray((PLANE % 3).astype(np.uint8))
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    stream = io.BytesIO()
    image.save(stream, "PNG")
    expected = np.array([[10, 40, 70], [20, 50, 80], [30, 60, 90]])[:, PLANE % 3]
    np.testing.assert_array_equal(one(stream.getvalue()).data, expected)


def test_jpeg_is_read_and_called_lossy() -> None:
    data = np.full((16, 16), 100, np.uint8)
    scan = one(png(data, "JPEG"))
    np.testing.assert_allclose(scan.data, data, atol=2)
    assert "lossy" in [finding.name for finding in scan.findings]


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_truncated_picture_is_refused(form: str) -> None:
    data = png(np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8), form)
    with pytest.raises(ReadError, match=r"cut\.png .*(truncated|damaged)"):
        load(data[: len(data) // 2], name="cut.png")


@pytest.mark.parametrize("bands", [2, 4, 6])
@pytest.mark.parametrize("dtype", ["uint16", "float32", "float64"])
def test_a_tiff_keeps_every_band_and_bit(bands: int, dtype: str) -> None:
    data = (np.random.default_rng(0).uniform(0, 60000, (bands, 20, 30))).astype(dtype)
    scan = one(tif(data, planarconfig="separate", photometric="minisblack", metadata={"axes": "CYX"}))
    assert (scan.axes, scan.data.dtype) == ("CYX", dtype)
    np.testing.assert_array_equal(scan.data, data)


def test_the_sizes_of_an_ome_tiff_are_in_mm() -> None:
    sizes = {"PhysicalSizeX": 0.25, "PhysicalSizeY": 500.0, "PhysicalSizeZ": 0.002}
    units = {"PhysicalSizeXUnit": "µm", "PhysicalSizeYUnit": "nm", "PhysicalSizeZUnit": "mm"}
    data = np.arange(24, dtype=np.uint16).reshape(2, 3, 4)
    scan = one(tif(data, ome=True, photometric="minisblack", metadata={"axes": "ZYX", **sizes, **units}))
    np.testing.assert_allclose(scan.spacing, (0.002, 0.0005, 0.00025))
    assert (scan.axes, scan.source.format) == ("ZYX", "OME-TIFF")


@pytest.mark.parametrize("count", [3, 4, 5])
def test_pages_without_a_name_are_asked_for_and_never_become_colours(count: int) -> None:
    data = np.arange(count * 60, dtype=np.uint8).reshape(count, 6, 10)
    raw = tif(data, photometric="minisblack", metadata=None)
    with pytest.raises(AxesNeeded):
        load(raw)
    scan = one(raw, axes="ZYX")
    assert scan.axes == "ZYX"
    np.testing.assert_array_equal(scan.data, data)


def test_a_big_tiff_is_read() -> None:
    np.testing.assert_array_equal(one(tif(PLANE.astype(np.uint16), bigtiff=True)).data, PLANE)


@pytest.mark.parametrize("kind", ["unassalpha", "assocalpha"])
def test_transparency_in_a_tiff_is_dropped_and_told(kind: str) -> None:
    rgba = np.random.default_rng(0).integers(0, 255, (7, 9, 4), dtype=np.uint8)
    scan = one(tif(rgba, photometric="rgb", extrasamples=[kind]))
    assert (scan.axes, scan.channels) == ("CYX", ("R", "G", "B"))
    np.testing.assert_array_equal(scan.data, rgba[..., :3].transpose(2, 0, 1))
    assert any("alpha" in words for words in scan.source.warnings)


def test_extra_bands_that_are_no_transparency_stay() -> None:
    bands = np.random.default_rng(0).integers(0, 9999, (7, 9, 4), dtype=np.uint16)
    scan = one(tif(bands, photometric="minisblack", planarconfig="contig", extrasamples=["unspecified"] * 3))
    np.testing.assert_array_equal(scan.data, bands.transpose(2, 0, 1))


def test_a_palette_tiff_becomes_its_colours() -> None:
    table = np.random.default_rng(0).integers(0, 255, (3, 256)).astype(np.uint16) * 257
    index = np.arange(63, dtype=np.uint8).reshape(7, 9)
    scan = one(tif(index, photometric="palette", colormap=table))
    assert (scan.axes, scan.channels) == ("CYX", ("R", "G", "B"))
    np.testing.assert_array_equal(scan.data, (table // 257)[:, index])


def test_min_is_white_keeps_its_values_and_is_shown_inverted() -> None:
    scan = one(tif(PLANE.astype(np.uint8), photometric="miniswhite"))
    np.testing.assert_array_equal(scan.data, PLANE)
    assert scan.display_inverted
    assert "high = 255" in scan.findings[0].advice


def test_the_resolution_of_a_tiff_in_centimetres() -> None:
    scan = one(tif(PLANE.astype(np.uint8), resolution=(100, 50), resolutionunit="CENTIMETER"))
    np.testing.assert_allclose(scan.spacing, (0.2, 0.1))


@pytest.mark.parametrize("big", [False, True])
def test_directories_in_a_loop_are_refused(big: bool) -> None:
    data = bytearray(tif(PLANE.astype(np.uint8), bigtiff=big, metadata=None))
    first, width, counted, entry = (8, 8, 8, 20) if big else (4, 4, 2, 12)
    start = int.from_bytes(data[first : first + width], "little")
    end = start + counted + entry * int.from_bytes(data[start : start + counted], "little")
    data[end : end + width] = start.to_bytes(width, "little")
    with pytest.raises(ReadError, match="loop"):
        load(bytes(data))


def test_companion_files_of_an_ome_tiff_are_not_followed() -> None:
    header = '<OME><Image><Pixels><TiffData><UUID FileName="../secret.tif"/></TiffData></Pixels></Image></OME>'
    data = tif(PLANE.astype(np.uint8), description=header, metadata=None)
    with pytest.raises(ReadError, match="companion"):
        load(data)


@pytest.mark.parametrize("form", ["npy", "png", "tif"])
def test_a_picture_above_the_limit_says_how_to_raise_it(form: str) -> None:
    make = {"npy": npy, "png": png, "tif": tif}[form]
    with pytest.raises(ReadError, match=r"limit voxels = 50; .*Limits\(voxels=64\)"):
        load(make(PLANE.astype(np.uint8)), limits=Limits(voxels=50))
    assert load(make(PLANE.astype(np.uint8)), limits=Limits(voxels=64))

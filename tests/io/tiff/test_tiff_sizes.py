"""How large a voxel of a TIFF is: resolution tags, ImageJ, GeoTIFF, LSM."""

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from tests.io.tiff.files import RNG, SMOOTH, one, tif, told


def test_the_pixel_of_a_geotiff_is_on_the_ground() -> None:
    keys = (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32633)
    tags = [(33550, "d", 3, (10.0, 10.0, 0.0), True), (34735, "H", len(keys), keys, True)]
    scan = one(tif(SMOOTH, extratags=tags, resolution=(1, 1)))
    assert not scan.spacing_known
    assert (scan.source.facts["ground_pixel"], scan.source.facts["epsg"]) == ([10.0, 10.0], 32633)
    assert told(scan, "GeoTIFF")


@pytest.mark.parametrize(
    ("resolution", "unit", "spacing"),
    [
        ((72, 72), "INCH", None),
        ((300, 300), "INCH", None),
        ((25400, 25400), "INCH", None),
        ((28.346457, 28.346457), "CENTIMETER", None),
        ((37.795276, 37.795276), "CENTIMETER", None),
        ((118.11024, 118.11024), "CENTIMETER", None),
        ((10000, 5000), "CENTIMETER", (0.002, 0.001)),
        ((1, 1), "NONE", None),
    ],
)
def test_dots_of_a_printer_are_no_voxels(resolution: tuple[float, float], unit: str, spacing: Any) -> None:
    scan = one(tif(SMOOTH, resolution=resolution, resolutionunit=unit))
    assert scan.spacing_known == (spacing is not None)
    if spacing:
        np.testing.assert_allclose(scan.spacing, spacing)
    else:
        assert told(scan, "voxel size is unknown")
        assert told(scan, "dots per inch") == (unit != "NONE")


@pytest.mark.parametrize(
    ("unit", "mm"), [("um", 1e-3), ("micron", 1e-3), ("\\u00B5m", 1e-3), ("nm", 1e-6), ("mm", 1), ("cm", 10)]
)
def test_an_imagej_stack(unit: str, mm: float) -> None:
    data = RNG.integers(0, 999, (2, 3, 4, 12, 20), dtype=np.uint16)
    words = {"spacing": 2.5, "unit": unit, "finterval": 0.25, "axes": "TZCYX"}
    scan = one(tif(data, imagej=True, resolution=(4, 2), metadata=words))
    assert scan.axes == "TCZYX"
    np.testing.assert_array_equal(scan.data, data.swapaxes(1, 2))
    np.testing.assert_allclose(scan.spacing, (2.5 * mm, 0.5 * mm, 0.25 * mm))
    assert (scan.source.facts["interval_s"], scan.spacing_known) == (0.25, True)


def test_a_plane_of_imagej_has_its_size_too() -> None:
    scan = one(tif(SMOOTH, imagej=True, resolution=(4, 2), metadata={"unit": "um"}))
    np.testing.assert_allclose(scan.spacing, (0.0005, 0.00025))


@pytest.mark.parametrize("unit", ["inch", "pixel"])
def test_a_unit_of_imagej_that_is_no_length_of_the_subject(unit: str) -> None:
    scan = one(tif(SMOOTH, imagej=True, resolution=(72, 72), metadata={"unit": unit}))
    assert not scan.spacing_known
    assert told(scan, "72 dots per inch") == (unit == "inch")


def test_a_stack_of_imagej_without_depth_is_known_in_plane() -> None:
    scan = one(tif(np.stack([SMOOTH] * 5), imagej=True, resolution=(4, 2), metadata={"unit": "um", "axes": "ZYX"}))
    assert (scan.spacing, scan.spacing_known) == ((1.0, 1.0, 1.0), False)
    assert told(scan, "known only in part (y 0.0005 mm, x 0.00025 mm): the file does not say z")


def test_signed_numbers_of_imagej_get_their_sign() -> None:
    stored = np.arange(60, dtype=np.uint16).reshape(6, 10) + 32000
    scan = one(tif(stored, imagej=True, metadata={"cf": 0, "c0": -32768, "c1": 1, "vunit": "gray value"}))
    np.testing.assert_array_equal(scan.data, stored.astype(int) - 32768)
    assert scan.data.dtype == np.int16
    assert scan.source.converted == ("stored uint16 numbers became int16: slope 1, intercept -32768 (ImageJ)",)


@pytest.mark.parametrize("calibration", [{"cf": 1, "c0": 0, "c1": 2, "c2": 3}, {"cf": 0, "c0": 5, "c1": 0}])
def test_a_calibration_of_imagej_that_is_no_line_is_told(calibration: dict[str, float]) -> None:
    stored = np.arange(60, dtype=np.uint16).reshape(6, 10)
    scan = one(tif(stored, imagej=True, metadata=calibration))
    np.testing.assert_array_equal(scan.data, stored)
    assert told(scan, "not a straight line and was not applied")


def lsm(data: NDArray[np.uint16]) -> bytes:
    """`data` (t, z, y, x) as Zeiss writes it: a private header in metres, and a thumbnail behind each plane."""
    times, depth, height, width = data.shape
    sizes = (0.5e-6, 0.25e-6, 2e-6, 0, 0, 0)
    info = struct.pack(
        "<10i6d2HI4Id", 67127628, 132, width, height, depth, 1, times, 2, 3, 2, *sizes, 6, 0, 0, *[0] * 4, 1.5
    )
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream, byteorder="<") as out:
        for i, plane in enumerate(data.reshape(-1, height, width)):
            tags = [(34412, 7, len(info), info, True)] if i == 0 else []
            out.write(plane, metadata=None, extratags=tags, photometric="minisblack")
            out.write(plane[::2, ::2], metadata=None, subfiletype=1, photometric="minisblack")
    return stream.getvalue()


def test_an_lsm_film() -> None:
    data = RNG.integers(0, 4095, (2, 3, 4, 6), dtype=np.uint16)
    scan = one(lsm(data))
    assert (scan.axes, scan.spacing_known, scan.source.facts["interval_s"]) == ("TZYX", True, 1.5)
    np.testing.assert_array_equal(scan.data, data)
    np.testing.assert_allclose(scan.spacing, (0.002, 0.00025, 0.0005))
    assert told(scan, "1 smaller picture")

"""FITS: numbers, axes, units and parts, against files built by hand and arrays that astropy wrote."""

import gzip
import struct
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.io import AxesNeeded, PartNeeded, ReadError, load
from prep_core.scan import Scan
from tests.io.fits.files import by_hand, written

RAMP = np.arange(12).reshape(3, 4)
TYPES = ("uint8", "int16", "int32", "int64", "float32", "float64", "int8", "uint16", "uint32", "uint64")


def one(data: bytes, **answers: Any) -> Scan:
    (scan,) = load(data, name="night.fits", **answers)
    return scan


@pytest.mark.parametrize(
    ("bitpix", "code", "stored", "words", "kind", "values"),
    [
        (16, ">4h", [-32768, -1, 0, 32767], {}, "int16", [-32768, -1, 0, 32767]),
        (16, ">4h", [-32768, -1, 0, 32767], {"BZERO": 32768}, "uint16", [0, 32767, 32768, 65535]),
        (16, ">4h", [-32768, -1, 0, 32767], {"BSCALE": 1.0, "BZERO": 32768.0}, "uint16", [0, 32767, 32768, 65535]),
        (32, ">4i", [-(2**31), -1, 0, 2**31 - 1], {"BZERO": 2**31}, "uint32", [0, 2**31 - 1, 2**31, 2**32 - 1]),
        (64, ">4q", [-(2**63), -1, 0, 5], {"BZERO": 2**63}, "uint64", [0, 2**63 - 1, 2**63, 2**63 + 5]),
        (8, ">4B", [0, 127, 128, 255], {"BZERO": -128}, "int8", [-128, -1, 0, 127]),
        (8, ">4B", [0, 1, 128, 255], {}, "uint8", [0, 1, 128, 255]),
        (8, ">4B", [0, 1, 2, 255], {"BSCALE": 300, "BZERO": -7}, "int32", [-7, 293, 593, 76493]),
        (16, ">4h", [0, 1, 2, -4], {"BSCALE": 0.5, "BZERO": 1}, "float32", [1.0, 1.5, 2.0, -1.0]),
        (32, ">4i", [0, 1, 16777217, -3], {"BSCALE": 0.5}, "float64", [0.0, 0.5, 8388608.5, -1.5]),
        (-32, ">4f", [0, 1, 2.5, -4], {"BSCALE": 2, "BZERO": 10}, "float32", [10, 12, 15, 2]),
        (-64, ">4d", [0, 0.1, 1e300, -4], {}, "float64", [0, 0.1, 1e300, -4]),
    ],
)
def test_values(bitpix: int, code: str, stored: list[Any], words: dict[str, Any], kind: str, values: list[Any]) -> None:
    scan = one(by_hand((2, 2), bitpix, struct.pack(code, *stored), words))
    assert str(scan.data.dtype) == kind
    assert scan.data.ravel().tolist() == values
    assert bool(scan.source.converted) == bool(words)
    assert scan.data.dtype.isnative


@given(st.sampled_from(TYPES).flatmap(lambda t: hnp.arrays(t, hnp.array_shapes(min_dims=2, max_dims=2))))
def test_what_astropy_wrote_comes_back(array: Any) -> None:
    assume(np.isfinite(array).any())
    scan = one(written(fits.PrimaryHDU(array)))
    assert scan.data.dtype == array.dtype
    np.testing.assert_array_equal(scan.data, array)


def test_blank_voxels_do_not_count() -> None:
    data = struct.pack(">4h", 5, -99, 7, -99)
    scan = one(by_hand((2, 2), 16, data, {"BLANK": -99, "BSCALE": 2}))
    assert scan.valid.tolist() == [[True, False], [True, False]]
    assert scan.data[scan.valid].tolist() == [10, 14]
    assert any("2 voxels are BLANK" in w for w in scan.source.warnings)


def test_nan_stays_and_blank_of_floats_says_nothing() -> None:
    scan = one(by_hand((2, 2), -32, struct.pack(">4f", 1, np.nan, -32768, 2), {"BLANK": -32768}))
    assert scan.valid.tolist() == [[True, False], [True, True]]
    assert any("BLANK says nothing about floats" in w for w in scan.source.warnings)


@pytest.mark.parametrize("kind", ["RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "uint16"])
def test_tiles_of_whole_numbers(kind: str, dtype: str) -> None:
    if kind == "PLIO_1" and dtype == "uint16":
        dtype = "int16"
    array = np.random.default_rng(0).integers(0, 250, (37, 45)).astype(dtype)
    scan = one(written(fits.CompImageHDU(array, compression_type=kind)))
    assert (scan.data.dtype, scan.source.facts["ZCMPTYPE"]) == (array.dtype, kind)
    np.testing.assert_array_equal(scan.data, array)


@pytest.mark.parametrize(("kind", "level", "within"), [("GZIP_2", 0.0, 0.0), ("RICE_1", -0.25, 0.25)])
def test_tiles_of_floats(kind: str, level: float, within: float) -> None:
    array = np.random.default_rng(0).normal(100, 20, (37, 45)).astype(np.float32)
    array[3, 4] = np.nan
    scan = one(written(fits.CompImageHDU(array, compression_type=kind, quantize_level=level)))
    np.testing.assert_allclose(scan.data, array, atol=within, rtol=1e-7)
    assert bool(scan.source.converted) == (within > 0)
    assert np.argwhere(~scan.valid).tolist() == [[3, 4]]


@pytest.mark.parametrize(
    ("words", "shape", "axes"),
    [
        ({"CTYPE3": "FREQ-LSR"}, (2, 3, 4), "CYX"),
        ({"CTYPE3": "WAVE"}, (2, 3, 4), "CYX"),
        ({"CTYPE3": "VELO"}, (2, 3, 4), "CYX"),
        ({"CTYPE3": "TIME"}, (2, 3, 4), "TYX"),
        ({"CTYPE3": "STOKES", "CTYPE4": "UTC"}, (5, 2, 3, 4), "TCYX"),
        ({"CTYPE3": "UTC", "CTYPE4": "STOKES"}, (2, 5, 3, 4), "TCYX"),
        ({"CTYPE3": "STOKES", "CTYPE4": "FREQ"}, (5, 1, 3, 4), "CYX"),
        ({}, (1, 1, 3, 4), "YX"),
    ],
)
def test_axes_by_ctype(words: dict[str, str], shape: tuple[int, ...], axes: str) -> None:
    array = np.arange(np.prod(shape), dtype=">i2").reshape(shape)
    scan = one(by_hand(shape, 16, array.tobytes(), words))
    assert scan.axes == axes
    # Time stands before channels in a scan, whichever is NAXIS4; all else keeps its order.
    turned = array.swapaxes(0, 1) if words.get("CTYPE4") == "STOKES" else array
    np.testing.assert_array_equal(scan.data, turned.reshape(scan.data.shape))


@pytest.mark.parametrize("words", [{}, {"CTYPE3": "OTHER"}, {"CTYPE1": "FREQ", "CTYPE3": "WAVE"}])
def test_a_cube_without_a_name_of_its_axis_is_asked_about(words: dict[str, str]) -> None:
    data = by_hand((2, 3, 4), 8, bytes(range(24)), words)
    with pytest.raises(AxesNeeded, match=r"night\.fits has 3 axes of lengths 2 x 3 x 4"):
        one(data)
    scan = one(data, axes="ZYX")
    assert scan.data.ravel().tolist() == list(range(24))


@pytest.mark.parametrize(
    ("unit", "kept"),
    [
        ("ELECTRONS", "ELECTRONS"),
        ("MJy/sr", "MJy/sr"),
        ("10**-20 erg/s/cm**2", "10**-20 erg/s/cm**2"),
        ("J. Doe", "a.u."),
    ],
)
def test_unit_place_and_facts(unit: str, kept: str) -> None:
    words = {"BUNIT": unit, "TELESCOP": "HST", "EXPTIME": 60.5, "CDELT1": 0.1, "OBSERVER": "PHI", "OBJECT": "PHI"}
    scan = one(by_hand((3, 4), 8, bytes(12), {**words, "DATE-OBS": "PHI", "AUTHOR": "PHI", "INSTRUME": "a@b"}))
    assert (scan.unit, scan.modality, scan.spacing_known) == (kept, "AST", False)
    facts = {key: scan.source.facts[key] for key in ("TELESCOP", "EXPTIME", "CDELT1")}
    assert facts == {"TELESCOP": "HST", "EXPTIME": 60.5, "CDELT1": 0.1}
    assert "PHI" not in repr(scan)
    assert "INSTRUME" not in scan.source.facts
    assert scan.source.format == "FITS"
    assert scan.source.reader.startswith("astropy ")


def several() -> bytes:
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5))])
    return written(
        fits.ImageHDU((RAMP + 50).astype("i2"), name="DQ"),
        fits.ImageHDU((RAMP + 10).astype("i2"), name="SCI", ver=1),
        table,
        fits.ImageHDU((RAMP + 20).astype("i2"), name="SCI", ver=2),
        fits.ImageHDU((RAMP + 30).astype("i2")),
        fits.ImageHDU(np.arange(5), name="SPECTRUM"),
    )


def test_each_image_is_a_scan_and_flags_come_last() -> None:
    scans = load(several(), name="night.fits")
    assert [(s.name, s.data[0, 0]) for s in scans] == [
        ("night-SCI-1", 10),
        ("night-SCI-2", 20),
        ("night-5", 30),
        ("night-DQ", 50),
    ]
    assert all(any("1 table" in w for w in s.source.warnings) for s in scans)
    assert len({s.source.sha256 for s in scans}) == 4


@pytest.mark.parametrize(
    ("part", "first"), [("SCI", 10), ("sci,2", 20), ("SCI,1", 10), ("4", 20), ("5", 30), ("DQ", 50), (" dq ", 50)]
)
def test_a_part_is_chosen(part: str, first: int) -> None:
    assert one(several(), part=part).data[0, 0] == first


@pytest.mark.parametrize("part", ["SPECTRUM", "0", "SCI,3", "no"])
def test_a_part_that_is_none_is_asked_about(part: str) -> None:
    with pytest.raises(PartNeeded, match=r"has no part .* holds 4 arrays") as asked:
        one(several(), part=part)
    assert {(p.name, p.shape, p.dtype) for p in asked.value.parts} == {
        (name, (3, 4), "int16") for name in ("SCI,1", "SCI,2", "5", "DQ")
    }


def test_gzip_outside() -> None:
    plain = by_hand((3, 4), 8, bytes(range(12)))
    scan = one(gzip.compress(plain))
    assert scan.data.ravel().tolist() == list(range(12))
    with pytest.raises(ReadError, match="gzip"):
        one(gzip.compress(plain)[:-8] + bytes(8))

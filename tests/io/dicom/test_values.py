"""DICOM: the values that stored numbers stand for, which of them are padding, and how they are meant to be shown."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from prep_core.io import ReadError, load
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Finding, Scan
from tests.io.dicom.slices import COLUMNS, ROWS, as_bytes, dataset, plane, save


def read(ds: Dataset) -> Scan:
    (scan,) = load(as_bytes(ds), name="slice.dcm")
    return scan


def finding(scan: Scan, name: str) -> Finding:
    (found,) = (f for f in scan.findings if f.name == name)
    return found


@pytest.mark.parametrize(
    ("slope", "intercept", "kind", "expected"),
    [
        (None, None, "int16", plane()),
        (1, -1024, "int16", plane() - 1024),
        (2, 5, "int16", 2 * plane() + 5),
        (3000, 0, "int32", 3000 * plane().astype(np.int32)),
        (0.25, 0, "float32", 0.25 * plane()),
        (1, 0.5, "float32", plane() + 0.5),
        (0, 7, "int16", plane() + 7),
    ],
)
def test_slope_and_intercept(slope: float, intercept: float, kind: str, expected: np.ndarray) -> None:
    scan = read(dataset(RescaleSlope=slope, RescaleIntercept=intercept))
    assert scan.data.dtype == kind
    np.testing.assert_array_equal(scan.data, expected)


def test_unsigned_numbers_below_zero_after_rescaling_do_not_wrap() -> None:
    scan = read(dataset(plane(dtype="uint16"), RescaleSlope=1, RescaleIntercept=-1024))
    assert (scan.data.dtype, scan.data.min(), scan.unit) == (np.int16, -1024, "HU")


def test_every_slice_has_its_own_slope(tmp_path: Path) -> None:
    for i, slope in enumerate((1, 0.25, 2)):
        tags = {"RescaleSlope": slope, "RescaleIntercept": -i, "ImagePositionPatient": [0, 0, i]}
        save(tmp_path / f"{i}.dcm", dataset(**tags))
    (scan,) = load(tmp_path)
    assert scan.data.dtype == np.float32
    np.testing.assert_array_equal(scan.data, [plane(), 0.25 * plane() - 1, 2.0 * plane() - 2])


def test_modality_lut() -> None:
    lut = Dataset()
    lut.LUTDescriptor, lut.ModalityLUTType = [20, 0, 16], "US"
    lut.add_new("LUTData", "US", list(range(1000, 1020)))
    scan = read(dataset(plane(dtype="uint16"), ModalityLUTSequence=Sequence([lut])))
    np.testing.assert_array_equal(scan.data, plane(1000))


@pytest.mark.parametrize(
    ("dtype", "value", "limit", "outside"),
    [
        ("int16", -3, None, [-3]),
        ("int16", -5, -3, [-5, -4, -3]),
        ("int16", -3, -5, [-5, -4, -3]),
        ("uint16", 2, None, [2]),
        ("uint16", 2, 4, [2, 3, 4]),
    ],
)
def test_padding_is_compared_in_stored_numbers(dtype: str, value: int, limit: int | None, outside: list[int]) -> None:
    stored = plane(-5 if dtype == "int16" else 0, dtype)
    tags = {"PixelPaddingValue": value, "PixelPaddingRangeLimit": limit, "RescaleIntercept": -1024, "RescaleSlope": 2}
    scan = read(dataset(stored, **tags))
    np.testing.assert_array_equal(scan.valid, ~np.isin(stored, outside))
    assert f"{len(outside)} of {ROWS * COLUMNS} voxels" in finding(scan, "padding").evidence


def test_a_padding_value_of_the_other_sign_is_understood() -> None:
    ds = dataset(plane(-5))
    ds.add_new("PixelPaddingValue", "US", 2**16 - 3)
    np.testing.assert_array_equal(read(ds).valid, plane(-5) != -3)


def test_nothing_but_padding_is_refused() -> None:
    with pytest.raises(ReadError, match="nothing but padding"):
        read(dataset(np.full_like(plane(), -5), PixelPaddingValue=-5))


def test_without_padding_everything_is_valid() -> None:
    scan = read(dataset())
    assert scan.all_valid
    assert scan.findings == ()


@pytest.mark.parametrize(("bits", "high"), [(12, 4095), (16, 65535)])
def test_monochrome1_keeps_its_stored_values(bits: int, high: int) -> None:
    tags = {"PhotometricInterpretation": "MONOCHROME1", "BitsStored": bits, "HighBit": bits - 1, "Modality": "CR"}
    scan = read(dataset(plane(dtype="uint16"), **tags))
    np.testing.assert_array_equal(scan.data, plane())
    assert (scan.display_inverted, scan.unit, scan.modality) == (True, "a.u.", "CR")
    assert f"add invert with high = {high}" in finding(scan, "monochrome1").advice


@pytest.mark.parametrize(("slope", "intercept"), [(1, 0), (2, -1024), (0.5, 3), (-1, 10)])
@pytest.mark.parametrize("dtype", ["uint16", "int16"])
def test_the_advice_for_monochrome1_gives_what_a_viewer_shows(
    dtype: str, slope: float, intercept: float, tmp_path: Path
) -> None:
    tags = {"PhotometricInterpretation": "MONOCHROME1", "BitsStored": 12, "HighBit": 11, "Modality": "CR"}
    ds = dataset(plane(dtype=dtype), RescaleSlope=slope, RescaleIntercept=intercept, **tags)
    scan = read(ds)
    found = finding(scan, "monochrome1")
    turned = apply(Recipe((Line(found.step, found.params),)), scan).data
    lowest_and_highest = 4095 if dtype == "uint16" else -1
    np.testing.assert_allclose(turned, slope * (lowest_and_highest - plane()) + intercept)
    if dtype == "uint16":  # SimpleITK refuses signed ones.
        shown = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(save(tmp_path / "a.dcm", ds)))
        np.testing.assert_allclose(turned, shown.squeeze())


def test_monochrome1_of_floats_or_32_bits_turns_within_its_values() -> None:
    scan = read(dataset(plane(dtype="uint32") + 7, PhotometricInterpretation="MONOCHROME1"))
    assert finding(scan, "monochrome1").params == {"high": 2 * 7 + plane().max()}


@pytest.mark.parametrize(
    ("tags", "unit"),
    [
        ({"Modality": "PT", "Units": "BQML"}, "Bq/ml"),
        ({"Modality": "PT", "Units": "GML"}, "g/ml"),
        ({"Modality": "PT", "Units": "CNTS"}, "counts"),
        ({"Modality": "PT", "Units": "PHICANARY"}, "a.u."),
        ({"Modality": "CT", "RescaleType": "HU"}, "HU"),
        ({"Modality": "CT"}, "HU"),
        ({"Modality": "CT", "RescaleType": "US"}, "a.u."),
        ({"Modality": "CT", "RescaleType": "MGML"}, "mg/ml"),
        ({"Modality": "MR"}, "a.u."),
        ({"Modality": "RTDOSE", "DoseUnits": "GY", "DoseGridScaling": 0.5}, "Gy"),
        ({"Modality": "RTDOSE", "DoseUnits": "RELATIVE", "DoseGridScaling": 0.5}, "a.u."),
    ],
)
def test_units(tags: dict[str, object], unit: str) -> None:
    scan = read(dataset(RescaleSlope=0.5, RescaleIntercept=0, **tags))
    assert scan.unit == unit
    np.testing.assert_array_equal(scan.data, 0.5 * plane())
    (told,) = scan.source.converted
    assert told.startswith(f"stored int16 numbers became float32 {'values' if unit == 'a.u.' else unit}: slope 0.5")


def test_a_dose_of_one_frame_is_scaled_too() -> None:
    scan = read(dataset(plane(dtype="uint32"), Modality="RTDOSE", DoseUnits="GY", DoseGridScaling=1e-3))
    np.testing.assert_allclose(scan.data, 1e-3 * plane(), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["uint16", "int16"])
@pytest.mark.parametrize("high_bit", [11, 13, 15])
def test_numbers_that_do_not_lie_at_the_bottom_of_their_cell(dtype: str, high_bit: int) -> None:
    # PS3.5 8.1.1; the other bits hold something else, such as an overlay.
    values = plane(-9 if dtype == "int16" else 4070, "int32")
    cells = (values.astype(np.int64) & 0xFFF) << (high_bit - 11)
    noise = np.arange(values.size).reshape(values.shape) & 1
    filled = cells | (noise << ((high_bit + 1) % 16))
    tags = {"BitsStored": 12, "HighBit": high_bit, "PixelRepresentation": int(dtype == "int16"), "Modality": "MR"}
    np.testing.assert_array_equal(read(dataset(filled.astype("uint16"), **tags)).data, values)


@pytest.mark.parametrize("dtype", ["uint16", "int16"])
def test_the_private_syntax_with_big_endian_pixels(dtype: str) -> None:
    values = plane(-5 if dtype == "int16" else 300, dtype)
    data = as_bytes(dataset(values.byteswap(), Modality="MR"), ImplicitVRLittleEndian)
    private = data.replace(b"1.2.840.10008.1.2\0", b"1.2.840.113619.5.2")
    assert len(private) == len(data)
    (scan,) = load(private)
    np.testing.assert_array_equal(scan.data, values)
    assert scan.source.converted == ("the bytes of the pixels were swapped, as their private transfer syntax asks",)


def test_padding_of_floats() -> None:
    ds = dataset(plane().astype(np.int32), Modality="MR", FloatPixelPaddingValue=3.0)
    ds.FloatPixelData = plane().astype(np.float32).tobytes()
    del ds.PixelData
    np.testing.assert_array_equal(read(ds).valid, plane() != 3)


def test_every_slice_has_its_own_padding(tmp_path: Path) -> None:
    for i, value in enumerate((3, 5)):
        save(tmp_path / f"{i}.dcm", dataset(PixelPaddingValue=value, ImagePositionPatient=[0, 0, i]))
    (scan,) = load(tmp_path)
    np.testing.assert_array_equal(scan.valid, [plane() != 3, plane() != 5])


def test_overlays_are_told_and_not_drawn() -> None:
    ds = dataset()
    ds.add_new(0x60000010, "US", ROWS)
    ds.add_new(0x60000011, "US", COLUMNS)
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60003000, "OW", bytes([255] * 4))
    scan = read(ds)
    np.testing.assert_array_equal(scan.data, plane())
    assert scan.source.warnings == ("1 overlay is left out of the pixels",)


@pytest.mark.parametrize("interpretation", ["RGB", "YBR_FULL"])
@pytest.mark.parametrize("planar", [0, 1])
def test_colours_become_channels(interpretation: str, planar: int) -> None:
    red, green, blue = ((200, 10, 10), (10, 200, 10), (10, 10, 200))
    # PS3.3 C.7.6.3.1.2, the full range equations of YBR.
    to_ybr = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
    rgb = np.array([[red, green, blue, red, green]] * ROWS, np.uint8)
    stored = np.round(rgb @ to_ybr.T + [0, 128, 128]).astype(np.uint8) if interpretation == "YBR_FULL" else rgb
    in_file = np.moveaxis(stored, -1, 0) if planar else stored
    tags = {"SamplesPerPixel": 3, "PhotometricInterpretation": interpretation, "PlanarConfiguration": planar}
    scan = read(dataset(np.ascontiguousarray(in_file), **tags))
    assert (scan.axes, scan.channels) == ("CYX", ("R", "G", "B"))
    np.testing.assert_allclose(scan.data, np.moveaxis(rgb, -1, 0), atol=2)
    assert scan.source.converted == (("YBR_FULL colours became RGB",) if interpretation == "YBR_FULL" else ())


def palette(entries: int) -> dict[str, object]:
    tags: dict[str, object] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for k, colour in enumerate(("Red", "Green", "Blue")):
        tags[f"{colour}PaletteColorLookupTableDescriptor"] = [entries, 0, 16]
        table = (np.arange(entries) * 100 + k).astype("<u2")
        tags[f"{colour}PaletteColorLookupTableData"] = table.tobytes()
    return tags


def test_a_palette_becomes_channels() -> None:
    scan = read(dataset(plane(dtype="uint8"), **palette(20)))
    assert scan.axes == "CYX"
    np.testing.assert_array_equal(scan.data, [plane() * 100 + k for k in range(3)])


def test_a_palette_of_a_big_endian_file() -> None:
    tags = {
        k: np.frombuffer(v, "<u2").astype(">u2").tobytes() if isinstance(v, bytes) else v
        for k, v in palette(20).items()
    }
    (scan,) = load(as_bytes(dataset(plane(dtype="uint8"), **tags), ExplicitVRBigEndian))
    np.testing.assert_array_equal(scan.data, [plane() * 100 + k for k in range(3)])


def test_a_number_beyond_the_palette_is_refused() -> None:
    with pytest.raises(ValueError, match="colour 19 of a palette with 10 entries"):
        read(dataset(plane(dtype="uint8"), **palette(10)))


def test_float_pixels() -> None:
    values = plane().astype(np.float32) / 3
    values[0, 0] = np.nan
    ds = dataset(plane().astype(np.int32), Modality="MR")
    ds.FloatPixelData = values.tobytes()
    del ds.PixelData
    scan = read(ds)
    np.testing.assert_array_equal(scan.data, values)
    assert not scan.valid[0, 0]

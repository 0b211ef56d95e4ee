"""DICOM: the values that stored numbers stand for, which of them are padding, and how they are meant to be shown."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence

from prep_core.io import ReadError, load
from prep_core.scan import Scan
from tests.io.slices import CANARY, COLUMNS, ROWS, SERIES, as_bytes, dataset, plane, save


def read(ds: Dataset) -> Scan:
    (scan,) = load(as_bytes(ds), name="slice.dcm")
    return scan


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
    (finding,) = scan.findings
    assert finding.name == "padding"
    assert f"{len(outside)} of {ROWS * COLUMNS} voxels" in finding.evidence


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
    assert f"add invert with high = {high}" in scan.findings[0].advice


def test_windows_keep_their_explanations() -> None:
    tags = {"WindowCenter": [40, -600], "WindowWidth": [400, 1500], "WindowCenterWidthExplanation": ["SOFT", "LUNG"]}
    assert read(dataset(**tags)).source.facts["windows"] == [
        {"center": 40.0, "width": 400.0, "name": "SOFT"},
        {"center": -600.0, "width": 1500.0, "name": "LUNG"},
    ]


def test_a_window_without_width_is_dropped_and_told() -> None:
    scan = read(dataset(WindowCenter=[0, 40], WindowWidth=[0, 400]))
    assert [w["width"] for w in scan.source.facts["windows"]] == [400.0]
    assert any("window of width 0" in w for w in scan.source.warnings)


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


def test_nothing_about_a_person_is_kept() -> None:
    words = ("PatientName", "PatientID", "StudyDescription", "SeriesDescription", "InstitutionName", "AccessionNumber")
    words += ("ReferringPhysicianName", "ProtocolName", "StationName", "ImageComments", "StudyID")
    tags = dict.fromkeys(words, CANARY) | {"StudyDate": "19551122", "PatientBirthDate": "19551122"}
    ds = dataset(**tags, AcquisitionDateTime="19551122101500", WindowCenter=[0], WindowWidth=[0])
    scan = read(ds)
    told = repr((scan, scan.source.facts, scan.source.warnings, scan.findings))
    for word in (CANARY, "19551122", SERIES, ds.SOPInstanceUID):
        assert word not in told

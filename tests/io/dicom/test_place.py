"""DICOM: where slices and frames lie, what is told about a stack that is not even, and files that are broken."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from pydicom import Dataset
from pydicom.uid import generate_uid
from scipy.spatial.transform import Rotation

from prep_core.io import ReadError, load
from prep_core.scan import Finding, Scan
from tests.io.dicom.slices import CANARY, COLUMNS, ROWS, UPRIGHT, as_bytes, dataset, plane, save, stack


def one(source: Path | bytes) -> Scan:
    (scan,) = load(source, name="slice.dcm") if isinstance(source, bytes) else load(source)
    return scan


def finding(scan: Scan, name: str) -> Finding:
    (found,) = (f for f in scan.findings if f.name == name)
    return found


def numbers_from(scan: Scan) -> list[int]:
    """The first voxel of each slice, which says which slice it is."""
    return [int(v) for v in scan.data[:, 0, 0]]


@pytest.mark.parametrize("order", [[3, 0, 4, 1, 2], [4, 3, 2, 1, 0]])
def test_slices_are_sorted_by_position_and_not_by_name(order: list[int], tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [-10, -7.5, -5, -2.5, 0], order))
    assert numbers_from(scan) == [0, 100, 200, 300, 400]
    np.testing.assert_allclose(scan.spacing, (2.5, 0.75, 0.5))
    np.testing.assert_allclose(scan.origin, (0, 0, -10))
    assert (scan.source.warnings, scan.findings) == ((), ())
    assert "slices were sorted by their position along the normal" in scan.source.converted


@pytest.mark.parametrize("angles", [(0, 0, 0), (20, -35, 50), (90, 0, 90), (180, 10, 5)])
def test_an_oblique_series_lies_where_simpleitk_puts_it(angles: tuple[int, ...], tmp_path: Path) -> None:
    turn = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    for i in range(4):
        at = np.array([12.5, -30.25, 7.0]) + 1.75 * i * turn[:, 2]
        place = {"ImagePositionPatient": [f"{v:.9g}" for v in at], "InstanceNumber": i}
        along = [f"{v:.9g}" for v in turn[:, :2].T.ravel()]
        save(tmp_path / f"{3 - i}.dcm", dataset(plane(100 * i), ImageOrientationPatient=along, **place))
    scan = one(tmp_path)
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
    image = reader.Execute()
    np.testing.assert_array_equal(scan.data, SimpleITK.GetArrayFromImage(image))
    for x, y, z in ((0, 0, 0), (4, 0, 0), (0, 3, 0), (0, 0, 3), (4, 3, 3)):
        expected = image.TransformIndexToPhysicalPoint((x, y, z))
        np.testing.assert_allclose((scan.affine @ [z, y, x, 1])[:3], expected, atol=1e-6)


@pytest.mark.parametrize("spacing", [None, [0, 0], [-1, 0.5], [0.5], [0.5, 0.5, 0.5]])
def test_a_spacing_that_is_none_is_unknown(spacing: list[float] | None) -> None:
    scan = one(as_bytes(dataset(PixelSpacing=spacing)))
    assert not scan.spacing_known
    assert scan.spacing == (1.0, 1.0)
    assert any("spacing is unknown" in w for w in scan.source.warnings)


def test_a_spacing_of_text_is_unknown() -> None:
    data = as_bytes(dataset(PixelSpacing=[0.75, 0.5])).replace(b"0.75\\0.5", b"abcd\\e.f")
    assert b"abcd" in data
    assert not one(data).spacing_known


def test_the_spacing_at_the_detector_is_labelled() -> None:
    scan = one(as_bytes(dataset(PixelSpacing=None, ImagerPixelSpacing=[0.2, 0.1])))
    assert scan.spacing == (0.2, 0.1)
    assert any("ImagerPixelSpacing" in w for w in scan.source.warnings)
    both = one(as_bytes(dataset(PixelSpacing=[0.4, 0.3], ImagerPixelSpacing=[0.2, 0.1])))
    assert both.spacing == (0.4, 0.3)


def test_a_single_slice_is_as_thick_as_it_says() -> None:
    scan = one(as_bytes(dataset(SliceThickness=5)))
    assert scan.axes == "YX"
    np.testing.assert_allclose(np.linalg.norm(scan.affine[:3, 0]), 5)


def test_positions_count_before_spacing_between_slices(tmp_path: Path) -> None:
    assert one(stack(tmp_path, [0, 7, 14], SpacingBetweenSlices=2, SliceThickness=5)).spacing[0] == 7


def test_a_missing_slice_is_told_and_left_empty(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2.5, 7.5, 10]))
    assert numbers_from(scan) == [0, 100, 0, 200, 300]
    np.testing.assert_array_equal(scan.valid.all(axis=(1, 2)), [True, True, False, True, True])
    np.testing.assert_allclose(scan.spacing[0], 2.5)
    found = finding(scan, "missing_slices")
    assert found.evidence == "1 missing slice leaves a gap between 2.50 and 7.50 mm (usual spacing 2.500 mm)."
    assert (found.level, found.step) == ("warning", "")


def test_uneven_slices_are_told(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 4, 7, 9]))
    assert scan.spacing[0] == 2
    assert "uneven between 4.00 and 7.00 mm" in finding(scan, "uneven_spacing").evidence
    assert "from 2.000 to 3.000 mm" in finding(scan, "uneven_spacing").evidence


def test_a_duplicate_position_is_told_and_used_once(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 2, 4]))
    assert numbers_from(scan) == [0, 100, 300]
    assert (
        finding(scan, "duplicate_slices").evidence
    ) == "Duplicate slices lie at 2.00 mm; the first of each is used and 1 left out."


def test_two_stacks_at_one_place_are_two_times(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 4, 0, 2, 4]))
    assert scan.axes == "TZYX"
    np.testing.assert_array_equal(scan.data[..., 0, 0], [[0, 100, 200], [300, 400, 500]])
    assert any("2 slices lie at every position" in w for w in scan.source.warnings)


@pytest.mark.parametrize(("shift", "words"), [(0.08, "1.1 degrees, 0.2 mm"), (1.4558809, "20.0 degrees, 4.4 mm")])
def test_a_gantry_tilt_is_told_in_mm_and_degrees(shift: float, words: str, tmp_path: Path) -> None:
    for i in range(4):
        save(tmp_path / f"{i}.dcm", dataset(plane(100 * i), ImagePositionPatient=[0, shift * i, 4.0 * i]))
    scan = one(tmp_path)
    assert words in finding(scan, "gantry_tilt").evidence
    np.testing.assert_allclose((scan.affine @ [3, 0, 0, 1])[:3], (0, 3 * shift, 12), atol=1e-9)
    assert not any("orthogonal" in w for w in scan.source.warnings)


def test_two_series_in_one_folder_are_two_scans(tmp_path: Path) -> None:
    stack(tmp_path, [0, 2, 4])
    for i in range(2):
        place = {"SeriesInstanceUID": generate_uid(entropy_srcs=["other"]), "ImagePositionPatient": [0, 0, i]}
        save(tmp_path / f"x{i}.dcm", dataset(plane(7), **place))
    scans = load(tmp_path)
    assert sorted(s.size("Z") for s in scans) == [2, 3]
    assert len({s.name for s in scans}) == 2
    assert all(any("2 series" in w for w in s.source.warnings) for s in scans)


def test_scans_of_one_folder_are_told_apart_by_number_and_kind(tmp_path: Path) -> None:
    for number, kind in ((2, "AXIAL"), (7, "AXIAL"), (7, "LOCALIZER")):
        for i in range(2):
            own = {"SeriesInstanceUID": generate_uid(entropy_srcs=[str(number)]), "SeriesNumber": number}
            along = [1, 0, 0, 0, 0, -1] if kind == "LOCALIZER" else UPRIGHT
            at = [0, i, 0] if kind == "LOCALIZER" else [0, 0, i]
            tags = {"ImageType": ["ORIGINAL", "PRIMARY", kind], "SeriesDescription": CANARY}
            place = {"ImagePositionPatient": at, "ImageOrientationPatient": list(along)}
            save(tmp_path / "head" / f"{number}{kind}{i}.dcm", dataset(**own, **tags, **place))
    assert sorted(s.name for s in load(tmp_path)) == ["head-series2", "head-series7", "head-series7-localizer"]


def test_a_spacing_that_differs_between_slices_is_told(tmp_path: Path) -> None:
    for i, spacing in enumerate((0.5, 0.7)):
        save(tmp_path / f"{i}.dcm", dataset(PixelSpacing=[spacing] * 2, ImagePositionPatient=[0, 0, i]))
    assert any("differs between slices: 0.5 to 0.7 mm" in w for w in one(tmp_path).source.warnings)


def ultrasound(*deltas: float, units: int = 3, right: int = COLUMNS - 1) -> list[Dataset]:
    regions = [Dataset() for _ in deltas]
    for region, delta in zip(regions, deltas, strict=True):
        region.RegionSpatialFormat = 1
        region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = units
        region.PhysicalDeltaX, region.PhysicalDeltaY = delta, 2 * delta
        region.RegionLocationMaxX1, region.RegionLocationMaxY1 = right, ROWS - 1
    return regions


@pytest.mark.parametrize(
    ("regions", "spacing", "words"),
    [
        (ultrasound(0.02), (0.4, 0.2), "that of its ultrasound region"),
        (ultrasound(0.02, 0.02), (0.4, 0.2), "that of its ultrasound region"),
        (ultrasound(0.02, 0.03), None, "its ultrasound regions have different scales"),
        (ultrasound(0.0), None, "is unknown"),
        (ultrasound(0.02, units=4), None, "is unknown"),
        (ultrasound(0.02, right=COLUMNS), None, "does not fit into the picture, which was resized"),
    ],
)
def test_the_spacing_of_an_ultrasound(regions: list[Dataset], spacing: tuple[float, float] | None, words: str) -> None:
    scan = one(as_bytes(dataset(Modality="US", PixelSpacing=None, SequenceOfUltrasoundRegions=regions)))
    assert scan.spacing_known == (spacing is not None)
    assert scan.spacing == pytest.approx(spacing or (1.0, 1.0))
    assert any(words in w for w in scan.source.warnings)


def test_a_localizer_inside_the_series_stands_apart(tmp_path: Path) -> None:
    stack(tmp_path, [0, 2, 4])
    save(tmp_path / "scout.dcm", dataset(plane(7), ImageOrientationPatient=[1, 0, 0, 0, 0, -1]))
    assert sorted(s.axes for s in load(tmp_path)) == ["YX", "ZYX"]


def test_a_truncated_file_alone_is_refused() -> None:
    with pytest.raises(ReadError, match=r"slice\.dcm .*truncated"):
        one(as_bytes(dataset())[:-10])


def test_pixels_that_claim_to_be_longer_than_the_file_are_refused() -> None:
    data = bytearray(as_bytes(dataset()))
    at = data.index(b"\xe0\x7f\x10\x00OW") + 8
    data[at : at + 4] = (0x7FFFFFF0).to_bytes(4, "little")
    with pytest.raises(ReadError, match=r"truncated: expected 2147483632 bytes of pixels, found 40"):
        one(bytes(data))


def test_a_truncated_file_among_good_ones_is_named_in_a_warning(tmp_path: Path) -> None:
    stack(tmp_path, [0, 2, 4, 6])
    broken = tmp_path / "IM003.dcm"
    broken.write_bytes(broken.read_bytes()[:-10])
    scan = one(tmp_path)
    assert numbers_from(scan) == [0, 100, 200]
    assert any("IM003.dcm" in w and "truncated" in w for w in scan.source.warnings)


@pytest.mark.parametrize("content", [b"dear reader, this is a letter and not a picture\n" * 20, b"\0" * 4096])
def test_a_file_that_is_only_called_dicom_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "letter.dcm"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=r"letter\.dcm is not a DICOM file"):
        load(path)


def test_a_file_without_pixels_says_what_it_is() -> None:
    with pytest.raises(ReadError, match=r"no pixels .*CT Image Storage.*choose the images"):
        one(as_bytes(without_pixels()))


def without_pixels() -> Dataset:
    ds = dataset()
    del ds.PixelData
    return ds

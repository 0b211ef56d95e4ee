"""DICOM: where slices and frames lie, what is told about a stack that is not even, and files that are broken."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid
from scipy.spatial.transform import Rotation

from prep_core.io import ReadError, load
from prep_core.scan import Scan
from tests.io.slices import UPRIGHT, as_bytes, dataset, plane, save, stack


def one(source: Path | bytes) -> Scan:
    (scan,) = load(source, name="slice.dcm") if isinstance(source, bytes) else load(source)
    return scan


def numbers_from(scan: Scan) -> list[int]:
    """The first voxel of each slice, which says which slice it is."""
    return [int(v) for v in scan.data[:, 0, 0]]


@pytest.mark.parametrize("order", [[3, 0, 4, 1, 2], [4, 3, 2, 1, 0]])
def test_slices_are_sorted_by_position_and_not_by_name(order: list[int], tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [-10, -7.5, -5, -2.5, 0], order))
    assert numbers_from(scan) == [0, 100, 200, 300, 400]
    np.testing.assert_allclose(scan.spacing, (2.5, 0.75, 0.5))
    np.testing.assert_allclose(scan.origin, (0, 0, -10))
    assert scan.source.warnings == ()


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
    assert any("1 missing" in w and "between 2.50 and 7.50 mm" in w for w in scan.source.warnings)


def test_uneven_slices_are_told(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 4, 7, 9]))
    assert scan.spacing[0] == 2
    assert any("uneven between 4.00 and 7.00 mm" in w for w in scan.source.warnings)


def test_a_duplicate_position_is_told_and_used_once(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 2, 4]))
    assert numbers_from(scan) == [0, 100, 300]
    assert any("duplicate slices lie at 2.00 mm" in w for w in scan.source.warnings)


def test_two_stacks_at_one_place_are_two_times(tmp_path: Path) -> None:
    scan = one(stack(tmp_path, [0, 2, 4, 0, 2, 4]))
    assert scan.axes == "TZYX"
    np.testing.assert_array_equal(scan.data[..., 0, 0], [[0, 100, 200], [300, 400, 500]])
    assert any("2 slices lie at every position" in w for w in scan.source.warnings)


def test_a_gantry_tilt_is_told_in_mm_and_degrees(tmp_path: Path) -> None:
    for i in range(4):
        save(tmp_path / f"{i}.dcm", dataset(plane(100 * i), ImagePositionPatient=[0, 0.08 * i, 4.0 * i]))
    scan = one(tmp_path)
    assert any("gantry tilt" in w and "1.1 degrees, 0.2 mm" in w for w in scan.source.warnings)
    np.testing.assert_allclose((scan.affine @ [3, 0, 0, 1])[:3], (0, 0.24, 12), atol=1e-9)


def test_two_series_in_one_folder_are_two_scans(tmp_path: Path) -> None:
    stack(tmp_path, [0, 2, 4])
    for i in range(2):
        place = {"SeriesInstanceUID": generate_uid(entropy_srcs=["other"]), "ImagePositionPatient": [0, 0, i]}
        save(tmp_path / f"x{i}.dcm", dataset(plane(7), **place))
    scans = load(tmp_path)
    assert sorted(s.size("Z") for s in scans) == [2, 3]
    assert len({s.name for s in scans}) == 2
    assert all(any("2 series" in w for w in s.source.warnings) for s in scans)


def test_a_localizer_inside_the_series_stands_apart(tmp_path: Path) -> None:
    stack(tmp_path, [0, 2, 4])
    save(tmp_path / "scout.dcm", dataset(plane(7), ImageOrientationPatient=[1, 0, 0, 0, 0, -1]))
    assert sorted(s.axes for s in load(tmp_path)) == ["YX", "ZYX"]


@pytest.mark.parametrize(("samples", "axes"), [(1, "TYX"), (3, "TCYX")])
def test_a_film_has_a_time_axis(samples: int, axes: str) -> None:
    frames = np.stack([plane(20 * i, "uint8") for i in range(3)])
    pixels = frames if samples == 1 else np.stack([frames] * 3, axis=-1)
    colour = {"SamplesPerPixel": samples, "PlanarConfiguration": 0, "PhotometricInterpretation": "RGB"}
    tags = {"Modality": "US", "NumberOfFrames": 3, "FrameTime": 33.0, **(colour if samples == 3 else {})}
    scan = one(as_bytes(dataset(pixels, **tags)))
    assert (scan.axes, scan.modality) == (axes, "US")
    np.testing.assert_array_equal(scan.data, frames if samples == 1 else np.moveaxis(pixels, -1, 1))


def with_frames(heights: list[float], slopes: list[float]) -> Dataset:
    """An enhanced multi-frame file (PS3.3 C.7.6.16), frame i of numbers from 100 i on."""
    own = []
    for height, slope in zip(heights, slopes, strict=True):
        place, scaling, frame = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = [0.0, 0.0, height]
        scaling.RescaleSlope, scaling.RescaleIntercept = slope, 1
        frame.PlanePositionSequence = Sequence([place])
        frame.PixelValueTransformationSequence = Sequence([scaling])
        own.append(frame)
    turned, measures, shared = Dataset(), Dataset(), Dataset()
    turned.ImageOrientationPatient, measures.PixelSpacing = list(UPRIGHT), [0.75, 0.5]
    shared.PlaneOrientationSequence, shared.PixelMeasuresSequence = Sequence([turned]), Sequence([measures])
    groups = {"SharedFunctionalGroupsSequence": [shared], "PerFrameFunctionalGroupsSequence": own}
    pixels = np.stack([plane(100 * i) for i in range(len(heights))])
    bare = dict.fromkeys(("PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient"))
    return dataset(pixels, Modality="MR", NumberOfFrames=len(heights), **groups, **bare)


def test_frames_of_an_enhanced_file_have_places_and_slopes_of_their_own() -> None:
    scan = one(as_bytes(with_frames([6, 0, 3], [1, 2, 0.5])))
    assert (scan.axes, scan.spacing) == ("ZYX", (3.0, 0.75, 0.5))
    np.testing.assert_array_equal(scan.data, [2 * plane(100) + 1, 0.5 * plane(200) + 1, plane() + 1])


def test_frames_of_an_enhanced_file_at_one_place_are_times() -> None:
    scan = one(as_bytes(with_frames([0, 0, 3, 3], [1, 1, 1, 1])))
    assert scan.axes == "TZYX"
    np.testing.assert_array_equal(scan.data[..., 0, 0], [[1, 201], [101, 301]])


def test_a_dose_has_its_scaling_and_its_offsets() -> None:
    pixels = np.stack([plane(100 * i, "uint16") for i in range(3)])
    tags = {"Modality": "RTDOSE", "NumberOfFrames": 3, "GridFrameOffsetVector": [0, -3, -6], "DoseGridScaling": 0.5}
    scan = one(as_bytes(dataset(pixels, DoseUnits="GY", **tags)))
    assert (scan.axes, scan.unit, scan.spacing[0]) == ("ZYX", "Gy", 3.0)
    np.testing.assert_array_equal(scan.data, pixels[::-1] * 0.5)
    np.testing.assert_allclose(scan.origin, (0, 0, -6))


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

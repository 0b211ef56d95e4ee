"""DICOM files of many frames: films, slices, times, segments."""

from collections.abc import Sequence as Many
from typing import Any

import highdicom
import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from prep_core.io import load
from prep_core.scan import Scan
from tests.io.dicom.slices import COLUMNS, ROWS, UPRIGHT, as_bytes, dataset, plane


def one(ds: Dataset) -> Scan:
    (scan,) = load(as_bytes(ds), name="slice.dcm")
    return scan


@pytest.mark.parametrize(("samples", "axes"), [(1, "TYX"), (3, "TCYX")])
def test_a_film_has_a_time_axis(samples: int, axes: str) -> None:
    frames = np.stack([plane(20 * i, "uint8") for i in range(3)])
    pixels = frames if samples == 1 else np.stack([frames] * 3, axis=-1)
    colour = {"SamplesPerPixel": samples, "PlanarConfiguration": 0, "PhotometricInterpretation": "RGB"}
    tags = {"Modality": "US", "NumberOfFrames": 3, "FrameTime": 33.0, **(colour if samples == 3 else {})}
    scan = one(dataset(pixels, **tags))
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
    scan = one(with_frames([6, 0, 3], [1, 2, 0.5]))
    assert (scan.axes, scan.spacing) == ("ZYX", (3.0, 0.75, 0.5))
    np.testing.assert_array_equal(scan.data, [2 * plane(100) + 1, 0.5 * plane(200) + 1, plane() + 1])


def test_frames_of_an_enhanced_file_at_one_place_are_times() -> None:
    scan = one(with_frames([0, 0, 3, 3], [1, 1, 1, 1]))
    assert scan.axes == "TZYX"
    np.testing.assert_array_equal(scan.data[..., 0, 0], [[1, 201], [101, 301]])


def test_a_dose_has_its_scaling_and_its_offsets() -> None:
    pixels = np.stack([plane(100 * i, "uint16") for i in range(3)])
    tags = {"Modality": "RTDOSE", "NumberOfFrames": 3, "GridFrameOffsetVector": [0, -3, -6], "DoseGridScaling": 0.5}
    scan = one(dataset(pixels, DoseUnits="GY", **tags))
    assert (scan.axes, scan.unit, scan.spacing[0]) == ("ZYX", "Gy", 3.0)
    np.testing.assert_array_equal(scan.data, pixels[::-1] * 0.5)
    np.testing.assert_allclose(scan.origin, (0, 0, -6))


def test_a_dose_whose_offsets_are_positions_on_the_axis_of_the_patient() -> None:
    pixels = np.stack([plane(100 * i, "uint16") for i in range(3)])
    tags = {"Modality": "RTDOSE", "NumberOfFrames": 3, "DoseGridScaling": 1, "ImagePositionPatient": [0, 0, 50]}
    turned = {"ImageOrientationPatient": [1, 0, 0, 0, -1, 0], "GridFrameOffsetVector": [50, 47, 44]}
    scan = one(dataset(pixels, **tags, **turned))
    np.testing.assert_array_equal(scan.data, pixels)
    np.testing.assert_allclose((scan.affine @ [2, 0, 0, 1])[:3], (0, 0, 44))


def test_slopes_of_frames_without_places_count_too() -> None:
    ds = with_frames([0, 3], [2, 0.5])
    for frame in ds.PerFrameFunctionalGroupsSequence:
        del frame.PlanePositionSequence
    scan = one(ds)
    assert scan.axes == "TYX"
    np.testing.assert_array_equal(scan.data, [2 * plane() + 1, 0.5 * plane(100) + 1])
    assert scan.source.converted == (
        "stored int16 numbers became float32 values: slope differs by slice: 0.5 to 2, intercept 1",
        "2 frames became T, in the order of the file",
    )


def test_times_are_sorted_by_their_number_and_not_by_the_order_of_frames() -> None:
    ds = with_frames([0, 0, 3, 3], [1, 1, 1, 1])
    for frame, time in zip(ds.PerFrameFunctionalGroupsSequence, (2, 1, 1, 2), strict=True):
        content = Dataset()
        content.TemporalPositionIndex = time
        frame.FrameContentSequence = Sequence([content])
    np.testing.assert_array_equal(one(ds).data[..., 0, 0], [[101, 201], [1, 301]])


@pytest.mark.parametrize("by", ["stack", "orientation"])
def test_stacks_of_an_enhanced_file_are_scans_of_their_own(by: str) -> None:
    ds = with_frames([0, 3, 6, 0, 3], [1] * 5)
    for i, frame in enumerate(ds.PerFrameFunctionalGroupsSequence):
        own = Dataset()
        if by == "stack":
            own.StackID = str(i // 3)
            frame.FrameContentSequence = Sequence([own])
        else:
            own.ImageOrientationPatient = [1, 0, 0, 0, 0, -1] if i > 2 else list(UPRIGHT)
            frame.PlaneOrientationSequence = Sequence([own])
            frame.PlanePositionSequence[0].ImagePositionPatient = [0, 3 * i if i > 2 else 0, 0 if i > 2 else 3 * i]
    first, second = load(as_bytes(ds), name="heart.dcm")
    assert (first.name, second.name) == ("heart-1", "heart-2")
    assert (first.data[:, 0, 0].tolist(), second.data[:, 0, 0].tolist()) == ([1, 101, 201], [301, 401])


def nuclear(kind: str, frames: int, **tags: Any) -> Scan:
    pixels = np.stack([plane(100 * i, "uint16") for i in range(frames)])
    detector = Dataset()
    detector.ImagePositionPatient, detector.ImageOrientationPatient = [5, 6, 7], list(UPRIGHT)
    bare = dict.fromkeys(("ImagePositionPatient", "ImageOrientationPatient"))
    own = {"ImageType": ["ORIGINAL", "PRIMARY", kind, "EMISSION"], "DetectorInformationSequence": [detector]}
    return one(dataset(pixels, Modality="NM", NumberOfFrames=frames, SpacingBetweenSlices=4, **own, **bare, **tags))


def test_slices_of_a_nuclear_scan_lie_where_the_detector_says() -> None:
    scan = nuclear("RECON TOMO", 3, SliceVector=[3, 2, 1])
    assert (scan.axes, scan.spacing, scan.origin) == ("ZYX", (4.0, 0.75, 0.5), (5.0, 6.0, 7.0))
    assert scan.data[:, 0, 0].tolist() == [200, 100, 0]


def test_a_gated_nuclear_scan_has_times_of_slices() -> None:
    scan = nuclear("RECON GATED TOMO", 6, SliceVector=[1, 2, 3, 1, 2, 3], TimeSlotVector=[1, 1, 1, 2, 2, 2])
    assert scan.axes == "TZYX"
    assert scan.data[..., 0, 0].tolist() == [[0, 100, 200], [300, 400, 500]]


@pytest.mark.parametrize("kind", ["GATED", "DYNAMIC", "TOMO", "WHOLE BODY"])
def test_views_and_times_of_a_nuclear_scan_are_no_slices(kind: str) -> None:
    assert nuclear(kind, 3).axes == "TYX"


def segmentation(masks: np.ndarray, kind: str, heights: Many[float] = (0, 2, 4)) -> Dataset:
    """A segmentation made by another library: masks of (slices, rows, columns, segments)."""
    sources = [dataset(PatientID="1", StudyID="1", SliceThickness=2, ImagePositionPatient=[0, 0, z]) for z in heights]
    extra = ("PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyDate", "StudyTime")
    extra += ("ReferringPhysicianName", "FrameOfReferenceUID")
    for source in sources:
        as_bytes(source)
        for keyword in extra:
            setattr(source, keyword, generate_uid(entropy_srcs=["f"]) if keyword.endswith("UID") else "")
    made = highdicom.AlgorithmIdentificationSequence("net", codes.DCM.ArtificialIntelligence, "1")
    about = [
        highdicom.seg.SegmentDescription(n + 1, f"label {n}", codes.SCT.Organ, codes.SCT.Liver, "AUTOMATIC", made)
        for n in range(masks.shape[-1])
    ]
    uids = {"series_instance_uid": generate_uid(), "sop_instance_uid": generate_uid()}
    numbers = {"series_number": 1, "instance_number": 1, "device_serial_number": "1"}
    maker = {"manufacturer": "m", "manufacturer_model_name": "n", "software_versions": "1"}
    return highdicom.seg.Segmentation(sources, masks, kind, about, **uids, **numbers, **maker)


def test_segments_are_channels() -> None:
    masks = np.random.default_rng(0).integers(0, 2, (3, ROWS, COLUMNS, 2)).astype(bool)
    masks[1, ..., 0] = False
    scan = one(segmentation(masks, "BINARY"))
    assert (scan.axes, scan.unit, scan.channels) == ("CZYX", "1", ("segment 1", "segment 2"))
    np.testing.assert_array_equal(scan.data, np.moveaxis(masks, -1, 0))
    assert scan.all_valid
    assert scan.findings == ()
    assert "label" not in repr((scan.source, scan.channels))


def test_a_slice_without_any_segment_is_empty_and_nothing_odd() -> None:
    masks = np.ones((4, ROWS, COLUMNS, 2), bool)
    masks[1] = False
    scan = one(segmentation(masks, "BINARY", (0, 2, 4, 6)))
    np.testing.assert_array_equal(scan.data, np.moveaxis(masks, -1, 0))
    assert (scan.findings, scan.all_valid, scan.spacing[0]) == ((), True, 2.0)


def test_fractions_of_a_segment_are_from_0_to_1() -> None:
    masks = np.linspace(0, 1, 3 * ROWS * COLUMNS).reshape(3, ROWS, COLUMNS, 1)
    scan = one(segmentation(masks, "FRACTIONAL"))
    assert scan.axes == "ZYX"
    np.testing.assert_allclose(scan.data, masks[..., 0], atol=0.5 / 255 + 1e-6)

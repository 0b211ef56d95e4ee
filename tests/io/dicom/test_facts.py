"""DICOM: technical facts are kept, and nothing about a person, a place or a time, wherever it stands."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.datadict import DicomDictionary
from pydicom.sequence import Sequence

from prep_core.io import ReadError, load
from prep_core.scan import Scan
from tests.io.dicom.slices import CANARY, SERIES, as_bytes, dataset, plane

CODES = ("AE", "CS", "SH", "LO")
TEXTS = ("PN", "ST", "LT", "UC", "UR", "UT")
SHOWN = ("WindowCenterWidthExplanation", "LUTExplanation")
"""The names of windows, which are what they are for."""


def read(ds: Dataset) -> Scan:
    (scan,) = load(as_bytes(ds), name="slice.dcm")
    return scan


@pytest.mark.parametrize(
    ("keyword", "value", "name", "expected"),
    [
        ("SliceThickness", 2.5, "slice_thickness", 2.5),
        ("SpacingBetweenSlices", 2, "spacing_between_slices", 2),
        ("GantryDetectorTilt", -12.5, "gantry_tilt", -12.5),
        ("KVP", 120, "kvp", 120),
        ("Exposure", 80, "exposure", 80),
        ("RepetitionTime", 5.53, "repetition_time", 5.53),
        ("EchoTime", 2.81, "echo_time", 2.81),
        ("FlipAngle", 10, "flip_angle", 10),
        ("MagneticFieldStrength", 1.5, "field_strength", 1.5),
        ("ScanningSequence", ["GR", "IR"], "scanning_sequence", ["GR", "IR"]),
        ("BodyPartExamined", "HEAD", "body_part", "HEAD"),
        ("PresentationIntentType", "FOR PROCESSING", "presentation_intent", "FOR PROCESSING"),
        ("RescaleType", "HU", "rescale_type", "HU"),
        ("BurnedInAnnotation", "YES", "burned_in", "YES"),
        ("PatientIdentityRemoved", "NO", "identity_removed", "NO"),
        ("LossyImageCompression", "01", "lossy", 1),
        ("LossyImageCompression", "00", "lossy", 0),
        ("LossyImageCompressionRatio", [10, 30], "lossy_ratio", 30.0),
        ("ImageType", ["DERIVED", "PRIMARY", "MPR"], "image_type", ["DERIVED", "PRIMARY", "MPR"]),
        ("PatientPosition", "HFS", "patient_position", "HFS"),
        ("AcquisitionNumber", 4, "acquisitions", 1),
        *(
            ("ConvolutionKernel", k, "kernel", k)
            for k in ("B30f", "Br40d", "FC08", "BONEPLUS", "STANDARD", "I70f", "YB")
        ),
    ],
)
def test_a_technical_tag_is_a_fact(keyword: str, value: Any, name: str, expected: Any) -> None:
    assert read(dataset(**{keyword: value})).source.facts[name] == expected


def test_names_of_registered_uids_are_facts_and_others_are_not() -> None:
    facts = read(dataset()).source.facts
    assert (facts["sop_class"], facts["transfer_syntax"]) == ("CT Image Storage", "Explicit VR Little Endian")
    assert "sop_class" not in read(dataset(SOPClassUID="1.2.3.19551122")).source.facts


@pytest.mark.parametrize(
    ("keyword", "name"),
    [
        ("BodyPartExamined", "body_part"),
        ("ConvolutionKernel", "kernel"),
        ("ImageType", "image_type"),
        ("RescaleType", "rescale_type"),
        ("PatientPosition", "patient_position"),
        ("ScanningSequence", "scanning_sequence"),
    ],
)
def test_a_word_that_is_not_on_the_list_is_no_fact(keyword: str, name: str) -> None:
    assert name not in read(dataset(**{keyword: "SMITH"})).source.facts


def test_a_real_world_value_is_noted_and_not_applied() -> None:
    unit, mapping = Dataset(), Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "mm2/s", "UCUM", CANARY
    mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept = 0.001, 2.0
    mapping.LUTLabel, mapping.MeasurementUnitsCodeSequence = CANARY, Sequence([unit])
    scan = read(dataset(Modality="MR", RealWorldValueMappingSequence=Sequence([mapping])))
    names = ("real_world_slope", "real_world_intercept", "real_world_unit")
    assert [scan.source.facts[name] for name in names] == [0.001, 2.0, "mm2/s"]
    np.testing.assert_array_equal(scan.data, plane())
    unit.CodeValue = "jane/doe"
    assert "real_world_unit" not in read(dataset(RealWorldValueMappingSequence=Sequence([mapping]))).source.facts


def text_tags() -> Iterator[tuple[int, str, str]]:
    for tag, (vr, _, _, retired, keyword) in DicomDictionary.items():
        if vr in (*CODES, *TEXTS) and keyword and not retired and keyword not in SHOWN and tag >> 16 > 2:
            yield tag, vr, keyword


def planted(ds: Dataset, kept: frozenset[str] = frozenset()) -> int:
    """Put the canary into every tag that can hold text, but those named, and say into how many."""
    tags = [(tag, vr) for tag, vr, keyword in text_tags() if keyword not in kept]
    for tag, vr in tags:
        ds.add_new(tag, vr, CANARY)
    for keyword in ("StudyDate", "PatientBirthDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, keyword, "19551122")
    ds.AcquisitionDateTime, ds.StudyTime = "19551122101500", "101500.1955"
    block = ds.private_block(0x0011, CANARY, create=True)
    block.add_new(1, "LO", CANARY)
    inner = Dataset()
    inner.add_new("PatientName", "PN", CANARY)
    block.add_new(2, "SQ", [inner])
    return len(tags)


NEEDED = frozenset(("SpecificCharacterSet", "PhotometricInterpretation", "Modality"))


@pytest.mark.filterwarnings("ignore:Value exceeds:UserWarning")
@pytest.mark.parametrize("frames", [False, True])
def test_nothing_about_a_person_arrives_from_any_tag(frames: bool) -> None:
    inside = Dataset()
    count = planted(inside, NEEDED)
    assert count > 1000
    ds = dataset(WindowCenter=[0], WindowWidth=[0], PixelPaddingValue=3, NumberOfFrames=2 if frames else None)
    planted(ds, NEEDED)
    if frames:
        ds.PixelData = ds.PixelData * 2
        groups = [Dataset(), Dataset()]
        for i, group in enumerate(groups):
            place = Dataset()
            planted(place, NEEDED)
            place.ImagePositionPatient = [0, 0, i]
            group.PlanePositionSequence = Sequence([place])
        ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    ds.ReferencedImageSequence = ds.RealWorldValueMappingSequence = Sequence([inside])
    scan = read(ds)
    told = repr((scan.name, scan.axes, scan.unit, scan.channels, scan.source, scan.findings))
    for word in (CANARY, "1955", SERIES, ds.SOPInstanceUID):
        assert word not in told


@pytest.mark.parametrize("broken", ["pixels", "bits", "frames", "syntax", "palette"])
def test_nothing_about_a_person_arrives_in_an_error(broken: str) -> None:
    ds = dataset(plane(dtype="uint8"))
    planted(ds, NEEDED)
    if broken == "pixels":
        del ds.PixelData
    elif broken == "bits":
        ds.BitsStored = 40
    elif broken == "frames":
        ds.NumberOfFrames = 4
    elif broken == "palette":
        ds.PhotometricInterpretation = "PALETTE COLOR"
    data = as_bytes(ds)
    if broken == "syntax":
        data = data.replace(b"1.2.840.10008.1.2.1\0", CANARY.encode().ljust(20, b"\0"))
    with pytest.raises(ReadError) as refused:
        load(data, name="slice.dcm")
    assert CANARY not in str(refused.value)
    assert "1955" not in str(refused.value)


@pytest.mark.parametrize(
    ("uid", "words"),
    [
        ("1.2.840.10008.1.3.10", "a table of contents; choose the folder"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "Comprehensive SR Storage): a report"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "Grayscale Softcopy Presentation State Storage): how other images"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "RT Structure Set Storage): contours"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "RT Plan Storage): a treatment plan"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF Storage): a document"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "12-lead ECG Waveform Storage): a signal"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "Spatial Registration Storage): raw data or a registration"),
        ("1.2.840.10008.5.1.4.1.1.4.2", "MR Spectroscopy Storage): spectra"),
        ("1.2.840.10008.5.1.4.1.1.2", "CT Image Storage): its pixels were taken out or cut off; choose the images"),
        ("1.2.3.4", "of no known kind): its pixels"),
    ],
)
def test_a_file_without_pixels_is_refused_by_what_it_is(uid: str, words: str) -> None:
    ds = dataset(SOPClassUID=uid)
    del ds.PixelData
    with pytest.raises(ReadError) as refused:
        load(as_bytes(ds), name="slice.dcm")
    assert words in str(refused.value)
    assert str(refused.value).startswith("slice.dcm has no pixels (it is: ")


def test_the_reader_is_told() -> None:
    assert read(dataset()).source.reader == f"pydicom {pydicom.__version__}"

"""The technical facts of a DICOM dataset: numbers, words from closed lists, names of registered UIDs; nothing else.

Free text, names, dates, times and UIDs of instances never become a fact, so that none can carry a person.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID, UID_dictionary

from prep_core.io.dicom.tags import items, numbers, word, words

NUMBERS: Mapping[str, str] = {
    "bits_allocated": "BitsAllocated",
    "bits_stored": "BitsStored",
    "lossy": "LossyImageCompression",
    "slice_thickness": "SliceThickness",
    "spacing_between_slices": "SpacingBetweenSlices",
    "gantry_tilt": "GantryDetectorTilt",
    "kvp": "KVP",
    "tube_current": "XRayTubeCurrent",
    "exposure": "Exposure",
    "exposure_time": "ExposureTime",
    "pitch": "SpiralPitchFactor",
    "field_strength": "MagneticFieldStrength",
    "echo_time": "EchoTime",
    "repetition_time": "RepetitionTime",
    "inversion_time": "InversionTime",
    "flip_angle": "FlipAngle",
    "echo_train_length": "EchoTrainLength",
    "pixel_bandwidth": "PixelBandwidth",
    "frame_time": "FrameTime",
    "magnification": "EstimatedRadiographicMagnificationFactor",
    "max_fractional_value": "MaximumFractionalValue",
}
"""Numbers, by the name of the fact."""


def _known(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES_NO = _known("YES NO")
MODALITIES = _known(
    "AR AU BDUS BI BMD CR CT DG DX ECG ES FID GM HC HD IO IVOCT IVUS KER KO LEN MG MR NM OAM OCT OP OPM OPT "
    "OPV OT PR PT PX REG RF RG RTDOSE RTIMAGE RTPLAN RTRECORD RTSTRUCT SC SEG SM SMR SR TG US VA XA XC"
)
"""PS3.3 C.7.3.1.1.1."""

BODY_PARTS = _known(
    "ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM BLADDER BRAIN BREAST CALCANEUS CALF CAROTID CEREBELLUM "
    "CHEST CHESTABDOMEN CHESTABDPELVIS CIRCLEOFWILLIS CLAVICLE COLON CSPINE CTSPINE EAR ELBOW ESOPHAGUS "
    "EXTREMITY EYE EYELID FACE FEMUR FINGER FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS IAC "
    "JAW KIDNEY KNEE LARYNX LEG LIVER LSPINE LSSPINE LUNG MANDIBLE MAXILLA MEDIASTINUM NECK NECKCHEST "
    "NECKCHESTABDOMEN NOSE ORBIT OVARY PANCREAS PATELLA PELVIS PENIS PHANTOM PHARYNX PROSTATE RADIUS RECTUM "
    "RIB SCALP SCAPULA SHOULDER SINUS SKULL SPINE SPLEEN SSPINE STERNUM STOMACH TESTIS THIGH THORAX THYROID "
    "TIBIA TLSPINE TMJ TOE TSPINE UTERUS VERTEBRA WHOLEBODY WRIST ZYGOMA"
)
"""PS3.16 annex L, without its left and right."""

COLOURS = _known(
    "MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_422 YBR_PARTIAL_420 YBR_ICT YBR_RCT XYB"
) | {"PALETTE COLOR"}

WORDS: Mapping[str, tuple[str, frozenset[str]]] = {
    "modality": ("Modality", MODALITIES),
    "photometric": ("PhotometricInterpretation", COLOURS),
    "burned_in": ("BurnedInAnnotation", YES_NO),
    "identity_removed": ("PatientIdentityRemoved", YES_NO),
    "presentation_intent": ("PresentationIntentType", frozenset(("FOR PRESENTATION", "FOR PROCESSING"))),
    "rescale_type": ("RescaleType", _known("HU HU_MOD US OD MGML Z_EFF ED EDW PCT")),
    "pixel_relationship": ("PixelIntensityRelationship", frozenset(("LIN", "LOG", "DISP", "OTHER"))),
    "acquisition_type": ("MRAcquisitionType", frozenset(("1D", "2D", "3D", "2D_3D"))),
    "patient_position": ("PatientPosition", _known("HFP HFS HFDR HFDL FFDR FFDL FFP FFS LFP LFS RFP RFS")),
    "units": ("Units", _known("BQML CNTS CPS PROPCNTS PROPCPS GML CM2ML NONE PCNT UMOLML MLG 1CM")),
    "suv_type": ("SUVType", frozenset(("BSA", "BW", "LBM", "LBMJAMES128", "LBMJANMA", "IBW"))),
    "decay_correction": ("DecayCorrection", frozenset(("NONE", "START", "ADMIN"))),
    "dose_units": ("DoseUnits", frozenset(("GY", "RELATIVE"))),
    "segmentation_type": ("SegmentationType", frozenset(("BINARY", "FRACTIONAL", "LABELMAP"))),
    "body_part": ("BodyPartExamined", BODY_PARTS),
}
"""Words, by the name of the fact: the tag, and the only words that are believed."""

LISTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "image_type": (
        "ImageType",
        _known(
            "ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER REFORMATTED MPR PROJECTION NONE M P R I ADC DIFFUSION "
            "STATIC DYNAMIC GATED TOMO EMISSION TRANSMISSION AVERAGE WATER FAT PERFUSION"
        )
        | {"WHOLE BODY", "RECON TOMO", "GATED TOMO", "RECON GATED TOMO"},
    ),
    "scanning_sequence": ("ScanningSequence", _known("SE IR GR EP RM")),
    "sequence_variant": ("SequenceVariant", _known("SK MTC SS TRSS SP MP OSP TOF NONE")),
}
"""Words of tags with several; those that are not on the list are left out."""

KERNEL = re.compile(
    r"(?:[ABDHSTUIJQ][a-z]{0,2}\d{2,3}[a-z]{0,2}|FC\d{2}|Y?[A-F]|Y[A-D]|"
    r"STANDARD|SOFT|BONE|BONEPLUS|LUNG|DETAIL|EDGE|CHST|STND)"
)
"""Names that makers give to convolution kernels; the tag is free text."""

_ATOM = r"(?:\d{1,4})?[umkMc]?(?:Bq|g|l|L|m2|m3|mm2|mm3|m|s|min|mol|Hz|Gy)"
REAL_WORLD_UNIT = re.compile(rf"1|%|\[hnsf'U\]|\{{SUV(?:bw|lbm|bsa|ibw)\}}g/ml|{_ATOM}(?:[/.]{_ATOM}){{0,3}}")
"""UCUM units that are believed of a real world value."""


def facts(ds: Dataset, frame: Dataset) -> dict[str, Any]:
    """The facts of a file, with those that its first frame has of its own.

    Parameters
    ----------
    ds : Dataset
        The file.
    frame : Dataset
        Its first frame where it has functional groups, else the file again.
    """
    found: dict[str, Any] = {}
    for source in (frame, ds):
        found = _numbers(source) | _words(source) | _lists(source) | _real_world(source) | found
    if ratios := numbers(ds, "LossyImageCompressionRatio"):
        found["lossy_ratio"] = max(ratios)
    if word(ds, "SOPClassUID") in UID_dictionary:
        found["sop_class"] = UID(word(ds, "SOPClassUID")).name
    if ds.file_meta.TransferSyntaxUID in UID_dictionary:
        found["transfer_syntax"] = ds.file_meta.TransferSyntaxUID.name
    return found


def _numbers(ds: Dataset) -> dict[str, float]:
    known = {name: values[0] for name, keyword in NUMBERS.items() if (values := numbers(ds, keyword))}
    return {name: int(value) if value.is_integer() else value for name, value in known.items()}


def _words(ds: Dataset) -> dict[str, str]:
    found = {name: told for name, (keyword, known) in WORDS.items() if (told := word(ds, keyword).upper()) in known}
    kernel = word(ds, "ConvolutionKernel")
    return found | ({"kernel": kernel} if KERNEL.fullmatch(kernel) else {})


def _lists(ds: Dataset) -> dict[str, list[str]]:
    kept = {name: [w for w in words(ds, keyword) if w in known] for name, (keyword, known) in LISTS.items()}
    return {name: told for name, told in kept.items() if told}


def _real_world(ds: Dataset) -> dict[str, Any]:
    """What the numbers mean beside slope and intercept (PS3.3 C.7.6.16.2.11): noted, and not applied."""
    for mapping in (*items(ds, "RealWorldValueMappingSequence"), ds):
        slope, intercept = numbers(mapping, "RealWorldValueSlope"), numbers(mapping, "RealWorldValueIntercept")
        if slope and intercept:
            code = next(iter(items(mapping, "MeasurementUnitsCodeSequence")), Dataset())
            told = word(code, "CodeValue")
            unit = {"real_world_unit": told} if REAL_WORLD_UNIT.fullmatch(told) else {}
            return {"real_world_slope": slope[0], "real_world_intercept": intercept[0], **unit}
    return {}

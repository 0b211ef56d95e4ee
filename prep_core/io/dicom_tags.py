"""What a DICOM dataset says, read tag by tag: numbers that may be missing or wrong, and the facts worth keeping."""

import math
from collections.abc import Mapping
from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue

FACTS: Mapping[str, str] = {
    "modality": "Modality",
    "bits_allocated": "BitsAllocated",
    "bits_stored": "BitsStored",
    "photometric": "PhotometricInterpretation",
    "lossy": "LossyImageCompression",
    "slice_thickness": "SliceThickness",
    "kvp": "KVP",
    "field_strength": "MagneticFieldStrength",
    "echo_time": "EchoTime",
    "repetition_time": "RepetitionTime",
    "burned_in": "BurnedInAnnotation",
    "identity_removed": "PatientIdentityRemoved",
}
"""The technical tags that a scan keeps, by the name of the fact.  Nothing about a person, a place or a time."""


def numbers(ds: Dataset, keyword: str) -> list[float]:
    """The numbers in a tag; none where it is absent, empty, or not made of finite numbers."""
    try:
        value = ds.get(keyword)
        parts = list(value) if isinstance(value, MultiValue | list | tuple) else [value]
        found = [float(part) for part in parts]
    except (TypeError, ValueError, OverflowError):
        return []
    return found if all(map(math.isfinite, found)) else []


def number(ds: Dataset, keyword: str, default: float) -> float:
    """The first number in a tag, or `default`."""
    found = numbers(ds, keyword)
    return found[0] if found else default


def word(ds: Dataset, keyword: str) -> str:
    """The text in a tag, or an empty one."""
    return str(ds.get(keyword) or "").strip()


def pixel_spacing(ds: Dataset) -> tuple[tuple[float, float] | None, str]:
    """Row and column spacing in mm, and the tag that it is from; None where no tag has two sizes."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        found = numbers(ds, keyword)
        if len(found) == 2 and all(1e-6 < v < 1e6 for v in found):
            return (found[0], found[1]), keyword
    return None, ""


def windows(ds: Dataset) -> tuple[list[dict[str, Any]], int]:
    """The windows of a dataset with their explanations, and how many were left out: their width is not above 0."""
    centers, widths = numbers(ds, "WindowCenter"), numbers(ds, "WindowWidth")
    raw = ds.get("WindowCenterWidthExplanation")
    names = [str(n) for n in raw] if isinstance(raw, MultiValue | list) else [str(raw)] if raw else []
    pairs = list(zip(centers, widths, strict=False))
    kept = [
        {"center": center, "width": width, "name": (names[i] if i < len(names) else "") or f"C {center:g} W {width:g}"}
        for i, (center, width) in enumerate(pairs)
        if width > 0
    ]
    return kept, len(pairs) - len(kept)


def facts(ds: Dataset) -> dict[str, Any]:
    """The facts of `FACTS` that the dataset has, as plain numbers and words."""
    found: dict[str, Any] = {}
    for name, keyword in FACTS.items():
        values = numbers(ds, keyword)
        if values:
            found[name] = int(values[0]) if values[0].is_integer() else values[0]
        elif word(ds, keyword):
            found[name] = word(ds, keyword)[:64]
    return found


def unit(ds: Dataset) -> str:
    """ "HU" for CT whose numbers are rescaled (PS3.3 C.11.1.1.2), "Gy" for a dose, else "a.u."."""
    if word(ds, "DoseUnits") == "GY":
        return "Gy"
    is_ct = word(ds, "Modality") == "CT" and "RescaleIntercept" in ds
    return "HU" if word(ds, "RescaleType") in ("HU", "") and is_ct else "a.u."

"""From stored numbers to values: slope and intercept of each slice, or a lookup table; their unit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import apply_modality_lut

from prep_core.io.dicom.tags import number, word
from prep_core.io.errors import decoding
from prep_core.io.values import scale, value_type

PET_UNITS: Mapping[str, str] = {
    "BQML": "Bq/ml",
    "CNTS": "counts",
    "CPS": "counts/s",
    "PROPCNTS": "a.u.",
    "PROPCPS": "a.u.",
    "GML": "g/ml",
    "CM2ML": "cm2/ml",
    "MGMINML": "mg/min/ml",
    "UMOLMINML": "umol/min/ml",
    "MLMING": "ml/min/g",
    "MLG": "ml/g",
    "1CM": "1/cm",
    "UMOLML": "umol/ml",
    "PCNT": "%",
    "NONE": "1",
}
"""PS3.3 C.8.9.1.1.3.  Standardised uptake values are g/ml (by weight) or cm2/ml (by surface)."""

RESCALED_UNITS: Mapping[str, str] = {"HU": "HU", "MGML": "mg/ml", "PCT": "%"}
"""PS3.3 C.11.1.1.2, those that are a unit of their own."""


Values = tuple[np.dtype[Any], Callable[[int], NDArray[Any]]]
"""The type of the values of several pictures, and what makes those of one of them."""


def values(ds_of: Sequence[Dataset], stored: Sequence[NDArray[Any]]) -> Values:
    """Slope and intercept, or the Modality LUT, of each dataset applied to its own pixels; one type for all."""
    if any("ModalityLUTSequence" in ds for ds in ds_of):
        with decoding("the Modality LUT", "a lookup table"):
            return as_stored([np.asarray(apply_modality_lut(s, ds)) for s, ds in zip(stored, ds_of, strict=True)])
    lines = [slope_and_intercept(ds) for ds in ds_of]
    known, _ = as_stored(stored)
    whole = known.kind in "iu"
    ends = [(s.min(), s.max()) if whole else (0.0, 0.0) for s in stored]
    kind = value_type(known, [(*e, *line) for e, line in zip(ends, lines, strict=True)])
    return kind, lambda i: scale(stored[i], *lines[i], kind)


def as_stored(stored: Sequence[NDArray[Any]]) -> Values:
    """The numbers themselves."""
    return np.result_type(*{s.dtype for s in stored}), stored.__getitem__


def slope_and_intercept(ds: Dataset) -> tuple[float, float]:
    """1 and 0 where the dataset names none, or a slope of 0."""
    # PS3.3 C.8.8.3.4.1: a dose is the stored number times the scaling.
    dose = number(ds, "DoseGridScaling", 0.0)
    # PS3.3 C.8.20.2.3: a fraction of a segment is the stored number over the largest.
    most = number(ds, "MaximumFractionalValue", 0.0) if word(ds, "SegmentationType") == "FRACTIONAL" else 0.0
    if dose or most:
        return dose or 1 / most, 0.0
    return number(ds, "RescaleSlope", 1.0) or 1.0, number(ds, "RescaleIntercept", 0.0)


def unit(ds: Dataset) -> str:
    """ "HU" for CT whose numbers are rescaled (PS3.3 C.11.1.1.2), those of PET and dose by their tags, else "a.u."."""
    modality, told = word(ds, "Modality"), word(ds, "RescaleType")
    if word(ds, "DoseUnits") == "GY":
        return "Gy"
    if word(ds, "Units"):
        return PET_UNITS.get(word(ds, "Units"), "a.u.")
    if word(ds, "SegmentationType"):
        return "1"
    if not told and modality == "CT" and "RescaleIntercept" in ds:
        return "HU"
    return RESCALED_UNITS.get(told, "a.u.") if "RescaleSlope" in ds else "a.u."


def told(ds_of: Sequence[Dataset], stored: np.dtype[Any], became: np.dtype[Any], unit: str) -> list[str]:
    """The sentence about slopes and intercepts; none where the values are the stored numbers."""
    kind = f"stored {stored.name} numbers became {became.name} {'values' if unit == 'a.u.' else unit}"
    if any("ModalityLUTSequence" in ds for ds in ds_of):
        return [f"{kind}: by the file's Modality LUT"]
    slopes, intercepts = zip(*map(slope_and_intercept, ds_of), strict=True)
    if {*slopes} == {1.0} and {*intercepts} == {0.0}:
        return []
    return [f"{kind}: {_range('slope', slopes)}, {_range('intercept', intercepts)}"]


def ends(ds: Dataset, low: float, high: float) -> tuple[float, float]:
    """The values of the stored numbers `low` and `high`."""
    slope, intercept = slope_and_intercept(ds)
    return slope * low + intercept, slope * high + intercept


def _range(name: str, found: Sequence[float]) -> str:
    if len({*found}) == 1:
        return f"{name} {found[0]:g}"
    return f"{name} differs by slice: {min(found):g} to {max(found):g}"

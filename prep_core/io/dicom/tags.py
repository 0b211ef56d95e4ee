"""What a DICOM dataset says, read tag by tag: numbers and words that may be missing or wrong, and pixel sizes."""

import math
from functools import cache, lru_cache
from typing import Any

from pydicom import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement, convert_raw_data_element
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

CENTIMETRES = 3
"""PS3.3 C.8.5.5.1.15: the unit of a direction of an ultrasound region."""

TWO_DIMENSIONAL = 1
"""PS3.3 C.8.5.5.1.1: a region with a scale along both axes."""

DAMAGED = (TypeError, ValueError, OverflowError, NotImplementedError, LookupError, AttributeError, BytesLengthException)
"""What pydicom raises for a tag whose bytes do not fit its type; it looks at a tag only when it is asked for."""

SMALLEST, LARGEST = 1e-6, 1e6
"""Sizes of a pixel in mm outside of which a tag is a typing error."""

ALONE = frozenset(("CS", "DS", "FD", "FL", "IS", "SL", "SS", "UI", "UL", "US"))
"""Types whose values follow from their bytes alone: not from the character set, nor from other tags."""

SHORT, REMEMBERED = 256, 1 << 12
"""Bytes of a tag whose value is remembered, and how many are: the slices of a series say most things alike."""


def numbers(ds: Dataset, keyword: str) -> list[float]:
    """The numbers in a tag; none where it is absent, empty, or not made of finite numbers."""
    try:
        found = [float(part) for part in _parts(ds, keyword)]
    except (TypeError, ValueError, OverflowError):
        return []
    return found if all(map(math.isfinite, found)) else []


def number(ds: Dataset, keyword: str, default: float) -> float:
    """The first number in a tag, or `default`."""
    found = numbers(ds, keyword)
    return found[0] if found else default


def word(ds: Dataset, keyword: str) -> str:
    """The text in a tag, or an empty one."""
    return next(iter(words(ds, keyword)), "")


def words(ds: Dataset, keyword: str) -> list[str]:
    """The texts in a tag that can have several."""
    return [str("" if part is None else part).strip() for part in _parts(ds, keyword)]


def _parts(ds: Dataset, keyword: str) -> list[Any]:
    """The values in a tag; [None] where there are none."""
    value = told(ds, keyword)
    return list(value) if isinstance(value, MultiValue | list | tuple) else [value]


def told(ds: Dataset, keyword: str) -> Any:
    """The value of a tag as pydicom gives it; None where it is absent or damaged."""
    tag, listed = _listed(keyword)
    raw = ds.get_item(tag, keep_deferred=True)
    if raw is None:
        return None
    try:
        if isinstance(raw, RawDataElement) and 0 < len(raw.value or b"") <= SHORT and (raw.VR or listed) in ALONE:
            return _converted(tag, raw.VR or listed, raw.value, raw.is_implicit_VR, raw.is_little_endian)
        return ds.get(keyword)
    except DAMAGED:
        return None


@cache
def _listed(keyword: str) -> tuple[BaseTag, str]:
    """The tag of a keyword, and its type, which a file need not name."""
    return Tag(keyword), dictionary_VR(keyword)


@lru_cache(REMEMBERED)
def _converted(tag: BaseTag, kind: str, value: bytes, implicit: bool, little: bool) -> Any:
    """What pydicom makes of the bytes of a tag."""
    return convert_raw_data_element(RawDataElement(tag, kind, len(value), value, 0, implicit, little)).value


def items(ds: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence, or none."""
    value = told(ds, keyword)
    return list(value) if isinstance(value, Sequence) else []


def pixel_spacing(ds: Dataset) -> tuple[tuple[float, float] | None, str]:
    """Row and column spacing in mm, and the tag that it is from; None where no tag has two sizes."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        found = numbers(ds, keyword)
        if len(found) == 2 and all(SMALLEST < v < LARGEST for v in found):
            return (found[0], found[1]), keyword
    regions = {sizes for region in items(ds, ULTRASOUND) if (sizes := _region_spacing(region))}
    if any(_is_outside(region, ds) for region in items(ds, ULTRASOUND)):
        return None, RESIZED
    if len(regions) == 1:
        return regions.pop(), ULTRASOUND
    return None, ULTRASOUND if regions else ""


ULTRASOUND = "SequenceOfUltrasoundRegions"
RESIZED = "SequenceOfUltrasoundRegions of another picture"


def _is_outside(region: Dataset, ds: Dataset) -> bool:
    """Whether a region ends beyond the picture: it was made smaller later, and the scale of the region kept."""
    right, bottom = number(region, "RegionLocationMaxX1", 0), number(region, "RegionLocationMaxY1", 0)
    return right >= number(ds, "Columns", math.inf) or bottom >= number(ds, "Rows", math.inf)


def _region_spacing(region: Dataset) -> tuple[float, float] | None:
    """Of an ultrasound region that is a picture in centimetres (PS3.3 C.8.5.5)."""
    units = [number(region, f"PhysicalUnits{axis}Direction", 0) for axis in "YX"]
    if number(region, "RegionSpatialFormat", 0) != TWO_DIMENSIONAL or units != [CENTIMETRES, CENTIMETRES]:
        return None
    rows, columns = (round(10 * abs(number(region, f"PhysicalDelta{axis}", 0.0)), 9) for axis in "YX")
    return (rows, columns) if all(SMALLEST < v < LARGEST for v in (rows, columns)) else None

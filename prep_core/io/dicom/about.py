"""Where a DICOM scan came from, what was done to its numbers, and what is odd about it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom import findings as dicom_findings
from prep_core.io.dicom import values as dicom_values
from prep_core.io.dicom.decoders import READER
from prep_core.io.dicom.facts import facts
from prep_core.io.dicom.open import Opened
from prep_core.io.dicom.pixels import padding_value
from prep_core.io.dicom.place import Place
from prep_core.io.dicom.tags import number, numbers, word
from prep_core.io.dicom.windows import windows
from prep_core.io.files import digest_of
from prep_core.io.geometry import check_affine
from prep_core.scan import Finding, Source

OVERLAYS = range(0x6000, 0x6020, 2)
BITS = 0x0100
"""The element that every overlay has, whether it lies beside the pixels or in their unused bits (PS3.3 C.9.2)."""


def source(
    parts: Sequence[Opened],
    tags: Sequence[Dataset],
    lie: Place,
    decoders: Sequence[str],
    converted: Sequence[str],
    broken: Sequence[str],
    name: str,
) -> Source:
    """The source of a stack of slices or frames with the tags `tags`, out of the files `parts`."""
    ds = parts[0].ds
    found, dropped = windows([tags[i] for i in lie.order if i >= 0], ds)
    slope, intercept = dicom_values.slope_and_intercept(tags[0])
    known = facts(ds, tags[0]) | {"slope": slope, "intercept": intercept, "windows": found, "files": len(parts)}
    known |= _acquisitions(tags)
    return Source(
        digest_of([part.sha256 for part in parts]),
        "DICOM",
        f"{READER}; pixels by {', '.join(decoders)}" if decoders else READER,
        known,
        (*broken, *check_affine(name, _upright(lie.affine)), *lie.warnings, *dropped, *_left_out(ds)),
        (*converted, *lie.converted),
    )


def findings(ds: Dataset, tags: Sequence[Dataset], data: NDArray[Any], lie: Place, padded: int) -> tuple[Finding, ...]:
    """What changes how a scan is to be prepared: its place in space, how it is shown, padding."""
    found = list(lie.findings)
    if word(ds, "PhotometricInterpretation") == "MONOCHROME1":
        found.append(dicom_findings.monochrome1(_turned(ds, tags, data)))
    value = padding_value(ds)
    if padded and value is not None:
        found.append(dicom_findings.padding(padded, data.size, value))
    return tuple(found)


def _turned(ds: Dataset, tags: Sequence[Dataset], data: NDArray[Any]) -> float:
    """The sum of the lowest and the highest value that the stored bits can stand for: x becomes that less x."""
    bits = int(number(ds, "BitsStored", 0))
    if "PixelData" not in ds or "ModalityLUTSequence" in ds or bits > 16:
        finite = data[np.isfinite(data)]
        return float(finite.min()) + float(finite.max()) if finite.size else 0.0
    signed = number(ds, "PixelRepresentation", 0) == 1
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    ends = [end for tag in tags for end in dicom_values.ends(tag, low, high)]
    return min(ends) + max(ends)


def _upright(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """`affine` with its slices straight above each other: a tilt is a finding, and no fault of the grid."""
    upright = affine.copy()
    normal = np.cross(affine[:3, 2], affine[:3, 1])
    length = float(np.linalg.norm(normal))
    if length:
        upright[:3, 0] = normal / length * np.linalg.norm(affine[:3, 0])
    return upright


def _acquisitions(tags: Sequence[Dataset]) -> dict[str, Any]:
    known = {number for ds in tags for number in numbers(ds, "AcquisitionNumber")}
    return {"acquisitions": len(known)} if known else {}


def _left_out(ds: Dataset) -> list[str]:
    """What lies beside the pixels and is not drawn into them."""
    overlays = sum(1 for group in OVERLAYS if (group, BITS) in ds)
    told = [f"{overlays} overlay is left out of the pixels"] if overlays else []
    if "RedPaletteColorLookupTableData" in ds and word(ds, "PhotometricInterpretation").startswith("MONO"):
        told.append("a colour palette for some of the values is left out")
    return told

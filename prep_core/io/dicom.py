"""DICOM: one file, or the files of a folder as series, sorted by position."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import UID

from prep_core.io import dicom_pixels, dicom_tags
from prep_core.io.answers import Answers, in_order, with_warnings
from prep_core.io.dicom_encoded import check_deflated, check_length
from prep_core.io.dicom_frames import frames_of
from prep_core.io.dicom_pixels import Frames, frame_count, has_pixels
from prep_core.io.dicom_place import MISSING, Place, orientation, place
from prep_core.io.dicom_tags import number, word
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest, digest_of
from prep_core.io.geometry import check_affine
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.scan import MODALITIES, Finding, Scan, Source

MAGIC_AT = 128
READER = f"pydicom {pydicom.__version__}"
FIRST_GROUPS = (b"\x08\x00", b"\x02\x00")


@dataclass(frozen=True)
class Part:
    """One DICOM file that has pixels."""

    file: File
    ds: Dataset
    sha256: str


def is_dicom(head: bytes) -> bool:
    """Whether a file that starts so is DICOM: with its preamble, or a bare dataset of group 0002 or 0008."""
    if head[MAGIC_AT : MAGIC_AT + 4] == b"DICM":
        return True
    return head[:2] in FIRST_GROUPS and head[3:4] == b"\x00" and len(head) > MAGIC_AT


def read(files: Sequence[File], answers: Answers, limits: Limits) -> list[Scan]:
    """The series in `files`, a scan each, with T for films and repeated stacks and C for colours.

    Raises
    ------
    ReadError
        When nothing in them can be read; a file that is broken among others that are not gives a warning.
    """
    parts, errors = [], []
    for file in files:
        try:
            parts.append(_part(file, limits))
        except ReadError as error:
            errors.append(error)
    if not parts:
        raise errors[0]
    scans: list[Scan] = []
    for group in _series(parts):
        try:
            scans.append(_scan(group, limits))
        except ReadError as error:
            errors.append(error)
    if not scans:
        raise errors[0]
    told = [str(error) for error in errors]
    if len(scans) > 1:
        told.append(f"there are {len(scans)} series here; each is a scan of its own")
    return [with_warnings(scan, *told) for scan in scans]


def _part(file: File, limits: Limits) -> Part:
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    data = file.read()
    if not is_dicom(data[: MAGIC_AT + 8]):
        raise ReadError(f"{file.shown} is not a DICOM file: it lacks the DICM mark; check what it really is")
    check_deflated(file.shown, data, limits)
    with decoding(file.shown, "DICOM"), file.open() as stream:
        ds = pydicom.dcmread(stream, force=True)
    if not has_pixels(ds):
        kind = UID(word(ds, "SOPClassUID")).name if word(ds, "SOPClassUID") else "no image"
        raise ReadError(f"{file.shown} has no pixels (it is: {kind}); choose the images of the series")
    check_length(file.shown, ds)
    if "TransferSyntaxUID" not in ds.file_meta:
        ds.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    return Part(file, ds, digest(data))


def _series(parts: list[Part]) -> list[list[Part]]:
    """Files that form one stack: the same series, size, colours and orientation.  A film is always alone."""
    groups: dict[Any, list[Part]] = {}
    for i, part in enumerate(parts):
        ds = part.ds
        along = tuple(np.round(np.concatenate(orientation(ds)), 2))
        key: tuple[Any, ...] = (word(ds, "SeriesInstanceUID"), ds.get("Rows"), ds.get("Columns"), along)
        key += (number(ds, "SamplesPerPixel", 1), word(ds, "PhotometricInterpretation"))
        alone = frame_count(ds) > 1 or not word(ds, "SeriesInstanceUID")
        groups.setdefault((i, *key) if alone else key, []).append(part)
    return list(groups.values())


def _scan(parts: list[Part], limits: Limits) -> Scan:
    name = scan_name(parts[0].file.name if len(parts) == 1 else parts[0].file.folder)
    ds = parts[0].ds
    frames, broken = _decoded(parts, limits)
    places = frames_of(ds) if len(parts) == 1 else []
    slices = places or [part.ds for part, _ in frames]
    stored, colour = np.concatenate([f.stored for _, f in frames]), frames[0][1].colour
    limits.check_array(name, stored.shape, stored.dtype.itemsize)
    is_film = not places and len(frames) == 1
    lie = _film(place([ds]), len(stored)) if is_film else place(slices)
    pixels, valid = _values(slices, stored, frames, bool(places), colour)
    padded = valid.size - int(np.count_nonzero(valid))
    data, axes = _arranged(pixels, lie, colour, pixels.min())
    inside, _ = _arranged(valid, lie, colour, False)
    return Scan(
        data,
        axes,
        lie.affine,
        lie.spacing_known,
        dicom_tags.unit(slices[0]),
        word(ds, "Modality") if word(ds, "Modality") in MODALITIES else "OT",
        inside,
        display_inverted=word(ds, "PhotometricInterpretation") == "MONOCHROME1",
        channels=("R", "G", "B") if colour else (),
        name=name,
        source=_source(parts, lie, broken, name),
        findings=(*_findings(ds), *_padding_finding(ds, padded, valid.size)),
    )


def _decoded(parts: list[Part], limits: Limits) -> tuple[list[tuple[Part, Frames]], list[str]]:
    """The pixels of each file; one that is broken among others is left out and told."""
    frames, broken = [], []
    for part in parts:
        try:
            frames.append((part, dicom_pixels.decode(part.file.shown, part.ds, limits)))
        except ReadError as error:
            if len(parts) == 1:
                raise
            broken.append(f"left out: {error}")
    if not frames:
        raise ReadError(broken[0].removeprefix("left out: "))
    return frames, broken


def _values(
    slices: list[Dataset], stored: NDArray[Any], frames: list[tuple[Part, Frames]], enhanced: bool, colour: bool
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if colour:
        return stored, np.ones(stored.shape, bool)
    if enhanced:
        ds_of, parts = slices, list(stored[:, None])
    else:
        ds_of, parts = [part.ds for part, _ in frames], [f.stored for _, f in frames]
    tagged = [frames[0][0].ds] * len(parts) if enhanced else ds_of
    padded = [dicom_pixels.padding(ds, part) for ds, part in zip(tagged, parts, strict=True)]
    valid = [np.ones(p.shape, bool) if out is None else ~out for p, out in zip(parts, padded, strict=True)]
    pixels = np.concatenate(dicom_pixels.values(ds_of, parts))
    finite = np.isfinite(pixels) if pixels.dtype.kind == "f" else True
    return pixels, np.concatenate(valid) & finite


def _film(lie: Place, count: int) -> Place:
    """Frames at one place, in the order of the file."""
    return replace(lie, order=list(range(count)), times=count)


def _arranged(array: NDArray[Any], lie: Place, colour: bool, empty: Any) -> tuple[NDArray[Any], str]:
    """Slices in order as (T, Z, C, Y, X) without those axes of length 1; a missing slice is all `empty`."""
    at = np.array(lie.order)
    ordered = array[at]
    ordered[at == MISSING] = empty
    shape = (lie.times, len(at) // lie.times, *ordered.shape[1:])
    axes = "TZCYX" if colour else "TZYX"
    kept = "".join(a for a, n in zip(axes, shape, strict=True) if a not in "TZ" or n > 1)
    return in_order(ordered.reshape([n for a, n in zip(axes, shape, strict=True) if a in kept]), kept)


def _source(parts: list[Part], lie: Place, told: list[str], name: str) -> Source:
    ds = parts[0].ds
    windows, dropped = dicom_tags.windows(ds)
    slope, intercept = dicom_pixels.slope_and_intercept(ds)
    facts = dicom_tags.facts(ds) | {"slope": slope, "intercept": intercept, "windows": windows, "files": len(parts)}
    facts["transfer_syntax"] = ds.file_meta.TransferSyntaxUID.name
    warnings = [*told, *check_affine(name, lie.affine), *lie.warnings]
    if dropped:
        warnings.append(f"{dropped} DICOM window of width 0 is left out")
    if facts.get("burned_in") == "YES":
        warnings.append("annotations are burned into the pixels and may identify a person; look before you share it")
    if facts.get("lossy") in ("01", 1):
        warnings.append("the pixels were compressed with loss: small differences are not measurements")
    return Source(digest_of([part.sha256 for part in parts]), "DICOM", READER, facts, tuple(warnings))


def _findings(ds: Dataset) -> tuple[Finding, ...]:
    if word(ds, "PhotometricInterpretation") != "MONOCHROME1":
        return ()
    high = 2 ** int(number(ds, "BitsStored", 16)) - 1
    return (
        Finding(
            "monochrome1",
            "note",
            "MONOCHROME1: low stored values are meant to be shown bright, so the picture is shown inverted.",
            f"The values are as stored; add invert with high = {high} to turn them.",
        ),
    )


def _padding_finding(ds: Dataset, padded: int, size: int) -> tuple[Finding, ...]:
    if not padded or "PixelPaddingValue" not in ds:
        return ()
    share = (
        f"{padded} of {size} voxels ({100 * padded / size:.1f} %) are padding (stored number {ds.PixelPaddingValue})."
    )
    return (Finding("padding", "note", share, "They are left out of statistics; nothing needs to be done."),)

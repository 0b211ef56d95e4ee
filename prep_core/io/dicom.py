"""DICOM: one file, or the files of a folder as series, sorted by position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import UID

from prep_core.io import dicom_pixels, dicom_tags
from prep_core.io.answers import Answers
from prep_core.io.dicom_pixels import Frames, frame_count, has_pixels
from prep_core.io.dicom_place import Place, orientation, place, position
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
    """The series in `files`, a scan each: ZYX, CYX, TYX or TCYX.

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
    told = tuple(str(error) for error in errors)
    for group in _series(parts):
        try:
            scans.append(_scan(group, limits, told))
        except ReadError as error:
            errors.append(error)
    if not scans:
        raise errors[0]
    return scans


def _part(file: File, limits: Limits) -> Part:
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    data = file.read()
    if not is_dicom(data[: MAGIC_AT + 8]):
        raise ReadError(f"{file.shown} is not a DICOM file: it lacks the DICM mark; check what it really is")
    with decoding(file.shown, "DICOM"), file.open() as stream:
        ds = pydicom.dcmread(stream, force=True)
    if not has_pixels(ds):
        kind = UID(word(ds, "SOPClassUID")).name if word(ds, "SOPClassUID") else "no image"
        raise ReadError(f"{file.shown} has no pixels (it is: {kind}); choose the images of the series")
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


def _scan(parts: list[Part], limits: Limits, told: tuple[str, ...]) -> Scan:
    name = scan_name(parts[0].file.name if len(parts) == 1 else parts[0].file.folder)
    ds = parts[0].ds
    frames, broken = _decoded(parts, limits)
    groups = _functional_groups(ds) if len(parts) == 1 else []
    slices = groups or [part.ds for part, _ in frames]
    stored, colour = np.concatenate([f.stored for _, f in frames]), frames[0][1].colour
    limits.check_array(name, stored.shape, stored.dtype.itemsize)
    film = not groups and len(frames) == 1 and frames[0][1].count > 1
    lie = place([ds] if film else slices)
    pixels, valid = _values(slices, stored, frames, bool(groups), colour)
    if not film:
        pixels, valid = pixels[lie.order], valid[lie.order]
    axes = _axes(film, colour, len(pixels))
    shape = tuple(
        n
        for n, axis in zip(pixels.shape, ("T" if film else "Z") + ("CYX" if colour else "YX"), strict=True)
        if axis in axes
    )
    return Scan(
        pixels.reshape(shape),
        axes,
        lie.affine,
        lie.spacing_known,
        dicom_tags.unit(slices[0]) if not groups else dicom_tags.unit(_with_series(ds, slices[0])),
        word(ds, "Modality") if word(ds, "Modality") in MODALITIES else "OT",
        valid.reshape(shape),
        display_inverted=word(ds, "PhotometricInterpretation") == "MONOCHROME1",
        channels=("R", "G", "B") if colour else (),
        name=name,
        source=_source(parts, lie, (*told, *broken), name),
        findings=_findings(ds),
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


def _functional_groups(ds: Dataset) -> list[Dataset]:
    """For an enhanced multi-frame file, one flat dataset for each frame (PS3.3 C.7.6.16); else none."""
    own = ds.get("PerFrameFunctionalGroupsSequence") or []
    shared = ds.get("SharedFunctionalGroupsSequence") or []
    flat = []
    for frame in own if len(own) == frame_count(ds) else []:
        merged = Dataset()
        for group in (*shared, frame):
            for element in group:
                if element.VR == "SQ" and element.value:
                    merged.update(element.value[0])
        flat.append(merged)
    return flat if flat and all(position(frame) is not None for frame in flat) else []


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


def _axes(film: bool, colour: bool, count: int) -> str:
    depth = "T" if film else "Z" if count > 1 else ""
    return ("TC" if film else "C" + depth if not depth else "CZ") + "YX" if colour else depth + "YX"


def _with_series(ds: Dataset, frame: Dataset) -> Dataset:
    merged = Dataset()
    merged.update(frame)
    merged.Modality = word(ds, "Modality")
    return merged


def _source(parts: list[Part], lie: Place, told: tuple[str, ...], name: str) -> Source:
    ds = parts[0].ds
    windows, dropped = dicom_tags.windows(ds)
    slope, intercept = dicom_pixels.slope_and_intercept(ds)
    facts = dicom_tags.facts(ds) | {"slope": slope, "intercept": intercept, "windows": windows, "files": len(parts)}
    facts["transfer_syntax"] = ds.file_meta.TransferSyntaxUID.name
    warnings = [*told, *check_affine(name, lie.affine), *lie.warnings]
    if dropped:
        warnings.append(f"{dropped} DICOM window of width 0 is left out")
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

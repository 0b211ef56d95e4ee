"""The one table of readers, and `load`, which chooses among them by content."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from prep_core.io import archive, dicom, gzip_bytes, metaimage, nifti, nrrd, numpy_files, picture, tiff
from prep_core.io.answers import Answers, finish
from prep_core.io.errors import Question, ReadError
from prep_core.io.files import File, FileSource, from_folder, from_mapping, from_path, of_bytes
from prep_core.io.limits import Limits
from prep_core.io.names import distinct, shown, suffix
from prep_core.io.raw_form import RawForm
from prep_core.scan import Scan

HEAD = 1024
DEFAULT = Limits()

OTHERS = frozenset((".txt", ".md", ".json", ".csv", ".tsv", ".xml", ".yaml", ".yml", ".pdf", ".html", ".log", ".py"))
"""Files that lie beside scans and are none: passed over in folders and archives."""


@dataclass(frozen=True)
class Reader:
    """One format: how its files begin, and what reads one."""

    format: str
    begins: Callable[[bytes], bool]
    read: Callable[[File, Answers, Limits], list[Scan]]


READERS = (
    Reader("DICOM", dicom.is_dicom, lambda file, answers, limits: dicom.read([file], answers, limits)),
    Reader("NIfTI", nifti.is_nifti, nifti.read),
    Reader("NRRD", nrrd.is_nrrd, nrrd.read),
    Reader("MetaImage", metaimage.is_metaimage, metaimage.read),
    Reader("TIFF", tiff.is_tiff, tiff.read),
    Reader("picture", picture.is_picture, picture.read),
    Reader("NumPy npy", numpy_files.is_npy, numpy_files.read_npy),
    Reader("NumPy npz", numpy_files.is_npz, numpy_files.read_npz),
)
"""Asked in this order about the first bytes of a file; gzipped files about the first bytes inside."""

NOT_YET: Mapping[bytes, str] = {
    b"SIMPLE  =": "FITS",
    b"\x89HDF\r\n\x1a\n": "HDF5",
    b"MATLAB 5.0": "MATLAB 5",
}
"""Formats that are known and not read: the sentence names them instead of calling the file unknown."""


def load(
    source: FileSource,
    *,
    name: str | None = None,
    axes: str | None = None,
    spacing: tuple[float, ...] | None = None,
    unit: str | None = None,
    modality: str | None = None,
    part: str | None = None,
    raw: RawForm | None = None,
    limits: Limits = DEFAULT,
) -> list[Scan]:
    """Read every scan in `source`.

    Parameters
    ----------
    source : path, bytes, or mapping of relative file names to bytes
        A file, a folder (one or several DICOM series, or several scans), or a .zip archive of these.
    name : str, optional
        What bytes are called; their extension does not matter, their content decides.
    axes : str, optional
        Axes of an array that does not name them, in the order of the array: "ZYX", "TYX", "YXC".
    spacing : tuple of float, optional
        Voxel size in mm (z, y, x), or (y, x); counts before that of the file.
    unit, modality : str, optional
        Count before those of the file.
    part : str, optional
        Which array of a file that holds several: a dataset of HDF5, an HDU of FITS, an array of Zarr or npz.
    raw : RawForm, optional
        Type, shape and byte order of bare numbers.

    Raises
    ------
    ReadError
        In one sentence, with the name of the file, what is wrong, and what to do.
    AxesNeeded
        When an array does not say what its axes are, and neither does `axes`.
    PartNeeded
        When a file holds several arrays, and `part` is not given.
    FormNeeded
        For bare numbers without `raw`.
    ValueError
        For an answer that is none.
    """
    answers = Answers(axes, spacing, unit, modality, part, raw)
    files, several = _files(source, name, limits)
    scans = _read_all(files, several, answers, limits)
    used: set[str] = set()
    result = []
    for scan in scans:
        own = distinct(scan.name, used)
        used.add(own.lower())
        result.append(finish(replace(scan, name=own), answers, limits))
    return result


def _files(source: FileSource, name: str | None, limits: Limits) -> tuple[list[File], bool]:
    """The files of a source, and whether it can hold files that are no scans."""
    if isinstance(source, bytes):
        return _unpacked([of_bytes(f"scan/{name or 'scan'}", source)], limits)
    if isinstance(source, Mapping):
        files = from_mapping(source, name or "upload", limits)
        return _unpacked(files, limits) if len(files) == 1 else (files, True)
    path = Path(os.fspath(source))
    if path.is_dir():
        return from_folder(path, limits), True
    return _unpacked([from_path(path)], limits)


def _unpacked(files: list[File], limits: Limits) -> tuple[list[File], bool]:
    (file,) = files
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    head = file.head(HEAD)
    if archive.is_archive(head) and not numpy_files.is_npz(head):
        return archive.members(file.shown, file.read(), limits), True
    return files, False


def _read_all(files: Sequence[File], several: bool, answers: Answers, limits: Limits) -> list[Scan]:
    """DICOM files together, as they form series; every other file alone."""
    if several:
        files = [file for file in files if suffix(file.name) not in OTHERS and file.size]
    readers = {file.name: _reader(file) for file in files}
    together = [file for file in files if readers[file.name] is READERS[0] or _claims_dicom(file)]
    scans: list[Scan] = []
    questions: list[ReadError] = []
    if together:
        scans += _attempt(lambda: dicom.read(together, answers, limits), questions, several)
    names = {file.name for file in together}
    for file in (f for f in files if f.name not in names):
        scans += _attempt(partial(_read_one, file, readers[file.name], answers, limits), questions, several)
    if scans:
        return [_told(scan, questions) for scan in scans]
    if questions:
        raise questions[0]
    raise ReadError(
        "there is nothing to read in it: no file that is a scan; choose a file, a folder or a .zip of scans"
    )


def _attempt(read: Callable[[], list[Scan]], questions: list[ReadError], several: bool) -> list[Scan]:
    """What `read` gives; among several files, a broken one is kept for later instead of stopping the others."""
    try:
        return read()
    except Question:
        raise
    except ReadError as error:
        if not several:
            raise
        questions.append(error)
        return []


def _told(scan: Scan, errors: Sequence[ReadError]) -> Scan:
    words = tuple(f"beside it: {error}" for error in errors)
    return replace(scan, source=replace(scan.source, warnings=(*scan.source.warnings, *words)))


def _read_one(file: File, reader: Reader | None, answers: Answers, limits: Limits) -> list[Scan]:
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    if reader is not None:
        return reader.read(file, answers, limits)
    raise ReadError(_unknown(file))


def _reader(file: File) -> Reader | None:
    head = _head(file)
    return next((reader for reader in READERS if reader.begins(head)), None)


def _head(file: File) -> bytes:
    head = file.head(HEAD)
    return gzip_bytes.head(head, HEAD) if head.startswith(gzip_bytes.MAGIC) else head


def _claims_dicom(file: File) -> bool:
    return suffix(file.name) in (".dcm", ".dicom", ".ima") and _reader(file) is None


def is_slice(path: Path) -> bool:
    """Whether a file is DICOM, and so perhaps one slice of many."""
    return READERS[0].begins(_head(from_path(path)))


def is_candidate(path: Path) -> bool:
    """Whether a file in a folder may be a scan, by its name."""
    return suffix(path.name) not in OTHERS


def _unknown(file: File) -> str:
    head = _head(file)
    if not file.size:
        return f"{file.shown} is empty (0 bytes); get a fresh copy"
    for magic, format in NOT_YET.items():
        if head.startswith(magic):
            return (
                f"{file.shown} is {format}, which this version does not read yet; convert it to .npy, .tif or .nii.gz"
            )
    known = ", ".join(reader.format for reader in READERS)
    return f"{shown(file.name)} is of no format that is read here ({known}); check what it really is, or convert it"

"""The one table of readers, and `load`, which chooses among them by content."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from prep_core.io import foreign, gzip_bytes, metaimage, numpy_files, picture, raw_binary
from prep_core.io.answers import Answers, finish
from prep_core.io.archive import members as archive
from prep_core.io.dicom import reader as dicom
from prep_core.io.errors import FormNeeded, Question, ReadError
from prep_core.io.files import (
    Content,
    File,
    FileSource,
    OneSource,
    Series,
    from_folder,
    from_mapping,
    from_path,
    from_series,
    is_hidden,
    of_bytes,
    with_folder,
)
from prep_core.io.fits import reader as fits
from prep_core.io.hdf5 import reader as hdf5
from prep_core.io.limits import Limits
from prep_core.io.matlab import reader as matlab
from prep_core.io.names import distinct, is_candidate, natural, shown, suffix
from prep_core.io.nifti import reader as nifti
from prep_core.io.nrrd import reader as nrrd
from prep_core.io.raw_form import RawForm
from prep_core.io.tiff import reader as tiff
from prep_core.io.zarr import store as zarr_store
from prep_core.io.zarr import tree as zarr_tree
from prep_core.scan import Scan

HEAD = hdf5.OFFSETS[-1] + len(hdf5.MAGIC)
"""Bytes in which every format shows itself; HDF5 may do it last."""

DEFAULT = Limits()

MOST_TOLD = 5
"""Files that cannot be read and are told, one by one, with each scan beside them."""


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
    Reader("FITS", fits.is_fits, fits.read),
    Reader("HDF5", hdf5.is_hdf5, hdf5.read),
    Reader("MATLAB 5", matlab.is_matlab, matlab.read),
)
"""Asked in this order about the first bytes of a file; gzipped files about the first bytes inside."""


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
    source : path, Series, bytes or a Segment of them, or mapping of relative file names to these
        A file, a folder (one or several DICOM series, a Zarr store, or several scans), or an archive of these: .zip,
        .tar, .tar.gz.
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
    used: set[str] = set()
    result = []
    for scan in _scans_in(source, name, answers, limits):
        own = distinct(scan.name, used)
        used.add(own.lower())
        result.append(finish(replace(scan, name=own), answers, limits))
    return result


def _scans_in(source: FileSource, name: str | None, answers: Answers, limits: Limits) -> list[Scan]:
    if isinstance(source, Series):
        return dicom.read(from_series(source, limits), answers, limits, source.name, source.others)
    files, several = _files(source, name, limits)
    scans = _read_all(files, several, answers, limits)
    if not scans:
        raise ReadError(
            f"there is nothing to read in {_called(source, name)}: no file that is a scan; "
            "choose a file, a folder or an archive of scans"
        )
    return scans


def _files(source: OneSource, name: str | None, limits: Limits) -> tuple[list[File], bool]:
    """The files of a source, and whether it can hold files that are no scans."""
    if isinstance(source, Content):
        return _unpacked([of_bytes(f"scan/{name or 'scan'}", source)], limits)
    if isinstance(source, Mapping):
        files = from_mapping(source, name or "upload", limits)
        return _unpacked(files, limits) if len(files) == 1 else (files, True)
    path = Path(os.fspath(source))
    if path.is_dir():
        return from_folder(path, limits), True
    return _unpacked([from_path(path)], limits)


def _called(source: OneSource, name: str | None) -> str:
    """How a source is called in errors."""
    if isinstance(source, Content | Mapping):
        return shown(name or "the upload")
    return shown(Path(os.fspath(source)).absolute().name)


def _unpacked(files: list[File], limits: Limits) -> tuple[list[File], bool]:
    (file,) = files
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    head = file.head(HEAD)
    if not archive.is_archive(head):
        return files, False
    inside = archive.members(file.shown, file.read(), limits)
    if numpy_files.is_npz(head) and all(suffix(member.name) == ".npy" for member in inside):
        return files, False
    return inside, True


def divide(files: Mapping[str, Content]) -> list[dict[str, Content]]:
    """What can be read by itself in an upload of many files, so that each can be asked about on its own.

    All DICOM files are one unit, as they form series; each Zarr store is one; every other file is one.  Hidden files,
    and those that lie beside scans and are none, are left out.

    Parameters
    ----------
    files : mapping of relative names to bytes, or segments of them

    Returns
    -------
    list of dict
        Each for `load`, with the names and bytes that were given.
    """
    names = {of_bytes(with_folder(name, "upload"), data): name for name, data in files.items() if not is_hidden(name)}
    in_order = sorted(names, key=lambda file: natural(file.name))
    return [{names[file]: files[names[file]] for file in unit.files} for unit in _units(in_order, several=True)]


@dataclass(frozen=True)
class _Unit:
    """Files that are read together, and what reads them."""

    files: list[File]
    read: Callable[[list[File], Answers, Limits], list[Scan]]


def _units(files: Sequence[File], several: bool, raw: bool = False) -> list[_Unit]:
    """DICOM files together, the files of each Zarr store together, every other file alone.

    With `raw`, files that are called as bare numbers are: what their first bytes look like is chance.
    """
    stores, rest = zarr_tree.split(files) if several else ([], list(files))
    if several:
        rest = [file for file in rest if is_candidate(file.name)]
    known = [(file, *_recognised(file, raw and raw_binary.is_bare(file.name))) for file in rest]
    together = [file for file, reader, _ in known if _is_dicom(file, reader)]
    return [
        *([_Unit(together, dicom.read)] if together else []),
        *(_Unit(store, zarr_store.read) for store in stores),
        *(_Unit([file], partial(_read_one, reader, why)) for file, reader, why in known if not _is_dicom(file, reader)),
    ]


def _read_all(files: Sequence[File], several: bool, answers: Answers, limits: Limits) -> list[Scan]:
    scans: list[Scan] = []
    errors: list[ReadError] = []
    for unit in _units(files, several, answers.raw is not None):
        scans += _attempt(partial(unit.read, unit.files, answers, limits), errors, several)
    if scans:
        return [_told(scan, errors) for scan in scans]
    if errors:
        raise errors[0]
    return []


def _attempt(read: Callable[[], list[Scan]], errors: list[ReadError], several: bool) -> list[Scan]:
    """What `read` gives; among several files, a broken one is kept for later instead of stopping the others.

    So is one of bare numbers: it may be anything, and the scans beside it need no answer about it.
    """
    try:
        return read()
    except ReadError as error:
        if not several or (isinstance(error, Question) and not isinstance(error, FormNeeded)):
            raise
        errors.append(error)
        return []


def _told(scan: Scan, errors: Sequence[ReadError]) -> Scan:
    words = tuple(f"beside it: {error}" for error in errors[:MOST_TOLD])
    if len(errors) > MOST_TOLD:
        words += (f"beside it: {len(errors) - MOST_TOLD} more files cannot be read",)
    return replace(scan, source=replace(scan.source, warnings=(*scan.source.warnings, *words)))


def _read_one(
    reader: Reader | None, why: str | None, files: list[File], answers: Answers, limits: Limits
) -> list[Scan]:
    (file,) = files
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    if why:
        raise ReadError(why)
    if reader is not None:
        return reader.read(file, answers, limits)
    if file.size and (answers.raw or raw_binary.is_bare(file.name)):
        return raw_binary.read(file, answers, limits)
    raise ReadError(_unknown(file))


def _recognised(file: File, is_bare: bool) -> tuple[Reader | None, str | None]:
    """What reads a file, and why it is refused in spite of that; its head is unpacked once for both."""
    head = _head(file)
    reader = None if is_bare else next((reader for reader in READERS if reader.begins(head)), None)
    return reader, foreign.refusal(file.shown, head)


def _head(file: File) -> bytes:
    head = file.head(HEAD)
    return gzip_bytes.head(head, HEAD) if head.startswith(gzip_bytes.MAGIC) else head


def _is_dicom(file: File, reader: Reader | None) -> bool:
    """By content, or by name where no other format claims it."""
    return reader is READERS[0] or (reader is None and suffix(file.name) in (".dcm", ".dicom", ".ima"))


def is_slice(path: Path) -> bool:
    """Whether a file is DICOM, and so perhaps one slice of many."""
    return READERS[0].begins(_head(from_path(path)))


def _unknown(file: File) -> str:
    head = _head(file)
    if not file.size:
        return f"{file.shown} is empty (0 bytes); get a fresh copy"
    if file.shown in zarr_tree.METADATA:
        return f"{file.shown} is metadata of a Zarr store without its numbers; choose the whole folder, or a .zip of it"
    if archive.is_archive(head):
        return f"{file.shown} is an archive among other files; load it by itself"
    known = ", ".join(reader.format for reader in READERS)
    return f"{shown(file.name)} is of no format that is read here ({known}); check what it really is, or convert it"

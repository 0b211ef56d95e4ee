"""DICOM: one file, or the files of a folder as series, sorted by position."""

import warnings
from collections.abc import Sequence

from prep_core.io.answers import Answers, with_warnings
from prep_core.io.dicom.open import Opened, is_dicom, open_file
from prep_core.io.dicom.plain import Plain, plain
from prep_core.io.dicom.scan import scans_of
from prep_core.io.dicom.series import names_of, series_of
from prep_core.io.errors import ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.scan import Scan

__all__ = ["is_dicom", "read"]


def read(files: Sequence[File], answers: Answers, limits: Limits, name: str = "", others: int = 0) -> list[Scan]:
    """The series in `files`, a scan each, with T for films and repeated stacks and C for colours and segments.

    Where it is one, it is called `name`, if that is given; `others` lie in the same folder and are read elsewhere.

    Raises
    ------
    ReadError
        When nothing in them can be read; a file that is broken among others that are not gives a warning.
    """
    with warnings.catch_warnings():
        # pydicom warns, in the words of the file, whenever a tag is looked at for the first time.
        warnings.simplefilter("ignore")
        scans, errors = _scans(files, limits, name)
    told = [str(error) for error in errors]
    if len(scans) + others > 1:
        told.append(f"there are {len(scans) + others} series or stacks here; each is a scan of its own")
    return [with_warnings(scan, *told) for scan in scans]


def _scans(files: Sequence[File], limits: Limits, called: str) -> tuple[list[Scan], list[ReadError]]:
    """The scans in `files`, and why some of them cannot be read."""
    opened, errors = _opened(files, limits)
    groups = series_of(opened)
    scans: list[Scan] = []
    names = [called] if called and len(groups) == 1 else names_of(groups)
    for group, name in zip(groups, names, strict=True):
        try:
            scans += scans_of(group, name, limits)
        except ReadError as error:
            errors.append(error)
    if not scans:
        raise _first_of(errors)
    return scans, errors


def _opened(files: Sequence[File], limits: Limits) -> tuple[list[Plain | Opened], list[ReadError]]:
    """The files that can be opened, and why the others cannot; of a plain slice only the header is read yet."""
    opened: list[Plain | Opened] = []
    errors: list[ReadError] = []
    for file in files:
        try:
            limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
            opened.append(plain(file) or open_file(file, limits))
        except ReadError as error:
            errors.append(error)
    if not opened:
        raise _first_of(errors)
    return opened, errors


def _first_of(errors: Sequence[ReadError]) -> ReadError:
    """One error for all files, none of which can be read."""
    more = f" (nor can {len(errors) - 1} more files beside it be read)" if len(errors) > 1 else ""
    return ReadError(f"{errors[0]}{more}")

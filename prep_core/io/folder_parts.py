"""What is read by itself in a folder of DICOM files, so that a thousand radiographs are a thousand parts."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from prep_core.io.dicom.header import header_of
from prep_core.io.dicom.open import Headed
from prep_core.io.dicom.series import names_of, series_of
from prep_core.io.errors import ReadError
from prep_core.io.files import File, Series, from_folder
from prep_core.io.limits import NEVER, Limits
from prep_core.io.names import distinct, is_candidate, scan_name
from prep_core.io.zarr import tree as zarr_tree

ANY_NUMBER = Limits(members=NEVER)
"""Files are counted where they are read, not where they are listed."""


def parts_of(folder: Path) -> list[str | Series]:
    """Each series below `folder`, each Zarr store, and each other file that may be a scan, in this order.

    A folder that holds one series and nothing else stays whole.  Only headers are read: a file whose header is damaged
    is a part of its own, and objects without pixels, such as reports and tables of contents, are none.
    """
    stores, rest = zarr_tree.split(from_folder(folder, ANY_NUMBER))
    with warnings.catch_warnings():
        # pydicom warns, in the words of the file, whenever a tag is looked at for the first time.
        warnings.simplefilter("ignore")
        headed, others = _told_apart([file for file in rest if is_candidate(file.name)])
        groups = series_of(headed)
        series = list(_series(folder, groups))
    if len(groups) == 1 and not stores and not others:
        return [str(folder)]
    beside = [*(zarr_tree.root_of(store) for store in stores), *(file.name for file in others)]
    return [*series, *(str(folder / _below(name)) for name in beside)]


def _told_apart(files: Sequence[File]) -> tuple[list[Headed], list[File]]:
    """Images with a header that tells their series, and files without one."""
    headed: list[Headed] = []
    others: list[File] = []
    for file in files:
        try:
            found = header_of(file)
        except ReadError:
            # Whatever it is, it is read by itself, and says then what is wrong with it.
            others.append(file)
        else:
            headed += [found] if found else []
    return headed, others


def _series(folder: Path, groups: Sequence[Sequence[Headed]]) -> Iterator[str | Series]:
    """A part for each of `groups`, with the name that its scan has when the folder is read as one."""
    used: set[str] = set()
    for group, base in zip(groups, names_of(groups), strict=True):
        name = distinct(base, used)
        used.add(name.lower())
        files = tuple(_below(one.file.name) for one in group)
        if len(files) > 1:
            yield Series(str(folder), files, name, len(groups) - 1)
        elif name == scan_name(files[0]):
            yield str(folder / files[0])
        else:
            yield Series(str(folder), files, name)


def _below(name: str) -> str:
    """A name that `from_folder` gave, as seen from that folder."""
    return name.partition("/")[2]

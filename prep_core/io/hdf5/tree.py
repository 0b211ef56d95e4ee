"""The objects of an HDF5 file, reached by hard links alone: what lies in other files is counted, never opened."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits
from prep_core.io.parts import is_picture

DEEPEST = 64
COMPLEX = frozenset((("r", "i"), ("real", "imag")))
"""Names of the two fields by which complex numbers are written: those of h5py, and those of MATLAB."""

MATLAB_OWN = ("#refs#", "#subsystem#")
"""Groups in which MATLAB keeps the inside of cells and objects."""

MATLAB_NUMBERS = frozenset(
    ("double", "single", "logical", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
)


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file holds.

    Attributes
    ----------
    images : datasets that can be images, by path
    scales : dimension scales, by path
    elsewhere : number of links to other files, and of datasets whose numbers lie there or are put together
    """

    images: dict[str, Any]
    scales: dict[str, Any]
    elsewhere: int


def walk(name: str, file: Any, is_matlab: bool, limits: Limits) -> Tree:
    """Every object of `file` once, whatever cycles its links form.

    Raises
    ------
    ReadError
        For more objects than the limit, or groups nested too deep.
    """
    images: dict[str, Any] = {}
    scales: dict[str, Any] = {}
    elsewhere = 0
    for path, found in _objects(name, file, limits):
        if found is None or _is_elsewhere(found):
            elsewhere += 1
        elif _is_image(path, found, is_matlab):
            images[path] = found
        elif found.ndim == 1 and "REFERENCE_LIST" in found.attrs:
            scales[path] = found
    return Tree(images, scales, elsewhere)


def attribute(found: Any, key: str) -> Any:
    """A short attribute as text, number or array; None where it is absent or long."""
    if key not in found.attrs or math.prod(found.attrs.get_id(key).shape or ()) > DEEPEST:
        return None
    value = found.attrs[key]
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def dtype_of(found: Any) -> np.dtype[Any] | None:
    """The type of a dataset as NumPy will have it, in native byte order; None where it is no number."""
    if not _is_plain(found.id.get_type()):
        return None
    try:
        dtype: np.dtype[Any] = found.dtype
    # What has no equivalent in NumPy is no number that could be read.
    except TypeError:
        return None
    if dtype.names in COMPLEX:
        parts = [dtype[n] for n in dtype.names or ()]
        same = parts[0] == parts[1] and parts[0].kind == "f" and dtype.itemsize == 2 * parts[0].itemsize
        return np.dtype(f"c{dtype.itemsize}") if same and dtype.itemsize in (8, 16) else None
    if dtype.kind not in "biufc" or dtype.itemsize > 16 or (dtype.kind == "f" and dtype.itemsize > 8):
        return None
    return dtype.newbyteorder("=")


def _objects(name: str, file: Any, limits: Limits) -> Iterator[tuple[str, Any]]:
    """Datasets by path, each once; None for a link to another file.  Soft links lead nowhere that these do not."""
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", file)]
    count = 0
    while waiting:
        path, group = waiting.pop()
        for key in group:
            own, link = f"{path}/{key}".lstrip("/"), group.id.links.get_info(key.encode("utf-8", "surrogateescape"))
            count += 1
            limits.check(name, "members", count, "its number of links")
            if link.type == h5py.h5l.TYPE_EXTERNAL:
                yield own, None
            if link.type != h5py.h5l.TYPE_HARD or link.u in seen:
                continue
            seen.add(link.u)
            found = group[key]
            if isinstance(found, h5py.Group):
                _check_depth(name, own)
                waiting.append((own, found))
            elif isinstance(found, h5py.Dataset):
                yield own, found


def _check_depth(name: str, path: str) -> None:
    if path.count("/") >= DEEPEST:
        raise ReadError(f"{name} nests its groups deeper than {DEEPEST}; write it again with less depth")


def _is_elsewhere(found: Any) -> bool:
    """Whether the numbers of a dataset lie in files of their own, or are put together from other datasets."""
    return bool(found.is_virtual) or int(found.id.get_create_plist().get_external_count()) > 0


def _is_plain(kind: Any) -> bool:
    """Whether numbers fill their bytes: those of 12 bits in 16 and the like are none that NumPy knows."""
    if isinstance(kind, h5py.h5t.TypeEnumID):
        return _is_plain(kind.get_super())
    if isinstance(kind, h5py.h5t.TypeCompoundID):
        return all(_is_plain(kind.get_member_type(i)) for i in range(kind.get_nmembers()))
    if isinstance(kind, h5py.h5t.TypeIntegerID | h5py.h5t.TypeFloatID):
        return int(kind.get_precision()) == 8 * int(kind.get_size()) and int(kind.get_offset()) == 0
    return False


def _is_image(path: str, found: Any, is_matlab: bool) -> bool:
    if found.shape is None or not is_picture(found.shape) or dtype_of(found) is None:
        return False
    if not is_matlab:
        return True
    numbers = attribute(found, "MATLAB_class") in MATLAB_NUMBERS and not attribute(found, "MATLAB_empty")
    return numbers and path.split("/")[0] not in MATLAB_OWN

"""HDF5 by h5py, and MATLAB 7.3, which is HDF5 with rules of its own.  Nothing outside of the file is ever opened."""

import io
from dataclasses import replace
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from prep_core.io.answers import Answers, axes_needed, place_axes
from prep_core.io.errors import Part, ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.hdf5 import storage as hdf5_storage
from prep_core.io.hdf5 import tree as hdf5_tree
from prep_core.io.hdf5 import words as hdf5_words
from prep_core.io.hdf5.heaps import check_heaps
from prep_core.io.hdf5.tree import Tree
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.parts import choose, matlab_axes_needed, part_needed, shown_part
from prep_core.scan import Scan, Source, voxel_affine

MAGIC = b"\x89HDF\r\n\x1a\n"
MATLAB = b"MATLAB 7.3"
OFFSETS = (0, 512, 1024, 2048, 4096)
"""Where the signature can lie: behind a block of the user's, whose sizes double (HDF5 file format, II.A)."""

READER = f"h5py {h5py.__version__} (HDF5 {h5py.version.hdf5_version})"
TURNED = "the axes were put in MATLAB's order, rows first: in the file the last one stands first"


def is_hdf5(head: bytes) -> bool:
    """Whether a file that starts so is HDF5, also that of MATLAB 7.3."""
    return _start(head) is not None


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The only array that can be an image, or the one of `answers.part`, as one scan.

    Raises
    ------
    ReadError
        For a damaged or too large file, filters that are not installed, and arrays that lie in other files.
    PartNeeded
        For several arrays, or for one beside others that lie outside.
    AxesNeeded
        For three axes and more that the file does not name.
    """
    data = file.read()
    is_matlab = data.startswith(MATLAB)
    check_heaps(file.shown, data, _start(data) or 0)
    with decoding(file.shown, "HDF5"), h5py.File(io.BytesIO(data), "r") as opened:
        tree = hdf5_tree.walk(file.shown, opened, is_matlab, limits)
        path = _chosen(file.shown, tree, answers).name
        several = len(tree.images) > 1
        shown = f"{file.shown} ({shown_part(path)})" if several else file.shown
        found = tree.images[path]
        storage = hdf5_storage.check(shown, found, limits)
        axes = _axes(shown, tree, path, is_matlab, answers)
        stored = _complex(found, hdf5_storage.numbers(shown, found, storage))
        scan = _of_matlab(shown, found, stored, axes) if is_matlab else _plain(shown, found, stored, axes)
        told = [*storage.told, *hdf5_words.not_applied(found)]
        facts = {"part": path, "filters": hdf5_storage.filter_names(storage), "chunks": list(found.chunks or ())}
    stem, sha = scan_name(file.name), digest(data)
    source = replace(scan.source, sha256=digest(f"{sha}/{path}".encode()) if several else sha)
    source = replace(source, facts={**source.facts, **facts}, warnings=(*source.warnings, *told))
    name = scan_name(f"{stem}-{path.split('/')[-1]}.h5") if several else stem
    return [replace(scan, name=name, source=source)]


def _start(data: bytes) -> int | None:
    return next((at for at in OFFSETS if data[at : at + len(MAGIC)] == MAGIC), None)


def _chosen(name: str, tree: Tree, answers: Answers) -> Part:
    parts = [Part(path, found.shape, str(hdf5_tree.dtype_of(found))) for path, found in tree.images.items()]
    outside = f"refers to data elsewhere ({tree.elsewhere} links to files or virtual datasets), which is never followed"
    if not parts:
        why = outside if tree.elsewhere else "holds no array of numbers with 2 to 5 dimensions"
        raise ReadError(f"{name} {why}; choose a file that has the image in it")
    if tree.elsewhere and answers.part is None:
        raise part_needed(name, parts, reason=f"{outside}; it ")
    return choose(name, parts, answers.part and answers.part.strip("/"))


def _axes(name: str, tree: Tree, path: str, is_matlab: bool, answers: Answers) -> str | None:
    """What the axes are called in the order in which they are handed on; None for a plain picture."""
    found = tree.images[path]
    if answers.axes and len(answers.axes) == found.ndim:
        return answers.axes
    kind = hdf5_tree.dtype_of(found)
    if is_matlab and found.ndim > 2:
        raise matlab_axes_needed(name, found.shape[::-1], str(kind))
    own = None if is_matlab else hdf5_words.axes_of(found, path, tree)
    if own is None and found.ndim > 2:
        raise axes_needed(name, found.shape, np.dtype(kind))
    return own


def _plain(name: str, found: Any, stored: NDArray[Any], told: str | None) -> Scan:
    pixels, axes = place_axes(name, stored, told)
    valid, warnings = _valid(found, stored)
    spacing = hdf5_words.spacing_of(found, axes)
    return Scan(
        pixels,
        axes,
        voxel_affine(spacing or (1.0,) * 3),
        spacing is not None,
        hdf5_words.value_unit(found),
        valid=place_axes(name, valid, told)[0] if valid.ndim else valid,
        source=Source("", "HDF5", READER, {"dtype": str(stored.dtype)}, tuple(warnings), tuple(_joined(found))),
    )


def _of_matlab(name: str, found: Any, stored: NDArray[Any], axes: str | None) -> Scan:
    is_logical = hdf5_tree.attribute(found, "MATLAB_class") == "logical"
    pixels, order = place_axes(name, stored.T.astype(bool) if is_logical else stored.T, axes)
    facts, converted = {"dtype": str(pixels.dtype)}, (*_joined(found), TURNED)
    return Scan(pixels, order, source=Source("", "MATLAB 7.3", READER, facts, converted=converted))


def _complex(found: Any, stored: NDArray[Any]) -> NDArray[Any]:
    """Numbers in native byte order; two fields of a complex number as one."""
    kind = hdf5_tree.dtype_of(found)
    if not stored.dtype.names:
        return stored.astype(kind, copy=False)
    whole = np.empty(stored.shape, kind)
    real, imaginary = stored.dtype.names
    whole.real, whole.imag = stored[real], stored[imaginary]
    return whole


def _joined(found: Any) -> list[str]:
    names = found.dtype.names
    return [f"the fields {names[0]} and {names[1]} of each number became one complex number"] if names else []


def _valid(found: Any, stored: NDArray[Any]) -> tuple[NDArray[np.bool_], list[str]]:
    """Where the number is not that for nothing; one True where all are, or where the values themselves decide."""
    missing = hdf5_words.missing_of(found)
    absent = stored == missing if missing is not None and stored.dtype.kind in "iuf" else np.array(False)
    count = int(np.count_nonzero(absent))
    if not count:
        return np.array(True), []
    valid = np.isfinite(stored) & ~absent
    return valid, [
        f"{count} voxels hold the number for nothing (_FillValue {missing:g}) and are left out of statistics"
    ]

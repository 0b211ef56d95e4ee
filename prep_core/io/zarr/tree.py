"""What a Zarr store says of itself: its groups and arrays, versions 2 and 3, from the metadata alone.

https://zarr-specs.readthedocs.io  Consolidated metadata are copies and are not believed.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

import numpy as np

from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.zarr.codecs import numeric

ARRAY, GROUP, ATTRIBUTES, VERSION_3 = ".zarray", ".zgroup", ".zattrs", "zarr.json"
MARKERS = frozenset((ARRAY, GROUP, VERSION_3))
METADATA = MARKERS | {ATTRIBUTES}
FOLDER = ".zarr"
METADATA_BYTES = 1 << 24
TYPES = frozenset(
    (
        "bool",
        *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
"""Types of version 3 that images can have; its other names are no numbers or extensions."""


@dataclass(frozen=True)
class Array:
    """One array: where it is, and what its metadata say.

    Attributes
    ----------
    path : str
        Within the store; "" for the array at its root.
    file : str
        The key of its metadata.
    """

    path: str
    file: str
    shown: str
    metadata: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> Literal[2, 3]:
        return 3 if self.file.endswith(VERSION_3) else 2

    @property
    def shape(self) -> tuple[int, ...]:
        """As declared.

        Raises
        ------
        ReadError
            When the metadata have none.
        """
        shape = self.metadata.get("shape")
        if not isinstance(shape, list) or not all(type(n) is int for n in shape):
            raise ReadError(f"{self.shown} has no shape in its metadata; write the store again")
        return tuple(shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The same for the type of its numbers, in the byte order of the store."""
        written = self.metadata.get("data_type" if self.version == 3 else "dtype")
        if not isinstance(written, str) or (self.version == 3 and written not in TYPES):
            raise ReadError(f"{self.shown} holds records, text or an unknown type, not numbers; convert it first")
        with decoding(self.shown, "a type of numbers"):
            return numeric(self.shown, np.dtype(written))

    @property
    def voxels(self) -> int:
        """How many numbers it has; none where it has no shape."""
        shape = self.metadata.get("shape")
        return math.prod(n for n in shape if type(n) is int) if isinstance(shape, list) else 0

    @property
    def is_image(self) -> bool:
        """Whether a scan can be made of it."""
        try:
            return 2 <= len(self.shape) <= 5 and min(self.shape) > 0 and self.dtype.kind in "biufc"
        except ReadError:
            return False


@dataclass(frozen=True)
class Store:
    """The files of one store by their keys, and what they say.

    Attributes
    ----------
    shown : str
        How the store is called in errors.
    groups : mapping
        Attributes by path, of arrays too.
    """

    shown: str
    files: Mapping[str, File]
    arrays: Mapping[str, Array]
    groups: Mapping[str, Mapping[str, Any]]


def split(files: Sequence[File]) -> tuple[list[list[File]], list[File]]:
    """The files of each store together, and all others."""
    roots = _roots(file.name for file in files)
    stores: dict[str, list[File]] = {}
    others = []
    for file in files:
        root = next((r for r in _parents(file.name) if r in roots), None)
        if root is None:
            others.append(file)
        else:
            stores.setdefault(root, []).append(file)
    return list(stores.values()), others


def root_of(files: Sequence[File]) -> str:
    """The folder that is the store of `files`."""
    return next(r for r in _parents(files[0].name) if r in _roots(f.name for f in files))


def opened(files: Sequence[File], limits: Limits) -> Store:
    """The store that `files` are, with its metadata read.

    Raises
    ------
    ReadError
        When there are none, or they are damaged.
    """
    root = root_of(files)
    shown = PurePosixPath(root).name
    keys = {file.name[len(root) + 1 :]: file for file in files}
    found = {key: _json(file, limits) for key, file in keys.items() if PurePosixPath(key).name in METADATA}
    if not any(PurePosixPath(key).name in MARKERS for key in found):
        raise ReadError(
            f"{shown} has no metadata of Zarr (zarr.json, .zarray, .zgroup): hidden files may have been left out of "
            "the copy; send the folder as a .zip"
        )
    return Store(shown, keys, *_nodes(shown, found))


def _nodes(shown: str, found: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Array], dict[str, Mapping[str, Any]]]:
    arrays: dict[str, Array] = {}
    groups: dict[str, Mapping[str, Any]] = {}
    # "zarr.json" sorts last of its folder: version 3 wins where a store has the metadata of both.
    for key in sorted(k for k in found if PurePosixPath(k).name != ATTRIBUTES):
        path, metadata = _folder(key), found[key]
        own = metadata.get("attributes") if key.endswith(VERSION_3) else found.get(_joined(path, ATTRIBUTES))
        groups[path] = own if isinstance(own, Mapping) else {}
        arrays.pop(path, None)
        if key.endswith(ARRAY) or metadata.get("node_type") == "array":
            name = f"{shown} ({path})" if path else shown
            arrays[path] = Array(path, key, name, metadata, groups[path])
    return arrays, groups


def _json(file: File, limits: Limits) -> Mapping[str, Any]:
    limits.check(file.shown, "file_bytes", file.size, "its size in bytes")
    if file.size > METADATA_BYTES:
        raise ReadError(f"{file.shown} has {file.size:,} bytes of metadata, above {METADATA_BYTES:,}; write it again")
    with decoding(file.shown, "metadata of Zarr"):
        found = json.loads(file.read())
        if not isinstance(found, dict):
            raise ValueError("no object")
    return found


def _roots(names: Iterable[str]) -> set[str]:
    """Folders that are called so or hold metadata of Zarr, the outermost of those that lie in each other."""
    every = {str(p) for name in names for p in _candidates(PurePosixPath(name))}
    return {r for r in every if not any(str(p) in every for p in PurePosixPath(r).parents)}


def _candidates(path: PurePosixPath) -> Iterable[PurePosixPath]:
    if path.name in MARKERS:
        yield path.parent
    yield from (p for p in path.parents if p.name.lower().endswith(FOLDER))


def _parents(name: str) -> list[str]:
    return [str(p) for p in PurePosixPath(name).parents]


def _folder(key: str) -> str:
    return key.rpartition("/")[0]


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name

"""Zarr stores, plain and OME-Zarr, as scans: one array of a store, chosen by its metadata or by the user."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.answers import Answers, in_order, told_axes
from prep_core.io.errors import Part, ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.parts import part_needed
from prep_core.io.values import rescaled
from prep_core.io.zarr import array as zarr_array
from prep_core.io.zarr import ome as ome_zarr
from prep_core.io.zarr import tree as zarr_tree
from prep_core.io.zarr.array import Absent
from prep_core.io.zarr.ome import Image
from prep_core.io.zarr.tree import Array, Store
from prep_core.scan import Scan, Source, voxel_affine

READER = f"zarr {version('zarr')}"
LISTED, LONGEST = 8, 40
"""Names of parts in a sentence, and letters of each; the error itself holds all."""

WORDS: Mapping[str, str] = {
    **dict.fromkeys(("t", "time", "frame", "frames"), "T"),
    **dict.fromkeys(("c", "channel", "channels", "band", "bands", "wavelength"), "C"),
    **dict.fromkeys(("z", "depth", "slice", "slices", "plane"), "Z"),
    **dict.fromkeys(("y", "row", "rows", "height", "lat", "latitude"), "Y"),
    **dict.fromkeys(("x", "column", "columns", "col", "width", "lon", "longitude"), "X"),
}
"""What the axes of plain arrays are called."""


def is_store(path: Path) -> bool:
    """Whether a folder is a Zarr store: by its name, or by the metadata in it."""
    return path.name.lower().endswith(zarr_tree.FOLDER) or any((path / m).is_file() for m in zarr_tree.MARKERS)


def read(files: Sequence[File], answers: Answers, limits: Limits) -> list[Scan]:
    """The one picture in a store, at its full size, or the array that `answers.part` names.

    A plate, or a store of several pictures, is a question and not a scan each: it can hold hundreds of gigabytes, and
    nothing should be read that nobody asked for.

    Raises
    ------
    ReadError
        For a store that is damaged or too large, or holds no picture.
    PartNeeded
        When it holds several.
    AxesNeeded
        When the axes have no names.
    """
    store = zarr_tree.opened(files, limits)
    array, image = chosen(store, answers.part)
    numbers = zarr_array.read(array, store.files, limits)
    values, converted = _values(array, numbers.data)
    data, axes = with_axes(array, image, values, answers)
    source = Source(numbers.sha256, "Zarr", READER, facts_of(array), missing_words(numbers.absent), converted)
    return [described(Scan(data, axes, source=source), store, array, image, answers)]


def with_axes(array: Array, image: Image | None, values: NDArray[Any], answers: Answers) -> tuple[NDArray[Any], str]:
    """`values` in the order of a scan, and their axes."""
    return in_order(values, stored_axes(array, image, values, answers))


def stored_axes(array: Array, image: Image | None, values: NDArray[Any], answers: Answers) -> str:
    """The axes of `values` in the order of the store."""
    return _letters(array, image) or told_axes(array.shown, values, answers.axes)


def described(scan: Scan, store: Store, array: Array, image: Image | None, answers: Answers) -> Scan:
    """`scan` with its name and what the metadata say of it."""
    named = replace(scan, name=_name(store, answers.part))
    told = answers.axes if answers.axes and len(answers.axes) == scan.data.ndim else "YX"
    return named if image is None else _with_ome(named, array, image, _letters(array, image) or told)


def facts_of(array: Array) -> dict[str, Any]:
    return {"dtype": str(array.dtype), "zarr_format": array.version, "array": array.path}


def chosen(store: Store, part: str | None) -> tuple[Array, Image | None]:
    """The array to read, and the picture that it is a level of."""
    images = ome_zarr.images(store.groups)
    if part is not None:
        return _named(store, images, part.strip("/"))
    pictures = [i for i in images if not i.is_label] or images
    for path in (p for i in pictures for p in i.levels[:1] if p not in store.arrays):
        raise ReadError(f"{store.shown} lacks the array {path[:LONGEST]} that its metadata name; copy all of it again")
    every = [store.arrays[i.levels[0]] for i in pictures] or sorted(
        store.arrays.values(), key=lambda array: array.voxels, reverse=True
    )
    found = [array for array in every if array.is_image] or every[:1]
    if not found:
        raise ReadError(f"{store.shown} holds no array, only groups; copy all of it again")
    if len(found) > 1:
        raise part_needed(store.shown, _parts(found))
    return found[0], _picture(images, found[0].path)


def _named(store: Store, images: Sequence[Image], part: str) -> tuple[Array, Image | None]:
    path = next((i.levels[0] for i in images if i.path == part and part not in store.arrays), part)
    if path not in store.arrays:
        raise part_needed(store.shown, _parts(a for a in store.arrays.values() if a.is_image), part)
    return store.arrays[path], _picture(images, path)


def _parts(arrays: Iterable[Array]) -> list[Part]:
    return [Part(array.path, array.shape, str(array.dtype)) for array in arrays]


def _picture(images: Sequence[Image], path: str) -> Image | None:
    return next((image for image in images if path in image.levels), None)


def _letters(array: Array, image: Image | None) -> str | None:
    """The axes of a scan in the order of the array, where its metadata name them."""
    if image is not None:
        return ome_zarr.letters(image, len(array.shape))
    names = array.metadata.get("dimension_names") if array.version == 3 else array.attributes.get("_ARRAY_DIMENSIONS")
    found = [WORDS.get(str(name).lower(), "") for name in names] if isinstance(names, list) else []
    whole = len(found) == len(array.shape) and all(found) and len(set(found)) == len(found)
    return "".join(found) if whole and {"Y", "X"} <= set(found) else None


def _values(array: Array, stored: NDArray[Any]) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The numbers as values: packed as the CF conventions say (8.1), they have a factor and an offset."""
    line = packing(array)
    if line == (1, 0):
        return stored, ()
    values = rescaled(stored, *line)
    return values, (packing_words(stored.dtype, values.dtype, *line),)


def packing(array: Array) -> tuple[float, float]:
    """Factor and offset of the numbers; 1 and 0 where they have none that makes sense."""
    slope, intercept = (array.attributes.get(key, default) for key, default in (("scale_factor", 1), ("add_offset", 0)))
    plain = all(type(n) in (int, float) and math.isfinite(n) for n in (slope, intercept))
    return (slope, intercept) if plain and slope != 0 and array.dtype.kind in "iuf" else (1, 0)


def packing_words(stored: np.dtype[Any], values: np.dtype[Any], slope: float, intercept: float) -> str:
    """What was done to the stored numbers."""
    return f"stored {stored} numbers became {values}: scale_factor {slope}, add_offset {intercept}"


def _with_ome(scan: Scan, array: Array, image: Image, letters: str) -> Scan:
    """`scan` with what OME-Zarr says of it; `letters` are its axes in the order of the array."""
    place = ome_zarr.place(image, array.path, letters)
    others = [path for path in image.levels if path != array.path]
    warnings = [*scan.source.warnings, *_beside(others, image.levels[0] == array.path)]
    if place.why:
        warnings.append(f"the voxel size is unknown: {place.why}")
    source = replace(scan.source, format="OME-Zarr", warnings=tuple(warnings))
    fits = "C" in scan.axes and len(image.channels) == scan.size("C")
    return replace(
        scan,
        affine=voxel_affine(place.spacing, place.origin) if place.spacing else scan.affine,
        spacing_known=place.spacing is not None,
        channels=image.channels if fits else (),
        source=replace(source, facts={**scan.source.facts, "ome_version": image.version, "levels": len(image.levels)}),
    )


def _beside(others: Sequence[str], is_full: bool) -> list[str]:
    if not others:
        return []
    what = "smaller levels of resolution were" if is_full else "other levels of resolution were"
    return [f"{len(others)} {what} not read ({', '.join(others[:LISTED])}); part names one"]


def missing_words(absent: Absent) -> tuple[str, ...]:
    """What to say of chunks that are not there."""
    if not absent.missing:
        return ()
    count = f"{absent.missing} of {absent.chunks} chunks are missing"
    return (f"{count}: their voxels have the fill value of the store, {str(absent.fill)[:LONGEST]}",)


def _name(store: Store, part: str | None) -> str:
    """Of the folder, without its ending, and with the part that was asked for."""
    stem = re.sub(r"(\.ome)?\.zarr$", "", store.shown, flags=re.IGNORECASE)
    return scan_name(f"{stem}.zarr" if part is None else f"{stem}-{part.strip('/').replace('/', '-')}.zarr")

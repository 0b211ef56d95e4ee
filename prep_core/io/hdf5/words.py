"""What attributes say of a dataset of HDF5: axes, voxel size, unit, numbers that stand for nothing."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np

from prep_core.io.geometry import is_size
from prep_core.io.hdf5.tree import Tree, attribute
from prep_core.io.units import unit_of

LETTERS: Mapping[str, str] = {
    **dict.fromkeys(("t", "time", "times", "frame", "frames"), "T"),
    **dict.fromkeys(("c", "channel", "channels", "band", "bands", "wavelength", "wavelengths"), "C"),
    **dict.fromkeys(("z", "depth", "slice", "slices", "plane", "planes"), "Z"),
    **dict.fromkeys(("y", "row", "rows", "lat", "latitude"), "Y"),
    **dict.fromkeys(("x", "column", "columns", "col", "cols", "lon", "longitude"), "X"),
}

INTERLACED: Mapping[str, str] = {"INTERLACE_PIXEL": "YXC", "INTERLACE_PLANE": "CYX", "INTERLACE_LINE": "YCX"}
"""HDF5 Image specification 1.2, INTERLACE_MODE of a true-colour image."""

MM_PER_UM = 1e-3


def axes_of(found: Any, path: str, tree: Tree) -> str | None:
    """The letters of the axes where any of the known ways of naming them names all."""
    parent = found.file[path.rpartition("/")[0] or "/"]
    ways = (_tags(found), _labels(found), _scales(found, tree.scales), _of_nexus(path, parent))
    for words in ways:
        letters = "".join(LETTERS.get(str(word).lower().strip(), "?") for word in words)
        if len(letters) == found.ndim and len(set(letters)) == len(letters) and {"Y", "X"} <= set(letters) - {"?"}:
            return letters if "?" not in letters else None
    return _of_true_colour(found)


def spacing_of(found: Any, axes: str) -> tuple[float, ...] | None:
    """Voxel size in mm from `element_size_um`, which is always in the order z, y, x."""
    told = attribute(found, "element_size_um")
    if not isinstance(told, np.ndarray) or told.shape != (3,) or told.dtype.kind not in "iuf":
        return None
    sizes = tuple(float(size) * MM_PER_UM for size in told)[-sum(axis in "ZYX" for axis in axes) :]
    return sizes if all(map(is_size, sizes)) else None


def value_unit(found: Any) -> str:
    """The attribute `units` where it is a unit, else "a.u."."""
    return unit_of(attribute(found, "units"))


def missing_of(found: Any) -> float | int | None:
    """The number that stands for "nothing" (`_FillValue` of netCDF), if any."""
    told = attribute(found, "_FillValue")
    return told.item() if isinstance(told, np.generic) and told.dtype.kind in "iuf" else None


def not_applied(found: Any) -> list[str]:
    """A warning about a scale that is written beside the values, which conventions apply in different ways."""
    told = {key: attribute(found, key) for key in ("scale_factor", "add_offset")}
    words = [f"{key} {value:g}" for key, value in told.items() if isinstance(value, int | float | np.number)]
    return [f"it names {' and '.join(words)}, which were not applied: the values are as stored"] if words else []


def _tags(found: Any) -> Sequence[Any]:
    """The `axistags` of vigra and ilastik: JSON with a key for each axis."""
    told = attribute(found, "axistags")
    try:
        axes = json.loads(told)["axes"] if isinstance(told, str) and len(told) < 10_000 else []
        return [axis["key"] for axis in axes]
    # Text that is not of this form says nothing about the axes.
    except (ValueError, LookupError, TypeError, RecursionError):
        return []


def _labels(found: Any) -> Sequence[Any]:
    """The labels of dimensions.  They are read as an attribute: the library's own way crashes on a damaged one."""
    told = attribute(found, "DIMENSION_LABELS")
    words = list(told) if isinstance(told, np.ndarray) and told.ndim == 1 else []
    return [word.decode("utf-8", "replace") if isinstance(word, bytes) else word for word in words]


def _scales(found: Any, scales: Mapping[str, Any]) -> Sequence[Any]:
    """The names of the dimension scales of a dataset, as netCDF-4 has them.

    They are asked which dimensions they belong to: the list that the dataset has of them is of a type with lengths of
    its own, which takes any amount of memory where it is damaged.
    """
    words = [""] * found.ndim
    for path, scale in scales.items():
        told = attribute(scale, "REFERENCE_LIST")
        entries = [told] if isinstance(told, np.void) else told if isinstance(told, np.ndarray) else []
        for reference, dimension in (entry.item() for entry in entries):
            if 0 <= dimension < found.ndim and h5py.h5r.get_name(reference, found.id) == found.name.encode():
                words[dimension] = path.split("/")[-1]
    return words


def _of_nexus(path: str, parent: Any) -> Sequence[Any]:
    """The `axes` of an NXdata group whose `signal` this dataset is."""
    if attribute(parent, "signal") != path.split("/")[-1]:
        return []
    told = attribute(parent, "axes")
    words = list(told) if isinstance(told, np.ndarray) and told.ndim == 1 else []
    return [word.decode("utf-8", "replace") if isinstance(word, bytes) else word for word in words]


def _of_true_colour(found: Any) -> str | None:
    if found.ndim != 3 or attribute(found, "IMAGE_SUBCLASS") != "IMAGE_TRUECOLOR":
        return None
    return INTERLACED.get(str(attribute(found, "INTERLACE_MODE")))

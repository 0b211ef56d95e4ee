"""OME-Zarr: what its metadata say of axes, sizes and channels.  https://ngff.openmicroscopy.org, 0.1 to 0.5."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prep_core.io.geometry import is_size
from prep_core.io.names import distinct
from prep_core.io.tiff.ome import short

MM_PER: Mapping[str, float] = {
    "angstrom": 1e-7,
    "picometer": 1e-9,
    "nanometer": 1e-6,
    "micrometer": 1e-3,
    "millimeter": 1.0,
    "centimeter": 10.0,
    "decimeter": 1e2,
    "meter": 1e3,
    "inch": 25.4,
    "nm": 1e-6,
    "um": 1e-3,
    "µm": 1e-3,
    "μm": 1e-3,
    "micron": 1e-3,
    "mm": 1.0,
    "cm": 10.0,
    "m": 1e3,
}
"""Units of length: UDUNITS names, as the format wants them, and the usual short ones."""

BY_TYPE: Mapping[str, str] = {"time": "T", "channel": "C"}
LARGEST = 1e300
"""Numbers from here on are no lengths, and some do not fit into a float."""

FIRST_AXES = "TCZYX"
"""Of versions 0.1 and 0.2, which had no others."""

LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Image:
    """One picture in several sizes.

    Attributes
    ----------
    path : str
        Of its group.
    levels : tuple of str
        Paths of its arrays, the full size first.
    """

    path: str
    levels: tuple[str, ...]
    multiscale: Mapping[str, Any]
    channels: tuple[str, ...]
    version: str

    @property
    def is_label(self) -> bool:
        """Whether it marks objects in another picture (NGFF, "labels")."""
        return LABELS in self.path.split("/")


@dataclass(frozen=True, slots=True)
class Place:
    """Spacing in mm (z, y, x) or (y, x), and origin (x, y, z); no spacing, and why, where it is not known."""

    spacing: tuple[float, ...] | None
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    why: str = ""


def images(groups: Mapping[str, Mapping[str, Any]]) -> list[Image]:
    """Every picture in a store, from the attributes of its groups by path."""
    found = []
    for path, attributes in groups.items():
        # Version 0.5 keeps all of it under one key.
        own = attributes.get("ome", attributes)
        scales = own.get("multiscales") if isinstance(own, Mapping) else None
        for scale in scales if isinstance(scales, list) else []:
            levels = tuple(_joined(path, d["path"]) for d in _datasets(scale))
            if levels:
                version = str(own.get("version", scale.get("version", "")))
                found.append(Image(path, levels, scale, _channels(own), version[:8]))
    return found


def letters(image: Image, ndim: int) -> str | None:
    """The axes of a scan in the order of the array; None where the metadata name others, or not all."""
    axes = image.multiscale.get("axes")
    if axes is None:
        return FIRST_AXES if ndim == len(FIRST_AXES) else None
    if not isinstance(axes, list) or len(axes) != ndim:
        return None
    entries = [a if isinstance(a, Mapping) else {"name": a} for a in axes]
    named = [_letter(entry) for entry in entries]
    space = [i for i, entry in enumerate(entries) if named[i] is None and entry.get("type") == "space"]
    free = [a for a in "ZYX" if a not in named]
    for i, letter in zip(reversed(space), reversed(free), strict=False):
        named[i] = letter
    found = [letter for letter in named if letter is not None]
    return "".join(found) if len(set(found)) == ndim and {"Y", "X"} <= set(found) else None


def place(image: Image, level: str, axes: str) -> Place:
    """Where the voxels of one level are, by its scale and translation and those of the whole picture."""
    at = image.levels.index(level)
    every = [_datasets(image.multiscale)[at], image.multiscale]
    scale, shift = [1.0] * len(axes), [0.0] * len(axes)
    scaled = False
    for transforms in (part.get("coordinateTransformations") or [] for part in every):
        for transform in transforms if isinstance(transforms, list) else [None]:
            kind, numbers = _transform(transform, len(axes))
            if numbers is None:
                return Place(None, why="its metadata have a coordinate transformation that is not understood")
            if kind == "scale":
                scale = [a * b for a, b in zip(scale, numbers, strict=True)]
                shift = [a * b for a, b in zip(shift, numbers, strict=True)]
                scaled = True
            else:
                shift = [a + b for a, b in zip(shift, numbers, strict=True)]
    if not scaled:
        return Place(None, why="its metadata have no scale")
    return _in_mm(image, axes, scale, shift)


def _in_mm(image: Image, axes: str, scale: Sequence[float], shift: Sequence[float]) -> Place:
    units = [a.get("unit") if isinstance(a, Mapping) else None for a in image.multiscale.get("axes") or ()]
    space = [axes.index(a) for a in "ZYX" if a in axes]
    factors = [MM_PER.get(str(units[i]).lower(), math.nan) if i < len(units) else math.nan for i in space]
    spacing = tuple(scale[i] * factor for i, factor in zip(space, factors, strict=True))
    if not all(map(math.isfinite, factors)):
        return Place(None, why="its metadata name no unit of length for every axis")
    if not all(map(is_size, spacing)):
        return Place(None, why="a scale in its metadata is no size")
    starts = {axes[i]: shift[i] * factor for i, factor in zip(space, factors, strict=True)}
    if not all(map(math.isfinite, starts.values())):
        return Place(spacing)
    return Place(spacing, (starts["X"], starts["Y"], starts.get("Z", 0.0)))


def _letter(entry: Mapping[str, Any]) -> str | None:
    name = str(entry.get("name", "")).upper()
    if name in tuple(FIRST_AXES):
        return name
    return BY_TYPE.get(str(entry.get("type")))


def _transform(transform: Any, ndim: int) -> tuple[str, list[float] | None]:
    """Kind and numbers of one transformation; numbers None where it is of another kind."""
    kind = transform.get("type") if isinstance(transform, Mapping) else None
    if kind == "identity":
        return "translation", [0.0] * ndim
    numbers = transform.get(kind) if kind in ("scale", "translation") else None
    fits = isinstance(numbers, list) and len(numbers) == ndim and all(map(_is_number, numbers))
    return str(kind), [float(n) for n in numbers] if numbers and fits else None


def _is_number(told: Any) -> bool:
    return type(told) in (int, float) and abs(told) < LARGEST


def _datasets(scale: Any) -> list[Mapping[str, Any]]:
    datasets = scale.get("datasets") if isinstance(scale, Mapping) else None
    entries = datasets if isinstance(datasets, list) else []
    return [d for d in entries if isinstance(d, Mapping) and isinstance(d.get("path"), str)]


def _channels(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Labels of the channels, all different."""
    omero = attributes.get("omero")
    entries = omero.get("channels") if isinstance(omero, Mapping) else None
    used: set[str] = set()
    names = []
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        label = entry.get("label") if isinstance(entry, Mapping) else None
        own = distinct(short(label.replace("|", " ")) if isinstance(label, str) and label.strip() else f"C{i}", used)
        used.add(own.lower())
        names.append(own)
    return tuple(names)


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name

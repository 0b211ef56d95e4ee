"""OME-XML: what the header of an OME-TIFF says of each picture.

https://docs.openmicroscopy.org/ome-model/  The text is a stranger's: it is streamed through Expat, entities are
refused as soon as they are declared, and nothing that it names is ever opened.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from prep_core.io.errors import ReadError
from prep_core.io.geometry import is_size

MM_PER: Mapping[str, float] = {
    "m": 1e3,
    "dm": 1e2,
    "cm": 10.0,
    "mm": 1.0,
    "µm": 1e-3,
    "μm": 1e-3,
    "um": 1e-3,
    "nm": 1e-6,
    "pm": 1e-9,
    "Å": 1e-7,
    "in": 25.4,
}
"""Units of length; "pixel" and "reference frame" have none.  Micro is written with either of its two letters."""

SECONDS_PER: Mapping[str, float] = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "min": 60.0, "h": 3600.0}
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class OmeImage:
    """One Image of the header.

    Attributes
    ----------
    shape : mapping
        Number of samples by axis, as the header says.
    sizes : mapping
        Voxel size in mm by axis, for those that it names in a unit of length.
    channels : tuple of str
    interval : float or None
        Seconds from one frame to the next.
    """

    shape: Mapping[str, int]
    sizes: Mapping[str, float]
    channels: tuple[str, ...] = ()
    interval: float | None = None


@dataclass(frozen=True, slots=True)
class Ome:
    """The images of a header, none where it cannot be used, and warnings."""

    images: tuple[OmeImage, ...] = ()
    warnings: tuple[str, ...] = ()


class EntityDeclared(ValueError):
    """The header declares an entity: it could grow without end, or name a file."""


@dataclass(slots=True)
class Found:
    """What has been seen while the header streams by."""

    file: str = ""
    images: list[tuple[dict[str, str], list[str]]] = field(default_factory=list)
    planes: list[tuple[str, str]] = field(default_factory=list)
    binary_only: bool = False

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.split(":")[-1]
        if name == "OME":
            self.file = attributes.get("UUID", "")
        elif name == "Pixels":
            self.images.append((attributes, []))
        elif name == "Channel" and self.images:
            samples = attributes.get("SamplesPerPixel", "1")
            self.images[-1][1].extend(
                [attributes.get("Name", "")] * (int(samples) if samples in ("2", "3", "4") else 1)
            )
        elif name == "UUID":
            self.planes.append((attributes.get("FileName", ""), ""))
        elif name == "BinaryOnly":
            self.binary_only = True

    def text(self, parent: str, words: str) -> None:
        """The words inside of a UUID say which file a plane is in."""
        if parent.split(":")[-1] == "UUID" and self.planes:
            name, known = self.planes[-1]
            self.planes[-1] = (name, known + words.strip())


def parse(name: str, header: str) -> Ome:
    """What an OME-XML header says.

    Parameters
    ----------
    name : str
        How the file is called in errors.
    header : str
        Empty for a file without one.

    Raises
    ------
    ReadError
        When the header says that pixels are in other files.
    """
    if not header:
        return Ome()
    try:
        found = _streamed(header)
    except EntityDeclared:
        return Ome(warnings=("its OME-XML metadata declares entities, which are never expanded; it was not used",))
    except expat.ExpatError:
        return Ome(warnings=("its OME-XML metadata is damaged and was not used",))
    if _is_elsewhere(found):
        raise ReadError(
            f"{name} refers to external companion files for its pixels, which are not followed; save it as one file"
        )
    if found.binary_only:
        return Ome(warnings=("its OME-XML metadata is in a companion file, which is not opened",))
    return Ome(tuple(_image(pixels, channels) for pixels, channels in found.images))


def image_of(images: Sequence[OmeImage], index: int, count: int, shape: Mapping[str, int]) -> OmeImage | None:
    """The image that belongs to picture `index` of `count`: the one at its place, if its size in plane agrees."""
    if len(images) != count:
        return None
    image = images[index]
    return image if all(image.shape.get(axis) == shape.get(axis) for axis in "YX") else None


def _streamed(header: str) -> Found:
    found, within = Found(), [""]
    parser = expat.ParserCreate(encoding="utf-8")

    def start(tag: str, attributes: dict[str, str]) -> None:
        within.append(tag)
        found.element(tag, attributes)

    def refuse(*_: Any) -> None:
        raise EntityDeclared

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: within.pop()
    parser.CharacterDataHandler = lambda words: found.text(within[-1], words)
    parser.EntityDeclHandler = refuse
    parser.Parse(header.encode("utf-8", "replace"), True)
    return found


def _is_elsewhere(found: Found) -> bool:
    names = {name for name, _ in found.planes if name}
    others = {known for _, known in found.planes if known and known != found.file} if found.file else set()
    return len(names) > 1 or bool(others) or any("/" in name or "\\" in name for name in names)


def _image(pixels: Mapping[str, str], channels: Sequence[str]) -> OmeImage:
    shape = {axis: int(size) for axis in "TCZYX" if (size := pixels.get(f"Size{axis}", "")).isdecimal()}
    factors = {axis: MM_PER.get(pixels.get(f"PhysicalSize{axis}Unit", "µm"), math.nan) for axis in "ZYX"}
    lengths = {axis: _number(pixels.get(f"PhysicalSize{axis}", "")) * factors[axis] for axis in "ZYX"}
    every = _number(pixels.get("TimeIncrement", "")) * SECONDS_PER.get(pixels.get("TimeIncrementUnit", "s"), math.nan)
    named = tuple(short(c) for c in channels)
    return OmeImage(
        shape,
        {axis: length for axis, length in lengths.items() if is_size(length)},
        named if all(named) and len(named) == shape.get("C") else (),
        every if every > 0 else None,
    )


def short(words: str) -> str:
    """The name of a channel, fit to be shown: printable and not too long."""
    return "".join(c if c.isprintable() else " " for c in words).strip()[:LONGEST_NAME]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

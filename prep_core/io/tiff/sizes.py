"""How large a voxel of a TIFF is, from whichever of its headers says so."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io import remarks
from prep_core.io.geometry import check_affine, is_size
from prep_core.io.tiff.ome import MM_PER, SECONDS_PER, OmeImage
from prep_core.scan import voxel_affine

INCH, CENTIMETRE = 2, 3
INCH_IN_CM = 2.54
PRINTED = (72, 75, 90, 96, 100, 120, 144, 150, 180, 200, 220, 240, 300, 350, 360, 400, 600, 720, 1200)
"""Dots per inch that screens, scanners and printers have: software writes them where it knows no size."""

IMAGEJ_UNITS: Mapping[str, str] = {"micron": "um", "microns": "um", "micrometer": "um", "\\u00B5m": "um", "inch": "in"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Voxel size in mm by axis, as far as it is known; the header that said it; seconds between frames; warnings."""

    mm: Mapping[str, float]
    origin: str = ""
    interval: float | None = None
    warnings: tuple[str, ...] = ()


def sizes_of(tif: Any, page: Any, image: OmeImage | None) -> Sizes:
    """What the headers of a file say of the picture that begins with `page`."""
    if tif.is_ome:
        return Sizes(image.sizes, "OME", image.interval) if image else Sizes({})
    if tif.is_imagej and tif.imagej_metadata:
        return _from_imagej(tif.imagej_metadata, page)
    if tif.is_lsm and tif.lsm_metadata:
        return _from_lsm(tif.lsm_metadata)
    return _from_tags(page)


def place(
    name: str, sizes: Sizes, ground: Mapping[str, Any], own: Mapping[str, str], axes: str
) -> tuple[NDArray[np.float64], bool, dict[str, Any], list[str]]:
    """Affine to LPS mm, whether the spacing is known, facts, and warnings.

    What this program wrote (`own`) counts before `sizes`; `ground` are the facts of a map.
    """
    if "affine" in own:
        affine = np.array(json.loads(own["affine"]), dtype=np.float64).reshape(4, 4)
        return affine, own.get("spacing") == "known", {"spacing_from": remarks.KEY}, check_affine(name, affine)
    spacing, told = _spacing(sizes, axes)
    facts: dict[str, Any] = {"spacing_from": sizes.origin} if spacing else {}
    facts |= {"interval_s": sizes.interval} if sizes.interval else {}
    if "ground_pixel" in ground:
        told.append("its pixel scale is one on the ground (GeoTIFF): it is kept as a fact, not as a voxel size in mm")
    return voxel_affine(spacing or (1.0,) * 3), spacing is not None, facts | dict(ground), told


def _spacing(sizes: Sizes, axes: str) -> tuple[tuple[float, ...] | None, list[str]]:
    """Spacing in the order of the spatial axes if all of it is known, and warnings if not."""
    spatial = [axis for axis in axes if axis in "ZYX"]
    known = {axis: sizes.mm[axis] for axis in spatial if axis in sizes.mm}
    if len(known) == len(spatial):
        return tuple(known.values()), list(sizes.warnings)
    missing = " and ".join(axis.lower() for axis in spatial if axis not in known)
    if known:
        said = ", ".join(f"{axis.lower()} {size:.6g} mm" for axis, size in known.items())
        partly = f"the voxel size is known only in part ({said}): the file does not say {missing}; tell all of it"
        return None, [*sizes.warnings, partly]
    return None, [*sizes.warnings, "the voxel size is unknown: the file does not say it"]


def ground_facts(page: Any) -> dict[str, Any]:
    """The pixel on the ground of a GeoTIFF, in the unit of its map, and the EPSG code of that map."""
    tags = page.geotiff_tags or {}
    scale = [float(v) for v in tags.get("ModelPixelScale", ())][:2]
    code = tags.get("ProjectedCSTypeGeoKey", tags.get("GeographicTypeGeoKey"))
    return ({"ground_pixel": scale} if scale else {}) | ({"epsg": int(code)} if code else {})


def _from_imagej(found: Mapping[str, Any], page: Any) -> Sizes:
    unit = _factor(str(found.get("unit", "")))
    sizes = {
        "Z": abs(_number(found.get("spacing"))) * unit,
        "Y": _pitch(page, "YResolution") * _factor(str(found.get("yunit", found.get("unit", "")))),
        "X": _pitch(page, "XResolution") * unit,
    }
    every = _number(found.get("finterval")) * SECONDS_PER.get(str(found.get("tunit", "s")).replace("sec", "s"), 1.0)
    if str(found.get("unit")) == "inch":
        return Sizes({}, "", every if every > 0 else None, tuple(_print_note(page, 1.0)))
    return Sizes({a: s for a, s in sizes.items() if is_size(s)}, "ImageJ", every if every > 0 else None)


def _factor(unit: str) -> float:
    return MM_PER.get(IMAGEJ_UNITS.get(unit, unit), math.nan)


def _from_lsm(found: Mapping[str, Any]) -> Sizes:
    """Metres, in the private header of Zeiss."""
    sizes = {axis: _number(found.get(f"VoxelSize{axis}")) * 1e3 for axis in "ZYX"}
    every = _number(found.get("TimeIntervall"))
    return Sizes({a: s for a, s in sizes.items() if is_size(s)}, "LSM", every if every > 0 else None)


def _from_tags(page: Any) -> Sizes:
    """Pixels per centimetre, if they are no dots of a printer.  A resolution per inch always counts as printing."""
    unit = page.tags.valueof("ResolutionUnit")
    sizes = {axis: _pitch(page, f"{axis}Resolution") * 10 for axis in "YX"}
    if not all(is_size(s) for s in sizes.values()):
        return Sizes({})
    if unit == CENTIMETRE and not _is_printed(sizes):
        return Sizes(sizes, "resolution tags")
    return Sizes(
        {},
        warnings=tuple(_print_note(page, INCH_IN_CM if unit == CENTIMETRE else 1.0))
        if unit in (INCH, CENTIMETRE)
        else (),
    )


def _is_printed(sizes: Mapping[str, float]) -> bool:
    dots = 25.4 / sizes["X"]
    return math.isclose(sizes["X"], sizes["Y"]) and any(math.isclose(dots, n, rel_tol=2e-3) for n in PRINTED)


def _print_note(page: Any, to_inch: float) -> list[str]:
    dots = to_inch / _pitch(page, "XResolution") if _pitch(page, "XResolution") else math.nan
    return [f"its resolution of {dots:.6g} dots per inch is for screens and printers: it is not taken for a voxel size"]


def _pitch(page: Any, tag: str) -> float:
    """Length of a pixel in the unit of the tag, from pixels per unit; 0 where the tag is absent or nothing."""
    found = page.tags.valueof(tag)
    above, below = found if isinstance(found, tuple) and len(found) == 2 else (0, 1)
    return float(below / above) if above and below else 0.0


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan

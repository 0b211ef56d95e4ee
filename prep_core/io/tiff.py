"""TIFF and OME-TIFF by tifffile: axes and depth kept.  Companion files that a header names are never opened."""

import io
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import tifffile

from prep_core.io import remarks
from prep_core.io.answers import Answers, axes_needed, in_order, place_axes
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.tiff_directories import check_directories
from prep_core.scan import AXES, Finding, Scan, Source, voxel_affine

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
READER = f"tifffile {tifffile.__version__}"
CENTIMETRE = 3
MM_PER: Mapping[str, float] = {"m": 1e3, "cm": 10.0, "mm": 1.0, "µm": 1e-3, "um": 1e-3, "nm": 1e-6}
COLOURS = ("R", "G", "B")
COLOURED = ("RGB", "YCBCR", "PALETTE")
ALPHA = (1, 2)
"""Kinds of extra samples that are transparency (TIFF 6.0, ExtraSamples); 0 is data of an unnamed kind."""


def is_tiff(head: bytes) -> bool:
    """Whether a file that starts so is TIFF or BigTIFF."""
    return head.startswith(MAGIC)


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """Every series of pages as one scan; small previews of the same picture are left out.

    Raises
    ------
    ReadError
        For a damaged or too large file.
    AxesNeeded
        For pages whose axis the file does not name.
    """
    data = file.read()
    check_directories(file.shown, data)
    with decoding(file.shown, "TIFF"), tifffile.TiffFile(io.BytesIO(data), _multifile=False) as tif:
        warnings = _ome_warnings(file.shown, tif.ome_metadata or "") if tif.is_ome else []
        series = list(tif.series)
        for one in series:
            limits.check_array(file.shown, one.shape, one.dtype.itemsize if one.dtype else 1)
        arrays = [(one, one.asarray()) for one in series]
        scans = [_scan(tif, one, array, file, digest(data), answers, warnings) for one, array in arrays]
    if not scans:
        raise ReadError(f"{file.shown} has no picture in it; check what it really is")
    return scans


def _scan(tif: Any, series: Any, array: Any, file: File, sha: str, answers: Answers, told: list[str]) -> Scan:
    words = _own_words(tif)
    samples, sample_axes, remarked = _intensities(series, array)
    kept, axes = _named(sample_axes, samples, file.shown, answers)
    pixels, order = in_order(kept, axes)
    spacing, place = _spacing(tif, order)
    warnings = (*told, *remarked, *(() if spacing else ("the voxel size is unknown: the file does not say it",)))
    affine = np.array(json.loads(words["affine"])) if "affine" in words else voxel_affine(spacing or (1.0,) * 3)
    page = series.pages[0]
    facts = {"photometric": page.photometric.name, "compression": page.compression.name, "spacing_from": place}
    colour = page.photometric.name in COLOURED and "C" in order and pixels.shape[order.index("C")] == 3
    inverted = page.photometric.name == "MINISWHITE"
    scan = Scan(
        pixels,
        order,
        affine,
        spacing is not None,
        name=scan_name(file.name),
        source=Source(sha, "OME-TIFF" if tif.is_ome else "TIFF", READER, facts, warnings),
        channels=COLOURS if colour else (),
        display_inverted=inverted,
        findings=(_min_is_white(page),) if inverted else (),
    )
    return remarks.apply(scan, remarks.parse(words))


def _intensities(series: Any, array: Any) -> tuple[Any, str, list[str]]:
    """The samples that are intensities, and their axes: without transparency, and with the colours of a palette."""
    page, axes = series.pages[0], series.axes
    if page.photometric.name == "PALETTE" and page.colormap is not None:
        # The table holds 16 bits for each colour; writers of 8-bit pictures put the number into the upper 8.
        colours = (page.colormap[:, array] >> 8).astype(np.uint8)
        return colours, "C" + axes, ["the numbers of a palette were replaced by its colours"]
    alpha = sum(int(kind) in ALPHA for kind in page.extrasamples)
    if not alpha or "S" not in axes:
        return array, axes, []
    bands = np.arange(array.shape[axes.index("S")] - alpha)
    intensities = np.take(array, bands, axis=axes.index("S"))
    return intensities, axes, ["the alpha channel (transparency) was dropped: it is not an intensity"]


def _min_is_white(page: Any) -> Finding:
    high = 2 ** int(np.max(page.bitspersample)) - 1
    return Finding(
        "miniswhite",
        "note",
        "MINISWHITE: low stored values are meant to be shown bright, so the picture is shown inverted.",
        f"The values are as stored; add invert with high = {high} to turn them.",
    )


def _ome_warnings(name: str, header: str) -> list[str]:
    """Refuse pixels in other files; tell about entities, which are never expanded."""
    companions = set(re.findall(r'\bFileName="([^"]*)"', header))
    if len(companions) > 1 or any(re.search(r"[/\\]", c) for c in companions):
        raise ReadError(
            f"{name} refers to external companion files for its pixels, which are not followed; save it as one file"
        )
    return ["its OME-XML metadata declares entities, which are left as they are"] if "<!ENTITY" in header else []


def _named(axes: str, array: Any, name: str, answers: Answers) -> tuple[Any, str]:
    """The array without axes of length 1 that a scan has no name for, and the names of the others."""
    own = axes.replace("S", "C") if "C" not in axes else axes
    keep = [i for i, axis in enumerate(own) if axis in AXES or array.shape[i] > 1]
    array = array.reshape([array.shape[i] for i in keep])
    own = "".join(own[i] for i in keep)
    if answers.axes and len(answers.axes) == array.ndim:
        return array, answers.axes
    if all(axis in AXES for axis in own) and len(set(own)) == len(own):
        return array, own
    if array.ndim == 2:
        return place_axes(name, array, None)
    raise axes_needed(name, array.shape, array.dtype)


def _own_words(tif: Any) -> dict[str, str]:
    """What this program wrote into the description of the first page."""
    found = tif.shaped_metadata[0] if tif.is_shaped and tif.shaped_metadata else {}
    own = found.get(remarks.KEY, {})
    return {str(k): str(v) for k, v in own.items()} if isinstance(own, dict) else {}


def _spacing(tif: Any, axes: str) -> tuple[tuple[float, ...] | None, str]:
    """Voxel size in mm in the order of the spatial axes, and where it is from."""
    if tif.is_ome and tif.ome_metadata:
        return _from_ome(tif.ome_metadata, axes), "OME"
    if tif.is_imagej and "Z" in axes and tif.imagej_metadata:
        return _from_imagej(tif, axes), "ImageJ"
    page = tif.pages[0]
    unit = page.tags.get("ResolutionUnit")
    if unit is None or int(unit.value) != CENTIMETRE or "Z" in axes:
        return None, ""
    sizes = [_from_resolution(page, tag, 10.0) for tag in ("YResolution", "XResolution")]
    return (sizes[0], sizes[1]) if all(sizes) else None, "resolution tags"


def _from_ome(header: str, axes: str) -> tuple[float, ...] | None:
    """PhysicalSizeX and its like, of the first image, looked for as text: no XML of a stranger is expanded."""
    sizes = []
    for axis in (a for a in axes if a in "ZYX"):
        size = re.search(rf'\bPhysicalSize{axis}="([\d.eE+-]+)"', header)
        unit = re.search(rf'\bPhysicalSize{axis}Unit="([^"]+)"', header)
        factor = MM_PER.get(unit.group(1) if unit else "µm", math.nan)
        sizes.append(float(size.group(1)) * factor if size else math.nan)
    return tuple(sizes) if all(s > 0 for s in sizes) else None


def _from_imagej(tif: Any, axes: str) -> tuple[float, ...] | None:
    found = tif.imagej_metadata
    factor = MM_PER.get(str(found.get("unit", "")).replace("\\u00B5m", "um").replace("micron", "um"), math.nan)
    sizes = [float(found.get("spacing", math.nan)) * factor]
    sizes += [_from_resolution(tif.pages[0], tag, factor) for tag in ("YResolution", "XResolution")]
    return tuple(sizes) if all(s > 0 for s in sizes) else None


def _from_resolution(page: Any, tag: str, mm_per_unit: float) -> float:
    """Size of a pixel from pixels per unit; 0 where the tag is absent or nothing."""
    found = page.tags.get(tag)
    above, below = found.value if found is not None else (0, 1)
    return float(mm_per_unit * below / above) if above and below else 0.0

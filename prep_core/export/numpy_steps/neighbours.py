"""Steps that look at the neighbours of a voxel, in NumPy with SciPy and scikit-image."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.export.exported import CannotSayError
from prep_core.export.numpy_steps.written import Write, Written
from prep_core.line import Line


def _spatial(line: Line) -> str:
    return "2" if line.params["extent"] == "plane" else "spatial_axes(axes)"


def _length(line: Line, name: str) -> str:
    """A length in voxels, as code."""
    if line.params["lengths_in"] == "px":
        return repr(line.params[name])
    return f"in_voxels({line.params[name]!r}, spacing, {_spatial(line)})"


def _gaussian(line: Line) -> Written:
    return Written(f"return on_parts(image, valid, {_spatial(line)}, smoothed, sigma={_length(line, 'sigma')})")


def _unsharp(line: Line) -> Written:
    more = f"sigma={_length(line, 'radius')}, amount={line.params['amount']!r}"
    return Written(f"return on_parts(image, valid, {_spatial(line)}, sharpened, {more})")


def _median(line: Line) -> Written:
    return Written(f"return on_parts(image, valid, {_spatial(line)}, local_median, size={line.params['size']})")


def _clahe(line: Line) -> Written:
    p = line.params
    if p["engine"] != "skimage":
        raise CannotSayError("with engine fast has no short form in NumPy")
    more = f"tile={p['tile']}, clip_limit={p['clip_limit']!r}, bins={p['bins']}"
    body = f"return on_parts(image, valid, {_spatial(line)}, clahe, low, high, {more})"
    kind, ends = ("fixed", ("in_low", "in_high"))
    if p["input_range"] == "percentile":
        kind, ends = "percentile", ("low_percentile", "high_percentile")
    numbers = {name: (kind, repr(p[end])) for name, end in zip(("low", "high"), ends, strict=True)}
    return Written(body, numbers, ("low < high", "has nothing to scale: low and high are equal"))


NEIGHBOURS: Mapping[str, Write] = MappingProxyType(
    {"gaussian": _gaussian, "unsharp": _unsharp, "median": _median, "clahe": _clahe}
)

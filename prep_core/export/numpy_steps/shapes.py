"""Steps that change the grid or the channels, in NumPy with SimpleITK."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.export.exported import CannotSayError
from prep_core.export.numpy_steps.written import Write, Written
from prep_core.line import Line


def _resample(line: Line) -> Written:
    kind = line.params["interpolation"]
    smooth = line.params["antialias"] and kind != "nearest"
    call = f"resampled(image, valid, spacing, {line.params['spacing']!r}, {kind!r}, {smooth})"
    return Written(f"return {call}", gives=("image", "valid", "spacing"))


def _crop_or_pad(line: Line) -> Written:
    size = tuple(int(n) for n in line.params["size"])
    call = f"cropped_or_padded(image, valid, axes, {size!r}, {line.params['fill']!r})"
    return Written(f"return {call}", gives=("image", "valid"))


def _crop_foreground(line: Line) -> Written:
    inside = {"foreground": "foreground(image, valid)", "positive": "valid & (image > 0)", "valid": "valid"}
    what, margin = line.params["what"], line.params["margin"]
    if what not in inside:
        raise CannotSayError("crops to the mask, which is made by prep_core alone")
    margins = f"[{margin!r}] * spatial_axes(axes)"
    if margin and line.params["lengths_in"] == "mm":
        margins = f"in_voxels({margin!r}, spacing, spatial_axes(axes))"
    return Written(f"return cropped_to(image, valid, {inside[what]}, {margins})", gives=("image", "valid"))


def _downscale(line: Line) -> Written:
    factor = tuple(int(each) for each in line.params["factor"])
    call = f"block_means(image, valid, axes, spacing, {factor!r})"
    return Written(f"return {call}", gives=("image", "valid", "spacing"))


def _reorient(line: Line) -> Written:
    wanted = repr(line.params["axes"][::-1]) + "[-len(orientation):]"
    call = f"reoriented(image, valid, spacing, orientation, {wanted})"
    return Written(f"return {call}", gives=("image", "valid", "spacing", "orientation"))


def _select_channels(line: Line) -> Written:
    names = [name.strip() for name in line.params["names"].split(",")]
    body = f"""\
at = axes.index("C")
wanted = channel_numbers({names!r}, channels, image.shape[at])
kept = tuple(channels[i] for i in wanted) if channels else ()
return image.take(wanted, at), valid.take(wanted, at), kept"""
    return Written(body, gives=("image", "valid", "channels"))


def _to_grey(line: Line) -> Written:
    method = line.params["method"]
    count = 'image.shape[axes.index("C")]'
    weights = {
        "first": "{0: 1.0}",
        "mean": f"dict.fromkeys(range({count}), 1 / {count})",
        "weights": repr({i: weight for i, weight in enumerate(line.params["weights"]) if weight}),
    }[method]
    check = ""
    if method == "weights":
        check = f'if {count} != 3:\n    raise ValueError("there are weights for 3 channels, not for this many")\n'
    body = f"""\
if "C" not in axes:
    return image, valid, axes
{check}return weighted(image, valid, axes, {weights})"""
    return Written(body, gives=("image", "valid", "axes"))


def _band_index(line: Line) -> Written:
    bands = [line.params[name].strip() for name in "ab"]
    if not all(bands):
        raise CannotSayError("finds its bands by the names of a scan's channels; name them by a and b")
    body = f"""\
a, b = channel_numbers({bands!r}, channels, image.shape[axes.index("C")])
return normalised_difference(image, valid, axes, a, b)"""
    return Written(body, gives=("image", "valid", "axes"))


SHAPES: Mapping[str, Write] = MappingProxyType(
    {
        "resample": _resample,
        "crop_foreground": _crop_foreground,
        "crop_or_pad": _crop_or_pad,
        "downscale": _downscale,
        "reorient": _reorient,
        "select_channels": _select_channels,
        "to_grey": _to_grey,
        "band_index": _band_index,
    }
)

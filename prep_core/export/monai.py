"""A recipe as a Compose of MONAI."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from prep_core.export.compose import Library, Native, composed
from prep_core.export.exported import Exported
from prep_core.export.scalars import linear_window, pair, whole_image
from prep_core.line import Line
from prep_core.recipe import Recipe

_THROUGH = '''\
def through_numpy(image, function):
    """The function on a channel-first image; MONAI has its axes as (C, X, Y, Z), the function as (C, Z, Y, X)."""
    order = (0, *range(image.ndim - 1, 0, -1))
    pixels = convert_data_type(image, np.ndarray)[0].transpose(order)
    pixdim = getattr(image, "pixdim", None)
    given = {
        "image": pixels,
        "valid": np.isfinite(pixels),
        "axes": "C" + "ZYX"[1 - pixels.ndim :],
        "spacing": None if pixdim is None else tuple(float(size) for size in pixdim)[::-1],
        "channels": (),
    }
    result = function(**{name: given[name] for name in signature(function).parameters})
    result = result[0] if isinstance(result, tuple) else result
    result = result if result.ndim == pixels.ndim else result[np.newaxis]
    return convert_to_dst_type(np.ascontiguousarray(result.transpose(order)), image, dtype=result.dtype)[0]
'''

_QUANTILE = (
    "is measured by torch.quantile on images of up to a million voxels, which places a percentile in single precision"
)


def _range(in_low: float, in_high: float, out_low: float, out_high: float, clip: bool) -> str:
    ends = f"a_min={in_low!r}, a_max={in_high!r}, b_min={out_low!r}, b_max={out_high!r}"
    return f"ScaleIntensityRange({ends}, clip={clip})"


def _limits(low: float, high: float) -> Native:
    """Exact, where ScaleIntensityRange to its own input range would round."""
    below = f"ThresholdIntensity(threshold={low!r}, above=True, cval={low!r})"
    return Native((below, f"ThresholdIntensity(threshold={high!r}, above=False, cval={high!r})"))


def _rescale(line: Line) -> Native:
    p = line.params
    return Native((f"NormalizeIntensity(subtrahend={p['subtract']!r}, divisor={p['divide']!r})",))


def _clip(line: Line) -> Native:
    return _limits(line.params["low"], line.params["high"])


def _window(line: Line) -> Native | None:
    ends = linear_window(line)
    return Native((_range(*ends, 0.0, 1.0, True),)) if ends else None


def _rescale_range(line: Line) -> Native:
    p = line.params
    return Native((_range(p["in_low"], p["in_high"], p["out_low"], p["out_high"], p["clip"]),))


def _minmax(line: Line) -> Native | None:
    low, high = line.params["out_low"], line.params["out_high"]
    if numbers := pair(line, "low", "high"):
        return Native((_range(*numbers, low, high, False),))
    if not whole_image(line, "all", "channel"):
        return None
    call = f"ScaleIntensity(minv={low!r}, maxv={high!r}, channel_wise={line.per == 'channel'})"
    return Native((call,), "multiplies a constant image by minv, where prep refuses it")


def _percentile_rescale(line: Line) -> Native | None:
    p = line.params
    if numbers := pair(line, "low", "high"):
        return Native((_range(*numbers, p["out_low"], p["out_high"], p["clip"]),))
    if not whole_image(line, "all", "channel"):
        return None
    ends = f"lower={p['low']!r}, upper={p['high']!r}, b_min={p['out_low']!r}, b_max={p['out_high']!r}"
    call = f"ScaleIntensityRangePercentiles({ends}, clip={p['clip']}, channel_wise={line.per == 'channel'})"
    return Native((call,), _QUANTILE)


def _percentile_clip(line: Line) -> Native | None:
    if numbers := pair(line, "low", "high"):
        return _limits(*numbers)
    if not whole_image(line, "all", "channel"):
        return None
    ends = f"lower={line.params['low']!r}, upper={line.params['high']!r}"
    return Native((f"ClipIntensityPercentiles({ends}, channel_wise={line.per == 'channel'})",), _QUANTILE)


def _zscore(line: Line) -> Native | None:
    if numbers := pair(line, "mean", "std"):
        return Native((f"NormalizeIntensity(subtrahend={numbers[0]!r}, divisor={numbers[1]!r})",))
    if not whole_image(line, "all", "channel"):
        return None
    note = "is measured in single precision, and a constant image becomes 0, where prep refuses it"
    return Native((f"NormalizeIntensity(channel_wise={line.per == 'channel'})",), note)


def _reorient(line: Line) -> Native:
    note = "needs images that carry their affine, as LoadImage makes them"
    return Native((f"Orientation(axcodes={line.params['axes']!r}, labels=None)",), note)


_NATIVE: Mapping[str, Callable[[Line], Native | None]] = MappingProxyType(
    {
        "rescale": _rescale,
        "clip": _clip,
        "window": _window,
        "rescale_range": _rescale_range,
        "minmax": _minmax,
        "percentile_rescale": _percentile_rescale,
        "percentile_clip": _percentile_clip,
        "zscore": _zscore,
        "reorient": _reorient,
    }
)

_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "gamma": "is an embedded function: AdjustContrast scales an image to its own range first",
        "gaussian": "is an embedded function: GaussianSmooth takes what lies beyond the border for 0",
        "zscore": "is an embedded function: NormalizeIntensity cannot measure this population",
        "minmax": "is an embedded function: ScaleIntensity cannot measure this population",
        "percentile_rescale": "is an embedded function: ScaleIntensityRangePercentiles cannot measure this population",
    }
)

_MONAI = Library(
    name="MONAI",
    native=_NATIVE,
    instead=_INSTEAD,
    helpers=MappingProxyType({"through_numpy": _THROUGH}),
    embed="Lambda(partial(through_numpy, function={}))",
    cast='EnsureType(dtype="float32")',
    compose="Compose",
    spacing=True,
)


def to_monai(recipe: Recipe) -> Exported:
    """The recipe as a transform of a channel-first image (C, X, Y, Z), as LoadImage gives it.

    Raises
    ------
    ExportError
        Naming each line that neither MONAI nor an embedded function can do exactly.
    """
    return composed(recipe, _MONAI)

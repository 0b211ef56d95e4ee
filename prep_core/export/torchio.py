"""A recipe as a Compose of TorchIO."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from prep_core.export.compose import Library, Native, composed
from prep_core.export.exported import Exported
from prep_core.export.scalars import linear_window, pair, whole_image
from prep_core.line import Line
from prep_core.recipe import Recipe

_THROUGH = '''\
def through_numpy(tensor, function):
    """The function on the tensor of an image; TorchIO has its axes as (C, X, Y, Z), the function as (C, Z, Y, X)."""
    pixels = tensor.numpy().transpose(0, 3, 2, 1)
    given = {"image": pixels, "valid": np.isfinite(pixels), "axes": "CZYX", "spacing": None, "channels": ()}
    result = function(**{name: given[name] for name in signature(function).parameters})
    result = result[0] if isinstance(result, tuple) else result
    result = result if result.ndim == 4 else result[np.newaxis]
    return torch.from_numpy(np.ascontiguousarray(result.transpose(0, 3, 2, 1)))
'''

_AS_FLOAT32 = """\
def as_float32(tensor):
    return tensor.float()
"""


def _range(in_low: float, in_high: float, out_low: float, out_high: float, clip: bool) -> Native:
    ends = f"out_min_max=({out_low!r}, {out_high!r}), in_min_max=({in_low!r}, {in_high!r})"
    scaled = f"tio.RescaleIntensity({ends})"
    return Native((scaled, _clamp(out_low, out_high)) if clip else (scaled,))


def _clamp(low: float, high: float) -> str:
    return f"tio.Clamp(out_min={low!r}, out_max={high!r})"


def _clip(line: Line) -> Native:
    return Native((_clamp(line.params["low"], line.params["high"]),))


def _window(line: Line) -> Native | None:
    ends = linear_window(line)
    return _range(*ends, 0.0, 1.0, True) if ends else None


def _rescale_range(line: Line) -> Native:
    p = line.params
    return _range(p["in_low"], p["in_high"], p["out_low"], p["out_high"], p["clip"])


def _minmax(line: Line) -> Native | None:
    low, high = line.params["out_low"], line.params["out_high"]
    if numbers := pair(line, "low", "high"):
        return _range(*numbers, low, high, False)
    if not whole_image(line, "all"):
        return None
    note = "leaves a constant image as it is, where prep refuses it"
    return Native((f"tio.RescaleIntensity(out_min_max=({low!r}, {high!r}))",), note)


def _percentile_rescale(line: Line) -> Native | None:
    p = line.params
    if numbers := pair(line, "low", "high"):
        return _range(*numbers, p["out_low"], p["out_high"], p["clip"])
    if not whole_image(line, "all") or not p["clip"]:
        return None
    ends = f"out_min_max=({p['out_low']!r}, {p['out_high']!r}), percentiles=({p['low']!r}, {p['high']!r})"
    note = "leaves an image whose percentiles are equal as it is, where prep refuses it"
    return Native((f"tio.RescaleIntensity({ends})",), note)


def _percentile_clip(line: Line) -> Native | None:
    numbers = pair(line, "low", "high")
    return Native((_clamp(*numbers),)) if numbers else None


def _crop_or_pad(line: Line) -> Native:
    shape = tuple(int(n) or None for n in line.params["size"][::-1])
    call = f"tio.CropOrPad({shape!r}, padding_mode={line.params['fill']!r})"
    return Native((call,), "resizes every image of a subject, label maps too", pads=True)


def _reorient(line: Line) -> Native:
    return Native((f"tio.ToOrientation({line.params['axes']!r})",), "turns every image of a subject")


_NATIVE: Mapping[str, Callable[[Line], Native | None]] = MappingProxyType(
    {
        "clip": _clip,
        "window": _window,
        "rescale_range": _rescale_range,
        "minmax": _minmax,
        "percentile_rescale": _percentile_rescale,
        "percentile_clip": _percentile_clip,
        "crop_or_pad": _crop_or_pad,
        "reorient": _reorient,
    }
)

_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "zscore": "is an embedded function: ZNormalization divides by the standard deviation with ddof 1",
        "minmax": "is an embedded function: RescaleIntensity cannot measure this population",
        "percentile_rescale": "is an embedded function: RescaleIntensity always clips, and measures the whole image",
    }
)

_TORCHIO = Library(
    name="TorchIO",
    native=_NATIVE,
    instead=_INSTEAD,
    helpers=MappingProxyType({"through_numpy": _THROUGH, "as_float32": _AS_FLOAT32}),
    embed="tio.Lambda(partial(through_numpy, function={}), types_to_apply=[tio.INTENSITY])",
    cast="tio.Lambda(as_float32, types_to_apply=[tio.INTENSITY])",
    compose="tio.Compose",
    spacing=False,
)


def to_torchio(recipe: Recipe) -> Exported:
    """The recipe as a transform of a subject or an image (C, X, Y, Z).

    Raises
    ------
    ExportError
        Naming each line that neither TorchIO nor an embedded function can do exactly.
    """
    return composed(recipe, _TORCHIO)

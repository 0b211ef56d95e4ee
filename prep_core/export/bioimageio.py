"""A recipe as the preprocessing of an input tensor in a model description of bioimage.io, version 0.5."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import yaml

from prep_core.export.exported import CannotSayError, Exported, ExportError, named, title, unfit
from prep_core.export.scalars import linear_window
from prep_core.export.source import comments
from prep_core.line import Fitted, Line
from prep_core.recipe import Recipe

Entry = dict[str, Any]
Write = Callable[[Line], list[Entry]]


class _Dumper(yaml.SafeDumper):
    """Every entry is written out, also one that was there before."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_KNOWN = "clip, ensure_dtype, scale_linear, scale_range, sigmoid and the two zero_mean_unit_variance"
_EPS = 1e-12
"""Added to a denominator by definition; this much changes nothing in single precision."""

_POOLED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"all": ("channel", "z", "y", "x"), "channel": ("z", "y", "x"), "plane": ("y", "x")}
)
_AXES_NOTE = "The axes are channel, z, y and x; take out those that the input tensor of the model does not have."


def _entry(identity: str, **kwargs: Any) -> Entry:
    return {"id": identity} | ({"kwargs": kwargs} if kwargs else {})


def _linear(gain: float, offset: float) -> Entry:
    return _entry("scale_linear", gain=gain, offset=offset)


def _limits(low: float, high: float) -> Entry:
    return _entry("clip", min=low, max=high)


def _between(in_low: float, in_high: float, low: float, high: float, clip: bool) -> list[Entry]:
    gain = (high - low) / (in_high - in_low)
    return [_linear(gain, low - in_low * gain), *([_limits(low, high)] if clip else [])]


def _axes(line: Line) -> list[str]:
    if line.inside != "all":
        raise CannotSayError(f"is measured inside {line.inside}, and bioimage.io measures all voxels")
    if line.per not in _POOLED:
        raise CannotSayError(f"is measured per {line.per}, and bioimage.io has no axis for it here")
    return list(_POOLED[line.per])


def _frozen(fitted: Fitted, line: Line, *names: str) -> list[list[float]]:
    """Fitted numbers: a list for each name, with one entry for all channels or one for each."""
    if line.per not in ("all", "channel"):
        raise CannotSayError(f"has numbers per {line.per}, and bioimage.io has them per channel alone")
    values = [fitted.numbers[name] for name in names]
    return [list(value) if isinstance(value, tuple) else [value] for value in values]


def _frozen_limits(fitted: Fitted, line: Line) -> Entry:
    lows, highs = _frozen(fitted, line, "low", "high")
    if len(lows) > 1:
        raise CannotSayError("has limits per channel, and bioimage.io clips all channels alike")
    return _limits(lows[0], highs[0])


def _by_channel(identity: str, first: tuple[str, list[float]], second: tuple[str, list[float]]) -> Entry:
    if len(first[1]) == 1:
        return _entry(identity, **{name: values[0] for name, values in (first, second)})
    return _entry(identity, axis="channel", **dict((first, second)))


def _rescale(line: Line) -> list[Entry]:
    gain = 1 / line.params["divide"]
    return [_linear(gain, -line.params["subtract"] * gain)]


def _clip(line: Line) -> list[Entry]:
    return [_limits(line.params["low"], line.params["high"])]


def _invert(line: Line) -> list[Entry]:
    return [_linear(-1.0, line.params["high"])]


def _window(line: Line) -> list[Entry]:
    if ends := linear_window(line):
        return _between(*ends, 0.0, 1.0, True)
    center, width = line.params["center"], line.params["width"]
    if line.params["function"] == "linear":
        raise CannotSayError("with function linear and width 1 is a threshold that gives numbers")
    return [_linear(4 / width, -4 * center / width), _entry("sigmoid")]


def _rescale_range(line: Line) -> list[Entry]:
    p = line.params
    return _between(p["in_low"], p["in_high"], p["out_low"], p["out_high"], p["clip"])


def _scaled(line: Line, low: float, high: float, clip: bool) -> list[Entry]:
    """Two percentiles to the output range of the line."""
    out_low, out_high = line.params["out_low"], line.params["out_high"]
    if line.fitted:
        lows, highs = _frozen(line.fitted, line, "low", "high")
        gains = [(out_high - out_low) / (b - a) for a, b in zip(lows, highs, strict=True)]
        offsets = [out_low - a * gain for a, gain in zip(lows, gains, strict=True)]
        entry = _by_channel("scale_linear", ("gain", gains), ("offset", offsets))
        return [entry, *([_limits(out_low, out_high)] if clip else [])]
    if low >= 100 or high <= 1:
        raise CannotSayError(f"has percentiles {low:g} and {high:g}; bioimage.io has them below 100 and above 1")
    entry = _entry("scale_range", axes=_axes(line), min_percentile=low, max_percentile=high, eps=_EPS)
    to_range = [] if (out_low, out_high) == (0, 1) else [_linear(out_high - out_low, out_low)]
    return [entry, *([_limits(0.0, 1.0)] if clip else []), *to_range]


def _minmax(line: Line) -> list[Entry]:
    return _scaled(line, 0.0, 100.0, clip=False)


def _percentile_rescale(line: Line) -> list[Entry]:
    return _scaled(line, line.params["low"], line.params["high"], line.params["clip"])


def _percentile_clip(line: Line) -> list[Entry]:
    if line.fitted is None:
        raise CannotSayError("is measured on the image, and bioimage.io clips at percentiles of another method")
    return [_frozen_limits(line.fitted, line)]


def _standardised(means: list[float], stds: list[float]) -> Entry:
    """fixed_zero_mean_unit_variance adds 1e-6 to a std; where that would be seen, the same as scale_linear."""
    if min(stds) >= 1:
        return _by_channel("fixed_zero_mean_unit_variance", ("mean", means), ("std", stds))
    offsets = [-mean / std for mean, std in zip(means, stds, strict=True)]
    return _by_channel("scale_linear", ("gain", [1 / std for std in stds]), ("offset", offsets))


def _zscore(line: Line) -> list[Entry]:
    if line.fitted:
        return [_standardised(*_frozen(line.fitted, line, "mean", "std"))]
    return [_entry("zero_mean_unit_variance", axes=_axes(line), eps=_EPS)]


def _ct_foreground(line: Line) -> list[Entry]:
    if line.fitted is None:
        raise CannotSayError("has no fitted numbers")
    return [_frozen_limits(line.fitted, line), _standardised(*_frozen(line.fitted, line, "mean", "std"))]


_WRITE: Mapping[str, Write] = MappingProxyType(
    {
        "rescale": _rescale,
        "clip": _clip,
        "invert": _invert,
        "window": _window,
        "rescale_range": _rescale_range,
        "minmax": _minmax,
        "percentile_rescale": _percentile_rescale,
        "percentile_clip": _percentile_clip,
        "zscore": _zscore,
        "ct_foreground": _ct_foreground,
    }
)


def to_bioimageio(recipe: Recipe) -> Exported:
    """The recipe as `preprocessing`, a list in YAML.

    Raises
    ------
    ExportError
        Naming each line that bioimage.io has no operation for.
    """
    if reasons := unfit(recipe):
        raise ExportError("bioimage.io", reasons)
    entries: list[Entry] = []
    reasons = []
    for i, line in enumerate(recipe.lines, start=1):
        try:
            entries += _entries(line)
        except CannotSayError as error:
            reasons.append(named(i, line, str(error)))
    if reasons:
        raise ExportError("bioimage.io", reasons)
    notes = _notes(recipe.lines, entries)
    single = _entry("ensure_dtype", dtype="float32")
    entries = [single, *entries, single] if entries else [single]
    body = yaml.dump({"preprocessing": entries}, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=10**6)
    return Exported(comments("\n".join([title(recipe), *notes])) + body, ".yaml", notes)


def _entries(line: Line) -> list[Entry]:
    if line.step not in _WRITE:
        raise CannotSayError(f"has no form in bioimage.io, which knows {_KNOWN}")
    return _WRITE[line.step](line)


def _notes(lines: Sequence[Line], entries: Sequence[Entry]) -> tuple[str, ...]:
    notes = []
    if any(line.measures for line in lines):
        notes.append("Padding and NaN are measured like any voxel, and a constant image is divided by almost 0.")
    if any("axes" in entry.get("kwargs", {}) for entry in entries):
        notes.append(_AXES_NOTE)
    if any(entry["id"] == "fixed_zero_mean_unit_variance" for entry in entries):
        notes.append("bioimage.io adds 0.000001 to a frozen std.")
    return tuple(notes)

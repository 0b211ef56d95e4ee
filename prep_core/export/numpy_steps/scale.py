"""Steps that bring a scan to a common scale, in NumPy."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.export.numpy_steps.written import Statistic, Write, Written
from prep_core.line import Line

_HAS_RANGE = ("low < high", "has nothing to scale: low and high are equal")
_HAS_SPREAD = ("std > 0", "has nothing to divide by: all measured voxels are equal")
_MOMENTS: Mapping[str, Statistic] = MappingProxyType({"mean": ("mean_of",), "std": ("std_of",)})


def _percentiles(line: Line) -> dict[str, Statistic]:
    return {name: ("percentile", repr(line.params[name])) for name in ("low", "high")}


def _to_range(line: Line, share: str) -> str:
    """`share` of the way from out_low to out_high."""
    low, high = line.params["out_low"], line.params["out_high"]
    return f"return {share} * {high - low!r} + {low!r}"


def _minmax(line: Line) -> Written:
    extremes = {"low": ("percentile", "0.0"), "high": ("percentile", "100.0")}
    return Written(_to_range(line, "(image - low) / (high - low)"), extremes, _HAS_RANGE)


def _percentile_rescale(line: Line) -> Written:
    share = "(image - low) / (high - low)"
    body = _to_range(line, f"np.clip({share}, 0, 1)" if line.params["clip"] else share)
    return Written(body, _percentiles(line), _HAS_RANGE)


def _percentile_clip(line: Line) -> Written:
    return Written("return np.clip(image, low, high)", _percentiles(line), _HAS_RANGE)


def _zscore(line: Line) -> Written:
    return Written("return (image - mean) / std", _MOMENTS, _HAS_SPREAD)


def _sigma_clip(line: Line) -> Written:
    reach = f"{line.params['sigmas']!r} * std"
    return Written(f"return np.clip(image, mean - {reach}, mean + {reach})", _MOMENTS, _HAS_SPREAD)


def _robust_zscore(line: Line) -> Written:
    spread = "scaled_mad" if line.params["spread"] == "mad" else "scaled_iqr"
    numbers: dict[str, Statistic] = {"median": ("percentile", "50.0"), "spread": (spread,)}
    check = ("spread > 0", "has nothing to divide by: half of the measured voxels or more are equal")
    return Written("return (image - median) / spread", numbers, check)


def _ct_foreground(line: Line) -> Written:
    body = "return (np.clip(image, low, high) - mean) / np.maximum(std, np.float32(1e-8))"
    return Written(body, {**_percentiles(line), **_MOMENTS})


SCALE: Mapping[str, Write] = MappingProxyType(
    {
        "minmax": _minmax,
        "percentile_rescale": _percentile_rescale,
        "percentile_clip": _percentile_clip,
        "zscore": _zscore,
        "sigma_clip": _sigma_clip,
        "robust_zscore": _robust_zscore,
        "ct_foreground": _ct_foreground,
    }
)

"""How far values reach after a line: enough to say whether they are negative, or already between 0 and 1."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from prep_core.line import Line

Reach = tuple[float, float]
Params = Mapping[str, Any]
After = Callable[[Params, Reach | None], Reach | None]

SIGNED = (-5.0, 5.0)
"""Where nearly all of a standardised population lies."""

EVERY = (-math.inf, math.inf)


def reach_after(line: Line, reach: Reach | None) -> Reach | None:
    """How far the values reach once `line` is carried out; None where nobody knows."""
    return _AFTER[line.step](line.params, reach)


def _kept(params: Params, reach: Reach | None) -> Reach | None:
    return reach


def _unknown(params: Params, reach: Reach | None) -> Reach | None:
    return None


def _unit(params: Params, reach: Reach | None) -> Reach | None:
    return 0.0, 1.0


def _signed(params: Params, reach: Reach | None) -> Reach | None:
    return SIGNED


def _sign_kept(params: Params, reach: Reach | None) -> Reach | None:
    """A field divides or a factor scales: what is positive stays so."""
    return None if reach is None or reach[0] < 0 else (0.0, math.inf)


def _out(params: Params, reach: Reach | None) -> Reach | None:
    """out_low to out_high; without clipping a little beyond."""
    low, high = params["out_low"], params["out_high"]
    beyond = 0.0 if params.get("clip", True) else high - low
    return low - beyond, high + beyond


def _clip(params: Params, reach: Reach | None) -> Reach | None:
    low, high = reach or EVERY
    return min(max(low, params["low"]), params["high"]), max(min(high, params["high"]), params["low"])


def _rescale(params: Params, reach: Reach | None) -> Reach | None:
    if reach is None:
        return None
    return (reach[0] - params["subtract"]) / params["divide"], (reach[1] - params["subtract"]) / params["divide"]


def _invert(params: Params, reach: Reach | None) -> Reach | None:
    return None if reach is None else (params["high"] - reach[1], params["high"] - reach[0])


def _magnitude(params: Params, reach: Reach | None) -> Reach | None:
    return 0.0, max(map(abs, reach)) ** params["power"] if reach else math.inf


def _decibel(params: Params, reach: Reach | None) -> Reach | None:
    return params["floor_db"], 20.0


def _index(params: Params, reach: Reach | None) -> Reach | None:
    return -1.0, 1.0


_KEPT = (
    *("percentile_clip", "sigma_clip", "round_to", "unsharp"),
    *("gaussian", "median", "bilateral", "tv", "nlm", "anisotropic", "hot_pixels"),
    *("foreground_mask", "body_mask", "lung_mask", "threshold_mask", "apply_mask", "metal"),
    *("reorient", "resample", "crop_foreground", "crop_or_pad", "downscale", "select_channels", "to_grey"),
)
"""Steps that stay within the values that were there, or nearly."""

_AFTER: Mapping[str, After] = (
    dict.fromkeys(_KEPT, _kept)
    | dict.fromkeys(("window", "gamma", "clahe", "equalize"), _unit)
    | dict.fromkeys(("zscore", "robust_zscore", "white_stripe", "ct_foreground", "standardize_map"), _signed)
    | dict.fromkeys(("minmax", "percentile_rescale", "rescale_range", "nyul"), _out)
    | dict.fromkeys(("n4", "lowpass_field", "polynomial_field", "flat_field", "background_scale", "sqrt"), _sign_kept)
    | dict.fromkeys(("log", "asinh", "anscombe", "match_histogram", "background_subtract"), _unknown)
    | {
        "clip": _clip,
        "rescale": _rescale,
        "invert": _invert,
        "magnitude": _magnitude,
        "decibel": _decibel,
        "band_index": _index,
    }
)

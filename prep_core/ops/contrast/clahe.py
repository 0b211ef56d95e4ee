"""Steps that raise local contrast."""

from collections.abc import Mapping
from inspect import unwrap
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from skimage.exposure import equalize_adapthist

from prep_core.kernels.finite import is_finite
from prep_core.kernels.formula import by_formula
from prep_core.measure import Accumulator, Fixed, Percentiles
from prep_core.memory import all_true
from prep_core.ops.contrast.clahe_fast import clahe_fast
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image, Numbers
from prep_core.param import P

_equalize = unwrap(equalize_adapthist)
"""Without its outer layer, which takes a volume 3 or 4 voxels wide for a colour picture."""

_FLAT = 1 / 65535
"""Smallest range that survives scikit-image's 16-bit copy of the input."""

_ROWS = 1 << 14  # pixels to look at together


def clahe(
    image: Image,
    numbers: Numbers,
    valid: Mask | None = None,
    out: Image | None = None,
    *,
    tile: Annotated[int, P("Side of the square in which contrast is equalised.", (4, 4096), "px", soft=(8, 256))] = 64,
    clip_limit: Annotated[
        float,
        P("Largest share of a tile that one grey level may hold; 0 does not limit.", (0, 1), soft=(0, 0.1)),
    ] = 0.01,
    bins: Annotated[int, P("Grey levels of the histograms.", (2, 4096), soft=(64, 1024))] = 256,
    engine: Annotated[
        Literal["skimage", "fast"],
        P("skimage is what scikit-image gives; fast never stretches a plane to its own range."),
    ] = "skimage",
    extent: Annotated[
        Literal["plane", "volume"], P("Equalise each plane by itself, or in boxes through the volume.")
    ] = "plane",
) -> Image:
    """Equalise contrast locally and limit how much noise it raises (CLAHE), over a given input range.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
        A plane, or a volume where `extent` says so.
    numbers : mapping
        "low" and "high": the input range, in image units.
    valid : bool ndarray of the same shape, optional
        Where the image is not padding; by default everywhere.
    out : C-contiguous float32 ndarray of the same shape, optional
        Where engine fast writes; it may be the image itself.

    Returns
    -------
    ndarray of the same shape, float32
        Values in [0, 1]; NaN where the image is NaN.

    Raises
    ------
    ValueError
        For low not below high, an image of another shape than `extent` says, or engine fast on a volume.

    Notes
    -----
    With s = clip((x - low) / (high - low), 0, 1), engine skimage is ``equalize_adapthist(s, kernel_size=tile,
    clip_limit=clip_limit, nbins=bins)`` of scikit-image, which follows Zuiderveld [1]_.  A tile is never
    larger than the image.

    Padding and NaN take part as `low`, whatever their value.  An image whose s spans less than 1/65535 has no
    contrast to equalise: s is the result.

    Engine fast does the same on floats, over grey levels that belong to the input range (see `clahe_fast`).
    With the defaults, on a plane that fills the range, the two correlate above 0.995 and differ by about
    0.004 on average.  Where a plane fills a part of it skimage gives more contrast, because it stretches
    every plane to its own range first: there the brightest pixel decides what becomes of the others.

    References
    ----------
    .. [1] K. Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV, 1994, p. 474.
    """
    if complaint := clahe_rule({"engine": engine, "extent": extent}) or _complaint(image, numbers, extent):
        raise ValueError(complaint)
    scaled = np.ascontiguousarray(_scaled(image, numbers, out if engine == "fast" else None))
    missing = None if is_finite(scaled) else np.isnan(scaled)
    for left_out in (missing, None if valid is None or all_true(valid) else ~valid):
        if left_out is not None:
            scaled[left_out] = 0
    if _is_flat(scaled):
        equalised = scaled
    elif engine == "fast":
        equalised = clahe_fast(scaled, tile=tile, clip_limit=clip_limit, bins=bins, out=scaled)
    else:
        size = [min(tile, n) for n in image.shape]
        equalised = _equalize(scaled, kernel_size=size, clip_limit=clip_limit, nbins=bins)
    return equalised if missing is None else np.where(missing, np.float32(np.nan), equalised)


def clahe_rule(params: Mapping[str, Any]) -> str | None:
    if params["engine"] == "fast" and params["extent"] == "volume":
        return "extent volume needs engine skimage, got engine fast"
    return None


def _complaint(image: Image, numbers: Numbers, extent: str) -> str | None:
    if image.ndim != (axes := {"plane": 2, "volume": 3}[extent]):
        return f"clahe with extent {extent} works on {axes} axes, got an image of shape {image.shape}"
    if not numbers["low"] < numbers["high"]:
        return f"clahe needs low below high, got low {numbers['low']:g} and high {numbers['high']:g}"
    return None


def _scaled(image: Image, numbers: Numbers, out: Image | None) -> NDArray[np.float32]:
    """0 at low, 1 at high, nothing outside."""
    low, high = numbers["low"], numbers["high"]
    return by_formula(image, ("-", low), ("/", high - low), ("clip", 0, 1), out=out)


def _is_flat(scaled: NDArray[np.float32]) -> bool:
    """Whether the values lie within _FLAT of each other; a few rows mostly say that they do not."""
    low = high = scaled.flat[0]
    rows = max(1, _ROWS // scaled[0].size)
    for start in range(0, len(scaled), rows):
        part = scaled[start : start + rows]
        low, high = min(low, part.min()), max(high, part.max())
        if high - low >= _FLAT:
            return False
    return True


def clahe_range(
    *,
    input_range: Annotated[
        Literal["percentile", "fixed"], P("Measure the range to equalise, or say it in in_low and in_high.")
    ] = "percentile",
    low_percentile: Annotated[
        float,
        P("Percentile below which all is black.", (0, 100), "%", soft=(0, 10), when=("input_range", "percentile")),
    ] = 0.1,
    high_percentile: Annotated[
        float,
        P("Percentile above which all is white.", (0, 100), "%", soft=(90, 100), when=("input_range", "percentile")),
    ] = 99.9,
    in_low: Annotated[
        float,
        P(
            "Black, when the range is fixed.",
            (-1e9, 1e9),
            "image units",
            soft=(-1000, 1000),
            when=("input_range", "fixed"),
        ),
    ] = 0.0,
    in_high: Annotated[
        float,
        P(
            "White, when the range is fixed.",
            (-1e9, 1e9),
            "image units",
            soft=(-1000, 3000),
            when=("input_range", "fixed"),
        ),
    ] = 1.0,
) -> Accumulator:
    """Measure the input range of `clahe`, unless it is fixed.

    Notes
    -----
    Percentiles, so that one hot pixel does not move all others.
    """
    if input_range == "fixed":
        return Fixed(low=in_low, high=in_high)
    return Percentiles(low=low_percentile, high=high_percentile)


def clahe_line_rule(params: Mapping[str, Any]) -> str | None:
    """What does not go together in a line: engine and extent, or the two ends of the input range."""
    names = ("in_low", "in_high") if params["input_range"] == "fixed" else ("low_percentile", "high_percentile")
    low, high = (params[name] for name in names)
    if low >= high:
        return f"{names[0]} must be below {names[1]}, got {low:g} and {high:g}"
    return clahe_rule(params)

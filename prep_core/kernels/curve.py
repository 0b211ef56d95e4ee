"""Curves of straight pieces, looked up for every value of an image."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.mapped import Floats, mapped
from prep_core.kernels.switch import kernel

Doubles = NDArray[np.float64]

_BLOCK = 1 << 14  # what is kept of a block meanwhile, 40 bytes a value, stays in the second-level cache


def by_curve(image: NDArray[Any], places: Any, values: Any, *, beyond: bool = False) -> Floats:
    """Take every value of an image from a curve.

    Parameters
    ----------
    image : (...) real ndarray
    places, values : (n,) ndarray
        Points of the curve, `places` not decreasing.  Where several are at one place the last counts.
    beyond : bool
        Go on beyond the ends as in the first and the last piece that rises along `places`; otherwise stop there.

    Returns
    -------
    (...) float32 ndarray
        To the bit np.interp in float64, rounded; NaN where the image is NaN.
    """
    points = np.asarray(places, np.float64)
    low, high = (-np.inf, np.inf) if beyond else _ends(points)
    lines = _lines(points, np.asarray(values, np.float64), beyond)
    return mapped(image, (), partial(_on_curve, points, lines, low, high))


def by_two_curves(image: NDArray[Any], inner: tuple[Any, Any], outer: tuple[Any, Any]) -> Floats:
    """Take every value from the curve `inner` and, not rounded in between, that of the curve `outer` there.

    Each is places and values, as in `by_curve`, and stops at its ends.
    """
    (points, values), (places, results) = ([np.asarray(a, np.float64) for a in curve] for curve in (inner, outer))
    first, second = _lines(points, values, False), _lines(places, results, False)
    return mapped(image, (), partial(_on_two_curves, points, first, places, second))


def _on_curve(points: Doubles, lines: Doubles, low: float, high: float, image: Floats, out: Floats, _: Floats) -> None:
    curve(image, out, points, lines, low, high)


def _on_two_curves(
    points: Doubles, first: Doubles, places: Doubles, second: Doubles, image: Floats, out: Floats, _: Floats
) -> None:
    curve_of_curve(image, out, points, first, places, second)


def _lines(points: Doubles, values: Doubles, beyond: bool) -> Doubles:
    """(n + 1, 3): where each piece starts, its slope and its value there, for what lies before, between and behind."""
    widths = np.diff(points)
    slopes = np.diff(values) / np.where(widths > 0, widths, 1)
    ends = slopes[np.flatnonzero(widths > 0)[[0, -1]]] if beyond else np.zeros(2)
    lines = np.empty((len(points) + 1, 3))
    lines[0] = points[0], ends[0], values[0]
    lines[1:, 0], lines[1:-1, 1], lines[1:, 2] = points, slopes, values
    lines[-1, 1] = ends[1]
    return lines


@kernel
def curve(image: Floats, out: Floats, points: Doubles, lines: Doubles, low: float, high: float) -> None:
    """Write to `out`, (n,) float32, what a curve makes of `image`, (n,) float32, limited to low and high before.

    Parameters
    ----------
    points : (k,) float64 ndarray
        Where a piece ends and the next begins.
    lines : (k + 1, 3) float64 ndarray
        Place, slope and value: slope (x - place) + value.
    """
    with np.errstate(all="ignore"):
        for start in range(0, image.size, _BLOCK):
            given = np.clip(image[start : start + _BLOCK].astype(np.float64), low, high)
            out[start : start + _BLOCK] = _at(given, points, lines)


@kernel
def curve_of_curve(
    image: Floats, out: Floats, points: Doubles, first: Doubles, places: Doubles, second: Doubles
) -> None:
    """As `curve`, with the lines `first` and then, in float64, with the lines `second`, each limited to its ends."""
    with np.errstate(all="ignore"):
        for start in range(0, image.size, _BLOCK):
            given = np.clip(image[start : start + _BLOCK].astype(np.float64), *_ends(points))
            between = np.clip(_at(given, points, first), *_ends(places))
            out[start : start + _BLOCK] = _at(between, places, second)


def _ends(points: Doubles) -> tuple[float, float]:
    """Just before the first point, where the first piece is, and the last point."""
    return float(np.nextafter(points[0], -np.inf)), float(points[-1])


def _at(given: Doubles, points: Doubles, lines: Doubles) -> Doubles:
    own = lines[np.searchsorted(points, given, side="right")]
    result: Doubles = own[:, 1] * (given - own[:, 0]) + own[:, 2]
    return result

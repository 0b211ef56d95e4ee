"""Steps that change what a value says, in NumPy."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from prep_core.export.numpy_steps.written import Write, Written
from prep_core.line import Line


def _magnitude(line: Line) -> Written:
    power = line.params["power"]
    if power == 1:
        return Written("return np.abs(image)")
    return Written("return np.square(np.abs(image))" if power == 2 else f"return power_of(np.abs(image), {power!r})")


def _rescale(line: Line) -> Written:
    p = line.params
    return Written(f"return (image - {p['subtract']!r}) / {p['divide']!r}")


def _clip(line: Line) -> Written:
    return Written(f"return np.clip(image, {line.params['low']!r}, {line.params['high']!r})")


def _invert(line: Line) -> Written:
    return Written(f"return {line.params['high']!r} - image")


def _window(line: Line) -> Written:
    center, width, function = (line.params[name] for name in ("center", "width", "function"))
    if function == "sigmoid":
        return Written(f"return sigmoid_of(image, {center!r}, {width!r})")
    if function == "linear" and width == 1:
        return Written(f"return (image > {center - 0.5!r}).astype(np.float32)")
    if function == "linear":
        center, width = center - 0.5, width - 1
    return Written(f"return np.clip((image - {center!r}) / {width!r} + 0.5, 0, 1)")


def _rescale_range(line: Line) -> Written:
    in_low, in_high, low, high = (line.params[name] for name in ("in_low", "in_high", "out_low", "out_high"))
    result = f"(image - {in_low!r}) / {in_high - in_low!r} * {high - low!r} + {low!r}"
    return Written(f"return np.clip({result}, {low!r}, {high!r})" if line.params["clip"] else f"return {result}")


def _decibel(line: Line) -> Written:
    p = line.params
    decade = 10 if p["quantity"] == "power" else 20
    body = f"return logarithm_of(image, 10, times={decade}, over=reference, floor={p['floor_db']!r})"
    measured = {
        "percentile": ("percentile", repr(p["percentile"])),
        "maximum": ("percentile", "100.0"),
        "fixed": ("fixed", repr(p["value"])),
    }
    check = ("0 < reference", "has a measured reference that is not above 0")
    return Written(body, {"reference": measured[p["reference"]]}, check)


def _log(line: Line) -> Written:
    base = {"e": "math.e", "2": "2", "10": "10"}[line.params["base"]]
    return Written(f"return logarithm_of(image, {base}, plus={line.params['offset']!r})")


def _asinh(line: Line) -> Written:
    scale = line.params["scale"]
    return Written(f"return inverse_sinh_of(image, {scale!r}) / np.float32({math.asinh(1 / scale)!r})")


def _gamma(line: Line) -> Written:
    return Written(f"return power_of(image, {line.params['gamma']!r})")


def _sqrt(line: Line) -> Written:
    return Written("return np.sqrt(image)")


def _anscombe(line: Line) -> Written:
    return Written("return 2 * np.sqrt(image + np.float32(0.375))")


def _round_to(line: Line) -> Written:
    low, high, levels = (line.params[name] for name in ("low", "high", "levels"))
    step = (high - low) / (levels - 1)
    body = f"""\
level = np.rint((np.clip(image, {low!r}, {high!r}) - {low!r}) / {step!r})
return np.clip(level * {step!r} + {low!r}, {low!r}, {high!r})"""
    return Written(body)


VALUES: Mapping[str, Write] = MappingProxyType(
    {
        "magnitude": _magnitude,
        "rescale": _rescale,
        "clip": _clip,
        "invert": _invert,
        "window": _window,
        "rescale_range": _rescale_range,
        "decibel": _decibel,
        "log": _log,
        "asinh": _asinh,
        "gamma": _gamma,
        "sqrt": _sqrt,
        "anscombe": _anscombe,
        "round_to": _round_to,
    }
)

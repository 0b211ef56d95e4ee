"""Logarithms, exponentials and powers that are the same to the last bit on every processor, as the project's are."""

import math
from collections.abc import Sequence

import numpy as np


def logarithm_of(
    image: np.ndarray, base: float, times: float = 1, plus: float = 0, over: float = 1, floor: float = -math.inf
) -> np.ndarray:
    """max(times log((x + plus) / over), floor), by the bits of a float32 and a series."""
    unit = times / math.log(base)
    two, power = unit * math.log(2), math.frexp(unit * math.log(2))[1] - 15
    high = math.ldexp(round(math.ldexp(two, -power)), power)
    ratio = (image + np.float32(plus)) / np.asarray(over, np.float32)
    small = ratio < np.float32(2.0**-126)
    bits = np.where(small, ratio * np.float32(2.0**23), ratio).view(np.int32)
    exponent = (bits - np.int32(0x3F3504F3)) >> np.int32(23)
    fraction = (bits - (exponent << np.int32(23))).view(np.float32) - np.float32(1)
    s = fraction / (fraction + np.float32(2))
    level = horner([float(np.float32(2 * unit / (2 * k + 1))) for k in (4, 3, 2, 1, 0)], s * s) * s
    whole = (exponent - small * np.int32(23)).astype(np.float32)
    level = level + whole * np.float32(two - high) + whole * np.float32(high)
    level = np.where(ratio < np.float32(np.inf), level, ratio)
    return np.where((ratio <= 0) | (level < np.float32(floor)), np.float32(floor), level)


def sigmoid_of(image: np.ndarray, center: float, width: float) -> np.ndarray:
    """1 / (1 + exp(-4 (x - center) / width))."""
    exponent = np.clip((image - np.float32(center)) * np.float32(-4) / np.float32(width), -80, 80).astype(np.float64)
    return (1 / (1 + exponential_of(exponent))).astype(np.float32)


def power_of(image: np.ndarray, exponent: float) -> np.ndarray:
    """x ** exponent, of x from 0 on."""
    logarithm = np.float64(np.float32(exponent)) * natural_logarithm_of(image.astype(np.float64))
    found = exponential_of(np.clip(logarithm, -700.0, 700.0)).astype(np.float32)
    found = np.where(image > 0, found, np.where(image < 0, np.float32(np.nan), np.float32(0)))
    return np.where(image < np.float32(np.inf), found, image)


def inverse_sinh_of(image: np.ndarray, over: float) -> np.ndarray:
    """asinh(x / over)."""
    ratio = (image / np.float32(over)).astype(np.float64)
    square = np.abs(ratio) * np.abs(ratio)
    beyond = np.abs(ratio) + square / (np.sqrt(square + 1) + 1)
    found = np.where(beyond < 0.25, series_of(beyond), natural_logarithm_of(beyond + 1))
    return np.where(np.abs(ratio) < np.inf, np.copysign(found, ratio), ratio).astype(np.float32)


def exponential_of(given: np.ndarray) -> np.ndarray:
    whole = given * 1.4426950408889634 + 1.5 * 2**52
    rest = given - (whole - 1.5 * 2**52) * 0.6931471805599453
    scale = ((whole.view(np.int64) - ((0x4338 << 48) - 1023)) << 52).view(np.float64)
    factors = [1 / 362880, 1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0]
    power: np.ndarray = horner(factors, rest) * scale
    return power


def natural_logarithm_of(given: np.ndarray) -> np.ndarray:
    bits = given.view(np.int64)
    exponent = (bits - 0x3FE6A09E667F3BCD) >> 52
    fraction = (bits - (exponent << 52)).view(np.float64) - 1
    logarithm: np.ndarray = exponent * 0.6931471805599453 + series_of(fraction)
    return logarithm


def series_of(fraction: np.ndarray) -> np.ndarray:
    """log(1 + fraction)."""
    s = fraction / (fraction + 2)
    logarithm: np.ndarray = horner([2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2.0], s * s) * s
    return logarithm


def horner(factors: Sequence[float], given: np.ndarray) -> np.ndarray:
    total = np.full_like(given, factors[0])
    for factor in factors[1:]:
        total = total * given + factor
    return total

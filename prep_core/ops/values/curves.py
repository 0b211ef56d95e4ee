"""Pointwise steps that bend the scale of values: logarithm, asinh, power, square root, Anscombe."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.kernels.bent import inverse_sinh, power
from prep_core.kernels.formula import by_formula
from prep_core.kernels.logarithm import logarithm
from prep_core.ops.image import Image
from prep_core.param import P

_LARGEST = float(np.finfo(np.float32).max)


def log(
    image: Image,
    *,
    base: Annotated[Literal["e", "2", "10"], P("Base of the logarithm.")] = "e",
    offset: Annotated[
        float, P("Added first, so that zeros stay finite.", (0, 1e9), "image units", soft=(0, 100))
    ] = 1.0,
) -> Image:
    """Take the logarithm of the values: log(x + offset).

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is not above -offset.

    Notes
    -----
    log(x + offset) to the base; with base e and offset 1 it is NumPy's log1p.  The offset counts: next to values far
    below it the curve is a straight line.
    """
    return by_formula(image, logarithm({"e": math.e, "2": 2, "10": 10}[base], plus=offset))


def log_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    """The values that have a finite logarithm once the offset is added in float32."""
    offset = np.float32(params["offset"])
    smallest = np.nextafter(-offset, np.float32(np.inf))
    return float(smallest), _LARGEST


def gamma(
    image: Image,
    *,
    gamma: Annotated[
        float, P("Below 1 brightens the dark parts, above 1 darkens them.", (0.01, 100), soft=(0.2, 5))
    ] = 1.0,
) -> Image:
    """Raise values between 0 and 1 to a power: x ** gamma.

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is outside 0 to 1; put a window or a rescale above.

    Notes
    -----
    x ** gamma; 0 stays 0 and 1 stays 1.
    """
    return power(image, gamma)


def gamma_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    return 0.0, 1.0


def asinh(
    image: Image,
    *,
    scale: Annotated[
        float,
        P(
            "Value at which the curve turns from a straight line into a logarithm; smaller lifts faint parts more.",
            (1e-6, 1e9),
            "image units",
            soft=(0.001, 1),
        ),
    ] = 0.1,
) -> Image:
    """Lift faint values like a logarithm, yet stay straight around zero and take negatives: asinh(x / scale).

    Parameters
    ----------
    image : (...) float32 ndarray

    Notes
    -----
    asinh(x / scale) / asinh(1 / scale), so 0 stays 0 and 1 stays 1.  `scale` is the parameter a of astropy's
    AsinhStretch: on values from 0 to 1 the two are the same.  Astropy clips what lies outside, this does not, so it
    may be used on raw counts too; well below `scale` the curve is a line, well above it a logarithm.

    References
    ----------
    Lupton, Gunn and Szalay (1999), A modified magnitude system, Astronomical Journal 118:1406;
    ``astropy.visualization.AsinhStretch``.
    """
    stretched = inverse_sinh(image, scale)
    stretched /= np.float32(math.asinh(1 / scale))
    return stretched


def sqrt(image: Image) -> Image:
    """Take the square root of the values, which evens out noise that grows with brightness.

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is below 0; put a clip or a rescale above.

    Notes
    -----
    sqrt(x).  The root of a Poisson count has a standard deviation near 1/2 whatever its mean; `anscombe` does so
    down to lower counts.
    """
    return by_formula(image, ("sqrt",))


def sqrt_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    return 0.0, _LARGEST


def anscombe(image: Image) -> Image:
    """Give counts of photons the same noise everywhere, with a standard deviation near 1: 2 sqrt(x + 3/8).

    Parameters
    ----------
    image : (...) float32 ndarray
        Counts, in photons or electrons.  Put a rescale above that takes the camera's offset off and divides by its
        gain; on other values the noise is evened out, but not to 1.

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is below -3/8; put a clip or a rescale above.

    Notes
    -----
    2 sqrt(x + 3/8).  For a Poisson count with a mean of 4 or more the standard deviation is within 1 % of 1.

    References
    ----------
    Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data, Biometrika 35:246.
    """
    return by_formula(image, ("+", 0.375), ("sqrt",), ("*", 2))


def anscombe_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    return -0.375, _LARGEST

"""Filters that are set so that they leave the same noise, as only then what else they leave compares."""

import math
from collections.abc import Callable, Mapping

from prep_core.lessons.contrast_price.faint_lesion import Planted, noise_left
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply

HALVINGS = 8
WEAKEST, STRONGEST = 0.1, 20.0
"""Strengths between which is looked, in standard deviations of the noise."""

REACH = 1.5
"""The neighbourhood of the bilateral filter in sigmas of the Gaussian: wide enough to leave less noise than it."""


def filters(place: Planted, sigma: float) -> Mapping[str, Recipe]:
    """A Gaussian of `sigma` pixels, a bilateral filter and total variation that leave the same noise, by step."""
    gaussian = _recipe(Line("gaussian", {"sigma": sigma, "lengths_in": "px"}))
    wanted = noise_left(place, apply(gaussian, place.without))
    return {
        "gaussian": gaussian,
        "bilateral": _matched(place, wanted, lambda strength: _bilateral(strength, REACH * sigma)),
        "tv": _matched(place, wanted, _total_variation),
    }


def _matched(place: Planted, wanted: float, of: Callable[[float], Recipe]) -> Recipe:
    """The filter of the strength that leaves the share `wanted` of the noise, found by halving its logarithm.

    The nearest of all that were tried, as a very strong filter may leave more than a strong one.
    """
    low, high = (math.log(place.noise * end) for end in (WEAKEST, STRONGEST))
    tried: dict[float, Recipe] = {}
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        recipe = of(math.exp(middle))
        left = noise_left(place, apply(recipe, place.without))
        tried[abs(left - wanted)] = recipe
        if left > wanted:
            low = middle
        else:
            high = middle
    return tried[min(tried)]


def _bilateral(strength: float, reach: float) -> Recipe:
    return _recipe(Line("bilateral", {"sigma_value": strength, "sigma_space": reach, "lengths_in": "px"}))


def _total_variation(strength: float) -> Recipe:
    # With the default it stops so early that the noise left jumps with the weight.
    return _recipe(Line("tv", {"weight": strength, "convergence": 1e-5}))


def _recipe(line: Line) -> Recipe:
    return Recipe((line,), name=line.step)

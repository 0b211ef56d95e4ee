"""What scaling does to the relations of bands, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.thirteen_bands.own import colour_channels, divisor, red_and_nir
from prep_core.line import Line
from prep_core.quality.channels import correlations
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

PLANTS = 0.3
"""NDVI from which on a pixel counts as green plants, as is often said."""

IMAGENET = ((0.485, 0.229), (0.456, 0.224), (0.406, 0.225))
"""Mean and std of red, green and blue photographs from 0 to 1, as torchvision's models expect them."""

Plane = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Index:
    """NDVI of reflectance, and of scaled bands; NaN where there is none."""

    before: Plane
    after: Plane
    numbers: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Photograph:
    """Red, green and blue, normalised as if they were a photograph."""

    channels: tuple[str, ...]
    means: NDArray[np.float64]
    stds: NDArray[np.float64]
    divisor: float
    numbers: Mapping[str, float]


def correlation_matrix(bands: Scan) -> Plane:
    """Pearson's correlation of each two channels; NaN where one of them is constant."""
    matrix = np.eye(bands.size("C"))
    pairs = combinations(range(bands.size("C")), 2)
    for (i, j), value in zip(pairs, correlations(bands).values(), strict=True):
        matrix[i, j] = matrix[j, i] = np.nan if value is None else value
    return matrix


def index_compared(bands: Scan, recipe: Recipe) -> Index:
    """NDVI before and after `recipe`, and after a division by one number for all bands."""
    red, nir = red_and_nir(bands)
    ndvi = Line("band_index", {"index": "ndvi", "a": bands.channels[nir], "b": bands.channels[red]})
    fixed = Recipe((Line("rescale", {"divide": divisor(bands)}), ndvi))
    before, after, divided = (_index(r, bands) for r in (Recipe((ndvi,)), Recipe((*recipe.lines, ndvi)), fixed))
    both = np.isfinite(before) & np.isfinite(after)
    old, new = before[both], after[both]
    numbers = {
        "ndvi_fixed": float(np.nanmax(np.abs(divided - before))),
        "ndvi_change": float(np.median(np.abs(new - old))),
        "ndvi_crossed": float(np.mean((old >= PLANTS) != (new >= PLANTS))),
        "ndvi_beyond": float(np.mean(np.abs(new) > 1)),
        "plants_before": float(np.mean(old >= PLANTS)),
        "plants_after": float(np.mean(new >= PLANTS)),
    }
    green = both & (before >= PLANTS) if (old >= PLANTS).any() else both
    for name, scan in (("before", bands), ("after", apply(recipe, bands))):
        numbers |= {f"red_{name}": _mean(scan, red, green), f"nir_{name}": _mean(scan, nir, green)}
    return Index(before, after, numbers)


def _mean(scan: Scan, channel: int, where: NDArray[np.bool_]) -> float:
    return float(scan.data[channel][where].mean(dtype=np.float64))


def photograph(bands: Scan) -> Photograph:
    """Mean and std of the three colours after (x / divisor - mean) / std with ImageNet's numbers."""
    by = divisor(bands)
    means, stds = [], []
    for at, (mean, std) in zip(colour_channels(bands), IMAGENET, strict=True):
        lines = (
            Line("select_channels", {"names": bands.channels[at]}),
            Line("rescale", {"divide": by}),
            Line("rescale", {"subtract": mean, "divide": std}),
        )
        result = apply(Recipe(lines), bands)
        values = result.data[result.valid].astype(np.float64)
        means.append(float(values.mean()))
        stds.append(float(values.std()))
    numbers = {f"imagenet_mean_{i}": mean for i, mean in zip("rgb", means, strict=True)}
    numbers |= {f"imagenet_std_{i}": std for i, std in zip("rgb", stds, strict=True)}
    names = tuple(bands.channels[at] for at in colour_channels(bands))
    return Photograph(names, np.array(means), np.array(stds), by, numbers)


def _index(recipe: Recipe, bands: Scan) -> Plane:
    result = apply(recipe, bands)
    return np.where(result.valid, result.data, np.nan).astype(np.float64)

"""Ways to bring the patches of an image to one scale, each on the whole image and on each patch alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.thinned_plane import shown_pixels
from prep_core.line import Line
from prep_core.quality.seams import Patchwise, patchwise
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

Plane = NDArray[np.float64]
Mask = NDArray[np.bool_]
Place = tuple[slice, slice]

FEW = 0.01
"""A patch with a smaller share of cell is background alone."""

PERCENTILES, MODE, MEDIAN = "percentiles", "mode", "median"
"""Rules that measure, on the image or on a patch."""

CELLS = Recipe(
    (
        Line("background_subtract", {"radius": 40.0, "lengths_in": "px"}),
        Line("magnitude"),
        Line("gaussian", {"sigma": 2.0, "lengths_in": "px"}),
        Line("foreground_mask"),
    ),
    name="cells",
)
"""Chooses what differs from its surroundings, darker or brighter."""

EVENED = Line("polynomial_field", {"order": 2}, inside="positive")
"""Divides by the light, as far as a parabola can follow it."""


@dataclass(frozen=True, eq=False)
class Patches:
    """A plane cut into squares of `side` pixels; those at the far rims are what is left.

    Attributes
    ----------
    cells : (y, x) bool ndarray
    """

    plane: Scan
    side: int
    cells: Mask

    @cached_property
    def valid(self) -> Mask:
        return flat(self.plane.valid)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The squares with a valid pixel, row by row."""
        rows, columns = (range(0, size, self.side) for size in self.cells.shape)
        every = ((slice(y, y + self.side), slice(x, x + self.side)) for y in rows for x in columns)
        return tuple(place for place in every if self.valid[place].any())

    @cached_property
    def shares(self) -> Plane:
        """(patches,) of cell among the valid pixels."""
        return np.array([np.mean(self.cells[place][self.valid[place]]) for place in self.places])

    @property
    def empty(self) -> Mask:
        """(patches,) which show background alone."""
        return self.shares < FEW

    @cached_property
    def flagged(self) -> Mask:
        """(y, x) the valid pixels of these, one pixel apart, so that an outline shows each of them."""
        found = np.zeros(self.cells.shape, bool)
        for (rows, columns), empty in zip(self.places, self.empty, strict=True):
            found[rows.start : rows.stop - 1, columns.start : columns.stop - 1] = empty
        return found & self.valid

    def of_background(self, values: Plane) -> Plane:
        """(patches,) the median of `values` in the background of each patch; NaN where it has none."""
        known = ~self.cells & np.isfinite(values)
        medians = [values[place][known[place]] for place in self.places]
        return np.array([float(np.median(found)) if found.size else math.nan for found in medians])

    def deviations(self, values: Plane) -> Plane:
        """(patches,) the sum of the squared deviations of `values` from the mean of each patch."""
        finite = [values[place][np.isfinite(values[place])] for place in self.places]
        return np.array([float(np.sum((found - found.mean()) ** 2)) if found.size else 0.0 for found in finite])


def cut(plane: Scan, side: int) -> Patches:
    """`plane` in squares of `side` pixels, with its cells found."""
    mask = apply(CELLS, plane).mask
    if mask is None:
        raise RuntimeError("the recipe for cells ends with a mask")
    return Patches(plane, side, flat(mask) & flat(plane.valid))


def rules(factor: float) -> Mapping[str, Line]:
    """The lines that measure, by name."""
    background = {"factor": factor, "smooth_sigma": 1.0}
    return MappingProxyType(
        {
            PERCENTILES: Line("percentile_rescale", {"low": 1.0, "high": 99.0, "clip": False}),
            MODE: Line("background_scale", {**background, "statistic": "mode"}),
            MEDIAN: Line("background_scale", {**background, "statistic": "median"}),
        }
    )


def full_scale(plane: Scan) -> float:
    """The power of two above all values: 256, 4096 or 65536 for most cameras.

    Raises
    ------
    ValueError
        Where no value is above 0.
    """
    most = float(np.max(plane.data, where=plane.valid, initial=0))
    if not most > 0:
        raise ValueError(f"{plane.name} has no value above 0, and its background must have one; add an offset to it")
    return 2.0 ** (math.floor(math.log2(most)) + 1)


def whole(line: Line, plane: Scan) -> Plane:
    """(y, x) what `line` makes of the whole plane; NaN in padding."""
    return shown_pixels(apply(Recipe((line,)), plane)).astype(np.float64)


def on_patches(line: Line, patches: Patches, reference: Plane) -> Patchwise:
    """What `line` makes of each patch alone, against what it makes of the plane."""
    return patchwise(line, patches.plane, reference, patches.side)


def gains(found: Patchwise, patches: Patches) -> Plane:
    """(patches,) the noise after a rule on each patch over that after the same rule on the image; NaN without."""
    return np.array([found.noise[place][0, 0] for place in patches.places])


def flat(array: NDArray[Any]) -> NDArray[Any]:
    """The last two axes of one plane."""
    return array.reshape(array.shape[-2:])

"""A scan that each step has an answer for, and its result on it, for tests that run over all steps."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.samples.chest import simulate_chest_ct
from prep_core.scan import Scan
from tests.strategies import unit_scan


def nine_slices() -> Scan:
    """At least as many as the deepest block that a law draws."""
    scan = unit_scan()
    return replace(scan, data=scan.data.repeat(3, 0), valid=scan.valid.repeat(3, 0), mask=scan.data.repeat(3, 0) > 0.3)


def bands() -> Scan:
    """Three channels with the names of bands."""
    return replace(unit_scan("CYX"), channels=("B03", "B04", "B08"))


def small_chest() -> Scan:
    """A chest CT of few voxels, with metal."""
    scan = simulate_chest_ct(spacing=(25.0, 8.0, 8.0), size=(11, 36, 48), metal=8000.0).scan
    return replace(scan, data=scan.data.astype(np.float32))


SUITED: Mapping[str, Callable[[], Scan]] = {
    "downscale": nine_slices,
    "body_mask": small_chest,
    "lung_mask": small_chest,
    "metal": small_chest,
    "select_channels": bands,
    "to_grey": bands,
    "band_index": bands,
}
"""Steps that need more than values between 0 and 1 on a small volume."""


def suited_scan(step: str) -> Scan:
    """A small scan on which `step` works with its defaults."""
    return SUITED.get(step, unit_scan)()


def ready(line: Line, scan: Scan) -> Recipe:
    """`line` as a recipe that can be applied: fitted on `scan` and two like it, if it must be."""
    recipe = Recipe((line,))
    if not line.needs_fit:
        return recipe
    return fit(recipe, [scan, *(replace(scan, data=scan.data * share + 0.01) for share in (0.5, 0.75))])


def result_of(line: Line, scan: Scan) -> Scan:
    """What `line` makes of `scan`."""
    return apply(ready(line, scan), scan)

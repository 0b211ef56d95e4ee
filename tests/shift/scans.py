"""Small scans of known kinds, and what goes wrong with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import trace
from prep_core.samples.chest import simulate_chest_ct
from prep_core.samples.oct import simulate_oct
from prep_core.scan import Scan, Source
from prep_core.shift.alarm import Shift, shifts

CT = Recipe(
    (
        Line("clip", {"low": -1000, "high": 1000}),
        Line("percentile_clip", over="dataset"),
        Line("zscore", over="dataset", inside="foreground"),
    ),
    "ct",
    "CT",
)
OCT = Recipe(
    (
        Line("decibel", {"reference": "percentile", "percentile": 99.9, "floor_db": -50.0}, over="dataset"),
        Line("zscore", over="dataset"),
    ),
    "oct",
    "OPT",
)


def with_bytes(scan: Scan, seed: int) -> Scan:
    """`scan` as if it had been read from a file of its own."""
    return replace(scan, source=Source(sha256=f"{seed:08x}" * 8))


def chest(seed: int) -> Scan:
    size, spacing, shift = (12, 36, 40), (25.0, 10.0, 10.0), (4.0 * seed, 3.0 * seed, -2.0 * seed)
    return with_bytes(simulate_chest_ct(seed=seed, size=size, spacing=spacing, shift=shift).scan, seed)


def retina(seed: int) -> Scan:
    """Linear power, as a float image."""
    scan = simulate_oct(depth=128, width=64, seed=seed)
    return with_bytes(replace(scan, data=np.square(np.abs(scan.data), dtype=np.float32)), seed)


def changed(scan: Scan, change: Callable[[NDArray[np.float32]], NDArray[Any]]) -> Scan:
    return replace(scan, data=change(scan.data.astype(np.float32)).astype(np.float32))


def uptake(scan: Scan) -> Scan:
    """A PET of the same shape that says it is `scan`: nothing in the air, exponential uptake in the body."""
    rng = np.random.default_rng(3)
    values = rng.exponential(2.0, scan.data.shape) * (scan.data > -300)
    return changed(scan, lambda _: values)


def decibels(scan: Scan) -> Scan:
    return changed(scan, lambda data: 10 * np.log10(np.maximum(data, 1e-12)))


def compared(recipe: Recipe, scan: Scan) -> tuple[Shift, ...]:
    return shifts(recipe, scan, trace(recipe, scan))

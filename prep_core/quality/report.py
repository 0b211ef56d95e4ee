"""Before and after: what a recipe does to a scan, in figures."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from prep_core.inspection import magnitude_of, valid_values
from prep_core.quality.channels import Pair, channel_pairs
from prep_core.quality.disturbed import Moved, drift, frozen_on, hot_pixels
from prep_core.quality.network import Seen, band_edges, seen
from prep_core.quality.rows import Compared, Figure, classes, compared, own_rows, tissue_rows
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan

DRIFTS: tuple[Mapping[str, float], ...] = ({"gain": 1.1}, {"gain": 2.0}, {"offset": 0.05})
"""How the scan is made another: each is one run of the recipe."""

Progress = Callable[[float, str], object]


@dataclass(frozen=True)
class BeforeAfter:
    """The figures of a recipe on a scan.

    Attributes
    ----------
    recipe : the digest of its lines
    figures : before and after, over the valid voxels
    against : None where the recipe moves voxels in a way that cannot be done to the scan alone
    bands : as `seen` gives them; None where `against` is None, or the result has no spread
    drifts, hot : how far the result moves when the scan is disturbed
    channels : the correlation of each two channels; empty for a scan without channels
    """

    scan: str
    recipe: str
    unit: str
    unit_after: str
    figures: tuple[Figure, ...]
    against: Compared | None
    bands: Seen | None
    drifts: tuple[Moved, ...]
    hot: Moved
    channels: tuple[Pair, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it, which has no infinity: the PSNR of two equal images is None."""
        plain = asdict(self)
        if self.against and self.against.psnr == math.inf:
            plain["against"]["psnr"] = None
        return plain


def before_after(recipe: Recipe, scan: Scan, progress: Progress = lambda share, words: None) -> BeforeAfter:
    """Run `recipe` on `scan`, and on the scan disturbed, and say what it did.

    Lines that wait for a training set are measured on this scan, and stay as they are when it is disturbed.

    Parameters
    ----------
    progress : callable, optional
        Called with the share of the work that is done, and what comes next.

    Raises
    ------
    StepError
        Where a line has no answer for the scan.
    ValueError
        For a scan without a valid voxel, before or after.
    """
    stages = 3 + len(DRIFTS)
    progress(0, "running the recipe")
    frozen, result = frozen_on(recipe, scan)
    progress(1 / stages, "computing the figures")
    rows, against, shares = _figures(frozen, scan, result)
    drifts = []
    for i, change in enumerate(DRIFTS, start=2):
        progress(i / stages, f"running it on the scan with another gain or offset, {i - 1} of {len(DRIFTS)}")
        drifts.append(drift(frozen, scan, result, **change))
    progress(1 - 1 / stages, "running it on the scan with hot pixels")
    hot = hot_pixels(frozen, scan, result)
    return BeforeAfter(
        scan.name,
        recipe.digest,
        scan.unit,
        result.unit,
        rows,
        against,
        shares,
        tuple(drifts),
        hot,
        channel_pairs(scan, result),
    )


def on_the_grid_of(recipe: Recipe, scan: Scan, result: Scan) -> Scan | None:
    """`scan` with only those lines of `recipe` that move or choose voxels, so that it compares with `result`.

    None where they cannot be carried out alone, or do not lead to the grid of the result.
    """
    moving = [line for line in recipe.lines if line.spec.domain in ("grid", "channels")]
    needed = [line for line in recipe.lines if line in moving or line.spec.gives == "mask"] if moving else []
    try:
        start = apply(recipe.edited(needed), scan)
    except StepError:
        return None
    return magnitude_of(start) if start.data.shape == result.data.shape else None


def _figures(recipe: Recipe, scan: Scan, result: Scan) -> tuple[tuple[Figure, ...], Compared | None, Seen | None]:
    rows = own_rows(scan, result)
    start = on_the_grid_of(recipe, scan, result)
    if start is None or not (valid := start.valid & result.valid).any():
        return rows, None, None
    labels = classes(start)
    tissues = () if labels is None else tissue_rows(start, result, labels)
    raw, values = start.data[valid], magnitude_of(result).data[valid]
    edges = band_edges(valid_values(start), start.unit)
    spread = min(np.ptp(raw), np.ptp(values)) > 0
    shares = seen(raw, values, edges) if spread else None
    return (*rows, *tissues), compared(start, result, labels), shares

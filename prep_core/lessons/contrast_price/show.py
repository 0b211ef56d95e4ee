"""Lesson: contrast has a price.  CLAHE from weak to strong, and three filters over a faint lesion."""

import math
from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from prep_core.lessons.contrast_price.equal_noise import filters
from prep_core.lessons.contrast_price.faint_lesion import (
    Planted,
    around,
    borders_left,
    lesion_left,
    noise_left,
    planted,
    unit_plane,
)
from prep_core.lessons.contrast_price.told import happened
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.line import Line
from prep_core.param import P
from prep_core.quality.clahe import CLIP_LIMITS, ClaheRow, clahe_strip
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

TILE, BINS = 32, 256
HALF = 36
"""Pixels shown on each side of the lesion where filters are compared."""

ALIKE = 0.005
"""Values at most this far apart count as one; the range is 1."""

WEAK = CLIP_LIMITS[0]
SCALE = Line("percentile_rescale", {"low": 0.1, "high": 99.9})
FILTERS: Mapping[str, str] = {"gaussian": "Gaussian", "bilateral": "bilateral", "tv": "total variation"}

Pair = tuple[Scan, Scan]
"""What became of the plane without and with the lesion."""

Left = Mapping[str, tuple[float, float, float]]
"""By filter, the shares that are left of noise, lesion and borders."""


def show(
    scan: Scan | None,
    *,
    clip_limit: Annotated[
        float,
        P(
            "CLAHE: the largest share of a tile that one grey level may hold; a larger one raises contrast more.",
            (0.001, 1),
            soft=(0.002, 0.1),
        ),
    ] = 0.02,
    sigma: Annotated[float, P("Standard deviation of the Gaussian blur.", (0.5, 3), "px", soft=(0.5, 3))] = 1.5,
    diameter: Annotated[float, P("Diameter of the lesion.", (2, 20), "px", soft=(3, 14))] = 8.0,
    contrast: Annotated[
        float, P("By how many standard deviations of the noise the lesion is darker.", (0.5, 20), soft=(0.5, 8))
    ] = 2.0,
) -> Shown:
    """One faint lesion under CLAHE of rising strength, and under three filters that leave the same noise."""
    place = planted(unit_plane(scan, SCALE), diameter, contrast)
    raised = {limit: _pair(place, Recipe((_clahe(limit),))) for limit in sorted({*CLIP_LIMITS, clip_limit})}
    near = around(place, HALF)
    recipes = filters(near, sigma)
    smoothed = {name: _pair(near, recipe) for name, recipe in recipes.items()}
    left = {
        name: (noise_left(near, p[0]), lesion_left(near, *p), borders_left(near, p[0])) for name, p in smoothed.items()
    }
    numbers = _numbers(place, raised[clip_limit], left)
    both = Recipe((SCALE, *recipes["gaussian"].lines, _clahe(clip_limit)), name="smooth, then raise")
    strip = {
        "as it is": place.lesion,
        f"CLAHE {WEAK:g}": raised[WEAK][1],
        f"CLAHE {clip_limit:g}": raised[clip_limit][1],
    }
    return Shown(
        happened(numbers, clip_limit, BINS),
        numbers,
        (
            _row(
                strip | {"blur, then CLAHE": apply(both.edited(both.lines[1:]), place.lesion)},
                binary_fill_holes(place.ring),
            ),
            _row({"near the lesion": near.lesion} | {FILTERS[name]: pair[1] for name, pair in smoothed.items()}),
        ),
        (_gains_chart(place, raised), _left_chart(left)),
        (_figures_table(place.lesion, clip_limit),),
        both,
    )


def _pair(place: Planted, recipe: Recipe) -> Pair:
    return apply(recipe, place.without), apply(recipe, place.lesion)


def _clahe(limit: float) -> Line:
    ends = {"input_range": "fixed", "in_low": 0.0, "in_high": 1.0}
    return Line("clahe", {"clip_limit": limit, "tile": TILE, "bins": BINS, **ends})


def _numbers(place: Planted, raised: Pair, left: Left) -> dict[str, float]:
    lesion, noise = lesion_left(place, *raised), noise_left(place, raised[0])
    numbers = {
        "lesion_gain": lesion,
        "noise_gain": noise,
        "cnr": place.contrast / place.noise,
        "cnr_raised": place.contrast * lesion / (place.noise * noise),
        "one_value": _spread(place, raised[0]),
    }
    for name, (noise_share, lesion_share, borders_share) in left.items():
        numbers |= {f"noise_{name}": noise_share, f"lesion_{name}": lesion_share, f"borders_{name}": borders_share}
    return numbers


def _spread(place: Planted, after: Scan) -> float:
    """From the 5 to the 95 percentile of what became of all pixels that were alike: equal to the mean of the ring."""
    before = place.without
    alike = before.valid & (np.abs(before.data - before.data[place.ring].mean()) <= ALIKE)
    low, high = np.percentile(after.data[alike], (5, 95))
    return float(high - low)


def _row(scans: Mapping[str, Scan], outline: NDArray[np.bool_] | None = None) -> tuple[Picture, ...]:
    return tuple(Picture(title, scan.data, 0, 1, outline=outline) for title, scan in scans.items())


def _gains_chart(place: Planted, raised: Mapping[float, Pair]) -> Chart:
    limits = np.array(list(raised))
    lesion = np.array([lesion_left(place, *pair) for pair in raised.values()])
    noise = np.array([noise_left(place, without) for without, _ in raised.values()])
    curves = (Curve("lesion", limits, lesion), Curve("noise", limits, noise))
    return Chart("CLAHE raises both", "clip limit (share of a tile)", "times as much as before", curves, log_x=True)


def _left_chart(left: Left) -> Chart:
    names = tuple(FILTERS[name] for name in left)
    shares = 100 * np.array(list(left.values()))
    what = ("noise", "lesion's contrast", "strongest borders")
    curves = tuple(Curve(name, names, shares[:, i]) for i, name in enumerate(what))
    return Chart("What the filters leave", "", "left (%)", curves)


def _figures_table(lesion: Scan, clip_limit: float) -> Table:
    rows = clahe_strip(lesion, tuple(sorted({*CLIP_LIMITS, clip_limit})), tile=TILE)
    head = ("clip limit", "contrast (×)", "range 1 to 99 %", "entropy (bit)", "edges (×)", "PSNR (dB)", "SSIM")
    return Table("CLAHE in six figures", head, tuple(map(_figures_row, rows)))


def _figures_row(row: ClaheRow) -> tuple[str | float, ...]:
    name = "none" if row.clip_limit is None else f"{row.clip_limit:g}"
    likeness = math.nan if row.ssim is None else row.ssim
    return (name, row.contrast, row.dynamic_range, row.entropy, row.edges, row.psnr, likeness)


LESSON = Lesson(
    key="contrast-price",
    title="Contrast has a price",
    question="CLAHE makes everything clearer, and smoothing makes everything calmer. What happens to a faint lesion?",
    show=show,
    breaks={"clip_limit": 0.1, "sigma": 3.0, "diameter": 3.0},
    breaking="CLAHE raises the noise until one tissue has nearly every grey there is, and none of the three filters "
    "leaves much of a lesion of 3 pixels.",
    samples=("us_phantom", "mr_brain_bias", "ct_chest", "phase_cell"),
    takes_own="Any scan with real values and an even, bright place of some 25 pixels across.",
)

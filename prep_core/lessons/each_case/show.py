"""Lesson: each case its own normalisation, or one reference for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.each_case.exposures import CASES, Case, Thing, exposures, phantom, thing_of
from prep_core.lessons.each_case.told import happened
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.thinned_plane import pixel_aspect, shown_pixels
from prep_core.line import Line
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan

FEWEST, FEWEST_PIXELS = 10, 8
"""Cases that must show a tissue, and its pixels in a case that does."""

MEDIAN_STEP = 0.6745 * 2**0.5
"""Median distance of two normally distributed numbers, in their standard deviations."""

DRAWN = (-2.0, 4.0)
"""Standard deviations that are drawn black and white."""

WORDS: Mapping[str, str] = MappingProxyType({"stored": "stored", "own": "its own", "one": "one for all"})


@dataclass(frozen=True)
class Kept:
    """The mean of both tissues in each case, after one way of normalising; NaN in a case without the tissue."""

    results: list[Scan]
    dark: NDArray[np.float64]
    bright: NDArray[np.float64]

    @property
    def apart(self) -> float:
        """How far the two tissues lie apart, in the mean of all cases."""
        return float(np.nanmean(self.bright) - np.nanmean(self.dark))

    @property
    def spread(self) -> float:
        """Standard deviation of the bright tissue from case to case, as a share of that distance."""
        return float(np.nanstd(self.bright)) / abs(self.apart)

    @property
    def swapped(self) -> float:
        """Share of the pairs of cases in which the dark tissue of one is no darker than the bright one of the other."""
        dark, bright = (values[np.isfinite(values)] for values in (self.dark, self.bright))
        return float(np.mean(dark[:, None] >= bright[None, :]))


def show(
    scan: Scan | None,
    *,
    exposure: Annotated[
        float, P("Exposure of the brightest case over that of the dimmest.", (1, 64), soft=(1, 16))
    ] = 6.0,
    view: Annotated[
        float, P("By how much a field of view may be narrower than the whole.", (0, 60), "%", (0, 60))
    ] = 10.0,
    sigmas: Annotated[float, P("How far from the mean a value may lie.", (0.5, 20), "std", soft=(1, 10))] = 5.0,
    noise: Annotated[float, P("Noise of the detector, in percent of the bright tissue.", (0, 50), "%", (0, 20))] = 3.0,
) -> Shown:
    """One thing at 36 exposures, by the mean and spread of each, and by those of all together."""
    thing = phantom() if scan is None else thing_of(scan)
    level = float(np.mean(np.abs(thing.scan.data[thing.bright]), dtype=np.float64))
    cases = exposures(thing, exposure, view / 100, noise / 100 * level)
    recipe = _recipe(sigmas, "image")
    kept = {
        "stored": _kept(cases, Recipe()),
        "own": _kept(cases, recipe),
        "one": _kept(cases, fit(_recipe(sigmas, "dataset"), [case.scan for case in cases])),
    }
    _both_tissues(thing, kept["stored"])
    _told_apart(thing, kept, sigmas)
    numbers = _numbers(kept, cases)
    return Shown(
        happened(numbers, exposure, sigmas),
        numbers,
        tuple(_pictures(cases, kept, which) for which in (0, -1)),
        tuple(_chart(cases, kept[name], WORDS[name]) for name in ("own", "one")),
        (_table(kept),),
        recipe,
    )


def _recipe(sigmas: float, over: str) -> Recipe:
    return Recipe((Line("zscore", over=over), Line("clip", {"low": -sigmas, "high": sigmas})), name="each_case")


def _kept(cases: list[Case], recipe: Recipe) -> Kept:
    results = [apply(recipe, case.scan) for case in cases]
    dark = [_mean(result, case.dark) for result, case in zip(results, cases, strict=True)]
    bright = [_mean(result, case.bright) for result, case in zip(results, cases, strict=True)]
    return Kept(results, np.array(dark), np.array(bright))


def _mean(scan: Scan, inside: NDArray[np.bool_]) -> float:
    return float(scan.data[inside].mean(dtype=np.float64)) if inside.sum() >= FEWEST_PIXELS else float("nan")


def _both_tissues(thing: Thing, stored: Kept) -> None:
    """Raises ValueError where too few cases show them."""
    for name, values in (("dark", stored.dark), ("bright", stored.bright)):
        shown = int(np.isfinite(values).sum())
        if shown < FEWEST:
            raise ValueError(
                f"scan {thing.scan.name}: its {name} tissue is in {shown} of {CASES} fields of view, and {FEWEST} are "
                "needed; let the fields of view be wider, or open a scan in which it is larger"
            )


def _told_apart(thing: Thing, kept: Mapping[str, Kept], sigmas: float) -> None:
    """Raises ValueError where the two tissues have become one value."""
    if min(abs(one.apart) for one in kept.values()) < 1e-6:
        raise ValueError(
            f"scan {thing.scan.name}: cut off at {sigmas:g} standard deviations from the mean its two tissues have one "
            "value, so there is no distance to compare with; cut off further out"
        )


def _numbers(kept: Mapping[str, Kept], cases: list[Case]) -> dict[str, float]:
    found: dict[str, float] = {
        "cases": float(len(cases)),
        "stored_least": float(np.nanmin(kept["stored"].bright)),
        "stored_most": float(np.nanmax(kept["stored"].bright)),
    }
    for name, one in kept.items():
        found |= {f"spread_{name}": one.spread, f"swapped_{name}": one.swapped, f"apart_{name}": one.apart}
    for name in ("own", "one"):
        for word, which in (("dimmest", 0), ("brightest", -1)):
            found[f"noise_{name}_{word}"] = _noise(kept[name].results[which], cases[which].dark)
    return found


def _noise(scan: Scan, inside: NDArray[np.bool_]) -> float:
    """Standard deviation of the noise, by the median step from pixel to pixel: few steps cross an edge."""
    steps = np.abs(np.diff(scan.data, axis=-1))[inside[..., 1:] & inside[..., :-1]]
    return float(np.median(steps)) / MEDIAN_STEP if steps.size else 0.0


def _pictures(cases: list[Case], kept: Mapping[str, Kept], which: int) -> tuple[Picture, ...]:
    words = "bright" if which else "dim"
    black, white = np.percentile(kept["stored"].results[-1].data[cases[-1].scan.valid], (0.5, 99.5)).tolist()
    drawn = []
    for name, one in kept.items():
        low, high = (min(black, 0.0), white) if name == "stored" else DRAWN
        result = one.results[which]
        aspect = pixel_aspect(result)
        drawn.append(Picture(f"{words}, {WORDS[name]}", shown_pixels(result), low, high, aspect=aspect))
    return tuple(drawn)


def _chart(cases: list[Case], kept: Kept, words: str) -> Chart:
    places = np.arange(1, len(cases) + 1)
    return Chart(
        f"Two tissues, {words}",
        "case, from the dimmest to the brightest",
        "mean (std)",
        (
            Curve("bright tissue", places, kept.bright, points=True),
            Curve("dark tissue", places, kept.dark, points=True),
        ),
    )


def _table(kept: Mapping[str, Kept]) -> Table:
    rows = tuple(
        (WORDS[name], float(np.nanmin(one.bright)), float(np.nanmax(one.bright)), 100 * one.spread, 100 * one.swapped)
        for name, one in kept.items()
    )
    head = ("numbers", "least mean", "largest mean", "spread (% of distance)", "swapped pairs (%)")
    return Table("The bright tissue from case to case", head, rows)


LESSON = Lesson(
    key="each-case",
    title="Each case its own normalisation",
    question="One thing, 36 exposures, bright and dim. Does the same tissue get the same value in each?",
    show=show,
    breaks={"exposure": 1.0, "view": 60.0},
    breaking="All exposures are alike, but each picture shows another part, with more or less of the brightest organ: "
    "numbers of its own move the same tissue about. One reference holds it, unless the scan is shaded.",
    samples=("mr_brain_bias", "fluorescence_nuclei"),
    takes_own="A scan whose values an exposure multiplies, and without a unit: MR, fluorescence, counts of an X-ray. "
    "Its middle plane is exposed 36 times by simulation.",
)

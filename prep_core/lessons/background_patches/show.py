"""Lesson: patches that show nothing but background, and what a scale of their own makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.background_patches.patch_rules import (
    EVENED,
    MEDIAN,
    MODE,
    PERCENTILES,
    Patches,
    Plane,
    cut,
    full_scale,
    gains,
    on_patches,
    rules,
    whole,
)
from prep_core.lessons.background_patches.phase_field import phase_field
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.thinned_plane import shown_pixels, thinned_plane
from prep_core.line import Line
from prep_core.param import P
from prep_core.quality.seams import Patchwise
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan


@dataclass(frozen=True, eq=False)
class _Rule:
    """One way to scale: its (y, x) result, and its (patches,) noise gain."""

    words: str
    result: Plane
    gains: Plane


def show(
    scan: Scan | None,
    *,
    side: Annotated[int, P("Pixels on a side of a patch.", (24, 256), "px", soft=(24, 96))] = 48,
    count: Annotated[
        int, P("Patches that are drawn at random for training, some more than once.", (1, 500), soft=(1, 200))
    ] = 60,
    factor: Annotated[float, P("The background becomes 1 / factor.", (0.5, 10), soft=(1, 4))] = 2.0,
    evened: Annotated[bool, P("Divide by the uneven light before anything is scaled.")] = False,
) -> Shown:
    """Percentiles and background, of the image and of each patch alone."""
    before = phase_field().scan if scan is None else thinned_plane(scan)
    plane = apply(Recipe((EVENED,)), before) if evened else before
    patches = cut(plane, side)
    lines = rules(factor)
    found = _found(patches, lines)
    drawn = np.random.default_rng(0).integers(0, len(patches.places), count)
    numbers = _numbers(patches, found, drawn)
    recipe = Recipe((*((EVENED,) if evened else ()), lines[MODE]), name="background")
    return Shown(
        _happened(numbers, side, count, factor, evened, plane.unit),
        numbers,
        _pictures(patches, found),
        (_chart(patches, found),),
        (_table(patches, found),),
        recipe,
    )


def _found(patches: Patches, lines: Mapping[str, Line]) -> dict[str, _Rule]:
    plane, one = patches.plane, np.ones(len(patches.places))
    fixed = whole(Line("rescale", {"divide": full_scale(plane)}), plane)
    image = {name: whole(line, plane) for name, line in lines.items()}
    alone = {name: on_patches(line, patches, image[name]) for name, line in lines.items()}
    return {
        "image": _Rule("percentiles, image", image[PERCENTILES], one),
        **{name: _rule(f"{name}, patch", alone[name], patches) for name in (PERCENTILES, MODE, MEDIAN)},
        "background": _Rule("mode, image", image[MODE], one),
        "fixed": _Rule("fixed value", fixed, one),
    }


def _rule(words: str, found: Patchwise, patches: Patches) -> _Rule:
    return _Rule(words, found.result, gains(found, patches))


def _noise(patches: Patches, rule: _Rule) -> float:
    """The median gain of the patches that show background alone; of all patches where none does."""
    chosen = rule.gains[patches.empty] if patches.empty.any() else rule.gains
    return float(np.nanmedian(chosen))


def _apart(patches: Patches, rule: _Rule) -> float:
    """From the patch with the darkest background to that with the brightest."""
    levels = patches.of_background(rule.result)
    return float(np.nanmax(levels) - np.nanmin(levels))


def _numbers(patches: Patches, found: Mapping[str, _Rule], drawn: NDArray[np.int64]) -> dict[str, float]:
    empty = patches.empty
    values = shown_pixels(patches.plane).astype(np.float64)
    spans = np.array([np.subtract(*np.nanpercentile(values[place], (99, 1))) for place in patches.places])
    numbers = {
        "fixed": full_scale(patches.plane),
        "patches": len(patches.places),
        "empty": int(np.count_nonzero(empty)),
        "drawn_empty": int(np.count_nonzero(empty[drawn])),
        "span_image": float(np.subtract(*np.nanpercentile(values, (99, 1)))),
        "span_patch": float(np.median(spans[empty] if empty.any() else spans)),
    }
    for name, rule in found.items():
        each = patches.deviations(rule.result)[drawn]
        numbers[f"gain_{name}"] = _noise(patches, rule)
        numbers[f"apart_{name}"] = _apart(patches, rule)
        numbers[f"listened_{name}"] = float(each[empty[drawn]].sum() / each.sum()) if each.any() else 0.0
    return numbers


def _pictures(patches: Patches, found: Mapping[str, _Rule]) -> tuple[tuple[Picture, ...], ...]:
    values = shown_pixels(patches.plane)
    low, high = (float(end) for end in np.nanpercentile(values, (0.1, 99.9)))
    raw = Picture("Image", values, low, max(high, low + 1e-6), patches.plane.unit, outline=patches.flagged)
    named = {
        "Percentiles, image": "image",
        "Percentiles, patch": PERCENTILES,
        "Mode, image": "background",
        "Mode, patch": MODE,
        "Median, patch": MEDIAN,
    }
    scaled = [Picture(title, found[name].result, 0, 1) for title, name in named.items()]
    return (raw, *scaled[:2]), tuple(scaled[2:])


def _chart(patches: Patches, found: Mapping[str, _Rule]) -> Chart:
    names = (PERCENTILES, MODE, MEDIAN)
    curves = tuple(Curve(name, 100 * patches.shares, found[name].gains, points=True) for name in names)
    return Chart("Patches", "share of cell in a patch (%)", "noise, times that of the image", curves, log_y=True)


def _table(patches: Patches, found: Mapping[str, _Rule]) -> Table:
    rows = tuple(
        (
            rule.words,
            float(np.nanmedian(patches.of_background(rule.result))),
            _apart(patches, rule),
            _noise(patches, rule),
        )
        for rule in found.values()
    )
    head = ("scaled by", "background at", "patches apart by", "noise gain, no cell")
    return Table("What becomes of the background", head, rows)


def _happened(n: Mapping[str, float], side: int, count: int, factor: float, evened: bool, unit: str) -> tuple[str, ...]:
    light = "The light was evened first" if evened else "The light was left uneven"
    return (
        f"Percentiles: y = (x − p1) / (p99 − p1). In the whole image p99 − p1 = {n['span_image']:.4g} {unit}, wide by "
        "its cells and its uneven light. " + _stretched(n, side),
        f"Of {count} patches drawn for training {n['drawn_empty']:.0f} show no cell. In them lie "
        f"{n['listened_image']:.0%} of the squared deviations, to which a squared error listens, where the percentiles "
        f"are those of the image, and {n[f'listened_{PERCENTILES}']:.0%} where each patch has its own: the network "
        "learns noise and light.",
        f"Background: y = x / ({factor:g} · b), with b the most frequent value (mode) after light smoothing. Empty "
        f"patches divide by nearly the same b, so their noise stays ({n[f'gain_{MODE}']:.2f} times), and their "
        f"background lies at 1 / {factor:g} = {1 / factor:.3g}. But a patch that cells fill takes a cell for the "
        f"background: from patch to patch the background differs by up to {n[f'apart_{MODE}']:.3g} after the mode and "
        f"{n[f'apart_{MEDIAN}']:.3g} after the median.",
        f"{light}. One b for the whole image makes no seams, and leaves the light as it is: "
        f"{n['apart_background']:.3g} from the darkest patch to the brightest. A fixed value ({n['fixed']:g}, the "
        "power of two above all values) does the same, but follows the lamp: twice the light is twice the value.",
        "On the built-in real image, and on a phase contrast film of bacteria, the gain is larger than in this "
        "simulation, and what comes up is not noise alone but bands and dust. What the lesson does not show: where the "
        "background is 0, as in fluorescence or after a phase was subtracted, there is nothing to divide by.",
    )


def _stretched(n: Mapping[str, float], side: int) -> str:
    if not n["empty"]:
        return f"None of the {n['patches']:.0f} patches of {side} pixels is without a cell, so none is stretched."
    ratio = n["span_image"] / n["span_patch"]
    return (
        f"{n['empty']:.0f} of the {n['patches']:.0f} patches of {side} pixels show no cell (outlined), and in the "
        f"middle one of them p99 − p1 is {n['span_patch']:.4g}. On its own scale such a patch is stretched by about "
        f"{n['span_image']:.4g} / {n['span_patch']:.4g} = {ratio:.3g}: its noise becomes "
        f"{n[f'gain_{PERCENTILES}']:.3g} times as strong as in the image, and looks like a texture."
    )


LESSON = Lesson(
    key="background-patches",
    title="Background patches",
    question="Images are cut into patches, and each is scaled by itself. What does a patch without a cell look like?",
    show=show,
    breaks={"side": 24},
    breaking="Patches smaller than a cell: scaled by its own percentiles every patch without one is noise from black "
    "to white, and where cells fill a patch its mode and its median are those of a cell, which turns grey.",
    samples=("phase_cell",),
    takes_own="An image of a few cells on a background above 0, as phase contrast or bright field give it.",
)

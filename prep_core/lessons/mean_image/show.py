"""Lesson: the mean image, and what becomes of an edge when each pixel is divided by its own spread."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_erosion

from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.mean_image.disc_pictures import Mask, Pictures, frames_of, simulated
from prep_core.lessons.mean_image.normalisations import WORDS, fitted, grey_range
from prep_core.lessons.mean_image.told import happened
from prep_core.lessons.mean_image.training import train
from prep_core.lessons.thinned_plane import pixel_aspect, shown_pixels
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

RING = 4
"""Pixels on either side of an edge that are compared."""

LARGEST_CONTRAST = 1e6
"""Of an edge between two areas without any noise."""

DRAWN: Mapping[str, float] = MappingProxyType({"fixed": 1.0, "range": 1.0, "std": 3.0, "channel": 3.0})
"""Value that is drawn white; its negative is black."""


def show(
    scan: Scan | None,
    *,
    shift: Annotated[
        int, P("How far the disc lies to the right of where it lies in training.", (0, 20), "px", (0, 20))
    ] = 8,
    jitter: Annotated[
        int, P("How far it may lie from there in training, in both directions.", (0, 16), "px", (0, 16))
    ] = 0,
    discs: Annotated[
        float, P("How many of the lesson's own training pictures have a disc.", (5, 95), "%", (5, 95))
    ] = 50.0,
    std_floor: Annotated[
        float, P("A spread below this counts as this, in both maps per pixel.", (0.5, 1000), "levels", (0.5, 120))
    ] = 5.0,
) -> Shown:
    """One picture after four normalisations that were measured on 60: fixed, per pixel twice, and per channel."""
    pictures = simulated(discs / 100, jitter, shift) if scan is None else frames_of(scan, jitter, shift)
    recipes = fitted(pictures.training, std_floor)
    results = {
        name: tuple(apply(recipe, one) for one in (pictures.home, pictures.moved, pictures.empty))
        for name, recipe in recipes.items()
    }
    maps = _maps(recipes["std"], pictures.home)
    unit = "1" if pictures.home.data.dtype == "uint8" else pictures.home.unit
    numbers = _numbers(pictures, results, maps)
    return Shown(
        happened(numbers, shift, len(pictures.training), unit, own=scan is not None),
        numbers,
        (
            _measured(pictures, maps, results["std"][2], unit),
            tuple(_drawn(WORDS[name], after[1], -DRAWN[name], DRAWN[name]) for name, after in results.items()),
        ),
        (_contrasts(numbers), _profile(pictures, results)),
        (_table(numbers),),
        fitted(None, std_floor)["channel"],
    )


def _maps(recipe: Recipe, like: Scan) -> dict[str, NDArray[np.float32]]:
    """The images that were measured: "mean" and "divisor"."""
    return {
        name: array.data.reshape(like.data.shape)
        for line in recipe.lines
        if line.fitted
        for name, array in line.fitted.arrays.items()
    }


def contrast(values: NDArray[Any], where: Mask, valid: Mask) -> float:
    """How far the two sides of the edge of `where` lie apart, in the standard deviations of both sides."""
    inner = where & ~binary_erosion(where, iterations=RING) & valid
    outer = ~where & binary_dilation(where, iterations=RING) & valid
    if not inner.any() or not outer.any():
        return 0.0
    inside, outside = values[inner].astype(np.float64), values[outer].astype(np.float64)
    apart = abs(float(inside.mean() - outside.mean()))
    noise = float(np.sqrt((inside.var() + outside.var()) / 2))
    return apart / max(noise, apart / LARGEST_CONTRAST) if apart else 0.0


def _numbers(
    pictures: Pictures, results: Mapping[str, tuple[Scan, ...]], maps: Mapping[str, NDArray[np.float32]]
) -> dict[str, float]:
    stored = (pictures.home, pictures.moved, pictures.empty)
    found: dict[str, float] = {}
    for name, (home, moved, empty) in {"stored": stored, **results}.items():
        found |= {
            f"home_{name}": contrast(home.data, pictures.home_disc, home.valid),
            f"moved_{name}": contrast(moved.data, pictures.moved_disc, moved.valid),
            f"ghost_{name}": contrast(empty.data, pictures.home_disc, empty.valid),
            f"largest_{name}": float(moved.data[moved.valid].max()),
        }
    inside, outside = pictures.home_disc & pictures.home.valid, ~pictures.home_disc & pictures.home.valid
    for name, image in maps.items():
        found |= {
            f"{name}_inside": float(np.nanmean(image[inside], dtype=np.float64)),
            f"{name}_outside": float(np.nanmean(image[outside], dtype=np.float64)),
        }
    return found


def _drawn(title: str, scan: Scan, low: float, high: float, unit: str = "1") -> Picture:
    return Picture(title, shown_pixels(scan), low, high, unit, aspect=pixel_aspect(scan))


def _measured(
    pictures: Pictures, maps: Mapping[str, NDArray[np.float32]], empty: Scan, unit: str
) -> tuple[Picture, ...]:
    low, high = grey_range(pictures.training)
    aspect = pixel_aspect(pictures.home)
    top = float(np.nanmax(maps["divisor"]))
    return (
        _drawn("moved", pictures.moved, low, high, unit),
        Picture("mean", maps["mean"], low, high, unit, aspect=aspect),
        Picture("spread", maps["divisor"], 0.0, top, unit, "field", aspect=aspect),
        _drawn("empty, std", empty, -DRAWN["std"], DRAWN["std"]),
    )


def _contrasts(numbers: Mapping[str, float]) -> Chart:
    return Chart(
        "Contrast of the edge",
        "normalisation",
        "distance / noise",
        tuple(
            Curve(words, tuple(WORDS.values()), np.array([numbers[f"{kind}_{name}"] for name in WORDS]))
            for kind, words in (("home", "at its place"), ("moved", "moved"))
        ),
    )


def _profile(pictures: Pictures, results: Mapping[str, tuple[Scan, ...]]) -> Chart:
    row = int(np.argmax(pictures.home_disc.sum(axis=1)))
    curves = []
    for name, (_, moved, _) in results.items():
        values = shown_pixels(moved)[row]
        curves.append(Curve(WORDS[name], np.arange(values.size), values))
    return Chart(f"Row {row} of the moved picture", "column (px)", "value (1)", tuple(curves))


def _table(numbers: Mapping[str, float]) -> Table:
    kinds = ("home", "moved", "ghost", "largest")
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (words, *(numbers[f"{kind}_{name}"] for kind in kinds))
        for name, words in {"stored": "as stored", **WORDS}.items()
    )
    head = ("normalisation", "edge at its place", "edge, moved", "edge without a disc", "largest value")
    return Table("Contrast of the edge, and the largest value", head, rows)


LESSON = Lesson(
    key="mean-image",
    title="The mean image",
    question="Each pixel minus its mean, over its own spread: what is left of the edge, and what if the disc moves?",
    show=show,
    breaks={"shift": 20, "discs": 90.0},
    breaking="Nearly all training pictures have the disc, and this one has it elsewhere: there its values are many "
    "spreads high, and where it used to stand a dark disc appears that nobody drew.",
    simulates=("discs",),
    samples=("us_phantom", "us_echo", "ct_chest"),
    takes_own="A film or a stack of at least 8 frames: each is one picture of the set.",
    train=train,
    training="Train two classifiers on each",
)

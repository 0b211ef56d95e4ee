"""Lesson: why a network that is trained on linear intensities learns only the brightest pixels."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.brightest_pixels.depth_scans import depth_edges, depths, intensity, retina, with_decay
from prep_core.lessons.brightest_pixels.told import happened
from prep_core.lessons.brightest_pixels.training import train
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.thinned_plane import pixel_aspect, shown_pixels
from prep_core.line import Line
from prep_core.param import P
from prep_core.quality.network import Band
from prep_core.quality.network import bands as shares
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

BRIGHTEST = 99.0
"""Percentile above which a pixel counts as one of the brightest."""

MOST_LOSS = 4.0
"""Times the mean loss of a pixel that is drawn as the brightest colour."""


@dataclass(frozen=True)
class Seen:
    """What a network sees on one scale: the picture from 0 to 1, and its shares by depth and of the brightest."""

    scan: Scan
    bands: tuple[Band, ...]
    brightest: Band


def show(
    scan: Scan | None,
    *,
    decay: Annotated[
        float, P("Further loss of light on the way to the bottom of the picture and back.", (0, 60), "dB", (0, 60))
    ] = 0.0,
    kept: Annotated[
        float,
        P("What lies further than this below the reference (percentile 99.9) is cut off.", (5, 120), "dB", (5, 120)),
    ] = 60.0,
    bands: Annotated[int, P("Depth bands of equal thickness.", (2, 12), soft=(3, 8))] = 6,
) -> Shown:
    """Which depths the loss and the gradient of a network come from, on a linear scale and in dB."""
    stored = retina(decay) if scan is None else with_decay(scan, decay)
    raw = intensity(stored)
    edges, unit = depth_edges(raw, bands)
    linear = _seen(apply(Recipe((Line("minmax"),)), raw), raw, edges)
    recipe = _decibels(kept, complex_values=np.iscomplexobj(stored.data))
    level = _seen(apply(recipe, stored), raw, edges)
    numbers = _numbers(linear, level) | {"decades": _decades(raw)}
    names = tuple(f"{low:.3g}–{high:.3g}" for low, high in pairwise(edges))
    return Shown(
        happened(numbers, bands, kept),
        numbers,
        (_pictures("linear", linear), _pictures("dB", level)),
        tuple(_chart(kind, words, names, unit, linear, level) for kind, words in SHARES),
        (_table(raw, edges, names, unit, linear, level, kept),),
        recipe,
    )


SHARES = (("loss", "Share of the loss"), ("gradient", "Share of the gradient"))


def _decibels(kept: float, *, complex_values: bool) -> Recipe:
    above = (Line("magnitude", {"power": 2.0}),) if complex_values else ()
    ends = Line("rescale_range", {"in_low": -kept, "in_high": 0.0, "out_low": 0.0, "out_high": 1.0})
    return Recipe((*above, Line("decibel", {"percentile": 99.9}), ends), name="decibel")


def _seen(result: Scan, raw: Scan, edges: tuple[float, ...]) -> Seen:
    values, stored = result.data[raw.valid], raw.data[raw.valid]
    limits = (float(stored.min()), float(np.percentile(stored, BRIGHTEST)), float(stored.max()))
    by_depth = shares(depths(raw, edges)[raw.valid], values, edges)
    return Seen(result, by_depth, shares(stored, values, limits)[-1])


def _numbers(linear: Seen, level: Seen) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, one in (("linear", linear), ("db", level)):
        found |= {
            f"{name}_brightest_loss": one.brightest.loss,
            f"{name}_brightest_gradient": one.brightest.gradient,
            f"{name}_deepest_loss": one.bands[-1].loss,
            f"{name}_deepest_gradient": one.bands[-1].gradient,
            f"{name}_mean_loss": float(np.mean(np.square(_values(one), dtype=np.float64))),
        }
    strongest = max(range(len(linear.bands)), key=lambda i: linear.bands[i].loss)
    return found | {
        "brightest_pixels": linear.brightest.voxels,
        "linear_band_loss": linear.bands[strongest].loss,
        "db_band_loss": level.bands[strongest].loss,
        "strongest_band": strongest + 1.0,
        "black": float(np.mean(_values(level) <= 0)),
    }


def _decades(raw: Scan) -> float:
    """Powers of ten between the 0.1 and the 99.9 percentile of the values above 0."""
    values = raw.data[raw.valid & (raw.data > 0)]
    low, high = np.percentile(values, (0.1, 99.9)) if values.size else (1.0, 1.0)
    return float(np.log10(high / low))


def _values(seen: Seen) -> NDArray[np.float32]:
    values: NDArray[np.float32] = seen.scan.data[seen.scan.valid]
    return values


def _pictures(name: str, seen: Seen) -> tuple[Picture, Picture]:
    values = shown_pixels(seen.scan)
    loss = np.square(values)
    aspect = pixel_aspect(seen.scan)
    return (
        Picture(f"{name} picture", values, 0.0, 1.0, aspect=aspect),
        Picture(f"{name}, loss per pixel", loss / np.nanmean(loss), 0.0, MOST_LOSS, colours="field", aspect=aspect),
    )


def _chart(kind: str, words: str, names: tuple[str, ...], unit: str, linear: Seen, level: Seen) -> Chart:
    return Chart(
        f"{words} by depth",
        f"depth ({unit})",
        f"{words.lower()} (%)",
        tuple(
            Curve(name, names, np.array([100 * getattr(band, kind) for band in one.bands]))
            for name, one in (("linear", linear), ("dB", level))
        ),
    )


def _table(
    raw: Scan, edges: tuple[float, ...], names: tuple[str, ...], unit: str, linear: Seen, level: Seen, kept: float
) -> Table:
    depth = depths(raw, edges)
    rows: list[tuple[str | float, ...]] = []
    for i, (low, high) in enumerate(pairwise(edges)):
        inside = raw.valid & (depth >= low) & (depth < high)
        means = [_mean(values, inside) for values in (raw.data, linear.scan.data, kept * (level.scan.data - 1))]
        rows.append((names[i], *means, 100 * linear.bands[i].loss, 100 * level.bands[i].loss))
    head = (f"depth ({unit})", "stored (mean)", "linear (0 to 1)", "level (dB)", "loss, linear (%)", "loss, dB (%)")
    return Table("One row for each depth band", head, tuple(rows))


def _mean(values: NDArray[Any], inside: NDArray[np.bool_]) -> float | str:
    return float(values[inside].mean(dtype=np.float64)) if inside.any() else "padding"


LESSON = Lesson(
    key="brightest-pixels",
    title="Why the network learned only the brightest pixels",
    question="The deep layers are there in the file. Why does a network that minimises the squared error not see them?",
    show=show,
    breaks={"decay": 30.0, "kept": 10.0},
    breaking="With 30 dB more decay and only 10 dB kept, dB goes wrong as well: all but the surface is black, and the "
    "deep bands have no share of the loss on either scale.",
    samples=("oct_simulated", "us_phantom"),
    takes_own="Raw intensities on a linear scale, or complex amplitudes, with depth from top to bottom: "
    "OCT, ultrasound.",
    train=train,
    training="Train a small network on both",
)

"""Lesson: what is 0 dB?  One gain, three references."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.line import Line
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.samples.oct import simulate_oct
from prep_core.scan import Scan

SIDE = 256
TRAINING = (1, 2, 3)
"""Seeds of the scans of which the data set's reference is taken."""

TENTHS = 10


def show(
    scan: Scan | None,
    *,
    gain: Annotated[
        float, P("By how much the machine amplifies more than when it was set up.", (0.01, 100), soft=(0.1, 10))
    ] = 4.0,
    percentile: Annotated[float, P("Percentile that becomes 0 dB.", (50, 100), "%", soft=(95, 100))] = 99.9,
    kept: Annotated[float, P("What lies further below 0 dB than this is cut off.", (10, 120), "dB", (20, 90))] = 50.0,
) -> Shown:
    """The same scan at two gains, in dB above 1, above its own percentile, and above that of a training set."""
    plane = _plane(scan)
    louder = _amplified(plane, gain)
    training = [plane] if scan else [simulate_oct(depth=SIDE, width=SIDE // 2, seed=seed) for seed in TRAINING]
    recipes = _recipes(plane, training, percentile, kept)
    results = {name: (apply(recipe, plane), apply(recipe, louder)) for name, recipe in recipes.items()}
    shifts = {name: _shift(apply(_open(r), plane), apply(_open(r), louder)) for name, r in recipes.items()}
    ends = {name: _ends(after, kept) for name, (_, after) in results.items()}
    left = {name: _left(plane, after, kept) for name, (_, after) in results.items()}
    told = 10 * math.log10(gain)
    numbers = {"gain_db": told}
    for name in recipes:
        numbers |= {f"shift_{name}": shifts[name], f"floor_{name}": ends[name][0], f"ceiling_{name}": ends[name][1]}
        numbers |= {f"darkest_{name}": float(left[name][0]), f"brightest_{name}": float(left[name][-1])}
    return Shown(
        _happened(gain, told, shifts, ends, left),
        numbers,
        tuple(
            tuple(
                Picture(f"{SHORT[name]}, × {amount:g}", result.data.reshape(result.data.shape[-2:]), -kept, 0, "dB")
                for name, pair in results.items()
                for result in (pair[which],)
            )
            for which, amount in enumerate((1.0, gain))
        ),
        charts=(_survivors(left, gain),),
        tables=(
            Table(
                f"At a gain of {gain:g}",
                ("0 dB is", "a voxel moves by (dB)", "cut off below (%)", "cut off above (%)"),
                tuple((WORDS[n], shifts[n], 100 * ends[n][0], 100 * ends[n][1]) for n in recipes),
            ),
        ),
        recipe=recipes["own"],
    )


WORDS: Mapping[str, str] = {"fixed": "value 1", "own": "own percentile", "dataset": "training percentile"}
"""What is 0 dB."""

SHORT: Mapping[str, str] = {"fixed": "value 1", "own": "own", "dataset": "training"}
"""The same above a picture."""


def _plane(scan: Scan | None) -> Scan:
    if scan is None:
        return simulate_oct(depth=SIDE, width=SIDE)
    return scan.take({axis: scan.size(axis) // 2 for axis in "TCZ" if axis in scan.axes})


def _amplified(scan: Scan, gain: float) -> Scan:
    """`scan` with `gain` times its intensity."""
    complex_values = np.iscomplexobj(scan.data)
    factor = np.float32(math.sqrt(gain) if complex_values else gain)
    return replace(scan, data=scan.data * factor)


def _recipes(scan: Scan, training: list[Scan], percentile: float, kept: float) -> dict[str, Recipe]:
    above = (Line("magnitude", {"power": 2}),) if np.iscomplexobj(scan.data) else ()
    cut = Line("clip", {"low": -kept, "high": 0.0})
    lines = {
        "fixed": Line("decibel", {"reference": "fixed", "value": 1.0}),
        "own": Line("decibel", {"percentile": percentile}),
        "dataset": Line("decibel", {"percentile": percentile}, over="dataset"),
    }
    recipes = {name: Recipe((*above, line, cut), name="decibel") for name, line in lines.items()}
    return {**recipes, "dataset": fit(recipes["dataset"], training)}


def _open(recipe: Recipe) -> Recipe:
    """Without the line that cuts off."""
    return recipe.edited(recipe.lines[:-1])


def _shift(before: Scan, after: Scan) -> float:
    """By how much the middle voxel moves."""
    return float(np.median(after.data[after.valid]) - np.median(before.data[before.valid]))


def _ends(scan: Scan, kept: float) -> tuple[float, float]:
    values = scan.data[scan.valid]
    return float(np.mean(values <= -kept)), float(np.mean(values >= 0))


def _left(before: Scan, after: Scan, kept: float) -> NDArray[np.float64]:
    """(10,) of the darkest to the brightest tenth of the voxels, the share that is neither black nor white."""
    tenths = np.array_split(np.argsort(np.abs(before.data[before.valid]), kind="stable"), TENTHS)
    values = after.data[before.valid]
    inside = (values > -kept) & (values < 0)
    return np.array([inside[tenth].mean() if tenth.size else math.nan for tenth in tenths])


def _survivors(left: Mapping[str, NDArray[np.float64]], gain: float) -> Chart:
    places = (np.arange(TENTHS) + 0.5) * 100 / TENTHS
    curves = tuple(Curve(WORDS[name], places, 100 * shares) for name, shares in left.items())
    return Chart(f"What survives a gain of {gain:g}", "voxels, darkest to brightest (%)", "not cut off (%)", curves)


def _happened(
    gain: float,
    told: float,
    shifts: Mapping[str, float],
    ends: Mapping[str, tuple[float, float]],
    left: Mapping[str, NDArray[np.float64]],
) -> tuple[str, ...]:
    return (
        f"dB = 10 · log10(I / reference). A gain of {gain:g} multiplies every I, so it adds 10 · log10({gain:g}) = "
        f"{told:.2f} dB, unless the reference grows with it.",
        f"Above the value 1 every voxel moves by {shifts['fixed']:.2f} dB, and {ends['fixed'][1]:.1%} of them are cut "
        f"off above. Above its own percentile nothing moves ({shifts['own']:.2f} dB): the reference is {gain:g} times "
        "as large too.",
        f"Above the percentile of the training set, which is frozen, a voxel moves by {shifts['dataset']:.2f} dB. That "
        "is right where brightness means something from scan to scan, and wrong where the gain is only how somebody "
        "set the machine. Which of the two it is no formula can say.",
        f"What survives is what is neither black nor white. Of the brightest tenth of the voxels: {_shares(left, -1)}. "
        f"Of the darkest tenth: {_shares(left, 0)}. What was cut off no later step and no network brings back.",
    )


def _shares(left: Mapping[str, NDArray[np.float64]], tenth: int) -> str:
    return ", ".join(f"{shares[tenth]:.1%} ({WORDS[name]})" for name, shares in left.items())


LESSON = Lesson(
    key="zero-decibel",
    title="What is 0 dB?",
    question="Somebody turns the gain up. Which of these pictures change, and which structure is lost?",
    show=show,
    breaks={"gain": 100.0},
    breaking="A gain of 100 adds 20 dB: above the value 1, and above a frozen reference, the bright layers become one "
    "white area.",
    takes_own="Any scan with positive values on a linear scale.",
)

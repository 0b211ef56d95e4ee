"""Lesson: the label in the corner.  A classifier reads the mark, or the hospital, until the recipe takes it away."""

import math
from typing import Annotated

import numpy as np

from prep_core.lessons.chests import WIDE, radiograph
from prep_core.lessons.corner_label.cases import CORNER, from_hospitals, marked, patients
from prep_core.lessons.corner_label.pooled_filters import Floats
from prep_core.lessons.corner_label.told import NO_HU, Told, happened
from prep_core.lessons.corner_label.trials import Cut, Scale, Trial, cut_lines, scale_lines, trial
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.small_plane import small_plane
from prep_core.line import Line
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

MOST = 102
"""Pixels on the longer side."""

TRAINED, TESTED = 40, 30
"""Patients to learn from, and in each of the two test sets."""

ENDS = (0.5, 99.5)
"""Percentiles of the picture that become 0 and 1."""


def show(
    scan: Scan | None,
    *,
    cut: Annotated[Cut, P("What the recipe does about the mark in the corner.")] = "mask the body",
    scale: Annotated[Scale, P("What the recipe does about the scale of a hospital.")] = "zscore",
    tied: Annotated[
        float,
        P(
            "Share of the ill with the mark, or from hospital B; of the healthy it is the rest.",
            (50, 100),
            "%",
            (50, 100),
        ),
    ] = 100.0,
    gain: Annotated[float, P("What hospital B multiplies all values with.", (0.5, 2), soft=(0.7, 1.5))] = 1.3,
) -> Shown:
    """A classifier before and after the recipe, with a mark in the corner, and with two hospitals."""
    plane = radiograph(4.0, WIDE, 1e9) if scan is None else small_plane(scan, MOST)
    unit_line = _to_unit(plane)
    base = _base(plane, unit_line)
    drawn = ((TRAINED, tied / 100), (TESTED, tied / 100), (TESTED, 0.5))
    sets = [patients(base, count, share, seed) for seed, (count, share) in enumerate(drawn, start=1)]
    with_marks, with_gains = [marked(cases) for cases in sets], [from_hospitals(cases, gain) for cases in sets]
    cutting, scaling = cut_lines(cut, base.shape), scale_lines(scale)
    marks = (trial(with_marks, ()), trial(with_marks, cutting))
    hospitals = (trial(with_gains, ()), trial(with_gains, scaling))
    first = int(np.flatnonzero(with_marks[0].ill & with_marks[0].tagged)[0])
    pair = first, int(np.flatnonzero(~with_gains[0].ill & ~with_gains[0].tagged)[0])
    area = base[CORNER].size / base.size
    return Shown(
        happened(Told(marks, hospitals, first, area, cut, scale, tied, gain)),
        _numbers(marks, hospitals, first) | {"area": area},
        (_map_pictures(marks, first), _hospital_pictures(hospitals, pair)),
        (_chart(marks, hospitals),),
        (_table(marks, hospitals),),
        Recipe((unit_line, *cutting[:-1], *scaling), "short_cuts"),
        NO_HU if cut == "mask the body" else "",
    )


def _to_unit(plane: Scan) -> Line:
    """The line after which the plane goes from 0 to about 1; its numbers are fixed, so a gain stays one."""
    low, high = np.percentile(plane.data[plane.valid], ENDS)
    if low == high:
        raise ValueError(
            f"scan {plane.name}: 99 % of its middle plane is {low:g}, so a classifier sees nothing; open another scan"
        )
    return Line("rescale", {"subtract": float(low), "divide": float(high - low)})


def _base(plane: Scan, unit_line: Line) -> Floats:
    result = apply(Recipe((unit_line, Line("clip", {"low": 0.0, "high": 1.0}))), plane)
    filled: Floats = np.where(result.valid, result.data, 0).reshape(result.data.shape[-2:]).astype(np.float64)
    return filled


def _numbers(marks: tuple[Trial, Trial], hospitals: tuple[Trial, Trial], first: int) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, pair in (("mark", marks), ("hospital", hospitals)):
        for when, found in zip(("before", "after"), pair, strict=True):
            numbers |= {f"{name}_inside_{when}": found.inside, f"{name}_elsewhere_{when}": found.elsewhere}
    corner = {f"corner_{when}": found.in_corner(first) for when, found in zip(("before", "after"), marks, strict=True)}
    return numbers | corner


def _map_pictures(marks: tuple[Trial, Trial], first: int) -> tuple[Picture, ...]:
    maps = [found.reader.activation(found.seen[first]) for found in marks]
    high = float(np.percentile(np.abs(np.stack(maps)), 99.5))
    pictures = []
    for when, found, image in zip(("before", "after"), marks, maps, strict=True):
        pictures.append(Picture(f"ill, {when}", found.seen[first], 0, 1.5))
        pictures.append(Picture(f"map, {when}", image, -high, high, colours="signed"))
    return tuple(pictures)


def _hospital_pictures(hospitals: tuple[Trial, Trial], pair: tuple[int, int]) -> tuple[Picture, ...]:
    pictures = []
    for when, found in zip(("before", "after"), hospitals, strict=True):
        b, a = (found.seen[i] for i in pair)
        low, high = math.floor(10 * min(a.min(), b.min())) / 10, math.ceil(10 * max(a.max(), b.max())) / 10
        pictures += [Picture(f"A, {when}", a, low, high), Picture(f"B, {when}", b, low, high)]
    return tuple(pictures)


def _rows(marks: tuple[Trial, Trial], hospitals: tuple[Trial, Trial]) -> dict[str, Trial]:
    return {
        "mark": marks[0],
        "mark, recipe": marks[1],
        "hospitals": hospitals[0],
        "hospitals, recipe": hospitals[1],
    }


def _chart(marks: tuple[Trial, Trial], hospitals: tuple[Trial, Trial]) -> Chart:
    rows = _rows(marks, hospitals)
    names = tuple(rows)
    return Chart(
        "Right answers",
        "short cut",
        "patients (%)",
        (
            Curve("same place", names, np.array([100 * found.inside for found in rows.values()])),
            Curve("elsewhere", names, np.array([100 * found.elsewhere for found in rows.values()])),
        ),
    )


def _table(marks: tuple[Trial, Trial], hospitals: tuple[Trial, Trial]) -> Table:
    return Table(
        f"Right answers of {TESTED} patients (%)",
        ("short cut", "same place", "elsewhere"),
        tuple((name, 100 * f.inside, 100 * f.elsewhere) for name, f in _rows(marks, hospitals).items()),
    )


LESSON = Lesson(
    key="corner-label",
    title="The label in the corner",
    question="This classifier is right almost always. What does it look at?",
    show=show,
    breaks={"cut": "crop to foreground", "scale": "nothing"},
    breaking="The mark is bright, so a crop to the foreground keeps it: the classifier is perfect here, and guesses "
    "elsewhere.",
    samples=("ct_chest", "mr_brain_bias"),
    takes_own="Any scan with real values; nodules and marks are put into its middle plane.",
)

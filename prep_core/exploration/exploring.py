"""Everything that the page about an exploration says, computed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.batch.glance import Glance
from prep_core.exploration.picture import Picture, picture
from prep_core.inspection import Histogram, Summary, decibel_histogram, inspect, valid_values
from prep_core.lint import Concern, about_scan, lint
from prep_core.measuring import Measured
from prep_core.preview import same_place
from prep_core.quality.report import on_the_grid_of
from prep_core.quality.rows import Compared, Figure, classes, compared, own_rows, tissue_rows
from prep_core.recipe import Recipe
from prep_core.running import Done, run_lines
from prep_core.scan import Scan

Progress = Callable[[float, str], object]


@dataclass(frozen=True)
class Stage:
    """The scan before the first line, or after one.

    Attributes
    ----------
    step : "" before the first line
    histogram : low, high and counts, of about 30,000 voxels
    """

    step: str
    unit: str
    shape: tuple[int, ...]
    histogram: Mapping[str, Any]
    measured: Measured
    tally: Mapping[str, float]


@dataclass(frozen=True)
class Exploration:
    """A scan, a recipe, and what the one does to the other.

    Attributes
    ----------
    at : index of the plane shown along each of T, C and Z that the scan has
    before, after : that plane
    stages : the scan, and what it is after each line
    decibels : histogram of the scan in dB below its largest value; None where not all values are positive
    against : None where the recipe moves voxels in a way that cannot be done to the scan alone, or has no line
    """

    recipe: Recipe
    summary: Summary
    at: Mapping[str, int]
    before: Picture
    after: Picture
    stages: tuple[Stage, ...]
    decibels: Mapping[str, Any] | None
    concerns: tuple[Concern, ...]
    figures: tuple[Figure, ...]
    against: Compared | None


def explore(
    recipe: Recipe,
    scan: Scan,
    at: Mapping[str, int],
    smallest: float | None = None,
    progress: Progress = lambda share, words: None,
) -> Exploration:
    """Run `recipe` on the whole of `scan` and gather what there is to say.

    Parameters
    ----------
    at : mapping
        The plane to show: an index for each of T, C and Z that the scan has.
    smallest : float, optional
        Size in mm of the smallest thing that must stay visible.
    progress : callable, optional
        Called with the share of the work that is done, and what comes next.

    Raises
    ------
    StepError
        Where a line has no answer for the scan.
    ValueError
        For a scan without a valid voxel, before or after.
    """
    progress(0.0, "measuring the scan")
    summary = inspect(scan)
    stages, result = [_stage("", scan, Measured(), {})], scan
    for done in _told(recipe, scan, progress):
        stages.append(_stage(done.line.step, done.scan, done.measured, done.tally))
        result = done.scan
    progress(len(recipe.lines) / (len(recipe.lines) + 1), "computing the figures")
    figures, against = _figures(recipe, scan, result)
    return Exploration(
        recipe,
        summary,
        dict(at),
        picture(scan.take(at)),
        picture(result.take(_there(at, scan, result))),
        tuple(stages),
        _decibels(scan, summary),
        lint(recipe, about_scan(summary, smallest)),
        figures,
        against,
    )


def _told(recipe: Recipe, scan: Scan, progress: Progress) -> Iterator[Done]:
    count = len(recipe.lines)
    lines = run_lines(recipe.lines, scan, alone=True)
    for i, line in enumerate(recipe.lines, start=1):
        progress(i / (count + 2), f"line {i} of {count}: {line.step}")
        yield next(lines)


def _stage(step: str, scan: Scan, measured: Measured, tally: Mapping[str, float]) -> Stage:
    return Stage(step, scan.unit, scan.data.shape, Glance(scan).histogram(), measured, dict(tally))


def _figures(recipe: Recipe, scan: Scan, result: Scan) -> tuple[tuple[Figure, ...], Compared | None]:
    rows = own_rows(scan, result)
    start = on_the_grid_of(recipe, scan, result) if recipe.lines else None
    if start is None or not (start.valid & result.valid).any():
        return rows, None
    labels = classes(start)
    tissues = () if labels is None else tissue_rows(start, result, labels)
    return (*rows, *tissues), compared(start, result, labels)


def _decibels(scan: Scan, summary: Summary) -> Mapping[str, Any] | None:
    if summary.negatives or summary.decades is None or summary.unit in ("HU", "dB"):
        return None
    return _plain(decibel_histogram(valid_values(scan), summary.max, "power"))


def _plain(histogram: Histogram) -> Mapping[str, Any]:
    edges = histogram.edges
    return {"low": float(edges[0]), "high": float(edges[-1]), "counts": histogram.counts.tolist()}


def _there(at: Mapping[str, int], scan: Scan, result: Scan) -> dict[str, int]:
    """The same place in a result that may have another grid, or fewer axes."""
    return {axis: same_place(i, scan.size(axis), result.size(axis)) for axis, i in at.items() if axis in result.axes}

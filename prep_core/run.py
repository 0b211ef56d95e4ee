"""The verbs: `trace` runs a recipe line by line, `apply` keeps the end, `fit` measures a training set and freezes.

Running a line is two stages: `measuring` looks at voxels and answers with plain numbers, `carrying_out` is a pure
function of pixels and numbers.  The preview of one slice calls the same second stage as the run over the volume.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from prep_core.line import Fitted, Line, digest
from prep_core.measuring import accumulators, finished, parts_of
from prep_core.recipe import Recipe
from prep_core.running import Done, StepError, named, run_lines
from prep_core.scan import Scan

__all__ = ["Done", "StepError", "apply", "fit", "trace"]


def trace(recipe: Recipe, scan: Scan) -> Iterator[Done]:
    """Carry out `recipe`, yielding after every line.

    Raises
    ------
    StepError
        "line 2: zscore ...", when a line has no answer for this scan.
    """
    return run_lines(recipe.lines, scan)


def apply(recipe: Recipe, scan: Scan) -> Scan:
    """The scan after the last line.  Same recipe and same pixels in, same bytes out.

    Raises
    ------
    StepError
        As `trace`.
    """
    for done in trace(recipe, scan):
        scan = done.scan
    return scan


def fit(recipe: Recipe, scans: Iterable[Scan]) -> Recipe:
    """`recipe`, with the numbers of its dataset lines measured over all of `scans` and frozen.

    Each line is measured on what the lines above make of the scans, one scan at a time; voxels are pooled.

    Parameters
    ----------
    scans : iterable of Scan
        The training set.  A collection that loads lazily is read once or twice for each dataset line.

    Raises
    ------
    StepError
        When a line has no answer for one of the scans, or the scans have nothing to measure.
    """
    collection = list(scans) if isinstance(scans, Iterator) else scans
    above = replace(recipe, lines=(), trained_on=None)
    for i, line in enumerate(recipe.lines, start=1):
        with named(i, line):
            done = _fit_line(line, above, collection) if line.over == "dataset" else line
        above = replace(above, lines=(*above.lines, done))
    fitted = [line for line in above.lines if line.fitted]
    return replace(above, trained_on=_trained_on(collection)) if fitted else above


def _fit_line(line: Line, above: Recipe, scans: Iterable[Scan]) -> Line:
    line = replace(line, fitted=None)
    first = next(iter(scans), None)
    if first is None:
        raise ValueError("is measured over a dataset, and there are no scans")
    if line.spec.measure is None:
        raise ValueError("measures nothing")
    empty = accumulators(line, line.spec.measure, parts_of(line, apply(above, first)))
    count = 0

    def prepared() -> Iterator[Scan]:
        nonlocal count
        count = 0
        for scan in scans:
            count += 1
            yield apply(above, scan)

    result = finished(line, empty, prepared)
    return replace(line, fitted=Fitted(result.numbers, count, result.voxels, digest(above.lines), result.arrays))


def _trained_on(scans: Iterable[Scan]) -> dict[str, Any]:
    hashes = sorted(scan.source.sha256 for scan in scans)
    return {
        "scans": len(hashes),
        "digest": "sha256:" + hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
    }

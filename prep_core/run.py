"""The verbs: `trace` runs a recipe line by line, `apply` keeps the end, `fit` measures a training set and freezes.

Running a line is two stages: `measuring` looks at voxels and answers with plain numbers, `carrying_out` is a pure
function of pixels and numbers.  The preview of one slice calls the same second stage as the run over the volume.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.measuring import Measured, finished, measured, parts_of, spread
from prep_core.recipe import Fitted, Line, Recipe, digest
from prep_core.scan import Scan


class StepError(ValueError):
    """A line cannot be carried out on this scan; the sentence names line, step and what to do.

    Attributes
    ----------
    line : int
        Which line, counted from 1.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class Done:
    """One line, carried out: the preview shows `scan`, the provenance keeps the rest."""

    line: Line
    measured: Measured
    scan: Scan
    tally: Mapping[str, int]


def trace(recipe: Recipe, scan: Scan) -> Iterator[Done]:
    """Carry out `recipe`, yielding after every line.

    Raises
    ------
    StepError
        "line 2: zscore ...", when a line has no answer for this scan.
    """
    for i, line in enumerate(recipe.lines, start=1):
        with named(i, line):
            done = run_line(line, scan)
        yield done
        scan = done.scan


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


def run_line(line: Line, scan: Scan) -> Done:
    """Measure `line` on `scan`, or take its fitted numbers, and carry it out."""
    measurement = measured(line, scan)
    return done_with(line, measurement, spread(line, measurement, scan), scan)


def done_with(line: Line, measurement: Measured, numbers: Mapping[str, NDArray[np.float32]], scan: Scan) -> Done:
    """Carry out `line` with `numbers`: those of `measurement`, as they are spread over `scan`."""
    result = carried_out(line, numbers, scan)
    tally = line.spec.tally(result.data, line.params) if line.spec.tally else {}
    return Done(line, measurement, result, tally)


def _fit_line(line: Line, above: Recipe, scans: Iterable[Scan]) -> Line:
    line = replace(line, fitted=None)
    first = next(iter(scans), None)
    if first is None:
        raise ValueError("is measured over a dataset, and there are no scans")
    accumulators = [line.spec.accumulator(line.params) for _ in range(parts_of(line, apply(above, first)))]
    count = 0

    def prepared() -> Iterator[Scan]:
        nonlocal count
        count = 0
        for scan in scans:
            count += 1
            yield apply(above, scan)

    result = finished(line, accumulators, prepared)
    return replace(line, fitted=Fitted(result.numbers, count, result.voxels, digest(above.lines)))


def _trained_on(scans: Iterable[Scan]) -> dict[str, Any]:
    hashes = sorted(scan.source.sha256 for scan in scans)
    return {
        "scans": len(hashes),
        "digest": "sha256:" + hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
    }


@contextmanager
def named(number: int, line: Line) -> Iterator[None]:
    """Say which line a complaint is about: any ValueError inside becomes a StepError that begins with the line."""
    try:
        yield
    except StepError:
        raise
    except ValueError as error:
        raise StepError(number, f"{line.step} {error}") from error

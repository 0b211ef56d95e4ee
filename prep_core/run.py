"""The verbs: `trace` runs a recipe line by line, `apply` keeps the end, `fit` measures a training set and freezes.

Running a line is two stages.  `measured` looks at voxels and answers with plain numbers; `carried_out` is a pure
function of pixels and numbers.  The preview of one slice calls the same second stage as the run over the volume.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import Accumulator, groups, split_sizes
from prep_core.ops.image import Image
from prep_core.recipe import Fitted, Line, Number, Recipe, digest
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
class Measured:
    """Numbers of one line, and how many voxels they come from."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    voxels: int = 0


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
    result = carried_out(line, spread(line, measurement, scan), scan)
    tally = line.spec.tally(result.data, line.params) if line.spec.tally else {}
    return Done(line, measurement, result, tally)


def measured(line: Line, scan: Scan) -> Measured:
    """First stage: the numbers of `line`, fitted or measured on `scan`."""
    if line.spec.measure is None:
        return Measured()
    if line.fitted:
        return Measured(line.fitted.numbers, line.fitted.voxels)
    if line.needs_fit:
        raise ValueError("is measured over a dataset; fit the recipe on the training scans first")
    accumulators = [line.spec.accumulator(line.params) for _ in range(_parts(line, scan))]
    return _finished(line, accumulators, lambda: [scan])


def spread(line: Line, measurement: Measured, scan: Scan) -> dict[str, NDArray[np.float32]]:
    """The numbers as arrays that broadcast over `scan.data`."""
    sizes, parts = split_sizes(scan, line.per), _parts(line, scan)
    arrays = {}
    for name, number in measurement.numbers.items():
        values = np.atleast_1d(np.asarray(number, dtype=np.float32))
        if values.size != parts:
            raise ValueError(f"has {name} for {values.size} parts (per {line.per}), and this scan has {parts}")
        arrays[name] = values.reshape(sizes)
    return arrays


def carried_out(line: Line, numbers: Mapping[str, NDArray[np.float32]], scan: Scan) -> Scan:
    """Second stage: a pure function of pixels and numbers.

    `numbers` are as `spread` gives them, cut to the same place if `scan` is a slice of a larger one.
    """
    step, params = line.spec, {name: line.params[name] for name in line.spec.apply_names}
    if np.iscomplexobj(scan.data) and not step.takes_complex:
        raise ValueError("works on real values and the scan is complex; put magnitude above it")
    if step.domain == "grid":
        result: Scan = step.apply(scan, **params)
        return result
    real = np.complex64 if np.iscomplexobj(scan.data) else np.float32
    image = _legal(line, scan, scan.data.astype(real, copy=False))
    # What overflows is refused below; what padding or NaN gives is nobody's number.
    with np.errstate(all="ignore"):
        data = np.asarray(_arithmetic(line, numbers, image, scan.spatial_axes, params), dtype=np.float32)
    _refuse_infinite(data, scan)
    inverted = scan.display_inverted and not step.turns_display
    return replace(scan, data=data, unit=step.unit_after(line.params, scan.unit), display_inverted=inverted)


def _arithmetic(
    line: Line,
    numbers: Mapping[str, NDArray[np.float32]],
    image: Image,
    spatial: str,
    params: Mapping[str, Any],
) -> Image:
    step, domain = line.spec, line.spec.domain_of(line.params)
    if domain == "voxel":
        voxels: Image = step.apply(image, numbers, **params) if step.measure else step.apply(image, **params)
        return voxels
    return _mapped(step.apply, image, numbers, params, min(2 if domain == "plane" else 3, len(spatial)))


def _mapped(
    function: Callable[..., Image],
    image: Image,
    numbers: Mapping[str, NDArray[Any]],
    params: Mapping[str, Any],
    ndim: int,
) -> Image:
    """`function` over the last `ndim` axes, once for each index of the others."""
    outer = image.shape[: image.ndim - ndim]
    parts = {name: np.broadcast_to(a.reshape(a.shape[: len(outer)]), outer) for name, a in numbers.items()}
    result = np.empty(image.shape, np.float32)
    for index in np.ndindex(outer):
        own = {name: float(part[index]) for name, part in parts.items()}
        result[index] = function(image[index], own, **params)
    return result


def _legal(line: Line, scan: Scan, image: Image) -> Image:
    """`image`, once its valid voxels are known to have an answer; the others are brought to values that have one."""
    if line.spec.legal is None:
        return image
    low, high = line.spec.legal(line.params)
    outside = int(np.count_nonzero(((image < low) | (image > high)) & scan.valid))
    if outside:
        values = image[scan.valid]
        raise ValueError(
            f"needs values from {low:g} to {high:g}; {outside} of {values.size} voxels lie outside, "
            f"from {values.min():g} to {values.max():g}; put a window, a clip or a rescale above it"
        )
    return image if scan.all_valid else np.clip(image, np.float32(low), np.float32(high))


def _refuse_infinite(data: Image, scan: Scan) -> None:
    finite = np.isfinite(data)
    if not finite.all() and not finite[scan.valid].all():
        count = int(np.count_nonzero(~finite[scan.valid]))
        raise ValueError(f"takes {count} voxels beyond what a float32 can hold; rescale above it")


def _fit_line(line: Line, above: Recipe, scans: Iterable[Scan]) -> Line:
    line = replace(line, fitted=None)
    first = next(iter(scans), None)
    if first is None:
        raise ValueError("is measured over a dataset, and there are no scans")
    accumulators = [line.spec.accumulator(line.params) for _ in range(_parts(line, apply(above, first)))]
    count = 0

    def prepared() -> Iterator[Scan]:
        nonlocal count
        count = 0
        for scan in scans:
            count += 1
            yield apply(above, scan)

    result = _finished(line, accumulators, prepared)
    return replace(line, fitted=Fitted(result.numbers, count, result.voxels, digest(above.lines)))


def _finished(line: Line, accumulators: list[Accumulator], scans: Callable[[], Iterable[Scan]]) -> Measured:
    """The numbers, after as many passes over the scans as the accumulators ask for."""
    while True:
        for scan in scans():
            _take(line, scan, accumulators)
        asked = [accumulator.again() for accumulator in accumulators]
        if not any(asked):
            break
    answers = [accumulator.finish() for accumulator in accumulators]
    for part, answer in enumerate(answers, start=1):
        if line.spec.check and (complaint := line.spec.check(answer)):
            raise ValueError(f"{complaint} ({_population(line, part, len(answers))})")
    numbers = {name: tuple(answer[name] for answer in answers) for name in answers[0]}
    voxels = sum(accumulator.count for accumulator in accumulators)
    return Measured({k: v[0] if len(v) == 1 else v for k, v in numbers.items()}, voxels)


def _take(line: Line, scan: Scan, accumulators: list[Accumulator]) -> None:
    if np.iscomplexobj(scan.data):
        raise ValueError("works on real values and the scan is complex; put magnitude above it")
    parts = _parts(line, scan)
    if parts != len(accumulators):
        raise ValueError(
            f"is measured per {line.per}: {scan.name} has {parts} parts, the scans before it {len(accumulators)}"
        )
    for part, values in enumerate(groups(scan, line.per, line.inside), start=1):
        if not values.size:
            raise ValueError(f"has no voxels to measure ({_population(line, part, parts)})")
        accumulators[part - 1].update(values)


def _population(line: Line, part: int, parts: int) -> str:
    where = f"{line.per} {part} of {parts}, " if parts > 1 else ""
    return f"measured over {line.over}, {where}inside {line.inside}, padding excluded"


def _parts(line: Line, scan: Scan) -> int:
    return int(np.prod(split_sizes(scan, line.per)))


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

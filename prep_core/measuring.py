"""The first stage of a line: look at voxels, and answer with plain numbers."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.arrays import Array
from prep_core.line import Fitted, Line, Number
from prep_core.measure import Accumulator, Countable, groups, images, inside_mask, split_sizes, weight_of
from prep_core.remembering import Remembered
from prep_core.scan import Scan

Make = Callable[..., Accumulator]
Portion = tuple[int, NDArray[Any]]


@dataclass(frozen=True)
class Measured:
    """Numbers and arrays of one line, and how many voxels they come from."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    voxels: int = 0
    arrays: Mapping[str, Array] = field(default_factory=dict)


def measured(line: Line, scan: Scan, alone: bool = False, remembered: Remembered | None = None) -> Measured:
    """First stage: the numbers of `line`, fitted or measured on `scan`.

    Parameters
    ----------
    alone : bool
        Measure a line that waits for its training set on `scan`, as if it were the whole set.
    remembered : Remembered, optional
        What was counted on this very `scan` before.
    """
    step = line.spec
    if step.measure is None:
        return Measured()
    if line.needs_fit and not alone:
        raise ValueError("is measured over a dataset; fit the recipe on the training scans first")
    first = frozen(line.fitted) if line.fitted else _on(line, step.measure, scan, line.pool, remembered)
    if step.own is None:
        return first
    own = _on(line, step.own, scan, "voxels")
    return Measured({**first.numbers, **own.numbers}, first.voxels, {**first.arrays, **own.arrays})


def measured_counted(line: Line, scan: Scan, values: NDArray[np.float32], counts: NDArray[np.int64]) -> Measured | None:
    """As `measured`, of voxels that have few different values; None for what needs to know where these are.

    Parameters
    ----------
    scan : Scan
        Without padding, and with other values: what its axes and voxels are.
    values, counts : (n,) ndarray
        The values, which may repeat, and how many voxels have each.
    """
    step = line.spec
    divided = line.per == "pixel" or parts_of(line, scan) > 1
    if step.measure is None or step.own or step.prepare or divided or line.inside not in ("all", "positive"):
        return None
    (accumulator,) = accumulators(line, step.measure, 1)
    if not isinstance(accumulator, Countable):
        return None
    chosen = values > 0 if line.inside == "positive" else np.ones(values.size, bool)
    if not chosen.any():
        raise ValueError(f"has no voxels to measure ({population(line, 1, 1)})")
    while True:
        accumulator.update_counted(values[chosen], counts[chosen])
        if not accumulator.again():
            return finished(line, [accumulator])


def accumulators(line: Line, make: Make, parts: int) -> list[Accumulator]:
    """Empty ones, for each part of the population."""
    return [make(**line.spec.arguments(make, line.params)) for _ in range(parts)]


def updated(line: Line, state: list[Accumulator], scan: Scan) -> list[Accumulator]:
    """`state`, one accumulator for each part of the population, after one pass over `scan`.

    Raises
    ------
    ValueError
        For a population that is empty, or that is divided into another number of parts.
    """
    _update(state, _portions(line, scan, len(state)), line.pool)
    return state


def again(state: list[Accumulator]) -> bool:
    """Whether the same voxels must be given once more.  Each of `state` is asked, and gets ready."""
    asked = [accumulator.again() for accumulator in state]
    return any(asked)


def finished(line: Line, state: list[Accumulator]) -> Measured:
    """The numbers of accumulators, one for each part, that have taken all passes.

    Raises
    ------
    ValueError
        For numbers that the step cannot use.
    """
    answers = [accumulator.finish() for accumulator in state]
    for part, answer in enumerate(answers, start=1):
        if line.spec.check and (complaint := line.spec.check(answer)):
            raise ValueError(f"{complaint} ({population(line, part, len(answers))})")
    by_name = {name: tuple(answer[name] for answer in answers) for name in answers[0]}
    numbers = {name: values for name, values in by_name.items() if isinstance(values[0], float)}
    return Measured(
        {name: values[0] if len(values) == 1 else values for name, values in numbers.items()},
        sum(accumulator.count for accumulator in state),
        {name: Array.of(np.stack(values)) for name, values in by_name.items() if name not in numbers},
    )


def _update(state: list[Accumulator], portions: Iterable[Portion], pool: str) -> None:
    for part, values in portions:
        state[part - 1].update(values, weight_of(values.size, pool))


def spread(line: Line, measurement: Measured, scan: Scan) -> dict[str, NDArray[np.float32]]:
    """The numbers as arrays that broadcast over `scan.data`; a curve has one more axis, the last."""
    sizes = split_sizes(scan, line.per)
    parts = math.prod(sizes)
    spread_out = {}
    for name, number in measurement.numbers.items():
        values = np.atleast_1d(np.asarray(number, dtype=np.float32))
        spread_out[name] = _for_parts(line, name, values, parts).reshape(sizes)
    for name, array in measurement.arrays.items():
        if line.per == "pixel":
            spread_out[name] = _over_frames(array.data[0], scan)
        else:
            spread_out[name] = _for_parts(line, name, array.data, parts).reshape(*sizes, -1)
    return spread_out


def cut(numbers: NDArray[np.float32], region: Sequence[slice]) -> NDArray[np.float32]:
    """Those of `numbers`, spread over a scan, that belong to a region of it; a curve keeps its last axis."""
    index = (part if size > 1 else slice(None) for part, size in zip(region, numbers.shape, strict=False))
    return numbers[tuple(index)]


def _for_parts(line: Line, name: str, values: NDArray[np.float32], parts: int) -> NDArray[np.float32]:
    if len(values) != parts:
        raise ValueError(f"has {name} for {len(values)} parts (per {line.per}), and this scan has {parts}")
    return values


def _over_frames(image: NDArray[np.float32], scan: Scan) -> NDArray[np.float32]:
    shape = tuple(n for axis, n in zip(scan.axes, scan.data.shape, strict=True) if axis != "T")
    if image.shape != shape:
        old, new = (" x ".join(map(str, sizes)) for sizes in (image.shape, shape))
        raise ValueError(f"was measured for each pixel of images of {old}, and this scan has {new}; resample above it")
    return image.reshape(tuple(1 if axis == "T" else scan.size(axis) for axis in scan.axes))


def parts_of(line: Line, scan: Scan) -> int:
    """How many sets of numbers `line` has on `scan`."""
    return math.prod(split_sizes(scan, line.per))


def refuse_complex(line: Line, scan: Scan) -> None:
    """Complain about complex values, unless the step has an answer for them."""
    if np.iscomplexobj(scan.data) and not line.spec.takes_complex:
        raise ValueError("works on real values and the scan is complex; put magnitude above it")


def frozen(fitted: Fitted) -> Measured:
    """The numbers of a line that was fitted."""
    return Measured(fitted.numbers, fitted.voxels, fitted.arrays)


def _on(line: Line, make: Make, scan: Scan, pool: str, remembered: Remembered | None = None) -> Measured:
    parts = parts_of(line, scan)
    state = accumulators(line, make, parts)
    # Chosen once, however many passes there are.
    portions = cache(lambda: tuple(_portions(line, scan, parts)))
    if not (remembered and remembered.recalled(line, state, scan)):
        _update(state, portions(), pool)
        if remembered:
            remembered.keep(line, state)
    while again(state):
        _update(state, portions(), pool)
    return finished(line, state)


def _portions(line: Line, scan: Scan, expected: int) -> Iterator[Portion]:
    """The voxels of each part, counted from 1; complains unless there are as many parts as expected, none empty."""
    refuse_complex(line, scan)
    parts = parts_of(line, scan)
    if parts != expected:
        raise ValueError(f"is measured per {line.per}: {scan.name} has {parts} parts, the scans before it {expected}")
    seen, inside = prepared(line, scan)
    found = ((1, image) for image in images(seen, inside))
    for part, values in found if line.per == "pixel" else enumerate(groups(seen, line.per, inside), start=1):
        if not values.size:
            raise ValueError(f"has no voxels to measure ({population(line, part, parts)})")
        yield part, values


def prepared(line: Line, scan: Scan) -> tuple[Scan, str]:
    """The scan as the step of `line` measures it, and what is inside there: the voxels that were chosen before that."""
    prepare = line.spec.prepare
    if prepare is None:
        return scan, line.inside
    image = scan.data.astype(np.float32, copy=False)
    pixels = prepare(image, scan.valid, **line.spec.arguments(prepare, line.params))
    mask = inside_mask(scan, line.inside)
    return replace(scan, data=pixels, mask=mask), "all" if mask is None else "mask"


def population(line: Line, part: int, parts: int) -> str:
    """What was measured, in words."""
    where = f"{line.per} {part} of {parts}, " if parts > 1 else ""
    return f"measured over {line.over}, {where}inside {line.inside}, padding excluded"

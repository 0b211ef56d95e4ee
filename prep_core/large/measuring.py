"""The numbers of lines on a large scan, measured in passes over its blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io import LargeScan
from prep_core.io.large.layout import Region
from prep_core.large.carrying import Known, between, outline_of, through, with_foreground
from prep_core.large.needs import arranged
from prep_core.line import Line, digest
from prep_core.measure import Accumulator, Otsu, StandardLandmarks, groups, images, split_sizes, weight_of
from prep_core.measuring import (
    Make,
    Measured,
    accumulators,
    again,
    finished,
    frozen,
    parts_of,
    population,
    prepared,
    refuse_complex,
)
from prep_core.running import named
from prep_core.scan import Scan

State = list[Accumulator]


def resolve(lines: Sequence[Line], large: LargeScan) -> tuple[Known, ...]:
    """`lines` with all numbers that are needed to carry them out; what was measured before is not measured again.

    Raises
    ------
    StepError
        When a line has no answer for this scan, or cannot be carried out on parts of it.
    """
    arranged(lines, large)
    known: tuple[Known, ...] = ()
    for i, line in enumerate(lines, start=1):
        key = digest(lines[:i])
        if key not in large.known:
            with named(i, line):
                large.known[key] = _known(line, known, large)
        known = (*known, large.known[key])
    return known


class Passes:
    """Passes over a large scan, as the lines above leave it, for one line.

    Attributes
    ----------
    before : Scan
        The outline of the whole scan as the line is given it.
    """

    def __init__(self, line: Line, above: Sequence[Known], large: LargeScan) -> None:
        self._line, self._above, self._large = line, above, large
        self._blocks = arranged([one.line for one in above], large, line)
        first = next(self._blocks.layout.inner())
        self.before = outline_of(self._given(first), large.outline, self._blocks)
        self.known = replace(Known(line, Measured(), self.before), threshold=self._threshold())

    @property
    def parts(self) -> int:
        return parts_of(self._line, self.before)

    def update(self, state: State, pool: str = "voxels") -> None:
        """Give every voxel of each part to its accumulator, once."""
        sizes = self._sizes()
        for part, values in self._portions():
            if values.size:
                state[part].update(values, weight_of(int(sizes[part]), pool) if pool == "scans" else 1)

    def refuse_empty(self, state: State) -> None:
        """Complain about parts without a voxel; `state` has taken all once."""
        for part, accumulator in enumerate(state, start=1):
            if not accumulator.count:
                raise ValueError(f"has no voxels to measure ({population(self._line, part, len(state))})")

    def _sizes(self) -> NDArray[np.int64]:
        """How many voxels each part has, where that makes their weight."""
        sizes = np.zeros(self.parts, np.int64)
        if self._line.pool == "scans":
            for part, values in self._portions():
                sizes[part] += values.size
        return sizes

    def _portions(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """The voxels of each part, counted from 0, block by block; of a part without voxels in a block, none."""
        sizes = split_sizes(self.before, self._line.per)
        numbers = np.arange(self.parts).reshape(sizes)
        for region in self._blocks.layout.inner():
            seen, inside = self._seen(region)
            if self._line.per == "pixel":
                yield from ((0, image) for image in images(seen, inside))
                continue
            place = self._blocks.place(region, 0)
            index = [
                place.get(axis, slice(None)) if n > 1 else slice(None)
                for axis, n in zip(self.before.axes, sizes, strict=True)
            ]
            yield from zip(
                numbers[tuple(index)].reshape(-1).tolist(), groups(seen, self._line.per, inside), strict=True
            )

    def _given(self, region: Region) -> Scan:
        """A block as the line is given it, with the rows around that it looks at."""
        scan = self._large.read(self._blocks.layout.around(region))
        for step in through(self._above, self._blocks, region, scan):
            scan = step.around
        return scan

    def _seen(self, region: Region) -> tuple[Scan, str]:
        """A block as the line measures it, and what is inside there."""
        given = self._given(region)
        refuse_complex(self._line, given)
        line, scan = with_foreground(self.known, given)
        seen, inside = prepared(line, scan)
        return between(self._blocks, region, seen, self._blocks.used[-1], 0), inside

    def _threshold(self) -> float | None:
        """Otsu's threshold of all valid voxels, for a line that works inside the foreground."""
        if self._line.inside != "foreground":
            return None
        otsu = Otsu()
        self._give_all(otsu)
        if not otsu.again():
            raise ValueError("works inside the foreground, and the scan is constant: it has none")
        self._give_all(otsu)
        return otsu.finish()["threshold"]

    def _give_all(self, otsu: Otsu) -> None:
        for region in self._blocks.layout.inner():
            given = between(self._blocks, region, self._given(region), self._blocks.used[-1], 0)
            refuse_complex(self._line, given)
            otsu.update(given.data[given.valid])


def measured_in_passes(line: Line, make: Make, passes: Passes) -> Measured:
    """The numbers that the accumulators of `make` find."""
    state = accumulators(line, make, passes.parts)
    passes.update(state)
    passes.refuse_empty(state)
    while again(state):
        passes.update(state)
    return finished(line, state)


def taken(state: State, line: Line, passes: Passes) -> State:
    """`state` of a fit after one of its passes has gone over this scan too."""
    landmarks = [one for one in state if isinstance(one, StandardLandmarks)]
    if not landmarks:
        passes.update(state, line.pool)
        return state
    own = [one.of_one_scan() for one in landmarks]
    passes.update([*own])
    passes.refuse_empty([*own])
    while again([*own]):
        passes.update([*own])
    for one, scan in zip(landmarks, own, strict=True):
        one.take(scan)
    return state


def _known(line: Line, above: Sequence[Known], large: LargeScan) -> Known:
    step = line.spec
    if step.measure is not None and line.needs_fit:
        raise ValueError("is measured over a dataset; fit the recipe on the training scans first")
    passes = Passes(line, above, large)
    first = Measured()
    if step.measure is not None:
        first = frozen(line.fitted) if line.fitted else measured_in_passes(line, step.measure, passes)
    if step.own is None:
        return replace(passes.known, measured=first)
    own = measured_in_passes(line, step.own, passes)
    numbers, arrays = {**first.numbers, **own.numbers}, {**first.arrays, **own.arrays}
    return replace(passes.known, measured=Measured(numbers, first.voxels, arrays))

"""What a result is in numbers, so that a batch can be looked over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import Moments, Percentiles
from prep_core.run import Done
from prep_core.scan import Scan

Portions = Callable[[], Iterable[NDArray[Any]]]
"""Gives all voxels that count, in portions of any size, each time it is called."""

PERCENTS: Mapping[str, float] = {"min": 0, "p1": 1, "median": 50, "p99": 99, "max": 100}

FEW = 2**20
"""Voxels up to which sorting is faster than counting."""

CUT = ("clipped_low", "clipped_high", "limited_low", "limited_high", "at_floor")
"""Tallies that count voxels whose value is lost."""


def figures(values: NDArray[Any]) -> dict[str, float]:
    """`voxels`, the names of `PERCENTS`, `mean` and `std` of real `values`, exact; empty where there is none."""
    if not 0 < values.size <= FEW:
        return figures_of(lambda: [values])
    moments = Moments()
    moments.update(values)
    wide = values.astype(np.float32).astype(np.float64)
    return _named(values.size, np.percentile(wide, list(PERCENTS.values())).tolist(), moments)


def figures_of(portions: Portions) -> dict[str, float]:
    """The same, bit for bit, of values that need not be in memory at once."""
    places, moments = Percentiles(**PERCENTS), Moments()
    for values in portions():
        places.update(values)
        moments.update(values)
    if not places.count:
        return {}
    if places.again():
        for values in portions():
            places.update(values)
    return _named(places.count, list(places.finish().values()), moments)


def _named(voxels: int, percentiles: list[float], moments: Moments) -> dict[str, float]:
    # 0 is added because the two ways do not agree on the sign of a zero.
    plain = {name: value + 0.0 for name, value in zip(PERCENTS, percentiles, strict=True)}
    return {"voxels": voxels} | plain | moments.finish()


def counted(scan: Scan) -> NDArray[Any]:
    """The valid voxels of `scan`, in one row; of complex values the magnitude."""
    values: NDArray[Any] = scan.data.ravel() if scan.all_valid else scan.data[scan.valid]
    return np.abs(values) if np.iscomplexobj(values) else values


def cut(lines: Iterable[Done]) -> list[dict[str, Any]]:
    """For each line that cuts values off: the share of the valid voxels, 0 to 1, by the name of its tally."""
    return list(_cut((done, int(np.count_nonzero(done.scan.valid))) for done in lines))


def cut_of(lines: Iterable[Done], valid: Iterable[int]) -> list[dict[str, Any]]:
    """The same, from how many voxels of the result of each line are valid."""
    return list(_cut(zip(lines, valid, strict=True)))


def _cut(lines: Iterable[tuple[Done, int]]) -> Iterator[dict[str, Any]]:
    for number, (done, valid) in enumerate(lines, start=1):
        shares = {name: done.tally[name] / max(1, valid) for name in CUT if name in done.tally}
        if shares:
            yield {"line": number, "step": done.line.step} | shares

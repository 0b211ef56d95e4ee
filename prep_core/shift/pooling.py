"""The portraits of all training scans, put together: the same numbers whatever their order."""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import Any

from prep_core.line import Line
from prep_core.shift.curve import distance, mixture, rounded, spread_of
from prep_core.shift.population import Population, Share, Values
from prep_core.shift.portrait import Given, Portrait

_SHORT = 4
"""Significant digits of distances and shares."""


def population_of(lines: Sequence[Line], portraits: Iterable[Portrait]) -> Population:
    """The training population of `lines`."""
    # Sums of floats depend on their order, so it must not be that in which the scans came.
    scans = sorted(portraits, key=_order)
    numbers = sorted({i for scan in scans for i, given in scan.given.items() if given.voxels})
    names = sorted({name for scan in scans for name in scan.counts})
    return Population(
        len(scans),
        tuple(_values(i, _alike(i, lines), [scan.given[i] for scan in scans]) for i in numbers),
        tuple(_share(*name, [scan.counts[name] for scan in scans if name in scan.counts]) for name in names),
    )


def _order(portrait: Portrait) -> Any:
    return portrait.kind, sorted(portrait.given.items()), sorted(portrait.counts.items())


def _alike(number: int, lines: Sequence[Line]) -> bool:
    """Whether the line weighs each scan alike, however many voxels it has."""
    return number > 0 and lines[number - 1].pool == "scans"


def _values(number: int, alike: bool, given: Sequence[Given]) -> Values:
    seen = [one for one in given if one.voxels]
    weights = [1.0 if alike else float(one.voxels) for one in seen]
    curve = rounded(mixture([one.curve for one in seen], weights))
    (spread,) = rounded([spread_of(curve)])
    median, largest = _apart([distance(one.curve, curve, spread) for one in seen], weights)
    return Values(number, curve, spread, median, largest)


def _apart(distances: Sequence[float], weights: Sequence[float]) -> tuple[float, float] | tuple[None, None]:
    """How far a scan lies from the others: the median and the largest.

    A scan is a part of the pool, so its distance from the pool is 1 - (its share of the pool) of that from the others.
    """
    if len(distances) == 1:
        return None, None
    total = fsum(weights)
    away = sorted(far / (1 - weight / total) for far, weight in zip(distances, weights, strict=True))
    median, largest = rounded([away[len(away) // 2], away[-1]], _SHORT)
    return median, largest


def _share(line: int, name: str, counts: Sequence[tuple[int, int]]) -> Share:
    everywhere = sum(n for n, _ in counts) / sum(valid for _, valid in counts)
    share, largest = rounded([everywhere, max(n / valid for n, valid in counts)], _SHORT)
    return Share(line, name, share, largest)

"""Per scan against per dataset, in tables: the numbers of a line, and how far the same value moves between scans."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from prep_core.quality.frozen import by_part
from prep_core.quality.populations import AtLine, Places
from prep_core.quality.probing import PROBES, Movement, most_moved, movement


@dataclass(frozen=True)
class Numbers:
    """The numbers of a line by their names: of each scan, their mean over training scans, and those of the set."""

    of_scans: Mapping[str, Mapping[str, float]]
    mean: Mapping[str, float]
    pooled: Mapping[str, float]


@dataclass(frozen=True)
class Followed:
    """One value in all scans.

    Attributes
    ----------
    name, value : the percentile of the pooled training set, and the value that lies there
    scans : the names of the scans, those that have numbers of their own
    alone, together : where that value comes out in each scan, with its own numbers and with those of the set
    rank_alone, rank_together : the same for the value that lies at this percentile of the scan itself
    """

    name: str
    value: float
    scans: tuple[str, ...]
    alone: tuple[float, ...]
    together: tuple[float, ...]
    rank_alone: Movement
    rank_together: Movement


def numbers_of(found: AtLine, training: Set[str]) -> Numbers:
    """The numbers of the line of `found`; `training` are the names of the training scans."""
    of_scans = {scan.name: by_part(scan.alone.numbers) for scan in found.answered if scan.alone}
    pooled = by_part(found.line.fitted.numbers) if found.line.fitted else {}
    mine = [numbers for name, numbers in of_scans.items() if name in training]
    mean = {name: float(np.mean([numbers[name] for numbers in mine])) for name in pooled} if mine else {}
    return Numbers(of_scans, mean, pooled)


def followed(found: AtLine) -> tuple[int, tuple[Followed, ...]]:
    """The part of the population in which values move most, from 0, and the values; none where none can be followed."""
    answers = [(scan.name, scan.values, scan.ranks) for scan in found.answered if scan.values and scan.ranks]
    if found.probes is None or not answers:
        return 0, ()
    names, values, ranks = zip(*answers, strict=True)
    part = most_moved([places.alone for places in values])
    return part, tuple(
        Followed(
            name,
            float(found.probes[part, i]),
            names,
            *_at(values, part, i),
            *(movement(places) for places in _at(ranks, part, i)),
        )
        for i, name in enumerate(PROBES)
    )


def _at(answers: Sequence[Places], part: int, probe: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    alone = tuple(float(places.alone[part, probe]) for places in answers)
    return alone, tuple(float(places.together[part, probe]) for places in answers)

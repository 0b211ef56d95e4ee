"""Multichannel scans: how the channels vary together, before and after."""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from prep_core.inspection import magnitude_of
from prep_core.measure import CoMoments
from prep_core.scan import Scan

MOST_CHANNELS = 16
"""Of more, 120 pairs and above, nobody reads a table."""


@dataclass(frozen=True)
class Pair:
    """Two channels and their correlation, -1 to 1; None where they are not there, or one of them is constant."""

    one: str
    other: str
    before: float | None
    after: float | None


def channel_pairs(scan: Scan, result: Scan) -> tuple[Pair, ...]:
    """The correlation of the channels two by two, before and after, of a scan with 2 to 16 of them; else nothing.

    Channels are the same where their names are, or their numbers if they have no names.
    """
    before, after = correlations(scan), correlations(result)
    new = (pair for pair in after if not {pair, pair[::-1]} & set(before))
    return tuple(Pair(*p, before.get(p), after.get(p, after.get(p[::-1]))) for p in (*before, *new))


def correlations(scan: Scan) -> dict[tuple[str, str], float | None]:
    """Pearson's correlation of each two channels, over the voxels that are valid in all channels."""
    count = scan.size("C")
    if not 2 <= count <= MOST_CHANNELS:
        return {}
    place = scan.axes.index("C")
    valid = scan.valid.all(axis=place)
    if not valid.any():
        return {}
    moments = CoMoments(count)
    moments.update(np.moveaxis(magnitude_of(scan).data, place, 0)[:, valid])
    matrix = moments.finish()["correlation"]
    names = scan.channels or tuple(f"channel {i}" for i in range(1, count + 1))
    return {(names[i], names[j]): _known(float(matrix[i, j])) for i, j in combinations(range(count), 2)}


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number

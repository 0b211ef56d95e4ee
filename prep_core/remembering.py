"""First passes over the voxels, kept: other percentiles of the same voxels need no new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from prep_core.line import Line
from prep_core.measure import Accumulator, Counted, Percentiles
from prep_core.scan import Scan

MOST_PARTS = 16
"""Parts of a population whose counts are kept; each takes up to 0.8 MB."""

_ALL = "voxels all all"
"""How a line says that it measures every voxel: pool, per, inside."""


class Counts(Protocol):
    """What first passes counted, by the name of the voxels; it may forget."""

    def get(self, key: str) -> tuple[Counted, ...] | None:
        """What was put there, or None."""

    def put(self, key: str, answer: tuple[Counted, ...]) -> None:
        """Keep `answer`."""


@dataclass(frozen=True)
class Remembered:
    """What was counted before on one scan, as it enters a line.

    Attributes
    ----------
    counts : where it is kept
    name : of that scan: another one, or other lines above, need another name
    """

    counts: Counts
    name: str

    def recalled(self, line: Line, state: Sequence[Accumulator], scan: Scan) -> bool:
        """Whether `state` has now what a first pass over the voxels that `line` measures counted before."""
        asking = _asking(line, state)
        known = self.counts.get(self._key(line)) if asking and not np.iscomplexobj(scan.data) else None
        if known is None:
            return False
        for accumulator, counted in zip(asking, known, strict=True):
            accumulator.recall(counted)
        return True

    def keep(self, line: Line, state: Sequence[Accumulator]) -> None:
        """Remember what `state` counted in its first pass, if it can be asked for other percentiles."""
        asking = _asking(line, state)
        if asking:
            self.counts.put(self._key(line), tuple(accumulator.counted for accumulator in asking))

    def all_counted(self, scan: Scan) -> Counted:
        """What a first pass over all voxels of `scan`, real ones without padding, counts or counted."""
        known = self.counts.get(f"{self.name} {_ALL}")
        if known is None:
            known = (first_pass(scan),)
            self.counts.put(f"{self.name} {_ALL}", known)
        return known[0]

    def _key(self, line: Line) -> str:
        return f"{self.name} {line.pool} {line.per} {line.inside}"


def first_pass(scan: Scan) -> Counted:
    """What a first pass over all voxels of `scan` counts."""
    counter = Percentiles()
    counter.update(scan.data.reshape(-1))
    return counter.counted


def _asking(line: Line, state: Sequence[Accumulator]) -> list[Percentiles]:
    """The accumulators, if their first pass counts the voxels as they are, whatever the parameters of `line`."""
    found = [accumulator for accumulator in state if isinstance(accumulator, Percentiles)]
    alike = len(found) == len(state) and line.spec.prepare is None and len(state) <= MOST_PARTS
    return found if alike else []

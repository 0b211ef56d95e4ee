"""What is measured: ours against a peer, and figures that have a limit of their own."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from tests.benchmarks.speed.rounds import Timed

GROWTH = 1.1
"""The growth exponent may be that large."""


@dataclass(frozen=True)
class Against:
    """One operation on one array: ours, and what others take for it in the same rounds.

    Attributes
    ----------
    voxels : of the array that is given
    ours : what users call: a recipe of these lines applied to a scan, or the function that the row names
    step : the function of the step alone, without measuring, checks and bookkeeping; None where a peer does all of it
    copy : copying the bytes of the given array into memory that is there
    peer, theirs : who else does it
    target : how many times longer the peer must take; None where nothing is asked
    agreement, agrees : how far the results lie apart, and whether that is near enough
    """

    operation: str
    size: str
    voxels: int
    ours: Timed
    step: Timed | None
    copy: Timed
    peer: str
    theirs: Timed
    target: float | None
    agreement: str
    agrees: bool

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return self.theirs.median / self.ours.median

    @property
    def ratio_of_best(self) -> float:
        return self.theirs.best / self.ours.best

    @property
    def verdict(self) -> str:
        if not self.agrees:
            return "results differ"
        if self.target is None:
            return ""
        return "met" if self.ratio >= self.target else "missed"

    @property
    def words(self) -> str:
        ms = f"{1000 * self.ours.median:.1f} ms, {self.peer} {self.ratio:.1f} times ({self.ratio_of_best:.1f} of best)"
        asked = "" if self.target is None else f", asked {self.target:g}: {self.verdict}"
        return f"{self.operation}, {self.size}: {ms}{asked}; {self.agreement}"

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From what `asdict` and JSON made of it."""
        timed = {name: _read(stored[name]) for name in ("ours", "step", "copy", "theirs")}
        return cls(**{**stored, **timed})


@dataclass(frozen=True)
class Figure:
    """A figure with a limit of its own.

    Attributes
    ----------
    values : one for each round
    limit : what the median may be at most; None where nothing is asked
    """

    what: str
    values: tuple[float, ...]
    unit: str
    limit: float | None = None
    remark: str = ""

    @property
    def median(self) -> float:
        return Timed(self.values).median

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "met" if self.median <= self.limit else "missed"

    @property
    def words(self) -> str:
        asked = "" if self.limit is None else f", at most {self.limit:g}: {self.verdict}"
        return f"{self.what}: {self.median:.1f} {self.unit}{asked} {self.remark}".rstrip()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "values": tuple(stored["values"])})


@dataclass(frozen=True)
class Growth:
    """How the time of an operation of ours grows: as voxels to the power `exponent`, from `smallest` to `largest`."""

    operation: str
    smallest: str
    largest: str
    exponent: float

    @property
    def verdict(self) -> str:
        return "met" if self.exponent <= GROWTH else "missed"


def plain(figure: Against | Figure) -> dict[str, Any]:
    """As JSON holds it."""
    return asdict(figure)


def workers_in_words(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def growths(rows: Sequence[Against]) -> list[Growth]:
    """One for each operation that was measured at more than one size."""
    found = []
    for operation in dict.fromkeys(row.operation for row in rows):
        own = sorted((row for row in rows if row.operation == operation), key=lambda row: row.voxels)
        first, last = own[0], own[-1]
        if first.voxels < last.voxels:
            times = math.log(last.ours.median / first.ours.median)
            found.append(Growth(operation, first.size, last.size, times / math.log(last.voxels / first.voxels)))
    return found


def _read(stored: Mapping[str, Any] | None) -> Timed | None:
    return None if stored is None else Timed(tuple(stored["seconds"]))

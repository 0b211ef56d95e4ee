"""What a lock keeps of the training population: distributions and shares, no scan of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.shift.curve import PERCENTS, Curve


@dataclass(frozen=True)
class Values:
    """The values that a line is given, over all training scans.

    Attributes
    ----------
    line : counted from 1; 0 for the scans as they were read
    curve : their percentiles, at the percents of the population
    spread : the unit of distances
    median, largest : how far a training scan lies from the others, in spreads; None for a single scan
    """

    line: int
    curve: Curve
    spread: float
    median: float | None
    largest: float | None

    def plain(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "spread": self.spread,
            "median": self.median,
            "largest": self.largest,
            "curve": list(self.curve),
        }


@dataclass(frozen=True)
class Share:
    """The share of valid voxels that a line counts under `name`: over all training scans, and in the worst."""

    line: int
    name: str
    share: float
    largest: float

    def plain(self) -> dict[str, Any]:
        return {"line": self.line, "name": self.name, "share": self.share, "largest": self.largest}


@dataclass(frozen=True)
class Population:
    """The training scans together."""

    scans: int
    values: tuple[Values, ...]
    shares: tuple[Share, ...] = ()
    percents: Curve = PERCENTS

    def plain(self) -> Mapping[str, Any]:
        """As YAML holds it."""
        return {
            "scans": self.scans,
            "percents": list(self.percents),
            "values": [values.plain() for values in self.values],
            "shares": [share.plain() for share in self.shares],
        }

"""What a lock holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.shift.population import Population

PERCENTILES = "linear"
"""NumPy's name of how percentiles between two values are found."""

DDOF = 0
"""What is taken from the count where a variance is divided by it."""

MOST_VOXELS = 2**26
"""Of a probe: what `verify` may be made to compute by a recipe from a stranger."""


@dataclass(frozen=True)
class Probe:
    """A small scan in a few numbers; `prep_core.lock.probe` makes its voxels.

    Attributes
    ----------
    spacing : voxel size in mm in the order of the spatial axes; empty where it is unknown
    low, high : what its values lie between
    """

    axes: str
    shape: tuple[int, ...]
    spacing: tuple[float, ...]
    unit: str
    modality: str
    channels: tuple[str, ...]
    is_complex: bool
    low: float
    high: float

    def plain(self) -> dict[str, Any]:
        return {
            "axes": self.axes,
            "shape": list(self.shape),
            "spacing": list(self.spacing),
            "unit": self.unit,
            "modality": self.modality,
            "channels": list(self.channels),
            "complex": self.is_complex,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True)
class Answer:
    """What a recipe makes of its probe, or its complaint.

    Attributes
    ----------
    sha256 : of shape, values, valid voxels and mask
    low, mean, high : of all valid voxels
    at, values : a few voxels by their place among all, in C order
    """

    complaint: str = ""
    axes: str = ""
    shape: tuple[int, ...] = ()
    sha256: str = ""
    low: float = 0.0
    mean: float = 0.0
    high: float = 0.0
    at: tuple[int, ...] = ()
    values: tuple[float, ...] = ()

    def plain(self) -> dict[str, Any]:
        if self.complaint:
            return {"complaint": self.complaint}
        return {
            "axes": self.axes,
            "shape": list(self.shape),
            "sha256": self.sha256,
            "low": self.low,
            "mean": self.mean,
            "high": self.high,
            "at": list(self.at),
            "values": list(self.values),
        }


@dataclass(frozen=True)
class Seal:
    """What the lines were: `recipe` names all of them, `steps` what they say but for their fitted numbers."""

    recipe: str
    steps: str
    lines: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        return {"recipe": self.recipe, "steps": self.steps, "lines": list(self.lines)}


@dataclass(frozen=True)
class Lock:
    """Written by `fit`, so that a recipe can be checked wherever it is used.

    Attributes
    ----------
    versions : of Python, of this package, and of the libraries that can change a pixel
    """

    seal: Seal
    versions: Mapping[str, str]
    probe: Probe
    answer: Answer
    population: Population

    def plain(self) -> dict[str, Any]:
        """As YAML holds it."""
        return {
            **self.seal.plain(),
            "versions": dict(self.versions),
            "percentiles": PERCENTILES,
            "ddof": DDOF,
            "probe": self.probe.plain(),
            "answer": self.answer.plain(),
            "population": self.population.plain(),
        }

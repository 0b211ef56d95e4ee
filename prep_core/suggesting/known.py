"""What a suggestion looks at: the scan, what was noticed about it, and numbers where a line would measure them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from prep_core.findings import Seen
from prep_core.findings.words import value as with_unit
from prep_core.line import Line
from prep_core.measuring import Measured, measured
from prep_core.scan import Finding, Scan


@dataclass(frozen=True)
class Known:
    """A scan, and what is known of it.

    Attributes
    ----------
    scan : as it was loaded
    met : after the lines that must come first
    findings : by name
    """

    scan: Scan
    met: Scan
    findings: Mapping[str, Finding]

    @cached_property
    def seen(self) -> Seen:
        """The values that the next line meets."""
        return Seen(self.met)

    @property
    def inside(self) -> str:
        """Which voxels are worth measuring."""
        if "nodata" in self.findings:
            return "mask"
        return "foreground" if "background" in self.findings else "all"

    @property
    def per(self) -> str:
        """Volumes of several weightings have a scale each."""
        return "frame" if "several_volumes" in self.findings else "all"

    def evidence(self, name: str) -> str:
        """What was noticed, as a sentence; "" where it was not."""
        return self.findings[name].evidence if name in self.findings else ""

    def measured(self, line: Line) -> Measured:
        """What `line` measures on the values that it would meet as the next one."""
        return measured(line, self.met, alone=True)

    def worded(self, value: float) -> str:
        """A value with its unit, in six digits."""
        return with_unit(float(f"{value:.6g}"), self.met.unit)

    def share(self, low: float, high: float) -> float:
        """Of the voxels, from `low` to `high`."""
        sample = self.seen.sample
        return float(((sample >= low) & (sample <= high)).mean())


def first(values: float | tuple[float, ...]) -> float:
    """The number of the first part, where a line is split."""
    return values[0] if isinstance(values, tuple) else values

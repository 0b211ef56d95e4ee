"""What is known of a scan only once all of its voxels were seen, seen block by block."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.findings import Seen, quick
from prep_core.findings.seen import LINE
from prep_core.io.answers import Answers, answered, refuse_nothing
from prep_core.io.large.layout import Region, layout
from prep_core.io.large.opened import Opened
from prep_core.scan import Scan


def surveyed(opened: Opened, answers: Answers) -> Scan:
    """The scan without its voxels, as the reader of whole files gives it: answers and quick findings in it.

    Raises
    ------
    ReadError
        For a scan without a single finite voxel, or of nothing but placeholders.
    """
    outline = answered(opened.described(0), answers)
    figures = _Figures(outline)
    for region, part, known in _parts(opened, outline):
        figures.add(region, part, known)
    size = outline.data.size
    refuse_nothing(outline.name, figures.not_finite < size, figures.count > 0)
    if figures.placeholders:
        told = opened.described(figures.placeholders)
        outline = answered(told, answers)
    return replace(outline, findings=(*outline.findings, *quick(Seen.told(outline, figures.plain()))))


def part_of(outline: Scan, region: Region, values: NDArray[np.generic], known: NDArray[np.bool_] | None) -> Scan:
    """A region of a scan as a small scan; its place in space is that of the whole."""
    valid = np.array(True) if known is None else known & np.isfinite(values)
    channels = outline.channels
    if channels:
        channels = channels[region[outline.axes.index("C")]]
    return replace(outline, data=values, valid=valid, channels=channels)


def _parts(opened: Opened, outline: Scan) -> Iterator[tuple[Region, Scan, NDArray[np.bool_] | None]]:
    pixels = opened.pixels.reshaped(outline.data.shape)
    whole = [outline.axes.index("C")] if outline.channels == ("R", "G", "B") else []
    shaped = replace(opened, pixels=pixels)
    for region in layout(pixels.shape, pixels.grain, whole).inner():
        values, known = shaped.block(region)
        yield region, part_of(outline, region, values, known), known


@dataclass
class _Extent:
    low: float
    high: float


class _Figures:
    """The figures of `Seen` that the quick rules look at."""

    def __init__(self, outline: Scan) -> None:
        self._shape = outline.data.shape
        self._floats = outline.data.dtype.kind in "fc"
        self._extent: _Extent | None = None
        self._columns = np.zeros((*self._shape[:-2], self._shape[-1]) if self._floats else 0, bool)
        self._empty_rows = np.zeros(self._shape[:-2], np.int64)
        self.is_grey = True
        self.count = self.zeros = self.negatives = self.not_finite = self.placeholders = 0

    def add(self, region: Region, part: Scan, known: NDArray[np.bool_] | None) -> None:
        seen = Seen(part)
        self.not_finite += seen.not_finite
        self.placeholders += 0 if known is None else int(np.count_nonzero(~known))
        self.is_grey &= seen.is_grey if seen.is_colour else False
        if self._floats:
            self._add_lines(region, np.isfinite(part.data))
        if not part.valid.any():
            return
        self.count += seen.count
        self.zeros += seen.zeros
        self.negatives += seen.negatives
        low, high = (seen.low, seen.high) if self._extent is None else (self._extent.low, self._extent.high)
        self._extent = _Extent(min(low, seen.low), max(high, seen.high))

    def plain(self) -> dict[str, object]:
        extent = self._extent
        ends = {} if extent is None else {"low": extent.low, "high": extent.high}
        names = ("is_grey", "count", "zeros", "negatives", "not_finite")
        return {**ends, "lost_lines": self._lost_lines(), **{name: getattr(self, name) for name in names}}

    def _add_lines(self, region: Region, finite: NDArray[np.bool_]) -> None:
        planes = region[:-2]
        self._columns[planes] |= finite.any(axis=-2)
        self._empty_rows[planes] += np.count_nonzero(~finite.any(axis=-1), axis=-1)

    def _lost_lines(self) -> tuple[int, int]:
        if not self._floats:
            return 0, 0
        in_use = self._columns.any(axis=-1)
        rows = int(self._empty_rows[in_use].sum()) if self._shape[-1] >= LINE else 0
        columns = int(np.count_nonzero(~self._columns[in_use])) if self._shape[-2] >= LINE else 0
        return rows, columns

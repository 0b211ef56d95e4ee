"""How much of a scan a line must see at once: a band of rows, whole planes, all slices, all channels, or all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prep_core.io.large.large_scan import LargeScan
from prep_core.io.large.layout import USUAL, Layout, Region, layout, least
from prep_core.line import Line
from prep_core.running import named
from prep_core.scan import Scan

Level = Literal["band", "planes", "whole"]

CHANGES_GRID = (
    "changes the grid of voxels, and cannot be done on a scan that is read in parts; crop or resample the scan first, "
    "or read it as a whole with --limit whole_bytes={whole}"
)


WORDS: Mapping[str, str] = {"T": "frames", "C": "channels", "Z": "slices", "Y": "rows", "X": "columns"}


@dataclass(frozen=True)
class Need:
    """What one line must see at once.

    Attributes
    ----------
    whole : frozenset of str
        Axes that must not be divided.
    rows : int or None
        Rows beyond a row that it looks at; None where it looks at all rows.
    """

    whole: frozenset[str] = frozenset()
    rows: int | None = 0


@dataclass(frozen=True)
class Arranged:
    """The blocks of a scan in which lines are carried out one after the other.

    Attributes
    ----------
    axes : str
        Of the scan.
    used : tuple of int
        How many of the rows around a block each line uses up.
    """

    layout: Layout
    axes: str
    used: tuple[int, ...]

    def divides(self, axis: str) -> bool:
        """Whether a block has only some of the indices along `axis`."""
        if axis not in self.axes:
            return False
        i = self.axes.index(axis)
        return self.layout.lengths[i] < self.layout.shape[i]

    def rows(self, region: Region, around: int) -> slice:
        """The rows of a block with some rows around it."""
        own = region[-2]
        return slice(max(own.start - around, 0), min(own.stop + around, self.layout.shape[-2]))

    def place(self, region: Region, around: int) -> dict[str, slice]:
        """Where a block with some rows around it lies along each axis that is divided."""
        everywhere = dict(zip(self.axes, region, strict=True)) | {"Y": self.rows(region, around)}
        return {axis: part for axis, part in everywhere.items() if self.divides(axis)}


def need(line: Line, scan: Scan) -> Need:
    """What `line` must see of a scan with the axes and the voxel size of `scan`.

    Raises
    ------
    ValueError
        For a line that changes the grid.
    """
    domain = line.spec.domain_of(line.params)
    if domain == "grid":
        raise ValueError(CHANGES_GRID.format(whole=_power_of_two(scan.data.size * scan.data.dtype.itemsize)))
    if line.per == "pixel":
        return Need(frozenset("CZ"), None)
    if domain == "channels":
        return Need(frozenset("C"))
    if domain == "voxel":
        return Need(rows=_reach(line, scan, 2) if line.spec.reach else 0)
    spatial = 2 if domain == "plane" else len(scan.spatial_axes)
    return Need(frozenset("Z" if spatial == 3 else ""), _reach(line, scan, spatial))


def need_to_measure(line: Line, scan: Scan) -> Need:
    """What measuring `line` must see: voxels one by one, but for pixels that are made for measuring, and whole frames.

    Raises
    ------
    ValueError
        As `need`.
    """
    if line.per == "pixel" or line.spec.prepare:
        return need(line, scan)
    return Need(rows=0)


def level(line: Line) -> Level:
    """How a line works on a scan that is read in parts: band by band, planes at once, or not at all."""
    domain = line.spec.domain_of(line.params)
    if domain == "grid":
        return "whole"
    banded = domain in ("voxel", "channels") or line.spec.reach is not None
    return "band" if banded and line.per != "pixel" else "planes"


def arranged(lines: Sequence[Line], large: LargeScan, measured: Line | None = None) -> Arranged:
    """The blocks in which `lines` can be carried out one after the other, and then `measured` be measured.

    Raises
    ------
    StepError
        When one of them needs more than fits into a block.
    """
    scan, axes = large.outline, large.outline.axes
    whole: set[int] = set()
    halo, used = 0, []
    for i, line in enumerate([*lines, *([measured] if measured else [])], start=1):
        with named(i, line):
            needed = need_to_measure(line, scan) if line is measured else need(line, scan)
            whole |= {axes.index(axis) for axis in needed.whole if axis in axes}
            whole |= {len(axes) - 2} if needed.rows is None else set()
            halo += needed.rows or 0
            used.append(needed.rows or 0)
            _refuse_too_large(least(scan.data.shape, sorted(whole), halo), scan, whole, halo, large.block_voxels)
    most = large.block_voxels
    blocks = layout(scan.data.shape, large.grain, sorted(whole), halo, min(USUAL, most), most)
    return Arranged(blocks, axes, tuple(used))


def _reach(line: Line, scan: Scan, spatial: int) -> int | None:
    spacing = scan.spacing[-spatial:] if scan.spacing_known else None
    return line.spec.reach(line.params, spatial, spacing) if line.spec.reach else None


def _refuse_too_large(voxels: int, scan: Scan, whole: set[int], halo: int, most: int) -> None:
    if voxels <= most:
        return
    rows = len(scan.axes) - 2
    undivided = " x ".join(
        f"{n} {WORDS[axis]}"
        for i, (axis, n) in enumerate(zip(scan.axes, scan.data.shape, strict=True))
        if i in whole or i == rows + 1
    )
    around = f" with {halo} rows on either side" if halo and rows not in whole else ""
    raise ValueError(
        f"must see {undivided}{around} at once, {voxels:,} voxels, above the limit block_voxels = {most:,}; "
        f"crop or downscale the scan first, or raise it with --limit block_voxels={_power_of_two(voxels)}"
    )


def _power_of_two(value: int) -> int:
    return 1 << max(value - 1, 0).bit_length()

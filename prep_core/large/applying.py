"""A recipe carried out on a scan that is larger than memory, block by block, with its result on the disk."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prep_core.io import LargeScan
from prep_core.io.large.encoding import encode_to
from prep_core.io.large.layout import Region
from prep_core.io.large.raw import Raw, Writer
from prep_core.io.write import refuse_format
from prep_core.large.carrying import Known, outline_of, through
from prep_core.large.measuring import resolve
from prep_core.large.needs import Arranged, arranged
from prep_core.recipe import Recipe
from prep_core.running import Done
from prep_core.scan import Scan
from prep_core.tallies import Tally


@dataclass(frozen=True)
class Applied:
    """What a recipe made of a large scan.

    Attributes
    ----------
    scan : Scan
        The result without its voxels.
    lines : tuple of Done
        The lines with their numbers and tallies; their scans are outlines too.
    valid : tuple of int
        How many voxels of the result of each line count.
    pixels, padding : Raw
        The voxels on the disk, and which of them do not count.
    mask : Raw or None
        None where no line makes one.
    """

    scan: Scan
    lines: tuple[Done, ...]
    valid: tuple[int, ...]
    pixels: Raw
    padding: Raw
    mask: Raw | None

    @property
    def result(self) -> LargeScan:
        """The result, to be read in parts again, until it is written."""
        pixels, padding = self.pixels.array, self.padding.array
        is_whole = bool(self.valid) and self.valid[-1] == self.scan.data.size

        def read(region: Region) -> Scan:
            valid = np.array(True) if is_whole else ~padding.read(region)
            return replace(self.scan, data=pixels.read(region), valid=valid, mask=None)

        return LargeScan(replace(self.scan, mask=None), pixels.grain, read)

    def write(self, path: Path, format: str) -> str:
        """Write the bytes that `prep_core.io.encode` gives for the whole result; return their digest."""
        return encode_to(path, self.pixels, self.scan, format)

    def write_mask(self, path: Path, format: str) -> str:
        """The same for the mask, as 0 and 1."""
        if self.mask is None:
            raise ValueError("no line of the recipe makes a mask")
        shown = replace(self.scan, data=np.broadcast_to(np.bool_(False), self.mask.shape), unit="1")
        return encode_to(path, self.mask, shown, format)


def apply_in_parts(recipe: Recipe, large: LargeScan, folder: Path, format: str) -> Applied:
    """Carry out `recipe` on `large`, and leave the voxels of the result in files in `folder`.

    Raises
    ------
    StepError
        When a line has no answer for this scan, or cannot be carried out on parts of it.
    ValueError
        When `format` cannot hold the result; said before the work is done.
    """
    known, blocks = resolve(recipe.lines, large), arranged(recipe.lines, large)
    tallies = [Tally(line) for line in recipe.lines]
    outlines: list[Scan] = []
    with ExitStack() as open_files:
        files: list[tuple[Raw, Writer]] = []
        for region in blocks.layout.inner():
            scans = _carried(large, known, blocks, region, tallies)
            if not outlines:
                outlines = [outline_of(scan, large.outline, blocks) for scan in scans]
                refuse_format(outlines[-1], format)
                files = [(raw, open_files.enter_context(raw.writing())) for raw in _files(outlines[-1], folder)]
            _put(files, scans[-1], _place(outlines[-1], blocks, region))
    done = tuple(
        Done(one.line, one.measured, scan, tally.plain())
        for one, scan, tally in zip(known, outlines[1:], tallies, strict=True)
    )
    pixels, padding, *mask = (raw for raw, _ in files)
    return Applied(outlines[-1], done, tuple(t.valid for t in tallies), pixels, padding, mask[0] if mask else None)


def _carried(
    large: LargeScan, known: Sequence[Known], blocks: Arranged, region: Region, tallies: Sequence[Tally]
) -> list[Scan]:
    """The block at `region` before the first line, and after each."""
    scan = large.read(blocks.layout.around(region))
    scans = [scan]
    for step, tally in zip(through(known, blocks, region, scan), tallies, strict=True):
        tally.add(step.before, step.after)
        scans.append(step.after)
    return scans


def _files(outline: Scan, folder: Path) -> list[Raw]:
    shape = outline.data.shape
    raws = [Raw(folder / "pixels.npy", shape, outline.data.dtype), Raw(folder / "padding.npy", shape, np.dtype(bool))]
    if outline.mask is not None:
        raws.append(Raw(folder / "mask.npy", shape, np.dtype(bool)))
    for raw in raws:
        raw.create()
    return raws


def _put(files: Sequence[tuple[Raw, Writer]], result: Scan, region: Region) -> None:
    # What is never written takes no room on the disk and is read as zeros: a scan without padding has no such blocks.
    padding = None if result.all_valid else ~result.valid
    arrays: list[NDArray[np.generic] | None] = [result.data, padding, result.mask]
    for (_, writer), array in zip(files, arrays, strict=False):
        if array is not None:
            writer.put(region, array)


def _place(outline: Scan, blocks: Arranged, region: Region) -> Region:
    """Where the result of the block at `region` lies in the whole result."""
    own = blocks.place(region, 0)
    return tuple(own.get(axis, slice(0, n)) for axis, n in zip(outline.axes, outline.data.shape, strict=True))

"""A scan that is not in memory: what it is, and how parts of it are read."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from prep_core.io.answers import Answers
from prep_core.io.large.layout import Region
from prep_core.io.large.opening import block, may_be_large, outline
from prep_core.io.limits import BLOCK_VOXELS, Limits
from prep_core.scan import Scan


@dataclass(frozen=True, eq=False)
class LargeScan:
    """A scan of which parts are read when they are asked for.

    Attributes
    ----------
    outline : Scan
        All but its voxels: `data` and `valid` have the shape and the type, and stand for all values.
    grain : tuple of int
        Along each axis, how many voxels are stored together.
    read : callable
        A region, a slice for each axis, as a small scan with its voxels.
    block_voxels : int
        How many voxels may be worked on together.
    known : mapping
        What was measured on it before, by the lines it was measured for.
    """

    outline: Scan
    grain: tuple[int, ...]
    read: Callable[[Region], Scan]
    block_voxels: int = BLOCK_VOXELS
    known: MutableMapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.outline.name


def open_in_parts(path: str | Path, limits: Limits, **answers: Any) -> LargeScan | None:
    """The scan in a file or a Zarr store, to be read in parts; None where that is not needed, or not possible.

    It is not needed up to `limits.whole_bytes`, and possible for npy, TIFF, NIfTI that is not packed, and Zarr.

    Parameters
    ----------
    **answers
        As of `prep_core.io.load`.

    Raises
    ------
    ReadError
        As `prep_core.io.load`.
    """
    place, told = Path(path), Answers(**answers)
    found = outline(place, told, limits) if may_be_large(place, limits) else None
    if found is None:
        return None
    return LargeScan(found.scan, found.grain, partial(block, place, told, limits, found.scan), limits.block_voxels)

"""What both engines of N4 are told, and how an image is shrunk."""

from collections.abc import Sequence
from typing import NamedTuple

from prep_core.ops.image import Image

MOST_UPDATES = 10**9
"""Voxels after shrinking times iterations of all levels: about half an hour of SimpleITK on one thread."""

NO_FIELD = "finds no finite field with these parameters; raise fwhm or wiener, or lower levels"


class Settings(NamedTuple):
    """The parameters of N4 that its iterations depend on."""

    iterations: int
    levels: int
    convergence: float
    fwhm: float
    wiener: float
    bins: int
    control_points: int
    order: int

    @property
    def rounds(self) -> int:
        """Iterations of all levels, at most."""
        return self.iterations * self.levels


def shrink_factors(shape: Sequence[int], spacing: Sequence[float] | None, shrink: int, fewest: int) -> tuple[int, ...]:
    """By how much each axis is shrunk: voxels become about equally long, and no axis is left with less than `fewest`.

    Parameters
    ----------
    spacing : sequence of float or None
        Voxel size along each axis; all are taken as equal where it is not known.
    """
    sizes = spacing or (1.0,) * len(shape)
    length = shrink * min(sizes, default=1.0)
    return tuple(max(1, min(round(length / size), n // fewest)) for n, size in zip(shape, sizes, strict=True))


def complaint(seen: Image, factors: Sequence[int], rounds: int) -> str | None:
    """What keeps N4 from finding a field in the voxels `seen` (n,), that shrinking by `factors` leaves inside."""
    by = " x ".join(map(str, factors))
    if not seen.size or seen.min() == seen.max():
        what = f"all {seen.size} are {seen[0]:g}" if seen.size else "there are none"
        return f"needs voxels inside that differ, and {what} after shrinking by {by}; lower shrink, or enlarge the mask"
    if seen.size * rounds > MOST_UPDATES:
        return (
            f"would update {seen.size} voxels (after shrinking by {by}) up to {rounds} times, and may do 10^9 updates; "
            "raise shrink, or lower iterations"
        )
    return None

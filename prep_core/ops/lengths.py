"""Lengths in the patient, and what they are in voxels."""

from collections.abc import Sequence
from typing import Annotated, Literal

from prep_core.param import P

LengthsIn = Annotated[Literal["mm", "px"], P("What lengths are given in; px counts voxels and needs no voxel size.")]
"""For the parameter `lengths_in` of steps that have a length."""

ZYX = ("z", "y", "x")
"""The parts of a parameter that has a number for each spatial axis."""


def in_voxels(length: float, spacing: Sequence[float] | None, axes: int, lengths_in: str) -> tuple[float, ...]:
    """`length` along each of `axes` axes, in voxels.

    Parameters
    ----------
    spacing : sequence of float or None
        Voxel size in mm along each axis; None where nobody knows it.

    Raises
    ------
    ValueError
        For a length in mm where the voxel size is not known.
    """
    if lengths_in == "px":
        return (length,) * axes
    if spacing is None:
        raise ValueError("has a length in mm, and the voxel size is unknown; say the voxel size, or lengths_in: px")
    return tuple(length / size for size in spacing)

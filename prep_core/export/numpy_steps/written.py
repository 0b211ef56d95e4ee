"""What a step is in NumPy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prep_core.line import Line

Statistic = tuple[str, ...]
"""The name of an embedded function of voxels, and its further arguments."""


@dataclass(frozen=True)
class Written:
    """The code of one line, as the body of a function.

    Attributes
    ----------
    body : str
        Statements, the last of them a return.  They may use image, valid, axes, spacing, orientation, channels, the
        names of `numbers`, and every embedded function.
    numbers : mapping
        What is measured: a statistic by name.
    check : (str, str)
        A condition on the numbers, and what is wrong where it does not hold.
    gives : tuple of str
        What is returned.
    """

    body: str
    numbers: Mapping[str, Statistic] = field(default_factory=dict)
    check: tuple[str, str] | None = None
    gives: tuple[str, ...] = ("image",)


Write = Callable[[Line], Written]
"""Raises CannotSayError where the line has no such form."""

"""What an oracle is: an implementation that is not ours, and how far ours may be from it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Oracle:
    """One comparison of a step with an independent implementation or a known truth.

    Attributes
    ----------
    step : str
        Its name in STEPS.
    against : str
        What it is compared with: a function and its library, a formula and its paper, or a phantom.
    difference : callable
        Computes the figure that must stay at or below `tolerance`.
    tolerance : float
    figure : str
        What the figure is, in words.
    """

    step: str
    against: str
    difference: Callable[[], float]
    tolerance: float
    figure: str = "largest absolute difference"

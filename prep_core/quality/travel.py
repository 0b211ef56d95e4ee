"""How far a disturbance of the scan travels down the recipe: line by line, on one plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import magnitude_of
from prep_core.quality.figures import dynamic_range
from prep_core.scan import Scan


@dataclass(frozen=True)
class Spread:
    """The values of a plane in figures; `span` is from the 1 to the 99 percentile."""

    mean: float
    std: float
    span: float
    unit: str


@dataclass(frozen=True)
class Stop:
    """A plane on its way down the recipe, as it is and as it is when the scan is disturbed.

    Attributes
    ----------
    moved : RMS change over the standard deviation of the undisturbed values; None where these are constant
    kept : span of the disturbed values over that of the undisturbed; None where this is 0
    """

    undisturbed: Spread
    disturbed: Spread
    moved: float | None
    kept: float | None


def travelled(
    undisturbed: Sequence[Scan], disturbed: Sequence[Scan], others: NDArray[np.bool_] | None = None
) -> tuple[Stop | None, ...]:
    """Where a disturbance has come to before the first line and after each one; None where nothing can be compared.

    Parameters
    ----------
    others : (y, x) bool ndarray, optional
        The pixels that count, where hot ones do not; it has no effect on a plane of another size.
    """
    return tuple(_stop(one, other, others) for one, other in zip(undisturbed, disturbed, strict=False))


def _stop(one: Scan, other: Scan, others: NDArray[np.bool_] | None) -> Stop | None:
    if one.data.shape != other.data.shape:
        return None
    counted = one.valid & other.valid
    if others is not None and others.shape == one.data.shape[-2:]:
        counted = counted & others
    if not counted.any():
        return None
    before, after = _real(one)[counted], _real(other)[counted]
    here, there = _spread(before, one.unit), _spread(after, other.unit)
    rms = float(np.sqrt(np.mean(np.square(after - before))))
    return Stop(here, there, rms / here.std if here.std else None, there.span / here.span if here.span else None)


def _spread(values: NDArray[Any], unit: str) -> Spread:
    return Spread(float(values.mean()), float(values.std()), dynamic_range(values), unit)


def _real(scan: Scan) -> NDArray[np.float64]:
    real: NDArray[np.float64] = magnitude_of(scan).data.astype(np.float64)
    return real

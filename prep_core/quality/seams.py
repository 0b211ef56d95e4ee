"""What becomes of a plane when a line is measured on each patch of it alone: seams, and noise that is raised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.line import Line
from prep_core.measuring import Measured, measured, spread
from prep_core.scan import Scan

Place = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class Patchwise:
    """One line on each patch of a plane alone.

    Attributes
    ----------
    result : (y, x) what it makes of the plane; NaN in patches without an answer, and in padding
    seams : (y, x) at both sides of a border, how far the two patches are apart about the value that lies there, in
        the unit of the result; 0 away from borders
    noise : (y, x) the standard deviation in each patch over that of the reference in it; NaN where there is none
    refused : patches for which the line has no answer, such as constant ones
    patches : how many there are
    """

    result: NDArray[np.float64]
    seams: NDArray[np.float64]
    noise: NDArray[np.float64]
    refused: int
    patches: int


def patchwise(line: Line, plane: Scan, reference: NDArray[np.float64], side: int) -> Patchwise:
    """Measure and carry out `line` on each patch of `plane` as if it were a scan.

    Parameters
    ----------
    line : Line
        One whose answer for a voxel depends on its value and on measured numbers alone (`probing.has_probes`).
    plane : Scan
        One plane, as it reaches the line.
    reference : (y, x) ndarray
        What the line makes of the plane with the numbers of the whole scan.
    side : int
        Pixels on a side of a patch; those at the far rims are what is left.
    """
    alone = replace(line, over="image", pool="", fitted=None)
    shape = plane.data.shape[-2:]
    columns = -(-shape[1] // side)
    places = list(_places(shape, side))
    answers = [_measured(alone, _cut(plane, place)) for place in places]
    result, noise, seams = (np.full(shape, fill) for fill in (np.nan, np.nan, 0.0))
    for place, numbers in zip(places, answers, strict=True):
        if numbers:
            patch = _cut(plane, place)
            result[place] = _values(alone, numbers, patch)
            noise[place] = _ratio(result[place], np.where(_valid(patch), reference[place], np.nan))
    for i, (place, numbers) in enumerate(zip(places, answers, strict=True)):
        right = i + 1 if (i + 1) % columns else len(places)
        for other, axis in ((right, 1), (i + columns, 0)):
            neighbour = answers[other] if other < len(answers) else None
            if numbers and neighbour:
                border = _border(place, axis)
                strip = _cut(plane, border)
                apart = np.abs(_values(alone, neighbour, strip) - _values(alone, numbers, strip))
                seams[border] = np.fmax(seams[border], apart)
    return Patchwise(result, seams, noise, sum(numbers is None for numbers in answers), len(places))


def _places(shape: tuple[int, ...], side: int) -> Iterator[Place]:
    for y in range(0, shape[0], side):
        for x in range(0, shape[1], side):
            yield slice(y, min(y + side, shape[0])), slice(x, min(x + side, shape[1]))


def _border(place: Place, axis: int) -> Place:
    """The last pixels of a patch along `axis` and the first of the next."""
    end = place[axis].stop
    across = slice(end - 1, end + 1)
    return (across, place[1]) if axis == 0 else (place[0], across)


def _cut(plane: Scan, place: Place) -> Scan:
    at = (..., *place)
    mask = None if plane.mask is None else plane.mask[at]
    return replace(plane, data=plane.data[at], valid=plane.valid[at], mask=mask)


def _measured(line: Line, patch: Scan) -> Measured | None:
    """The numbers of a patch; None where it cannot be measured, which the caller counts."""
    try:
        return measured(line, patch)
    except ValueError:
        return None


def _values(line: Line, numbers: Measured, patch: Scan) -> NDArray[np.float64]:
    """(y, x) what `line` makes of a patch with `numbers`; NaN in padding."""
    answer = carried_out(line, spread(line, numbers, patch), patch).data
    return np.where(_valid(patch), answer.reshape(answer.shape[-2:]).astype(np.float64), np.nan)


def _valid(patch: Scan) -> NDArray[np.bool_]:
    return patch.valid.reshape(patch.data.shape[-2:])


def _ratio(result: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    finite = np.isfinite(result) & np.isfinite(reference)
    spread_before = float(reference[finite].std()) if finite.any() else 0.0
    return float(result[finite].std()) / spread_before if spread_before else np.nan

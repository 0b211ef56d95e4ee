"""How a recipe answers a scan that is slightly another: a drift of gain and offset, a few hot pixels."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import magnitude_of, valid_values
from prep_core.line import Fitted, Line, digest
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.running import run_lines
from prep_core.scan import Scan

HOT_SHARE = 1e-4
HOT_RANGES = 10.0
"""How hot a hot pixel is: so many ranges of the scan above its least value."""


@dataclass(frozen=True)
class Moved:
    """How far the result moves when the scan is disturbed.

    Attributes
    ----------
    name : what was done to the scan
    mean, rms, largest : of the difference of the results, disturbed minus undisturbed, in the unit of the result
    relative : rms over the standard deviation of the undisturbed result; None where that is 0
    complaint : why the recipe has no answer for the disturbed scan; the numbers are None then
    """

    name: str
    mean: float | None = None
    rms: float | None = None
    largest: float | None = None
    relative: float | None = None
    complaint: str = ""


def frozen_on(recipe: Recipe, scan: Scan) -> tuple[Recipe, Scan]:
    """`recipe` with the lines that wait for a training set measured on `scan` alone, and its result.

    Raises
    ------
    StepError
        As `apply`.
    """
    lines: list[Line] = []
    result = scan
    for done in run_lines(recipe.lines, scan, alone=True):
        line = done.line
        if line.needs_fit:
            m = done.measured
            line = replace(line, fitted=Fitted(m.numbers, 1, m.voxels, digest(lines), m.arrays))
        lines.append(line)
        result = done.scan
    return replace(recipe, lines=tuple(lines)), result


def drifted(scan: Scan, *, gain: float = 1.0, offset: float = 0.0) -> Scan:
    """`scan` with gain * x + offset for every value x; the offset in ranges of the scan, as for `drift`."""
    low, high = np.percentile(valid_values(scan), (0.1, 99.9))
    return replace(scan, data=_wide(scan) * gain + offset * float(high - low))


def with_hot_pixels(scan: Scan, *, share: float = HOT_SHARE, seed: int = 0) -> tuple[Scan, NDArray[np.intp]]:
    """`scan` with a share of its valid voxels, at least one, very bright; and their places in the flat array."""
    values = valid_values(scan)
    least, largest = float(values.min()), float(values.max())
    places = np.flatnonzero(scan.valid)
    generator = np.random.Generator(np.random.PCG64(seed))
    chosen = generator.choice(places, max(round(share * places.size), 1), replace=False)
    data = _wide(scan)
    data.reshape(-1)[chosen] = least + HOT_RANGES * (largest - least)
    return replace(scan, data=data), chosen


def drift(recipe: Recipe, scan: Scan, result: Scan, *, gain: float = 1.0, offset: float = 0.0) -> Moved:
    """How far the result moves when every value x becomes gain * x + offset.

    Parameters
    ----------
    recipe, result
        Without lines that wait for a training set, and what the recipe makes of `scan`: as `frozen_on` gives them.
    offset : float
        In ranges of the scan, from its 0.1 to its 99.9 percentile.
    """
    name = f"gain x {gain:g}" if not offset else f"gain x {gain:g}, offset {100 * offset:+g} % of its range"
    if gain == 1:
        name = f"offset {100 * offset:+g} % of its range"
    return _moved(name, recipe, drifted(scan, gain=gain, offset=offset), result, result.valid)


def hot_pixels(recipe: Recipe, scan: Scan, result: Scan, *, share: float = HOT_SHARE, seed: int = 0) -> Moved:
    """How far all other voxels move when a share of the valid ones, at least one, becomes very bright.

    Parameters
    ----------
    recipe, result
        As for `drift`.
    seed : int
        Of NumPy's PCG64, which draws the places.

    Notes
    -----
    A hot pixel has the value least + 10 (largest - least).  Where the recipe changes the grid, nobody can say which
    voxels are the others, and all are compared.
    """
    disturbed, chosen = with_hot_pixels(scan, share=share, seed=seed)
    others = result.valid
    if result.data.shape == scan.data.shape:
        others = result.valid.copy()
        others.reshape(-1)[chosen] = False
    return _moved(f"{100 * share:g} % hot pixels", recipe, disturbed, result, others)


def _moved(name: str, recipe: Recipe, disturbed: Scan, result: Scan, where: NDArray[np.bool_]) -> Moved:
    # A recipe that refuses the disturbed scan is an answer too, and the most fragile one.
    try:
        other = apply(recipe, disturbed)
    except StepError as error:
        return Moved(name, complaint=str(error))
    if other.data.shape != result.data.shape:
        return Moved(name, complaint="the result has another size then")
    before, after = _real(result)[where], _real(other)[where]
    if not before.size:
        return Moved(name, complaint="no voxel is left to compare")
    by = after - before
    rms, spread = float(np.sqrt(np.mean(np.square(by)))), float(before.std())
    return Moved(name, float(by.mean()), rms, float(np.abs(by).max()), rms / spread if spread else None)


def _wide(scan: Scan) -> NDArray[Any]:
    """A copy in float64, so that whole numbers stay exact until the first line takes them as float32."""
    kind = np.complex128 if np.iscomplexobj(scan.data) else np.float64
    return np.array(scan.data, dtype=kind, order="C")


def _real(scan: Scan) -> NDArray[Any]:
    real: NDArray[Any] = magnitude_of(scan).data.astype(np.float64)
    return real

"""Does a scan look like those that the recipe was fitted on?  Numbers, and a sentence where they say no.

The limits were chosen on real and simulated scans; docs/lock.md has the table.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.running import Done
from prep_core.scan import Scan
from prep_core.shift.curve import Curve, distance, median_of, rounded
from prep_core.shift.population import Share, Values
from prep_core.shift.portrait import Given, portrait

FAR = 0.25
"""Spreads that a scan may always lie from its training population."""

FAR_FROM_ONE = 0.4
"""The same where one training scan alone says nothing about how far scans lie apart."""

FAR_INSIDE_ONE = 1.0
"""The same inside foreground, mask or positive values: how much of them is tissue differs between parts of one body."""

TIMES = 2.0
"""How many times farther from the training population than the farthest training scan a scan may lie."""

ROOM = (0.05, 0.15)
"""How far the share of lost voxels may lie above the largest in training, L: by L and the first, at most the second."""

ROOM_BESIDE_ONE = (0.1, 0.25)
"""The same where there was one training scan."""

DISTANCE = "distance"

_SHORT = 4


@dataclass(frozen=True)
class Shift:
    """One comparison of a scan with the training population.

    Attributes
    ----------
    line : counted from 1; 0 for the scan as it was read
    what : "distance" of its values, in training spreads, or the name under which the line counts lost voxels
    found : the number for this scan; None where it has no such values
    training, limit : the largest among the training scans, None for a single one, and the largest that is no warning
    warning : a sentence; empty where nothing is odd
    """

    line: int
    what: str
    found: float | None
    training: float | None
    limit: float
    warning: str = ""

    def plain(self) -> dict[str, Any]:
        """The numbers."""
        return {name: value for name, value in asdict(self).items() if name != "warning"}


def shifts(recipe: Recipe, scan: Scan, done: Iterable[Done]) -> tuple[Shift, ...]:
    """Every comparison of `scan` with the training population of `recipe`; none without a lock.

    Parameters
    ----------
    done : iterable of Done
        As `trace` yields them.
    """
    if recipe.lock is None:
        return ()
    population = recipe.lock.population
    seen = portrait(scan, done, population.percents)
    values = [
        _moved(_where(recipe, known.line), known, _limit(recipe, known), seen.given[known.line], population.percents)
        for known in population.values
        if known.line in seen.given
    ]
    lost = [
        _lost(_where(recipe, known.line), known, population.scans, *seen.counts[known.line, known.name])
        for known in population.shares
        if (known.line, known.name) in seen.counts
    ]
    return (*values, *lost)


def warnings_of(compared: Iterable[Shift]) -> list[str]:
    """The sentences; of distances only the first, since what reaches a line moved moves on through all below it."""
    odd = [shift for shift in compared if shift.warning]
    first = next((shift for shift in odd if shift.what == DISTANCE), None)
    return [shift.warning for shift in odd if shift is first or shift.what != DISTANCE]


def _where(recipe: Recipe, number: int) -> str:
    lines: tuple[Line, ...] = recipe.lines
    return f"line {number}: {lines[number - 1].step}" if number else "the scan"


def _limit(recipe: Recipe, known: Values) -> float:
    if known.largest is not None:
        return rounded([max(FAR, TIMES * known.largest)], _SHORT)[0]
    chosen = known.line > 0 and recipe.lines[known.line - 1].inside != "all"
    return FAR_INSIDE_ONE if chosen else FAR_FROM_ONE


def _moved(where: str, known: Values, limit: float, given: Given, percents: Curve) -> Shift:
    if not given.voxels:
        words = f"{where} {given.error}, so its values cannot be compared with those of the training scans; look at it"
        return Shift(known.line, DISTANCE, None, known.largest, limit, words)
    (found,) = rounded([distance(given.curve, known.curve, known.spread, percents)], _SHORT)
    words = _distance_in_words(where, known, given, percents, found, limit) if found > limit else ""
    return Shift(known.line, DISTANCE, found, known.largest, limit, words)


def _distance_in_words(where: str, known: Values, given: Given, percents: Curve, found: float, limit: float) -> str:
    own, training = (median_of(curve, percents) for curve in (given.curve, known.curve))
    verb = "has" if known.line == 0 else "is given"
    return (
        f"{where} {verb} values that lie {found:.3g} training spreads from the training scans "
        f"(limit {limit:.3g}): median {own:.5g}, in training {training:.5g}; "
        f"from {given.curve[0]:.5g} to {given.curve[-1]:.5g}, in training from {known.curve[0]:.5g} to "
        f"{known.curve[-1]:.5g}; check its unit, calibration and modality"
    )


def _lost(where: str, known: Share, scans: int, count: int, valid: int) -> Shift:
    first, most = ROOM if scans > 1 else ROOM_BESIDE_ONE
    limit, found = rounded([known.largest + min(known.largest + first, most), count / valid], _SHORT)
    training = known.largest if scans > 1 else None
    if found <= limit:
        return Shift(known.line, known.name, found, training, limit)
    words = (
        f"{where} counts {_percent(found)} of the voxels as {known.name}, in training {_percent(known.share)} and at "
        f"most {_percent(known.largest)} (limit {_percent(limit)}); check its unit and calibration"
    )
    return Shift(known.line, known.name, found, training, limit, words)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"

"""A scan that each step has an answer for, and its result on it, for tests that run over all steps."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan
from tests.strategies import unit_scan

SUITED: Mapping[str, Callable[[], Scan]] = {}
"""Steps that need more than values between 0 and 1 on a small volume."""


def suited_scan(step: str) -> Scan:
    """A small scan on which `step` works with its defaults."""
    return SUITED.get(step, unit_scan)()


def ready(line: Line, scan: Scan) -> Recipe:
    """`line` as a recipe that can be applied: fitted on `scan` and two like it, if it must be."""
    recipe = Recipe((line,))
    if not line.needs_fit:
        return recipe
    return fit(recipe, [scan, *(replace(scan, data=scan.data * share) for share in (0.5, 0.75))])


def result_of(line: Line, scan: Scan) -> Scan:
    """What `line` makes of `scan`."""
    return apply(ready(line, scan), scan)

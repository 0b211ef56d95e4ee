"""The verbs: `trace` runs a recipe line by line, `apply` keeps the end, `fit` measures a training set and freezes.

Running a line is two stages: `measuring` looks at voxels and answers with plain numbers, `carrying_out` is a pure
function of pixels and numbers.  The preview of one slice calls the same second stage as the run over the volume.
"""

from collections.abc import Iterator

from prep_core.fitting import fit
from prep_core.recipe import Recipe
from prep_core.running import Done, StepError, run_lines
from prep_core.scan import Scan
from prep_core.together import run_together

__all__ = ["Done", "StepError", "apply", "fit", "trace"]


def trace(recipe: Recipe, scan: Scan) -> Iterator[Done]:
    """Carry out `recipe`, yielding after every line.

    Raises
    ------
    StepError
        "line 2: zscore ...", when a line has no answer for this scan.
    """
    return run_lines(recipe.lines, scan)


def apply(recipe: Recipe, scan: Scan) -> Scan:
    """The scan after the last line.  Same recipe and same pixels in, same bytes out.

    Raises
    ------
    StepError
        As `trace`.
    """
    return run_together(recipe.lines, scan, counted=False).scan

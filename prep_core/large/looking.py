"""A look of a fit at a scan that is larger than memory."""

from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar, cast

from prep_core.fitting import Look, Portion
from prep_core.io import LargeScan
from prep_core.large.measuring import Passes, resolve, taken
from prep_core.large.thinning import thinned
from prep_core.measuring import accumulators
from prep_core.scan import Scan
from prep_core.shift.portrait import Audit

Answer = TypeVar("Answer")


def look_in_parts(work: Callable[[Scan], Answer], large: LargeScan) -> Answer:
    """What `work` gives for a scan: measuring goes over all of its voxels, other work sees a thinned copy.

    Raises
    ------
    StepError, ValueError
        As `work`, and for lines that cannot be carried out on parts of the scan.
    """
    if isinstance(work, Look):
        return cast(Answer, _portion(work, large))
    return work(thinned(large, work.lines if isinstance(work, Audit) else ()))


def _portion(look: Look, large: LargeScan) -> Portion:
    line, make = look.line, look.line.spec.measure
    if make is None:
        raise ValueError("measures nothing")
    passes = Passes(line, resolve(look.above.lines, large), large)
    if look.state is None:
        state = taken(accumulators(line, make, passes.parts), line, passes)
        passes.refuse_empty(state)
    elif len(look.state) != passes.parts:
        seen = len(look.state)
        raise ValueError(
            f"is measured per {line.per}: {large.name} has {passes.parts} parts, the scans before it {seen}"
        )
    else:
        state = taken(deepcopy(look.state), line, passes)
    return Portion(large.outline.source.sha256, state)

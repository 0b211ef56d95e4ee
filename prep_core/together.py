"""A recipe on a scan, when only the end is wanted: lines on the way leave no volumes of their own.

The bytes are those of `run_lines`, which keeps what every line gave.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prep_core.flow import Flow, of_whole
from prep_core.line import Line
from prep_core.running import Done, LineTold, named
from prep_core.scan import Scan


@dataclass(frozen=True)
class End:
    """What a recipe made of a scan.

    Attributes
    ----------
    scan : after the last line
    lines : with their numbers; of their scans only the last has voxels
    """

    scan: Scan
    lines: tuple[Done, ...]


def run_together(
    lines: Sequence[Line],
    scan: Scan,
    first: int = 1,
    counted: bool = True,
    told: LineTold = lambda n, done, of: None,
) -> End:
    """Carry out `lines`, of which `first` is the number of the first.

    Parameters
    ----------
    counted : bool
        Whether the tallies of the lines are wanted.

    Raises
    ------
    StepError
        As `run_lines`.
    """
    flow = Flow(scan, counted, told)
    with of_whole(lines, scan, False, first, told):
        for number, line in enumerate(lines, start=first):
            told(number, 0, 0)
            with named(number, line):
                flow.add(number, line, flow.measured(line, alone=False))
        return End(flow.carry(), tuple(flow.done))

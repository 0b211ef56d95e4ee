"""One line on one scan: measured, carried out, and named in every complaint."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.line import Line
from prep_core.measuring import Measured, measured, spread
from prep_core.ops.image import Told
from prep_core.scan import Scan

LineTold = Callable[[int, int, int], None]
"""Called with the number of a line, and how many of how many planes or volumes are done in it; (n, 0, 0) begins it.

It may raise to stop there."""


class StepError(ValueError):
    """A line cannot be carried out on this scan; the sentence names line, step and what to do.

    Attributes
    ----------
    line : int
        Which line, counted from 1.
    message : str
        The sentence behind the number of the line.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message

    def __reduce__(self) -> tuple[type["StepError"], tuple[int, str]]:
        # What a worker process raises is pickled, and exceptions are rebuilt from their arguments.
        return type(self), (self.line, self.message)


@dataclass(frozen=True)
class Done:
    """One line, carried out: the preview shows `scan`, the provenance keeps the rest."""

    line: Line
    measured: Measured
    scan: Scan
    tally: Mapping[str, float]


def run_lines(
    lines: Iterable[Line], scan: Scan, alone: bool = False, first: int = 1, told: LineTold = lambda n, done, of: None
) -> Iterator[Done]:
    """Carry out `lines`, of which `first` is the number of the first, one after the other, yielding after every line.

    Raises
    ------
    StepError
        "line 2: zscore ...", when a line has no answer for this scan.
    """
    for i, line in enumerate(lines, start=first):
        told(i, 0, 0)
        with named(i, line):
            done = run_line(line, scan, alone, partial(told, i))
        yield done
        scan = done.scan


def run_line(line: Line, scan: Scan, alone: bool = False, told: Told = lambda done, of: None) -> Done:
    """Measure `line` on `scan`, or take its fitted numbers, and carry it out.

    `alone` measures a line that waits for its training set on `scan`, as if it were the whole set.
    """
    measurement = measured(line, scan, alone)
    return done_with(line, measurement, spread(line, measurement, scan), scan, told)


def done_with(
    line: Line,
    measurement: Measured,
    numbers: Mapping[str, NDArray[np.float32]],
    scan: Scan,
    told: Told = lambda done, of: None,
    into: NDArray[np.float32] | None = None,
) -> Done:
    """Carry out `line` with `numbers`: those of `measurement`, as they are spread over `scan`.

    `into` is as in `carried_out`; a line with a tally leaves the array of the scan as it is.
    """
    result = carried_out(line, numbers, scan, told, into)
    tally = line.spec.tally(scan, result, line.params) if line.spec.tally else {}
    return Done(line, measurement, result, tally)


@contextmanager
def named(number: int, line: Line) -> Iterator[None]:
    """Say which line a complaint is about: any ValueError inside becomes a StepError that begins with the line."""
    try:
        yield
    except StepError:
        raise
    except ValueError as error:
        raise StepError(number, f"{line.step} {error}") from error

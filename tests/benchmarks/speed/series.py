"""Loading: a DICOM series against pydicom, and the memory that each format takes."""

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks import loading
from tests.benchmarks.speed.agreement import Agreement, within
from tests.benchmarks.speed.cases import Case, Peer
from tests.benchmarks.speed.figures import Figure

SLICES = (75, 150, 300)
ASKED = 300
TARGET, MOST_MEMORY = 2.0, 1.5
INTERCEPT = -24
"""Of the slices that `loading.series` writes."""


def cases() -> Iterator[Case]:
    for slices in SLICES:
        given = loading.volume(slices)
        target = TARGET if slices == ASKED else None
        with tempfile.TemporaryDirectory() as name:
            folder = loading.series(Path(name) / "series", given)
            peers = (
                Peer("pydicom, in the order of the files", partial(loading.stacked, folder), _unsorted, target),
                Peer("pydicom, sorted and rescaled", partial(loading.stacked_right, folder), within(0), target),
            )
            size = f"{slices} slices of {loading.SIDE}^2"
            yield Case("load a DICOM series", size, given, partial(loading.ours, folder), peers)


def figures() -> Iterator[Figure]:
    """A figure for each format."""
    for name, found in groupby(loading.rows(), attrgetter("name")):
        rows = list(found)
        times = ", ".join(f"{row.peer} {row.ratio:.1f} times" for row in rows)
        remark = f"{rows[0].seconds:.2f} s; {times} as long"
        yield Figure(f"memory to load {name}", (rows[0].memory,), "times the scan", MOST_MEMORY, remark)


def _unsorted(ours: NDArray[Any], theirs: NDArray[Any]) -> Agreement:
    """The same slices in another order, and without rescaling: what they add up to differs by the intercept alone."""
    off = np.asarray(ours, np.int64).sum() - np.asarray(theirs, np.int64).sum()
    return Agreement("stored numbers in another order", bool(off == INTERCEPT * theirs.size))

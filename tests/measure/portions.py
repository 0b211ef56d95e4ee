"""Voxels in portions, and the two ways in which accumulators may take them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from prep_core.measure import Accumulator

DTYPES = ("int8", "uint8", "int16", "uint16", "float32")
Parts = list[NDArray[Any]]
Make = Callable[[], Accumulator]


@st.composite
def portions(draw: st.DrawFn) -> Parts:
    """Some arrays, each of any dtype, none of them empty."""
    arrays = []
    for dtype in draw(st.lists(st.sampled_from(DTYPES), min_size=1, max_size=4)):
        words = {"allow_nan": False, "allow_infinity": False} if dtype == "float32" else {}
        values = hnp.from_dtype(np.dtype(dtype), **words)
        arrays.append(draw(hnp.arrays(dtype, st.integers(1, 40), elements=values)))
    return arrays


def pooled(parts: Parts) -> NDArray[np.float64]:
    return np.concatenate([part.astype(np.float64) for part in parts])


def one_after_the_other(make: Make, parts: Parts) -> dict[str, Any]:
    """All parts into one accumulator, in as many passes as it asks for."""
    accumulator = make()
    while True:
        for part in parts:
            accumulator.update(part)
        if not accumulator.again():
            assert accumulator.count == sum(part.size for part in parts)
            return accumulator.finish()


def by_workers(make: Make, parts: Parts) -> dict[str, Any]:
    """Each part by a worker of its own: copies at the start of a pass, merged at its end."""
    first = make()
    while True:
        workers = [deepcopy(first) for _ in parts]
        for worker, part in zip(workers, parts, strict=True):
            worker.update(part)
        first, *others = workers
        for other in others:
            first.merge(other)
        if not first.again():
            assert first.count == sum(part.size for part in parts)
            return first.finish()

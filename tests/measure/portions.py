"""Voxels in portions, and the two ways in which accumulators may take them."""

import pickle
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
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


def repeated(parts: Parts, weights: Sequence[int]) -> Parts:
    """What `parts` count as, each of whose voxels comes so many times."""
    return [np.repeat(part, weight) for part, weight in zip(parts, weights, strict=True)]


def one_after_the_other(make: Make, parts: Parts, weights: Sequence[int] = ()) -> dict[str, Any]:
    """All parts into one accumulator, in as many passes as it asks for."""
    accumulator = make()
    while True:
        for part, weight in zip(parts, weights or [1] * len(parts), strict=True):
            accumulator.update(part, weight)
        if not accumulator.again():
            assert accumulator.count == sum(part.size for part in parts)
            return accumulator.finish()


def by_workers(make: Make, parts: Parts, weights: Sequence[int] = ()) -> dict[str, Any]:
    """Each part by a worker of its own: states travel to them at the start of a pass, and back at its end."""
    first = make()
    while True:
        workers = [sent(first) for _ in parts]
        for worker, part, weight in zip(workers, parts, weights or [1] * len(parts), strict=True):
            worker.update(part, weight)
        first, *others = (sent(worker) for worker in workers)
        for other in others:
            first.merge(other)
        if not first.again():
            assert first.count == sum(part.size for part in parts)
            return first.finish()


def sent(accumulator: Accumulator) -> Accumulator:
    """What arrives in another process."""
    arrived: Accumulator = pickle.loads(pickle.dumps(accumulator))
    return arrived


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two answers have the same bytes; NaN is one of them, and 0 and -0 are two."""
    bytes_of = ([np.asarray(value, np.float64).tobytes() for value in answer.values()] for answer in (one, other))
    return list(one) == list(other) and next(bytes_of) == next(bytes_of)


def exact_moments(values: NDArray[Any]) -> tuple[Fraction, Fraction]:
    """Mean and variance (ddof 0) without any rounding."""
    fractions = [Fraction(value) for value in values.astype(np.float64).tolist()]
    mean = sum(fractions, Fraction()) / len(fractions)
    return mean, sum(((value - mean) ** 2 for value in fractions), Fraction()) / len(fractions)

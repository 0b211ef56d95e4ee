"""Work on one large array by several threads, and arrays as loops take them."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

FEWEST = 1 << 20
"""Elements of an array that are worth a thread."""


def flat(values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """`values` as one aligned C-contiguous axis of `dtype`; a copy only where they are not that."""
    return np.require(values, dtype, ["C", "A"]).reshape(-1)


def in_parts(size: int, work: Callable[[slice], T], fewest: int = FEWEST) -> list[T]:
    """What `work` answers for each part of `size` elements, in their order; the first is done by the caller's thread.

    Only for work whose answers do not depend on how the elements are divided.

    Parameters
    ----------
    fewest : int
        Elements that are worth a thread.
    """
    count = min(_cores(), size // fewest)
    if count < 2:
        return [work(slice(0, size))]
    ends = [size * i // count for i in range(count + 1)]
    first, *others = (slice(start, stop) for start, stop in pairwise(ends))
    waiting = [_pool().submit(work, part) for part in others]
    try:
        answer = work(first)
    finally:
        wait(waiting)
    return [answer, *(future.result() for future in waiting)]


@cache
def _cores() -> int:
    """The processors that this process may use; fewer where OMP_NUM_THREADS says so, as it does to workers."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(usable, int(told))) if told.isdecimal() else usable


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_cores(), thread_name_prefix="prep part")

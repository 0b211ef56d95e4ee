"""How many threads the libraries of a worker may start: its share of the machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import SimpleITK

VARIABLES = (
    "BLIS_NUM_THREADS",
    "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What BLAS, OpenMP and ITK read when they are loaded."""


def share(workers: int) -> int:
    """The processors for each of `workers`, at least one.  Those that this process may not use do not count."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, usable // workers)


@contextmanager
def inherited(threads: int) -> Iterator[None]:
    """Let processes that start inside the block have so many threads, or fewer where the user has set fewer."""
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.update({name: str(_fewer(told, threads)) for name, told in before.items()})
    try:
        yield
    finally:
        for name, told in before.items():
            if told is None:
                del os.environ[name]
            else:
                os.environ[name] = told


def _fewer(told: str | None, threads: int) -> int:
    return min(threads, int(told)) if told and told.isdecimal() and int(told) else threads


@cache
def hold_itk(threads: int) -> None:
    """Let SimpleITK have so many threads in this process, which loaded it before it was told."""
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)

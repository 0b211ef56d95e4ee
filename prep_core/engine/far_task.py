"""What a worker of a cluster does: the task of a round, under the conditions of the one who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import Any, Generic, TypeVar

from prep_core.engine.alike import difference, versions
from prep_core.engine.engine import EngineError
from prep_core.engine.threads import hold_itk

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AT_ONCE = 2
"""Scans that one process holds at most, however many threads it has."""


@dataclass(frozen=True)
class FarTask(Generic[Item, Answer]):
    """`task`, for a process that has `versions`; another one refuses, also if it joined when work had begun."""

    task: Callable[[Item], Answer]
    versions: Mapping[str, str]


def as_it_is(task: FarTask[Any, Any]) -> FarTask[Any, Any]:
    """The task, as the result of another one: a cluster sends it to each worker once, and never loses it."""
    return task


def done_there(task: FarTask[Item, Answer], item: Item) -> Answer:
    """`task` on `item`, in a worker of Dask, whose threads its libraries share.

    Raises
    ------
    EngineError
        When this worker would not give the same bytes.
    """
    # Only a worker comes here, and it has this library.
    from distributed import get_worker

    if differs := difference(task.versions, versions()):
        raise EngineError(differing(f"worker {get_worker().address}", differs))
    hold_itk(get_worker().state.nthreads)
    with _places():
        return task.task(item)


def differing(who: str, differs: str) -> str:
    """The complaint about a worker that would not give the same bytes."""
    return f"{who} differs from this machine: {differs}; install the same versions on both, since bytes depend on them"


@cache
def _places() -> BoundedSemaphore:
    return BoundedSemaphore(AT_ONCE)

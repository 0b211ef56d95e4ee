"""Calls timed in alternation, so that a busy machine slows all of them alike."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FEWEST, MOST = 3, 9
"""Rounds."""

PATIENCE = 20.0
"""Seconds after which no round beyond the fewest begins."""


@dataclass(frozen=True)
class Timed:
    """How long one call took, in seconds, in each round."""

    seconds: tuple[float, ...]

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def first_answers(calls: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each call gives.  It warms up caches and libraries too, so no round is anybody's first call."""
    return {name: call() for name, call in calls.items()}


def alternated(calls: Mapping[str, Callable[[], Any]], fewest: int = FEWEST, most: int = MOST) -> dict[str, Timed]:
    """Each call once in every round, every second round backwards, so that none always runs after the same other."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    for i in range(most):
        if i >= fewest and time.perf_counter() - start > PATIENCE:
            break
        for name in list(calls)[:: -1 if i % 2 else 1]:
            seconds[name].append(_seconds(calls[name]))
    return {name: Timed(tuple(values)) for name, values in seconds.items()}


def _seconds(call: Callable[[], Any]) -> float:
    """Of one call, without what the garbage collector or letting go of its answer takes."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    answer = call()
    taken = time.perf_counter() - start
    gc.enable()
    del answer
    return taken

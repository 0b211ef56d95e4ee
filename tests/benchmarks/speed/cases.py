"""One operation on one array, as we and as others do it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core import Recipe, Scan, apply
from tests.benchmarks.speed.agreement import Agreement
from tests.benchmarks.speed.figures import Against
from tests.benchmarks.speed.rounds import Timed, alternated, first_answers

Call = Callable[[], Any]
OURS, STEP, COPY = "ours", "step", "copy"


@dataclass(frozen=True)
class Peer:
    """Somebody else's way; `agree` compares what we give with what it gives."""

    name: str
    call: Call
    agree: Callable[[Any, Any], Agreement]
    target: float | None = None


@dataclass(frozen=True)
class Case:
    """One operation on one array.

    Attributes
    ----------
    size : in words, for the table
    given : the array that all start from
    ours : what users call
    step : the function of the step alone, where the peers do no more than that
    """

    operation: str
    size: str
    given: NDArray[Any]
    ours: Call
    peers: tuple[Peer, ...]
    step: Call | None = None


def applied(lines: str, scan: Scan) -> Callable[[], NDArray[np.float32]]:
    """A call of the recipe of `lines`, in YAML, on `scan`; it gives the pixels."""
    recipe = Recipe.from_yaml(f"prep: 1\nname: speed\nsteps:\n{lines}")
    return lambda: apply(recipe, scan).data


def measured(case: Case) -> Iterator[Against]:
    """A row for each peer."""
    calls = {OURS: case.ours, **{peer.name: peer.call for peer in case.peers}}
    answers = first_answers(calls)
    agreements = [peer.agree(answers[OURS], answers[peer.name]) for peer in case.peers]
    # Large results would take memory from the calls that are timed.
    del answers
    more: dict[str, Call] = {COPY: partial(np.copyto, np.empty_like(case.given), case.given)}
    if case.step:
        more[STEP] = case.step
    first_answers(more)
    times = alternated(calls | more)
    for peer, agreement in zip(case.peers, agreements, strict=True):
        yield _row(case, times, peer, agreement)


def _row(case: Case, times: Mapping[str, Timed], peer: Peer, agreement: Agreement) -> Against:
    return Against(
        operation=case.operation,
        size=case.size,
        voxels=case.given.size,
        ours=times[OURS],
        step=times.get(STEP),
        copy=times[COPY],
        peer=peer.name,
        theirs=times[peer.name],
        target=peer.target,
        agreement=agreement.words,
        agrees=agreement.near,
    )

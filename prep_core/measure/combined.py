"""Accumulators made of others: side by side, one after the other, or with derived numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.accumulator import Accumulator, Fixed, countable
from prep_core.measure.around import Around

Counts = NDArray[np.int64]
Numbers = Mapping[str, Any]
Stage = Callable[[Numbers], Accumulator | Numbers]


class Together:
    """Several accumulators over the same voxels; each is given another pass only if it asks for one.

    Parameters
    ----------
    *members : Accumulator
        Their numbers must have different names.
    """

    def __init__(self, *members: Accumulator) -> None:
        self.count = 0
        self._members = members
        self._asking = members

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for member in self._members for name in member.names)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        for member in self._asking:
            member.update(values, weight)
        self.count = self._members[0].count

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        for member in self._asking:
            countable(member).update_counted(values, counts)
        self.count = self._members[0].count

    def merge(self, other: Self) -> None:
        for member, others in zip(self._asking, other._asking, strict=True):
            member.merge(others)
        self.count = self._members[0].count

    def again(self) -> bool:
        self._asking = tuple(member for member in self._asking if member.again())
        return bool(self._asking)

    def finish(self) -> dict[str, Any]:
        return {name: value for member in self._members for name, value in member.finish().items()}


class InTurn:
    """Accumulators one after the other over the same voxels, each made with the numbers of those before it.

    Parameters
    ----------
    names : sequence of str
        Of the numbers in the answer.
    stages : sequence of callable
        Each makes an accumulator from the numbers so far, or more numbers where that needs no voxels; "count" among
        them is how many voxels there are, however much each weighs.  The accumulator may have taken its first pass.
    answer : callable
        The final numbers, from all of the stages'.  Where it is not given: those called `names`.

    Notes
    -----
    Copies that take different voxels in a later pass must be made from the one that was merged before it.
    """

    def __init__(
        self,
        names: Sequence[str],
        stages: Sequence[Stage],
        answer: Callable[[Numbers], dict[str, Any]] | None = None,
    ) -> None:
        self.count = 0
        self.names = tuple(names)
        self._numbers: dict[str, Any] = {}
        self._now: Accumulator = Fixed()
        self._later = tuple(stages)
        self._answer = answer
        self._first = True
        self._ended = not self._went_on()

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        if self._ended:
            return
        if self._first:
            self.count += values.size
        self._now.update(values, weight)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        if self._ended:
            return
        if self._first:
            self.count += int(counts.sum())
        countable(self._now).update_counted(values, counts)

    def merge(self, other: Self) -> None:
        if self._ended:
            return
        if self._first:
            self.count += other.count
        self._now.merge(other._now)

    def again(self) -> bool:
        self._first = False
        if self._ended or self._now.again():
            return not self._ended
        self._numbers |= self._now.finish() | {"count": self.count}
        self._ended = not self._went_on()
        return not self._ended

    def finish(self) -> dict[str, Any]:
        if self._answer:
            return self._answer(self._numbers)
        return {name: self._numbers[name] for name in self.names}

    def _went_on(self) -> bool:
        """Whether there is another stage that needs voxels; then it is the one that takes them."""
        while self._later:
            stage, self._later = self._later[0], self._later[1:]
            made = stage(self._numbers)
            if not isinstance(made, Mapping):
                self._now = made
                return True
            self._numbers |= made
        return False


class Answered(Around):
    """The numbers that a function makes of those of another accumulator.

    Parameters
    ----------
    names : tuple of str
        Of the numbers in the answer.
    answer : callable
        From the numbers of `member` to those called `names`.
    """

    def __init__(
        self, names: tuple[str, ...], member: Accumulator, answer: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> None:
        super().__init__(member)
        self._names = names
        self._answer = answer

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self._member.update(values, weight)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        countable(self._member).update_counted(values, counts)

    def finish(self) -> dict[str, Any]:
        return self._answer(self._member.finish())

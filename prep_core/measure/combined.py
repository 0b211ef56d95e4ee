"""Accumulators made of others: side by side, one after the other, on derived values, or with derived numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.accumulator import Accumulator

Numbers = Mapping[str, Any]

_BLOCK = 1 << 20  # what is derived from a block, in float64, takes 8 MB


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
        Each makes an accumulator from the numbers so far; "count" among them is how many voxels there are,
        however much each weighs.
    answer : callable
        The final numbers, from all of the stages'.  Where it is not given: those called `names`.

    Notes
    -----
    Copies that take different voxels in a later pass must be made from the one that was merged before it.
    """

    def __init__(
        self,
        names: Sequence[str],
        stages: Sequence[Callable[[Numbers], Accumulator]],
        answer: Callable[[Numbers], dict[str, Any]] | None = None,
    ) -> None:
        self.count = 0
        self.names = tuple(names)
        self._numbers: dict[str, Any] = {}
        self._now = stages[0]({})
        self._later = tuple(stages[1:])
        self._answer = answer
        self._first = True
        self._ended = False

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        if self._ended:
            return
        if self._first:
            self.count += values.size
        self._now.update(values, weight)

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
        if self._later:
            self._now = self._later[0](self._numbers)
            self._later = self._later[1:]
            return True
        self._ended = True
        return False

    def finish(self) -> dict[str, Any]:
        if self._answer:
            return self._answer(self._numbers)
        return {name: self._numbers[name] for name in self.names}


class Derived:
    """An accumulator of what a function makes of the voxels: it may change them, or leave some out.

    Parameters
    ----------
    of : callable
        From a 1-D array to another, value by value.
    member : Accumulator
        Its numbers are NaN where `of` left out every voxel.
    """

    def __init__(self, of: Callable[[NDArray[Any]], NDArray[Any]], member: Accumulator) -> None:
        self.count = 0
        self._of = of
        self._member = member

    @property
    def names(self) -> tuple[str, ...]:
        return self._member.names

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        for start in range(0, values.size, _BLOCK):
            self._member.update(self._of(values[start : start + _BLOCK]), weight)
        self.count = self._member.count

    def merge(self, other: Self) -> None:
        self._member.merge(other._member)
        self.count = self._member.count

    def again(self) -> bool:
        return self._member.again()

    def finish(self) -> dict[str, Any]:
        return self._member.finish() if self.count else dict.fromkeys(self.names, np.nan)


class Answered:
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
        self.count = 0
        self.names = names
        self._member = member
        self._answer = answer

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self._member.update(values, weight)
        self.count = self._member.count

    def merge(self, other: Self) -> None:
        self._member.merge(other._member)
        self.count = self._member.count

    def again(self) -> bool:
        return self._member.again()

    def finish(self) -> dict[str, Any]:
        return self._answer(self._member.finish())

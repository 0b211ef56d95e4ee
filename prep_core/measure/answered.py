"""Numbers computed from those that another accumulator measures."""

from collections.abc import Callable
from typing import Any, Self

from numpy.typing import NDArray

from prep_core.measure.accumulator import Accumulator


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

    def update(self, values: NDArray[Any]) -> None:
        self._member.update(values)
        self.count = self._member.count

    def merge(self, other: Self) -> None:
        self._member.merge(other._member)
        self.count = self._member.count

    def again(self) -> bool:
        return self._member.again()

    def finish(self) -> dict[str, Any]:
        return self._answer(self._member.finish())

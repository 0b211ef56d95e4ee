"""What accumulators have in common that hand voxels, or numbers, of another one on."""

from typing import Any, Self

from prep_core.measure.accumulator import Accumulator


class Around:
    """An accumulator around another one, whose passes and count are its own."""

    def __init__(self, member: Accumulator) -> None:
        self._member = member

    @property
    def count(self) -> int:
        return self._member.count

    @property
    def names(self) -> tuple[str, ...]:
        return self._member.names

    def merge(self, other: Self) -> None:
        self._member.merge(other._member)

    def again(self) -> bool:
        return self._member.again()

    def finish(self) -> dict[str, Any]:
        return self._member.finish()

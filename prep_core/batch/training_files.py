"""A training set in files, read and looked at by an engine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from prep_core.batch.found import Read, scans_of
from prep_core.engine import Engine, Lost
from prep_core.scan import Scan

Answer = TypeVar("Answer")


class Unreadable(ValueError):
    """A scan of a training set cannot be read."""


@dataclass(frozen=True)
class _LookAt(Generic[Answer]):
    """Reads one part, and does the work on each of its scans; a sentence where it cannot be read."""

    work: Callable[[Scan], Answer]
    read: Read
    answers: Mapping[str, Any]

    def __call__(self, part: str) -> list[Answer] | str:
        scans = scans_of(part, self.read, self.answers)
        return scans if isinstance(scans, str) else [self.work(scan) for scan in scans]


class TrainingFiles:
    """The scans in `parts`, which `prep_core.batch.parts_in` gives.

    Raises
    ------
    Unreadable
        While it is looked at, when one of them cannot be read: a training set must be whole.
    """

    def __init__(self, parts: Iterable[str], read: Read, engine: Engine, answers: Mapping[str, Any]) -> None:
        self._parts = tuple(parts)
        self._read = read
        self._engine = engine
        self._answers = answers

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        for place, answer in self._engine.each(_LookAt(work, self._read, self._answers), self._parts):
            if isinstance(answer, Lost):
                raise Unreadable(f"{self._parts[place]}: {answer.why}")
            if isinstance(answer, str):
                raise Unreadable(answer)
            yield from answer

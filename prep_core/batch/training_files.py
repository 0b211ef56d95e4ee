"""A training set in files, read and looked at by an engine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from prep_core.batch.found import Open, scans_of
from prep_core.batch.part import Part, absolute, called
from prep_core.engine import Engine, Lost
from prep_core.io import LargeScan
from prep_core.large import look_in_parts
from prep_core.running import StepError
from prep_core.scan import Scan

Answer = TypeVar("Answer")


class Unreadable(RuntimeError):
    """A scan of a training set cannot be read.

    No ValueError: those are taken for complaints of the line that is being measured.
    """


@dataclass(frozen=True)
class Row:
    """One of what `prep_core.batch.parts_in` gives, what the user says of it, and where that is said in a list."""

    part: Part
    answers: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""

    def __str__(self) -> str:
        return f"{called(self.part)}, {self.where}" if self.where else called(self.part)


@dataclass(frozen=True)
class _LookAt(Generic[Answer]):
    """Reads one row, and does the work on each of its scans; a sentence where it cannot be read."""

    work: Callable[[Scan], Answer]
    read: Open

    def __call__(self, row: Row) -> list[Answer] | str:
        scans = scans_of(row.part, self.read, row.answers)
        if isinstance(scans, str):
            return f"{row.where}: {scans}" if row.where else scans
        try:
            return [self._looked(scan) for scan in scans]
        except StepError as error:
            raise StepError(error.line, f"{error.message} (in {row})") from error
        except ValueError as error:
            raise ValueError(f"{error} (in {row})") from error

    def _looked(self, scan: Scan | LargeScan) -> Answer:
        return look_in_parts(self.work, scan) if isinstance(scan, LargeScan) else self.work(scan)


class TrainingFiles:
    """The scans in `rows`, each read with the answers of its row.

    Raises
    ------
    Unreadable
        While it is looked at, when one of them cannot be read: a training set must be whole.
    """

    def __init__(self, rows: Iterable[Row], read: Open, engine: Engine) -> None:
        self._rows = tuple(rows)
        self._read = read
        self._engine = engine

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        rows = [replace(row, part=absolute(row.part)) for row in self._rows]
        for place, answer in self._engine.each(_LookAt(work, self._read), rows):
            if isinstance(answer, Lost):
                raise Unreadable(f"{self._rows[place]}: {answer.why}")
            if isinstance(answer, str):
                raise Unreadable(answer)
            yield from answer

"""The task of a batch: everything in one file through a recipe, written aside until its name is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prep_core.batch.found import Read, scans_of
from prep_core.batch.result import process, sidecar_name
from prep_core.io import write_atomic
from prep_core.provenance import MASKS, is_finished
from prep_core.recipe import Recipe
from prep_core.scan import Scan

ASIDE = ".unfinished"
"""The folder, inside that of the results, where files wait for their names."""


@dataclass(frozen=True)
class Staged:
    """One scan, done but not named: `aside` is the stem of its files in `ASIDE`, `record` its provenance.

    `kept` are files that hold the same result already.  Without either there is an error.
    """

    name: str
    error: str = ""
    kept: tuple[str, ...] = ()
    aside: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ApplyOne:
    """Applies `recipe` to each scan of a part; with `resume`, only where `folder` does not hold its result yet."""

    recipe: Recipe
    folder: Path
    format: str
    resume: bool
    read: Read
    answers: Mapping[str, Any]

    def __call__(self, item: tuple[int, str]) -> list[Staged]:
        place, part = item
        scans = scans_of(part, self.read, self.answers)
        if isinstance(scans, str):
            return [Staged("", error=scans)]
        return [self._staged(scan, f"{place}-{n}") for n, scan in enumerate(scans)]

    def _staged(self, scan: Scan, aside: str) -> Staged:
        if self.resume and (kept := tuple(self._kept(scan))):
            return Staged(scan.name, kept=kept)
        try:
            result = process(self.recipe, scan, self.format)
        except ValueError as error:
            return Staged(scan.name, error=str(error))
        (self.folder / ASIDE).mkdir(exist_ok=True)
        write_atomic(self.folder / ASIDE / f"{aside}.{self.format}", result.data)
        if result.mask:
            write_atomic(self.folder / ASIDE / f"{aside}.mask.{self.format}", result.mask)
        return Staged(scan.name, aside=aside, record=result.record)

    def _kept(self, scan: Scan) -> Iterator[str]:
        """Files of a name that `scan` may have been given, in the order in which names are given."""
        number = 1
        while (file := self._file(scan.name, number)) and (sidecar := self._sidecar(file)).is_file():
            if self._is_there(self.folder / file, sidecar, scan):
                yield file
            number += 1

    def _file(self, name: str, number: int) -> str:
        return f"{name}.{self.format}" if number == 1 else f"{name}_{number}.{self.format}"

    def _sidecar(self, file: str) -> Path:
        return self.folder / sidecar_name(file, self.format)

    def _is_there(self, file: Path, sidecar: Path, scan: Scan) -> bool:
        if not file.is_file():
            return False
        mask = file.parent / MASKS / file.name
        masked = mask.read_bytes() if mask.is_file() else b""
        return is_finished(sidecar.read_bytes(), file.read_bytes(), masked, self.recipe, scan)

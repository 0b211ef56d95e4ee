"""The task of a batch: everything in one file through a recipe, written aside until its name is known."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep_core.batch.aside import Aside, put
from prep_core.batch.figures import counted, cut, figures
from prep_core.batch.found import Open, scans_of
from prep_core.batch.in_parts import digests, stage_in_parts
from prep_core.batch.part import Part
from prep_core.batch.places import Places
from prep_core.batch.result import Worked, work
from prep_core.batch.thumbnail import thumbnail
from prep_core.io import LargeScan
from prep_core.provenance import is_made
from prep_core.recipe import Recipe
from prep_core.scan import Scan


@dataclass(frozen=True)
class Item:
    """One part of a batch: its place among all, and what its results are called behind the scan's name."""

    place: int
    part: Part
    end: str


@dataclass(frozen=True)
class Staged:
    """One scan, done but not named.

    `aside` is the stem of its files that wait, as `Aside` names them; `kept` is the name of a result that is there
    already and whole.  Without either there is an error.
    """

    name: str
    error: str = ""
    kept: str = ""
    aside: str = ""


@dataclass(frozen=True)
class ApplyOne:
    """Applies `recipe` to each scan of a part; with `resume`, only where `results` do not hold its result yet."""

    recipe: Recipe
    results: Places
    aside: Path
    resume: bool
    read: Open
    answers: Mapping[str, Any]

    def __call__(self, item: Item) -> list[Staged]:
        return list(self._staged(item))

    def _staged(self, item: Item) -> Iterator[Staged]:
        """Each scan of a part, staged: where another way to work on a part begins."""
        scans = scans_of(item.part, self.read, self.answers)
        if isinstance(scans, str):
            yield Staged("", error=scans)
            return
        for number, scan in enumerate(scans):
            yield self._one(scan, item.end, Aside(self.aside, f"{item.place}-{number}", self.results.format))

    def _one(self, scan: Scan | LargeScan, end: str, aside: Aside) -> Staged:
        known = scan.outline if isinstance(scan, LargeScan) else scan
        if self.resume and self._is_there(known, scan.name + end):
            return Staged(scan.name, kept=scan.name + end)
        try:
            if isinstance(scan, LargeScan):
                stage_in_parts(self.recipe, scan, aside)
            else:
                self._stage(scan, aside)
        except ValueError as error:
            return Staged(scan.name, error=str(error))
        except MemoryError:
            words = f"{scan.name} needs more memory than there is; crop it or take larger voxels"
            return Staged(scan.name, error=words)
        except OSError as error:
            # Where one result cannot be written none can: the batch ends here, and can be resumed.
            error.filename = error.filename or str(self.results.folder)
            raise
        except Exception as error:
            # A fault of the program in one scan costs no more than that scan; the log has the whole story.
            logging.getLogger(__name__).exception("scan %s", scan.name)
            return Staged(scan.name, error=f"a fault of the program, not of the scan: {type(error).__name__}: {error}")
        return Staged(scan.name, aside=aside.stem)

    def _stage(self, scan: Scan, aside: Aside) -> None:
        worked = work(self.recipe, scan, self.results.format)
        _write(worked, thumbnail(scan, worked.scan, _facts(worked)), aside)

    def _is_there(self, scan: Scan, name: str) -> bool:
        """Whether all that this scan leaves is there under `name`, made by the same recipe from the same bytes."""
        places = self.results
        if not (places.sidecar(name).is_file() and places.result(name).is_file() and places.is_drawn(name)):
            return False
        files = digests(places.result(name), places.mask(name))
        return is_made(places.sidecar(name).read_bytes(), *files, self.recipe, scan)


def _facts(worked: Worked) -> dict[str, Any]:
    """What the report says of a result, besides its provenance."""
    return {
        "of": worked.result.record["output"]["sha256"],
        "figures": figures(counted(worked.scan)),
        "cut": cut(worked.lines),
    }


def _write(worked: Worked, picture: bytes, aside: Aside) -> None:
    put(aside.result, worked.result.data)
    if worked.result.mask:
        put(aside.mask, worked.result.mask)
    put(aside.thumbnail, picture)
    put(aside.record, worked.result.sidecar.encode())

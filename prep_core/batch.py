"""Many scans through one recipe: a generator of outcomes, so that one broken scan stops nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prep_core.io import ReaderFault, ReadError, distinct, encode, is_candidate, is_slice, is_store, load, write_atomic
from prep_core.provenance import MASKS, is_finished, provenance, to_json
from prep_core.recipe import Recipe
from prep_core.run import Done, trace
from prep_core.scan import Scan


@dataclass(frozen=True)
class Outcome:
    """What became of one scan: the file that holds the result, or the reason why there is none.

    `kept` tells that the result was there already, whole, and made in the same way.
    """

    path: str
    name: str
    file: str = ""
    error: str = ""
    kept: bool = False

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(frozen=True)
class Result:
    """A processed scan as bytes, with its sidecar, before anything is written.

    `mask` is what the last mask line made, as a file of 0 and 1 in the same format; empty where no line makes one.
    """

    file: str
    data: bytes
    sidecar: str
    mask: bytes = b""


def process(
    recipe: Recipe,
    scan: Scan,
    format: str,
    name: str | None = None,
    progress: Callable[[Done, int], None] = lambda done, count: None,
) -> Result:
    """Apply `recipe` to `scan` and encode the result: the same bytes wherever it is called.

    `progress` is called after each line, with what was done and how many lines are.

    Raises
    ------
    StepError
        When a line has no answer for this scan.
    ValueError
        When the format cannot hold the result.
    """
    lines = []
    result = scan
    for done in trace(recipe, scan):
        lines.append(done)
        result = done.scan
        progress(done, len(lines))
    file = f"{name or scan.name}.{format}"
    data = encode(result, format)
    mask = b"" if result.mask is None else encode(replace(result, data=result.mask, unit="1"), format)
    return Result(file, data, to_json(provenance(recipe, scan, lines, result, file, data, mask)), mask)


def sidecar_name(file: str, format: str) -> str:
    """The name of the provenance that lies beside `file`."""
    return f"{file.removesuffix('.' + format)}.prep.json"


@dataclass(frozen=True)
class Found:
    """A scan in one of the paths that were asked for, or the reason why it cannot be read.

    `part` is what was read by itself: the path, or a file or folder inside it.
    """

    path: str
    part: str
    scan: Scan | None = None
    error: str = ""


Read = Callable[..., list[Scan]]
"""`load`, or what reads in its place."""


def loaded(paths: Iterable[str], read: Read = load, **answers: Any) -> Iterator[Found]:
    """Every scan in `paths` (files, folders, archives), one at a time, by `read` with the user's `answers`."""
    for path in paths:
        for part in scan_paths(Path(path)):
            try:
                yield from (Found(path, str(part), scan) for scan in read(part, **answers))
            except (ReadError, ReaderFault) as error:
                yield Found(path, str(part), error=str(error))


def scan_paths(path: Path) -> list[Path]:
    """What is read by itself in `path`: a folder of DICOM slices or a Zarr store is one, of any other folder each file
    and folder is.

    So one broken scan in a tree of scans is one failure, and a folder of texts among them is none.
    """
    return _scans_in(path) or [path]


def _scans_in(path: Path) -> list[Path]:
    if not path.is_dir() or is_store(path):
        return [path]
    inside = sorted(p for p in path.iterdir() if not p.name.startswith(".") and not p.is_symlink())
    files = [p for p in inside if p.is_file()]
    if any(is_slice(p) for p in files):
        return [path]
    return [part for p in inside if p.is_dir() or is_candidate(p) for part in _scans_in(p)]


def apply_all(
    recipe: Recipe,
    paths: Iterable[str],
    folder: Path,
    format: str,
    resume: bool = False,
    read: Read = load,
    **answers: Any,
) -> Iterator[Outcome]:
    """Write NAME.FORMAT and NAME.prep.json into `folder` for every scan in `paths`, and report.json at the end.

    Where the recipe makes a mask, masks/NAME.FORMAT holds it.
    Each file is written beside its place and moved there, so that no half-written one is ever found.  With `resume`,
    a result that is there already and was made from the same bytes, in the same way, is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    names: set[str] = set()
    for found in loaded(paths, read, **answers):
        outcome = _outcome(recipe, found, folder, format, names, resume)
        outcomes.append(outcome)
        yield outcome
    write_atomic(folder / "report.json", to_json(_report(recipe, outcomes)).encode())


def _outcome(recipe: Recipe, found: Found, folder: Path, format: str, names: set[str], resume: bool) -> Outcome:
    if found.scan is None:
        return Outcome(found.part, "", error=found.error)
    name = distinct(found.scan.name, names, "_")
    names.add(name.lower())
    file = f"{name}.{format}"
    sidecar = sidecar_name(file, format)
    if resume and _is_there(folder / file, folder / sidecar, recipe, found.scan):
        return Outcome(found.part, found.scan.name, file, kept=True)
    try:
        result = process(recipe, found.scan, format, name)
    except ValueError as error:
        return Outcome(found.part, found.scan.name, error=str(error))
    write_atomic(folder / file, result.data)
    if result.mask:
        (folder / MASKS).mkdir(exist_ok=True)
        write_atomic(folder / MASKS / file, result.mask)
    write_atomic(folder / sidecar, result.sidecar.encode())
    return Outcome(found.part, found.scan.name, file)


def _is_there(file: Path, sidecar: Path, recipe: Recipe, scan: Scan) -> bool:
    if not (file.is_file() and sidecar.is_file()):
        return False
    mask = file.parent / MASKS / file.name
    return is_finished(
        sidecar.read_bytes(), file.read_bytes(), mask.read_bytes() if mask.is_file() else b"", recipe, scan
    )


def _report(recipe: Recipe, outcomes: list[Outcome]) -> dict[str, Any]:
    failed = sum(not outcome.ok for outcome in outcomes)
    return {
        "prep": 1,
        "recipe": recipe.digest,
        "done": len(outcomes) - failed,
        "failed": failed,
        "scans": [
            {"path": o.path, "name": o.name, "ok": o.ok, "file": o.file or None, "error": o.error or None}
            for o in outcomes
        ],
    }

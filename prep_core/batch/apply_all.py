"""Many scans through one recipe: a generator of outcomes, so that one broken scan stops nothing.

Whoever works on a scan writes its result aside.  Names are given here, in the order of the paths, so that they do not
depend on who was faster.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep_core.batch.apply_one import ASIDE, ApplyOne, Staged
from prep_core.batch.found import Read, parts_in
from prep_core.batch.result import sidecar_name
from prep_core.engine import Engine, Here, Lost
from prep_core.io import distinct, load, write_atomic
from prep_core.provenance import MASKS, to_json
from prep_core.recipe import Recipe


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


def apply_all(
    recipe: Recipe,
    paths: Iterable[str],
    folder: Path,
    format: str,
    resume: bool = False,
    read: Read = load,
    engine: Engine | None = None,
    **answers: Any,
) -> Iterator[Outcome]:
    """Write NAME.FORMAT and NAME.prep.json into `folder` for every scan in `paths`, and report.json at the end.

    Where the recipe makes a mask, masks/NAME.FORMAT holds it.
    Each file is written beside its place and moved there, so that no half-written one is ever found.  With `resume`,
    a result that is there already and was made from the same bytes, in the same way, is kept.

    Parameters
    ----------
    engine : Engine, optional
        Who works on the scans; by default this process, one after the other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / ASIDE, ignore_errors=True)
    task = ApplyOne(recipe, folder.absolute(), format, resume, read, answers)
    parts = [part for path in paths for part in parts_in(path)]
    outcomes: list[Outcome] = []
    names: set[str] = set()
    for place, staged in _in_order(engine or Here(), task, parts):
        for one in staged:
            outcome = _settled(task, parts[place], one, names)
            outcomes.append(outcome)
            yield outcome
    shutil.rmtree(folder / ASIDE, ignore_errors=True)
    write_atomic(folder / "report.json", to_json(_report(recipe, outcomes)).encode())


def _in_order(engine: Engine, task: ApplyOne, parts: list[str]) -> Iterator[tuple[int, list[Staged]]]:
    """What `task` gives for each of `parts`, in their order."""
    ready: dict[int, list[Staged]] = {}
    following = 0
    for place, answer in engine.each(task, list(enumerate(parts))):
        ready[place] = (
            [Staged("", error=f"{Path(parts[place]).name}: {answer.why}")] if isinstance(answer, Lost) else answer
        )
        while following in ready:
            yield following, ready.pop(following)
            following += 1


def _settled(task: ApplyOne, part: str, staged: Staged, names: set[str]) -> Outcome:
    """The outcome of a scan, once its files have the first name that is free."""
    if staged.error:
        return Outcome(part, staged.name, error=staged.error)
    name = distinct(staged.name, names, "_")
    names.add(name.lower())
    file = f"{name}.{task.format}"
    if staged.kept:
        return _kept(task, part, staged, file)
    record = {**staged.record, "output": {**staged.record["output"], "file": file}}
    aside = task.folder / ASIDE / staged.aside
    aside.with_name(f"{aside.name}.{task.format}").replace(task.folder / file)
    if "mask" in record["output"]:
        record["output"]["mask"] = {**record["output"]["mask"], "file": f"{MASKS}/{file}"}
        (task.folder / MASKS).mkdir(exist_ok=True)
        aside.with_name(f"{aside.name}.mask.{task.format}").replace(task.folder / MASKS / file)
    write_atomic(task.folder / sidecar_name(file, task.format), to_json(record).encode())
    return Outcome(part, staged.name, file)


def _kept(task: ApplyOne, part: str, staged: Staged, file: str) -> Outcome:
    """A scan whose result is there already; under another name where an equal scan stood before it."""
    if file not in staged.kept:
        shutil.copyfile(task.folder / staged.kept[0], task.folder / file)
    return Outcome(part, staged.name, file, kept=True)


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

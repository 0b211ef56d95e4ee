"""Many scans through one recipe: a generator of outcomes, so that one broken scan stops nothing.

Whoever works on a scan writes its result aside.  Names are given here, in the order of the paths, so that they do not
depend on who was faster.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from prep_core.batch.apply_one import ApplyOne, Item, Staged
from prep_core.batch.aside import Aside, reserved
from prep_core.batch.found import Open, parts_outside
from prep_core.batch.names import Names, expected_ends, stem_of
from prep_core.batch.outcome import Outcome
from prep_core.batch.part import Part, absolute, called, path_of
from prep_core.batch.places import Places
from prep_core.batch.report import remove_reports, write_reports
from prep_core.engine import Engine, Here, Lost
from prep_core.io import load
from prep_core.recipe import Recipe

Progress = Callable[[int, int], None]
"""Is told how many parts are done, of how many."""


def apply_all(
    recipe: Recipe,
    paths: Iterable[str],
    folder: Path,
    format: str,
    resume: bool = False,
    read: Open = load,
    engine: Engine | None = None,
    progress: Progress = lambda done, of: None,
    **answers: Any,
) -> Generator[Outcome, None, None]:
    """Write NAME.FORMAT, NAME.prep.json and thumbnails/NAME.png into `folder` for every scan in `paths`.

    Where the recipe makes a mask, masks/NAME.FORMAT holds it.  At the end come report.html, failed.csv where a scan
    failed, and report.json last.  Each file is written aside and moved to its place, so that no half-written one is
    ever found.  With `resume`, a result that is there already and was made from the same bytes, in the same way, is
    kept; all files are the same in the end.

    Parameters
    ----------
    engine : Engine, optional
        Who works on the scans; by default this process, one after the other.
    progress : callable
        Called when the paths are known, and after each of the files and folders in them.

    Raises
    ------
    FolderError
        Where another run writes into `folder`, or scans would be read from it.
    OSError
        Where `folder` cannot be written.
    """
    results = Places(folder.absolute(), format)
    parts = parts_outside(paths, results.folders)
    with reserved(results.folder) as waiting:
        remove_reports(results)
        task = ApplyOne(recipe, results, waiting, resume, read, answers)
        outcomes = []
        for outcome in _outcomes(engine or Here(), task, parts, progress):
            outcomes.append(outcome)
            yield outcome
        write_reports(recipe, results, outcomes, waiting)


def _outcomes(engine: Engine, task: ApplyOne, parts: list[Part], progress: Progress) -> Iterator[Outcome]:
    items = [Item(place, part, end) for place, (part, end) in enumerate(zip(parts, expected_ends(parts), strict=True))]
    names = Names()
    for item, staged in _in_order(engine, task, items, progress):
        for number, one in enumerate(staged):
            name = names.give(one.name or stem_of(item.part))
            if one.kept and one.kept != name:
                # Its name changed since: the file under the old one is another scan's now.
                one = replace(task, resume=False)(item)[number]
            yield _settled(task, item.part, one, name)


def _in_order(
    engine: Engine, task: ApplyOne, items: list[Item], progress: Progress
) -> Iterator[tuple[Item, list[Staged]]]:
    """What `task` gives for each of `items`, in their order."""
    ready: dict[int, list[Staged]] = {}
    following = 0
    progress(0, len(items))
    with closing(_answers(engine, task, items)) as answers:
        for done, (item, answer) in enumerate(answers, start=1):
            ready[item.place] = answer
            progress(done, len(items))
            while following in ready:
                yield items[following], ready.pop(following)
                following += 1


def _answers(engine: Engine, task: ApplyOne, items: list[Item]) -> Generator[tuple[Item, list[Staged]], None, None]:
    """What `task` gives for each of `items`, in any order; an error where the process that worked on it died."""
    for place, answer in engine.each(task, [replace(item, part=absolute(item.part)) for item in items]):
        item = items[place]
        if isinstance(answer, Lost):
            answer = [Staged("", error=f"{called(item.part)}: {answer.why}")]
        yield item, answer


def _settled(task: ApplyOne, part: Part, staged: Staged, name: str) -> Outcome:
    """The outcome of a scan, once its files have their name."""
    path = str(path_of(part))
    if staged.error:
        return Outcome(path, staged.name, error=staged.error)
    results = task.results
    if staged.aside:
        results.take(Aside(task.aside, staged.aside, results.format), name)
    warnings = tuple(results.record(name).get("warnings", ()))
    return Outcome(path, staged.name, results.file(name), kept=bool(staged.kept), warnings=warnings, result=name)

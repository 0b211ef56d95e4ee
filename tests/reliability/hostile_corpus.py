"""The corpus of hostile and odd files beside the project, each opened as a page opens it."""

import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from prep_core.bundle import from_file_bytes
from prep_core.io.guarded.reader import GuardedReader
from prep_core.line import RecipeError
from tests.conftest import SHARED_DATA
from tests.fuzz.readers import FAILURES, Result, is_sentence, read
from tests.reliability.figure import Figure

ARCHIVE = SHARED_DATA.parent / "corpus" / "corpus.tar.xz"
LONGEST = 10.0


def corpus_figures(told: Callable[[str], None], archive: Path = ARCHIVE) -> list[Figure]:
    """One figure; none where there is no corpus."""
    if not archive.exists():
        told(f"there is no {archive.name} beside the project: that part is left out")
        return []
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as files:
            files.extractall(folder, filter="data")
        results = dict(opened(Path(folder)))
        strangers = [
            path.name for path in Path(folder).rglob("sec_*") if path.name.startswith(("sec_pwned", "sec_can"))
        ]
    return [figure_of(results, strangers)]


def opened(folder: Path) -> Iterator[tuple[str, Result]]:
    """Every case, and what became of it; recipes as recipes, all others as scans."""
    cases = json.loads((folder / "manifest.json").read_text())["cases"]
    with GuardedReader() as reader:
        for case in cases:
            path = folder / case["file"]
            recipe = case["kind"] == "recipe"
            yield case["id"], _recipe(path) if recipe else read(reader, path, path.name)


def figure_of(results: dict[str, Result], strangers: list[str]) -> Figure:
    """How many were read and refused, and what must not have happened."""
    outcomes = Counter(result.outcome for result in results.values())
    slowest = max(result.seconds for result in results.values())
    failed = [f"{name} ({result.outcome})" for name, result in results.items() if is_failure(result)] + strangers
    measured = (
        f"{len(results)} cases: {outcomes['scans']} read, {outcomes['refused']} refused in a sentence, "
        f"{outcomes['crash']} crashed in the child and were refused; the slowest took {slowest:.1f} s; "
        f"{len(failed)} failed{': ' + ', '.join(failed[:5]) if failed else ''}"
    )
    asked = f"each read, or refused in a sentence, in under {LONGEST:.0f} s; no path, name or traceback in it"
    return Figure("the hostile corpus", asked, measured, not failed)


def is_failure(result: Result) -> bool:
    return result.outcome in FAILURES or result.seconds > LONGEST


def _recipe(path: Path) -> Result:
    try:
        from_file_bytes(path.read_bytes())
    except RecipeError as error:
        return Result("refused" if is_sentence(str(error)) else "bad sentence", str(error), 0.0)
    return Result("scans", "", 0.0)

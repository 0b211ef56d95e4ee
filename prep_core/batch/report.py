"""What is said of a whole batch, in files beside the results."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from prep_core.batch.aside import put
from prep_core.batch.outcome import Outcome
from prep_core.batch.page import page
from prep_core.batch.places import Places
from prep_core.batch.ranking import Rank, Ranking, ranked
from prep_core.batch.thumbnail import painted
from prep_core.recipe import Recipe

JSON, HTML, FAILED = "report.json", "report.html", "failed.csv"


def remove_reports(results: Places) -> None:
    """Take away the reports of before: where report.json lies, the batch that it tells of came to its end."""
    for name in (JSON, HTML, FAILED):
        (results.folder / name).unlink(missing_ok=True)


def write_reports(recipe: Recipe, results: Places, outcomes: Sequence[Outcome], waiting: Path) -> None:
    """Write failed.csv, report.html and report.json: the same bytes for results that were kept and made anew.

    All that they say of a result is read from its sidecar and its thumbnail.
    """
    ranking = ranked([results.facts(outcome.result)["figures"] if outcome.ok else {} for outcome in outcomes])
    size = sum(_paint(results, outcome.result, ranking, waiting) for outcome in outcomes if outcome.ok)
    totals = totals_of(outcomes, ranking)
    rows = [(outcome, rank) for outcome, rank in zip(outcomes, ranking.ranks, strict=True)]
    if totals["failed"]:
        _deliver(_table(outcomes), results.folder / FAILED, waiting)
    _deliver(page(recipe, results, rows, totals, (ranking.low, ranking.high), size), results.folder / HTML, waiting)
    head = {"prep": 1, "recipe": recipe.digest, **totals, "shown": {"low": ranking.low, "high": ranking.high}}
    _deliver(_records(head, (record(results, *row) for row in rows)), results.folder / JSON, waiting)


def totals_of(outcomes: Sequence[Outcome], ranking: Ranking) -> dict[str, int]:
    """How many scans there are of each kind."""
    failed = sum(not outcome.ok for outcome in outcomes)
    return {
        "done": len(outcomes) - failed,
        "failed": failed,
        "with_warnings": sum(bool(outcome.warnings) for outcome in outcomes),
        "outliers": ranking.outliers,
    }


def record(results: Places, outcome: Outcome, rank: Rank) -> dict[str, Any]:
    """One scan as report.json holds it."""
    plain = {"path": outcome.path, "name": outcome.name, "ok": outcome.ok}
    if not outcome.ok:
        return plain | {"file": None, "error": outcome.error}
    facts = results.facts(outcome.result)
    return plain | {
        "file": outcome.file,
        "error": None,
        "warnings": list(outcome.warnings),
        "figures": facts["figures"],
        "cut": facts["cut"],
        "outlier": {"score": rank.score, "reason": rank.reason},
    }


def _paint(results: Places, name: str, ranking: Ranking, waiting: Path) -> int:
    """Give a thumbnail the greys of the batch; how many bytes it has then."""
    old = results.thumbnail(name).read_bytes()
    new = painted(old, ranking.low, ranking.high)
    if new != old:
        put(waiting / "painted.png", new)
        (waiting / "painted.png").replace(results.thumbnail(name))
    return len(new)


def _records(head: dict[str, Any], scans: Iterable[dict[str, Any]]) -> Iterator[str]:
    """JSON with a line for each scan, which a batch of any size can be searched in and read from."""
    yield json.dumps(head, ensure_ascii=False, allow_nan=False).removesuffix("}") + ', "scans": ['
    for number, scan in enumerate(scans):
        yield (",\n" if number else "\n") + json.dumps(scan, ensure_ascii=False, allow_nan=False)
    yield "\n]}\n"


def _table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The scans that failed, with the reason."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("path", "reason"))
    writer.writerows((outcome.path, outcome.error) for outcome in outcomes if not outcome.ok)
    yield text.getvalue()


def _deliver(pieces: Iterable[str], place: Path, waiting: Path) -> None:
    """Write a file aside and move it to its place.  What is no text in the name of a file is written as \\udcXX."""
    aside = waiting / place.name
    with aside.open("wb") as stream:
        stream.writelines(piece.encode(errors="backslashreplace") for piece in pieces)
    put(aside, aside.read_bytes())
    aside.replace(place)

"""The task of a batch on a scan that is larger than memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

from prep_core.batch.aside import Aside, put
from prep_core.batch.figures import counted, cut_of, figures_of
from prep_core.batch.thumbnail import thumbnail
from prep_core.io import LargeScan, digest_of_file
from prep_core.large import Applied, apply_in_parts, blocks_of, thinned
from prep_core.measuring import spread
from prep_core.provenance import Output, record_of, to_json
from prep_core.recipe import Recipe
from prep_core.running import Done, done_with
from prep_core.scan import Scan
from prep_core.shift.alarm import Shift, shifts


def stage_in_parts(recipe: Recipe, large: LargeScan, aside: Aside) -> None:
    """Write result, mask, thumbnail and provenance of `large`; picture and alarm are those of a thinned copy.

    Raises
    ------
    StepError
        When a line has no answer for this scan, or cannot be carried out on parts of it.
    ValueError
        When the format cannot hold the result.
    """
    seen = thinned(large, recipe.lines)
    with TemporaryDirectory(dir=aside.folder) as folder:
        applied = apply_in_parts(recipe, large, Path(folder), aside.format)
        after, figures = thinned(applied.result, ()), figures_of(lambda: _counted(applied.result))
        sha256 = applied.write(aside.result, aside.format)
        mask = applied.write_mask(aside.mask, aside.format) if applied.mask else ""
    output = Output(f"{large.name}.{aside.format}", sha256, mask)
    compared = _compared(recipe, applied, seen)
    record = record_of(recipe, large.outline, applied.lines, applied.scan, output, compared)
    facts = {"of": sha256, "figures": figures, "cut": cut_of(applied.lines, applied.valid)}
    put(aside.thumbnail, thumbnail(seen, after, facts))
    put(aside.record, to_json(record).encode())


def digests(result: Path, mask: Path) -> tuple[str, str]:
    """Of the two files; empty for a mask that is not there."""
    return digest_of_file(result), digest_of_file(mask) if mask.is_file() else ""


def _counted(large: LargeScan) -> Iterator[NDArray[Any]]:
    return (counted(large.read(region)) for region in blocks_of(large))


def _compared(recipe: Recipe, applied: Applied, seen: Scan) -> Sequence[Shift]:
    """How a thinned copy compares with the training population, by the numbers of the whole scan."""
    if recipe.lock is None:
        return ()
    done: list[Done] = []
    scan = seen
    for one in applied.lines:
        done.append(done_with(one.line, one.measured, spread(one.line, one.measured, scan), scan))
        scan = done[-1].scan
    return tuple(shifts(recipe, seen, done))

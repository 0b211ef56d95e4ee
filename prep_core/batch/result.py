"""One scan through a recipe, as bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from prep_core.flow import without_voxels
from prep_core.io import encode
from prep_core.provenance import provenance, to_json
from prep_core.recipe import Recipe
from prep_core.running import Done, LineTold, run_lines
from prep_core.scan import Scan
from prep_core.shift.alarm import Shift, shifts
from prep_core.together import run_together


@dataclass(frozen=True)
class Result:
    """A processed scan as bytes, with its provenance, before anything is written.

    `mask` is what the last mask line made, as a file of 0 and 1 in the same format; empty where no line makes one.
    """

    file: str
    data: bytes
    record: dict[str, Any]
    mask: bytes = b""

    @property
    def sidecar(self) -> str:
        """The provenance as text."""
        return to_json(self.record)


@dataclass(frozen=True)
class Worked:
    """A result, the scan that it is the bytes of, and the lines that led to it, all but the last without voxels."""

    result: Result
    scan: Scan
    lines: tuple[Done, ...]


def process(
    recipe: Recipe,
    scan: Scan,
    format: str,
    name: str | None = None,
    begun: Sequence[Done] = (),
    told: LineTold = lambda n, done, of: None,
) -> Result:
    """Apply `recipe` to `scan` and encode the result: the same bytes wherever it is called.

    Parameters
    ----------
    begun : sequence of Done
        The first lines, where they were carried out on this scan before: they are not carried out again.
    told : callable
        Told how far it is; it may raise to stop there.

    Raises
    ------
    StepError
        When a line has no answer for this scan.
    ValueError
        When the format cannot hold the result.
    """
    return work(recipe, scan, format, name, begun, told).result


def work(
    recipe: Recipe,
    scan: Scan,
    format: str,
    name: str | None = None,
    begun: Sequence[Done] = (),
    told: LineTold = lambda n, done, of: None,
) -> Worked:
    """As `process`, with what was on the way."""
    lines, compared = _carried(recipe, scan, begun, told)
    end = lines[-1].scan if lines else scan
    file = f"{name or scan.name}.{format}"
    data = encode(end, format)
    mask = b"" if end.mask is None else encode(replace(end, data=end.mask, unit="1"), format)
    result = Result(file, data, provenance(recipe, scan, lines, end, file, data, mask, compared), mask)
    return Worked(result, end, tuple(lines))


def _carried(recipe: Recipe, scan: Scan, begun: Sequence[Done], told: LineTold) -> tuple[list[Done], tuple[Shift, ...]]:
    """All lines, of which the last has its voxels, and how the scan compares with the training population."""
    end, rest, first = begun[-1].scan if begun else scan, recipe.lines[len(begun) :], len(begun) + 1
    if recipe.lock is None:
        together = run_together(rest, end, first, told=told)
        return [*begun, *together.lines], ()
    lines: list[Done] = []
    # The comparison looks at the voxels between the lines, so that these come one after the other.
    compared = shifts(recipe, scan, _kept(chain(begun, run_lines(rest, end, first=first, told=told)), lines))
    return lines, compared


def _kept(done: Iterable[Done], lines: list[Done]) -> Iterator[Done]:
    """`done` as they come; `lines` gets them, and only the last of them has its voxels."""
    for one in done:
        lines[-1:] = [without_voxels(before) for before in lines[-1:]]
        lines.append(one)
        yield one


def sidecar_name(file: str, format: str) -> str:
    """The name of the provenance that lies beside `file`."""
    return f"{file.removesuffix('.' + format)}.prep.json"

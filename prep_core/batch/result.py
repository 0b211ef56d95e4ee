"""One scan through a recipe, as bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from prep_core.io import encode
from prep_core.provenance import provenance, to_json
from prep_core.recipe import Recipe
from prep_core.running import Done, LineTold, run_lines
from prep_core.scan import Scan


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
    """A result, with the scan that it is the bytes of, and the lines that led to it."""

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
    lines = list(begun)
    end = lines[-1].scan if lines else scan
    for done in run_lines(recipe.lines[len(lines) :], end, first=len(lines) + 1, told=told):
        lines.append(done)
        end = done.scan
    file = f"{name or scan.name}.{format}"
    data = encode(end, format)
    mask = b"" if end.mask is None else encode(replace(end, data=end.mask, unit="1"), format)
    result = Result(file, data, provenance(recipe, scan, lines, end, file, data, mask), mask)
    return Worked(result, end, tuple(lines))


def sidecar_name(file: str, format: str) -> str:
    """The name of the provenance that lies beside `file`."""
    return f"{file.removesuffix('.' + format)}.prep.json"

"""Figures of quality before and after, as tables of a page."""

from collections.abc import Iterable, Iterator
from html import escape

from prep_core.exploration.exploring import Exploration
from prep_core.quality.meanings import MEANINGS
from prep_core.quality.rows import Compared, Figure

NONE = "–"
NO_GRID = "The recipe moves voxels, so the result has no voxel of the scan to be compared with."
NAMELESS = ("", "1", "a.u.")
Row = tuple[str, ...]


def tables(found: Exploration) -> Iterator[str]:
    """Each figure before and after, and the result against the scan."""
    yield _table(("figure", "before", "after"), map(_own, found.figures))
    if found.against is not None:
        yield "<h3>After against before</h3>\n"
        yield _table(("figure", "value"), _against(found.against))
    elif found.recipe.lines:
        yield f'<p class="quiet">{NO_GRID}</p>\n'


def _own(figure: Figure) -> Row:
    return figure.name, _value(figure.before, figure.unit_before), _value(figure.after, figure.unit_after)


def _against(against: Compared) -> Iterator[Row]:
    shares = {"": against.clipped} | ({" inside the mask": against.clipped_inside} if against.clipped_inside else {})
    for where, clipped in shares.items():
        if clipped is not None:
            yield f"clipped low{where}", _percent(clipped.low)
            yield f"clipped high{where}", _percent(clipped.high)
    yield "contrast", _value(against.contrast, "x")
    yield "edges", _value(against.edges, "x")
    yield "noise", _value(against.noise, "x")
    yield "PSNR", _value(against.psnr, "dB")
    yield "SSIM", _value(against.ssim, "")


def _table(head: Row, rows: Iterable[Row]) -> str:
    titles = "".join(f'<th scope="col">{title}</th>' for title in head)
    body = "".join(_row(row) for row in rows)
    return (
        f'<table class="figures">\n<tr>{titles}<th class="words" scope="col">how to read it</th></tr>\n{body}</table>\n'
    )


def _row(row: Row) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
    return f'<tr>{cells}<td class="words">{escape(MEANINGS[row[0]].words)}</td></tr>\n'


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return NONE
    text = "∞" if value == float("inf") else f"{value:.4g}"
    return text if unit in NAMELESS else f"{text} {unit}"


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.3g} %"

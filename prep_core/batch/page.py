"""report.html: one row of pictures and numbers for each scan, what needs a look first."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from prep_core.batch.curve import curve
from prep_core.batch.outcome import Outcome
from prep_core.batch.page_style import STYLE
from prep_core.batch.places import THUMBNAILS, Places
from prep_core.batch.ranking import Rank
from prep_core.recipe import Recipe

Row = tuple[Outcome, Rank]

EMBEDDED = 2**23
"""Bytes of thumbnails up to which they lie inside the page, so that it can be sent alone."""

MOST_ROWS = 5000
"""Rows of a page that a browser still opens at once; report.json has all."""

# Nothing from elsewhere and no script, whatever a name says.
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""
FIGURES = ("min", "p1", "median", "p99", "max", "mean", "std")


def page(
    recipe: Recipe,
    results: Places,
    rows: Sequence[Row],
    totals: Mapping[str, int],
    shown: tuple[float, float],
    size: int,
) -> Iterator[str]:
    """The report, in pieces; `shown` is the range of all pictures of results, `size` the bytes of the thumbnails."""
    yield HEAD.format(title=escape(f"{recipe.name}: batch report"), style=STYLE)
    yield from _top(recipe, totals)
    yield from _failures([outcome for outcome, _ in rows if not outcome.ok])
    done = sorted((row for row in rows if row[0].ok), key=_attention)
    listed = done[:MOST_ROWS]
    if done:
        yield f"<h2>{_count(len(done), 'result')}</h2>\n{_legend(shown)}\n"
    if len(listed) < len(done):
        yield f"<p>{len(listed)} rows are shown, what needs a look first; report.json has all {len(done)}.</p>\n"
    yield '<ol class="scans">\n'
    for outcome, rank in listed:
        yield _row(results, outcome, rank, shown, size <= EMBEDDED)
    yield "</ol>\n</body>\n</html>\n"


def _attention(row: Row) -> tuple[bool, float, bool]:
    """What needs a look most sorts first; the rest stays in the order of the paths."""
    outcome, rank = row
    return not rank.reason, -(rank.score or 0.0) if rank.reason else 0.0, not outcome.warnings


def _top(recipe: Recipe, totals: Mapping[str, int]) -> Iterator[str]:
    words = {"done": "done", "failed": "failed", "with_warnings": "with warnings", "outliers": "outliers"}
    if totals["outliers"] == 1:
        words["outliers"] = "outlier"
    items = "".join(f"<li><b>{totals[name]}</b> {word}</li>" for name, word in words.items())
    steps = ", ".join(line.step for line in recipe.lines) or "no line"
    yield f'<h1>{escape(recipe.name)}</h1>\n<p class="quiet">Batch report: {escape(steps)}</p>\n'
    yield f'<ul class="totals">{items}</ul>\n'
    yield f"<details><summary>Recipe, digest <code>{escape(recipe.digest)}</code></summary>\n"
    yield f"<pre>{escape(recipe.to_yaml())}</pre></details>\n"


def _legend(shown: tuple[float, float]) -> str:
    return (
        '<p class="quiet">Left: the scan, black to white from its own 0.5 to its 99.5 percentile. Right: the result, '
        f"from {shown[0]:.4g} to {shown[1]:.4g} in all rows, so that rows compare; its histogram has this range too. "
        "Every k-th pixel of the middle plane, first channel; heights are square roots of counts. "
        "Outliers come first, then scans with warnings.</p>"
    )


def _failures(failed: Sequence[Outcome]) -> Iterator[str]:
    if not failed:
        return
    yield f'<h2>{_count(len(failed), "failure")}</h2>\n<table class="failures">\n'
    yield '<tr><th scope="col">Path</th><th scope="col">Reason</th></tr>\n'
    for outcome in failed:
        yield f"<tr><td><code>{escape(outcome.path)}</code></td><td>{escape(outcome.error)}</td></tr>\n"
    yield "</table>\n"


def _row(results: Places, outcome: Outcome, rank: Rank, shown: tuple[float, float], embedded: bool) -> str:
    facts, record = results.facts(outcome.result), results.record(outcome.result)
    source, output = record["input"], record["output"]
    return (
        f'<li><div class="picture"><img loading="lazy" decoding="async" alt="{escape(outcome.name)} before and after" '
        f'src="{_picture(results, outcome.result, embedded)}"></div>\n'
        f'<div class="curves">{curve(facts["before"], unit=source["unit"])}'
        f"{curve(facts['after'], shown, output['unit'])}</div>\n"
        f'<div><h3><a href="{quote(outcome.file)}">{escape(outcome.file)}</a></h3>\n'
        f'<p class="quiet">{escape(outcome.path)}</p>\n<p>{escape(_described(source))} '
        f"to {escape(_described(output))}</p>\n"
        f'<div class="numbers">{"".join(_numbers(facts))}</div>\n{"".join(_said(outcome, rank, source))}</div></li>\n'
    )


def _picture(results: Places, name: str, embedded: bool) -> str:
    if embedded:
        return f"data:image/png;base64,{b64encode(results.thumbnail(name).read_bytes()).decode()}"
    return f"{THUMBNAILS}/{quote(results.thumbnail(name).name)}"


def _described(record: Mapping[str, Any]) -> str:
    shape = " x ".join(map(str, record["shape"]))
    return f"{record['modality']} {record['axes']} {shape} {record['dtype']}, {record['unit']}"


def _numbers(facts: Mapping[str, Any]) -> Iterator[str]:
    for name in FIGURES:
        if name in facts["figures"]:
            yield f"<span><span>{name}</span> {facts['figures'][name]:.4g}</span>"
    for line in facts["cut"]:
        shares = {name: share for name, share in line.items() if name not in ("line", "step") and share > 0}
        if shares:
            words = ", ".join(f"{100 * share:.2g} % {name.replace('_', ' ')}" for name, share in shares.items())
            yield f"<span><span>line {line['line']} {escape(line['step'])}</span> {words}</span>"


def _said(outcome: Outcome, rank: Rank, source: Mapping[str, Any]) -> Iterator[str]:
    if rank.reason:
        yield f'<p class="said">Outlier: {escape(rank.reason)}.</p>\n'
    for warning in outcome.warnings:
        yield f'<p class="said">Warning: {escape(warning)}</p>\n'
    for remark in source["warnings"]:
        yield f'<p class="quiet">The file: {escape(remark)}</p>\n'


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

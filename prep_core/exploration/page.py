"""The page: facts, findings, before and after, each line, figures, warnings, and the recipe with its reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape

from prep_core.batch.curve import curve
from prep_core.batch.page import HEAD
from prep_core.explained import explained, number_words
from prep_core.exploration.exploring import Exploration, Stage
from prep_core.exploration.figures import tables
from prep_core.exploration.page_style import STYLE
from prep_core.exploration.picture import Picture
from prep_core.inspection import Summary
from prep_core.scan import Finding
from prep_core.versions import VERSION, library_versions


def page(found: Exploration, reasons: Sequence[str] = ()) -> str:
    """`found` as HTML that holds all it shows, loads nothing, and prints on A4; `reasons` says why each line is there.

    It holds neither the name of the file nor what the reader said about it, since both may name a person, and no date,
    so that the same exploration gives the same bytes.
    """
    parts = (
        HEAD.format(title=escape(f"{found.recipe.name}: exploration"), style=STYLE),
        _top(found),
        _section("The scan", _facts(found.summary), *map(_finding, found.summary.findings), _untold(found.summary)),
        _section("Before and after", _pair(found)),
        _section("Line by line", *_stages(found)),
        _section("Figures", *tables(found)),
        _section("Warnings about the recipe", *_concerns(found)),
        _section("The recipe", *_recipe(found, reasons)),
        _versions(),
        "</body>\n</html>\n",
    )
    return "".join(parts)


def _section(title: str, *parts: str) -> str:
    return f"<section>\n<h2>{title}</h2>\n{''.join(parts)}</section>\n"


def _top(found: Exploration) -> str:
    s = found.summary
    steps = " → ".join(line.step for line in found.recipe.lines) or "no line yet"
    size = " x ".join(map(str, s.shape))
    what = f"{s.modality} {s.axes} {size} {s.dtype}, {s.unit}"
    name = escape(found.recipe.name)
    return f'<h1>Exploration: {name}</h1>\n<p class="quiet">{escape(what)}</p>\n<p>{escape(steps)}</p>\n'


def _facts(s: Summary) -> str:
    spacing = " x ".join(f"{v:.4g}" for v in s.spacing) + " mm" if s.spacing_known else "not said in the file"
    # A percentile and its value stay in one row.
    marks = ", ".join(f"p{p}\u00a0{v:.5g}" for p, v in s.percentiles.items())
    facts = {
        "Range": f"{s.min:.6g} … {s.max:.6g} {s.unit}",
        "Mean, standard deviation": f"{s.mean:.5g}, {s.std:.5g}",
        "Percentiles": marks,
        "Decades": "no positive value" if s.decades is None else f"{s.decades:.2f}",
        "Voxel size": spacing,
        "Orientation": s.orientation if s.spacing_known else "not said in the file",
        "Zeros, negatives, padding": f"{s.zeros:.2%}, {s.negatives:.2%}, {s.invalid:.2%}",
        "Channels": ", ".join(s.channels),
        "Format": s.format or "made here",
        "Read by": s.reader,
        "Converted": "; ".join(s.converted),
        "SHA-256 of the file": s.sha256,
    }
    rows = (f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items() if value)
    return f'<dl class="facts">{"".join(rows)}</dl>\n'


def _finding(finding: Finding) -> str:
    name = finding.name.replace("_", " ").capitalize()
    level = " (warning)" if finding.level == "warning" else ""
    return (
        f'<p class="said"><b>{escape(name)}</b>{level}: {escape(finding.evidence)} '
        f'<span class="quiet">{escape(finding.advice)}</span></p>\n'
    )


def _untold(s: Summary) -> str:
    if not s.warnings:
        return ""
    count = "1 remark" if len(s.warnings) == 1 else f"{len(s.warnings)} remarks"
    return f'<p class="quiet">{count} of the reader left out: such words may hold the name of a file.</p>\n'


def _pair(found: Exploration) -> str:
    where = ", ".join(f"{axis} {i} of 0 to {_last(found.summary, axis)}" for axis, i in found.at.items())
    steps = "as stored" if not found.recipe.lines else f"after {found.recipe.lines[-1].step}"
    return (
        f'<div class="pair">{_figure("as stored", found.before)}{_figure(steps, found.after)}</div>\n'
        f'<p class="quiet">{escape(f"The plane {where}." if where else "The only plane.")} '
        "Padding is transparent.</p>\n"
    )


def _last(s: Summary, axis: str) -> int:
    return s.shape[s.axes.index(axis)] - 1


def _figure(title: str, shown: Picture) -> str:
    every = "" if shown.every == 1 else f", one pixel in {shown.every} each way"
    unit = "" if shown.unit == "1" else f" {shown.unit}"
    words = f"{title}: {shown.low:.4g} to {shown.high:.4g}{unit}{every}"
    image = f'<img alt="{escape(title)}" src="{shown.address}" style="--aspect: {shown.aspect:.4f}">'
    return f"<figure><div>{image}</div><figcaption>{escape(words)}</figcaption></figure>"


def _stages(found: Exploration) -> Iterator[str]:
    yield (
        '<p class="quiet">Histograms reach from the 0.5 to the 99.5 percentile of the whole scan; '
        "heights are square roots of counts.</p>\n"
    )
    yield '<ol class="stages">\n'
    yield _stage("As stored", found.stages[0])
    if found.decibels is not None:
        yield _row("In decibel below the largest value", curve(found.decibels, unit="dB"), ())
    for number, stage in enumerate(found.stages[1:], start=1):
        yield _stage(f"{number}. {stage.step}", stage)
    yield "</ol>\n"


def _stage(title: str, stage: Stage) -> str:
    return _row(title, curve(stage.histogram, unit=stage.unit), tuple(_notes(stage)))


def _row(title: str, drawing: str, notes: tuple[str, ...]) -> str:
    words = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<li>{drawing}<div><h3>{escape(title)}</h3>{words}</div></li>\n"


def _notes(stage: Stage) -> Iterator[str]:
    unit = "no unit" if stage.unit == "1" else stage.unit
    yield f"{' x '.join(map(str, stage.shape))}, {unit}"
    if stage.measured.voxels:
        yield f"Measured on {stage.measured.voxels:,} voxels: {number_words(stage.measured)}."
    if stage.tally:
        yield _told(stage.tally)


def _told(tally: Mapping[str, float]) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {_amount(value)}" for name, value in tally.items())


def _amount(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _concerns(found: Exploration) -> Iterator[str]:
    if not found.concerns:
        yield '<p class="quiet">None: no rule found anything odd for this scan.</p>\n'
    for concern in found.concerns:
        yield f'<p class="said">Line {concern.line}: {escape(concern.message)}</p>\n'


def _recipe(found: Exploration, reasons: Sequence[str]) -> Iterator[str]:
    waiting = ", ".join(map(str, found.recipe.waiting))
    if waiting:
        yield (
            f'<p class="said">Line {waiting} waits for its training set. Here it was measured on this scan, as if it '
            "were the whole set.</p>\n"
        )
    yield f'<p class="quiet">Digest of the lines: <code>{escape(found.recipe.digest)}</code></p>\n'
    # Long lists that only a program reads, and that the file of the recipe has.
    light = replace(found.recipe, trained_on=None, lock=None)
    yield f"<pre>{escape(explained(light, found.summary.unit, reasons))}</pre>\n"


def _versions() -> str:
    versions = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    return f'<footer class="quiet"><p>prep {VERSION}; {escape(versions)}</p></footer>\n'

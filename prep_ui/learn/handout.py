"""A lesson as one page to hand out: it holds all it shows, loads nothing, and prints on A4."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from skimage.segmentation import find_boundaries

from prep_core.batch.page import HEAD
from prep_core.explained import explained
from prep_core.exploration.page_style import STYLE
from prep_core.lessons import Chart, Lesson, Picture, Shown, Table
from prep_core.versions import VERSION
from prep_ui.learn.chart_svg import svg
from prep_ui.learn.drawing import pane
from prep_ui.text import number
from prep_ui.tune.widgets import NAMELESS, words

OUTLINE = (255, 176, 0, 255)
"""Red, green, blue and opacity: seen on black, on white and on every grey."""

OWN_STYLE = """
.row { display: flex; flex-wrap: wrap; gap: 1rem; margin: .75rem 0; break-inside: avoid; }
.row figure { flex: 1 1 9rem; max-width: 24rem; }
.row img { width: 100%; height: auto; image-rendering: pixelated; background: var(--table); }
.row svg { width: 100%; height: auto; background: var(--table); }
.figures { width: auto; margin: .5rem 0 1rem; }
.question { font-size: 1.15rem; font-weight: 600; }
"""


@dataclass(frozen=True, eq=False)
class Handed:
    """What a handout says of how the lesson was set.

    Attributes
    ----------
    controls : all of them, by name
    on : on what it was shown, in words; "" for what it simulates
    address : what opens it with these settings
    trained : the part that takes seconds, if somebody asked for it
    """

    controls: Mapping[str, Any] = field(default_factory=dict)
    on: str = ""
    address: str = ""
    trained: Shown | None = None


def handout(lesson: Lesson, shown: Shown, handed: Handed) -> bytes:
    """`lesson` as HTML; the same numbers give the same bytes."""
    trained = handed.trained
    parts = (
        HEAD.format(title=escape(lesson.title), style=STYLE + OWN_STYLE),
        f'<h1>{escape(lesson.title)}</h1>\n<p class="question">{escape(lesson.question)}</p>\n',
        *_set(lesson, handed),
        *_told(shown),
        *(_told(trained) if trained else ()),
        f"<h2>Break it</h2>\n<p>{escape(lesson.breaking)}</p>\n",
        *_recipe(shown),
        f'<footer class="quiet"><p>prep {VERSION}</p></footer>\n</body>\n</html>\n',
    )
    return "".join(parts).encode()


def _set(lesson: Lesson, handed: Handed) -> Iterator[str]:
    """How the controls stand, on what it is shown, and how to open it again."""
    units = {name: "" if each.p.unit in NAMELESS else f" {each.p.unit}" for name, each in lesson.controls.items()}
    told = [f"{words(name)}: {_setting(value)}{units[name]}" for name, value in handed.controls.items()]
    if told:
        yield f'<p class="quiet">{escape("; ".join(told))}</p>\n'
    if handed.on:
        yield f'<p class="quiet">{escape(f"Shown on: {handed.on}")}</p>\n'
    if handed.address:
        yield f'<p class="quiet">Address: <code>{escape(handed.address)}</code></p>\n'


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words(value) if isinstance(value, str) else number(value)


def _told(shown: Shown) -> Iterator[str]:
    for row in shown.pictures:
        yield f'<div class="row">{"".join(map(_figure, row))}</div>\n'
    yield "<h2>What happened</h2>\n"
    yield from (f"<p>{escape(paragraph)}</p>\n" for paragraph in shown.happened)
    yield f'<div class="row">{"".join(map(_chart, shown.charts))}</div>\n' if shown.charts else ""
    yield from map(_table, shown.tables)


def _figure(picture: Picture) -> str:
    drawn = pane(picture)
    span = f"{picture.title}: {number(drawn.low)} to {number(drawn.high)}"
    unit = "" if picture.unit == "1" else f" {picture.unit}"
    data = b64encode(_png(picture)).decode()
    image = f'<img alt="{escape(picture.title)}" src="data:image/png;base64,{data}">'
    return f"<figure>{image}<figcaption>{escape(span + unit)}</figcaption></figure>"


def _png(picture: Picture) -> bytes:
    drawn = pane(picture)
    if picture.image.ndim == 3:
        pixels = np.moveaxis(picture.image, 0, -1)
    else:
        known = np.isfinite(picture.image)
        span = drawn.high - drawn.low or 1.0
        share = np.where(known, (picture.image - drawn.low) / span, 0).clip(0, 1)
        at = np.rint(255 * share).astype(np.uint8)
        table = (
            np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1) if drawn.colours is None else drawn.colours
        )
        pixels = np.dstack([table[at], np.where(known, 255, 0).astype(np.uint8)])
        if picture.outline is not None:
            pixels[find_boundaries(picture.outline, mode="inner")] = OUTLINE
    image = Image.fromarray(pixels)
    stream = BytesIO()
    image.resize((image.width, max(1, round(image.height * picture.aspect)))).save(stream, "PNG")
    return stream.getvalue()


def _chart(chart: Chart) -> str:
    return f"<figure>{svg(chart)}<figcaption>{escape(chart.title)}</figcaption></figure>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in table.rows)
    return f'<h3>{escape(table.title)}</h3>\n<table class="figures">\n<tr>{head}</tr>\n{rows}</table>\n'


def _cell(cell: str | float) -> str:
    return f"<td>{escape(cell if isinstance(cell, str) else number(cell))}</td>"


def _recipe(shown: Shown) -> Sequence[str]:
    if shown.recipe is None:
        return ()
    return ("<h2>The recipe</h2>\n", f"<pre>{escape(explained(shown.recipe, opening=shown.about_recipe))}</pre>\n")

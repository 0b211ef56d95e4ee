"""The ratios as a picture: how many times longer each peer takes, and what is asked for."""

from collections.abc import Sequence
from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

from tests.benchmarks.speed.figures import Against
from tests.benchmarks.speed.kept import FIGURES

FILE = FIGURES.parent / "ratios.svg"

MET, MISSED, FREE, MARK = "#2f6f9f", "#b06f00", "#8a9097", "#1e1e1e"
STYLE = {"svg.hashsalt": "prep", "font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path"}


def svg(rows: Sequence[Against]) -> bytes:
    """A bar for each peer at the size where a target is set, else at the largest; the same bytes for the same rows."""
    shown = list(reversed(chosen(rows)))
    with mpl.rc_context(STYLE):
        picture = Picture(figsize=(10, 0.9 + 0.26 * len(shown)), layout="constrained")
        axes = picture.subplots()
        places = range(len(shown))
        axes.barh(places, [row.ratio for row in shown], color=[_colour(row) for row in shown], height=0.7)
        for place, row in zip(places, shown, strict=True):
            axes.text(max(row.ratio, row.target or 0) * 1.08, place, _label(row), va="center", color=MARK)
            if row.target is not None:
                axes.plot([row.target] * 2, [place - 0.42, place + 0.42], color=MARK, linewidth=2)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_yticks(places, [f"{row.operation}, {row.size}: {row.peer}" for row in shown])
        axes.axvline(1, color=MARK, linewidth=0.8)
        axes.margins(x=0.12, y=0.01)
        axes.set_xlabel("times longer than ours; dark: the target")
        axes.spines[["top", "right"]].set_visible(False)
        return _written(picture)


def chosen(rows: Sequence[Against]) -> list[Against]:
    """Of each operation and peer all sizes with a target, or else the largest."""
    asked = [row for row in rows if row.target is not None]
    have = {(row.operation, row.peer) for row in asked}
    others = {(row.operation, row.peer): row for row in rows if (row.operation, row.peer) not in have}
    keep = {id(row) for row in (*asked, *others.values())}
    return [row for row in rows if id(row) in keep]


def _label(row: Against) -> str:
    """The ratio; what is wrong in words too, as nobody should have to tell colours apart."""
    return f"{row.ratio:.1f}" if row.verdict in ("", "met") else f"{row.ratio:.1f}, {row.verdict}"


def _colour(row: Against) -> str:
    if row.target is None:
        return FREE
    return MET if row.verdict == "met" else MISSED


def _written(picture: Picture) -> bytes:
    file = BytesIO()
    picture.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()

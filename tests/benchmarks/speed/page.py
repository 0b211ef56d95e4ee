"""docs/speed.md, from what was measured."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from tests.benchmarks.speed.figures import GROWTH, Against, Figure, Growth, growths
from tests.benchmarks.speed.kept import ROOT, Kept

FILE = ROOT / "docs" / "speed.md"

HEAD = """# How fast it is

Written by `python -m tests.benchmarks.speed --write`, which measures all of it: ours and each peer on the same arrays,
in the same process, in alternation, and whether the results agree.  `--only NAME` measures one part anew, `--quick`
tries out every row at its smallest size, and `--redraw` writes this page from `docs/speed/figures.json` alone.  The
peers lie in an environment of their own, which `python -m tests.benchmarks.peers.make` installs.

Milliseconds are those of one machine; the ratios of one run are what compares.  What a hand waits for in the browser
stands in [latency.md](latency.md).
"""

AGAINST = """## Against peers

*Ours* is what a user calls: a recipe applied to a scan, with measuring, checks and bookkeeping.  *Copies* is our time
in copies of the given bytes into memory that is there.  *Step alone* is the function without all that, where the peer
does no more.  *Ratio* is how many times longer the peer takes: of the medians, and in brackets of the best rounds.
Targets are set for some of the sizes.

![How many times longer the peers take](speed/ratios.svg)
"""

GROWING = f"""## How it grows

Our time grows as voxels to this power, from the smallest size to the largest; at most {GROWTH:g} is asked for.
"""

LIMITS = """## Limits of their own
"""

ROW_HEAD = ("operation", "size", "ours ms", "copies", "step alone ms", "peer", "ratio", "target", "", "results")
FIGURE_HEAD = ("what", "median", "at most", "", "remark")
GROWTH_HEAD = ("operation", "from", "to", "exponent", "")
MACHINE_HEAD = ("measured", "on", "with", "parts")


def text(kept: Mapping[str, Kept]) -> str:
    """The whole page."""
    rows = list(chain.from_iterable(part.rows for part in kept.values()))
    figures = list(chain.from_iterable(part.figures for part in kept.values()))
    parts = (
        HEAD,
        _summary(rows, growths(rows), figures),
        AGAINST,
        _table(ROW_HEAD, map(_row, rows)),
        GROWING,
        _table(GROWTH_HEAD, map(_growth, growths(rows))),
        LIMITS,
        _table(FIGURE_HEAD, map(_figure, figures)),
        "## Measured on\n",
        _table(MACHINE_HEAD, _machines(kept)),
    )
    return "\n".join(parts)


def _summary(rows: Sequence[Against], growing: Sequence[Growth], figures: Sequence[Figure]) -> str:
    """How many targets are met, and which are not."""
    asked = [(f"{row.operation}, {row.size}, {row.peer}", row.verdict) for row in rows]
    asked += [(f"growth of {each.operation}", each.verdict) for each in growing]
    asked += [(figure.what, figure.verdict) for figure in figures]
    judged = [(name, verdict) for name, verdict in asked if verdict]
    short = [f"- {verdict}: {name}\n" for name, verdict in judged if verdict != "met"]
    return f"{len(judged) - len(short)} of {len(judged)} targets are met.\n\n" + "".join(short)


def _row(row: Against) -> tuple[str, ...]:
    return (
        row.operation,
        row.size,
        _ms(row.ours.median),
        f"{row.ours.median / row.copy.median:.1f}",
        _ms(row.step.median) if row.step else "",
        row.peer,
        f"{row.ratio:.1f} ({row.ratio_of_best:.1f})",
        "" if row.target is None else f"{row.target:g}",
        row.verdict,
        row.agreement,
    )


def _growth(growth: Growth) -> tuple[str, ...]:
    return growth.operation, growth.smallest, growth.largest, f"{growth.exponent:.2f}", growth.verdict


def _figure(figure: Figure) -> tuple[str, ...]:
    limit = "" if figure.limit is None else f"{figure.limit:,g} {figure.unit}"
    return figure.what, f"{figure.median:,.4g} {figure.unit}", limit, figure.verdict, figure.remark


def _machines(kept: Mapping[str, Kept]) -> Iterator[tuple[str, ...]]:
    """A row for each day and machine, with all versions that were used there."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, part in kept.items():
        found.setdefault(_machine(part.machine), []).append(name)
    for (day, where, python), names in found.items():
        versions = {each for name in names for each in kept[name].machine["packages"].items()}
        packages = ", ".join(" ".join(each) for each in sorted(versions, key=lambda each: (each[0].lower(), each)))
        yield day, where, f"{python}, {packages}", ", ".join(names)


def _machine(machine: Mapping[str, Any]) -> tuple[str, str, str]:
    where = f"{machine['system']}, {machine['processor']}, {machine['cores']} cores"
    return machine["date"], where, f"Python {machine['python']}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.3g}" if seconds < 1 else f"{1000 * seconds:,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (" | ".join(row) for row in (head, ("---",) * len(head), *rows))
    return "".join(f"| {line} |\n" for line in lines)

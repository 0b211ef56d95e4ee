"""One line on every scan of the set: the histograms before and after, and numbers per scan against per dataset."""

from collections.abc import Mapping, Sequence

import streamlit as st

from prep_core.line import digest
from prep_core.quality.agreement import Followed, followed, numbers_of
from prep_core.quality.looks import ALONE, BEFORE, TOGETHER
from prep_core.quality.overlaid import wide
from prep_core.quality.populations import AtLine, at_line, over_dataset
from prep_core.quality.probing import Movement, movement
from prep_core.recipe import Recipe
from prep_ui.compare.tables import fixed, grid, percent
from prep_ui.dataset import charts, running, scans
from prep_ui.dataset.members import LEFT_OUT, TEST, TRAINING, VALIDATION, Member, Members, Open, fingerprint, with_role
from prep_ui.saving import config
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain

MOST_ROWS = 12
"""Scans of which the table shows the numbers."""

MOST_NUMBERS = 4
"""Numbers of a line that the table has columns for."""


def section(state: AppState, members: Sequence[Member], source: Open) -> None:
    """Draw the choice of the line, its charts, and its numbers."""
    recipe = sessions.recipe(state)
    chosen, log, in_db = st.columns([4, 1, 1], vertical_alignment="bottom")
    with chosen:
        place = _line_chooser(recipe)
    figures = scans.summaries(state, members, source)
    if figures is None:
        return
    st.session_state.setdefault("dataset.db", wide(figures))
    log_counts = log.toggle("Log counts", key="dataset.log", persist_state="session", help="Shares on a log axis.")
    db = in_db.toggle("dB axis", key="dataset.db", persist_state="session", help="For positive values over decades.")
    found = _found(members, source, recipe, place)
    if found is None:
        return
    odd = [m.name for m, why in zip(members, scans.remarks(members, figures), strict=True) if why]
    _charts(found, members, odd, log_counts, db)
    for scan in found.scans:
        if scan.complaint:
            st.warning(plain(f"{scan.name}: {scan.complaint}"))
    without = [scan for scan in found.scans if scan.not_alone]
    if without:
        st.caption(
            plain(f"Scans without numbers of their own: {len(without)}. {without[0].name} {without[0].not_alone}.")
        )
    if found.line.spec.measure is None:
        st.caption(plain(f"{found.line.step} measures nothing: it does the same to every scan."))
        return
    numbers, moves = st.columns([1, 1], gap="medium")
    roles = {member.name: member.role for member in members}
    with numbers:
        _numbers(found, roles)
    with moves:
        _movement(found)


def _line_chooser(recipe: Recipe) -> int:
    """The number of the line, from 1."""
    if not 1 <= st.session_state.get("dataset.line", 0) <= len(recipe.lines):
        measuring = [i for i, line in enumerate(recipe.lines, start=1) if line.spec.measure is not None]
        st.session_state["dataset.line"] = measuring[0] if measuring else 1
    names = [f"{i} {line.step}" for i, line in enumerate(recipe.lines, start=1)]
    chosen = st.segmented_control(
        "After line",
        [int(i) for i in range(1, len(names) + 1)],
        key="dataset.line",
        format_func=lambda i: plain(names[i - 1]),
        required=True,
        persist_state="session",
        help="The lines of the recipe on the Tune page. Those above the chosen one stand as they are.",
    )
    return chosen or 1


def _found(members: Sequence[Member], source: Open, recipe: Recipe, place: int) -> AtLine | None:
    training, others = with_role(members, TRAINING), with_role(members, VALIDATION, TEST)
    if not training:
        st.info("No scan is for training. Give at least one this role in the table of scans.")
        return None
    lines = over_dataset(recipe, place).lines
    key = f"line:{digest(lines)}:{fingerprint(with_role(members, TRAINING, VALIDATION, TEST))}"
    sets = Members(training, source), Members(others, source)
    return running.wanted("line", key, len(training) + len(others), lambda tell: at_line(recipe, place, *sets, tell))


def _charts(found: AtLine, members: Sequence[Member], odd: Sequence[str], log_counts: bool, db: bool) -> None:
    roles = {member.name: member.role for member in members if member.role != LEFT_OUT}
    titles = {BEFORE: "before", ALONE: "after, each scan alone", TOGETHER: "after, numbers of the training set"}
    if ALONE not in found.charts:
        titles = {BEFORE: "before", TOGETHER: "after"}
    shown = {stage: found.charts_db.get(stage, chart) if db else chart for stage, chart in found.charts.items()}
    for column, (stage, title) in zip(st.columns(len(shown)), titles.items(), strict=True):
        with column:
            figure = charts.overlaid(title, shown[stage], roles, odd, log_counts)
            st.plotly_chart(figure, key=f"dataset.chart.{stage}", config=config(title))
    if db and not found.charts_db:
        st.caption("None of these values are positive over two decades or more, so none has an axis in dB.")
    beyond = percent(max(chart.beyond for chart in shown.values()))
    st.caption(
        plain(f"{charts.HOW_TO_READ} At most {beyond} of the voxels of a scan lie beyond the axes or have no dB.")
    )


def _numbers(found: AtLine, roles: Mapping[str, str]) -> None:
    st.subheader("Numbers of each scan, and of the set")
    training = {name for name, role in roles.items() if role == TRAINING}
    numbers = numbers_of(found, training)
    names = list(numbers.pooled)[:MOST_NUMBERS]
    if not names:
        st.caption("This line measures images or curves: the charts show what they do.")
        return
    shown = list(numbers.of_scans.items())[:MOST_ROWS]
    body = [
        ("pooled training set", "", *(fixed(numbers.pooled[n]) for n in names)),
        ("mean of training scans", "", *(fixed(numbers.mean.get(n)) for n in names)),
        *((name, roles[name], *(fixed(row.get(n)) for n in names)) for name, row in shown),
    ]
    grid(("scan", "role", *names), body, (0, 1))
    if len(numbers.of_scans) > len(shown) or len(numbers.pooled) > len(names):
        st.caption(
            f"Shown: {len(shown)} of {len(numbers.of_scans)} scans, {len(names)} of {len(numbers.pooled)} numbers."
        )
    st.caption(
        "The fit takes the pooled number. A mean of numbers of scans is not that of their voxels: small scans count as "
        "much as large ones, a percentile of all voxels is no mean of percentiles, and a spread of all voxels "
        "includes how far the scans lie apart."
    )


def _movement(found: AtLine) -> None:
    st.subheader("How far the same value moves between scans")
    part, values = followed(found)
    if not values or found.probes is None:
        st.caption("The answer of this line depends on more than the value of a voxel, so no single value is followed.")
        return
    labels = [f"{value.name}: {number(float(f'{value.value:.4g}'))}" for value in values]
    alone, together = (dict(zip(labels, places, strict=True)) for places in _places(values))
    figure = charts.moved(values[0].scans, alone, together, found.unit)
    st.plotly_chart(figure, key="dataset.moved", config=config("numbers of scans"))
    rows = [
        _moves(f"value {label}", movement(v.alone), movement(v.together))
        for label, v in zip(labels, values, strict=True)
    ]
    rows += [_moves(f"{v.name} of each scan", v.rank_alone, v.rank_together) for v in values]
    grid(("what is followed", "alone: SD", "range", "set: SD", "range"), rows)
    parts = found.probes.shape[0]
    where = f"Part {part + 1} of {parts}, where it moves most. " if parts > 1 else ""
    st.caption(
        plain(
            f"{where}SD and range of where it comes out, over scans. The values are percentiles of the pooled training "
            "set. In a unit such as HU the same value is the same tissue, and what moves is error. Where each scan has "
            "a gain of its own, the same percentile is nearer to the same tissue."
        )
    )


def _places(values: Sequence[Followed]) -> tuple[list[Sequence[float]], list[Sequence[float]]]:
    return [value.alone for value in values], [value.together for value in values]


def _moves(what: str, alone: Movement, together: Movement) -> tuple[str, ...]:
    return what, fixed(alone.std), fixed(alone.range), fixed(together.std), fixed(together.range)

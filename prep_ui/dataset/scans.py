"""The scans of the set as a table, with what stands out, and what each is for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from prep_core.fitting import Progress
from prep_core.inspection import Summary, inspect
from prep_core.quality.outliers import FEWEST, THRESHOLD, standing_out
from prep_core.quality.overlaid import Overlaid, raw_charts, wide
from prep_ui.dataset import charts, running
from prep_ui.dataset.kept import Dataset
from prep_ui.dataset.members import (
    LEFT_OUT,
    ROLES,
    TEST,
    TRAINING,
    VALIDATION,
    Member,
    Members,
    Open,
    fingerprint,
    with_role,
)
from prep_ui.dataset.running import Tell
from prep_ui.saving import config
from prep_ui.session.state import AppState, Opened
from prep_ui.text import plain

MOST_NAMED = 4
"""Scans whose reasons are written out below the table."""


def section(state: AppState, members: Sequence[Member], source: Open) -> None:
    """Draw the table, and in words why scans stand out."""
    figures = summaries(state, members, source)
    if figures is None:
        return
    reasons = remarks(members, figures)
    _table(state.dataset, members, figures, reasons)
    counts = [f"{len(with_role(members, role))} {role}" for role in ROLES if with_role(members, role)]
    st.markdown(plain(f"{len(members)} scans: {', '.join(counts)}. Only training scans are measured by a fit."))
    _in_words(members, reasons)
    _raw(members, source, [m.name for m, why in zip(members, reasons, strict=True) if why])


def summaries(state: AppState, members: Sequence[Member], source: Open) -> list[Summary] | None:
    """The figures of each scan, computed once; None while they are."""
    known = state.dataset.figures
    missing = [member for member in members if member.identity not in known]
    if missing:
        key = f"figures:{fingerprint(missing)}"
        found = running.wanted("figures", key, len(missing), lambda tell: _inspected(missing, source, tell))
        if found is None:
            return None
        known |= found
    return [replace(known[member.identity], name=member.name) for member in members]


def remarks(members: Sequence[Member], figures: Sequence[Summary]) -> list[tuple[str, ...]]:
    """Why each scan stands out; those that are left out are compared with nothing."""
    compared = [s for member, s in zip(members, figures, strict=True) if member.role != LEFT_OUT]
    reasons = iter(standing_out(compared))
    return [() if member.role == LEFT_OUT else next(reasons) for member in members]


def gone(members: Sequence[Member], source: Open) -> list[Member]:
    """The opened scans whose pixels had to make room."""
    opened = [(member, member.where) for member in members if isinstance(member.where, Opened)]
    return [member for member, where in opened if not where.sample and not source.store.has(where.key)]


def take_roles(dataset: Dataset, members: Sequence[Member], edited: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep the roles that were changed in the table, by row."""
    for row, cells in edited.items():
        if cells.get("role") in ROLES:
            dataset.roles[members[row].identity] = cells["role"]


def _inspected(members: Sequence[Member], source: Open, tell: Tell) -> dict[str, Summary]:
    found: dict[str, Summary] = {}
    for i, (member, scan) in enumerate(zip(members, source.each(members), strict=True), start=1):
        found[member.identity] = inspect(scan)
        tell(Progress("figures of each scan", i))
    return found


def _table(
    dataset: Dataset, members: Sequence[Member], figures: Sequence[Summary], reasons: Sequence[Sequence[str]]
) -> None:
    key = f"dataset.table.{fingerprint([replace(member, role='') for member in members])}"
    # The roles in the table are those from before the edits that the widget holds itself.
    if key not in st.session_state or "dataset.roles" not in st.session_state:
        st.session_state["dataset.roles"] = [member.role for member in members]

    def take() -> None:
        take_roles(dataset, members, st.session_state[key]["edited_rows"])

    rows = [
        _row(s, role, why) for s, role, why in zip(figures, st.session_state["dataset.roles"], reasons, strict=True)
    ]
    number = st.column_config.NumberColumn
    st.data_editor(
        {name: [row[name] for row in rows] for name in rows[0]},
        key=key,
        on_change=take,
        hide_index=True,
        disabled=[name for name in rows[0] if name != "role"],
        column_config={
            **{name: st.column_config.Column(name.capitalize()) for name in ("shape", "unit", "modality", "findings")},
            "role": st.column_config.SelectboxColumn(
                "Role", options=list(ROLES), required=True, help="Choose in the cell. Only training scans are measured."
            ),
            "scan": st.column_config.TextColumn("Scan", pinned=True),
            "stands out": st.column_config.TextColumn("Stands out", width="small"),
            **{
                name: number(words, format="%.2e" if wide(figures) else "%.4g")
                for name, words in {"min": "Min", "p1": "p1", "p50": "p50", "p99": "p99", "max": "Max"}.items()
            },
            "decades": number("Decades", format="%.1f", help="log10 of max over the 0.1 percentile of the positive."),
        },
    )


def _raw(members: Sequence[Member], source: Open, odd: Sequence[str]) -> None:
    """The histograms of all scans as they are."""
    compared = with_role(members, TRAINING, VALIDATION, TEST)
    if not compared:
        return
    key = f"raw:{fingerprint([replace(member, role='') for member in compared])}"
    found: tuple[Overlaid, ...] | None = running.wanted(
        "raw", key, len(compared), lambda tell: raw_charts(Members(compared, source), tell)
    )
    if found is None:
        return
    roles = {member.name: member.role for member in compared}
    for column, chart in zip(st.columns(2), found, strict=False):
        with column:
            figure = charts.overlaid("raw values", chart, roles, odd, log_counts=chart.axis.reference is None)
            st.plotly_chart(figure, key=f"dataset.raw.{chart.axis.unit}", config=config("raw values of scans"))
    st.caption(charts.HOW_TO_READ)


def _row(s: Summary, role: str, reasons: Sequence[str]) -> dict[str, Any]:
    return {
        "scan": s.name,
        "role": role,
        "stands out": "; ".join(reasons),
        "shape": f"{s.axes} {' x '.join(map(str, s.shape))}",
        "unit": s.unit,
        "modality": s.modality,
        "min": s.min,
        "p1": s.percentiles["1"],
        "p50": s.percentiles["50"],
        "p99": s.percentiles["99"],
        "max": s.max,
        "decades": s.decades,
        "findings": len(s.findings),
    }


def _in_words(members: Sequence[Member], reasons: Sequence[Sequence[str]]) -> None:
    named = [(member, why) for member, why in zip(members, reasons, strict=True) if why and member.role != LEFT_OUT]
    if named:
        listed = [plain(f"{member.name}: {'; '.join(why)}.") for member, why in named[:MOST_NAMED]]
        st.warning("  \n".join(listed), icon=":material/rule:")
    if len(named) > MOST_NAMED:
        st.caption(f"And {int(len(named) - MOST_NAMED)} more scans: see the column of the table.")
    few = f" From {FEWEST} scans on, values are compared." if len(members) < FEWEST else ""
    st.caption(
        plain(
            "A scan stands out by another unit, modality, shape or voxel size than most, by bytes that are there "
            f"twice, or by a median or p99 beyond {THRESHOLD} robust standard deviations (1.48 x the median absolute "
            f"deviation).{few}"
        )
    )

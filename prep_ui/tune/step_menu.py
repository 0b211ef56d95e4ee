"""The menu that adds a line: every step under its family, all in sight at once."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from prep_core.inspection import valid_values
from prep_core.line import Line
from prep_core.scan import Scan
from prep_core.starting import starting_values
from prep_core.steps import STEPS, Step
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work.compute import Shown

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "values": "Values",
        "scale": "Scale",
        "contrast": "Contrast",
        "fields": "Bias and shading",
        "noise": "Noise",
        "masks": "Masks",
        "artifacts": "Artifacts",
        "grid": "Grid",
        "channels": "Channels",
    }
)
COLUMNS = (("values",), ("scale",), ("contrast", "fields", "artifacts"), ("noise", "masks"), ("grid", "channels"))
SHARES = (19, 25, 30, 24, 22)
"""Of the width, by the longest name in each column."""
WIDTH = 720
HELP = "Every step under its family; what it does is said where the pointer rests."


def step_menu(state: AppState, scan: Scan, shown: Shown) -> None:
    """A button that opens the menu.  What a step does is said where the pointer rests on it."""
    # A new key after each step makes a new popover, which is closed.
    with st.popover(
        "Add a step",
        icon=":material/add:",
        width="stretch",
        key=f"tune.menu.{state.next_uid}",
        on_change="rerun",
        help=HELP,
    ) as opened:
        # A closed menu is not sent: it has more elements than all of the page beside it.
        if opened.open:
            with st.container(width=WIDTH):
                _all_steps(state, scan, shown)


def _all_steps(state: AppState, scan: Scan, shown: Shown) -> None:
    for column, families in zip(st.columns(SHARES, gap="small"), COLUMNS, strict=True):
        with column, st.container(gap=None):
            for family in families:
                st.markdown(f"**{plain(FAMILIES[family])}**")
                for step in (s for s in STEPS.values() if s.family == family):
                    _offer(state, scan, shown, step)


def _offer(state: AppState, scan: Scan, shown: Shown, step: Step) -> None:
    st.button(
        plain(step.name),
        key=f"tune.add.{step.name}",
        type="tertiary",
        help=plain(step.help),
        on_click=_add_step,
        args=(state, scan, shown, step.name),
    )


def _add_step(state: AppState, scan: Scan, shown: Shown, step: str) -> None:
    """Add `step` with parameters that fit the values it will meet."""
    plane = shown.done[-1].scan if shown.done else shown.before
    start = starting_values(step, scan, valid_values(plane), plane.unit) if plane.valid.any() else {}
    sessions.add_line(state, Line(step, start))

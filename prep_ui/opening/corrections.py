"""What a file cannot tell, or tells wrongly: axes of a stack, modality and unit, said by the user."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from prep_core.findings import renewed
from prep_core.scan import MODALITIES, Scan
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState

_STACKS: Mapping[str, tuple[str, ...]] = {
    "Z": ("Z", "T", "C"),
    "T": ("Z", "T", "C"),
    "C": ("Z", "T", "C"),
    "TZ": ("TZ", "CZ", "TC"),
    "CZ": ("TZ", "CZ", "TC"),
    "TC": ("TZ", "CZ", "TC"),
}
"""For the axes before Y and X, what the same array could be."""

MAX_UNIT = 16


def popover(state: AppState, scan: Scan) -> None:
    """Offer corrections of an opened scan.  The built-in samples are right as they are."""
    if state.opened[state.chosen].sample:
        return
    with st.popover("Correct what the file says", width="stretch", help="Axes, modality and unit of this scan."):
        stack = scan.axes.removesuffix("YX")
        if stack in _STACKS and not scan.channels:
            _choice(state, scan, "axes", tuple(f"{other}YX" for other in _STACKS[stack]), "T time, C channel, Z slice.")
        _choice(state, scan, "modality", MODALITIES, "DICOM code; MIC microscopy, MSI multispectral, AST astronomy.")
        _unit(state, scan)


def _choice(state: AppState, scan: Scan, name: str, choices: tuple[str, ...], help: str) -> None:
    now = getattr(scan, name)
    take = partial(_correct, state, scan, name)
    st.selectbox(
        name.capitalize(), choices, choices.index(now), help=help, **bound(f"inspect.correct.{name}", now, take)
    )


def _unit(state: AppState, scan: Scan) -> None:
    def take(typed: str) -> None:
        _correct(state, scan, "unit", " ".join(typed.split())[:MAX_UNIT] or "a.u.")

    st.text_input(
        "Unit",
        scan.unit,
        max_chars=MAX_UNIT,
        help="HU, dB, a.u., or 1 for none.",
        **bound("inspect.correct.unit", scan.unit, take),
    )


def _correct(state: AppState, scan: Scan, name: str, value: str) -> None:
    changes: dict[str, Any] = {name: value}
    sessions.replace_scan(state, renewed(replace(scan, **changes)))

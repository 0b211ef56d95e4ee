"""The sections of the page Compare: those that make sense for the scan, one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from prep_core.scan import Scan
from prep_ui.compare import bias, clahe, drift, hu, metal, one_recipe, populations, two
from prep_ui.planes import panes
from prep_ui.session.state import AppState
from prep_ui.text import plain


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its title, what it answers, and which scans have it.

    Attributes
    ----------
    planes : whether it shows the plane that the session looks at
    turns : whether its viewer turns the slices; not where a slice takes its time and the viewer gives way to progress
    charts : whether it has charts that a camera saves
    """

    title: str
    question: str
    draw: Callable[[AppState, Scan], None]
    fits: Callable[[Scan], bool] = lambda scan: True
    planes: bool = True
    turns: bool = True
    charts: bool = False


def _in_hu(scan: Scan) -> bool:
    return scan.unit == "HU"


def _may_have_a_field(scan: Scan) -> bool:
    """MR, and volumes in a unit that nobody knows: what HU and dB measure has no field to be divided by."""
    real = not np.iscomplexobj(scan.data) and not panes.is_colour(scan)
    return real and (scan.modality == "MR" or ("Z" in scan.axes and scan.unit == "a.u."))


SECTIONS: Mapping[str, Section] = {
    "recipe": Section(
        "This recipe", "What does the recipe do to this scan?", one_recipe.section, planes=False, charts=True
    ),
    "recipes": Section("Two recipes", "What changes from one recipe to another?", two.two_recipes, charts=True),
    "scans": Section("Two scans", "What does this recipe make of another scan?", two.two_scans, charts=True),
    "drift": Section("Drift", "How does the result move when the scan does?", drift.section, charts=True),
    "populations": Section("Populations", "What if each patch is measured alone?", populations.section),
    "clahe": Section("CLAHE", "How much local contrast is enough?", clahe.section, turns=False),
    "hu": Section("HU ranges", "What does a range of Hounsfield units take away?", hu.section, _in_hu),
    "metal": Section("Metal", "How much metal is there, and from where on?", metal.section, _in_hu),
    "bias": Section("Bias fields", "What evens out shading, and how well?", bias.section, _may_have_a_field),
}
"""By their key, in the order of the choice."""


def chosen(scan: Scan) -> Section:
    """Draw the choice among the sections that fit `scan`, and return the chosen one."""
    fitting = [plain(key) for key, section in SECTIONS.items() if section.fits(scan)]
    if st.session_state.get("compare.section") not in fitting:
        st.session_state["compare.section"] = fitting[0]
    key = st.radio(
        "Compare",
        fitting,
        format_func=lambda key: SECTIONS[key].title,
        key="compare.section",
        persist_state="session",
        captions=[plain(SECTIONS[key].question) for key in fitting],
        help="Which question to answer about the recipe, or about a method on this scan.",
    )
    return SECTIONS[key or fitting[0]]

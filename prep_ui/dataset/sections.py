"""The sections of the page Dataset, one at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from prep_ui.dataset import fitting, leak, lines, scans
from prep_ui.dataset.members import Member, Open
from prep_ui.session.state import AppState
from prep_ui.text import plain


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its title, what it answers, whether it needs a recipe, and has charts that a camera saves."""

    title: str
    question: str
    draw: Callable[[AppState, Sequence[Member], Open], None]
    needs_recipe: bool = True
    charts: bool = False


SECTIONS: Mapping[str, Section] = {
    "scans": Section("Scans", "What are they, and which stand out?", scans.section, needs_recipe=False, charts=True),
    "lines": Section("Line by line", "Per scan or per dataset: what moves?", lines.section, charts=True),
    "leak": Section("Leak", "What do validation scans change?", leak.section),
    "fit": Section("Fit", "Which numbers are frozen?", fitting.section),
}
"""By their key, in the order of the choice."""


def chosen() -> Section:
    """Draw the choice, and return the chosen section."""
    keys = [plain(key) for key in SECTIONS]
    key = st.radio(
        "Show",
        keys,
        format_func=lambda key: SECTIONS[key].title,
        key="dataset.section",
        persist_state="session",
        captions=[plain(section.question) for section in SECTIONS.values()],
        help="Which question to answer about the set of scans.",
    )
    return SECTIONS[key or keys[0]]

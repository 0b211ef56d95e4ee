"""The one-page report of an exploration, made when it is asked for and offered for download."""

import streamlit as st

from prep_core.exploration import Exploration, explore, page
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_ui.safety.file_names import file_name
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.work import compute, running
from prep_ui.work.job import Tell

REPORT = "report"
"""The kind of the work."""

HELP = (
    "Facts, findings, the slice before and after, each line with its histogram, quality figures, and the recipe with "
    "reasons, as one HTML file that prints on A4. It holds no file name and no date."
)


def report(state: AppState, scan: Scan) -> None:
    """Make the report of the scan, the slice and the recipe at hand, and offer it."""
    recipe, at = sessions.recipe(state), compute.place(state, scan)
    place = " ".join(f"{axis}{i}" for axis, i in at.items())
    reasons, smallest = sessions.reasons(state), state.smallest
    key = f"{sessions.identity(state)} {recipe.digest} {recipe.modality} {smallest} {place} {recipe.name} {reasons}"
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Make the report",
        key="recipe.report",
        icon=":material/article:",
        on_click=running.ask,
        args=(REPORT, key),
        help=HELP,
    )
    if not running.is_asked(REPORT, key):
        return
    html = running.answer(REPORT, key, lambda tell: page(_explored(recipe, scan, at, smallest, tell), reasons))
    if html:
        row.download_button(
            "Download report",
            html,
            f"{file_name(recipe.name)}.html",
            "text/html",
            key="recipe.report.download",
            on_click="ignore",
            icon=":material/download:",
            help="One HTML file; to get a PDF, print it from the browser.",
        )


def _explored(recipe: Recipe, scan: Scan, at: dict[str, int], smallest: float | None, tell: Tell) -> Exploration:
    return explore(recipe, scan, at, smallest, running.by_share(tell))

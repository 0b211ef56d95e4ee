"""The one-page report of an exploration, made when it is asked for and offered for download."""

import streamlit as st

from prep_core.exploration import explore, page
from prep_core.run import StepError
from prep_core.scan import Scan
from prep_ui import compute
from prep_ui import state as sessions
from prep_ui.exchange import file_name
from prep_ui.state import AppState
from prep_ui.text import plain

HELP = (
    "Facts, findings, the slice before and after, each line with its histogram, quality figures, and the recipe with "
    "reasons, as one HTML file that prints on A4. It holds no file name and no date."
)


def report(state: AppState, scan: Scan) -> None:
    """Make the report of the scan, the slice and the recipe at hand, and offer it."""
    recipe = sessions.recipe(state)
    at = compute.place(state, scan)
    wanted = (sessions.identity(state), recipe.digest, recipe.name, recipe.modality, state.smallest, at)
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.button("Make the report", key="recipe.report", icon=":material/article:", help=HELP)
        offer = st.empty()
    if asked:
        st.session_state["recipe.report.made"] = wanted, _made(state, scan, at)
    known, html = st.session_state.get("recipe.report.made", (None, None))
    if known == wanted and html is not None:
        offer.download_button(
            "Download report",
            html,
            f"{file_name(recipe.name)}.html",
            "text/html",
            key="recipe.report.download",
            on_click="ignore",
            icon=":material/download:",
            help="One HTML file; to get a PDF, print it from the browser.",
        )


def _made(state: AppState, scan: Scan, at: dict[str, int]) -> str | None:
    """The page; None where a line has no answer, which is then said."""
    bar = st.progress(0.0, "Starting")
    try:
        found = explore(
            sessions.recipe(state), scan, at, state.smallest, lambda share, words: bar.progress(share, plain(words))
        )
    except (StepError, ValueError) as error:
        st.error(plain(str(error)))
        return None
    finally:
        bar.empty()
    return page(found)

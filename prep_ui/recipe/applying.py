"""The whole scan processed by the recipe, and the result as files."""

import streamlit as st

from prep_core.batch import Result, process, sidecar_name
from prep_core.io import FORMATS
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_ui import nav
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain, sentence
from prep_ui.work import running
from prep_ui.work.job import Tell
from prep_ui.work.plane_run import telling, whole_so_far
from prep_ui.work.results import Results

MIME = "application/octet-stream"
APPLIED = "applied recipe"
"""The kind of the work."""


def whole_scan(state: AppState, scan: Scan) -> None:
    """Apply the recipe to every voxel, and offer the result with its provenance."""
    recipe, identity = sessions.recipe(state), sessions.identity(state)
    st.segmented_control(
        "Format",
        FORMATS,
        default=FORMATS[0],
        key="recipe.format",
        required=True,
        persist_state="session",
        help="NIfTI, NumPy, TIFF or NRRD; values are float32.",
    )
    format = st.session_state["recipe.format"]
    key = f"{identity} {recipe.digest} {format} {recipe.modality} {recipe.name}"
    st.button(
        "Apply to the whole scan",
        key="recipe.apply",
        type="primary",
        disabled=not recipe.lines or bool(recipe.waiting),
        on_click=running.ask,
        args=(APPLIED, key),
        help="Runs each line on every voxel, and offers the result as a file with its provenance.",
    )
    if recipe.waiting:
        st.warning(plain(f"{sentence(waits(recipe))} Fit the recipe first."))
        st.page_link(nav.page("dataset"), label="To the Dataset page", icon=":material/dataset:")
    if not recipe.lines:
        st.caption("The recipe has no line yet. Add one on the Tune page.")
    elif running.is_asked(APPLIED, key) and not recipe.waiting:
        results = running.of_session().results
        result = running.answer(APPLIED, key, lambda tell: _applied(identity, recipe, scan, format, results, tell))
        if result:
            _downloads(result, format)


def waits(recipe: Recipe) -> str:
    """Which lines have no numbers yet."""
    numbers = ", ".join(map(str, recipe.waiting))
    one = len(recipe.waiting) == 1
    return f"line {numbers} is measured on a training set" if one else f"lines {numbers} are measured on a training set"


def _applied(identity: str, recipe: Recipe, scan: Scan, format: str, results: Results, tell: Tell) -> Result:
    """Goes on below what the pictures already needed of the whole scan: the same bytes, sooner."""
    begun = [line.done for line in whole_so_far(identity, recipe.lines, results)]
    return process(recipe, scan, format, begun=begun, told=telling(recipe.lines, tell))


def _downloads(result: Result, format: str) -> None:
    st.success(plain(f"{result.file}: {len(result.data) / 1e6:.2f} MB"))
    with st.container(horizontal=True):
        st.download_button(
            "Download result",
            result.data,
            result.file,
            MIME,
            key="recipe.result.download",
            on_click="ignore",
            icon=":material/download:",
            help="The processed scan.",
        )
        st.download_button(
            "Download provenance",
            result.sidecar,
            sidecar_name(result.file, format),
            "application/json",
            key="recipe.sidecar.download",
            on_click="ignore",
            icon=":material/receipt_long:",
            help="What was done to which bytes, by which versions, as JSON.",
        )
        if result.mask:
            st.download_button(
                "Download mask",
                result.mask,
                f"mask-{result.file}",
                MIME,
                key="recipe.mask.download",
                on_click="ignore",
                icon=":material/select_all:",
                help="What the last mask line made: 0 and 1 in the same format.",
            )

"""The recipe out and in, and the whole scan processed by it."""

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from prep_core.batch import Result, process, sidecar_name
from prep_core.bundle import from_file_bytes, to_bundle
from prep_core.explained import explained
from prep_core.io import FORMATS
from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from prep_core.recipe_yaml import MAX_TEXT
from prep_core.run import Done, StepError
from prep_core.scan import MODALITIES, Scan
from prep_ui import nav
from prep_ui import state as sessions
from prep_ui.runtime import release_upload
from prep_ui.state import AppState
from prep_ui.text import plain

MIME = "application/octet-stream"
HEIGHT, MOST_ROWS = 360, 16
"""Pixels that the text of a recipe takes at most, and the rows that fit in them."""

MOST_ARRAYS = 2**29
"""Bytes that a bundle may hold here; the command line takes larger ones."""


def naming(state: AppState) -> None:
    """Name and modality of the recipe."""

    def rename() -> None:
        name = " ".join(st.session_state["recipe.name"].split()) or "recipe"
        sessions.rename(state, name, state.modality)

    def remodality() -> None:
        sessions.rename(state, state.name, st.session_state["recipe.modality"])

    st.session_state["recipe.name"], st.session_state["recipe.modality"] = state.name, state.modality
    name, modality = st.columns([3, 1])
    name.text_input(
        "Name", key="recipe.name", max_chars=MAX_TEXT, on_change=rename, help="Stands at the top of the file."
    )
    options = sorted({"", state.modality, *MODALITIES})
    modality.selectbox(
        "Modality",
        options,
        key="recipe.modality",
        on_change=remodality,
        help="What the recipe is for: a DICOM code.",
    )


def yaml(state: AppState, unit: str) -> None:
    """The recipe as text, to copy and to download; `unit` is that of the scan, "" where there is none."""
    recipe = sessions.recipe(state)
    off = sum(not card.on for card in state.cards)
    if off:
        st.caption(f"{off} lines are switched off and are not in the recipe.")
    st.toggle(
        "With reasons",
        key="recipe.reasons",
        persist_state="session",
        help="Comments say what each line does, on whom it is measured, and in which unit. The recipe stays the same.",
    )
    text = explained(recipe, unit) if st.session_state["recipe.reasons"] else recipe.to_yaml()
    # The container scrolls, and not the text itself, so that the keyboard reaches it.
    with st.container(height=HEIGHT if text.count("\n") > MOST_ROWS else "content", border=False):
        st.code(text, language="yaml", wrap_lines=True)
    data, name, mime = _file(recipe, text)
    st.download_button(
        "Download recipe",
        data,
        name,
        mime,
        key="recipe.download",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption("The same on the command line, the same bytes:")
    st.code(f"python -m prep_core apply {name} SCAN -o OUT", language="bash", wrap_lines=True)


def _file(recipe: Recipe, text: str) -> tuple[str | Callable[[], bytes], str, str]:
    """What is downloaded, its name and its type: the text, or a bundle where the recipe has arrays."""
    if not recipe.arrays:
        return text, f"{file_name(recipe.name)}.yaml", "application/yaml"
    st.caption("Images and curves that were measured lie beside this text: the download is a bundle (.zip).")
    return partial(to_bundle, recipe), f"{file_name(recipe.name)}.zip", "application/zip"


def upload(state: AppState) -> None:
    """Take a recipe from a file; a bad one changes nothing."""
    key = f"recipe.upload.{state.uploads}"
    st.file_uploader(
        "Open a recipe",
        type=["yaml", "yml", "zip"],
        key=key,
        on_change=_take,
        args=(state, key),
        help="YAML, or a bundle (.zip) with measured images. Replaces the lines on the Tune page.",
    )
    for kind in ("complaint", "taken"):
        if words := st.session_state.pop(f"recipe.{kind}", None):
            (st.error if kind == "complaint" else st.success)(plain(words))


def whole_scan(state: AppState, scan: Scan) -> None:
    """Apply the recipe to every voxel, and offer the result with its provenance."""
    recipe = sessions.recipe(state)
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
    wanted = (sessions.identity(state), recipe.digest, recipe.name, recipe.modality, format)
    if st.button("Apply to the whole scan", key="recipe.apply", type="primary", disabled=not recipe.lines):
        _run(recipe, scan, format, wanted)
    finished = st.session_state.get("recipe.result")
    if finished and finished[0] == wanted:
        _downloads(finished[1], format)
    elif not recipe.lines:
        st.caption("The recipe has no line yet. Add one on the Tune page.")


def file_name(name: str) -> str:
    """`name` as a file name that every system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or "recipe"


def _take(state: AppState, key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    data = file.getvalue()
    release_upload(file)
    state.uploads += 1
    try:
        recipe = from_file_bytes(data, MOST_ARRAYS)
    except RecipeError as error:
        st.session_state["recipe.complaint"] = f"{error}. The recipe on the screen is unchanged."
        return
    sessions.set_recipe(state, recipe)
    st.session_state["recipe.taken"] = f"Opened {recipe.name}: {len(recipe.lines)} lines."


def _run(recipe: Recipe, scan: Scan, format: str, wanted: tuple[str, ...]) -> None:
    waiting = [f"{i:d}" for i in recipe.waiting]
    if waiting:
        st.error(
            plain(f"Line {', '.join(waiting)} is measured over a dataset. Fit the recipe on the Dataset page first.")
        )
        st.page_link(nav.page("dataset"), label="To the Dataset page", icon=":material/dataset:")
        return
    bar = st.progress(0.0, "Starting")

    def show(done: Done, count: int) -> None:
        bar.progress(count / (len(recipe.lines) + 1), plain(f"line {count} of {len(recipe.lines)}: {done.line.step}"))

    try:
        st.session_state["recipe.result"] = (wanted, process(recipe, scan, format, progress=show))
    except (StepError, ValueError) as error:
        st.error(plain(str(error)))
    bar.empty()


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
        )
        st.download_button(
            "Download provenance",
            result.sidecar,
            sidecar_name(result.file, format),
            "application/json",
            key="recipe.sidecar.download",
            on_click="ignore",
            icon=":material/receipt_long:",
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
            )

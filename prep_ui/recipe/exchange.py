"""The recipe out and in."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from prep_core.bundle import from_file_bytes, to_bundle
from prep_core.explained import explained
from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from prep_core.recipe_yaml import MAX_TEXT, as_name
from prep_core.scan import MODALITIES
from prep_ui.recipe.applying import waits
from prep_ui.safety.file_names import file_name
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work.runtime import take_uploads

HEIGHT, MOST_ROWS = 360, 16
"""Pixels that the text of a recipe takes at most, and the rows that fit in them."""

MOST_MEGABYTES = 200
"""Of a recipe file; packed images of a bundle are smaller than the arrays that it may hold."""

MOST_ARRAYS = 2**29
"""Bytes that a bundle may hold here; the command line takes larger ones."""


def naming(state: AppState) -> None:
    """Name and modality of the recipe."""

    def rename(name: str) -> None:
        sessions.rename(state, as_name(name), state.modality)

    def remodality(modality: str) -> None:
        sessions.rename(state, state.name, modality)

    name, modality = st.columns([3, 1])
    name.text_input(
        "Name",
        state.name,
        max_chars=MAX_TEXT,
        help="Stands at the top of the file.",
        **bound("recipe.name", state.name, rename),
    )
    options = sorted({"", state.modality, *MODALITIES})
    modality.selectbox(
        "Modality",
        options,
        options.index(state.modality),
        help="What the recipe is for: a DICOM code.",
        **bound("recipe.modality", state.modality, remodality),
    )


def yaml(state: AppState, unit: str) -> None:
    """The recipe as text, to copy and to download; `unit` is that of the scan, "" where there is none."""
    recipe = sessions.recipe(state)
    off = sum(not card.on for card in state.cards)
    if off:
        st.caption(f"{off} lines are switched off and are not in the recipe.")
    st.toggle(
        "With reasons",
        value=True,
        key="recipe.reasons",
        persist_state="session",
        help="Comments say what each line does, why it was suggested, on whom it is measured, and in which unit. The "
        "recipe stays the same.",
    )
    text = explained(recipe, unit, sessions.reasons(state)) if st.session_state["recipe.reasons"] else recipe.to_yaml()
    # The container scrolls, and not the text itself, so that the keyboard reaches it.
    with st.container(height=HEIGHT if text.count("\n") > MOST_ROWS else "content", border=False, key="recipe-text"):
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
        help="The recipe as it stands above, and nothing of the scan.",
    )
    if recipe.lines:
        _commands(recipe, name)
    else:
        st.info("The recipe has no line yet. Take the suggested one on Inspect, build one on Tune, or open one below.")


def _commands(recipe: Recipe, name: str) -> None:
    """How to do the same without the page; lines that wait for a training set are measured first."""
    calls = [f"apply {name} SCAN -o OUT"]
    words = "The same on the command line, the same bytes:"
    if recipe.waiting:
        fitted = f"fitted-{name}"
        calls = [f"fit {name} TRAINING_FOLDER -o {fitted}", f"apply {fitted} SCAN -o OUT"]
        words = f"On the command line; {waits(recipe)} first:"
    st.caption(plain(words))
    st.code("\n".join(f"python -m prep_core {call}" for call in calls), language="bash", wrap_lines=True)


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
        max_upload_size=MOST_MEGABYTES,
        key=key,
        on_change=_take,
        args=(state, key),
        help="YAML, or a bundle (.zip) with measured images. Replaces the lines on the Tune page.",
    )
    for kind in ("complaint", "taken"):
        if words := st.session_state.pop(f"recipe.{kind}", None):
            (st.error if kind == "complaint" else st.success)(plain(words))


def _take(state: AppState, key: str) -> None:
    contents = take_uploads(key, f"recipe.upload.{state.uploads}")
    if not contents:
        return
    (data,) = contents.values()
    state.uploads += 1
    try:
        recipe = from_file_bytes(data, MOST_ARRAYS)
    except RecipeError as error:
        st.session_state["recipe.complaint"] = f"{error}. The recipe on the screen is unchanged."
        return
    sessions.set_recipe(state, recipe)
    st.session_state["recipe.taken"] = f"Opened {recipe.name}: {len(recipe.lines)} lines."

"""Which recipe the one at hand is compared with: none, one that was kept, one from a file, or a preset."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from prep_core.bundle import from_file_bytes
from prep_core.line import Line, RecipeError
from prep_core.presets import PRESETS, Preset, presets_for
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_core.steps import STEPS
from prep_ui.recipe.exchange import MOST_ARRAYS, MOST_MEGABYTES
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work.runtime import take_uploads

MOST_KEPT = 20
SECTION = "compare.section"
"""Where the session keeps which section of the page Compare is shown."""

_KEPT = "compare.kept"
_CHOICE = "compare.first"
_UPLOADS = "compare.uploads"
_COMPLAINT = "compare.complaint"


@dataclass(frozen=True)
class Choice:
    """A recipe under a label."""

    label: str
    recipe: Recipe


def first_recipe(state: AppState, scan: Scan) -> tuple[Choice, DeltaGenerator]:
    """Draw the choice of recipe A, and return it with a place beside it that is left free."""
    choices = _choices(scan)
    if st.session_state.get(_CHOICE) not in choices:
        st.session_state[_CHOICE] = next(iter(choices))
    chooser, button, file, free = st.columns([4, 1.4, 1.4, 1.2], vertical_alignment="bottom")
    key = chooser.selectbox(
        "Recipe A",
        tuple(choices),
        key=_CHOICE,
        format_func=lambda key: choices[key].label,
        persist_state="session",
        help="What the recipe at hand (B) is compared with: no recipe, one that you kept, or a preset as one line.",
    )
    recipe = sessions.recipe(state)
    button.button(
        "Keep B as A",
        key="compare.keep",
        on_click=keep,
        args=(recipe,),
        disabled=not recipe.lines,
        width="stretch",
        help="Remember the recipe at hand, so that you can go on tuning and compare with how it is now.",
    )
    with file.popover("From a file", width="stretch", help="Take recipe A from a file; the recipe at hand stays."):
        _upload()
    if words := st.session_state.pop(_COMPLAINT, None):
        st.error(plain(words))
    return choices[key], free


def _choices(scan: Scan) -> dict[str, Choice]:
    """By a key that stays the same: kept recipes, the newest first, none, and presets that fit the scan."""
    kept: tuple[Recipe, ...] = st.session_state.get(_KEPT, ())
    named = {_kept_key(recipe): Choice(_kept_label(recipe), recipe) for recipe in kept}
    none = {"none": Choice("No recipe: the scan as it was stored", Recipe())}
    steps = dict.fromkeys(preset.step for preset in PRESETS)
    presets = (preset for step in steps for preset in presets_for(step, scan, scan.unit))
    return named | none | {f"preset {p.step} {p.label}": _of_preset(p) for p in presets if _allowed(p)}


def _allowed(preset: Preset) -> bool:
    """Whether the step takes these numbers: a window that a file brings along may be none."""
    try:
        STEPS[preset.step].parse(preset.params)
    except ValueError:
        return False
    return True


def _of_preset(preset: Preset) -> Choice:
    line = Line(preset.step, preset.params)
    return Choice(f"Preset {preset.step}: {preset.label}", Recipe((line,), preset.name))


def _kept_key(recipe: Recipe) -> str:
    return f"kept {recipe.name} {recipe.digest}"


def _kept_label(recipe: Recipe) -> str:
    return f"Kept: {recipe.name}, {' → '.join(line.step for line in recipe.lines)} ({recipe.digest[:4]})"


def is_kept(recipe: Recipe) -> bool:
    """Whether `recipe` is the one that was kept last."""
    kept: tuple[Recipe, ...] = st.session_state.get(_KEPT, ())
    return bool(recipe.lines and kept) and _kept_key(kept[0]) == _kept_key(recipe)


def keep(recipe: Recipe) -> None:
    """Remember `recipe`, and choose it as recipe A."""
    others = tuple(kept for kept in st.session_state.get(_KEPT, ()) if _kept_key(kept) != _kept_key(recipe))
    st.session_state[_KEPT] = (recipe, *others)[:MOST_KEPT]
    st.session_state[_CHOICE] = _kept_key(recipe)


def _upload() -> None:
    key = f"compare.upload.{st.session_state.setdefault(_UPLOADS, 0)}"
    st.file_uploader(
        "Recipe A from a file",
        type=["yaml", "yml", "zip"],
        max_upload_size=MOST_MEGABYTES,
        key=key,
        on_change=_take,
        args=(key,),
        help="YAML, or a bundle (.zip) with measured images. It joins the list of recipes to compare with.",
    )


def _take(key: str) -> None:
    contents = take_uploads(key, f"compare.upload.{st.session_state[_UPLOADS]}")
    if not contents:
        return
    ((name, data),) = contents.items()
    st.session_state[_UPLOADS] += 1
    try:
        recipe = from_file_bytes(data, MOST_ARRAYS)
    except RecipeError as error:
        st.session_state[_COMPLAINT] = f"{name}: {error}. Recipe A is unchanged."
        return
    keep(recipe)

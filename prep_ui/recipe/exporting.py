"""The recipe in the words of the programs that people train with."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from prep_core.export import Exported, ExportError, export
from prep_core.recipe import Recipe
from prep_ui.safety.file_names import module_name
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain

PROGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "Python": "python",
        "MONAI": "monai",
        "TorchIO": "torchio",
        "nnU-Net": "nnunet",
        "bioimage.io": "bioimageio",
    }
)
"""What the choice shows, and the target that it is."""
TITLES = tuple(PROGRAMS)
_LANGUAGES: Mapping[str, str] = MappingProxyType({".py": "python", ".yaml": "yaml", ".json": "json"})
_MIME: Mapping[str, str] = MappingProxyType(
    {".py": "text/x-python", ".yaml": "application/yaml", ".json": "application/json"}
)


def elsewhere(state: AppState) -> None:
    """Choose a program, and take the recipe along as code or configuration."""
    recipe = sessions.recipe(state)
    st.segmented_control(
        "Use it elsewhere",
        TITLES,
        default=TITLES[0],
        key="recipe.to",
        required=True,
        persist_state="session",
        help="The recipe with its numbers frozen, for training and deployment without this dashboard.",
    )
    title = st.session_state["recipe.to"]
    try:
        exported = export(recipe, PROGRAMS[title])
    except ExportError as error:
        st.warning(plain(f"{title} cannot do this recipe exactly:"))
        _list(error.reasons)
        return
    _offered(exported, recipe, title)


def _offered(exported: Exported, recipe: Recipe, title: str) -> None:
    if exported.notes:
        st.caption("What it cannot say:")
        _list(exported.notes)
    # The container scrolls, and not the text itself, so that the keyboard reaches it.
    with st.container(height=240, border=False):
        st.code(exported.text, language=_LANGUAGES[exported.ending], wrap_lines=True)
    st.download_button(
        plain(f"Download for {title}"),
        exported.text,
        f"{module_name(recipe.name)}_{PROGRAMS[title]}{exported.ending}",
        _MIME[exported.ending],
        key="recipe.to.download",
        on_click="ignore",
        icon=":material/download:",
        help="The text above as a file, with the numbers of the recipe frozen in it.",
    )


def _list(items: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(item)}" for item in items))

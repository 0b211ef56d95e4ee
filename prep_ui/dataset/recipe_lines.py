"""The recipe as the Dataset page sees it: which lines are measured, and over whom."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui import nav
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain

EXAMPLES: Mapping[str, tuple[Line, ...]] = {
    "oct_exposures": (
        Line("magnitude", {"power": 2}),
        Line("decibel", {"percentile": 99.0}, over="dataset"),
        Line("zscore", over="dataset"),
    ),
    "mr_heads": (Line("zscore", over="dataset", inside="foreground"),),
}
"""By the name of a built-in set, a recipe in which its trouble shows."""


def bare(recipe: Recipe) -> Recipe:
    """`recipe` without fitted numbers: what a new fit begins with."""
    return recipe.edited(replace(line, fitted=None) for line in recipe.lines)


def start(state: AppState, set_name: str) -> None:
    """With an empty recipe, offer the example of the set, or the way to the Tune page."""
    st.info("The recipe has no line yet, so there is nothing to measure on these scans.")
    with st.container(horizontal=True):
        if set_name in EXAMPLES:
            st.button(
                plain("Take the example: " + " → ".join(line.step for line in EXAMPLES[set_name])),
                key="dataset.example",
                type="primary",
                on_click=sessions.set_recipe,
                args=(state, Recipe(EXAMPLES[set_name], "example")),
            )
        st.page_link(nav.page("tune"), label="Build one on Tune", icon=":material/tune:")


def offer_dataset(state: AppState, reason: str) -> None:
    """Say why nothing can be fitted, and offer to measure a line over the dataset."""
    st.info(plain(reason))
    measured = [(i, card) for i, card in enumerate([c for c in state.cards if c.on], start=1) if card.line.spec.measure]
    if not measured:
        st.caption("No line of the recipe measures anything. Add one on the Tune page, such as zscore or decibel.")
    for i, card in measured:
        st.button(
            plain(f"Measure line {i}, {card.line.step}, over the dataset"),
            key=f"dataset.over.{card.uid}",
            on_click=sessions.set_population,
            args=(state, card.uid),
            kwargs={"over": "dataset"},
        )


def summary(recipe: Recipe) -> None:
    """Draw the lines, one under the other, with over whom each is measured."""
    words = [f"{i} {line.step}{_population(line)}" for i, line in enumerate(recipe.lines, start=1)]
    if words:
        st.markdown("**Recipe**  \n" + "  \n".join(plain(line) for line in words))


def _population(line: Line) -> str:
    if line.spec.measure is None:
        return ""
    if line.over == "image":
        return " · each scan alone"
    return " · training set, fitted" if line.fitted else " · training set, not fitted"

"""The fit: measured on the training scans, looked at, and only then taken into the recipe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from prep_core.line import digest
from prep_core.quality.frozen import Frozen, frozen
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_ui import nav
from prep_ui.dataset import running
from prep_ui.dataset.members import TRAINING, Member, Members, Open, fingerprint, with_role
from prep_ui.dataset.recipe_lines import bare, offer_dataset
from prep_ui.dataset.running import Tell
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import count, plain
from prep_ui.work.running import forget

MEASURED = ("value", "lowest scan", "highest scan", "mean of scans")
"""The columns of the review that hold measured numbers."""


@dataclass(frozen=True)
class Proposal:
    """A fitted recipe that nobody accepted yet, and what it holds."""

    recipe: Recipe
    rows: tuple[Frozen, ...]


def section(state: AppState, members: Sequence[Member], source: Open) -> None:
    """Draw what a fit would measure, its progress, and its numbers with the choice to accept them."""
    recipe, training = sessions.recipe(state), with_role(members, TRAINING)
    waits = [f"{i:d} {line.step}" for i, line in enumerate(recipe.lines, start=1) if line.over == "dataset"]
    if not waits:
        offer_dataset(state, "No line is measured over the dataset, so there is nothing to fit.")
    elif not training:
        st.info("No scan is for training. Give at least one this role in the table of scans.")
    else:
        lines = f"{'lines' if len(waits) > 1 else 'line'} {', '.join(waits)}"
        st.markdown(plain(f"Measures {lines} on {len(training)} training scans."))
    key = f"fit:{digest(bare(recipe).lines)}:{fingerprint(training)}"
    ready = bool(waits and training)
    asked = st.session_state.get("dataset.fit.asked") == key
    if st.button("Fit on the training scans", key="dataset.fit", type="primary", disabled=not ready or asked):
        forget("fit")
        st.session_state["dataset.fit.asked"] = key
        st.rerun()
    if ready and asked:
        sets = Members(training, source)
        proposal = running.wanted("fit", key, len(training), lambda tell: _proposed(recipe, sets, tell))
        if proposal:
            _review(state, proposal)
    _accepted(state, recipe)


def _proposed(recipe: Recipe, training: Members, tell: Tell) -> Proposal:
    fitted = fit(bare(recipe), training, tell)
    return Proposal(fitted, frozen(fitted, training, tell))


def _review(state: AppState, proposal: Proposal) -> None:
    st.subheader("The numbers, before they are accepted")
    rows = [_row(row) for row in proposal.rows]
    number = st.column_config.NumberColumn
    st.dataframe(
        {name: [row[name] for row in rows] for name in rows[0]},
        key="dataset.frozen",
        hide_index=True,
        column_config={
            **{name: st.column_config.Column(name.capitalize()) for name in rows[0]},
            **{name: number(name.capitalize(), format="%.6g") for name in MEASURED},
        },
    )
    st.caption(
        "Lowest, highest and mean are the numbers that each training scan has for itself, below the same lines. "
        "Far apart, they say that the scans differ in scale."
    )
    with st.container(horizontal=True):
        st.button(
            "Accept",
            key="dataset.accept",
            type="primary",
            icon=":material/check:",
            on_click=_accept,
            args=(state, proposal.recipe),
            help="Puts these numbers into the recipe.",
        )
        st.button("Discard", key="dataset.discard", on_click=_forget, help="The recipe stays as it is.")


def _accept(state: AppState, fitted: Recipe) -> None:
    sessions.accept(state, fitted)
    _forget()
    st.toast("Accepted. The numbers are in the recipe.", icon=":material/check:")


def _forget() -> None:
    forget("fit")
    st.session_state.pop("dataset.fit.asked", None)


def _accepted(state: AppState, recipe: Recipe) -> None:
    if recipe.waiting or not any(line.fitted for line in recipe.lines):
        return
    fitted = next(line.fitted for line in recipe.lines if line.fitted)
    st.success(
        f"The recipe holds numbers of {fitted.scans:d} scans ({count(fitted.voxels)} voxels). "
        "Apply it, or download it, on the Recipe page."
    )
    st.page_link(nav.page("recipe"), label="To the Recipe page", icon=":material/receipt_long:")


def _row(row: Frozen) -> dict[str, Any]:
    return {
        "line": row.line,
        "step": row.step,
        "number": row.name if row.value is not None else f"{row.name} ({' x '.join(map(str, row.shape))})",
        "value": row.value,
        "lowest scan": row.lowest,
        "highest scan": row.highest,
        "mean of scans": row.mean,
        "scans": row.scans,
        "voxels": row.voxels,
    }

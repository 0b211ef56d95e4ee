"""What was noticed about a scan, with its evidence, and one click to do something about it."""

import streamlit as st

from prep_core.inspection import Summary
from prep_core.recipe import Line
from prep_core.scan import Finding
from prep_ui import state as sessions
from prep_ui.state import AppState
from prep_ui.text import number, plain, sentence


def noticed(state: AppState, s: Summary) -> None:
    """Draw findings, warnings first, and behind them what the reader remarked."""
    ordered = sorted(s.findings, key=lambda finding: finding.level != "warning")
    if not ordered and not s.warnings:
        st.caption("Nothing odd was noticed about these pixels.")
    for i, finding in enumerate(ordered):
        _finding(state, finding, i)
    for words in s.warnings:
        with st.container(border=True, gap="xxsmall"):
            st.markdown("**Told by the reader**")
            st.markdown(plain(sentence(words)))


def _finding(state: AppState, finding: Finding, i: int) -> None:
    with st.container(border=True, gap="xxsmall", key=f"finding-{i}-{finding.level}"):
        title = finding.name.replace("_", " ")
        st.markdown(f"**{plain(title[:1].upper() + title[1:])}**")
        st.markdown(plain(finding.evidence))
        st.caption(plain(finding.advice))
        if finding.step:
            _offer(state, finding, i)


def _offer(state: AppState, finding: Finding, i: int) -> None:
    line = Line(finding.step, finding.params)
    there = any(card.line.step == line.step and card.line.params == line.params for card in state.cards)
    st.button(
        "In the recipe" if there else plain(f"Add {_in_words(finding)}"),
        key=f"inspect.finding.{i}",
        disabled=there,
        icon=":material/check:" if there else ":material/add:",
        help="Adds this line at the end of the recipe; Tune shows what it does.",
        on_click=sessions.add_line,
        args=(state, line),
    )


def _in_words(finding: Finding) -> str:
    values = (f"{name} {number(v) if isinstance(v, int | float) else v}" for name, v in finding.params.items())
    return " ".join((finding.step, ", ".join(values))).strip()

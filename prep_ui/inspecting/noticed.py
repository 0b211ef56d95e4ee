"""What was noticed about a scan, with its evidence, and one click to do something about it."""

from typing import Any

import streamlit as st

from prep_core.inspection import Summary
from prep_core.line import Line
from prep_core.scan import Finding
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain, sentence


def noticed(state: AppState, s: Summary) -> None:
    """Draw what the reader remarked, and the findings, warnings first."""
    if not s.findings and not s.warnings:
        st.caption("Nothing odd was noticed about these pixels.")
    if s.warnings:
        with st.container(border=True, gap="xxsmall"):
            st.markdown("**Told by the reader**")
            for words in s.warnings:
                st.markdown(plain(sentence(words)))
    for i, finding in enumerate(s.findings):
        _finding(state, finding, i)


def _finding(state: AppState, finding: Finding, i: int) -> None:
    with st.container(border=True, gap="xxsmall", key=f"finding-{i}-{finding.level}"):
        title = finding.name.replace("_", " ")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{plain(title[:1].upper() + title[1:])}**", width="content")
            if finding.level == "warning":
                st.badge("warning", color="orange")
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
        args=(state, line, f"{finding.evidence} {finding.advice}"),
    )


def _in_words(finding: Finding) -> str:
    values = ", ".join(f"{name} {_value(value)}" for name, value in finding.params.items())
    return f"{finding.step} ({values})" if values else finding.step


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " x ".join(map(_value, value))
    return number(value) if isinstance(value, int | float) else str(value)

"""The recipe on the screen: a card for each line."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from prep_core.measuring import Measured
from prep_core.run import Done
from prep_core.scan import Scan
from prep_core.steps import STEPS
from prep_ui import state as sessions
from prep_ui.compute import Shown
from prep_ui.concerns import concerns
from prep_ui.state import AppState, Card
from prep_ui.step_menu import step_menu
from prep_ui.text import count, number, plain


def pipeline(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw all cards and the menu."""
    done = iter(shown.done)
    odd = concerns(state, scan)
    position = 0
    for card in state.cards:
        position += card.on
        result = next(done, None) if card.on else None
        failed = card.on and shown.error is not None and shown.error.line == position
        remarks = odd.get(position, []) if card.on else []
        _card(state, card, position, result, str(shown.error) if failed else "", remarks)
    if not state.cards:
        st.caption("No line yet: the picture is as it was stored. Add the first step.")
    step_menu(state, scan, shown)


def _card(state: AppState, card: Card, position: int, done: Done | None, error: str, remarks: Sequence[str]) -> None:
    uid = card.uid
    with st.container(border=True, key=f"card-{uid}", gap="xxsmall"):
        with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
            number_or_dash = str(position) if card.on else "–"
            label = plain(f"{number_or_dash} {card.line.step}")
            st.button(
                label,
                key=f"tune.{uid}.select",
                type="primary" if uid == state.selected else "tertiary",
                width="stretch",
                help=plain(STEPS[card.line.step].help),
                on_click=lambda: setattr(state, "selected", uid),
            )
            _icon(
                f"tune.{uid}.up",
                ":material/arrow_upward:",
                "Move this line up.",
                lambda: sessions.move(state, uid, -1),
            )
            _icon(
                f"tune.{uid}.down",
                ":material/arrow_downward:",
                "Move this line down.",
                lambda: sessions.move(state, uid, 1),
            )
            _icon(
                f"tune.{uid}.on",
                ":material/visibility:" if card.on else ":material/visibility_off:",
                "Switch this line off." if card.on else "Switch this line on.",
                lambda: sessions.edit(state, uid, lambda c: replace(c, on=not c.on)),
            )
            _icon(
                f"tune.{uid}.remove",
                ":material/close:",
                "Remove this line.",
                lambda: sessions.edit(state, uid, lambda c: None),
            )
        if error:
            st.error(plain(error))
        elif done:
            st.caption(_result(done))
        for remark in remarks:
            st.caption(f":material/warning: {plain(remark)}")


def _icon(key: str, icon: str, help: str, act: Callable[[], None]) -> None:
    st.button("", icon=icon, key=key, type="tertiary", help=plain(help), on_click=act)


def _result(done: Done) -> str:
    """What was measured, and the unit that follows."""
    parts = [_numbers(done.measured)] if done.measured.voxels else []
    parts += [f"{_amount(n)} {name.replace('_', ' ')}" for name, n in done.tally.items() if n]
    return plain(" · ".join([*parts, "no unit" if done.scan.unit == "1" else f"in {done.scan.unit}"]))


def _amount(n: float) -> str:
    return count(n) if isinstance(n, int) else number(n)


def _numbers(measured: Measured) -> str:
    words = [f"{name} {' x '.join(map(str, array.data.shape[1:]))}" for name, array in measured.arrays.items()]
    for name, value in measured.numbers.items():
        values = value if isinstance(value, tuple) else (value,)
        words.append(f"{name} {', '.join(map(number, values[:3]))}{' …' if len(values) > 3 else ''}")
    return f"{'; '.join(words)} from {count(measured.voxels)} voxels"

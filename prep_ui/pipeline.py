"""The recipe on the screen: a card for each line, and the menu that adds one."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from prep_core.inspection import valid_values
from prep_core.line import Line
from prep_core.measuring import Measured
from prep_core.run import Done
from prep_core.scan import Scan
from prep_core.starting import starting_values
from prep_core.steps import STEPS, Step
from prep_ui import state as sessions
from prep_ui.compute import Shown
from prep_ui.state import AppState, Card
from prep_ui.text import count, number, plain

FAMILIES: Mapping[str, str] = {
    "values": "Values",
    "scale": "Scale",
    "contrast": "Contrast",
    "fields": "Bias and shading",
    "noise": "Noise",
    "masks": "Masks",
    "artifacts": "Artifacts",
    "grid": "Grid",
    "channels": "Channels",
}


def pipeline(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw all cards and the menu."""
    done = iter(shown.done)
    position = 0
    for card in state.cards:
        position += card.on
        result = next(done, None) if card.on else None
        failed = card.on and shown.error is not None and shown.error.line == position
        _card(state, card, position, result, str(shown.error) if failed else "")
    if not state.cards:
        st.caption("No line yet: the picture is as it was stored. Add the first step.")
    _add(state, scan, shown)


def _card(state: AppState, card: Card, position: int, done: Done | None, error: str) -> None:
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


def _add(state: AppState, scan: Scan, shown: Shown) -> None:
    # A new key after each step makes a new popover, which is closed.
    with st.popover("Add a step", icon=":material/add:", width="stretch", key=f"tune.add.{state.next_uid}"):
        for family, title in FAMILIES.items():
            with st.container(gap=None):
                st.markdown(f"**{plain(title)}**")
                for step in (s for s in STEPS.values() if s.family == family):
                    _offer(state, scan, shown, step)


def _offer(state: AppState, scan: Scan, shown: Shown, step: Step) -> None:
    st.button(
        f"**{plain(step.name)}**  {plain(step.help)}",
        key=f"tune.add.{step.name}",
        type="tertiary",
        width="stretch",
        on_click=_add_step,
        args=(state, scan, shown, step.name),
    )


def _add_step(state: AppState, scan: Scan, shown: Shown, step: str) -> None:
    """Add `step` with parameters that fit the values it will meet."""
    plane = shown.done[-1].scan if shown.done else shown.before
    start = starting_values(step, scan, valid_values(plane), plane.unit) if plane.valid.any() else {}
    sessions.add_line(state, Line(step, start))

"""The selected line: its parameters, its presets, and its reference population as a sentence."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from prep_core.inspection import percentiles, valid_values
from prep_core.line import RecipeError
from prep_core.param import Field
from prep_core.presets import presets_for
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState, Card
from prep_ui.text import count, plain
from prep_ui.tune.concerns import ask_for_smallest
from prep_ui.tune.widgets import field_widget
from prep_ui.work.compute import Shown

IN_A_ROW = 4
_LETTER, _AROUND = 7, 50  # pixels of a select box: for each letter, and for what is beside them

_OVER: Mapping[str, str] = {"image": "this scan alone", "dataset": "the training set"}
_POOL: Mapping[str, str] = {"voxels": "each voxel alike", "scans": "each scan alike"}
_PER: Mapping[str, str] = {
    "all": "all together",
    "channel": "each channel",
    "frame": "each frame",
    "plane": "each plane",
    "pixel": "each pixel",
}
_INSIDE: Mapping[str, str] = {
    "all": "all voxels",
    "positive": "positive voxels",
    "foreground": "the foreground (Otsu)",
    "mask": "the mask",
}
_WORDS: Mapping[str, Mapping[str, str]] = {"over": _OVER, "pool": _POOL, "per": _PER, "inside": _INSIDE}


def editor(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw the widgets of the selected line."""
    card = next((card for card in state.cards if card.uid == state.selected), None)
    if card is None:
        return
    if "editor.complaint" in st.session_state:
        st.error(plain(st.session_state.pop("editor.complaint")))
    meets = _meets(state, card, shown)
    presets = presets_for(card.line.step, scan, meets.unit)
    drawers: list[Callable[[], None]] = [partial(_preset_chooser, state, card, presets)] if presets else []
    seen = _seen(meets)
    drawers += [
        partial(_field, state, card, field, seen, meets.unit)
        for field in card.line.spec.fields.values()
        if _matters(card, field)
    ]
    if card.line.step == "gaussian":
        drawers.append(partial(ask_for_smallest, state))
    for start in range(0, len(drawers), IN_A_ROW):
        for column, draw in zip(st.columns(IN_A_ROW), drawers[start : start + IN_A_ROW], strict=False):
            with column:
                draw()
    if card.line.spec.population:
        _population(state, card, shown)


def _matters(card: Card, field: Field) -> bool:
    """Whether the value of `field` changes anything, with the other values as they are."""
    return field.p.when is None or card.line.params[field.p.when[0]] == field.p.when[1]


def _field(state: AppState, card: Card, field: Field, seen: tuple[float, float] | None, unit: str) -> None:
    key = f"tune.{card.uid}.{field.name}"
    field_widget(field, card.line.params[field.name], key, _change(state, card, field.name), seen, unit)


def _change(state: AppState, card: Card, name: str) -> Callable[[Any], None]:
    return lambda value: set_values(state, card.uid, {name: value})


def set_values(state: AppState, uid: int, values: dict[str, Any]) -> None:
    """Change parameters, or keep them as they were and say why."""
    try:
        sessions.set_params(state, uid, **values)
    except RecipeError as error:
        st.session_state["editor.complaint"] = f"{error}; the line stays as it was"


def _meets(state: AppState, card: Card, shown: Shown) -> Scan:
    """The plane that the line works on."""
    above = sum(other.on for other in state.cards[: state.cards.index(card)])
    planes = [shown.before, *(done.scan for done in shown.done)]
    return planes[min(above, len(planes) - 1)]


def _seen(plane: Scan) -> tuple[float, float] | None:
    if not plane.valid.any():
        return None
    low, high = percentiles(valid_values(plane), (0.0, 100.0))
    return (low, high) if low < high else None


def _preset_chooser(state: AppState, card: Card, presets: tuple[Any, ...]) -> None:
    named = {preset.label: preset.params for preset in presets}
    chosen = [name for name, params in named.items() if all(card.line.params[k] == v for k, v in params.items())]
    now = chosen[0] if chosen else None

    def take(name: str | None) -> None:
        if name is not None:
            set_values(state, card.uid, dict(named[name]))

    st.selectbox(
        "Preset",
        list(named),
        None if now is None else list(named).index(now),
        placeholder="Own numbers",
        help="Numbers that programs and papers use, with their source; the recipe keeps the numbers.",
        **bound(f"tune.{card.uid}.preset", now, take),
    )


def _population(state: AppState, card: Card, shown: Shown) -> None:
    """Measured over ..., pool ..., per ..., inside ...: the reference population reads as prose."""
    position = sum(other.on for other in state.cards[: state.cards.index(card) + 1])
    done = shown.done[position - 1] if card.on and len(shown.done) >= position else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("measured", width="content")
        for word, choices in card.line.spec.population.items():
            if word == "pool" and card.line.over != "dataset":
                continue
            st.markdown(f"**{plain(word)}**", width="content")
            _word(state, card, word, {choice: _WORDS[word][choice] for choice in choices})
        if done and done.measured.voxels:
            st.markdown(plain(f"({count(done.measured.voxels)} voxels, no padding)"), width="content")
    if card.line.needs_fit:
        st.caption(
            "Waits for its training set: fit the recipe on the Dataset page, or on the command line. "
            "Until then this page measures this scan as if it were the whole set."
        )


def _word(state: AppState, card: Card, word: str, choices: Mapping[str, str]) -> None:
    now = getattr(card.line, word)

    def take(choice: str) -> None:
        sessions.set_population(state, card.uid, **{word: choice})

    st.selectbox(
        word,
        list(choices),
        list(choices).index(now),
        choices.__getitem__,
        label_visibility="collapsed",
        width=_AROUND + _LETTER * max(map(len, choices.values())),
        **bound(f"tune.{card.uid}.{word}", now, take),
    )

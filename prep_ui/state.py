"""What one session is working on: one typed object instead of scattered keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from prep_core.io import Question, distinct
from prep_core.line import Line
from prep_core.measuring import Measured
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from prep_ui import link
from prep_ui.dataset.kept import Dataset
from prep_ui.history import History, recorded, redone, undone
from prep_ui.store import sample, scan_store

_KEY = "_prep_state"


@dataclass(frozen=True)
class Card:
    """A line on the screen: it has an identity of its own, and can be switched off."""

    uid: int
    line: Line
    on: bool = True


@dataclass(frozen=True)
class Version:
    """The recipe at one moment, with its cards: what undo brings back."""

    cards: tuple[Card, ...]
    selected: int | None
    name: str
    modality: str
    origin: Recipe


@dataclass(frozen=True)
class Opened:
    """A scan that the user opened: a name to choose it by, what it is in a few words, and where its pixels are."""

    name: str
    key: str = ""
    sample: str = ""
    words: str = ""


@dataclass(frozen=True)
class Pending:
    """A part of an upload that waits for an answer: its files, the question, and what was answered before."""

    files: Mapping[str, bytes]
    question: Question
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class AppState:
    """Everything of one session.

    `queue` holds what was uploaded and not read yet, `pending` what waits for an answer; `fresh` counts the scans
    of the last upload, which stand in front.  `known` holds numbers measured before, by scan and lines.  `smallest`
    is the size in mm of the smallest thing that must stay visible, where somebody said it.  `dataset` is the set of
    scans of the Dataset page.  `origin` is the recipe that was opened or fitted last: its lock holds while the lines
    are those.  `history` holds what undo and redo bring back.
    """

    opened: tuple[Opened, ...] = ()
    chosen: int = 0
    cards: tuple[Card, ...] = ()
    selected: int | None = None
    name: str = "recipe"
    modality: str = ""
    origin: Recipe = field(default_factory=Recipe)
    at: dict[str, int] = field(default_factory=dict)
    uploads: int = 0
    queue: tuple[Mapping[str, bytes], ...] = ()
    pending: tuple[Pending, ...] = ()
    fresh: int = 0
    complaints: tuple[str, ...] = ()
    known: dict[str, dict[str, Measured]] = field(default_factory=dict)
    next_uid: int = 1
    smallest: float | None = None
    dataset: Dataset = field(default_factory=Dataset)
    history: History[Version] = field(default_factory=History)


def get() -> AppState:
    """The state of the running session; the first time, what the address asks for, or the first sample."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _first()
    state: AppState = st.session_state[_KEY]
    return state


def current(state: AppState) -> Scan | None:
    """The chosen scan; None if its memory had to make room for others."""
    return scan_of(state.opened[state.chosen])


def scan_of(opened: Opened) -> Scan | None:
    """The scan of one that was opened; None if its memory had to make room for others."""
    return sample(opened.sample) if opened.sample else scan_store().get(opened.key)


def identity(state: AppState) -> str:
    """A key for what is computed from the chosen scan."""
    chosen = state.opened[state.chosen]
    return chosen.sample or chosen.key


def choose(state: AppState, index: int) -> None:
    """Take another scan; the place in it starts anew."""
    state.chosen, state.at, state.known = index, {}, {}


def open_scans(state: AppState, scans: list[Scan]) -> None:
    """Put uploaded scans in front of the list, behind those of the same upload, and choose the first of them."""
    names = {opened.name.lower() for opened in state.opened[: state.fresh]}
    opened = []
    for scan in scans:
        name = distinct(scan.name, names)
        names.add(name.lower())
        opened.append(Opened(name, key=scan_store().put(scan), words=_in_words(scan)))
    before, after = state.opened[: state.fresh], state.opened[state.fresh :]
    state.opened = (*before, *opened, *after)
    state.fresh += len(opened)
    choose(state, 0)


def _in_words(scan: Scan) -> str:
    return f"{scan.modality} {scan.axes} {' x '.join(map(str, scan.data.shape))} {scan.data.dtype}"


def replace_scan(state: AppState, scan: Scan) -> None:
    """Put a corrected scan in the place of the chosen one."""
    old = state.opened[state.chosen]
    scan_store().drop(old.key)
    fresh = replace(old, key=scan_store().put(scan), words=_in_words(scan))
    state.opened = (*state.opened[: state.chosen], fresh, *state.opened[state.chosen + 1 :])
    choose(state, state.chosen)


def recipe(state: AppState) -> Recipe:
    """The lines that are switched on, as a recipe."""
    named = replace(state.origin, name=state.name, modality=state.modality)
    return named.edited(card.line for card in state.cards if card.on)


def set_recipe(state: AppState, new: Recipe) -> None:
    """Replace all lines."""
    cards = tuple(Card(state.next_uid + i, line) for i, line in enumerate(new.lines))
    state.next_uid += len(new.lines)
    _become(state, Version(cards, cards[0].uid if cards else None, name=new.name, modality=new.modality, origin=new))


def accept(state: AppState, fitted: Recipe) -> None:
    """Put the lines of `fitted`, which was made of the recipe on the screen, in the place of those switched on."""
    lines = iter(fitted.lines)
    cards = tuple(replace(card, line=next(lines)) if card.on else card for card in state.cards)
    _become(state, Version(cards, state.selected, name=fitted.name, modality=fitted.modality, origin=fitted))


def rename(state: AppState, name: str, modality: str) -> None:
    """Call the recipe by another name, or say what it is for."""
    _become(state, replace(_version(state), name=name, modality=modality))


def add_line(state: AppState, line: Line) -> None:
    """Put `line` at the end and select it."""
    uid = state.next_uid
    state.next_uid += 1
    _become(state, replace(_version(state), cards=(*state.cards, Card(uid, line)), selected=uid))


def edit(state: AppState, uid: int, change: Callable[[Card], Card | None]) -> None:
    """Replace one card by what `change` makes of it; None removes it.  Numbers fitted below it are dropped.

    Numbers stay that are true with the lines that are switched on, or with all of them: a look without a line must not
    cost a fit.
    """
    _put(state, tuple(card for old in state.cards if (card := change(old) if old.uid == uid else old)))


def _put(state: AppState, cards: tuple[Card, ...], selected: int | None = None) -> None:
    """Take `cards`, without the numbers that are not true below them any more; the selection stays by default."""
    every = Recipe().edited(card.line for card in cards).lines
    on = iter(Recipe().edited(card.line for card in cards if card.on).lines)
    seen = (next(on) if card.on else line for card, line in zip(cards, every, strict=True))
    chosen = (line if line.fitted else other for line, other in zip(seen, every, strict=True))
    fresh = tuple(replace(card, line=line) for card, line in zip(cards, chosen, strict=True))
    wanted = state.selected if selected is None else selected
    last = cards[-1].uid if cards else None
    there = wanted in {card.uid for card in cards}
    _become(state, replace(_version(state), cards=fresh, selected=wanted if there else last))


def set_params(state: AppState, uid: int, **values: Any) -> None:
    """Change parameters of one line; its own fitted numbers are dropped.

    Raises
    ------
    RecipeError
        For values that do not go together; nothing is changed then.
    """

    def change(card: Card) -> Card:
        params = {**card.line.params, **values}
        if params == dict(card.line.params):
            return card
        return replace(card, line=replace(card.line, params=params, fitted=None))

    edit(state, uid, change)


def set_population(state: AppState, uid: int, **words: Any) -> None:
    """Change over, pool, per or inside of one line; its own fitted numbers are dropped."""
    if words.get("over") == "image":
        words["pool"] = ""  # one scan alone is not weighed against others
    edit(state, uid, lambda card: replace(card, line=replace(card.line, fitted=None, **words)))


def move(state: AppState, uid: int, by: int) -> None:
    """Move one card up (-1) or down (+1), as far as there is room."""
    cards = list(state.cards)
    i = next(i for i, card in enumerate(cards) if card.uid == uid)
    j = min(max(i + by, 0), len(cards) - 1)
    cards.insert(j, cards.pop(i))
    _put(state, tuple(cards))


def duplicate(state: AppState, uid: int) -> None:
    """Put a copy of one card below it and select it; it waits for its training set, if the card was fitted."""
    i = next(i for i, card in enumerate(state.cards) if card.uid == uid)
    copy = replace(state.cards[i], uid=state.next_uid)
    state.next_uid += 1
    _put(state, (*state.cards[: i + 1], copy, *state.cards[i + 1 :]), copy.uid)


def undo(state: AppState) -> None:
    """Take the last change of the recipe back."""
    state.history, version = undone(state.history, _version(state))
    _show(state, version)


def redo(state: AppState) -> None:
    """Make the change again that was taken back last."""
    state.history, version = redone(state.history, _version(state))
    _show(state, version)


def _version(state: AppState) -> Version:
    return Version(state.cards, state.selected, state.name, state.modality, state.origin)


def _become(state: AppState, new: Version) -> None:
    """Show `new`, and remember what was before, if more than the selection changes."""
    before = _version(state)
    if replace(new, selected=before.selected) != before:
        state.history = recorded(state.history, before)
    _show(state, new)


def _show(state: AppState, version: Version) -> None:
    state.cards, state.selected = version.cards, version.selected
    state.name, state.modality, state.origin = version.name, version.modality, version.origin


def _first() -> AppState:
    asked = link.read(st.query_params)
    name = asked.sample if asked.sample in SAMPLES else next(iter(SAMPLES))
    names = list(SAMPLES)
    opened = tuple(Opened(SAMPLES[n].title, sample=n) for n in names)
    state = AppState(opened, names.index(name), at=dict(asked.at))
    if asked.recipe:
        set_recipe(state, asked.recipe)
        state.history = History()  # there was nothing before the first picture
    if 0 < asked.line <= len(state.cards):
        state.selected = state.cards[asked.line - 1].uid
    return state


def remember(state: AppState) -> None:
    """Write what a reload needs into the address."""
    chosen = state.opened[state.chosen]
    on = [card.uid for card in state.cards if card.on]
    line = on.index(state.selected) + 1 if state.selected in on else 0
    wanted = link.write(chosen.sample, recipe(state), state.at, line)
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)

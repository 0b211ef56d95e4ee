"""Changes of the recipe on the screen; each can be taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui.session.app_state import AppState, Card, Version
from prep_ui.session.history import recorded, redone, undone


def recipe(state: AppState) -> Recipe:
    """The lines that are switched on, as a recipe."""
    named = replace(state.origin, name=state.name, modality=state.modality)
    return named.edited(card.line for card in state.cards if card.on)


def reasons(state: AppState) -> tuple[str, ...]:
    """Why each line of `recipe` is there; "" where nobody said."""
    return tuple(card.reason for card in state.cards if card.on)


def set_recipe(state: AppState, new: Recipe, reasons: Sequence[str] = ()) -> None:
    """Replace all lines; `reasons` says why each is there, where somebody said it."""
    told = tuple(reasons) or ("",) * len(new.lines)
    lines = enumerate(zip(new.lines, told, strict=True))
    cards = tuple(Card(state.next_uid + i, line, reason=reason) for i, (line, reason) in lines)
    state.next_uid += len(new.lines)
    _become(state, Version(cards, cards[0].uid if cards else None, name=new.name, modality=new.modality, origin=new))


def put_aside(state: AppState, off: Mapping[int, Line]) -> None:
    """Add lines that are switched off, each at its place among all."""
    cards = list(state.cards)
    for uid, (place, line) in enumerate(sorted(off.items()), start=state.next_uid):
        cards.insert(min(place, len(cards)), Card(uid, line, on=False))
    state.next_uid += len(off)
    _put(state, tuple(cards))


def accept(state: AppState, fitted: Recipe) -> None:
    """Put the lines of `fitted`, which was made of the recipe on the screen, in the place of those switched on."""
    lines = iter(fitted.lines)
    cards = tuple(replace(card, line=next(lines)) if card.on else card for card in state.cards)
    _become(state, Version(cards, state.selected, name=fitted.name, modality=fitted.modality, origin=fitted))


def rename(state: AppState, name: str, modality: str) -> None:
    """Call the recipe by another name, or say what it is for."""
    _become(state, replace(_version(state), name=name, modality=modality))


def add_line(state: AppState, line: Line, reason: str = "") -> None:
    """Put `line`, which is there for `reason`, at the end and select it."""
    uid = state.next_uid
    state.next_uid += 1
    _become(state, replace(_version(state), cards=(*state.cards, Card(uid, line, reason=reason)), selected=uid))


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
        return replace(card, line=replace(card.line, params=params, fitted=None), reason="")

    edit(state, uid, change)


def set_population(state: AppState, uid: int, **words: Any) -> None:
    """Change over, pool, per or inside of one line; its own fitted numbers are dropped."""
    if words.get("over") == "image":
        words["pool"] = ""  # one scan alone is not weighed against others
    edit(state, uid, lambda card: replace(card, line=replace(card.line, fitted=None, **words), reason=""))


def place(state: AppState, uid: int, index: int) -> None:
    """Put one card at another place, counted from 0; beyond the ends is at the end."""
    cards = [card for card in state.cards if card.uid != uid]
    card = next(card for card in state.cards if card.uid == uid)
    cards.insert(min(max(index, 0), len(cards)), card)
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

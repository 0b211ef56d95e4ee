"""Two recipes on one scan, and one recipe on two scans."""

from functools import partial

import streamlit as st

from prep_core.diffing import RecipeDiff, diff, shown, unified, where
from prep_core.preview import same_place
from prep_core.quality.disturbed import frozen_on
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from prep_ui import places
from prep_ui.compare import pair
from prep_ui.compare.choice import first_recipe
from prep_ui.compare.pair import Known, Side
from prep_ui.compare.tables import NONE, grid
from prep_ui.planes import slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState, Opened
from prep_ui.work import compute

Place = dict[str, int]


def two_recipes(state: AppState, scan: Scan) -> None:
    """Recipe A, which is chosen, and B, the one at hand, on the same plane; and how the recipes differ."""
    chosen, options = first_recipe(state, scan)
    first, second = chosen.recipe, sessions.recipe(state)
    if not (first.lines or second.lines):
        st.info("Neither recipe has a line yet. Add one on the Tune page, or choose a preset as recipe A.")
        return
    identity, at = sessions.identity(state), compute.place(state, scan)
    sides = [_side(letter, identity, scan, recipe, at, state.known) for letter, recipe in (("A", first), ("B", second))]
    stack = slice_view.in_stack(state, scan, pair.VIEWER)
    pair.draw(sides[0], sides[1], _has_planes(scan), stack, options)
    _recipes(first, second)


def two_scans(state: AppState, scan: Scan) -> None:
    """The recipe at hand on the chosen scan (A) and on another (B)."""
    others = [i for i in range(len(state.opened)) if i != state.chosen]
    if st.session_state.get("compare.other") not in others:
        alike = [i for i in others if _modality(state.opened[i]) == scan.modality]
        st.session_state["compare.other"] = (alike or others)[0]
    chooser, options = st.columns([6.8, 1.2], vertical_alignment="bottom")
    chosen = chooser.selectbox(
        "Scan B",
        others,
        key="compare.other",
        format_func=lambda i: places.called(state.opened[i]),
        persist_state="session",
        help="The same recipe runs on this scan too. Lines measured over the image are measured on each alone.",
    )
    opened = state.opened[chosen]
    other = sessions.scan_of(opened)
    if other is None:
        st.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    recipe, at = sessions.recipe(state), compute.place(state, scan)
    name = opened.sample or opened.key
    first = _side("A", sessions.identity(state), scan, recipe, at, state.known)
    second = _side("B", name, other, recipe, _same_place(at, scan, other), pair.known(name))
    if waiting := ", ".join(f"{i:d}" for i in recipe.waiting):
        st.caption(f"Line {waiting} waits for its training set and is measured on each of the two scans alone.")
    stack = slice_view.in_stack(state, scan, pair.VIEWER)
    pair.draw(first, second, _has_planes(scan) or _has_planes(other), stack, options)


def _modality(opened: Opened) -> str:
    """As the list of scans knows it, without opening a built-in one."""
    return SAMPLES[opened.sample].modality if opened.sample else opened.words.partition(" ")[0]


def _side(letter: str, identity: str, scan: Scan, recipe: Recipe, at: Place, known: Known) -> Side:
    result = compute.plane_of(identity, scan, recipe.lines, at, known, letter)
    place = ",".join(f"{axis}{i}" for axis, i in at.items())
    return Side(letter, f"{identity} {recipe.digest}", place, result, partial(_whole, recipe, scan))


def _whole(recipe: Recipe, scan: Scan) -> Scan:
    return frozen_on(recipe, scan)[1]


def _has_planes(scan: Scan) -> bool:
    return any(scan.size(axis) > 1 for axis in "TCZ")


def _same_place(at: Place, scan: Scan, other: Scan) -> Place:
    """The plane of `other` that lies as far along each axis; the middle or the first of an axis that `scan` has not."""
    found = {}
    for axis in (axis for axis in "TCZ" if axis in other.axes):
        size = other.size(axis)
        middle = size // 2 if axis == "Z" else 0
        found[axis] = same_place(at[axis], scan.size(axis), size) if axis in at else middle
    return found


def _recipes(first: Recipe, second: Recipe) -> None:
    st.subheader("How the recipes differ")
    found = diff(first, second)
    if found.same_lines:
        st.caption("The lines are the same: both give the same bytes.")
    else:
        grid(("where", "step", "what", "A", "B"), _rows(found), (0, 1, 2))
    with st.expander("As a unified diff of the YAML"):
        st.code(unified(first, second, ("A", "B")) or "Both texts are equal.", language="diff")
    st.caption("The same on the command line:")
    st.code("python -m prep_core diff A.yaml B.yaml", language="bash")


def _rows(found: RecipeDiff) -> list[tuple[str, ...]]:
    """A row for each value that changed; of a line that only moved, one row."""
    rows = []
    for line in found.lines:
        place = where(line)
        values = [(v.name, *(NONE if x is None else shown(x) for x in (v.old, v.new))) for v in line.values]
        rows += [(place, line.step, *value) for value in values or [(NONE, NONE, NONE)]]
    return rows

"""What it would do to the numbers to measure validation and test scans too."""

from collections.abc import Sequence

import streamlit as st

from prep_core.line import digest
from prep_core.quality.leakage import Leak, NumberChange, OutputChange, leaks
from prep_ui.compare.tables import NONE, fixed, grid
from prep_ui.dataset import running
from prep_ui.dataset.members import TEST, TRAINING, VALIDATION, Member, Members, Open, fingerprint, with_role
from prep_ui.dataset.recipe_lines import bare, offer_dataset
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain
from prep_ui.tune.widgets import NAMELESS

MOST_NUMBERS = 12
"""Numbers of one line that the table shows; those that change most."""


def section(state: AppState, members: Sequence[Member], source: Open) -> None:
    """Fit on the training scans, and on all of them; draw what changes."""
    recipe = sessions.recipe(state)
    training, others = with_role(members, TRAINING), with_role(members, VALIDATION, TEST)
    if not any(line.over == "dataset" for line in recipe.lines):
        offer_dataset(state, "No line is measured over the dataset, so no validation scan can leak into a number.")
        return
    if not training or not others:
        st.info("This needs training scans, and at least one for validation or test. Give roles in the table of scans.")
        return
    key = f"leak:{digest(bare(recipe).lines)}:{fingerprint((*training, *others))}"
    sets = Members(training, source), Members(others, source)
    found: tuple[Leak, ...] | None = running.wanted(
        "leak", key, len(training) + len(others), lambda tell: leaks(bare(recipe), *sets, tell)
    )
    if found is None:
        return
    st.markdown(
        f"Fitted on {len(training)} training scans, and once more with {len(others)} for validation or test among them."
    )
    for leak in found:
        _draw(leak)
    st.caption(
        "A model that is validated on scans which moved its own numbers is judged too kindly. The fit of this page "
        "measures training scans only."
    )


def _draw(leak: Leak) -> None:
    st.subheader(plain(f"Line {leak.number}: {leak.step}"))
    st.markdown(plain(in_words(leak)))
    changed = sorted(leak.numbers, key=lambda change: -abs(change.relative or 0))[:MOST_NUMBERS]
    rows = [(c.name, fixed(c.clean), fixed(c.leaked), _percent(c)) for c in changed]
    rows += [(a.name, " x ".join(map(str, a.shape)), f"up to {number(a.largest)}", NONE) for a in leak.arrays]
    grid(("number", "training only", "with validation and test", "change"), rows)


def in_words(leak: Leak) -> str:
    """The number that changes most, and what becomes of the values."""
    numbers = max(leak.numbers, key=lambda change: abs(change.relative or 0), default=None)
    if numbers is None:
        moved = max((a.share or 0.0 for a in leak.arrays), default=0.0)
        return f"What was measured for each place moves by up to {moved:.1%} of its range."
    first = f"The {numbers.name} moves from {number(numbers.clean)} to {number(numbers.leaked)} ({_percent(numbers)})"
    return f"{first}: {_moved(leak.output)}." if leak.output else f"{first}."


def _moved(output: OutputChange) -> str:
    unit = "" if output.unit in NAMELESS else f" {output.unit}"
    at = f"a value of {number(output.value)} (the {output.percentile} of what the line meets)"
    at = "every value" if output.steady else at
    if output.amount == 0:
        return f"{at} comes out where it was"
    return f"{at} comes out {number(abs(output.amount))}{unit} {'higher' if output.amount > 0 else 'lower'}"


def _percent(change: NumberChange) -> str:
    return NONE if change.relative is None else f"{change.relative:+.1%}".replace("-", "−").replace("%", " %")

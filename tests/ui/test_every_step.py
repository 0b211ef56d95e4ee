"""Every step on the Tune page, as the menu adds it: a result, or a sentence that says what is missing."""

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from prep_core.samples import SAMPLES
from prep_core.steps import STEPS
from tests.ui.dashboard import go, open_menu, state, words

SUITS: Mapping[str, str] = {
    "n4": "mr_simulated",
    "lowpass_field": "mr_simulated",
    "polynomial_field": "mr_simulated",
    "white_stripe": "mr_brain_bias",
    "select_channels": "satellite_sentinel2",
    "band_index": "satellite_sentinel2",
    "to_grey": "us_echo",
    "background_scale": "phase_cell",
    "flat_field": "phase_cell",
}
"""Samples for steps that have no answer for a chest CT."""

SAYS: Mapping[str, str] = {
    "log": "needs values",
    "sqrt": "needs values",
    "gamma": "needs values",
    "anscombe": "needs values",
    "standardize_map": "fit it on more scans",
    "flat_field": "has no light",
    "apply_mask": "no line above it makes one",
}
"""Steps that the sample has no answer for as it is, and what the page then says."""


@pytest.mark.parametrize("step", STEPS)
def test_the_menu_adds_the_step_and_the_page_answers(app: AppTest, step: str) -> None:
    go(app, "tune")
    open_menu(app)
    app.selectbox(key="tune.scan").set_value(list(SAMPLES).index(SUITS.get(step, "ct_chest"))).run()
    app.button(key=f"tune.add.{step}").click().run()
    assert not app.exception
    assert [card.line.step for card in state(app).cards] == [step]
    said = [words(error) for error in app.error]
    assert len(said) == int(step in SAYS), said
    assert all(SAYS[step] in text for text in said)

"""The recipe with reasons on the Recipe page."""

from streamlit.testing.v1 import AppTest

from prep_core.explained import explained
from prep_core.recipe import Recipe
from prep_core.samples import load_sample
from prep_core.suggesting import suggest
from prep_ui.session import state as sessions
from tests.ui.dashboard import add_step, go, state

TOGGLE = "recipe.reasons"


def shown(app: AppTest) -> str:
    return app.code[0].value.rstrip("\n") + "\n"


def test_reasons_are_shown_and_read_back_to_the_same_recipe(app: AppTest) -> None:
    go(app, "tune")
    add_step(app, "clip")
    go(app, "recipe")
    recipe = sessions.recipe(state(app))
    unit = sessions.current(state(app)).unit
    assert shown(app) == explained(recipe, unit)
    assert Recipe.from_yaml(shown(app)) == recipe
    app.toggle(key=TOGGLE).set_value(False).run()
    assert not app.exception
    assert shown(app) == recipe.to_yaml()
    go(app, "tune")
    go(app, "recipe")
    assert not app.toggle(key=TOGGLE).value


def test_why_a_line_was_suggested_stays_until_its_values_change(app: AppTest) -> None:
    suggestion = suggest(load_sample("oct_simulated"))
    sessions.set_recipe(state(app), suggestion.recipe, suggestion.reasons)
    unit = sessions.current(state(app)).unit
    assert shown(go(app, "recipe")) == explained(suggestion.recipe, unit, suggestion.reasons)
    magnitude, decibel, clip, last = state(app).cards
    sessions.set_params(state(app), clip.uid, low=-50.0)
    sessions.set_population(state(app), decibel.uid, over="image")
    assert sessions.reasons(state(app)) == (magnitude.reason, "", "", last.reason)
    sessions.undo(state(app))
    sessions.undo(state(app))
    assert sessions.reasons(state(app)) == suggestion.reasons


def test_a_finding_gives_its_line_a_reason(app: AppTest) -> None:
    app.button(key="inspect.finding.1").click().run()
    assert not app.exception
    (reason,) = sessions.reasons(state(app))
    assert reason.startswith("52 of 2,270,092 voxels (0.0023 %) have exactly the largest value 3071 HU")
    assert f"Why: {reason[:30]}" in shown(go(app, "recipe"))

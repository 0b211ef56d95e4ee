"""The first screen: what it is for, and the scan processed by one click."""

from streamlit.testing.v1 import AppTest

from prep_core.recipe import Recipe
from prep_core.suggesting import suggest
from prep_ui import state as sessions
from tests.ui.dashboard import go, opened, state, words

KEY = "inspect.example"


def welcomed(app: AppTest) -> bool:
    said = any("Prepare images for a network" in words(element) for element in app.markdown)
    assert said == any(button.key == KEY for button in app.button)
    return said


def test_one_click_shows_the_first_scan_processed() -> None:
    app = opened()
    assert welcomed(app)
    scan = sessions.current(state(app))
    assert scan is not None
    app.button(key=KEY).click().run()
    assert not app.exception
    suggested = suggest(scan).recipe
    assert sessions.recipe(state(app)) == suggested != Recipe()
    assert any(card.key and card.key.startswith("tune.") for card in app.button)
    assert not welcomed(go(app, "inspect"))


def test_who_came_with_a_recipe_is_not_greeted(app: AppTest) -> None:
    go(app, "tune")
    app.button(key="tune.add.clip").click().run()
    assert not welcomed(go(app, "inspect"))

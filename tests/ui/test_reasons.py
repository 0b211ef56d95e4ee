"""The recipe with reasons on the Recipe page."""

from streamlit.testing.v1 import AppTest

from prep_core.explained import explained
from prep_core.recipe import Recipe
from prep_ui import state as sessions
from tests.ui.dashboard import go, state


def test_reasons_are_shown_and_read_back_to_the_same_recipe(app: AppTest) -> None:
    go(app, "tune")
    app.button(key="tune.add.clip").click().run()
    go(app, "recipe")
    recipe = sessions.recipe(state(app))
    assert app.code[0].value.rstrip("\n") == recipe.to_yaml().rstrip("\n")
    app.toggle(key="recipe.reasons").set_value(True).run()
    assert not app.exception
    unit = sessions.current(state(app)).unit
    assert app.code[0].value.rstrip("\n") == explained(recipe, unit).rstrip("\n")
    assert Recipe.from_yaml(app.code[0].value) == recipe
    assert app.get_by_key("recipe.download") is not None
    go(app, "tune")
    go(app, "recipe")
    assert app.toggle(key="recipe.reasons").value

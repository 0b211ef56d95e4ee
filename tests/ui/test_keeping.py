"""From Tune to Compare in one click, without a browser."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_ui.session import state as sessions
from tests.ui.dashboard import go, state
from tests.ui.test_compare import tables

CLIP = Line("clip", {"low": -200.0, "high": 400.0})


def test_a_recipe_kept_on_tune_is_a_on_compare(app: AppTest) -> None:
    go(app, "tune")
    assert app.button(key="tune.keep").disabled
    assert app.button(key="tune.compare").disabled
    sessions.add_line(state(app), CLIP)
    app.run()
    app.button(key="tune.keep").click().run()
    assert app.button(key="tune.keep").label == "Kept as A"
    assert app.button(key="tune.keep").disabled
    sessions.edit(
        state(app), state(app).cards[0].uid, lambda card: replace(card, line=replace(CLIP, params={"low": 0.0}))
    )
    app.run()
    assert not app.button(key="tune.keep").disabled
    app.button(key="tune.compare").click().run()
    assert not app.exception
    assert app.radio(key="compare.section").value == "recipes"
    assert app.selectbox(key="compare.first").value.startswith("kept")
    assert "| mean difference |" in tables(app)

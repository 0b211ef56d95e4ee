"""The report on the Recipe page."""

import numpy as np
from streamlit.testing.v1 import AppTest

from prep_core.exploration import explore, page
from prep_ui.recipe.reporting import REPORT
from prep_ui.session import state as sessions
from prep_ui.work import compute
from tests.ui.dashboard import add_step, go, npy, state, upload, words, work

OFFER = "recipe.report.download"


def offered(app: AppTest) -> bool:
    return any(button.key == OFFER for button in app.get("download_button"))


def test_the_report_is_made_when_asked_for_and_goes_when_the_recipe_changes(app: AppTest) -> None:
    upload(app, "small.npy", npy(np.arange(600.0).reshape(20, 30)))
    go(app, "tune")
    add_step(app, "zscore")
    go(app, "recipe")
    assert not offered(app)
    app.button(key="recipe.report").click().run()
    assert not app.exception
    assert offered(app)
    scan = sessions.current(state(app))
    assert scan is not None
    made = work(app).jobs[REPORT].result()
    assert made == page(explore(sessions.recipe(state(app)), scan, compute.place(state(app), scan)))
    app.text_input(key="recipe.name").set_value("another").run()
    assert not offered(app)


def test_a_line_without_an_answer_is_said(app: AppTest) -> None:
    upload(app, "flat.npy", npy(np.zeros((20, 30))))
    go(app, "tune")
    add_step(app, "zscore")
    go(app, "recipe")
    app.button(key="recipe.report").click().run()
    assert not app.exception
    assert any("line 1: zscore" in words(error) for error in app.error)
    assert not offered(app)

"""The suggested recipe on the Tune page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core import suggest
from prep_core.line import Line
from prep_core.samples import SAMPLES, load_sample
from prep_ui import state as sessions
from tests.ui.dashboard import go, npy, state, upload, words


def opened_popover(app: AppTest) -> AppTest:
    app.session_state[f"tune.suggest.{state(app).next_uid}"] = True
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(words(element) for element in app.markdown)


@pytest.mark.parametrize("name", ["oct_simulated", "satellite_sentinel2"])
def test_every_line_is_shown_with_its_reason_and_all_are_taken_at_once(app: AppTest, name: str) -> None:
    go(app, "tune").selectbox(key="tune.scan").set_value(list(SAMPLES).index(name)).run()
    assert "tune.suggest.take" not in [button.key for button in app.button]
    wanted = suggest(load_sample(name))
    text = said(opened_popover(app))
    assert wanted.taken_as in text
    for each in wanted.lines:
        assert each.reason in text
    app.button(key="tune.suggest.take").click().run()
    assert not app.exception
    assert not app.error
    assert sessions.recipe(state(app)) == wanted.recipe
    assert "tune.suggest.take" not in [button.key for button in app.button]


def test_what_was_there_before_comes_back(app: AppTest) -> None:
    go(app, "tune")
    sessions.add_line(state(app), Line("gamma"))
    opened_popover(app).button(key="tune.suggest.take").click().run()
    assert [card.line.step for card in state(app).cards] == ["window"]
    app.button(key="tune.undo").click().run()
    assert [card.line.step for card in state(app).cards] == ["gamma"]


def test_a_scan_without_contrast_gets_words_and_no_button(app: AppTest) -> None:
    upload(app, "flat.npy", npy(np.full((32, 32), 7, np.float32)))
    text = said(opened_popover(go(app, "tune")))
    assert "no step of intensity helps" in text
    assert "tune.suggest.take" not in [button.key for button in app.button]

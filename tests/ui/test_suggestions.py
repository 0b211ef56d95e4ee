"""The suggested recipe on the Tune page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core import suggest
from prep_core.line import Line
from prep_core.recipe_presets import RECIPE_PRESETS, fitting_first
from prep_core.samples import SAMPLES, load_sample
from prep_ui.session import state as sessions
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


def keys(app: AppTest) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith("tune.preset.")]


def test_presets_for_such_scans_stand_first_each_with_its_source(app: AppTest) -> None:
    opened_popover(go(app, "tune"))
    fitting, others = fitting_first(load_sample("ct_chest"))
    assert keys(app) == [f"tune.preset.{preset.key}" for preset in (*fitting, *others)]
    folded = {button.key for button in app.get_by_key("tune.presets.others").button}
    assert folded == {f"tune.preset.{preset.key}" for preset in others}
    sources = "\n".join(words(caption) for caption in app.caption)
    assert all(f"{preset.source} [Source]({preset.link})" in sources for preset in RECIPE_PRESETS.values())


def test_a_preset_replaces_the_lines_with_its_reasons_and_undo_brings_the_old_back(app: AppTest) -> None:
    go(app, "tune")
    sessions.add_line(state(app), Line("gamma"))
    opened_popover(app).button(key="tune.preset.monai_spleen").click().run()
    assert not app.exception
    preset = RECIPE_PRESETS["monai_spleen"]
    assert sessions.recipe(state(app)) == preset.recipe
    assert sessions.reasons(state(app)) == preset.reasons
    assert keys(app) == []
    app.button(key="tune.undo").click().run()
    assert [card.line.step for card in state(app).cards] == ["gamma"]


def test_a_scan_that_no_preset_is_for_is_told_so(app: AppTest) -> None:
    upload(app, "values.npy", npy(np.random.default_rng(0).normal(size=(32, 32)).astype(np.float32)))
    assert "None of them is for scans of this kind." in said(opened_popover(go(app, "tune")))
    assert len(keys(app)) == len(RECIPE_PRESETS)

"""Every page without a browser: empty, with a scan, with many, with a broken file."""

import io
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_ui.recipe.applying import APPLIED
from prep_ui.session import state as sessions
from prep_ui.session.store import scan_store
from tests.ui.dashboard import OF_A_SCAN, add_step, go, npy, reloaded, showing, state, upload, words, work


def add(app: AppTest, step: str) -> int:
    """Add a step on the Tune page, and return the identity of its card."""
    add_step(app, step)
    return state(app).cards[-1].uid


def yaml_on_screen(app: AppTest) -> Recipe:
    return Recipe.from_yaml(go(app, "recipe").code[0].value)


def test_opens_with_a_real_scan_its_picture_and_its_histograms(app: AppTest) -> None:
    assert state(app).opened[0].sample == next(iter(SAMPLES))
    shown = [element.proto.bytes for element in app.get("bidi_component")]
    assert [sum(name in data for data in shown) for name in (b'"panes"', b'"charts"')] == [1, 1]
    assert "HU" in app.markdown[0].value + app.markdown[1].value


@pytest.mark.parametrize("page", OF_A_SCAN)
@pytest.mark.parametrize("index", range(len(SAMPLES)), ids=list(SAMPLES))
def test_every_page_shows_every_sample(app: AppTest, page: str, index: int) -> None:
    go(app, page)
    showing(app.selectbox, f"{page}.scan").set_value(index).run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", OF_A_SCAN)
def test_a_scan_that_had_to_make_room_is_said(app: AppTest, page: str) -> None:
    upload(app, "mine.npy", npy(np.eye(32)))
    scan_store().drop(state(app).opened[0].key)
    go(app, page)
    assert "had to make room" in app.warning[0].value


def test_a_line_is_added_edited_switched_off_moved_and_removed(app: AppTest) -> None:
    go(app, "tune")
    window, clahe = add(app, "window"), add(app, "clahe")
    app.button(key=f"tune.{window}.select").click().run()
    app.number_input(key=f"tune.{window}.width.box").set_value(350.0).run()
    assert state(app).cards[0].line.params["width"] == 350
    app.slider(key=f"tune.{window}.center.slider").set_value(60.0).run()
    assert state(app).cards[0].line.params["center"] == 60
    sessions.place(state(app), clahe, 0)
    app.run()
    assert [card.line.step for card in state(app).cards] == ["clahe", "window"]
    app.button(key=f"tune.{clahe}.on").click().run()
    assert [line.step for line in sessions.recipe(state(app)).lines] == ["window"]
    app.button(key=f"tune.{clahe}.remove").click().run()
    assert not app.exception
    assert [card.uid for card in state(app).cards] == [window]


def test_a_preset_is_numbers(app: AppTest) -> None:
    go(app, "tune")
    uid = add(app, "window")
    app.selectbox(key=f"tune.{uid}.preset").set_value("Bone (Slicer)").run()
    params = state(app).cards[0].line.params
    assert (params["center"], params["width"]) == (400, 1000)


def test_values_that_do_not_go_together_change_nothing_and_are_said(app: AppTest) -> None:
    go(app, "tune")
    uid = add(app, "percentile_rescale")
    app.number_input(key=f"tune.{uid}.low.box").set_value(100.0).run()
    assert "low must be below high" in words(app.error[0])
    assert state(app).cards[0].line.params["low"] == 1.0
    assert showing(app.number_input, f"tune.{uid}.low.box").value == 1.0


def test_the_reference_population_is_a_sentence(app: AppTest) -> None:
    go(app, "tune")
    uid = add(app, "zscore")
    app.selectbox(key=f"tune.{uid}.per").set_value("plane").run()
    app.selectbox(key=f"tune.{uid}.inside").set_value("foreground").run()
    app.selectbox(key=f"tune.{uid}.over").set_value("dataset").run()
    assert not app.exception
    line = yaml_on_screen(app).lines[0]
    assert (line.over, line.per, line.inside) == ("dataset", "plane", "foreground")


def test_how_scans_are_pooled_is_asked_where_there_is_more_than_one(app: AppTest) -> None:
    go(app, "tune")
    uid = add(app, "zscore")
    pool = f"tune.{uid}.pool"
    assert pool not in [box.key for box in app.selectbox]
    app.selectbox(key=f"tune.{uid}.over").set_value("dataset").run()
    app.selectbox(key=pool).set_value("scans").run()
    assert not app.exception
    assert yaml_on_screen(app).lines[0].pool == "scans"
    go(app, "tune").selectbox(key=f"tune.{uid}.over").set_value("image").run()
    assert not app.exception
    assert yaml_on_screen(app).lines[0] == Line("zscore")


def test_a_line_without_an_answer_is_named_on_its_card(app: AppTest) -> None:
    go(app, "tune")
    add(app, "window")
    add(app, "gamma")
    sessions.place(state(app), state(app).cards[1].uid, 0)
    app.run()
    assert not app.exception
    assert words(app.error[0]).startswith("line 1: gamma needs values from 0 to 1")


def test_state_survives_pages_and_shows_the_same_recipe(app: AppTest) -> None:
    go(app, "tune")
    add(app, "window")
    state(app).at["Z"] = 7
    app.run()
    recipe = yaml_on_screen(app)
    go(app, "inspect")
    go(app, "tune")
    assert state(app).at == {"Z": 7}
    assert yaml_on_screen(app) == recipe


def test_a_reload_of_the_address_gives_the_same_recipe_and_place(app: AppTest) -> None:
    go(app, "tune")
    add(app, "window")
    state(app).at["Z"] = 9
    app.run()
    fresh = reloaded(app)
    assert sessions.recipe(state(fresh)) == sessions.recipe(state(app))
    assert state(fresh).at == {"Z": 9}


def test_a_recipe_is_opened_and_a_bad_one_changes_nothing(app: AppTest) -> None:
    go(app, "recipe")
    good = "prep: 1\nname: from a file\nsteps:\n- {step: clip, low: -50, high: 0}\n"
    app.file_uploader(key="recipe.upload.0").upload("good.yaml", good.encode()).run()
    assert "Opened from a file" in app.success[0].value
    for bad, complaint in {
        "prep: 1\nsteps:\n- {step: clip}\n- {step: decibel, percentile: 250}": "line 2: decibel percentile must be",
        "prep: 1\nsteps:\n- {step: frob}": "line 1: unknown step",
        "prep: 1\nsteps:\n- {step: clip, lo: 1}": "line 1: clip has no parameter lo",
        "prep: 1\nsteps: !!python/object:x.y []": "tag",
    }.items():
        app.file_uploader(key=f"recipe.upload.{state(app).uploads}").upload("bad.yaml", bad.encode()).run()
        assert not app.exception
        assert complaint in words(app.error[0])
        assert sessions.recipe(state(app)) == Recipe.from_yaml(good)


def test_the_whole_scan_is_processed_with_its_provenance(app: AppTest) -> None:
    upload(app, "mine.npy", npy(np.random.default_rng(0).uniform(size=(24, 32)).astype(np.float32)))
    go(app, "tune")
    add(app, "zscore")
    go(app, "recipe")
    app.segmented_control(key="recipe.format").set_value("npy").run()
    app.button(key="recipe.apply").click().run()
    assert not app.exception
    result = work(app).jobs[APPLIED].result()
    assert np.load(io.BytesIO(result.data)).std() == pytest.approx(1, abs=1e-5)
    assert json.loads(result.sidecar)["output"]["file"] == "mine.npy"

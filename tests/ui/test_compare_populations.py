"""The section Populations of the page Compare, without a browser."""

import numpy as np
from streamlit.testing.v1 import AppTest

from prep_core import Recipe, fit
from prep_core.line import Line
from prep_core.samples import load_sample
from prep_ui.session import state as sessions
from tests.ui.dashboard import state, words
from tests.ui.test_compare import open_page, show, tables, take


def populations(app: AppTest, *lines: Line, sample: str = "phase_cell") -> AppTest:
    for line in lines:
        sessions.add_line(state(app), line)
    return show(take(open_page(app), sample), "populations")


def captions(app: AppTest) -> str:
    return " ".join(words(caption) for caption in app.caption)


def names(app: AppTest) -> list[str]:
    return [row.split(" | ")[0].removeprefix("| ") for row in tables(app).splitlines()[2:]]


def test_without_a_measured_line_it_says_which_there_are(app: AppTest) -> None:
    assert "no line that measures" in populations(app, Line("clip")).info[0].value


def test_patches_make_seams_and_raise_noise(app: AppTest) -> None:
    populations(app, Line("zscore"))
    assert not app.error
    assert names(app) == ["per image", "per plane", "per patch"]
    assert tables(app).splitlines()[2].split(" | ")[2] == "1"
    values = load_sample("phase_cell").data.astype(np.float64)
    gains = [
        values.std() / patch.std()
        for y in range(0, values.shape[0], 256)
        for x in range(0, values.shape[1], 256)
        if (patch := values[y : y + 256, x : x + 256]).std() > 0
    ]
    app.select_slider(key="compare.populations.side").set_value(256).run()
    assert not app.exception
    assert f"{min(gains):.3g} to {max(gains):.3g} x" in captions(app)
    assert "At a border the same value differs by" in captions(app)


def test_the_training_set_is_shown_where_the_line_was_fitted(app: AppTest) -> None:
    scan = load_sample("phase_cell")
    fitted = fit(Recipe((Line("minmax", over="dataset"),)), [scan])
    sessions.set_recipe(state(app), fitted)
    show(take(open_page(app), "phase_cell"), "populations")
    assert names(app) == ["per image", "per plane", "training set", "per patch"]
    rows = tables(app).splitlines()
    # A set of this scan alone has the numbers of the image.
    assert rows[2].removeprefix("| per image") == rows[4].removeprefix("| training set")


def test_the_last_measured_line_is_taken_and_another_can_be_chosen(app: AppTest) -> None:
    populations(app, Line("minmax"), Line("gaussian", {"lengths_in": "px"}), Line("zscore"))
    box = app.selectbox(key="compare.populations.line")
    assert (box.value, box.options) == (2, ["1 minmax", "3 zscore"])
    box.set_value(0).run()
    assert not app.exception
    assert "| per patch | " in tables(app)


def test_a_line_that_no_scan_alone_can_be_measured_for_is_left_out(app: AppTest) -> None:
    assert populations(app, Line("nyul", over="dataset")).info


def test_planes_without_an_answer_are_said(app: AppTest) -> None:
    populations(app, Line("clip", {"low": -1e6, "high": -1e5}), Line("zscore"))
    assert "line 2: zscore" in words(app.error[0])

"""The page Compare without a browser."""

import re

import nibabel
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.samples import SAMPLES, load_sample
from prep_ui.compare.sections import SECTIONS
from prep_ui.compare.tables import fixed, percent, ratio
from prep_ui.session import state as sessions
from prep_ui.session.store import scan_store
from tests.ui.dashboard import npy, state, upload, words

PAGE = "../pages/compare.py"


def open_page(app: AppTest) -> AppTest:
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def take(app: AppTest, sample: str) -> AppTest:
    app.selectbox(key="compare.scan").set_value(list(SAMPLES).index(sample)).run()
    assert not app.exception
    return app


def show(app: AppTest, section: str) -> AppTest:
    app.radio(key="compare.section").set_value(section).run()
    assert not app.exception
    return app


def viewers(app: AppTest) -> int:
    """How many viewers the page has; other components have keys of other kinds."""
    return sum(element.key.startswith("compare.") for element in app.get("bidi_component"))


def tables(app: AppTest) -> str:
    return "\n".join(words(element) for element in app.markdown if element.value.startswith("|"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_section_that_fits_shows_every_sample(app: AppTest, sample: str) -> None:
    take(open_page(app), sample)
    for section in app.radio(key="compare.section").options:
        key = next(key for key, one in SECTIONS.items() if section in (key, one.title))
        show(app, key)
        assert not app.error


def test_a_section_that_does_not_fit_the_next_scan_gives_way(app: AppTest) -> None:
    show(open_page(app), "hu")
    take(app, "mr_brain_bias")
    assert app.radio(key="compare.section").value == "recipe"


def test_without_a_line_the_page_says_what_to_do(app: AppTest) -> None:
    assert "Add one on the Tune page" in open_page(app).info[0].value


def test_the_figures_of_a_recipe_are_computed_once_they_are_asked_for(app: AppTest) -> None:
    sessions.add_line(state(app), Line("clip", {"low": -200.0, "high": 400.0}))
    open_page(app)
    assert tables(app) == ""
    app.button(key="compare.recipe").click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert "| clipped low | 61.4 % |" in tables(app)
    assert "| largest | 3071 HU | 400 HU |" in tables(app)
    assert "0.01 % hot pixels" in tables(app)
    # Coming back, it is still there; with another recipe it is not.
    take(take(app, "us_phantom"), "ct_chest")
    assert "61.4 %" in tables(app)
    sessions.add_line(state(app), Line("minmax"))
    app.run()
    assert tables(app) == ""


def test_the_channels_of_a_satellite_picture_are_correlated_two_by_two(app: AppTest) -> None:
    sessions.add_line(state(app), Line("minmax", per="channel"))
    take(open_page(app), "satellite_sentinel2")
    assert not app.exception
    bands = load_sample("satellite_sentinel2").data
    blue_green = np.corrcoef(bands[0].ravel(), bands[1].ravel())[0, 1]
    assert f"| B02, B03 | {blue_green:.3f} | {blue_green:.3f} |" in tables(app)


def test_a_recipe_without_an_answer_is_said(app: AppTest) -> None:
    sessions.add_line(state(app), Line("gamma"))
    open_page(app).button(key="compare.recipe").click().run()
    assert not app.exception
    assert words(app.error[0]).startswith("line 1: gamma needs values from 0 to 1")


def test_clahe_has_a_strip_and_its_figures(app: AppTest) -> None:
    show(take(open_page(app), "fluorescence_nuclei"), "clahe")
    assert viewers(app) == 1
    assert "| rescaled | 1.00 x |" in tables(app)
    assert "correlation" in tables(app)


def test_a_plane_without_contrast_is_said(app: AppTest) -> None:
    upload(app, "flat.npy", npy(np.ones((20, 20), np.float32)))
    show(open_page(app), "clahe")
    assert "no contrast to raise" in words(app.error[0])


def test_hu_ranges_are_counted(app: AppTest) -> None:
    show(open_page(app), "hu")
    assert "| Bone | −200 … 3000 | 61.4 % |" in tables(app)


def test_metal_is_counted_above_three_thresholds(app: AppTest) -> None:
    show(open_page(app), "metal")
    values = load_sample("ct_chest")
    above = np.count_nonzero(values.valid & (values.data > 2000))
    assert re.search(rf"\| 2000 \| \d+ \| {above} \| 0.026 % \|", tables(app))
    assert "| 4000 | 0 | 0 | 0 % | 0 HU |" in tables(app)
    assert "lie in slice" in words(app.caption[-1])


def test_bias_fields_are_compared_once_they_are_asked_for(app: AppTest) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(100, 5, (6, 32, 32)) * np.linspace(0.7, 1.3, 32)
    values[:, :8] = 1
    upload(app, "mine.nii", nibabel.Nifti1Image(values.T.astype(np.float32), np.eye(4)).to_bytes())
    show(open_page(app), "bias")
    assert tables(app) == ""
    app.button(key="compare.bias").click().run()
    assert not app.exception
    rows = tables(app).splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == [
        "| none",
        "| n4",
        "| gaussian",
        "| homomorphic",
        "| polynomial",
    ]
    assert viewers(app) == 2


def test_a_scan_that_had_to_make_room_is_said(app: AppTest) -> None:
    upload(app, "mine.npy", npy(np.eye(32)))
    scan_store().drop(state(app).opened[0].key)
    assert "had to make room" in open_page(app).warning[0].value


def test_numbers_are_written_alike() -> None:
    assert [percent(v) for v in (None, 0.0, 1e-7, 0.0012, 0.5, 1.39)] == [
        "–",
        "0 %",
        "< 0.001 %",
        "0.12 %",
        "50.0 %",
        "139.0 %",
    ]
    assert [fixed(None), fixed(float("inf"), "dB"), fixed(-1.25, "HU"), fixed(-1.25, "a.u.", 1)] == [
        "–",
        "∞",
        "−1.25 HU",
        "−1.2",
    ]
    assert ratio(2) == "2.00 x"

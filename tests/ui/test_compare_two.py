"""Two recipes on one scan and one recipe on two, on the page Compare without a browser."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.color import rgb2lab
from streamlit.testing.v1 import AppTest

from prep_core import Recipe, apply
from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.scan import Scan
from prep_ui.compare.pictures import ZERO, common_greys, difference_pane, field_pane, span_of
from prep_ui.session import state as sessions
from tests.ui.dashboard import npy, state, upload, words
from tests.ui.test_compare import open_page, show, tables, take, viewers

CLIP = Line("clip", {"low": -200.0, "high": 400.0})
TIGHTER = Line("clip", {"low": -100.0, "high": 400.0})


def changed(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def two_recipes(app: AppTest, *lines: Line, sample: str = "phase_cell") -> AppTest:
    for line in lines:
        sessions.add_line(state(app), line)
    return show(take(open_page(app), sample), "recipes")


def row(app: AppTest, name: str) -> str:
    return next(line for line in tables(app).splitlines() if line.startswith(f"| {name} |"))


def test_without_any_line_it_says_what_to_do(app: AppTest) -> None:
    assert "Neither recipe has a line" in two_recipes(app).info[0].value


def test_a_recipe_is_compared_with_the_scan_as_it_was_stored(app: AppTest) -> None:
    two_recipes(app, Line("gaussian", {"sigma": 2.0, "lengths_in": "px"}))
    assert not app.error
    scan = load_sample("phase_cell")
    by = apply(sessions.recipe(state(app)), scan).data.astype(np.float64) - scan.data
    assert f"{np.sqrt(np.mean(by**2)):.4g}" in row(app, "RMSE")
    assert f"{by.mean():.4g}".replace("-", "−") in row(app, "mean difference")
    assert viewers(app) == 1
    assert len(app.get("plotly_chart")) == 2


def test_a_kept_recipe_stays_while_the_other_is_tuned(app: AppTest) -> None:
    two_recipes(app, CLIP, sample="ct_chest")
    app.button(key="compare.keep").click().run()
    assert not app.exception
    assert "| 100.0 % |" in row(app, "equal voxels")
    assert "both give the same bytes" in " ".join(words(caption) for caption in app.caption)
    sessions.edit(state(app), state(app).cards[0].uid, lambda card: replace(card, line=TIGHTER))
    changed(app)
    assert "| line 1 changed | clip | low | -200.0 | -100.0 |" in words(
        next(m for m in app.markdown if "line 1 changed" in m.value)
    )
    assert "| 100.0 % |" not in row(app, "equal voxels")
    assert "-  low: -200.0\n+  low: -100.0" in app.code[0].value
    # The kept one is there for another scan too, and after another page.
    take(app, "ct_simulated")
    assert app.selectbox(key="compare.first").value.startswith("kept")


def test_a_preset_is_a_recipe_of_one_line(app: AppTest) -> None:
    two_recipes(app, CLIP, sample="ct_chest")
    key = next(key for key in app.selectbox(key="compare.first").options if "Preset window: Stroke" in key)
    app.selectbox(key="compare.first").select(key).run()
    assert not app.exception
    # In HU and from 0 to 1: compared as pictures, whatever the toggle says.
    assert app.toggle(key="compare.two.pictures").disabled
    assert "removed | window | width | 8.0" in words(next(m for m in app.markdown if "removed" in m.value))


def test_a_recipe_from_a_file_becomes_a_and_a_bad_one_changes_nothing(app: AppTest) -> None:
    two_recipes(app, CLIP, sample="ct_chest")
    text = Recipe((TIGHTER,), "mine").to_yaml()
    app.file_uploader(key="compare.upload.0").set_value([("mine.yaml", text.encode(), "application/yaml")]).run()
    assert not app.exception
    assert app.selectbox(key="compare.first").value.startswith("kept mine ")
    app.file_uploader(key="compare.upload.1").set_value([("bad.yaml", b"prep: 2", "application/yaml")]).run()
    assert "prep must be 1" in words(app.error[0])
    assert app.selectbox(key="compare.first").value.startswith("kept mine ")
    assert sessions.recipe(state(app)).lines == (CLIP,)


def test_the_whole_scan_is_compared_once_it_is_asked_for(app: AppTest) -> None:
    two_recipes(app, CLIP, sample="ct_chest")
    app.segmented_control(key="compare.two.scope").set_value("the whole scan").run()
    assert tables(app).count("RMSE") == 0
    app.button(key="compare.two.whole").click().run()
    assert not app.exception
    scan = load_sample("ct_chest")
    values = scan.data[scan.valid].astype(np.float64)
    by = np.clip(values, -200, 400) - values
    assert f"{np.sqrt(np.mean(by**2)):.4g} HU" in row(app, "RMSE")


def test_a_recipe_without_an_answer_is_named(app: AppTest) -> None:
    two_recipes(app, Line("gamma"), sample="ct_chest")
    assert words(app.error[0]).startswith("B: line 1: gamma needs values from 0 to 1")
    assert "once both recipes have an answer" in " ".join(words(caption) for caption in app.caption)


def test_another_grid_is_said_and_both_are_still_shown(app: AppTest) -> None:
    two_recipes(app, Line("downscale", {"factor": (1.0, 2.0, 2.0)}), sample="phase_cell")
    assert "have other grids" in " ".join(words(caption) for caption in app.caption)
    assert viewers(app) == 1
    assert "| least |" in tables(app)
    assert "RMSE" not in tables(app)


def test_one_recipe_on_two_scans(app: AppTest) -> None:
    rng = np.random.default_rng(3)
    values = {name: rng.normal(10, 2, (40, 30)).astype(np.float32) for name in ("one", "other")}
    for name, array in values.items():
        upload(app, f"{name}.npy", npy(array))
    sessions.add_line(state(app), Line("zscore"))
    show(open_page(app), "scans")
    # Each is measured alone; A is the chosen scan, B the next in the list.
    one, other = ((v - v.mean()) / v.std() for v in (values[o.name].astype(np.float64) for o in state(app).opened[:2]))
    largest = (other - one).flat[np.abs(other - one).argmax()]
    assert f"| {largest:.4g} |".replace("-", "−") in row(app, "largest difference")
    app.selectbox(key="compare.other").set_value(2).run()
    assert not app.exception
    assert "have other grids" in " ".join(words(caption) for caption in app.caption)


def test_the_scan_of_the_same_kind_is_offered_first(app: AppTest) -> None:
    sessions.add_line(state(app), Line("zscore"))
    show(take(open_page(app), "ct_simulated"), "scans")
    assert state(app).opened[app.selectbox(key="compare.other").value].sample == "ct_chest"
    assert "have other grids" in " ".join(words(caption) for caption in app.caption)
    # Of the same size, and of another body.
    take(app, "mr_brain_bias")
    assert "lie elsewhere in space" in " ".join(words(caption) for caption in app.caption)


@pytest.mark.parametrize(("divide", "common"), [(15.0, True), (255.0, False)])
def test_a_picture_that_would_be_one_grey_has_greys_of_its_own(app: AppTest, divide: float, common: bool) -> None:
    two_recipes(app, Line("rescale", {"divide": divide}))
    assert any("greys of its own" in words(caption) for caption in app.caption) != common


def test_common_greys_hold_both() -> None:
    low, high = (Scan(np.linspace(*ends, 1000).reshape(20, 50), "YX") for ends in ((-1, 4), (0, 10)))
    assert common_greys({"A": low, "B": high}) == pytest.approx((-0.975, 9.95))


def test_differences_diverge_around_white() -> None:
    by = np.array([[-2.0, 0.0, 1.0, np.nan, 9.0]], np.float32)
    pane = difference_pane(Scan(np.zeros((1, 5), np.float32), "YX"), by, 2.0, "B − A")
    assert (pane.low, pane.high) == (-2.0, 2.0)
    np.testing.assert_array_equal(pane.image, by)
    assert pane.valid is not None
    assert pane.valid.tolist() == [[True, True, True, False, True]]
    assert pane.colours is not None
    # The ends and the middle of ColorBrewer's PuOr: brown-orange, near-white, dark purple.
    assert [tuple(map(int, pane.colours[i])) for i in (0, ZERO, 255)] == [(127, 59, 8), (247, 247, 247), (45, 0, 75)]
    # A browser takes grey to the level floor(255 grey + 0.5).
    assert int(0.5 * 255 + 0.5) == ZERO


def test_fields_rise_from_black_at_0_and_are_even_to_the_eye() -> None:
    pane = field_pane(np.array([[0.0, np.nan, 3.0]]), "seams", "HU")
    assert (pane.low, pane.high) == (0.0, 3.0)
    assert pane.colours is not None
    lightness = rgb2lab(pane.colours / 255)[:, 0]
    assert np.diff(lightness[::5]).min() > 0


@pytest.mark.parametrize(
    ("values", "span"), [([0.0, 0.0], 1.0), ([np.nan], 1.0), ([-3.0, np.nan], 3.0), ([0.0] * 5000 + [4.0], 4.0)]
)
def test_the_colours_span_what_is_there(values: list[float], span: float) -> None:
    assert span_of(np.array([values], np.float32)) == span

"""What the cards show: a picture and a histogram after each line, and what was measured and clipped."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from prep_core.line import Fitted, Line, digest
from prep_core.recipe import Recipe
from prep_core.scan import Scan, voxel_affine
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState, Opened
from prep_ui.tune.thumbnails import BARS, BINS, SIDE, sparkline, thumbnail
from tests.ui.dashboard import add_step, go, npy, state, upload, words


def picture(plane: Scan, mask: bool = False) -> np.ndarray:
    """(y, x, grey and alpha)."""
    return np.asarray(Image.open(BytesIO(thumbnail(plane, mask))))


def heights(plane: Scan) -> list[float]:
    found = [0.0] * BINS
    for at, height in re.findall(r"M(\d+) \d+v-([\d.]+)h1V", sparkline(plane)):
        found[int(at)] = float(height)
    return found


RAMP = Scan(np.tile(np.linspace(0, 1000, SIDE, dtype=np.float32), (SIDE, 1)), "YX")


def test_a_thumbnail_goes_from_black_to_white_and_inverted_ones_back() -> None:
    low, high = np.percentile(RAMP.data, (0.5, 99.5))
    wanted = np.clip((RAMP.data - low) / (high - low), 0, 1) * 255
    shown = picture(RAMP)
    assert np.abs(shown[..., 0] - wanted).max() <= 1
    assert (shown[..., 1] == 255).all()
    film = Scan(RAMP.data, "YX", display_inverted=True)
    assert np.abs(picture(film)[..., 0] - (255 - wanted)).max() <= 1


def test_padding_and_what_is_around_the_picture_are_transparent() -> None:
    valid = np.ones((48, 96), bool)
    valid[:24] = False
    plane = Scan(np.ones((48, 96), np.float32), "YX", voxel_affine((1.0, 1.0)), True, valid=valid)
    alpha = picture(plane)[..., 1]
    assert (alpha[24:48] == 0).all()
    assert (alpha[48:72] == 255).all()
    assert (alpha[:24] == 0).all()
    assert (alpha[72:] == 0).all()


@pytest.mark.parametrize("ends", [(1e9, 1e9 + 64), (-3e38, 3e38), (0.0, 1e-45), (16777216.0, 16777218.0)])
def test_the_small_histogram_goes_from_the_smallest_to_the_largest_value_however_near_they_are(
    ends: tuple[float, float],
) -> None:
    values = np.array([ends[0]] * 3 + [ends[1]], np.float32).reshape(2, 2)
    assert [i for i, height in enumerate(heights(Scan(values, "YX"))) if height] == [0, BINS - 1]


@pytest.mark.parametrize("value", [0.0, 7.0, -3e38, 1e30])
def test_the_small_histogram_of_one_value_is_one_bar_in_the_middle(value: float) -> None:
    found = heights(Scan(np.full((2, 2), value, np.float32), "YX"))
    assert [i for i, height in enumerate(found) if height] == [BINS // 2]


def test_flat_pixels_make_a_flat_picture() -> None:
    sections = Scan(np.ones((24, 96), np.float32), "YX", voxel_affine((4.0, 1.0)), True)
    assert (picture(sections)[..., 1] == 255).all()


def test_a_mask_is_shown_in_black_and_white() -> None:
    mask = RAMP.data > 500
    shown = picture(Scan(RAMP.data, "YX", mask=mask), mask=True)
    assert np.array_equal(shown[..., 0] == 255, mask)


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (2000, 5)])
def test_every_shape_gives_a_square(shape: tuple[int, int]) -> None:
    assert picture(Scan(np.zeros(shape, np.uint8), "YX")).shape == (SIDE, SIDE, 2)


def test_a_histogram_counts_as_numpy_does_and_leaves_padding_out() -> None:
    values = np.random.default_rng(0).normal(size=(90, 90)).astype(np.float32)
    values[0, 0] = np.nan
    counts = np.histogram(values[np.isfinite(values)], BINS)[0]
    wanted = np.log1p(counts) / np.log1p(counts.max()) * BARS
    assert heights(Scan(values, "YX")) == pytest.approx(wanted, abs=0.006)


def test_nothing_valid_has_no_bar() -> None:
    nothing = Scan(np.full((8, 8), np.nan, np.float32), "YX")
    assert heights(nothing) == [0.0] * BINS
    assert (picture(nothing)[..., 1] == 0).all()


def captions(app: AppTest) -> list[str]:
    return [words(caption) for caption in app.caption]


def test_a_card_shows_numbers_shares_unit_and_two_pictures(app: AppTest) -> None:
    values = np.arange(1000, dtype=np.float32).reshape(20, 50)
    upload(app, "ramp.npy", npy(values))
    sessions.set_recipe(state(app), Recipe((Line("clip", {"low": 99.5, "high": 949.5}), Line("zscore"))))
    go(app, "tune")
    clip, score = captions(app)[:2]
    assert clip.startswith("10.0 % clipped low · 5.0 % clipped high · in a.u. · plane in ")
    assert score.startswith(f"mean {np.clip(values, 99.5, 949.5).mean():.4g}; std ")
    assert "from 1000 voxels · no unit · plane in " in score
    assert len(app.get("image")) == 4


def test_lines_that_ran_on_the_whole_scan_tell_counts(app: AppTest) -> None:
    upload(app, "ramp.npy", npy(np.arange(1, 1001, dtype=np.float32).reshape(20, 50)))
    lines = (Line("clip", {"low": 400.5, "high": 1e6}), Line("n4", {"shrink": 1, "iterations": 1, "levels": 1}))
    sessions.set_recipe(state(app), Recipe(lines))
    go(app, "tune")
    assert captions(app)[0].startswith("400 clipped low · in a.u. · scan in ")


def test_a_copy_stands_below_its_line_and_is_selected() -> None:
    session = AppState((Opened("a scan", sample="none"),))
    window = Line("window", {"width": 350.0})
    fitted = Fitted({"mean": 1.0, "std": 2.0}, 3, 300, digest([window]))
    sessions.set_recipe(session, Recipe((window, Line("zscore", over="dataset", fitted=fitted), Line("gamma"))))
    sessions.duplicate(session, session.cards[1].uid)
    lines = sessions.recipe(session).lines
    assert [line.step for line in lines] == ["window", "zscore", "zscore", "gamma"]
    assert (lines[1].fitted, lines[2].fitted) == (fitted, None)
    assert session.selected == session.cards[2].uid
    assert len({card.uid for card in session.cards}) == 4
    sessions.undo(session)
    assert [card.line.step for card in session.cards] == ["window", "zscore", "gamma"]


def test_the_button_makes_the_copy(app: AppTest) -> None:
    add_step(go(app, "tune"), "gaussian")
    app.button(key=f"tune.{state(app).cards[0].uid}.copy").click().run()
    assert not app.exception
    assert [card.line.step for card in state(app).cards] == ["gaussian", "gaussian"]
    handles = [element.proto for element in app.get("bidi_component")]
    told = [json.loads(proto.json) for proto in handles if proto.component_name == "prep_drag_handle"]
    assert told == [
        {"uid": card.uid, "name": "gaussian", "place": place, "of": 2} for place, card in enumerate(state(app).cards)
    ]

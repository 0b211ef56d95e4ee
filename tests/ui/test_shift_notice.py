"""The page says when a scan does not look like those that the recipe was fitted on."""

import hashlib

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.io import load
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_ui.session import state as sessions
from tests.ui.dashboard import address, go, npy, state, upload, words

TRAINING = [npy(np.random.default_rng(seed).normal(100, 10, (24, 32)).astype(np.float32)) for seed in range(3)]
LINES = (Line("clip", {"low": 50, "high": 150}), Line("zscore", over="dataset"))
FITTED = fit(Recipe(LINES, "mine"), [scan for data in TRAINING for scan in load(data, name="scan", axes="YX")])


@pytest.fixture
def app_with_lock(app: AppTest) -> AppTest:
    upload(app, "bright.npy", npy(np.random.default_rng(9).normal(400, 10, (24, 32)).astype(np.float32)))
    go(app, "recipe")
    app.file_uploader(key=f"recipe.upload.{state(app).uploads}").upload("mine.yaml", FITTED.to_yaml().encode()).run()
    assert not app.exception
    return app


def warnings(app: AppTest) -> list[str]:
    return [words(warning) for warning in app.warning]


@pytest.mark.parametrize("shown_on", ["recipe", "tune"])
def test_a_scan_that_is_far_off_is_told_in_one_box(app_with_lock: AppTest, shown_on: str) -> None:
    (told,) = warnings(go(app_with_lock, shown_on))
    assert told.startswith("The scan has values that lie ")
    assert "Line 1: clip counts 100 % of the voxels as clipped_high, in training 0 %" in told


def test_a_training_scan_is_named_as_one_and_nothing_is_odd(app_with_lock: AppTest) -> None:
    upload(go(app_with_lock, "inspect"), "one.npy", TRAINING[1])
    go(app_with_lock, "recipe")
    assert warnings(app_with_lock) == []
    assert any("was in the training set" in caption.value for caption in app_with_lock.caption)


def test_the_lock_stays_with_its_lines_and_goes_with_an_edit(app_with_lock: AppTest) -> None:
    assert sessions.recipe(state(app_with_lock)) == FITTED
    uid = state(app_with_lock).cards[0].uid
    sessions.set_params(state(app_with_lock), uid, high=160.0)
    assert sessions.recipe(state(app_with_lock)).lock is None
    go(app_with_lock, "tune")
    assert warnings(app_with_lock) == []


def test_the_address_takes_neither_lock_nor_members(app_with_lock: AppTest) -> None:
    go(app_with_lock, "tune")
    assert len(address(app_with_lock)["recipe"]) < 700
    assert hashlib.sha256(TRAINING[0]).hexdigest()[:16] in FITTED.to_yaml()

"""A recipe with measured images, opened on the page and given back."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.bundle import to_bundle
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan
from prep_ui.recipe.applying import APPLIED
from prep_ui.session import state as sessions
from tests.ui.dashboard import go, npy, state, upload, words, work


def scan(seed: int) -> Scan:
    return Scan(np.random.default_rng(seed).uniform(1, 2, (24, 32)).astype(np.float32), "YX")


FITTED = fit(Recipe((Line("standardize_map"),), name="my map"), [scan(i) for i in range(3)])
DATA = to_bundle(FITTED)


def opened(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader(key=f"recipe.upload.{state(app).uploads}").upload(name, data).run()
    assert not app.exception
    return app


@pytest.fixture
def app_with_bundle(app: AppTest) -> AppTest:
    upload(app, "mine.npy", npy(scan(9).data))
    return opened(go(app, "recipe"), "my_map.zip", DATA)


def test_a_bundle_is_opened_and_given_back_byte_for_byte(app_with_bundle: AppTest) -> None:
    assert "Opened my map: 1 lines" in words(app_with_bundle.success[0])
    assert to_bundle(sessions.recipe(state(app_with_bundle))) == DATA
    assert any("apply my_map.zip SCAN" in code.value for code in app_with_bundle.code)
    assert any("the download is a bundle" in caption.value for caption in app_with_bundle.caption)


def test_the_whole_scan_is_processed_with_the_measured_images(app_with_bundle: AppTest) -> None:
    app_with_bundle.segmented_control(key="recipe.format").set_value("npy").run()
    app_with_bundle.button(key="recipe.apply").click().run()
    assert not app_with_bundle.exception
    result = work(app_with_bundle).jobs[APPLIED].result()
    assert result.data == npy(apply(FITTED, scan(9)).data)


def test_a_plane_is_shown_with_the_measured_images(app_with_bundle: AppTest) -> None:
    go(app_with_bundle, "tune")
    assert not app_with_bundle.error


def test_a_bundle_that_is_none_is_said_and_changes_nothing(app_with_bundle: AppTest) -> None:
    opened(app_with_bundle, "cut.zip", DATA[:-30])
    complaint = words(app_with_bundle.error[0])
    assert complaint.startswith("the bundle is damaged (")
    assert complaint.endswith("The recipe on the screen is unchanged.")
    assert sessions.recipe(state(app_with_bundle)) == FITTED


def test_yaml_that_names_arrays_asks_for_the_bundle(app: AppTest) -> None:
    opened(go(app, "recipe"), "my_map.yaml", FITTED.to_yaml().encode())
    assert "is an array that lies beside the YAML; open the bundle (.zip) that fit wrote" in words(app.error[0])

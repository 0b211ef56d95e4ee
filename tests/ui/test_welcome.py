"""The first screen: what it is for, the scan processed, and one click to its recipe."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.samples import load_sample
from prep_core.scan import Scan
from prep_core.suggesting import suggest
from prep_ui.inspecting import welcome
from prep_ui.inspecting.welcome import PURPOSE, processed
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from tests.ui.dashboard import add_step, go, npy, opened, state, upload, words

KEY, BACK = "inspect.example", "inspect.to_tune"


def welcomed(app: AppTest) -> bool:
    said = any(element.value == PURPOSE for element in app.markdown)
    keys = {button.key for button in app.button}
    assert said == (KEY in keys) != (BACK in keys)
    return said


def choose(app: AppTest, name: str) -> None:
    names = [each.sample for each in state(app).opened]
    sessions.choose(state(app), names.index(name))
    app.run()
    assert not app.exception


def test_one_click_takes_the_recipe_with_its_reasons() -> None:
    app = opened()
    assert welcomed(app)
    scan = sessions.current(state(app))
    assert scan is not None
    app.button(key=KEY).click().run()
    assert not app.exception
    suggested = suggest(scan)
    assert sessions.recipe(state(app)) == suggested.recipe != Recipe()
    assert sessions.reasons(state(app)) == suggested.reasons
    assert any(card.key and card.key.startswith("tune.") for card in app.button)
    assert not welcomed(go(app, "inspect"))
    assert any(words(element) == "The recipe: window" for element in app.markdown)
    app.button(key=BACK).click().run()
    assert any(button.key == "tune.undo" for button in app.button)


def test_who_came_with_a_recipe_reads_its_name(app: AppTest) -> None:
    go(app, "tune")
    add_step(app, "clip")
    assert not welcomed(go(app, "inspect"))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Scan | None]:
    """What each run of the page drew beside the scan."""
    found: list[Scan | None] = []

    def recorded(state: AppState, scan: Scan) -> Scan | None:
        found.append(processed(state, scan))
        return found[-1]

    monkeypatch.setattr(welcome, "processed", recorded)
    return found


@pytest.mark.parametrize("name", ["ct_chest", "oct_simulated", "satellite_sentinel2"])
def test_the_plane_shown_processed_is_that_of_the_whole_scan(shown: list[Scan | None], app: AppTest, name: str) -> None:
    choose(app, name)
    scan = load_sample(name)
    recipe = suggest(scan).recipe
    at = {axis: scan.size(axis) // 2 if axis == "Z" else 0 for axis in "TCZ" if axis in scan.axes}
    plane = shown[-1]
    assert plane is not None
    np.testing.assert_array_equal(plane.data, apply(fit(recipe, [scan]), scan).take(at).data)


def test_what_takes_its_time_is_left_to_tune(shown: list[Scan | None], app: AppTest) -> None:
    choose(app, "mr_simulated")
    assert welcomed(app)
    assert shown[-1] is None


def test_a_scan_of_the_user_is_shown_as_it_is(shown: list[Scan | None], app: AppTest) -> None:
    upload(app, "own.npy", npy(np.arange(64, dtype=np.float32).reshape(8, 8)))
    assert shown[-1] is None
    assert welcomed(app)

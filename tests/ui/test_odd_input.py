"""Scans, files, recipes and links that nobody expects: every page says in words what is wrong, and none breaks."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_ui.compare.choice import SECTION
from prep_ui.recipe.modality_notice import differ
from prep_ui.session import state as sessions
from tests.ui.dashboard import PAGES, ROOT, go, npy, state, upload, words

RNG = np.random.default_rng(0)
SCANS: Mapping[str, np.ndarray] = {
    "one voxel": np.full((1, 1), 3.5, np.float32),
    "constant": np.full((24, 24), 7, np.int16),
    "huge constant": np.full((24, 24), 1e30, np.float32),
    "huge and near": np.float64(1e16) + np.arange(24 * 24).reshape(24, 24) % 5 * 2,
    "one finite": np.array([[1, np.inf], [-np.inf, np.nan]], np.float32),
    "one row": RNG.uniform(size=(1, 200)).astype(np.float32),
    "twelve channels": RNG.uniform(0, 100, (12, 24, 24)).astype(np.float32),
    "thin volume": RNG.uniform(0, 100, (2, 24, 3)).astype(np.float32),
}
AXES: Mapping[str, str] = {"twelve channels": "CYX", "thin volume": "ZYX"}


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def told(app: AppTest) -> list[str]:
    """What the page says where it has no picture or chart to show."""
    return [words(element) for element in [*app.error, *app.warning, *app.info]]


@pytest.fixture(params=SCANS)
def odd(app: AppTest, request: pytest.FixtureRequest) -> AppTest:
    """The dashboard with one of `SCANS`."""
    upload(app, "odd.npy", npy(SCANS[request.param]))
    if request.param in AXES:
        app.selectbox(key="inspect.axes").set_value(AXES[request.param]).run()
        app.button(key="inspect.open").click().run()
    assert state(app).opened[0].name == "odd"
    return app


def test_every_page_and_every_comparison_shows_it_or_says_why_not(odd: AppTest) -> None:
    sessions.set_recipe(state(odd), Recipe((Line("zscore"), Line("gaussian"))))
    for page in PAGES:
        go(odd, page)
        assert state(odd).opened[state(odd).chosen].name == "odd"
    go(odd, "compare")
    for section in odd.radio(key=SECTION).options:
        choose(odd, section)
        drawn = len(odd.get("plotly_chart")) + sum("panes" in str(e.proto) for e in odd.get("bidi_component"))
        assert drawn or told(odd), f"{section} is empty without a word"


def choose(app: AppTest, section: str) -> None:
    """Show a section of Compare, and let it compute where it asks first."""
    app.radio(key=SECTION).set_value(section).run()
    assert not app.exception, section
    for button in app.button:
        if button.label.startswith("Compute") or button.label.startswith("Compare the"):
            button.click().run()
            assert not app.exception, section


NO_SCANS: Mapping[str, tuple[bytes, str]] = {
    "text.dcm": (b"hello world\n" * 40, "text.dcm is not a DICOM file"),
    "empty.npy": (b"", "empty.npy is empty"),
    "only.zip": (zipped(), "nothing to read"),
    "texts.zip": (zipped(**{"a.txt": b"x" * 200}), "nothing to read"),
    "nan.npy": (npy(np.full((8, 8), np.nan)), "nan has no finite voxel"),
    "recipe.yaml": (b"prep: 1\nsteps: []\n", "nothing to read"),
}
NO_RECIPES: Mapping[str, tuple[bytes, str]] = {
    "empty.yaml": (b"", "the recipe is empty"),
    "bytes.yaml": (bytes(range(256)), "not UTF-8 text"),
    "list.yaml": (b"- 1\n- 2\n", "must be a mapping"),
    "cut.yaml": (b"prep: 1\nsteps:\n- {step: clip, low", "not valid YAML"),
    "later.yaml": (b"prep: 9\nsteps: []\n", "prep must be 1"),
    "other.zip": (zipped(**{"x.txt": b"1"}), "a bundle holds recipe.yaml"),
    "junk.zip": (b"PK\x03\x04junk", "the bundle is damaged"),
}


def test_a_file_without_a_scan_is_refused_in_a_sentence(app: AppTest) -> None:
    for name, (data, why) in NO_SCANS.items():
        upload(app, name, data)
        (only,) = [words(error) for error in app.error]
        assert why in only
        assert state(app).opened[0].sample == next(iter(SAMPLES))


def test_a_broken_recipe_is_refused_in_a_sentence(app: AppTest) -> None:
    go(app, "recipe")
    for name, (data, why) in NO_RECIPES.items():
        app.file_uploader(key=f"recipe.upload.{state(app).uploads}").upload(name, data).run()
        assert not app.exception
        (only,) = [words(error) for error in app.error]
        assert why in only
        assert only.endswith("The recipe on the screen is unchanged.")


@pytest.mark.parametrize("damage", ["eJw", "e" * 7000], ids=["cut", "long"])
def test_a_damaged_link_opens_the_page_and_says_so(damage: str) -> None:
    app = AppTest.from_file(ROOT / "prep_ui" / "main.py", default_timeout=60)
    app.query_params.update({"sample": "us_phantom", "recipe": damage, "line": "-2", "Z": "9" * 30})
    app.run()
    assert not app.exception
    assert state(app).opened[state(app).chosen].sample == "us_phantom"
    assert any("address is cut or damaged" in words(info) for info in app.info)
    app.button(key="reload.close").click().run()
    assert not app.info


def test_a_recipe_for_another_modality_is_remarked_where_it_is_used(app: AppTest) -> None:
    sessions.set_recipe(state(app), Recipe((Line("zscore"),), modality="MR"))
    for page in ("tune", "recipe"):
        assert "for MR (magnetic resonance), and this scan is CT" in words(go(app, page).warning[0])
    sessions.rename(state(app), "mine", "CT")
    assert not go(app, "recipe").warning
    sessions.set_recipe(state(app), replace(sessions.recipe(state(app)).edited(()), modality="MR"))
    assert not go(app, "recipe").warning


@pytest.mark.parametrize(
    ("first", "second", "different"),
    [("MR", "CT", True), ("CR", "DX", False), ("MR", "MR", False), ("", "CT", False), ("MR", "OT", False)],
)
def test_only_two_known_modalities_differ(first: str, second: str, different: bool) -> None:
    assert differ(first, second) == different == differ(second, first)

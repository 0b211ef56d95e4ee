"""The Dataset page without a browser: sets, roles, lines, leak, and a fit that is accepted or not."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.samples.sets import SETS
from prep_ui.dataset.members import TRAINING, members, with_role
from prep_ui.dataset.scans import take_roles
from prep_ui.session import state as sessions
from prep_ui.session.store import scan_store
from tests.ui.dashboard import go, npy, state, upload_all, words

OCT = Recipe((Line("magnitude", {"power": 2}), Line("decibel", over="dataset"), Line("zscore", over="dataset")))


def settled(app: AppTest) -> AppTest:
    """The page, once it is sure that it shows no fault."""
    assert not app.exception
    return app


def show(app: AppTest, section: str) -> AppTest:
    return settled(app.radio(key="dataset.section").set_value(section).run())


@pytest.fixture
def built(app: AppTest) -> AppTest:
    """The Dataset page as it opens: with a built-in set."""
    return settled(app.switch_page("../pages/dataset.py").run())


@pytest.fixture
def uploaded(app: AppTest) -> AppTest:
    """Three scans of other brightness, opened on Inspect, and the Dataset page after that."""
    rng = np.random.default_rng(0)
    files = {
        f"{name}.npy": npy(rng.normal(m, 2, (20, 20)).astype(np.float32))
        for name, m in zip("abc", (5, 9, 40), strict=True)
    }
    upload_all(app, files)
    return settled(app.switch_page("../pages/dataset.py").run())


def role(app: AppTest, row: int, name: str) -> None:
    dataset = state(app).dataset
    take_roles(dataset, members(state(app), dataset), {row: {"role": name}})
    settled(app.run())


@pytest.mark.parametrize("name", SETS)
def test_a_built_in_set_is_a_table_with_roles_and_histograms(built: AppTest, name: str) -> None:
    settled(built.selectbox(key="dataset.source").set_value(name).run())
    (table,) = built.dataframe
    chosen = SETS[name]
    assert len(table.value) == len(chosen.make())
    assert [table.value["role"][i] for i in chosen.validation] == ["validation"] * len(chosen.validation)
    assert len(built.get("plotly_chart")) == 2
    assert not built.error


def test_scans_opened_on_inspect_are_the_set_and_have_their_figures(uploaded: AppTest) -> None:
    assert state(uploaded).dataset.source == "opened"
    table = uploaded.dataframe[0].value
    assert table["scan"].tolist() == ["a", "b", "c"]
    assert table["p50"].tolist() == pytest.approx([5, 9, 40], abs=0.4)
    assert set(table["role"]) == {TRAINING}
    settled(uploaded.multiselect(key="dataset.samples").set_value(["ct_chest"]).run())
    assert len(uploaded.dataframe[0].value) == 4
    assert any("unit HU, most have a.u." in words(warning) for warning in uploaded.warning)


def test_an_upload_on_this_page_joins_the_set_and_a_broken_file_is_said(built: AppTest) -> None:
    settled(built.selectbox(key="dataset.source").set_value("opened").run())
    assert "The set is empty" in built.info[0].value
    upload_all(built, {"one.npy": npy(np.eye(16)), "two.npy": npy(np.eye(18)), "broken.npy": b"no scan"})
    settled(built)
    assert built.dataframe[0].value["scan"].tolist() == ["one", "two"]
    assert "broken.npy" in words(built.error[0])


def test_names_from_files_stay_words(built: AppTest) -> None:
    settled(built.selectbox(key="dataset.source").set_value("opened").run())
    evil = "![x](http:host.invalid) <b> $a$ :red[x]"
    upload_all(built, {f"{evil}{i}.npy": npy(np.eye(16) * 10**i) for i in range(4)})
    sessions.set_recipe(state(built), Recipe((Line("zscore", over="dataset"),)))
    for section in ("scans", "lines", "leak", "fit"):
        show(built, section)
        for element in [*built.markdown, *built.caption, *built.warning, *built.info, *built.error, *built.success]:
            assert "![x](" not in element.value
            assert ":red[" not in element.value


def test_a_scan_that_had_to_make_room_is_said_and_can_be_left_out(uploaded: AppTest) -> None:
    scan_store().drop(state(uploaded).opened[1].key)
    sessions.set_recipe(state(uploaded), Recipe((Line("zscore", over="dataset"),)))
    show(uploaded, "lines")
    assert "b had to make room" in words(uploaded.warning[0])
    assert "b had to make room for others" in words(uploaded.error[0])
    role(uploaded, 1, "left out")
    assert not uploaded.error
    assert len(uploaded.get("plotly_chart")) == 4


def test_an_empty_recipe_is_said_and_an_example_is_offered(built: AppTest) -> None:
    show(built, "fit")
    assert "The recipe has no line yet" in built.info[0].value
    settled(built.button(key="dataset.example").click().run())
    assert [card.line.step for card in state(built).cards] == ["magnitude", "decibel", "zscore"]


def test_each_line_is_shown_per_scan_and_per_dataset(built: AppTest) -> None:
    sessions.set_recipe(state(built), OCT)
    show(built, "lines")
    assert built.segmented_control(key="dataset.line").value == 2
    assert built.toggle(key="dataset.db").value, "amplitudes over four decades"
    assert len(built.get("plotly_chart")) == 4
    tables = [words(element) for element in built.markdown]
    assert any("pooled training set" in table and "mean of training scans" in table for table in tables)
    settled(built.segmented_control(key="dataset.line").set_value(1).run())
    assert len(built.get("plotly_chart")) == 2
    assert any("measures nothing" in words(caption) for caption in built.caption)


def test_what_a_leak_does_is_a_sentence_with_numbers(built: AppTest) -> None:
    sessions.set_recipe(state(built), OCT)
    show(built, "leak")
    told = [words(element) for element in built.markdown if "moves from" in element.value]
    assert "The reference moves from" in told[0]
    assert "every value comes out" in told[0]
    assert "dB lower" in told[0]


def test_a_leak_needs_other_scans(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("zscore", over="dataset"),)))
    show(uploaded, "leak")
    assert "at least one for validation or test" in uploaded.info[0].value


def test_a_line_is_measured_over_the_dataset_with_one_click(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("clip"), Line("zscore"))))
    show(uploaded, "fit")
    assert uploaded.button(key="dataset.fit").disabled
    assert "nothing to fit" in words(uploaded.info[0])
    uid = state(uploaded).cards[1].uid
    settled(uploaded.button(key=f"dataset.over.{uid}").click().run())
    assert state(uploaded).cards[1].line.over == "dataset"
    assert not uploaded.button(key="dataset.fit").disabled


def test_a_fit_is_shown_before_it_is_accepted_and_measures_training_scans_only(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("zscore", over="dataset"),), "mine"))
    role(uploaded, 2, "validation")
    show(uploaded, "fit")
    before = sessions.recipe(state(uploaded))
    settled(uploaded.button(key="dataset.fit").click().run())
    rows = uploaded.dataframe[0].value
    mine = with_role(members(state(uploaded), state(uploaded).dataset), TRAINING)
    scans = [scan_store().get(member.identity) for member in mine]
    together = np.concatenate([scan.data.ravel() for scan in scans]).astype(np.float64)
    assert dict(zip(rows["number"], rows["value"], strict=True)) == pytest.approx(
        {"mean": together.mean(), "std": together.std()}, rel=1e-6
    )
    assert rows["lowest scan"][0] == pytest.approx(min(scan.data.mean() for scan in scans), rel=1e-5)
    assert rows["voxels"].tolist() == [800, 800]
    assert sessions.recipe(state(uploaded)) == before, "nothing is accepted yet"
    settled(uploaded.button(key="dataset.accept").click().run())
    assert sessions.recipe(state(uploaded)).to_yaml() == fit(before, scans).to_yaml()
    assert "numbers of 2 scans" in uploaded.success[0].value
    go(uploaded, "recipe")
    settled(uploaded.button(key="recipe.apply").click().run())
    assert not uploaded.error


def test_a_fit_that_is_discarded_or_outdated_changes_nothing(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("zscore", over="dataset"),)))
    show(uploaded, "fit")
    settled(uploaded.button(key="dataset.fit").click().run())
    settled(uploaded.button(key="dataset.discard").click().run())
    assert state(uploaded).cards[0].line.fitted is None
    settled(uploaded.button(key="dataset.fit").click().run())
    assert len(uploaded.dataframe) == 1
    sessions.add_line(state(uploaded), Line("minmax", over="dataset"))
    settled(uploaded.run())
    assert len(uploaded.dataframe) == 0, "the recipe is another one now"
    assert not uploaded.button(key="dataset.fit").disabled


def test_lines_that_are_switched_off_stay_and_cost_no_fit(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("clip"), Line("zscore", over="dataset"))))
    clip = state(uploaded).cards[0]
    sessions.edit(state(uploaded), clip.uid, lambda card: sessions.Card(card.uid, card.line, on=False))
    show(uploaded, "fit")
    settled(uploaded.button(key="dataset.fit").click().run())
    settled(uploaded.button(key="dataset.accept").click().run())
    cards = state(uploaded).cards
    assert [(card.line.step, card.on) for card in cards] == [("clip", False), ("zscore", True)]
    sessions.edit(
        state(uploaded), cards[0].uid, lambda card: sessions.Card(card.uid, Line("clip", {"low": 0.5}), on=False)
    )
    assert state(uploaded).cards[1].line.fitted, "a change of a line that is off touches nothing"
    sessions.edit(state(uploaded), cards[0].uid, lambda card: sessions.Card(card.uid, card.line, on=True))
    assert state(uploaded).cards[1].line.fitted is None


def test_a_line_that_waits_points_to_this_page(app: AppTest) -> None:
    sessions.set_recipe(state(app), Recipe((Line("zscore", over="dataset"),)))
    go(app, "recipe")
    assert app.button(key="recipe.apply").disabled
    assert words(app.warning[0]) == "Line 1 is measured on a training set. Fit the recipe first."
    commands = next(code.value for code in app.code if code.value.startswith("python -m prep_core"))
    assert commands.splitlines() == [
        "python -m prep_core fit recipe.yaml TRAINING_FOLDER -o fitted-recipe.yaml",
        "python -m prep_core apply fitted-recipe.yaml SCAN -o OUT",
    ]


def test_no_training_scan_is_said_and_nothing_is_fitted(uploaded: AppTest) -> None:
    sessions.set_recipe(state(uploaded), Recipe((Line("zscore", over="dataset"),)))
    for row in range(3):
        role(uploaded, row, "test")
    show(uploaded, "fit")
    assert "No scan is for training" in uploaded.info[0].value
    assert uploaded.button(key="dataset.fit").disabled

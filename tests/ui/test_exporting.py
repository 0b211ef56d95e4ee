"""The recipe in the words of other programs, on the Recipe page."""

from streamlit.testing.v1 import AppTest

from prep_core.export import export
from prep_ui.recipe.exporting import PROGRAMS
from prep_ui.session import state as sessions
from tests.ui.dashboard import add_step, go, state, words


def chosen(app: AppTest, *steps: str) -> AppTest:
    go(app, "tune")
    for step in steps:
        add_step(app, step)
    return go(app, "recipe")


def test_every_program_is_offered_with_its_text_and_notes(app: AppTest) -> None:
    chosen(app, "clip", "zscore")
    recipe = sessions.recipe(state(app))
    for title in ("Python", "MONAI", "TorchIO", "bioimage.io"):
        app.segmented_control(key="recipe.to").set_value(title).run()
        assert not app.exception
        exported = export(recipe, PROGRAMS[title])
        assert exported.text.rstrip("\n") in [code.value.rstrip("\n") for code in app.code]
        shown = " ".join(words(element) for element in app.markdown)
        assert all(note in shown for note in exported.notes)


def test_a_refusal_names_the_line_and_the_reason(app: AppTest) -> None:
    chosen(app, "log")
    app.segmented_control(key="recipe.to").set_value("bioimage.io").run()
    assert "bioimage.io cannot do this recipe exactly" in words(app.warning[0])
    assert any("line 1: log has no form in bioimage.io" in words(element) for element in app.markdown)

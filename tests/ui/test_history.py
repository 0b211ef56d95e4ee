"""Undo and redo: every change of the recipe can be taken back, twenty deep, and made again."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Fitted, Line, digest
from prep_core.recipe import Recipe
from prep_ui.session import state as sessions
from prep_ui.session.history import DEPTH, History, recorded, redone, undone
from prep_ui.session.state import AppState, Opened
from tests.ui.dashboard import add_step, go, reloaded, showing, state


@pytest.fixture
def session() -> AppState:
    """A session with a window above a z-score."""
    fresh = AppState((Opened("a scan", sample="none"),))
    sessions.set_recipe(fresh, Recipe((Line("window"), Line("zscore")), "first", "CT"))
    fresh.history = History()
    return fresh


def shown(session: AppState) -> tuple[object, ...]:
    return session.cards, session.selected, session.name, session.modality, session.origin


CHANGES = {
    "add": lambda s: sessions.add_line(s, Line("gamma")),
    "remove": lambda s: sessions.edit(s, s.cards[1].uid, lambda card: None),
    "switch off": lambda s: sessions.edit(s, s.cards[0].uid, lambda card: replace(card, on=False)),
    "move": lambda s: sessions.place(s, s.cards[0].uid, 1),
    "parameter": lambda s: sessions.set_params(s, s.cards[0].uid, width=350.0),
    "population": lambda s: sessions.set_population(s, s.cards[1].uid, over="dataset"),
    "open a recipe": lambda s: sessions.set_recipe(s, Recipe((Line("minmax"),), "other", "MR")),
    "rename": lambda s: sessions.rename(s, "second", "MR"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_one_step_back_and_one_forward(session: AppState, change: str) -> None:
    before = shown(session)
    CHANGES[change](session)
    after = shown(session)
    assert after != before
    assert len(session.history.past) == 1
    sessions.undo(session)
    assert shown(session) == before
    sessions.redo(session)
    assert shown(session) == after


def test_accepting_a_fit_is_taken_back_with_its_numbers(session: AppState) -> None:
    sessions.set_population(session, session.cards[1].uid, over="dataset")
    window, waiting = sessions.recipe(session).lines
    numbers = Fitted({"mean": 1.0, "std": 2.0}, 3, 300, digest([window]))
    fitted = Recipe((window, replace(waiting, fitted=numbers)), "first", "CT", {"scans": 3})
    sessions.accept(session, fitted)
    assert sessions.recipe(session) == fitted
    sessions.undo(session)
    assert sessions.recipe(session).waiting == (2,)
    assert sessions.recipe(session).trained_on is None
    sessions.redo(session)
    assert sessions.recipe(session) == fitted


def test_what_changes_nothing_is_no_step(session: AppState) -> None:
    sessions.set_params(session, session.cards[0].uid, width=session.cards[0].line.params["width"])
    sessions.place(session, session.cards[0].uid, 0)
    sessions.rename(session, session.name, session.modality)
    assert session.history == History()


def test_selecting_is_no_step_and_a_line_that_comes_back_is_selected_again(session: AppState) -> None:
    second = session.cards[1].uid
    session.selected = second
    sessions.edit(session, second, lambda card: None)
    sessions.undo(session)
    assert session.selected == second


def test_twenty_changes_are_kept_and_the_oldest_goes_first(session: AppState) -> None:
    widths = [100.0 + i for i in range(DEPTH + 5)]
    for width in widths:
        sessions.set_params(session, session.cards[0].uid, width=width)
    for _ in range(DEPTH + 9):
        sessions.undo(session)
    assert session.cards[0].line.params["width"] == widths[4]
    for _ in range(DEPTH + 9):
        sessions.redo(session)
    assert session.cards[0].line.params["width"] == widths[-1]


def test_a_new_change_ends_what_could_be_made_again(session: AppState) -> None:
    sessions.add_line(session, Line("gamma"))
    sessions.undo(session)
    sessions.add_line(session, Line("minmax"))
    sessions.redo(session)
    assert [card.line.step for card in session.cards] == ["window", "zscore", "minmax"]


def test_a_line_added_after_an_undo_has_an_identity_of_its_own(session: AppState) -> None:
    sessions.add_line(session, Line("gamma"))
    gone = session.cards[-1].uid
    sessions.undo(session)
    sessions.add_line(session, Line("minmax"))
    assert session.cards[-1].uid > gone


def test_the_values_are_plain() -> None:
    history = recorded(recorded(History(), "a"), "b")
    back, version = undone(history, "c")
    assert (back, version) == (History(("a",), ("c",)), "b")
    assert redone(back, version) == (history, "c")
    assert undone(History(), "c") == (History(), "c")


def test_the_buttons_of_the_page_take_a_preset_back(app: AppTest) -> None:
    go(app, "tune")
    assert app.button(key="tune.undo").disabled
    add_step(app, "window")
    uid = state(app).cards[0].uid
    app.selectbox(key=f"tune.{uid}.preset").set_value("Bone (Slicer)").run()
    app.button(key="tune.undo").click().run()
    assert showing(app.number_input, f"tune.{uid}.width.box").value == 400
    app.button(key="tune.redo").click().run()
    assert showing(app.number_input, f"tune.{uid}.width.box").value == 1000
    assert app.button(key="tune.redo").disabled
    assert not app.exception


def test_a_recipe_from_a_file_is_taken_back(app: AppTest) -> None:
    add_step(go(app, "tune"), "window")
    before = sessions.recipe(state(app))
    go(app, "recipe").file_uploader(key="recipe.upload.0").upload("a.yaml", b"prep: 1\nsteps:\n- {step: clip}\n").run()
    go(app, "tune").button(key="tune.undo").click().run()
    assert not app.exception
    assert sessions.recipe(state(app)) == before


def test_a_reload_begins_without_a_past(app: AppTest) -> None:
    add_step(go(app, "tune"), "window")
    fresh = reloaded(app)
    assert [card.line.step for card in state(fresh).cards] == ["window"]
    assert state(fresh).history == History()

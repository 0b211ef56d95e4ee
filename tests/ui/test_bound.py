"""Two widgets for one value, and a button that changes it too."""

import pytest
from streamlit.testing.v1 import AppTest

from prep_ui.session import bound
from tests.ui.dashboard import showing


def page() -> None:
    import streamlit as st

    from prep_ui.session.bound import bound

    state = st.session_state
    state.setdefault("value", 1)
    state.setdefault("heard", [])

    def change(value: int) -> None:
        state["heard"].append(value)
        if value != state.get("refused"):
            state["value"] = value

    st.slider("slider", 0, 9, state["value"], **bound("slider", state["value"], change))
    st.number_input("box", 0, 9, state["value"], **bound("box", state["value"], change))
    st.button("undo", on_click=lambda: state.update(value=1))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page).run()


def shown(app: AppTest) -> tuple[int, int]:
    return showing(app.slider, "slider").value, showing(app.number_input, "box").value


def test_both_show_what_was_chosen_in_either(app: AppTest) -> None:
    showing(app.slider, "slider").set_value(4).run()
    assert shown(app) == (4, 4)
    showing(app.number_input, "box").set_value(6).run()
    assert shown(app) == (6, 6)
    assert app.session_state["heard"] == [4, 6]


def test_both_show_what_other_hands_changed(app: AppTest) -> None:
    showing(app.slider, "slider").set_value(4).run()
    app.button[0].click().run()
    assert shown(app) == (1, 1)
    assert app.session_state["heard"] == [4]


def test_a_value_that_is_refused_does_not_stay(app: AppTest) -> None:
    app.session_state["refused"] = 7
    showing(app.number_input, "box").set_value(7).run()
    assert shown(app) == (1, 1)
    assert app.session_state["heard"] == [7]


def test_the_widget_that_is_used_stays_the_same_and_the_other_is_another(app: AppTest) -> None:
    keys = set()
    for value in (4, 5, 6):
        showing(app.slider, "slider").set_value(value).run()
        keys.add((showing(app.slider, "slider").key, showing(app.number_input, "box").key))
    assert keys == {("slider", f"box.{turn}") for turn in (1, 2, 3)}


@pytest.mark.parametrize("sent", [1, 3])
def test_what_is_sent_for_a_widget_from_before_is_not_heard(app: AppTest, sent: int) -> None:
    late = showing(app.number_input, "box")
    showing(app.slider, "slider").set_value(4).run()
    late.set_value(sent).run()  # with all of the page from before: the slider at 4
    assert app.session_state["heard"] == [4]
    assert shown(app) == (4, 4)


def test_keys_come_again_after_many_turns(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bound, "TURNS", 2)
    for value in (4, 5, 6, 7):
        showing(app.slider, "slider").set_value(value).run()
        assert shown(app) == (value, value)
    assert app.session_state["heard"] == [4, 5, 6, 7]


def chooser() -> None:
    import streamlit as st

    from prep_ui.session.bound import bound

    state = st.session_state
    state.setdefault("names", ["old"])
    state.setdefault("heard", [])
    names = state["names"]
    st.selectbox(
        "chooser", range(len(names)), 0, names.__getitem__, **bound("chooser", 0, state["heard"].append, names)
    )


def test_other_choices_in_the_same_place_are_another_widget() -> None:
    app = AppTest.from_function(chooser).run()
    late = showing(app.selectbox, "chooser")
    app.session_state["names"] = ["new", "old"]
    app.run()
    late.select("old").run()  # what was chosen before, and stands elsewhere now
    assert app.session_state["heard"] == []
    assert showing(app.selectbox, "chooser").value == 0

"""What a chart's camera saves."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_ui.compare.choice import SECTION
from prep_ui.saving import KEY
from prep_ui.session import state as sessions
from tests.ui.dashboard import go, state


def configs(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.config) for chart in app.get("plotly_chart")]


def test_charts_are_saved_as_png_or_svg_as_chosen(app: AppTest) -> None:
    app.selectbox(key="inspect.scan").set_value(list(SAMPLES).index("oct_simulated")).run()
    shown = configs(app)
    assert [c["toImageButtonOptions"]["format"] for c in shown] == ["png"] * 2
    names = {c["toImageButtonOptions"]["filename"] for c in shown}
    assert names == {"depth_linear", "depth_dB"}
    assert all(c["modeBarButtons"] == [["toImage"]] for c in shown)
    app.segmented_control(key=KEY).set_value("SVG").run()
    assert [c["toImageButtonOptions"]["format"] for c in configs(app)] == ["svg"] * 2
    go(app, "recipe")
    go(app, "inspect")
    assert app.segmented_control(key=KEY).value == "SVG"
    assert [c["toImageButtonOptions"]["format"] for c in configs(app)] == ["svg"] * 2


@pytest.mark.parametrize("where", ["inspect", "compare", "header", "recipe"])
def test_the_choice_stands_beside_charts_with_a_camera_and_nowhere_else(app: AppTest, where: str) -> None:
    sessions.set_recipe(state(app), Recipe((Line("window"),)))
    app.session_state[SECTION] = "recipes"
    go(app, where)
    choices = [control for control in app.segmented_control if control.key == KEY]
    assert bool(choices) == bool(app.get("plotly_chart")) == (where == "compare")

"""What a chart's camera saves."""

import json

from streamlit.testing.v1 import AppTest

from prep_core.samples import SAMPLES
from prep_ui.saving import KEY
from tests.ui.dashboard import go


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

"""Presets are numbers that the steps take, and the scan's own windows come first."""

import pytest

from prep_core.line import Line
from prep_core.presets import PRESETS, Preset, presets_for
from prep_core.scan import Scan, Source
from tests.strategies import unit_scan

CT = Scan(
    unit_scan().data,
    "ZYX",
    unit="HU",
    source=Source(
        facts={
            "windows": [
                {"name": "LUNG", "center": -600.0, "width": 1600.0},
                {"name": "BONE", "center": 300.0, "width": 1500.0, "function": "sigmoid"},
            ]
        }
    ),
)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: f"{preset.step} {preset.label}")
def test_every_preset_is_a_legal_line(preset: Preset) -> None:
    line = Line(preset.step, preset.params)
    assert {name: line.params[name] for name in preset.params} == dict(preset.params)


def test_labels_are_distinct_within_a_step() -> None:
    labels = [(preset.step, preset.label) for preset in PRESETS]
    assert len(set(labels)) == len(labels)


def test_bone_is_four_windows() -> None:
    assert (
        len({(p.params["center"], p.params["width"]) for p in PRESETS if "Bone" in p.name and p.step == "window"}) == 4
    )


def test_own_windows_come_first_and_only_while_the_unit_is_theirs() -> None:
    first, second, *others = presets_for("window", CT, "HU")
    assert (first.label, dict(first.params)) == ("LUNG (this scan)", {"center": -600.0, "width": 1600.0})
    assert second.params == {"center": 300.0, "width": 1500.0, "function": "sigmoid"}
    assert Line("window", second.params).params["function"] == "sigmoid"
    assert others
    assert presets_for("window", CT, "1") == ()


def test_percentile_presets_fit_any_unit() -> None:
    assert presets_for("percentile_rescale", CT, "HU") == presets_for("percentile_rescale", CT, "dB") != ()

"""First parameters fit the values that a new line meets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line
from prep_core.scan import Scan, Source, voxel_affine
from prep_core.starting import starting_values
from prep_core.steps import STEPS
from tests.strategies import unit_scan

VALUES = np.linspace(-1000, 3071, 10_000)
CT = Scan(unit_scan().data, "ZYX", voxel_affine((2.5, 0.7, 0.7)), True, "HU")


def test_a_window_in_hu_keeps_the_default_unless_the_scan_has_its_own() -> None:
    assert starting_values("window", CT, VALUES, "HU") == {}
    own = Scan(
        CT.data, "ZYX", unit="HU", source=Source(facts={"windows": [{"name": "a", "center": 1.0, "width": 9.0}]})
    )
    assert starting_values("window", own, VALUES, "HU") == {"center": 1.0, "width": 9.0}


def test_a_window_in_other_units_covers_the_values() -> None:
    start = starting_values("window", CT, np.linspace(0, 0.1, 1000), "a.u.")
    assert start["center"] == pytest.approx(0.05, rel=0.05)
    assert start["width"] == pytest.approx(0.1, rel=0.05)


def test_a_clip_is_round_and_outside_the_percentiles() -> None:
    start = starting_values("clip", CT, VALUES, "HU")
    low, high = np.percentile(VALUES, (0.1, 99.9))
    assert start == {"low": -1000.0, "high": 3100.0}
    assert start["low"] <= low
    assert start["high"] >= high


def test_invert_knows_the_bits_of_stored_values() -> None:
    stored = Scan(CT.data, "ZYX", source=Source(facts={"bits_stored": 12}))
    assert starting_values("invert", stored, VALUES, "a.u.") == {"high": 4095.0}
    assert starting_values("invert", CT, VALUES, "1") == {"high": 3071.0}


def test_one_size_is_the_next_that_halves_and_what_is_added_is_air() -> None:
    assert starting_values("crop_or_pad", CT, VALUES, "HU") == {"size": (0.0, 32.0, 32.0), "fill": -1000.0}


def test_channels_start_with_all_that_there_are() -> None:
    bands = Scan(np.ones((4, 5, 6), np.float32), "CYX", channels=("B02", "B03", "B04", "B08"))
    assert starting_values("select_channels", bands, VALUES, "a.u.") == {"names": "B02, B03, B04, B08"}
    assert starting_values("select_channels", CT, VALUES, "HU") == {}
    assert starting_values("to_grey", bands, VALUES, "a.u.") == {"method": "mean"}
    assert starting_values("to_grey", unit_scan("CYX"), VALUES, "1") == {}


def test_resampling_starts_at_the_finest_spacing() -> None:
    assert starting_values("resample", CT, VALUES, "HU") == {"spacing": pytest.approx((0.7, 0.7, 0.7))}


def test_a_range_to_rescale_or_round_covers_the_values() -> None:
    assert starting_values("rescale_range", CT, VALUES, "HU") == {"in_low": -1000.0, "in_high": 3100.0}
    assert starting_values("round_to", CT, VALUES, "HU") == {"low": -1000.0, "high": 3100.0}
    assert starting_values("round_to", CT, np.linspace(0, 1, 50), "1") == {}


@pytest.mark.parametrize(
    ("step", "name"), [("asinh", "scale"), ("bilateral", "sigma_value"), ("tv", "weight"), ("nlm", "h")]
)
def test_strengths_are_a_tenth_of_the_range(step: str, name: str) -> None:
    assert starting_values(step, CT, VALUES, "HU") == {name: 400.0}
    assert starting_values(step, CT, np.full(9, 7.0), "HU") == {}


LENGTHS = [name for name, step in STEPS.items() if "lengths_in" in step.fields]


@pytest.mark.parametrize("step", LENGTHS)
def test_lengths_count_voxels_where_millimetres_mean_nothing(step: str) -> None:
    unknown = Scan(CT.data, "ZYX")
    microscope = Scan(CT.data, "ZYX", voxel_affine((0.001, 0.0002, 0.0002)), True)
    for scan in (unknown, microscope):
        assert starting_values(step, scan, VALUES, "a.u.")["lengths_in"] == "px"
    assert "lengths_in" not in starting_values(step, CT, VALUES, "HU")


def test_values_beyond_the_limits_of_a_step_leave_its_defaults() -> None:
    assert starting_values("window", CT, np.linspace(9e5, 2e6, 50), "a.u.") == {}


@given(low=st.floats(-1e12, 1e12), span=st.floats(0, 1e12), step=st.sampled_from(list(STEPS)))
def test_any_values_give_a_legal_line(low: float, span: float, step: str) -> None:
    start = starting_values(step, CT, np.linspace(low, low + span, 50), "a.u.")
    assert Line(step, start).params.keys() >= start.keys()


@pytest.mark.parametrize(("inverted", "lungs"), [(False, "dark"), (True, "bright")])
def test_lungs_in_a_radiograph_are_found_as_in_a_radiograph(inverted: bool, lungs: str) -> None:
    film = Scan(unit_scan().data[0], "YX", modality="DX", display_inverted=inverted)
    assert starting_values("lung_mask", film, VALUES, "a.u.") == {"method": "cxr", "lungs": lungs, "lengths_in": "px"}
    assert "method" not in starting_values("lung_mask", CT, VALUES, "HU")

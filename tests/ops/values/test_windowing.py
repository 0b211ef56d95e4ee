"""A span of values mapped to a span of results."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from tests.ops.lines import after


def test_a_window_runs_from_black_to_white_and_clips() -> None:
    assert after("window", [-500.0, -160, 40, 240, 900]).tolist() == [0, 0, 0.5, 1, 1]


def test_a_linear_window_of_width_1_is_a_threshold() -> None:
    """PS3.3 C.11.2.1.2.1: below or at c - 0.5 black, above c - 0.5 + (w - 1) white."""
    shown = after("window", [39.0, 39.5, 39.6, 40.0], function="linear", center=40.0, width=1.0)
    assert shown.tolist() == [0, 0, 1, 1]


def test_a_sigmoid_far_from_the_centre_is_black_or_white() -> None:
    assert after("window", [-1e30, 40.0, 1e30], function="sigmoid").tolist() == pytest.approx([0, 0.5, 1])


def test_a_linear_window_needs_a_width_of_1() -> None:
    with pytest.raises(RecipeError, match=r"window width must be at least 1 for function linear .* got 0.5"):
        Line("window", {"function": "linear", "width": 0.5})


def test_rescale_range_goes_on_outside_only_without_clip() -> None:
    values = [-200.0, 0, 50, 100, 200]
    named = {"in_low": 0.0, "in_high": 100.0, "out_low": -1.0, "out_high": 1.0}
    assert after("rescale_range", values, **named).tolist() == [-1, -1, 0, 1, 1]
    assert after("rescale_range", values, clip=False, **named).tolist() == [-5, -1, 0, 1, 3]


def test_a_clipped_result_never_leaves_its_range_by_rounding() -> None:
    values = np.random.default_rng(0).uniform(-2, 2, 10_000)
    result = after("rescale_range", values, out_low=-0.1, out_high=0.3)
    assert result.min() == np.float32(-0.1)
    assert result.max() == np.float32(0.3)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"in_low": 1.0}, "in_low must be below in_high by at least 1e-09, got 1 and 1"),
        ({"in_high": 1e-12}, "in_low must be below in_high by at least 1e-09, got 0 and 1e-12"),
        ({"out_low": 2.0}, "out_low must be below out_high by at least 1e-09, got 2 and 1"),
    ],
)
def test_rescale_range_refuses_ranges_without_width(params: dict[str, float], complaint: str) -> None:
    with pytest.raises(RecipeError, match=f"rescale_range {complaint}"):
        Line("rescale_range", params)

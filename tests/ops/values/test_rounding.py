"""What fewer grey levels lose, and how it is counted."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from tests.ops.lines import after, done, scan_of


def test_values_go_to_the_nearest_level_and_halves_to_the_even_one() -> None:
    assert after("round_to", [0.0, 0.9, 1.1, 1.5, 2.5, 9.0], levels=4, high=3.0).tolist() == [0, 1, 1, 2, 2, 3]


def test_a_value_moves_by_half_a_level_at_most() -> None:
    values = np.random.default_rng(0).uniform(-1000, 3000, 20_000).astype(np.float32)
    moved = np.abs(after("round_to", values, low=-1000.0, high=3000.0) - values)
    half = 4000 / 255 / 2
    assert 0.99 * half < moved.max() <= half + 1e-3


def test_8_bits_of_a_12_bit_scan_are_counted() -> None:
    stored = np.arange(4096).reshape(64, 64)
    result = done("round_to", scan_of(stored), high=4095.0)
    assert result.tally == {"levels_before": 4096, "levels_after": 256, "clipped": 0}
    assert done("round_to", scan_of(stored), levels=4096, high=4095.0).scan.data.tolist() == stored.tolist()


def test_clipped_voxels_are_counted_and_padding_is_not() -> None:
    scan = scan_of([[-5.0, 0.2, 0.8, 7.0, 99.0, np.nan]], valid=[[True, True, True, True, False, False]])
    result = done("round_to", scan, levels=2)
    assert result.scan.data[0, :4].tolist() == [0, 0, 1, 1]
    assert result.tally == {"levels_before": 4, "levels_after": 2, "clipped": 2}


def test_rounding_twice_changes_nothing() -> None:
    once = after("round_to", np.linspace(-1, 2, 1000), levels=7, low=-0.3, high=1.7)
    assert np.array_equal(after("round_to", once, levels=7, low=-0.3, high=1.7), once)


def test_a_range_without_width_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"round_to low must be below high by at least 1e-09, got 1 and 1"):
        Line("round_to", {"low": 1.0})

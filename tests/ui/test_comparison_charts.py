"""Charts and tables of Compare: what they hold, without a browser."""

import numpy as np
import pytest

from prep_core.quality.network import seen
from prep_core.quality.overlaid import Axis, Overlaid
from prep_core.quality.rows import Figure
from prep_core.quality.two import Joint
from prep_ui.compare.bars import ROWS, band_bars, joint_map, two_histograms
from prep_ui.compare.tables import beside, own_cells
from prep_ui.viewer import Pane, pack
from tests.ui.test_viewer import unpack

EDGES = (0.0, 1.0, 2.0, 4.0)


def test_every_bar_adds_to_one_and_has_a_name() -> None:
    raw = np.linspace(0, 4, 400)
    figure = band_bars(seen(raw, np.sqrt(raw), EDGES), "a.u.")
    assert len(figure.data) == 3
    np.testing.assert_allclose(np.sum([bar.x for bar in figure.data], axis=0), 1)
    assert len(figure.layout.yaxis.ticktext) == len(ROWS) == len(set(figure.layout.yaxis.tickvals))
    # The bar of the squared error of the raw values: the top band holds 7/8 of the integral of y^2.
    where = next(i for i, (kind, under, _) in enumerate(ROWS) if (kind, under) == ("loss", "raw"))
    assert figure.data[2].x[where] == pytest.approx(7 / 8, abs=0.01)


def test_an_empty_bin_has_no_place_on_a_log_axis() -> None:
    chart = Overlaid(Axis(0.0, 3.0, 3, "HU"), {"A": np.array([0.5, 0, 0.5]), "B": np.array([0, 1.0, 0])})
    one, other = two_histograms(chart, "value (HU)").data
    np.testing.assert_array_equal(np.isnan(one.y), [False, True, False])
    np.testing.assert_array_equal(other.x, [0.5, 1.5, 2.5])


def test_the_diagonal_goes_as_far_as_both_have_values() -> None:
    counts = np.array([[3, 0], [0, 100]])
    figure = joint_map(Joint(np.array([0.0, 1, 2]), np.array([0.5, 1, 9]), counts), "A", "B")
    assert list(figure.data[1].x) == list(figure.data[1].y) == [0.5, 2]
    np.testing.assert_allclose(figure.data[0].z, [[np.log10(3), np.nan], [np.nan, 2]])
    apart = joint_map(Joint(np.array([0.0, 1, 2]), np.array([5.0, 6, 7]), counts), "A", "B")
    assert len(apart.data) == 1


def test_a_mean_that_is_rounding_beside_the_spread_is_0() -> None:
    assert (beside(3e-8, 1.0), beside(3e-8, 1e-3), beside(-2.0, None)) == (0, 3e-8, -2)
    rows = own_cells((Figure("mean", 2.0, 5e-8, "HU", "1"), Figure("std", 4.0, 1.0, "HU", "1")), ("A", "B"))
    assert [row[:4] for row in rows] == [("mean", "2 HU", "0", "B"), ("std", "4 HU", "1", "B")]


def test_a_pane_brings_its_colours_along() -> None:
    colours = np.arange(768).reshape(256, 3).astype(np.uint8)
    head, _ = unpack(pack([Pane(np.zeros((2, 2)), -1.0, 1.0, "B − A", "", colours=colours)], pixel_aspect=1, height=1))
    assert bytes.fromhex(head["panes"][0]["colours"]) == colours.tobytes()
    with pytest.raises(ValueError, match="colours must be 256"):
        Pane(np.zeros((2, 2)), -1.0, 1.0, "B − A", "", colours=colours[:10])

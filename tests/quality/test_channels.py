"""How channels vary together, against NumPy."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.quality.channels import MOST_CHANNELS, channel_pairs, correlations
from prep_core.quality.report import before_after
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples import load_sample
from prep_core.scan import Scan

RNG = np.random.default_rng(1)
BASE = RNG.normal(10, 1, (2, 6, 7))
THREE = Scan(np.stack([BASE, 3 * BASE + RNG.normal(0, 1, (2, 6, 7)), 0 * BASE + 4], 1).astype(np.float32), "TCYX")


def test_equal_numpy_over_the_voxels_that_are_valid_in_all_channels() -> None:
    valid = np.ones(THREE.data.shape, bool)
    valid[0, 0, 2, 3] = valid[1, 1, 4, :2] = False
    found = correlations(replace(THREE, valid=valid, channels=("red", "green", "blue")))
    seen = valid.all(axis=1)
    wanted = np.corrcoef(*(THREE.data.astype(np.float64)[:, i][seen] for i in (0, 1)))[0, 1]
    assert found == {
        ("red", "green"): pytest.approx(wanted, rel=1e-12),
        ("red", "blue"): None,
        ("green", "blue"): None,
    }


def test_scans_without_channels_and_with_too_many_have_none() -> None:
    assert correlations(Scan(THREE.data[0], "ZYX")) == {}
    assert correlations(Scan(np.zeros((MOST_CHANNELS + 1, 2, 2)), "CYX")) == {}
    assert correlations(replace(THREE, valid=np.zeros(THREE.data.shape, bool))) == {}


def test_channels_are_known_by_their_names_before_and_after() -> None:
    scan = replace(THREE, channels=("a", "b", "c"))
    result = apply(Recipe((Line("select_channels", {"names": "b, a"}),)), scan)
    pairs = channel_pairs(scan, result)
    assert [(p.one, p.other, p.before is None, p.after is None) for p in pairs] == [
        ("a", "b", False, False),
        ("a", "c", True, True),
        ("b", "c", True, True),
    ]
    assert pairs[0].before == pairs[0].after
    renamed = channel_pairs(scan, replace(result, channels=("a", "d")))
    assert [(p.one, p.other, p.before is None, p.after is None) for p in renamed[2:]] == [
        ("b", "c", True, True),
        ("a", "d", True, False),
    ]
    grey = apply(Recipe((Line("to_grey"),)), replace(THREE, channels=("R", "G", "B")))
    assert {pair.after for pair in channel_pairs(THREE, grey)} == {None}


def test_a_straight_line_for_each_channel_keeps_them_and_a_curve_does_not() -> None:
    scan = load_sample("satellite_sentinel2")
    kept = before_after(Recipe((Line("zscore", per="channel"),)), scan).channels
    assert len(kept) == 6
    assert [pair.after for pair in kept] == pytest.approx([pair.before for pair in kept], abs=1e-6)
    bent = before_after(Recipe((Line("equalize"),)), scan).channels
    assert max(abs((pair.after or 0) - (pair.before or 0)) for pair in bent) > 0.01

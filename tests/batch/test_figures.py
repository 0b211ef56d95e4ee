"""Figures equal NumPy's, at once and in portions; shares are counted in valid voxels."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from prep_core import Recipe, trace
from prep_core.batch import figures as module
from prep_core.batch.figures import counted, cut, figures, figures_of
from prep_core.scan import Scan

RNG = np.random.default_rng(2)
VALUES = {
    "float32": RNG.normal(3, 40, 5001).astype(np.float32),
    "decades": (10 ** RNG.uniform(-6, 2, 4000)).astype(np.float32),
    "int16": RNG.integers(-1024, 3071, 777).astype(np.int16),
    "bool": RNG.uniform(size=99) > 0.3,
    "zeros": np.array([0.0, -0.0, 0.0, -0.0], np.float32),
    "one": np.array([7.25], np.float32),
}


@pytest.mark.parametrize("name", VALUES)
def test_figures_are_those_of_numpy(name: str) -> None:
    values = VALUES[name]
    found = figures(values)
    wide = values.astype(np.float64)
    assert found["voxels"] == values.size
    assert [found[n] for n in ("min", "p1", "median", "p99", "max")] == np.percentile(
        wide, [0, 1, 50, 99, 100]
    ).tolist()
    assert [found["mean"], found["std"]] == pytest.approx([wide.mean(), wide.std()], rel=1e-12)


@pytest.mark.parametrize("name", VALUES)
def test_portions_give_the_same_bits(name: str) -> None:
    values = VALUES[name]
    assert repr(figures_of(lambda: np.array_split(values, 3))) == repr(figures(values))


def test_many_values_are_counted_and_few_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    few = figures(VALUES["float32"])
    monkeypatch.setattr(module, "FEW", 10)
    assert figures(VALUES["float32"]) == few


def test_no_voxel_has_no_figures() -> None:
    assert figures(np.array([], np.float32)) == {}


def test_padding_does_not_count_and_complex_values_count_by_magnitude() -> None:
    data = np.array([[3 + 4j, 1j], [100, -2]])
    scan = Scan(data, "YX", valid=np.array([[True, True], [False, True]]))
    np.testing.assert_array_equal(counted(scan), [5, 1, 2])
    np.testing.assert_array_equal(counted(replace(scan, valid=np.ones((2, 2), bool))), [5, 1, 100, 2])


def test_shares_of_what_is_cut_off() -> None:
    data: NDArray[np.float32] = np.array([[-1, 0, 1, 2], [3, 4, 5, -9]], np.float32)
    valid = np.ones((2, 4), bool)
    valid[1, 3] = False
    recipe = Recipe.from_yaml("prep: 1\nsteps:\n- {step: invert, high: 5}\n- {step: clip, low: 1, high: 5}\n")
    lines = list(trace(recipe, Scan(data, "YX", valid=valid)))
    assert cut(lines) == [{"line": 2, "step": "clip", "clipped_low": 1 / 7, "clipped_high": 1 / 7}]

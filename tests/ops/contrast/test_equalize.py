"""Histogram equalisation, measured on one population and carried out on any voxel."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from tests.ops.lines import done, scan_of


def skewed(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).gamma(2, 100, (80, 90)).astype(np.float32)


def test_equalised_values_are_spread_evenly() -> None:
    result = done("equalize", scan_of(skewed()), bins=4096).scan.data
    counts, _ = np.histogram(result, 10, (0, 1))
    assert counts == pytest.approx(720, rel=0.02)


def test_the_order_of_values_stays() -> None:
    data = skewed()
    result = done("equalize", scan_of(data)).scan.data
    assert (np.diff(result.ravel()[np.argsort(data.ravel())]) >= 0).all()


def test_four_bins_by_hand() -> None:
    # Bins of 2 from 0 to 8 hold 2 1 0 1 of 4 values; their centres are 1 3 5 7.
    assert done("equalize", scan_of([[0.0, 1.0, 3.0, 8.0]]), bins=4).scan.data.tolist() == [[0.5, 0.5, 0.75, 1.0]]


def test_only_what_is_inside_is_measured_and_padding_never() -> None:
    data, inside = skewed(), skewed() > 150
    scan = scan_of(data, mask=inside)
    result = done("equalize", scan, inside="mask").scan.data
    assert result[inside].mean() == pytest.approx(0.5, abs=0.02)
    spoilt = np.where(inside, data, np.float32(1e6))
    padded = done("equalize", scan_of(spoilt, inside)).scan.data
    assert np.array_equal(padded[inside], result[inside])


def test_a_curve_of_a_dataset_is_that_of_the_pooled_voxels() -> None:
    scans = [scan_of(skewed(seed) * (seed + 1)) for seed in range(3)]
    fitted = fit(Recipe((Line("equalize", over="dataset"),)), scans)
    pooled = fit(Recipe((Line("equalize", over="dataset"),)), [scan_of(np.vstack([s.data for s in scans]))])
    assert fitted.lines[0].fitted.numbers == pooled.lines[0].fitted.numbers
    assert fitted.lines[0].fitted.arrays == pooled.lines[0].fitted.arrays
    new = scan_of([[-1e6, 1e6]])
    low, high = apply(fitted, new).data[0]
    assert 0 < low < 0.2
    assert high == 1


def test_each_channel_has_a_curve_of_its_own() -> None:
    data = np.stack([skewed(), 1000 * skewed(1)])[:, None]
    scan = scan_of(data[:, 0])
    together = done("equalize", scan).scan.data
    apart = apply(Recipe((Line("equalize", per="plane"),)), scan).data
    assert together[0].max() < 0.6
    assert apart[0].max() == apart[1].max() == 1


def test_a_population_of_one_value_is_refused() -> None:
    with pytest.raises(StepError, match=r"line 1: equalize .*low and high are both 3"):
        done("equalize", scan_of(np.full((4, 4), 3.0)))

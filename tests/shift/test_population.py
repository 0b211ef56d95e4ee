"""What a lock keeps of the training scans: numbers that NumPy gives, whatever the order of the scans."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, fit
from prep_core.scan import Scan
from prep_core.shift.population import Population, Values
from tests.shift.scans import CT, chest


def population(recipe: Recipe, scans: list[Scan]) -> Population:
    lock = fit(recipe, scans).lock
    assert lock is not None
    return lock.population


def row(values: list[float]) -> Scan:
    return Scan(np.array([values], dtype=np.float32), "YX")


def of_line(found: Population, line: int) -> Values:
    (one,) = (values for values in found.values if values.line == line)
    return one


SMALL, LARGE = row([0.0, 1.0, 2.0, 3.0]), row([100.0] * 12)


def test_scans_are_weighed_by_their_voxels_or_alike_as_the_line_says() -> None:
    """Of the voxels 12 of 16 are 100, of the scans every other one."""
    found = population(Recipe((Line("minmax", over="dataset"),)), [SMALL, LARGE])
    assert np.mean(np.array(of_line(found, 1).curve) == 100) > 0.7
    alike = population(Recipe((Line("zscore", over="dataset", pool="scans"),)), [SMALL, LARGE])
    halves = dict(zip(alike.percents, of_line(alike, 1).curve, strict=True))
    assert (halves[47.5], halves[52.5]) == (pytest.approx(2.85), 100.0)
    assert of_line(alike, 0) == of_line(found, 0)


def test_how_far_scans_lie_apart_is_measured_from_the_others() -> None:
    """Two scans are as far from each other as each is from the other, whatever their share of the pool.

    The step from 3 to 100 lies within 2.5 % of the pool; as a straight line it adds half of that to a quarter.
    """
    found = of_line(population(Recipe((Line("minmax", over="dataset"),)), [SMALL, LARGE]), 0)
    gaps = np.arcsinh((100 - np.array([0, 1, 2, 3])) / found.spread)  # 100 is the median of the pool
    assert found.largest == found.median == pytest.approx(gaps.mean(), rel=0.055)


def test_one_scan_says_nothing_about_distances() -> None:
    found = of_line(population(CT, [chest(0)]), 0)
    assert (found.median, found.largest) == (None, None)
    assert found.curve == pytest.approx(
        np.percentile(chest(0).data[chest(0).valid], population(CT, [chest(0)]).percents)
    )


def test_the_order_of_the_scans_does_not_show() -> None:
    scans = [chest(0), replace(chest(1), unit="a.u."), replace(chest(2), modality="OT")]
    texts = {fit(CT, list(order)).to_yaml() for order in permutations(scans)}
    assert len(texts) == 1


def test_shares_are_counted_over_all_voxels_and_in_the_worst_scan() -> None:
    recipe = Recipe((Line("clip", {"low": 1, "high": 50}), Line("zscore", over="dataset")))
    low, high = population(recipe, [SMALL, LARGE]).shares[1], population(recipe, [SMALL, LARGE]).shares[0]
    assert (low.name, low.share, low.largest) == ("clipped_low", 1 / 16, 1 / 4)
    assert (high.name, high.share, high.largest) == ("clipped_high", 12 / 16, 1.0)


def test_padding_counts_nowhere() -> None:
    valid = np.array([[True, True, True, False]])
    padded = Scan(np.array([[1.0, 2.0, 3.0, -9999.0]], dtype=np.float32), "YX", valid=valid)
    found = population(Recipe((Line("clip", {"low": 0, "high": 2}), Line("zscore", over="dataset"))), [padded])
    assert of_line(found, 0).curve[0] == 1.0
    assert [share.share for share in found.shares] == [0.3333, 0.0]


def test_a_line_that_has_no_answer_for_a_training_scan_ends_the_fit() -> None:
    recipe = Recipe((Line("zscore", over="dataset"), Line("sqrt"), Line("clip")))
    with pytest.raises(StepError, match=r"line 2: sqrt needs values"):
        fit(recipe, [row([1.0, 2.0, 9.0])])

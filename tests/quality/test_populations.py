"""Per scan against per dataset, against NumPy on the concatenation and on each scan."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.quality.agreement import followed, numbers_of
from prep_core.quality.frozen import frozen
from prep_core.quality.looks import ALONE, BEFORE, TOGETHER
from prep_core.quality.overlaid import BINS
from prep_core.quality.populations import at_line, over_dataset
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan, voxel_affine
from prep_core.training_set import InMemory

MEANS, STDS, SIZES = (12.0, 18.0, 34.0), (2.0, 4.0, 3.0), (400, 900, 256)


def image(name: str, data: np.ndarray, axes: str = "YX") -> Scan:
    return Scan(data, axes, voxel_affine(), name=name)


@pytest.fixture(scope="module")
def scans() -> list[Scan]:
    """Three scans of other size, brightness and contrast; the last is not for training."""
    rng = np.random.default_rng(0)
    sides = [int(np.sqrt(size)) for size in SIZES]
    made = [rng.normal(m, s, (n, n)).astype(np.float32) for m, s, n in zip(MEANS, STDS, sides, strict=True)]
    return [image(f"scan {i}", data) for i, data in enumerate(made)]


def looked_at(recipe: Recipe, number: int, scans: list[Scan], training: int = 2):
    return at_line(recipe, number, InMemory(scans[:training]), InMemory(scans[training:]))


def test_numbers_of_the_set_are_those_of_all_voxels_and_not_the_mean_of_numbers(scans: list[Scan]) -> None:
    found = looked_at(Recipe((Line("zscore"),)), 1, scans)
    numbers = numbers_of(found, {"scan 0", "scan 1"})
    together = np.concatenate([scan.data.ravel() for scan in scans[:2]]).astype(np.float64)
    assert numbers.pooled["std"] == pytest.approx(together.std(), rel=1e-6)
    alone = [scan.data.astype(np.float64).std() for scan in scans]
    assert [row["std"] for row in numbers.of_scans.values()] == pytest.approx(alone, rel=1e-6)
    assert numbers.mean["std"] == pytest.approx(np.mean(alone[:2]), rel=1e-6)
    assert abs(numbers.mean["std"] - numbers.pooled["std"]) > 0.5, "the scans lie apart, which their own spreads omit"


def test_the_same_value_moves_with_numbers_of_each_scan_and_stays_with_those_of_the_set(scans: list[Scan]) -> None:
    found = looked_at(Recipe((Line("zscore"),)), 1, scans)
    part, values = followed(found)
    together = np.concatenate([scan.data.ravel() for scan in scans[:2]])
    assert part == 0
    assert [v.value for v in values] == pytest.approx(np.percentile(together, [10, 50, 90]).tolist(), rel=1e-6)
    median = values[1]
    places = [(median.value - scan.data.mean()) / scan.data.std() for scan in scans]
    assert median.alone == pytest.approx(places, abs=1e-4)
    assert len(set(median.together)) == 1
    own = [np.percentile(scan.data, 50) for scan in scans]
    standard = [(v - scan.data.mean()) / scan.data.std() for v, scan in zip(own, scans, strict=True)]
    assert median.rank_alone.std == pytest.approx(np.std(standard), abs=1e-4)
    assert median.rank_together.range == pytest.approx(np.ptp(own) / together.std(), rel=1e-3)


def test_values_are_followed_below_other_lines_and_in_the_part_that_moves_most() -> None:
    rng = np.random.default_rng(1)
    gains = ((1.0, 1.0), (1.0, 5.0))
    scans = [
        image(f"{i}", (rng.uniform(1, 2, (2, 20, 20)) * np.array(gain)[:, None, None]).astype(np.float32), "CYX")
        for i, gain in enumerate(gains)
    ]
    recipe = Recipe((Line("magnitude", {"power": 2}), Line("minmax", per="channel")))
    found = looked_at(recipe, 2, scans)
    part, values = followed(found)
    assert part == 1
    second = np.concatenate([np.square(scan.data[1]).ravel() for scan in scans])
    assert values[1].value == pytest.approx(np.percentile(second, 50), rel=1e-6)
    for scan, place in zip(scans, values[1].alone, strict=True):
        own = np.square(scan.data[1])
        assert place == pytest.approx((values[1].value - own.min()) / np.ptp(own), abs=1e-5)


def test_histograms_of_all_scans_share_their_bins(scans: list[Scan]) -> None:
    found = looked_at(Recipe((Line("zscore"),)), 1, scans)
    before = found.charts[BEFORE]
    ends = [np.percentile(scan.data, [0.1, 99.9]) for scan in scans]
    assert (before.axis.low, before.axis.high) == pytest.approx((min(e[0] for e in ends), max(e[1] for e in ends)))
    for scan in scans:
        counts = np.histogram(scan.data, BINS, (before.axis.low, before.axis.high))[0]
        np.testing.assert_allclose(before.shares[scan.name], counts / scan.data.size, atol=1e-12)
    pooled = np.concatenate([scan.data.ravel() for scan in scans[:2]]).astype(np.float64)
    after = (scans[2].data - pooled.mean()) / pooled.std()
    axis = found.charts[TOGETHER].axis
    counts = np.histogram(after, BINS, (axis.low, axis.high))[0] / after.size
    assert np.abs(found.charts[TOGETHER].shares["scan 2"] - counts).max() <= 2 / after.size
    assert set(found.charts) == {BEFORE, ALONE, TOGETHER}


def test_a_line_that_measures_nothing_has_two_charts_and_no_values(scans: list[Scan]) -> None:
    found = looked_at(Recipe((Line("clip", {"low": 0, "high": 20}),)), 1, scans)
    assert set(found.charts) == {BEFORE, TOGETHER}
    assert followed(found) == (0, ())
    assert found.charts[TOGETHER].axis.high == 20


def test_steps_with_curves_and_with_images_are_looked_at_too() -> None:
    rng = np.random.default_rng(2)
    scans = [image(f"{i}", rng.gamma(2, 10 * (i + 1), (24, 24)).astype(np.float32)) for i in range(3)]
    curves = looked_at(Recipe((Line("nyul", inside="all"),)), 1, scans)
    _, values = followed(curves)
    assert values[1].rank_together.range < 1e-4 < np.ptp(values[1].together), "landmarks bring medians to one place"
    pixels = looked_at(Recipe((Line("standardize_map"),)), 1, scans)
    assert followed(pixels) == (0, ())
    assert set(pixels.charts) == {BEFORE, TOGETHER}, "one scan alone has no spread at a pixel"
    assert all("nothing to divide by" in scan.not_alone for scan in pixels.scans)


def test_a_scan_without_an_answer_is_named_and_the_others_go_on(scans: list[Scan]) -> None:
    below = image("below zero", np.full((20, 20), -7, np.float32))
    found = looked_at(Recipe((Line("sqrt"), Line("zscore"))), 2, [*scans[:2], below])
    assert [bool(scan.complaint) for scan in found.scans] == [False, False, True]
    assert found.scans[2].complaint.startswith("line 1: sqrt needs values of 0 or more")
    assert set(found.charts[BEFORE].shares) == {"scan 0", "scan 1"}


def test_a_scan_that_has_no_numbers_alone_has_those_of_the_set(scans: list[Scan]) -> None:
    constant = image("constant", np.full((20, 20), 7, np.float32))
    found = looked_at(Recipe((Line("zscore"),)), 1, [*scans[:2], constant])
    assert found.scans[2].not_alone.startswith("has nothing to divide by: all measured voxels are 7")
    assert "constant" in found.charts[TOGETHER].shares
    assert "constant" not in found.charts[ALONE].shares
    assert set(numbers_of(found, set()).of_scans) == {"scan 0", "scan 1"}
    assert followed(found)[1][0].scans == ("scan 0", "scan 1")


def test_an_empty_training_set_is_said(scans: list[Scan]) -> None:
    with pytest.raises(ValueError, match="no scans"):
        at_line(Recipe((Line("zscore"),)), 1, InMemory([]), InMemory(scans))


def test_the_chosen_line_is_measured_over_the_dataset_and_nothing_is_fitted(scans: list[Scan]) -> None:
    fitted = fit(Recipe((Line("minmax", over="dataset"), Line("zscore"), Line("clip"))), scans)
    first, second = over_dataset(fitted, 2).lines
    assert (first.over, first.fitted, second.over, second.fitted) == ("dataset", None, "dataset", None)


def test_frozen_numbers_stand_beside_those_of_each_training_scan(scans: list[Scan]) -> None:
    lines = (Line("minmax", over="dataset"), Line("clip"), Line("zscore", over="dataset"))
    fitted = fit(Recipe(lines), scans)
    rows = {(row.line, row.name): row for row in frozen(fitted, InMemory(scans))}
    assert rows[1, "low"].value == min(float(scan.data.min()) for scan in scans)
    assert rows[1, "high"].lowest == min(float(scan.data.max()) for scan in scans)
    assert rows[1, "high"].highest == rows[1, "high"].value
    low, high = rows[1, "low"].value, rows[1, "high"].value
    means = [((scan.data - low) / (high - low)).mean() for scan in scans]
    mean = rows[3, "mean"]
    assert (mean.lowest, mean.highest, mean.mean) == pytest.approx((min(means), max(means), np.mean(means)), rel=1e-5)
    assert (mean.scans, mean.voxels) == (3, sum(scan.data.size for scan in scans))

"""Running and fitting: what the laws over the table do not say."""

import pickle
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.measure import Percentiles
from prep_core.preview import preview, resolve, whole, whole_lines
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit, trace
from prep_core.scan import Scan, Source, voxel_affine
from tests.strategies import unit_scan

OCT = Recipe(
    (
        Line("magnitude"),
        Line("decibel", over="dataset"),
        Line("clip", {"low": -50.0, "high": 0.0}),
        Line("zscore", over="dataset"),
    )
)


def complex_scan(seed: int, gain: float = 1.0) -> Scan:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(40, 30)) + 1j * rng.normal(size=(40, 30))
    data = gain * z * np.exp(-np.arange(40) / 9)[:, None]
    return Scan(data.astype(np.complex64), "YX", modality="OPT", source=Source(sha256=f"{seed:064}"))


def test_fit_pools_the_voxels_of_all_scans_below_the_lines_above() -> None:
    scans = [complex_scan(seed, gain) for seed, gain in ((0, 1.0), (1, 3.0), (2, 10.0))]
    fitted = fit(OCT, scans)
    power = np.concatenate([np.abs(s.data.astype(np.complex64)).ravel() ** 2 for s in scans])
    reference = np.percentile(power.astype(np.float64), 99.9)
    assert fitted.lines[1].fitted.numbers["reference"] == pytest.approx(reference, rel=1e-6)
    level = np.clip(10 * np.log10(power / reference), -50, 0)
    assert fitted.lines[3].fitted.numbers == pytest.approx({"mean": level.mean(), "std": level.std()}, rel=1e-5)
    assert fitted.lines[3].fitted.scans == 3
    assert fitted.lines[3].fitted.voxels == power.size


def test_frozen_numbers_are_never_measured_again() -> None:
    fitted = fit(OCT, [complex_scan(0)])
    dim, bright = (apply(fitted, complex_scan(5, gain)) for gain in (0.5, 1.0))
    assert (bright.data - dim.data).max() > 0.1


def test_gain_of_two_changes_nothing_when_measured_per_image() -> None:
    recipe = Recipe((Line("magnitude"), Line("decibel"), Line("clip", {"low": -50.0, "high": 0.0})))
    once, twice = (apply(recipe, complex_scan(0, gain)).data for gain in (1.0, 2.0))
    assert np.abs(once - twice).max() < 1e-4


def test_what_a_recipe_was_trained_on_is_a_count_and_a_digest_whatever_the_order() -> None:
    scans = [complex_scan(seed) for seed in range(3)]
    there, back = fit(OCT, scans), fit(OCT, scans[::-1])
    assert there.trained_on == back.trained_on
    assert there.trained_on["scans"] == 3
    assert there.trained_on != fit(OCT, scans[:2]).trained_on


def test_fit_takes_an_iterator_and_a_collection_that_loads_lazily() -> None:
    class Lazy:
        opened = 0

        def __iter__(self) -> Iterator[Scan]:
            for seed in range(3):
                Lazy.opened += 1
                yield complex_scan(seed)

    assert fit(OCT, Lazy()) == fit(OCT, (complex_scan(seed) for seed in range(3)))
    assert Lazy.opened > 3


def test_trace_tells_numbers_and_counts_after_every_line() -> None:
    scan = Scan(np.array([[0.0, 1.0], [10.0, 100.0]], np.float32), "YX")
    first, second = trace(Recipe((Line("decibel", {"reference": "maximum"}), Line("minmax"))), scan)
    assert first.measured.numbers == {"reference": 100.0}
    assert first.measured.voxels == 4
    assert first.tally == {"at_floor": 1}
    assert second.scan.data.tolist() == [[0, pytest.approx(100 / 120)], [pytest.approx(110 / 120), 1]]


def test_waiting_for_a_training_set_is_said_with_the_line() -> None:
    with pytest.raises(StepError, match="line 2: decibel is measured over a dataset; fit the recipe") as caught:
        apply(OCT, complex_scan(0))
    assert caught.value.line == 2


def test_fit_without_scans_and_with_scans_that_do_not_match() -> None:
    with pytest.raises(StepError, match="line 2: decibel is measured over a dataset, and there are no scans"):
        fit(OCT, [])
    per_channel = Recipe((Line("zscore", over="dataset", per="channel"),))
    two, three = (Scan(np.random.default_rng(0).uniform(size=(n, 4, 4)), "CYX", name=f"n{n}") for n in (2, 3))
    with pytest.raises(StepError, match="measured per channel: some scans have 2 parts, others 3"):
        fit(per_channel, [two, three])
    with pytest.raises(StepError, match=r"has mean for 2 parts \(per channel\), and this scan has 3"):
        apply(fit(per_channel, [two]), three)


def test_an_overflow_is_refused_and_not_written() -> None:
    scan = Scan(np.array([[1e30, 1.0]], np.float32), "YX")
    with pytest.raises(StepError, match="line 1: magnitude takes 1 voxels beyond what a float32 can hold"):
        apply(Recipe((Line("magnitude"),)), scan)


def test_padding_is_not_measured_and_stays_padding() -> None:
    data = np.array([[0, 10, -2048]], np.int16)
    scan = Scan(data, "YX", valid=data > -2048)
    result = apply(Recipe((Line("minmax"),)), scan)
    assert result.data[0, :2].tolist() == [0, 1]
    assert result.valid.tolist() == [[True, True, False]]


def test_a_preview_measures_only_what_it_does_not_know() -> None:
    scan, known = unit_scan(), {}
    lines = (Line("window", {"center": 0.5, "width": 1.0}), Line("zscore"))
    resolve(lines, scan, known)
    numbers = dict(known)
    again = resolve(lines, replace(scan, data=scan.data * 0), known)
    assert again.measured[1] == next(iter(numbers.values()))
    resolve((Line("window", {"center": 0.4, "width": 1.0}), Line("zscore")), scan, known)
    assert len(known) == 2


def test_a_parameter_that_measuring_ignores_measures_nothing_anew() -> None:
    scan, known = unit_scan(), {}
    resolve((Line("clahe", {"clip_limit": 0.01}),), scan, known)
    black = replace(scan, data=scan.data * 0)
    numbers = dict(known)
    plan = resolve((Line("clahe", {"clip_limit": 0.05}),), black, known)
    assert known == numbers
    assert plan.measured == tuple(numbers.values())
    resolve((Line("percentile_rescale", {"high": 98.0}),), scan, known)
    resolve((Line("percentile_rescale", {"high": 97.0}),), scan, known)
    assert len(known) == 3


def test_a_preview_below_a_grid_step_equals_the_plane_of_the_result() -> None:
    scan = Scan(unit_scan().data, "ZYX", voxel_affine((3.0, 1.0, 1.0)), True)
    lines = (Line("resample", {"spacing": (1.0, 2.0, 2.0)}), Line("percentile_rescale", per="plane"))
    full = apply(Recipe(lines), scan)
    heavy = whole_lines(lines)
    base = list(whole(lines[:heavy], scan))[-1].scan
    *_, last = preview(resolve(lines[heavy:], base, {}, first=heavy + 1), {"Z": 4})
    assert last.scan.data.tobytes() == full.data[4:5].tobytes()


def test_percentiles_of_a_fit_are_those_of_the_pool_and_not_the_mean_of_percentiles() -> None:
    parts = [np.full((1, n), v, np.uint16) for n, v in ((10, 1), (1000, 5), (10, 900))]
    recipe = Recipe((Line("percentile_clip", {"low": 0.1, "high": 60.0}, over="dataset"),))
    numbers = fit(recipe, [Scan(p, "YX") for p in parts]).lines[0].fitted.numbers
    low, high = np.percentile(np.concatenate([p.ravel() for p in parts]), (0.1, 60.0))
    assert numbers == {"low": low, "high": high}
    assert Percentiles(low=0.1).names == ("low",)


def test_a_step_error_comes_back_whole_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(StepError(3, "gamma needs values from 0 to 1")))
    assert (str(error), error.line) == ("line 3: gamma needs values from 0 to 1", 3)

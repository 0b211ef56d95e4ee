"""Suggested recipes: the right lines for each built-in scan, with numbers that NumPy gives too."""

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from prep_core import Recipe, apply, fit, inspect, suggest, trace
from prep_core.lint import about_scan, lint
from prep_core.samples import SAMPLES, load_sample
from prep_core.scan import Finding, Scan, Source
from prep_core.suggesting import Suggestion

STEPS_OF = {
    "ct_chest": ("window",),
    "ct_simulated": ("window",),
    "xray_simulated": ("percentile_rescale",),
    "oct_simulated": ("magnitude", "decibel", "clip", "rescale_range"),
    "mr_brain_bias": ("n4", "foreground_mask", "percentile_clip", "zscore"),
    "mr_simulated": ("n4", "foreground_mask", "percentile_clip", "zscore"),
    "us_phantom": ("rescale",),
    "us_echo": ("rescale",),
    "fluorescence_nuclei": ("percentile_rescale",),
    "phase_cell": ("background_subtract", "zscore"),
    "satellite_sentinel2": ("percentile_rescale",),
    "mr_two_volumes": ("n4", "foreground_mask", "percentile_clip", "zscore"),
}


@pytest.fixture(scope="module")
def scans() -> dict[str, Scan]:
    return {name: load_sample(name) for name in SAMPLES}


@pytest.fixture(scope="module")
def suggestions(scans: dict[str, Scan]) -> dict[str, Suggestion]:
    return {name: suggest(scan) for name, scan in scans.items()}


def scan_of(values: np.ndarray, axes: str = "YX", **more: object) -> Scan:
    return Scan(np.asarray(values), axes, **more)


def noise(*shape: int, low: float = 100.0, high: float = 900.0) -> np.ndarray:
    return np.random.default_rng(0).uniform(low, high, shape).astype(np.float32)


def test_each_built_in_scan_has_its_lines(suggestions: dict[str, Suggestion]) -> None:
    found = {name: tuple(each.line.step for each in s.lines) for name, s in suggestions.items()}
    assert found == STEPS_OF


@pytest.mark.parametrize("name", SAMPLES)
def test_no_suggestion_is_odd_and_each_reads_back(
    scans: dict[str, Scan], suggestions: dict[str, Suggestion], name: str
) -> None:
    suggestion = suggestions[name]
    assert lint(suggestion.recipe, about_scan(inspect(scans[name]))) == ()
    assert Recipe.from_yaml(suggestion.to_yaml()) == suggestion.recipe
    assert suggestion.recipe.modality == SAMPLES[name].modality
    for each in suggestion.lines:
        assert each.reason.endswith((".", ")."))
        assert any(letter.isdigit() for letter in each.reason) or each.line.step == "zscore"
        assert each.reason.split()[0] in suggestion.to_yaml()


@pytest.mark.parametrize("name", ["ct_chest", "oct_simulated", "xray_simulated", "phase_cell", "satellite_sentinel2"])
def test_a_suggestion_has_an_answer(scans: dict[str, Scan], suggestions: dict[str, Suggestion], name: str) -> None:
    scan = scans[name]
    result = apply(fit(suggestions[name].recipe, [scan]), scan)
    assert np.isfinite(result.data[result.valid]).all()
    if name != "phase_cell":
        assert 0 <= result.data[result.valid].min() < 0.05
        assert 0.95 < result.data[result.valid].max() <= 1


def test_the_window_of_the_header_comes_first(suggestions: dict[str, Suggestion]) -> None:
    (own, *_) = load_sample("ct_chest").source.facts["windows"]
    params = suggestions["ct_chest"].lines[0].line.params
    assert (params["center"], params["width"]) == (own["center"], own["width"])


@pytest.mark.parametrize(
    ("lungs", "part", "window"), [(0.3, "", (-600, 1500)), (0.01, "", (40, 400)), (0.3, "HEAD", (40, 80))]
)
def test_a_ct_without_a_window_gets_the_one_of_its_tissue(lungs: float, part: str, window: tuple[float, float]) -> None:
    values = np.random.default_rng(1).normal(40, 20, 20_000)
    values[: int(lungs * values.size)] = -800
    values[-2000:] = 400
    source = Source(facts={"body_part": part} if part else {})
    ct = scan_of(values.round().astype(np.int16).reshape(1, 100, 200), "ZYX", unit="HU", modality="CT", source=source)
    (only,) = suggest(ct, ()).lines
    assert (only.line.params["center"], only.line.params["width"]) == window
    low, high = window[0] - window[1] / 2, window[0] + window[1] / 2
    outside = np.mean((ct.data < low) | (ct.data > high))
    assert f"keeps {low:g} to {high:g} HU; {100 * outside:.1f} % of the voxels" in only.reason


def test_decibels_are_relative_to_the_dataset_and_end_at_the_noise(suggestions: dict[str, Suggestion]) -> None:
    _, level, clip, rescale = (each.line for each in suggestions["oct_simulated"].lines)
    assert (level.over, level.params["percentile"], level.params["quantity"]) == ("dataset", 99.9, "power")
    intensity = np.abs(load_sample("oct_simulated").data.astype(np.complex64)) ** 2
    reference = np.percentile(intensity, 99.9)
    assert f"({reference:.6g} in this scan)" in suggestions["oct_simulated"].lines[1].reason
    decibels = 10 * np.log10(intensity / reference)
    assert clip.params["low"] % 5 == 0
    assert np.mean(decibels < clip.params["low"]) == pytest.approx(0.175, abs=0.001)
    assert "(17.5 % of the voxels)" in suggestions["oct_simulated"].lines[2].reason
    assert (rescale.params["in_low"], rescale.params["in_high"]) == (clip.params["low"], 0)


def test_the_bias_goes_first_and_the_foreground_is_measured(suggestions: dict[str, Suggestion]) -> None:
    n4, mask, clip, score = suggestions["mr_brain_bias"].lines
    assert "factor of 1.71" in n4.reason
    assert (clip.line.inside, score.line.inside, score.line.over) == ("mask", "mask", "image")
    values = load_sample("mr_brain_bias").data
    bright = values[values > threshold_otsu(values)]
    assert mask.reason.startswith(f"{100 * bright.size / values.size:.1f} % of the voxels")
    assert f"from {np.percentile(bright, 0.5):.6g} to {np.percentile(bright, 99.5):.6g}" in clip.reason
    assert f"{bright.mean():.6g} and their standard deviation {bright.std():.6g};" in score.reason
    assert suggestions["mr_two_volumes"].lines[3].line.per == "frame"


def test_clipping_does_not_change_what_counts_as_foreground(scans: dict[str, Scan]) -> None:
    scan = scans["mr_simulated"]
    *_, clip, score = (done.measured.voxels for done in trace(suggest(scan).recipe, scan))
    assert clip == score


def test_bands_are_measured_each_for_itself_over_the_dataset(suggestions: dict[str, Suggestion]) -> None:
    (only,) = suggestions["satellite_sentinel2"].lines
    assert (only.line.over, only.line.per) == ("dataset", "channel")
    blue = np.percentile(load_sample("satellite_sentinel2").data[0], (2, 98))
    assert "B02 {:.4g} to {:.4g}".format(*blue) in only.reason


def test_what_must_come_first_does_and_the_lines_below_know_it() -> None:
    film = scan_of(noise(64, 64), modality="DX", display_inverted=True)
    told = Finding("monochrome1", "note", "MONOCHROME1.", "Add invert.", "invert", {"high": 4095.0})
    first, second = suggest(film, (told,)).lines
    assert (first.line.step, first.line.params["high"]) == ("invert", 4095)
    low = np.percentile(4095 - film.data, 0.5)
    assert f"lie from {low:.6g} " in second.reason


def test_padding_without_a_mark_is_masked_and_left_out() -> None:
    values = noise(64, 64)
    values[:8] = -9999
    steps = [(each.line.step, each.line.inside) for each in suggest(scan_of(values)).lines]
    assert steps == [("threshold_mask", "all"), ("percentile_clip", "mask"), ("zscore", "mask")]


def test_labels_get_no_line() -> None:
    labels = np.random.default_rng(3).integers(0, 4, (128, 128)).astype(np.uint8)
    suggestion = suggest(scan_of(labels, modality="MR"))
    assert suggestion.lines == ()
    assert "labels" in suggestion.taken_as
    assert Recipe.from_yaml(suggestion.to_yaml()).lines == ()


def test_zeros_are_no_part_of_a_reference() -> None:
    rng = np.random.default_rng(4)
    values = (10 ** rng.uniform(-7, 0, (128, 128))).astype(np.float32)
    values[40:] = 0
    wide = Finding("wide_range", "note", "Many decades.", "Add decibel.", "decibel", {"quantity": "power"})
    zeros = Finding("exact_zeros", "note", "Zeros.", "Add decibel.")
    level, clip, _ = suggest(scan_of(values), (wide, zeros)).lines
    assert level.line.inside == "positive"
    assert f"({np.percentile(values[:40], 99.9):.6g} in this scan)" in level.reason
    assert -120 <= clip.line.params["low"] < 0


@pytest.mark.parametrize("modality", ["MSI", "MR", "MIC", "US", "OPT", "AST", "CR", "OT"])
@pytest.mark.parametrize("axes", ["YX", "ZYX", "TCYX"])
def test_every_shape_and_modality_gets_lines_that_run(axes: str, modality: str) -> None:
    scan = scan_of(noise(*(2, 2, 32, 32)[-len(axes) :]), axes, modality=modality)
    suggestion = suggest(scan)
    assert suggestion.lines
    assert np.isfinite(apply(fit(suggestion.recipe, [scan]), scan).data).all()


def test_a_scan_without_a_valid_voxel_is_refused() -> None:
    with pytest.raises(ValueError, match="has no valid voxel"):
        suggest(scan_of(np.full((8, 8), np.nan, np.float32)))

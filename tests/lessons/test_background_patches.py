"""The claims of "Background patches": what a scale of its own does to a patch without a cell."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from prep_core.io import load
from prep_core.lessons import LESSONS
from prep_core.lessons.background_patches.patch_rules import cut
from prep_core.lessons.background_patches.phase_field import phase_field
from prep_core.lessons.thinned_plane import thinned_plane
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["background-patches"]
FIELD = phase_field()
COUNTS = FIELD.scan.data.astype(np.float64)


@cache
def numbers_of(**controls: float) -> Mapping[str, float]:
    """Of the simulation."""
    return LESSON.shown(**controls).numbers


def squares(side: int) -> list[tuple[slice, slice]]:
    starts = range(0, COUNTS.shape[0], side)
    return [(slice(y, y + side), slice(x, x + side)) for y in starts for x in starts]


def empty_squares(side: int) -> list[tuple[slice, slice]]:
    """Those without a cell, by what was simulated."""
    return [place for place in squares(side) if FIELD.cells[place].mean() < 0.01]


def test_the_cells_that_are_found_are_those_that_were_drawn() -> None:
    found = cut(FIELD.scan, 48).cells
    both, either = np.count_nonzero(found & FIELD.cells), np.count_nonzero(found | FIELD.cells)
    assert both / either > 0.75


@pytest.mark.parametrize("side", [32, 48])
def test_noise_is_stretched_by_the_ratio_of_the_percentiles(side: int) -> None:
    numbers = numbers_of(side=side)
    assert numbers["empty"] == len(empty_squares(side))
    span = np.subtract(*np.percentile(COUNTS, (99, 1)))
    gains = [span / np.subtract(*np.percentile(COUNTS[place], (99, 1))) for place in empty_squares(side)]
    assert numbers["gain_percentiles"] == pytest.approx(np.median(gains), rel=1e-3)
    assert numbers["gain_percentiles"] > 3
    for name in ("mode", "median"):
        assert 0.85 < numbers[f"gain_{name}"] < 1.2


def mode_of(values: np.ndarray) -> float:
    """The highest point of a kernel density of Silverman's robust width, on a fine grid."""
    low, high = np.percentile(values, (25, 75))
    width = 0.9 * min(values.std(), (high - low) / 1.34) * values.size**-0.2
    counts, edges = np.histogram(values, np.arange(values.min(), values.max() + width, width / 20))
    return float(edges[np.argmax(gaussian_filter1d(counts.astype(float), 20))])


def test_the_median_of_a_patch_is_that_of_scipy() -> None:
    cells = cut(FIELD.scan, 32).cells
    backgrounds = [
        np.median(COUNTS[place][~cells[place]]) / (2 * np.median(gaussian_filter(COUNTS[place], 1.0)))
        for place in squares(32)
    ]
    assert numbers_of(side=32)["apart_median"] == pytest.approx(max(backgrounds) - min(backgrounds), abs=1e-4)


def test_the_mode_is_the_highest_point_of_a_density() -> None:
    cells, smooth = cut(FIELD.scan, 256).cells, gaussian_filter(COUNTS, 1.0)
    rows = {row[0]: row[1] for row in LESSON.shown(side=256).tables[0].rows}
    background = np.median(COUNTS[~cells])
    assert rows["mode, patch"] == rows["mode, image"] == pytest.approx(background / (2 * mode_of(smooth)), abs=2e-3)
    assert rows["median, patch"] == pytest.approx(background / (2 * np.median(smooth)), abs=1e-4)
    assert abs(rows["mode, image"] - rows["median, patch"]) > 0.01


def test_patches_smaller_than_a_cell_take_it_for_the_background() -> None:
    calm, broken = numbers_of(), numbers_of(**LESSON.breaks)
    for name in ("mode", "median"):
        assert broken[f"apart_{name}"] > 8 * calm[f"apart_{name}"]
    assert broken["gain_percentiles"] > 1.5 * calm["gain_percentiles"]


def test_a_network_listens_to_patches_without_a_cell() -> None:
    numbers = numbers_of(count=200)
    drawn = np.random.default_rng(0).integers(0, len(squares(48)), 200)
    spans = [np.subtract(*np.percentile(COUNTS[place], (99, 1))) for place in squares(48)]
    own = [COUNTS[place].var() / span**2 for place, span in zip(squares(48), spans, strict=True)]
    without = [i for i in drawn if squares(48)[i] in empty_squares(48)]
    assert numbers["drawn_empty"] == len(without)
    assert numbers["listened_percentiles"] == pytest.approx(
        sum(own[i] for i in without) / sum(own[i] for i in drawn), rel=1e-3
    )
    assert numbers["listened_percentiles"] > 4 * numbers["listened_image"]


def test_evening_the_light_first_brings_patches_together() -> None:
    left, evened = numbers_of(), numbers_of(evened=True)
    for name in ("background", "fixed", "mode"):
        assert evened[f"apart_{name}"] < 0.75 * left[f"apart_{name}"]
    assert evened["gain_percentiles"] > left["gain_percentiles"], "the less light there is to span, the more noise"


def test_the_factor_says_where_the_background_lies() -> None:
    rows = {row[0]: row for row in LESSON.shown(factor=4.0).tables[0].rows}
    assert rows["median, patch"][1] == pytest.approx(0.25, abs=0.01)
    assert rows["mode, image"][1] == pytest.approx(0.25, abs=0.02)


def test_a_real_image_is_stretched_more_than_the_simulation() -> None:
    real = LESSON.shown(load_sample("phase_cell")).numbers
    assert real["gain_percentiles"] > 2 * numbers_of()["gain_percentiles"]
    assert real["gain_mode"] == pytest.approx(1, abs=0.05)


def test_what_comes_up_in_a_real_image_is_no_noise_alone() -> None:
    """Beside its light, which a parabola follows: pixels of noise know nothing of their neighbours."""
    assert of_neighbours(load_sample("phase_cell")) > 0.7
    assert of_neighbours(FIELD.scan) == pytest.approx(0, abs=0.1)


def of_neighbours(scan: Scan) -> float:
    """The correlation of neighbours in the patches without a cell, in their median."""
    patches = cut(thinned_plane(scan), 48)
    empty = [place for place, alone in zip(patches.places, patches.empty, strict=True) if alone]
    found = []
    for place in empty:
        values = patches.plane.data[place].astype(np.float64)
        y, x = (axis.ravel() for axis in np.indices(values.shape))
        light = np.stack([np.ones(values.size), y, x, y * y, x * x, x * y], axis=1)
        fit = light @ np.linalg.lstsq(light, values.ravel(), rcond=None)[0]
        left = values - fit.reshape(values.shape)
        found.append(np.corrcoef(left[:, 1:].ravel(), left[:, :-1].ravel())[0, 1])
    return float(np.median(found))


@pytest.mark.shared_data
def test_a_film_of_bacteria_is_stretched_more_than_the_simulation(shared_data: Path) -> None:
    (film,) = load(shared_data / "phase" / "bacteria_phase_movie_7x512x512.tif")
    real = LESSON.shown(film).numbers
    assert real["gain_percentiles"] > 2 * numbers_of()["gain_percentiles"]
    assert real["listened_percentiles"] > 0.7 > 0.1 > real["listened_image"]


def test_an_own_stack_with_padding_is_taken_at_its_middle_plane() -> None:
    small = FIELD.scan.data[20:116, 60:156]
    stack = np.stack([np.ones_like(small), small, np.ones_like(small)])
    valid = np.ones(stack.shape, bool)
    valid[..., :40] = False
    scan = Scan(np.where(valid, stack, 60_000).astype(np.uint16), "ZYX", valid=valid)
    shown = LESSON.shown(scan)
    assert shown.pictures[0][1].image.shape == small.shape
    assert np.isnan(shown.pictures[0][1].image[:, :40]).all()
    assert shown.numbers["patches"] == 4
    assert shown.numbers["span_image"] == pytest.approx(np.subtract(*np.percentile(small[:, 40:], (99, 1))))


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (replace(FIELD.scan, data=np.full(COUNTS.shape, 7.0)), "has no foreground: all voxels have one value"),
        (replace(FIELD.scan, data=-COUNTS), "has no value above 0"),
        (replace(FIELD.scan, data=COUNTS + 1j), "complex"),
        (replace(FIELD.scan, data=COUNTS[:9], valid=np.array(True)), "at least 16 x 16 pixels"),
    ],
)
def test_what_has_no_background_is_refused(scan: Scan, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        LESSON.shown(scan)

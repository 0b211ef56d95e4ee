"""Eight modalities, each from the first look to the same bytes: findings, suggested recipe, numbers, export, replay."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from prep_core import apply, fit
from prep_core.batch import process
from prep_core.cli import main
from prep_core.inspection import inspect
from prep_core.scan import Scan
from tests.e2e import journeys
from tests.e2e.journeys import Journey, from_sample

JOURNEYS = (
    Journey(
        "OCT",
        from_sample("oct_simulated"),
        ("complex_values", "wide_range"),
        ("magnitude", "decibel", "clip", "rescale_range"),
    ),
    Journey(
        "CT series",
        journeys.from_folder,
        ("padding", "saturated_high"),
        ("window",),
        journeys.CT_FOLDER,
    ),
    Journey(
        "MR with bias",
        from_sample("mr_simulated"),
        ("bias_field",),
        ("n4", "foreground_mask", "percentile_clip", "zscore"),
    ),
    Journey("chest X-ray", from_sample("xray_simulated"), (), ("percentile_rescale",)),
    Journey("phase contrast movie", journeys.from_movie, ("uneven_light",), ("percentile_clip", "zscore")),
    Journey("4-band satellite", from_sample("satellite_sentinel2"), ("gaps",), ("percentile_rescale",)),
    Journey("ultrasound cine", from_sample("us_phantom"), ("log_compressed", "background"), ("rescale",)),
    Journey("FITS", journeys.from_fits, ("bright_tail",), ("percentile_rescale", "asinh")),
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_from_the_first_look_to_the_same_bytes(page: Page, tmp_path: Path, journey: Journey) -> None:
    scan = journey.open(page, tmp_path)
    values = scan.data[scan.valid]
    shown = np.abs(values) if np.iscomplexobj(values) else values
    assert journeys.range_on_screen(page) == pytest.approx((shown.min(), shown.max()), rel=1e-3)
    told = journeys.findings_on_screen(page)
    assert sorted(told) == sorted(finding.name for finding in inspect(scan).findings)
    assert {*journey.findings} <= {*told}

    journeys.take_the_suggestion(page)
    place, before, after = journeys.values_under(page, 0.55, 0.45)
    file, recipe = journeys.recipe_on_screen(page, tmp_path)
    assert tuple(line.step for line in recipe.lines) == journey.steps
    fitted = fit(recipe, [scan]) if recipe.waiting else recipe
    whole = apply(fitted, scan)
    assert before[0] == pytest.approx(value_at(scan, place), abs=before[1])
    assert after[0] == pytest.approx(value_at(whole, place), abs=after[1])

    if recipe.waiting:
        journeys.take_recipe(page, fitted, tmp_path)
    result = journeys.result_on_screen(page, tmp_path / "page")
    assert result.read_bytes() == process(fitted, scan, "npy", result.stem).data
    np.testing.assert_array_equal(np.load(result), whole.data)
    if journey.source:
        out = tmp_path / "out"
        assert main(["apply", str(file), str(journey.source), "-o", str(out), "--format", "npy"]) == 0
        assert result.read_bytes() == (out / result.name).read_bytes()


def value_at(scan: Scan, place: tuple[int, int]) -> float:
    """The value at (y, x) of the plane that is shown first: the middle slice, the first frame or channel."""
    stack = (scan.size("Z") // 2,) if "Z" in scan.axes else (0,) * (scan.data.ndim - 2)
    value = scan.data[(*stack, *place)]
    return float(np.abs(value) if np.iscomplexobj(value) else value)

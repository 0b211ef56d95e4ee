"""Suggestions for pictures of the sky: limits around its noise, asinh, and whose numbers these are."""

import numpy as np
import pytest
from astropy.visualization import AsinhStretch, ManualInterval

from prep_core import apply, fit, suggest
from prep_core.inspection import inspect
from prep_core.lint import about_scan, lint
from prep_core.scan import Scan

LEVEL, NOISE = 200.0, 10.0


def sky(brightest: float = 1e5, unit: str = "adu", bands: int = 1) -> Scan:
    """Noise around a level, and stars of one brightness on one pixel of 64."""
    rng = np.random.default_rng(2)
    data = rng.normal(LEVEL, NOISE, (bands, 128, 128))
    data[:, ::8, ::8] += brightest
    return Scan(data.astype(np.float32), "CYX", unit=unit, modality="AST")


def test_the_limits_lie_around_the_noise_and_asinh_begins_there() -> None:
    limits, stretch = (each.line for each in suggest(sky()).lines)
    assert (limits.step, stretch.step) == ("percentile_rescale", "asinh")
    low, high = np.percentile(sky().data, (limits.params["low"], limits.params["high"]))
    assert low == pytest.approx(LEVEL - 3 * NOISE, abs=NOISE)
    assert high == pytest.approx(1e5 + LEVEL, rel=1e-3)
    assert stretch.params["scale"] == pytest.approx(3 * NOISE / 1e5, rel=0.2)


def test_it_is_the_picture_of_astropy() -> None:
    scan, suggestion = sky(), suggest(sky())
    limits, stretch = (each.line.params for each in suggestion.lines)
    ends = np.percentile(scan.data.astype(np.float64), (limits["low"], limits["high"]))
    expected = AsinhStretch(stretch["scale"])(ManualInterval(*ends)(scan.data.astype(np.float64)))
    result = apply(suggestion.recipe, scan).data
    np.testing.assert_allclose(result, expected, atol=1e-4)
    # The sky is dark, and its noise is seen.
    assert 0.05 < np.median(result) < 0.2
    assert np.percentile(result, 84) - np.percentile(result, 16) > 4 / 256


def test_no_suggestion_is_odd() -> None:
    assert lint(suggest(sky()).recipe, about_scan(inspect(sky()))) == ()


@pytest.mark.parametrize(
    ("unit", "over", "words"),
    [
        ("adu", "image", "Values in adu grow with exposure and gain"),
        ("ELECTRONS/S", "image", "Values in ELECTRONS/S grow with exposure and gain"),
        ("a.u.", "image", "The file names no unit"),
        ("Jy/beam", "dataset", "Jy/beam means the same in every image"),
    ],
)
@pytest.mark.parametrize("brightest", [1e5, 20.0])
def test_a_calibrated_unit_is_measured_over_the_dataset(unit: str, over: str, words: str, brightest: float) -> None:
    first = suggest(sky(brightest, unit)).lines[0]
    assert first.line.over == over
    assert words in first.reason


def test_without_a_bright_tail_a_linear_scale_is_enough() -> None:
    suggestion = suggest(sky(20.0))
    assert "without a bright tail" in suggestion.taken_as
    assert [each.line.step for each in suggestion.lines] == ["percentile_rescale"]
    low, high = np.percentile(sky(20.0).data, (0.5, 99.5))
    assert f"from {low:.6g} adu to {high:.6g} adu" in suggestion.lines[0].reason


def test_each_band_has_limits_of_its_own() -> None:
    scan = sky(bands=2)
    line = suggest(scan).lines[0].line
    assert line.per == "channel"
    result = apply(fit(suggest(scan).recipe, [scan]), scan)
    assert result.data.max(axis=(1, 2)) == pytest.approx([1, 1])

"""The sky of a picture: its level and noise, against what was put in."""

import numpy as np
import pytest
from astropy.stats import sigma_clipped_stats

from prep_core.findings import Seen
from prep_core.findings.sky import sky_of
from tests.findings.cases import noise, plane, rng


def starry(covered: float, brightest: float = 1e5) -> np.ndarray:
    """A sky of 300 with noise 12, of which a part is `covered` by objects of all brightnesses."""
    sky = noise(300, 12, (256, 256))
    return sky + np.where(rng().random(sky.shape) < covered, brightest ** rng().random(sky.shape), 0)


@pytest.mark.parametrize("gain", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("covered", [0.0, 0.05, 0.4])
def test_objects_move_neither_the_sky_nor_its_noise(covered: float, gain: float) -> None:
    sky = sky_of(Seen(plane(gain * starry(covered), "AST")))
    assert sky.level == pytest.approx(300 * gain, abs=6 * gain)
    assert sky.noise == pytest.approx(12 * gain, rel=0.4)


def test_it_is_the_sky_of_astropy_where_objects_are_few() -> None:
    data = starry(0.02)
    _, level, spread = sigma_clipped_stats(data, sigma=3, maxiters=None)
    sky = sky_of(Seen(plane(data, "AST")))
    assert sky.level == pytest.approx(level, abs=0.2 * spread)
    assert sky.noise == pytest.approx(spread, rel=0.15)


def test_pixels_without_light_are_no_noise() -> None:
    data = starry(0.05)
    data[:2] = -30_000
    assert sky_of(Seen(plane(data, "AST"))).noise == pytest.approx(12, rel=0.4)


def test_one_level_has_no_noise() -> None:
    sky = sky_of(Seen(plane(np.full((16, 16), 5.0), "AST")))
    assert (sky.level, sky.noise) == (5, 0)
